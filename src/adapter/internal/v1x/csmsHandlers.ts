/**
 * What a CSMS answers to the messages of the transactions of 1.x, by a handler of the events of transactions.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Action } from "../../../Action.ts"
import * as Domain from "../../../domain/index.ts"
import type { UntypedHandler } from "../../../Handlers.ts"
import { digest } from "../../../internal/Digest.ts"
import { CallError } from "../../../OcppError.ts"
import { TransactionIds } from "../../../TransactionIds.ts"
import type * as V16 from "../../../v16/index.ts"
import { whole } from "../BothWays.ts"
import { adapted, answering, failing, logged, refusal } from "../handling.ts"
import type { TransactionWords } from "../stationTransactions.ts"
import type { HandlersOf, Report, Translation } from "../Translation.ts"
import { answeredBy, without } from "./AskedStarts.ts"
import {
  afterEnd,
  afterStart,
  type KnownOfStation,
  type KnownTransaction,
  KnownTransactions,
  numberOf
} from "./KnownTransactions.ts"
import type { Kind1x } from "./transactionEvents.ts"
import { ended, type EventResponses, started, updated } from "./transactions.ts"

const eventName = Domain.TransactionEvent.name

/**
 * What the handlers are made of.
 *
 * - `actions`: those of the version.
 * - `meterValues`: how readings that belong to no transaction are read.
 * - `events`: how messages are read that belong to one.
 * - `responses`: how events are answered.
 */
export interface CsmsHandlersParts<in out K extends Kind1x> {
  readonly actions: { readonly StartTransaction: Action; readonly StopTransaction: Action }
  readonly meterValues: Translation
  readonly events: TransactionWords<K>
  readonly responses: EventResponses
}

export const csmsHandlers =
  <K extends Kind1x>(parts: CsmsHandlersParts<K>): HandlersOf<TransactionIds> =>
  <R>(generic: ReadonlyMap<string, UntypedHandler<R>>, peerOf: (peer: object) => unknown, report?: Report) => {
    const { actions, meterValues } = parts
    const onEvent = generic.get(eventName)
    const onReadings = generic.get(meterValues.generic.name)
    const made = new Map<string, UntypedHandler<R | TransactionIds>>()
    if (onReadings !== undefined || onEvent !== undefined) {
      const ofNone = onReadings && adapted(meterValues, onReadings, peerOf)
      made.set(meterValues.action.name, readings(parts, onEvent, ofNone, peerOf, report))
    }
    if (onEvent === undefined) return made
    made.set(actions.StartTransaction.name, start(parts, onEvent, peerOf, report))
    made.set(actions.StopTransaction.name, stop(parts, onEvent, peerOf, report))
    return made
  }

/**
 * Readings belong to a transaction if they are of a connector and not of the main meter, which is 0, and name it by a number
 * that a CSMS may give, from 1 on. A number that is not known is believed: it may have been given before a restart or by
 * another process, or have been forgotten.
 */
const readings =
  <R, K extends Kind1x>(
    { events, responses: { withoutIdTag } }: CsmsHandlersParts<K>,
    onEvent: UntypedHandler<R> | undefined,
    ofNone: UntypedHandler<R> | undefined,
    peerOf: (peer: object) => unknown,
    report: Report = logged
  ): UntypedHandler<R> =>
  (request, peer, exchange) => {
    // The engine gives a handler the request of its action, and the session.
    const asked = request as K["Update"] & Pick<V16.MeterValuesRequest, "connectorId" | "transactionId">
    const { connectorId, transactionId = 0 } = asked
    if (connectorId === 0 || transactionId < 1) return ofNone?.(request, peer, exchange) ?? unanswered
    if (onEvent === undefined) return unanswered
    const { identity, receivedAt } = exchange
    return Effect.flatMap(KnownTransactions.of(peer as object).get(identity), ({ transactions }) => {
      const place = transactions.get(transactionId) ?? { connectorId }
      const event = whole(updated(events.update.request, transactionId, place.connectorId, receivedAt), asked)
      if (Result.isFailure(event)) return refusal(event.failure)
      return answering(
        eventName,
        onEvent(event.success, peerOf(peer as object), exchange),
        // The handler is one of events.
        (response, lost) => withoutIdTag.encode(response as Domain.TransactionEventResponse, lost),
        report
      )
    })
  }

const unanswered = Effect.fail(new CallError({ code: "NotSupported" }))

const start =
  <R, K extends Kind1x>(
    { events, responses: { withIdTag } }: CsmsHandlersParts<K>,
    onEvent: UntypedHandler<R>,
    peerOf: (peer: object) => unknown,
    report: Report | undefined
  ): UntypedHandler<R | TransactionIds> =>
  (request, peer, exchange) =>
    Effect.gen(function* () {
      // The engine gives a handler the request of its action.
      const asked = request as V16.StartTransactionRequest
      const { identity, receivedAt } = exchange
      const transactions = KnownTransactions.of(peer as object)
      const known = yield* transactions.get(identity)
      const content = digest(asked)
      const given = numberOf(known.transactions, content)
      const transactionId = given ?? (yield* newNumber)
      const remote = given === undefined ? remoteOf(known, asked, receivedAt) : known.transactions.get(given)?.remote
      const event = whole(started(events.start.request, transactionId, remote), asked)
      if (Result.isFailure(event)) return yield* refusal(event.failure)
      if (given === undefined) {
        const { connectorId } = asked
        const one = { connectorId, start: content, startedAt: receivedAt, hasEnded: false, ...(remote && { remote }) }
        // Before the handler, so that the start is told alike when it comes again because this process was killed.
        yield* transactions.change(identity, {
          transactions: afterStart(known.transactions, transactionId, one),
          asked: remote === undefined ? new Map() : without(remote.remoteStartId)
        })
      }
      return yield* answering(
        eventName,
        onEvent(event.success, peerOf(peer as object), exchange),
        (response, lost) => {
          // The handler is one of events. Without a word about the idTag nothing is against it.
          const { idTokenInfo = { status: "Accepted" }, ...told } = response as Domain.TransactionEventResponse
          return { transactionId, ...withIdTag.encode({ ...told, idTokenInfo }, lost) }
        },
        report
      )
    })

/** The remote start that a start answers, if there is one. */
const remoteOf = (
  { asked }: KnownOfStation,
  request: V16.StartTransactionRequest,
  receivedAt: number
): KnownTransaction["remote"] => {
  const remoteStartId = answeredBy(asked, request, receivedAt)
  const found = remoteStartId === undefined ? undefined : asked.get(remoteStartId)
  return remoteStartId === undefined || found === undefined ? undefined : { remoteStartId, type: found.type }
}

const newNumber = Effect.flatMap(TransactionIds, ({ next }) =>
  Effect.catch(next, (error) => failing(`a transaction gets no number: ${error.message}`))
)

const stop =
  <R, K extends Kind1x>(
    { events, responses: { withIdTag } }: CsmsHandlersParts<K>,
    onEvent: UntypedHandler<R>,
    peerOf: (peer: object) => unknown,
    report: Report | undefined
  ): UntypedHandler<R> =>
  (request, peer, exchange) =>
    Effect.gen(function* () {
      // The engine gives a handler the request of its action.
      const asked = request as K["Stop"] & Pick<V16.StopTransactionRequest, "transactionId">
      const { identity } = exchange
      const { transactionId } = asked
      const transactions = KnownTransactions.of(peer as object)
      const known = (yield* transactions.get(identity)).transactions
      const event = whole(ended(events.stop.request, known.get(transactionId)?.connectorId), asked)
      if (Result.isFailure(event)) return yield* refusal(event.failure)
      const answer = yield* onEvent(event.success, peerOf(peer as object), exchange)
      yield* transactions.change(identity, { transactions: afterEnd(known, transactionId) })
      return yield* answering(
        eventName,
        Effect.succeed(answer),
        // The handler is one of events.
        (response, lost) => withIdTag.encode(response as Domain.TransactionEventResponse, lost),
        report
      )
    })
