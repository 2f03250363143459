/**
 * Transactions in the words of 1.6: their events, and the start of one from afar.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { under, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { translation } from "../Translation.ts"
import { startResponse, startRows } from "../v1x/operations.ts"
import {
  readingsAtEnd,
  startOf,
  stopRows,
  transactionWords,
  updateRows,
  withoutReadings
} from "../v1x/transactionEvents.ts"
import { eventResponses } from "../v1x/transactions.ts"
import { v16 } from "./common.ts"
import { meterValues } from "./metering.ts"
import { chargingProfile } from "./smartCharging.ts"

export const start = startOf(v16)

export const update = table<V16.TransactionKind["Update"], Domain.TransactionEventInput>(({ together }) => [
  ...updateRows(v16),
  together({
    wire: ["meterValue"],
    generic: ["meterValue"],
    decode: ({ meterValue }, losses) => ({ meterValue: meterValues.decode(meterValue, losses) }),
    notes: [withoutReadings, ...(meterValues.notes ?? [])],
    encode: ({ meterValue = [] }, losses) => ({ meterValue: meterValues.encode(meterValue, losses) })
  })
])

const reason = under(
  "stoppedReason",
  words<V16.Reason, Domain.StoppedReason>({
    encoded: {
      EnergyLimitReached: "Other",
      GroundFault: "Other",
      ImmediateReset: "HardReset",
      LocalOutOfCredit: "DeAuthorized",
      MasterPass: "Other",
      OvercurrentFault: "Other",
      PowerQuality: "Other",
      ReqEnergyTransferRejected: "Other",
      SOCLimitReached: "Other",
      StoppedByEV: "Other",
      TimeLimitReached: "Other",
      Timeout: "Other"
    },
    decoded: {}
  })
)

export const stop = table<V16.TransactionKind["Stop"], Domain.TransactionEventInput>(({ together }) => [
  ...stopRows(v16),
  together(readingsAtEnd(v16, meterValues)),
  together({
    wire: ["reason"],
    generic: ["stoppedReason"],
    notes: reason.notes ?? [],
    decode: ({ reason: told = "Local" }, losses) => ({ stoppedReason: reason.decode(told, losses) }),
    encode: ({ stoppedReason = "Local" }, losses) =>
      stoppedReason === "Local" ? {} : { reason: reason.encode(stoppedReason, losses) }
  })
])

export const responses = eventResponses(v16)

export const events = transactionWords<V16.TransactionKind>(responses, { start, update, stop })

export const requestStart = translation(
  Domain.RequestStartTransaction,
  V16.RemoteStartTransaction,
  table(({ field }) => [...startRows(v16), field("chargingProfile", "chargingProfile", chargingProfile)]),
  startResponse(v16)
)
