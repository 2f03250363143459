/**
 * Stations that are not ours: `ocpp-rpc`. They reconnect and do not boot again.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { RPCClient } from "ocpp-rpc"
import { optionsOf } from "../support/ocppRpc.ts"
import type { Version } from "../support/versions.ts"

const time = "2026-11-28T06:00:00.000Z"

/** A station of theirs; `call` gives the response, or the code of the error. */
export const theirStation = Effect.fnUntraced(function* (ws: string, identity: string, version: Version) {
  const client = new RPCClient(
    optionsOf({
      endpoint: ws,
      identity,
      protocols: [version.protocol.json.subprotocol],
      strictMode: false,
      reconnect: true,
      maxReconnects: Infinity,
      callTimeoutMs: 30_000,
      backoff: { initialDelay: 20, maxDelay: 100, factor: 2, randomisationFactor: 0 }
    })
  )
  yield* Effect.acquireRelease(
    Effect.promise(() => client.connect()),
    () => Effect.promise(() => client.close({ force: true }))
  )
  const call = (action: string, payload: object): Effect.Effect<any> =>
    Effect.promise(() => client.call(action, payload).catch((error) => error.rpcErrorCode ?? error))
  return { call, identity, version, boot: call("BootNotification", version.boot) }
})

type Station = Effect.Success<ReturnType<typeof theirStation>>

const event = (eventType: string, seqNo: number, transactionId: string, value: number) => ({
  eventType,
  seqNo,
  timestamp: time,
  triggerReason: "Authorized",
  transactionInfo: { transactionId },
  meterValue: [{ timestamp: time, sampledValue: [{ value }] }]
})

/** Gives the transaction id. */
export const begin = Effect.fnUntraced(function* ({ call, identity, version }: Station, meterStart = 0) {
  if (version.is2x) {
    const id = `T${meterStart} of ${identity}`
    yield* call("TransactionEvent", event("Started", 0, id, meterStart))
    return id
  }
  const request = { connectorId: 1, idTag: "TAG", meterStart, timestamp: time }
  const { transactionId } = yield* call("StartTransaction", request)
  assert.isNumber(transactionId)
  return transactionId as number
})

export const update = ({ call, version }: Station, id: number | string) =>
  typeof id === "string"
    ? call("TransactionEvent", event("Updated", 1, id, 5))
    : call("MeterValues", { ...version.stores["MeterValues"], transactionId: id })

export const end = ({ call }: Station, id: number | string) =>
  typeof id === "string"
    ? call("TransactionEvent", event("Ended", 2, id, 10))
    : call("StopTransaction", { transactionId: id, meterStop: 10, timestamp: time })

export const portOf = ({ ws }: { readonly ws: string }): string => new URL(ws).port
