/**
 * Transactions in the words of 1.5: their events, and the start of one from afar.
 */
import * as Domain from "../../../domain/index.ts"
import * as V15 from "../../../v15/index.ts"
import type { BothWays } from "../BothWays.ts"
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
import { v15 } from "./common.ts"
import { meterValues } from "./metering.ts"

export const start = startOf(v15)

export const update = table<V15.TransactionKind["Update"], Domain.TransactionEventInput>(({ together }) => [
  ...updateRows(v15),
  together({
    wire: ["values"],
    generic: ["meterValue"],
    decode: ({ values = [] }, losses) => ({ meterValue: meterValues.decode(values, losses) }),
    notes: [withoutReadings, ...(meterValues.notes ?? [])],
    encode: ({ meterValue = [] }, losses) => ({ values: meterValues.encode(meterValue, losses) })
  })
])

/** Meter values in lists of lists, of which one is enough. */
const transactionData: BothWays<ReadonlyArray<V15.TransactionData>, ReadonlyArray<Domain.MeterValue>> = {
  notes: meterValues.notes,
  decode: (data, losses) =>
    meterValues.decode(
      data.flatMap(({ values = [] }) => values),
      losses
    ),
  encode: (values, losses) => [{ values: meterValues.encode(values, losses) }]
}

export const stop = table<V15.TransactionKind["Stop"], Domain.TransactionEventInput>(({ dropped, together }) => [
  ...stopRows(v15),
  together(readingsAtEnd(v15, transactionData)),
  dropped({ generic: "stoppedReason" }, "1.5 does not tell why a transaction has ended")
])

export const responses = eventResponses(v15)

export const events = transactionWords<V15.TransactionKind>(responses, { start, update, stop })

export const requestStart = translation(
  Domain.RequestStartTransaction,
  V15.RemoteStartTransaction,
  table(({ unsaid }) => [...startRows(v15), unsaid("chargingProfile", "1.5 knows no charging profiles")]),
  startResponse(v15)
)
