/**
 * The events of the transactions of a station, told to a CSMS of another version: each is stored before anything is
 * answered, and the CSMS counts them.
 */
import * as Effect from "effect/Effect"
import * as Domain from "../../domain/index.ts"
import type { CallFailure } from "../../OcppError.ts"
import type { Transaction } from "../../Transaction.ts"
import type { EndedTransactions } from "./EndedTransactions.ts"
import { calling, telling, type TranslatedCsms } from "./Translated.ts"
import { triggerReason } from "./triggerReason.ts"

type Answer = Effect.Effect<Domain.TransactionEventResponse, CallFailure>

type Ongoing = Transaction<Domain.TransactionKind>

const action = Domain.TransactionEvent

/** An event without what its place in the transaction gives it, and with what made the station send it. */
const inputOf = (event: Domain.TransactionEventRequest): Domain.TransactionEventInput => {
  const { eventType: _, offline: __, seqNo: ___, transactionId: ____, ...given } = event
  const input = { ...given, triggerReason: triggerReason(event) }
  // In 2.x it is what made the station send it, and no reason.
  return input.stoppedReason === "UnlockCommand" ? { ...input, stoppedReason: "Other" } : input
}

/** Tells the CSMS an event, and gives what is answered to it. */
export const tellEvent = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  ended: EndedTransactions,
  identity: string,
  event: Domain.TransactionEventRequest
) {
  const { eventType, transactionId } = event
  const { transactions } = csms
  const ongoing = (yield* transactions.ongoing).find(({ id }) => id === transactionId)
  const hasEnded = ongoing === undefined && (yield* ended.has(identity, transactionId))
  const input = inputOf(event)
  switch (eventType) {
    case "Started": {
      // It comes again.
      if (hasEnded) return {}
      const started =
        ongoing ?? (yield* telling(csms, action, input, (given) => transactions.start(given, { id: transactionId })))
      return yield* started.started
    }
    case "Updated": {
      if (ongoing === undefined) return yield* unplaced(csms, event)
      // It is stored, and nothing is answered to it that the station could use.
      yield* telling(csms, action, input, ongoing.update)
      return {}
    }
    case "Ended": {
      // It comes again, and is stored or has arrived.
      if (hasEnded) return {}
      if (ongoing === undefined) return yield* orphaned(csms, event)
      yield* ended.add(identity, transactionId)
      return yield* Effect.flatten(telling(csms, action, withTypeOf(ongoing, input), ongoing.stop))
    }
  }
})

/** A driver who ends what he has begun does so with the same token. */
const withTypeOf = ({ request }: Ongoing, input: Domain.TransactionEventInput): Domain.TransactionEventInput =>
  input.idToken !== undefined && request.idToken?.idToken.toLowerCase() === input.idToken.idToken.toLowerCase()
    ? { ...input, idToken: { ...input.idToken, type: request.idToken.type } }
    : input

/** Readings of a transaction that the gateway does not know, or that has ended, are readings of their connector. */
const unplaced = (csms: TranslatedCsms, { evse, meterValue = [] }: Domain.TransactionEventRequest): Answer => {
  if (meterValue.length === 0) return Effect.succeed({})
  const readings = { ...(evse === undefined ? {} : { evseId: evse.id }), meterValue }
  return Effect.as(calling(csms, Domain.MeterValues, readings), {})
}

/** The end of a transaction of which the CSMS was told nothing, such as one from before the gateway came in between. */
const orphaned = (csms: TranslatedCsms, event: Domain.TransactionEventRequest): Answer => {
  const { stoppedReason } = inputOf(event)
  const whole = {
    ...event,
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    seqNo: 0,
    triggerReason: triggerReason(event)
  }
  return telling(csms, action, whole, (given) => csms.call(action, given))
}
