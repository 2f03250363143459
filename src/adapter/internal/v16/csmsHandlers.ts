/**
 * What a CSMS answers to the messages of the transactions of 1.6, by a handler of the events of transactions.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Domain from "../../../domain/index.ts"
import type { UntypedHandler } from "../../../Handlers.ts"
import { Lru } from "../../../internal/Lru.ts"
import { reading } from "../../../internal/Stored.ts"
import { CallError } from "../../../OcppError.ts"
import { Storage, type StorageError } from "../../../Storage.ts"
import { TransactionIds } from "../../../TransactionIds.ts"
import * as V16 from "../../../v16/index.ts"
import type { HandlersOf, Translation } from "../../Adapter.ts"
import { Losses } from "../BothWays.ts"
import { adapted, answering, refusal } from "../handling.ts"
import { ended, idTagInfoOf, OpenTransaction, started, updated } from "./transactions.ts"

/** How many transactions are remembered without a storage; beyond that those of which least lately was heard go. */
const mostRemembered = 100_000

const decode = reading(OpenTransaction)

/** The transactions that have started and not ended: in the storage of the CSMS, if it has one, or else in memory. */
class OpenTransactions {
  private readonly memory = new Lru<OpenTransaction>(mostRemembered, (all) => void all.forget(() => true))

  remember(identity: string, id: number, transaction: OpenTransaction): Effect.Effect<void> {
    return this.change(identity, id, transaction)
  }

  forget(identity: string, id: number): Effect.Effect<void> {
    return this.change(identity, id, undefined)
  }

  find(identity: string, id: number): Effect.Effect<OpenTransaction | undefined> {
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) => {
      if (Option.isNone(storage)) return Effect.sync(() => this.memory.peek(`${id} ${identity}`))
      return Effect.map(storage.value.get(spaceOf(identity), String(id)), (text) =>
        text === undefined ? undefined : Option.getOrUndefined(decode(text))
      )
    }).pipe(logged(undefined))
  }

  private change(identity: string, id: number, transaction: OpenTransaction | undefined): Effect.Effect<void> {
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) => {
      if (Option.isSome(storage)) {
        const value = transaction === undefined ? undefined : JSON.stringify(transaction)
        return storage.value.commit([{ space: spaceOf(identity), key: String(id), value }])
      }
      return Effect.sync(() => {
        const key = `${id} ${identity}`
        if (transaction === undefined) this.memory.delete(key)
        else this.memory.use(key, () => transaction)
      })
    }).pipe(logged(undefined))
  }
}

const spaceOf = (identity: string): string => `open transaction ${JSON.stringify(identity)}`

/** Goes on without what the storage was asked for: an end then does not tell its connector. */
const logged =
  <B>(instead: B) =>
  <A>(effect: Effect.Effect<A, StorageError>): Effect.Effect<A | B> =>
    Effect.catchCause(effect, (cause) =>
      Effect.as(Effect.logError("the connector of a transaction could not be stored or read", cause), instead)
    )

const eventName = Domain.TransactionEvent.name

/** Makes the handlers; `meterValues` says how readings that belong to no transaction are read. */
export const csmsHandlers =
  (meterValues: Translation): HandlersOf<TransactionIds> =>
  <R>(generic: ReadonlyMap<string, UntypedHandler<R>>, peerOf: (peer: object) => unknown) => {
    const onEvent = generic.get(eventName)
    const onReadings = generic.get(meterValues.generic.name)
    const made = new Map<string, UntypedHandler<R | TransactionIds>>()
    if (onReadings !== undefined || onEvent !== undefined) {
      made.set(V16.MeterValues.name, readings(onEvent, onReadings && adapted(meterValues, onReadings, peerOf), peerOf))
    }
    if (onEvent === undefined) return made
    const open = new OpenTransactions()
    made.set(V16.StartTransaction.name, start(onEvent, open, peerOf))
    made.set(V16.StopTransaction.name, stop(onEvent, open, peerOf))
    return made
  }

const readings =
  <R>(
    onEvent: UntypedHandler<R> | undefined,
    ofNone: UntypedHandler<R> | undefined,
    peerOf: (peer: object) => unknown
  ): UntypedHandler<R> =>
  (request, peer, exchange) => {
    // The engine gives a handler the request of its action, and the session.
    const asked = request as V16.MeterValuesRequest
    const { transactionId } = asked
    if (transactionId === undefined) return ofNone?.(request, peer, exchange) ?? unanswered
    if (onEvent === undefined) return unanswered
    const losses = new Losses()
    const event = updated(asked, transactionId, () => DateTime.makeUnsafe(exchange.receivedAt), losses)
    if (losses.violations.length > 0) return refusal(losses.violations)
    return answering(eventName, onEvent(event, peerOf(peer as object), exchange), () => ({}))
  }

const unanswered = Effect.fail(new CallError({ code: "NotSupported" }))

const start =
  <R>(
    onEvent: UntypedHandler<R>,
    open: OpenTransactions,
    peerOf: (peer: object) => unknown
  ): UntypedHandler<R | TransactionIds> =>
  (request, peer, exchange) =>
    Effect.gen(function* () {
      // As above.
      const asked = request as V16.StartTransactionRequest
      const { next } = yield* TransactionIds
      const transactionId = yield* Effect.catch(next, (error) =>
        Effect.andThen(
          Effect.logError(`a transaction gets no number: ${error.message}`),
          Effect.fail(new CallError({ code: "InternalError" }))
        )
      )
      const losses = new Losses()
      const event = started(asked, transactionId, losses)
      if (losses.violations.length > 0) return yield* refusal(losses.violations)
      const answer = yield* onEvent(event, peerOf(peer as object), exchange)
      // Before the answer leaves, for after it the transaction can end.
      yield* open.remember(exchange.identity, transactionId, { connectorId: asked.connectorId })
      return yield* answering(eventName, Effect.succeed(answer), (response, lost) => ({
        transactionId,
        // The handler is one of events.
        idTagInfo: idTagInfoOf(response as Domain.TransactionEventResponse, lost)
      }))
    })

const stop =
  <R>(onEvent: UntypedHandler<R>, open: OpenTransactions, peerOf: (peer: object) => unknown): UntypedHandler<R> =>
  (request, peer, exchange) =>
    Effect.gen(function* () {
      // As above.
      const asked = request as V16.StopTransactionRequest
      const { identity } = exchange
      const losses = new Losses()
      const event = ended(asked, yield* open.find(identity, asked.transactionId), losses)
      if (losses.violations.length > 0) return yield* refusal(losses.violations)
      const answer = yield* onEvent(event, peerOf(peer as object), exchange)
      yield* open.forget(identity, asked.transactionId)
      return yield* answering(eventName, Effect.succeed(answer), (response, lost) => {
        const told = response as Domain.TransactionEventResponse
        return told.idTokenInfo === undefined ? {} : { idTagInfo: idTagInfoOf(told, lost) }
      })
    })
