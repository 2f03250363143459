/**
 * The events of the transactions of a station, told to a CSMS of another version: each is stored before anything is
 * answered, and the CSMS counts them.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Domain from "../../domain/index.ts"
import { escape } from "../../Escape.ts"
import type { CallFailure, NotSent } from "../../OcppError.ts"
import type { Storage } from "../../Storage.ts"
import type { Transaction } from "../../Transaction.ts"
import { chargingStateAt, tellActivity } from "./activities.ts"
import { assemble, Assembled, type Telling } from "./assembly.ts"
import { Book } from "./Book.ts"
import {
  calling,
  isInexpressible,
  telling,
  storedInBackground,
  type TranslatedCsms,
  unlessOffline
} from "./Translated.ts"

type Event = Domain.TransactionEventRequest

type Answer = Effect.Effect<Domain.TransactionEventResponse, CallFailure>

type Ongoing = Transaction<Domain.TransactionKind>

const action = Domain.TransactionEvent

const nothing: Domain.TransactionEventResponse = {}

/** What is noted of transactions and requests. */
export interface Books {
  /**
   * Those whose ends are stored or have arrived. A station that did not get the answer sends the end again, also when all
   * else about the transaction is forgotten.
   */
  readonly ended: Book<boolean>
  /** Those that are put together of several events. */
  readonly assembled: Book<Assembled>
  /** The numbers that the gateway has given requests of the CSMS. */
  readonly numbers: Book<boolean>
  /** The numbers that the CSMS has given its last requests, by their actions. */
  readonly asked: Book<number>
  /** The numbers that the station has given its requests for certificates, by what these are for. */
  readonly signings: Book<number>
}

export const booksOf = (storage: Storage["Service"]): Books => ({
  ended: new Book(storage, "ended", Schema.Boolean),
  assembled: new Book(storage, "assembled", Assembled),
  numbers: new Book(storage, "numbers", Schema.Boolean),
  asked: new Book(storage, "asked", Schema.Int),
  signings: new Book(storage, "signings", Schema.Int)
})

/** Tells the CSMS an event, and gives what is answered to it. Events are noted and stored one after the other. */
export const tellEvent = (csms: TranslatedCsms, books: Books, identity: string, event: Event): Answer =>
  Effect.flatten(csms.oneEvent.withPermit(store(csms, books, identity, event)))

/** Stores an event for the CSMS, and gives what waits for the answer. The next event is stored without that wait. */
const store = Effect.fnUntraced(function* (csms: TranslatedCsms, books: Books, identity: string, event: Event) {
  const { transactionId } = event
  const ongoing = (yield* csms.transactions.ongoing).find(({ id }) => id === transactionId)
  const hasEnded = ongoing === undefined && (yield* books.ended.get(identity, transactionId)) === true
  // The station sends its start or its end again: the CSMS has it, or it is stored.
  if (hasEnded && event.eventType !== "Updated") return Effect.succeed(nothing)
  if (csms.hasEvents) return yield* storeAsIs(csms, books, identity, event, ongoing)
  return hasEnded ? unplaced(csms, event) : yield* storeAssembled(csms, books, identity, event, ongoing)
})

// ---- to a version that has events

const storeAsIs = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  books: Books,
  identity: string,
  event: Event,
  ongoing: Ongoing | undefined
) {
  const input = inputOf(event)
  if (event.eventType === "Started") {
    const begun = { ...chargingStateAt(csms, event.evse), ...input }
    return answered(csms, input, (ongoing ?? (yield* start(csms, event.transactionId, begun))).started)
  }
  if (ongoing === undefined) return event.eventType === "Ended" ? orphaned(csms, event) : unplaced(csms, event)
  if (event.eventType === "Ended") {
    csms.activities.delete(ongoing.request.evse?.id ?? 0)
    return yield* end(csms, books, identity, ongoing, input)
  }
  // It is stored, and nothing is answered to it that the station could use.
  yield* telling(csms, action, input, ongoing.update)
  return Effect.succeed(nothing)
})

/** An event without what its place in the transaction gives it, and with what made the station send it. */
const inputOf = (event: Event): Domain.TransactionEventInput => {
  const { eventType: _, offline: __, seqNo: ___, transactionId: ____, ...given } = event
  return { ...given, triggerReason: Domain.triggerReasonOf(event) }
}

/** The end of a transaction of which the CSMS was told nothing, such as one from before the gateway came in between. */
const orphaned = (csms: TranslatedCsms, event: Event): Answer => {
  const { eventType, transactionId } = event
  const whole = { ...inputOf(event), eventType, transactionId, seqNo: 0 }
  const told = telling(csms, action, whole, (given) => csms.call(action, given))
  return storedInBackground(csms, told, offlineAnswer(csms, event))
}

// ---- to a version that has a start, readings and an end

const storeAssembled = Effect.fnUntraced(function* (
  csms: TranslatedCsms,
  books: Books,
  identity: string,
  event: Event,
  ongoing: Ongoing | undefined
) {
  const { transactionId } = event
  const before = yield* books.assembled.get(identity, transactionId)
  const { known, told } = assemble(before, event, ongoing !== undefined)
  // Before anything is told, so that it is told alike if the event comes again because the gateway was killed.
  if (JSON.stringify(known) !== JSON.stringify(before)) yield* books.assembled.set(identity, transactionId, known)
  yield* tellActivity(csms, known.evseId, event)
  let transaction = ongoing
  let answer: Answer = Effect.succeed(nothing)
  for (const one of told) {
    if (one._tag === "Start") {
      transaction = yield* Effect.catchIf(
        start(csms, transactionId, one.input),
        isInexpressible,
        () => Effect.undefined
      )
      if (transaction === undefined) return untellable(csms, known, event)
    } else if (one._tag === "Readings") yield* calling(csms, Domain.MeterValues, one.request)
    else if (one._tag === "Untold") yield* warned(transactionId, one)
    else if (one._tag === "Update") yield* telling(csms, action, one.input, transaction!.update)
    else answer = yield* end(csms, books, identity, transaction!, one.input)
  }
  if (event.eventType === "Ended") yield* books.assembled.delete(identity, transactionId)
  // The answer to the start is for the event that the start was told for, also when the station sends that again.
  else if (transaction !== undefined && (ongoing === undefined || event.eventType === "Started")) {
    answer = answered(csms, known, transaction.started)
  }
  return answer
})

/** A transaction that has no start in 1.x, such as one for an idToken that is too long there, is none. */
const untellable = (csms: TranslatedCsms, { evseId }: Assembled, event: Event): Answer =>
  Effect.as(
    unplaced(csms, evseId === undefined ? event : { ...event, evse: { id: evseId } }),
    event.idToken === undefined ? nothing : { idTokenInfo: { status: "Invalid" } }
  )

const warned = (
  transactionId: string,
  { missing }: Extract<Telling, { readonly _tag: "Untold" }>
): Effect.Effect<void> =>
  Effect.logWarning(
    escape(
      `the CSMS is told no transaction ${JSON.stringify(transactionId)}, which has ended without ${missing.join(" and ")}`
    )
  )

// ---- to both

const start = (
  csms: TranslatedCsms,
  id: string,
  input: Domain.TransactionEventInput
): Effect.Effect<Ongoing, NotSent> => telling(csms, action, input, (given) => csms.transactions.start(given, { id }))

const end = (
  csms: TranslatedCsms,
  { ended }: Books,
  identity: string,
  transaction: Ongoing,
  input: Domain.TransactionEventInput
): Effect.Effect<Answer, NotSent> =>
  Effect.andThen(
    ended.set(identity, transaction.id, true),
    Effect.map(telling(csms, action, withTypeOf(transaction, input), transaction.stop), (delivery) =>
      answered(csms, {}, delivery)
    )
  )

/** The answer to what is stored, or what a station is told while its CSMS cannot be reached. */
const answered = (csms: TranslatedCsms, event: { readonly idToken?: Domain.IdToken }, delivery: Answer): Answer =>
  unlessOffline(csms, delivery, offlineAnswer(csms, event))

const offlineAnswer = ({ offline }: TranslatedCsms, { idToken }: { readonly idToken?: Domain.IdToken }): Answer =>
  Effect.sync(() =>
    idToken === undefined || offline === undefined ? nothing : { idTokenInfo: { status: offline.status } }
  )

/** A driver who ends what he has begun does so with the same token. */
const withTypeOf = ({ request }: Ongoing, input: Domain.TransactionEventInput): Domain.TransactionEventInput =>
  input.idToken !== undefined && request.idToken?.idToken.toLowerCase() === input.idToken.idToken.toLowerCase()
    ? { ...input, idToken: { ...input.idToken, type: request.idToken.type } }
    : input

/** Readings of a transaction that the gateway does not know, or that has ended, are readings of their connector. */
const unplaced = (csms: TranslatedCsms, { evse, meterValue = [] }: Event): Answer => {
  if (meterValue.length === 0) return Effect.succeed(nothing)
  const readings = { ...(evse === undefined ? {} : { evseId: evse.id }), meterValue }
  return Effect.as(calling(csms, Domain.MeterValues, readings), nothing)
}
