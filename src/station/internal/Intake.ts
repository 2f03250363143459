/**
 * Stores the messages that come into an outbox.
 */
import type * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Action from "../../Action.ts"
import type { CallOptions } from "../../Client.ts"
import * as MessageCheck from "../../MessageCheck.ts"
import { type Exchange, Recorder } from "../../Exchange.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import type { Protocol } from "../../Protocol.ts"
import type { Delivery } from "../../Transaction.ts"
import type { Dispatcher, Exits } from "./Dispatcher.ts"
import type { MessageQueue, QueuedMessage } from "./MessageQueue.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"
import type { TransactionRecord } from "./TransactionStore.ts"

/** What a message is to its transaction. */
type Place = Pick<QueuedMessage, "transaction" | "phase">

export class Intake {
  private readonly identity: string
  private readonly protocol: Protocol
  private readonly stock: OutboxStock
  private readonly dispatcher: Dispatcher
  private readonly exits: Exits
  private readonly clock: Clock.Clock
  private readonly nextId: () => string

  constructor(of: {
    readonly identity: string
    readonly protocol: Protocol
    readonly stock: OutboxStock
    readonly dispatcher: Dispatcher
    readonly exits: Exits
    readonly clock: Clock.Clock
    readonly nextId: () => string
  }) {
    this.identity = of.identity
    this.protocol = of.protocol
    this.stock = of.stock
    this.dispatcher = of.dispatcher
    this.exits = of.exits
    this.clock = of.clock
    this.nextId = of.nextId
  }

  /** Calls the CSMS, by way of the outbox if the message has to arrive; else `undefined`. */
  take(
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ): Effect.Effect<unknown, CallFailure> | undefined {
    const queue = this.queueOf(action.name, request)
    if (queue === undefined) return undefined
    const { idOf, phaseOf } = this.protocol.transactions
    const place: Place = { phase: phaseOf(action.name, request), transaction: idOf(request) }
    return Effect.flatten(this.append(queue, action, request, place, undefined, options?.messageId))
  }

  /** Stores a message, with the record that its transaction has from then on. */
  append(
    queue: MessageQueue,
    action: Action.Action,
    request: unknown,
    place: Place,
    record: TransactionRecord | undefined,
    messageId: string = this.nextId()
  ): Effect.Effect<Delivery<unknown>, NotSent> {
    return Effect.withFiber((fiber) => {
      // Nobody would send it, or hear of it.
      if (this.stock.isClosed) return Effect.fail(new NotSent({ action: action.name, reason: "NotStored" }))
      const { missingTransactionId } = this.protocol.transactions
      const name = record === undefined || place.phase === "Started" ? undefined : missingTransactionId
      const sent = this.dispatcher.completed(place.phase, request, { name, offline: true })
      const written = MessageCheck.of(action.request).write(sent)
      if (Result.isFailure(written)) {
        return Effect.fail(new NotSent({ action: action.name, reason: "InvalidRequest", violations: written.failure }))
      }
      const message: QueuedMessage = {
        key: queue.nextKey,
        messageId,
        action: action.name,
        request,
        ...place,
        storedAt: this.clock.currentTimeMillisUnsafe(),
        link: this.exits.connection()?.name ?? "",
        attempts: 0
      }
      return this.store(queue, message, record, fiber.getRef(Recorder))
    })
  }

  private store(
    queue: MessageQueue,
    message: QueuedMessage,
    record: TransactionRecord | undefined,
    recorder: ((exchange: Exchange) => void) | undefined
  ): Effect.Effect<Delivery<unknown>, NotSent> {
    const { stock } = this
    const { records } = stock
    const before = records.get(record?.id)
    const answer = Deferred.makeUnsafe<unknown, CallFailure>()
    // Both throw before anything has changed, for what has no form in a storage.
    if (record !== undefined) records.checkId(record.id)
    queue.add(message)
    if (record !== undefined) records.set(record)
    queue.answers.set(message.key, answer)
    if (recorder !== undefined) queue.recorders.set(message.key, recorder)
    stock.counted(message, 1)
    const done = (): void => {
      queue.written(message)
      stock.tell({ _tag: "Stored", message: shown(message) })
      stock.trim(message)
      this.dispatcher.wake(queue)
    }
    const undo = (): void => {
      queue.remove(new Set([message]))
      queue.answers.delete(message.key)
      queue.recorders.delete(message.key)
      stock.counted(message, -1)
      if (record !== undefined) records.takeBack(record.id, before)
    }
    if (!stock.journal.isKept) {
      done()
      return Effect.succeed(Deferred.await(answer))
    }
    return stock.journal.intended(done, undo).pipe(
      Effect.matchEffect({
        onSuccess: () => Effect.succeed(Deferred.await(answer)),
        onFailure: (error) => {
          if (error.reason === "Full") stock.tellFull(message)
          return Effect.andThen(
            Effect.logError(`${this.identity} could not store a ${message.action}: ${error.message}`),
            new NotSent({ action: message.action, reason: "NotStored" })
          )
        }
      })
    )
  }

  /** Where a message is stored that has to arrive, or that cannot leave now and shall not be lost. */
  private queueOf(action: string, request: unknown): MessageQueue | undefined {
    const { otherQueue, settings, transactionQueue } = this.stock
    const { lifecycle, transactions } = this.protocol
    if (transactions.phaseOf(action, request) !== undefined) return transactionQueue
    if (transactions.events.has(action)) return otherQueue
    const isOfLifecycle = action === lifecycle.boot.action.name || action === lifecycle.heartbeat.action.name
    if (!settings.queueAll || isOfLifecycle) return undefined
    // What the CSMS asks for before it accepts the station leaves at once.
    const isFree = this.exits.ready.isOpen ? otherQueue.count === 0 : this.exits.lets(action)
    return isFree ? undefined : otherQueue
  }
}
