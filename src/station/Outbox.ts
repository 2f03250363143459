/**
 * What a station has stored for its CSMS: messages that must arrive, in their order, whatever happens to the connection
 * or to the station itself.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type * as Action from "../Action.ts"
import type { CallOptions } from "../Client.ts"
import type { Meter } from "../engine/internal/Meter.ts"
import * as Alarms from "../internal/Alarms.ts"
import type { CallFailure } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import type { Storage } from "../Storage.ts"
import type { Kind, Transactions } from "../Transaction.ts"
import { Dispatcher, type Exits } from "./internal/Dispatcher.ts"
import { Intake } from "./internal/Intake.ts"
import { makeTransactions } from "./internal/makeTransactions.ts"
import { changed, defaults, type OutboxOptions } from "./OutboxOptions.ts"
import { OutboxStock } from "./internal/OutboxStock.ts"
import type { OutboxEvent, SetAsideMessage } from "./StoredMessage.ts"

/**
 * What a station has stored for its CSMS.
 *
 * **Details**
 *
 * Messages of transactions are delivered in the order in which they were stored, one after the other. Security events
 * and, with `queueAll`, other messages have an order of their own. What is not stored overtakes both.
 *
 * A message is stored before it is sent and forgotten once it is answered, so each arrives at least once. A repetition
 * carries the same message id. A connection that is lost, before the answer or instead of it, is no failure of the
 * message; and a message that waits for its next attempt waits from its failure on, also across restarts.
 *
 * A message that breaks its connection again and again is set aside, so that the others get through: it stays stored, is
 * listed, and is sent again after each BootNotification that is accepted, once a day, and by `resend`.
 *
 * If the storage fails while messages are delivered, the delivery goes on; what could not be written is written with the
 * next change, or ten seconds later. Until then a restart may repeat messages. Without a storage nothing is written.
 *
 * @see J16 §3.7, P2 E04, E12, E13
 * @category services
 * @since 0.1.0
 */
export class Outbox extends Context.Service<
  Outbox,
  {
    /**
     * How many messages are stored, those that are set aside among them: of a transaction, by the station's name or the
     * CSMS's number of it, or in all.
     */
    readonly waiting: (transaction?: string | number) => Effect.Effect<number>
    /** What becomes of messages from now on; a slow reader misses the oldest beyond 1,024. */
    readonly events: Stream.Stream<OutboxEvent>
    /** Changes how messages are delivered from now on, as the CSMS can ask. */
    readonly configure: (options: OutboxOptions) => Effect.Effect<void>
    /** The messages that are set aside, the oldest first. */
    readonly setAside: Effect.Effect<ReadonlyArray<SetAsideMessage>>
    /** Sends what is set aside again, as soon as nothing else waits. */
    readonly resend: Effect.Effect<void>
    /** Waits until all that has come in is stored, or could not be. */
    readonly written: Effect.Effect<void>
    /**
     * Removes a message that is set aside, and gives it; `None` if there is none with this id. Without its start, a
     * transaction of 1.x goes on with the transactionId -1.
     */
    readonly takeOut: (messageId: string) => Effect.Effect<Option.Option<SetAsideMessage>>
  }
>()("effect-ocpp/station/Outbox") {}

/** What a station has of an outbox. @internal */
export interface StationOutbox {
  readonly outbox: Outbox["Service"]
  readonly transactions: Transactions<Kind>
  /** Calls the CSMS, by way of the storage if the message has to arrive; else `undefined`. */
  readonly take: (
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ) => Effect.Effect<unknown, CallFailure> | undefined
  /** The CSMS has accepted the BootNotification of the station. */
  readonly onAccepted: () => void
}

/** Makes the outbox of a station for one version, and delivers from it in the background. @internal */
export const make = Effect.fnUntraced(function* (options: {
  readonly identity: string
  readonly protocol: Protocol
  /** Without one, messages are in memory only. */
  readonly storage: Storage["Service"] | undefined
  readonly exits: Exits
  readonly nextId: () => string
  readonly meter: Meter | undefined
  readonly settings: OutboxOptions | undefined
}) {
  const { exits, identity, meter, nextId, protocol, storage } = options
  const rules = protocol.transactions
  const context = yield* Effect.context<never>()
  const clock = Context.get(context, Clock.Clock)
  const runFork = Effect.runForkWith(context)
  const stock = new OutboxStock({
    identity,
    storage,
    spaceOf: (name) => `${name} ${protocol.version} ${identity}`,
    rules,
    meter,
    settings: changed(options.settings ?? {}, defaults),
    run: (effect) => void runFork(effect)
  })
  const dispatcher = new Dispatcher({
    identity,
    protocol,
    stock,
    exits,
    clock,
    alarms: Alarms.of(context),
    fork: runFork
  })
  const { aside } = dispatcher
  const intake = new Intake({ identity, protocol, stock, dispatcher, exits, clock, nextId })
  yield* stock.open
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      aside.close()
      stock.close()
      return Effect.andThen(dispatcher.close, stock.journal.close)
    })
  )
  aside.watch()
  for (const queue of stock.queues) dispatcher.wake(queue)

  const outbox = Outbox.of({
    waiting: (transaction) => Effect.sync(() => waiting(stock, rules, transaction)),
    events: stock.events.stream,
    configure: (changes) =>
      Effect.sync(() => {
        stock.settings = changed(changes, stock.settings)
        for (const queue of stock.queues) queue.wakeUp.open()
      }),
    setAside: Effect.sync(() => aside.list),
    resend: Effect.sync(() => aside.recall("all")),
    written: stock.journal.written,
    takeOut: (messageId) => Effect.sync(() => Option.fromUndefinedOr(aside.takeOut(messageId)))
  })
  const transactions = makeTransactions({
    rules,
    records: stock.records,
    append: (phase, request, record) =>
      intake.append(stock.transactionQueue, rules.phases[phase], request, { phase, transaction: record.id }, record)
  })
  const made: StationOutbox = {
    outbox,
    transactions,
    take: (...call) => intake.take(...call),
    onAccepted: () => aside.recall("due")
  }
  return made
})

const waiting = (
  stock: OutboxStock,
  { transactionIdOf }: Protocol["transactions"],
  transaction: string | number | undefined
): number => {
  if (transaction === undefined) return stock.size
  const names =
    typeof transaction === "string"
      ? [transaction]
      : stock.records.named((answer) => transactionIdOf?.(answer) === transaction).map(({ id }) => id)
  return stock.sizeOf(new Set(names))
}
