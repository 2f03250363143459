/**
 * What a station has stored for its CSMS: messages that must arrive, in their order, whatever happens to the connection
 * or to the station itself.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Action from "../Action.ts"
import type { CallOptions } from "../Client.ts"
import type { Meter } from "../engine/internal/Meter.ts"
import type { CallFailure } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import type { Storage } from "../Storage.ts"
import type { Kind, Transactions } from "../Transaction.ts"
import { Dispatcher, type Exits } from "./internal/Dispatcher.ts"
import { Intake } from "./internal/Intake.ts"
import { Journal } from "./internal/Journal.ts"
import { makeTransactions } from "./internal/makeTransactions.ts"
import { changed, defaults, type OutboxOptions } from "./OutboxOptions.ts"
import { OutboxStock } from "./internal/OutboxStock.ts"
import type { OutboxEvent } from "./StoredMessage.ts"

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
 * If the storage fails while messages are delivered, the delivery goes on; what could not be written is written with the
 * next change. Until then a restart may repeat messages.
 *
 * @see J16 §3.7, P2 E04, E12, E13
 * @category services
 * @since 0.1.0
 */
export class Outbox extends Context.Service<
  Outbox,
  {
    /** How many messages are stored: of a transaction, by the station's name or the CSMS's number of it, or in all. */
    readonly waiting: (transaction?: string | number) => Effect.Effect<number>
    /** What becomes of messages from now on; a slow reader misses the oldest beyond 1,024. */
    readonly events: Stream.Stream<OutboxEvent>
    /** Changes how messages are delivered from now on, as the CSMS can ask. */
    readonly configure: (options: OutboxOptions) => Effect.Effect<void>
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
}

/** Makes the outbox of a station for one version, and delivers from it in the background. @internal */
export const make = Effect.fnUntraced(function* (options: {
  readonly identity: string
  readonly protocol: Protocol
  readonly storage: Storage["Service"]
  readonly exits: Exits
  readonly nextId: () => string
  readonly meter: Meter | undefined
  readonly settings: OutboxOptions | undefined
}) {
  const { exits, identity, meter, nextId, protocol, storage } = options
  const rules = protocol.transactions
  const clock = yield* Clock.Clock
  const journal = new Journal(storage, identity)
  const stock = new OutboxStock({
    identity,
    storage,
    spaceOf: (name) => `${name} ${protocol.version} ${identity}`,
    rules,
    journal,
    meter,
    settings: changed(options.settings ?? {}, defaults)
  })
  const dispatcher = new Dispatcher({ identity, protocol, stock, journal, exits, clock })
  const intake = new Intake({ identity, protocol, stock, journal, dispatcher, exits, clock, nextId })
  yield* stock.open
  yield* Effect.addFinalizer(() => Effect.sync(() => stock.close()))
  for (const queue of stock.queues) {
    yield* Effect.forkScoped(Effect.forever(dispatcher.deliver(queue)), { startImmediately: true })
  }

  const outbox = Outbox.of({
    waiting: (transaction) => Effect.sync(() => waiting(stock, rules, transaction)),
    events: stock.events.stream,
    configure: (changes) =>
      Effect.sync(() => {
        stock.settings = changed(changes, stock.settings)
        for (const queue of stock.queues) queue.wakeUp.open()
      })
  })
  const transactions = makeTransactions({
    rules,
    records: stock.records,
    exclusively: (change) => journal.exclusively(change),
    append: (phase, request, record) =>
      intake.append(stock.transactionQueue, rules.phases[phase], request, { phase, transaction: record.id }, record)
  })
  const made: StationOutbox = { outbox, transactions, take: (...call) => intake.take(...call) }
  return made
})

const waiting = (
  stock: OutboxStock,
  { transactionIdOf }: Protocol["transactions"],
  transaction: string | number | undefined
): number => {
  if (transaction === undefined) return stock.size
  if (typeof transaction === "string") return stock.sizeOf(transaction)
  return stock.records
    .named((answer) => transactionIdOf?.(answer) === transaction)
    .reduce((sum, { id }) => sum + stock.sizeOf(id), 0)
}
