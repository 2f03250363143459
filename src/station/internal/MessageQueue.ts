/**
 * Messages of an outbox, first in, first out, and those that are set aside. All are in memory and in the storage, but of
 * those that are far from their turn the request is in the storage only.
 */
import type * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Exchange } from "../../Exchange.ts"
import { Fifo } from "../../internal/Fifo.ts"
import { Signal } from "../../internal/Signal.ts"
import { reading } from "../../internal/Stored.ts"
import type { CallFailure } from "../../OcppError.ts"
import { type Storage, StorageError } from "../../Storage.ts"
import type { Phase } from "../../Transaction.ts"
import type { Journal } from "./Journal.ts"

/** A message, with its key in the storage. All times are in milliseconds. */
export interface QueuedMessage {
  readonly key: string
  readonly messageId: string
  readonly action: string
  /** The request, or `inStorage`: then `link` and all that comes after it are to be read, too. */
  readonly request: unknown
  /** The station's name of its transaction. */
  readonly transaction?: string | undefined
  readonly phase?: Phase | undefined
  readonly storedAt: number
  /** The connection that was open when it was stored; empty if none was. */
  readonly link: string
  /** How often the CSMS has failed to process it, and when it did so last. */
  readonly attempts: number
  readonly failedAt?: number | undefined
  /** How many connections in a row have broken when it was sent. */
  readonly breaks?: number | undefined
  /** How often it was set aside, and when and why it was last. */
  readonly setAside?: { readonly times: number; readonly at: number; readonly reason: string } | undefined
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
  breaks: Schema.optional(Schema.Number),
  setAside: Schema.optional(Schema.Struct({ times: Schema.Number, at: Schema.Number, reason: Schema.String }))
})

const decode = reading(Stored)

/** In place of a request that has to be read before it is sent. */
const inStorage = Symbol("in the storage")

/** How many messages have their request in memory, and how many are read at a time. */
const page = 256

export class MessageQueue {
  /** Open when a wait for the next attempt may be longer than it has to be. */
  readonly wakeUp = new Signal()
  /** The answers that somebody may wait for, by key. */
  readonly answers = new Map<string, Deferred.Deferred<unknown, CallFailure>>()
  /** Those who are told of the exchanges of a message, by key. */
  readonly recorders = new Map<string, (exchange: Exchange) => void>()
  /** Those that are set aside, by key, the oldest first. */
  readonly aside = new Map<string, QueuedMessage>()
  /** The message that is being sent. */
  sending: string | undefined = undefined
  /** Whether somebody delivers what is here. */
  isDelivering = false
  /** Who did so last. */
  delivery: Fiber.Fiber<void> | undefined = undefined
  /**
   * Since when each connection was lost soon after the first message had left, without having proved good, by the
   * monotonic clock in milliseconds.
   */
  lostSince: number | undefined = undefined
  private readonly storage: Storage["Service"] | undefined
  private readonly space: string
  private readonly journal: Journal
  /** Those that are not in the storage yet, by key. */
  private readonly unwritten = new Set<string>()
  /** Those that wait for their turn, in order. */
  private messages = new Fifo<QueuedMessage>()
  private lastKey = 0

  constructor(storage: Storage["Service"] | undefined, space: string, journal: Journal) {
    this.storage = storage
    this.space = space
    this.journal = journal
  }

  /** Takes in what is there from before. */
  get open(): Effect.Effect<void, StorageError> {
    const { storage } = this
    if (storage === undefined) return Effect.void
    const next = (after: string | undefined): Effect.Effect<void, StorageError> =>
      Effect.flatMap(storage.read(this.space, { after, limit: page }), (entries) => {
        for (const { key, value } of entries) {
          const message = this.messageOf(key, value)
          if (message === undefined) return Effect.fail(this.unreadable(key))
          this.lastKey = Number(key)
          if (message.setAside === undefined) this.messages.push(this.count < page ? message : withoutRequest(message))
          else this.aside.set(key, message)
        }
        return entries.length < page ? Effect.void : next(entries.at(-1)?.key)
      })
    return Effect.suspend(() => next(undefined))
  }

  get count(): number {
    return this.messages.size
  }

  /** The key of one more message. */
  get nextKey(): string {
    // Sixteen digits are more than a safe integer has.
    return String(this.lastKey + 1).padStart(16, "0")
  }

  /** The first message, with its request. */
  get first(): Effect.Effect<QueuedMessage | undefined, StorageError> {
    const first = this.messages.at(0)
    if (first === undefined || first.request !== inStorage || this.storage === undefined) return Effect.succeed(first)
    return Effect.flatMap(this.storage.get(this.space, first.key), (text) => {
      const message = text === undefined ? undefined : this.messageOf(first.key, text)
      if (message === undefined) return Effect.fail(this.unreadable(first.key))
      // It can be gone meanwhile.
      if (this.isFirst(first)) this.messages.set(0, message)
      return Effect.succeed(message)
    })
  }

  /** Whether a message is the first one, as opposed to gone. */
  isFirst({ key }: QueuedMessage): boolean {
    return this.messages.at(0)?.key === key
  }

  /** All that wait for their turn, in order. */
  get all(): ReadonlyArray<QueuedMessage> {
    return this.messages.from(0)
  }

  /** Puts a message behind all others. */
  add(message: QueuedMessage): void {
    // First, for a value that is no JSON throws.
    this.save(message)
    this.messages.push(message)
    this.unwritten.add(message.key)
    this.lastKey = Number(message.key)
  }

  /** Whether a message is stored, and is not being sent at the moment. */
  isAtRest({ key }: QueuedMessage): boolean {
    return key !== this.sending && !this.unwritten.has(key)
  }

  /** A message that was added is stored: if it is far from its turn, its request need not be in memory. */
  written(message: QueuedMessage): void {
    this.unwritten.delete(message.key)
    if (this.storage === undefined || this.count <= page) return
    const place = this.messages.lastPlaceOf(message)
    if (place >= page) this.messages.set(place, withoutRequest(message))
  }

  /** The first message has changed. */
  changeFirst(message: QueuedMessage): void {
    this.save(message)
    this.messages.set(0, message)
  }

  /** The first message is over. */
  removeFirst(): void {
    const first = this.messages.shift()
    if (first !== undefined) this.erase(first)
  }

  /** Messages are gone, wherever they are. */
  remove(gone: ReadonlySet<QueuedMessage>): void {
    for (const message of gone) {
      this.erase(message)
      this.aside.delete(message.key)
      this.unwritten.delete(message.key)
    }
    this.messages = new Fifo(this.all.filter((message) => !gone.has(message)))
    this.wakeUp.open()
  }

  /** Sets the first message aside. */
  setFirstAside(message: QueuedMessage): void {
    this.save(message)
    this.aside.set(message.key, message)
    this.lostSince = undefined
    this.messages.shift()
  }

  /** Puts messages that were set aside in front of all others, as if none of them had been sent. */
  takeBack(messages: ReadonlyArray<QueuedMessage>): void {
    const rest = this.all
    this.messages = new Fifo()
    for (const message of messages) {
      this.aside.delete(message.key)
      this.messages.push({ ...message, attempts: 0, failedAt: undefined, breaks: 0 })
    }
    for (const message of rest) this.messages.push(message)
  }

  private save({ key, ...message }: QueuedMessage): void {
    if (!this.journal.isKept) return
    const text = JSON.stringify(message)
    this.journal.changed(this.space, key, () => text)
  }

  private erase({ key }: QueuedMessage): void {
    this.journal.changed(this.space, key, gone)
  }

  private messageOf(key: string, text: string): QueuedMessage | undefined {
    return Option.getOrUndefined(Option.map(decode(text), (stored) => ({ key, ...stored })))
  }

  private unreadable(key: string): StorageError {
    return new StorageError({ storage: this.space, reason: "Corrupt", detail: `there is no message under ${key}` })
  }
}

/** What has to be known of a message that is far from its turn: it has not been sent yet. */
const withoutRequest = ({ action, key, messageId, phase, storedAt, transaction }: QueuedMessage): QueuedMessage => ({
  key,
  messageId,
  action,
  transaction,
  phase,
  storedAt,
  request: inStorage,
  link: "",
  attempts: 0
})

const gone = (): undefined => undefined
