/**
 * How a simulated CSMS answers stations of OCPP 1.6.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Timestamp from "../Timestamp.ts"
import type { HandlerSet } from "../Protocol.ts"
import * as V16 from "../v16/index.ts"
import type { Ledger } from "./Ledger.ts"

/** Handlers that accept boots, keep the ledger, echo data, and give everything else its minimal answer. */
export const make = (ledger: Ledger, heartbeatInterval: number): HandlerSet =>
  V16.handlers({
    authorize: ({ idTag }) => Effect.map(ledger.authorize(idTag), (idTagInfo) => ({ idTagInfo })),
    bootNotification: () =>
      Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: heartbeatInterval })),
    dataTransfer: ({ data, vendorId }) =>
      Effect.succeed(
        vendorId === "echo"
          ? { status: "Accepted", ...(data === undefined ? {} : { data }) }
          : { status: "UnknownVendorId" }
      ),
    diagnosticsStatusNotification: () => Effect.succeed({}),
    firmwareStatusNotification: () => Effect.succeed({}),
    heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime })),
    logStatusNotification: () => Effect.succeed({}),
    meterValues: () => Effect.succeed({}),
    securityEventNotification: () => Effect.succeed({}),
    signCertificate: () => Effect.succeed({ status: "Accepted" }),
    signedFirmwareStatusNotification: () => Effect.succeed({}),
    startTransaction: Effect.fnUntraced(function* ({ connectorId, idTag, meterStart, timestamp }, session) {
      const idTagInfo = yield* ledger.authorize(idTag)
      const start = { stationId: session.identity, connectorId, idTag, startTimestamp: timestamp, meterStart }
      const { id } = yield* ledger.start(start)
      return { transactionId: id, idTagInfo }
    }),
    statusNotification: () => Effect.succeed({}),
    stopTransaction: Effect.fnUntraced(function* (request, session) {
      const { idTag, meterStop, reason, timestamp, transactionId } = request
      yield* ledger.stop(session.identity, transactionId, {
        stopTimestamp: timestamp,
        meterStop,
        // An absent reason means Local.
        stopReason: reason ?? "Local"
      })
      return idTag === undefined ? {} : { idTagInfo: yield* ledger.authorize(idTag) }
    })
  })
