/**
 * Messages of OCPP 1.6 that tests have at hand, and the time in them.
 */
import * as Effect from "effect/Effect"
import * as V16 from "../../src/v16/index.ts"

export const time = "2026-11-22T06:00:00.000Z"

export const boot: V16.BootNotificationRequest = { chargePointVendor: "Vendor", chargePointModel: "Model" }

export const accepted = { idTagInfo: { status: "Accepted" } } as const

/** The least that a CSMS has to answer. */
export const core = {
  authorize: () => Effect.succeed(accepted),
  bootNotification: () => Effect.succeed({ status: "Accepted", currentTime: time, interval: 300 }),
  dataTransfer: () => Effect.succeed({ status: "UnknownVendorId" }),
  heartbeat: () => Effect.succeed({ currentTime: time }),
  meterValues: () => Effect.succeed({}),
  startTransaction: () => Effect.succeed({ ...accepted, transactionId: 1 }),
  statusNotification: () => Effect.succeed({}),
  stopTransaction: () => Effect.succeed({})
} as const satisfies V16.CsmsHandlers
