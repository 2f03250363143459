/**
 * What an outbox has in stock: its messages in their queues, the transactions that they belong to, who waits for their
 * answers, and what is told of them.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Meter } from "../../engine/internal/Meter.ts"
import { Broadcast } from "../../internal/Broadcast.ts"
import { escape } from "../../Escape.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import { checkFormat, type Storage, type StorageError } from "../../Storage.ts"
import type { TransactionRules } from "../../Transaction.ts"
import { Journal } from "./Journal.ts"
import { MessageQueue, type QueuedMessage } from "./MessageQueue.ts"
import type { OutboxSettings } from "../OutboxOptions.ts"
import { TransactionStore } from "./TransactionStore.ts"
import type { OutboxEvent, StoredMessage } from "../StoredMessage.ts"

export class OutboxStock {
  readonly journal: Journal
  readonly records: TransactionStore
  /** What belongs to transactions. */
  readonly transactionQueue: MessageQueue
  /** Everything else. */
  readonly otherQueue: MessageQueue
  readonly queues: ReadonlyArray<MessageQueue>
  /** How it is delivered; can change at any time. */
  settings: OutboxSettings
  readonly events = new Broadcast<OutboxEvent>()
  /** Whether the station is closed: nothing comes in any more. */
  isClosed = false
  private readonly identity: string
  private readonly storage: Storage["Service"] | undefined
  private readonly rules: TransactionRules
  private readonly meter: Meter | undefined
  private readonly run: (effect: Effect.Effect<void>) => void
  /** How many messages there must be for room to be made again, when all that was left could not be dropped. */
  private leastForRoom = 0

  constructor(of: {
    readonly identity: string
    readonly storage: Storage["Service"] | undefined
    readonly spaceOf: (name: string) => string
    readonly rules: TransactionRules
    readonly meter: Meter | undefined
    readonly settings: OutboxSettings
    readonly run: (effect: Effect.Effect<void>) => void
  }) {
    const { identity, run, spaceOf, storage } = of
    this.journal = new Journal({ storage, identity, run, makeRoom: () => this.makeRoom() })
    this.records = new TransactionStore(storage, spaceOf("transaction"), this.journal)
    this.transactionQueue = new MessageQueue(storage, spaceOf("transaction-message"), this.journal)
    this.otherQueue = new MessageQueue(storage, spaceOf("message"), this.journal)
    this.queues = [this.transactionQueue, this.otherQueue]
    this.identity = identity
    this.storage = storage
    this.rules = of.rules
    this.meter = of.meter
    this.settings = of.settings
    this.run = run
  }

  /** Takes in what is there from before. */
  get open(): Effect.Effect<void, StorageError> {
    const { queues, records, storage } = this
    const checked = storage === undefined ? Effect.void : checkFormat(storage, "outbox")
    return Effect.all([checked, records.open, ...queues.map(({ open }) => open)]).pipe(
      Effect.map(() => {
        for (const { all, aside } of queues) {
          for (const message of aside.values()) records.counted(message, 1)
          for (const message of all) records.counted(message, 1)
        }
        this.meter?.change("ocpp_outbox_messages", this.size)
      })
    )
  }

  /** What is stored is delivered by the next one who opens it, but nobody here hears of it any more. */
  close(): void {
    this.isClosed = true
    this.meter?.change("ocpp_outbox_messages", -this.size)
    for (const queue of this.queues) {
      for (const answer of queue.answers.values()) Deferred.doneUnsafe(answer, Exit.interrupt())
    }
    this.records.close()
  }

  /** How many messages there are, those that are set aside among them. */
  get size(): number {
    return this.queues.reduce((sum, { aside, count }) => sum + count + aside.size, 0)
  }

  /** How many messages of some transactions there are, by the station's names of them. */
  sizeOf(transactions: ReadonlySet<string>): number {
    return Array.from(transactions).reduce((sum, id) => sum + this.records.countOf(id), 0)
  }

  /** There is one message more, or one less. */
  counted(message: QueuedMessage, by: 1 | -1): void {
    this.records.counted(message, by)
    this.meter?.change("ocpp_outbox_messages", by)
  }

  tell(event: OutboxEvent): void {
    this.meter?.count("ocpp_outbox_events", "outcome", event._tag)
    this.events.tell(event)
  }

  /** Tells who waits for the answer to a message how it has ended. */
  resolve({ key }: QueuedMessage, queue: MessageQueue, exit: Exit.Exit<unknown, CallFailure>): void {
    const answer = queue.answers.get(key)
    queue.answers.delete(key)
    queue.recorders.delete(key)
    if (answer !== undefined) Deferred.doneUnsafe(answer, exit)
  }

  // ---- room

  /** Makes room if this message is one too many. */
  trim(message: QueuedMessage): void {
    const { limit } = this.settings
    if (this.size <= limit) this.leastForRoom = 0
    if (this.size <= Math.max(limit, this.leastForRoom)) return
    this.makeRoom()
    const isFull = this.size > limit
    // Where nothing is left that can be dropped, to look for it each time would take too long.
    this.leastForRoom = isFull ? Math.ceil(this.size * 1.1) : 0
    if (isFull) this.tellFull(message)
  }

  /** Tells that there is no room for a message, although all has gone that may be dropped. */
  tellFull(message: QueuedMessage): void {
    this.tell({ _tag: "Full", message: shown(message) })
    this.warn(`the outbox is full: it has ${this.size} messages that must not be dropped`)
  }

  /** Logs a warning that names the station. */
  warn(what: string): void {
    this.run(Effect.logWarning(escape(`${this.identity}: ${what}`)))
  }

  /** Drops the first, third, fifth … of what may be dropped. Whether there was any. */
  private makeRoom(): boolean {
    // Events of transactions go last (P2 §2.1.9 QueueAllMessages).
    return this.makeRoomIn(this.otherQueue) || this.makeRoomIn(this.transactionQueue)
  }

  private isDroppable({ action, phase }: QueuedMessage): boolean {
    return phase === undefined ? !this.rules.events.has(action) : phase === "Updated"
  }

  private makeRoomIn(queue: MessageQueue): boolean {
    const turn = new Map<string, boolean>()
    const dropped = new Set<QueuedMessage>()
    for (const message of [...queue.aside.values(), ...queue.all]) {
      if (!this.isDroppable(message) || !queue.isAtRest(message)) continue
      const transaction = message.transaction ?? ""
      const isDropped = turn.get(transaction) ?? true
      turn.set(transaction, !isDropped)
      if (isDropped) dropped.add(message)
    }
    if (dropped.size === 0) return false
    queue.remove(dropped)
    for (const message of dropped) {
      this.counted(message, -1)
      this.records.forgetIfOver(message.transaction)
      this.tell({ _tag: "Dropped", message: shown(message) })
      this.resolve(message, queue, Exit.fail(new NotSent({ action: message.action, reason: "QueueFull" })))
    }
    return true
  }
}

/** A message as the application sees it. */
export const shown = ({ action, attempts, messageId, phase, storedAt, transaction }: QueuedMessage): StoredMessage => ({
  messageId,
  action,
  transaction,
  phase,
  storedAt,
  attempts
})
