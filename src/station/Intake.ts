/**
 * Stores the messages that come into an outbox.
 *
 * @internal
 */
import type * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Action from "../Action.ts"
import type { CallOptions } from "../Client.ts"
import * as Check from "../engine/Check.ts"
import { Recorder } from "../Exchange.ts"
import { type CallFailure, NotSent } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import type { StorageChange } from "../Storage.ts"
import type { Delivery } from "../Transaction.ts"
import type { Dispatcher, Exits } from "./Dispatcher.ts"
import type { Journal } from "./Journal.ts"
import type { Lane, Message } from "./Lane.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"
import type { Record } from "./Records.ts"

/** What a message is to its transaction. */
type Place = Pick<Message, "transaction" | "phase">

export class Intake {
  private readonly identity: string
  private readonly protocol: Protocol
  private readonly stock: OutboxStock
  private readonly journal: Journal
  private readonly dispatcher: Dispatcher
  private readonly exits: Exits
  private readonly clock: Clock.Clock
  private readonly nextId: () => string

  constructor(of: {
    readonly identity: string
    readonly protocol: Protocol
    readonly stock: OutboxStock
    readonly journal: Journal
    readonly dispatcher: Dispatcher
    readonly exits: Exits
    readonly clock: Clock.Clock
    readonly nextId: () => string
  }) {
    this.identity = of.identity
    this.protocol = of.protocol
    this.stock = of.stock
    this.journal = of.journal
    this.dispatcher = of.dispatcher
    this.exits = of.exits
    this.clock = of.clock
    this.nextId = of.nextId
  }

  /** Calls the CSMS, by way of the storage if the message has to arrive; else `undefined`. */
  readonly take = (
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ): Effect.Effect<unknown, CallFailure> | undefined => {
    const lane = this.laneOf(action.name, request)
    if (lane === undefined) return undefined
    const { idOf, phaseOf } = this.protocol.transactions
    const place: Place = { phase: phaseOf(action.name, request), transaction: idOf(request) }
    return Effect.flatten(
      this.journal.exclusively(
        Effect.suspend(() => this.append(lane, action, request, place, undefined, options?.messageId))
      )
    )
  }

  /** Stores a message, with the record that its transaction has from then on. */
  append(
    lane: Lane,
    action: Action.Action,
    request: unknown,
    place: Place,
    record: Record | undefined,
    messageId: string = this.nextId()
  ): Effect.Effect<Delivery<unknown>, NotSent> {
    const { nameless } = this.protocol.transactions
    const name = record === undefined || place.phase === "Started" ? undefined : nameless
    const sent = this.dispatcher.completed(place.phase, request, { name, offline: true })
    const violations = Check.of(action.request).violations(sent)
    return violations.length > 0
      ? Effect.fail(new NotSent({ action: action.name, reason: "InvalidRequest", violations }))
      : this.store(lane, { ...this.messageOf(lane, action, request, messageId), ...place }, record)
  }

  private messageOf(lane: Lane, { name }: Action.Action, request: unknown, messageId: string): Message {
    const storedAt = this.clock.currentTimeMillisUnsafe()
    return {
      key: lane.nextKey,
      messageId,
      action: name,
      request,
      storedAt,
      link: this.exits.link(),
      attempts: 0,
      // What can leave at once is written once.
      ...(lane.count === 0 && this.exits.ready.isOpen() ? { claimedAt: storedAt } : {})
    }
  }

  private readonly store = Effect.fnUntraced(
    { self: this },
    function* (lane: Lane, message: Message, record: Record | undefined) {
      const { records } = this.stock
      yield* this.write(message, [lane.write(message), ...(record === undefined ? [] : [records.write(record)])])
      const delivery = Deferred.makeUnsafe<unknown, CallFailure>()
      lane.waiters.set(message.key, { delivery, recorder: yield* Recorder })
      if (record !== undefined) records.set(record)
      this.stock.count(message, 1)
      lane.added(message)
      if (message.claimedAt !== undefined) lane.claimed = message.key
      this.stock.tell({ _tag: "Stored", message: shown(message) })
      yield* this.stock.trim
      return Deferred.await(delivery)
    }
  )

  private write({ action }: Message, changes: ReadonlyArray<StorageChange>): Effect.Effect<void, NotSent> {
    return this.journal.write(changes).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Full",
        (full) =>
          Effect.flatMap(this.stock.makeRoom, (made) => (made ? this.journal.write(changes) : Effect.fail(full)))
      ),
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logError(`${this.identity} could not store a ${action}: ${error.message}`),
          new NotSent({ action, reason: "NotStored" })
        )
      )
    )
  }

  /** Where a message is stored that has to arrive, or that cannot leave now and shall not be lost. */
  private laneOf(action: string, request: unknown): Lane | undefined {
    const { otherLane, settings, transactionLane } = this.stock
    const { lifecycle, transactions } = this.protocol
    if (transactions.phaseOf(action, request) !== undefined) return transactionLane
    if (transactions.events.has(action)) return otherLane
    const isOfLifecycle = action === lifecycle.boot.action.name || action === lifecycle.heartbeat.action.name
    if (!settings.queueAll || isOfLifecycle) return undefined
    // What the CSMS asks for before it accepts the station leaves at once.
    const isFree = this.exits.ready.isOpen() ? otherLane.count === 0 : this.exits.lets(action)
    return isFree ? undefined : otherLane
  }
}
