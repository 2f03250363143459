/**
 * Messages in a storage, first in, first out. Only the first of them are in memory.
 */
import type * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { reading } from "../../internal/Stored.ts"
import { Signal } from "../../internal/Signal.ts"
import type { Exchange } from "../../Exchange.ts"
import type { CallFailure } from "../../OcppError.ts"
import { type Storage, type StorageChange, StorageError } from "../../Storage.ts"

/** Who waits for the answer to a message, and is told of its exchanges. */
interface Waiter {
  readonly delivery: Deferred.Deferred<unknown, CallFailure>
  readonly recorder: ((exchange: Exchange) => void) | undefined
}

/** A message as it is stored, with its key. */
export interface QueuedMessage {
  readonly key: string
  readonly messageId: string
  readonly action: string
  readonly request: unknown
  /** The station's name of its transaction. */
  readonly transaction?: string | undefined
  readonly phase?: "Started" | "Updated" | "Ended" | undefined
  /** In milliseconds, like all times here. */
  readonly storedAt: number
  /** The connection that was open when it was stored; empty if none was. */
  readonly link: string
  /** How often the CSMS has failed to process it, and when it did so last. */
  readonly attempts: number
  readonly failedAt?: number | undefined
  /** When it was last about to be sent. */
  readonly claimedAt?: number | undefined
}

const Stored = Schema.Struct({
  messageId: Schema.String,
  action: Schema.String,
  request: Schema.Unknown,
  transaction: Schema.optional(Schema.String),
  phase: Schema.optional(Schema.Literals(["Started", "Updated", "Ended"])),
  storedAt: Schema.Number,
  link: Schema.String,
  attempts: Schema.Number,
  failedAt: Schema.optional(Schema.Number),
  claimedAt: Schema.optional(Schema.Number)
})

const decode = reading(Stored)

/** How many messages are in memory at a time. */
const page = 256

export class MessageQueue {
  /** Open while there is a message. */
  readonly filled = new Signal()
  /** Open when a wait for the next attempt may be longer than it has to be. */
  readonly wakeUp = new Signal()
  count = 0
  /** Those who wait for the answers. */
  readonly waiters = new Map<string, Waiter>()
  /** The message that is being sent. */
  sending: string | undefined = undefined
  /** The message that is written as one about to be sent, and was not sent yet. */
  claimed: string | undefined = undefined
  private readonly storage: Storage["Service"]
  private readonly space: string
  /** The first messages, in order. */
  private window: Array<QueuedMessage> = []
  /** The key of the last message that was the first. */
  private before: string | undefined = undefined
  private lastKey = ""

  constructor(storage: Storage["Service"], space: string) {
    this.storage = storage
    this.space = space
  }

  /** Counts what is there from before. */
  open(each: (message: QueuedMessage) => void): Effect.Effect<void, StorageError> {
    return this.scan((messages) => {
      for (const message of messages) each(message)
      this.count += messages.length
      this.lastKey = messages.at(-1)?.key ?? this.lastKey
      this.filled.open()
    })
  }

  get nextKey(): string {
    // Sixteen digits are more than a safe integer has.
    return String(Number(this.lastKey) + 1).padStart(16, "0")
  }

  write({ key, ...message }: QueuedMessage): StorageChange {
    return { space: this.space, key, value: JSON.stringify(message) }
  }

  erase({ key }: QueuedMessage): StorageChange {
    return { space: this.space, key, value: undefined }
  }

  /** A message was written behind all others. Only one that found the queue empty can be claimed already. */
  added(message: QueuedMessage): void {
    if (this.window.length === this.count && this.count < page) this.window.push(message)
    this.count++
    this.lastKey = message.key
    if (message.claimedAt !== undefined) this.claimed = message.key
    this.filled.open()
  }

  /** The first message has changed. */
  changed(message: QueuedMessage): void {
    this.window[0] = message
  }

  /** The first message is written as one about to be sent. */
  claim(message: QueuedMessage): void {
    this.changed(message)
    this.claimed = message.key
  }

  /** The first message, if it is written as one about to be sent, and was not sent yet. */
  get claimedFirst(): QueuedMessage | undefined {
    const first = this.window[0]
    return first !== undefined && first.key === this.claimed ? first : undefined
  }

  /** Messages were erased. */
  removed(messages: ReadonlyArray<QueuedMessage>): void {
    const keys = new Set(messages.map(({ key }) => key))
    this.window = this.window.filter(({ key }) => !keys.has(key))
    this.count -= messages.length
    if (this.count === 0) this.filled.close()
  }

  /** The first message was erased. */
  removedFirst(): void {
    this.before = this.window.shift()?.key
    if (--this.count === 0) this.filled.close()
  }

  /** The first message. */
  get first(): Effect.Effect<QueuedMessage | undefined, StorageError> {
    if (this.window.length > 0 || this.count === 0) return Effect.succeed(this.window[0])
    return Effect.map(this.read(this.before), (messages) => {
      this.window = messages
      if (messages.length > 0) return messages[0]
      // Someone else has emptied the storage.
      this.count = 0
      this.filled.close()
      return undefined
    })
  }

  /** The one behind the first, if it is in memory. */
  get second(): QueuedMessage | undefined {
    return this.window[1]
  }

  /** Goes through all messages, page by page. */
  scan(each: (messages: ReadonlyArray<QueuedMessage>) => void): Effect.Effect<void, StorageError> {
    const next = (after: string | undefined): Effect.Effect<void, StorageError> =>
      Effect.flatMap(this.read(after), (messages) => {
        const last = messages.at(-1)
        if (last === undefined) return Effect.void
        each(messages)
        return next(last.key)
      })
    // What was removed may still be there if that could not be written.
    return next(this.before)
  }

  private read(after: string | undefined): Effect.Effect<Array<QueuedMessage>, StorageError> {
    return Effect.flatMap(this.storage.read(this.space, { after, limit: page }), (entries) => {
      const messages: Array<QueuedMessage> = []
      for (const { key, value } of entries) {
        const stored = decode(value)
        if (Option.isNone(stored)) return Effect.fail(unreadable(this.space, key))
        messages.push({ key, ...stored.value })
      }
      return Effect.succeed(messages)
    })
  }
}

const unreadable = (space: string, key: string): StorageError =>
  new StorageError({ storage: space, reason: "Corrupt", detail: `there is no message under ${key}` })
