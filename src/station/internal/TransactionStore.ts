/**
 * The transactions of a station, as far as their messages need it: numbered, named by the CSMS or not yet.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { reading } from "../../internal/Stored.ts"
import { CallError, type CallFailure } from "../../OcppError.ts"
import { checkStorable, type Storage, StorageError } from "../../Storage.ts"
import type { Journal } from "./Journal.ts"
import type { QueuedMessage } from "./MessageQueue.ts"

/** A transaction of which messages are stored or to come. */
export interface TransactionRecord {
  readonly id: string
  /** Where it comes among the others. */
  readonly order: number
  /** The number of its next message. */
  readonly seqNo: number
  /** What it was started with. */
  readonly start: unknown
  /** What the CSMS answered to the start. */
  readonly answer?: unknown
  /** Whether the CSMS never answered the start. */
  readonly isUnanswered?: boolean | undefined
  readonly hasEnded?: boolean | undefined
}

/** What a message says of its transaction. */
type Message = Pick<QueuedMessage, "phase" | "transaction">

const Stored = Schema.Struct({
  order: Schema.Number,
  seqNo: Schema.Number,
  start: Schema.Unknown,
  answer: Schema.optional(Schema.Unknown),
  isUnanswered: Schema.optional(Schema.Boolean),
  hasEnded: Schema.optional(Schema.Boolean)
})

const decode = reading(Stored)

export class TransactionStore {
  private readonly storage: Storage["Service"] | undefined
  private readonly space: string
  private readonly journal: Journal
  private readonly byId = new Map<string, TransactionRecord>()
  private readonly started = new Map<string, Deferred.Deferred<unknown, CallFailure>>()
  /** How many messages of each transaction are stored. */
  private readonly counts = new Map<string, number>()
  private lastOrder = 0

  constructor(storage: Storage["Service"] | undefined, space: string, journal: Journal) {
    this.storage = storage
    this.space = space
    this.journal = journal
  }

  /** Takes in what is there from before. */
  get open(): Effect.Effect<void, StorageError> {
    const { storage } = this
    if (storage === undefined) return Effect.void
    return Effect.flatMap(
      Effect.suspend(() => storage.read(this.space)),
      (entries) => {
        const records: Array<TransactionRecord> = []
        for (const { key, value } of entries) {
          const stored = decode(value)
          if (Option.isNone(stored)) return Effect.fail(unreadable(this.space, key))
          records.push({ id: key, ...stored.value })
        }
        for (const record of records.sort((one, other) => one.order - other.order)) this.take(record)
        return Effect.void
      }
    )
  }

  get(id: string | undefined): TransactionRecord | undefined {
    return id === undefined ? undefined : this.byId.get(id)
  }

  get nextOrder(): number {
    return this.lastOrder + 1
  }

  /** Those that have not been stopped, the oldest first. */
  get ongoing(): ReadonlyArray<TransactionRecord> {
    return Array.from(this.byId.values()).filter(({ hasEnded }) => hasEnded !== true)
  }

  /** Those to whose start the CSMS has given an answer like this. */
  named(isOf: (answer: unknown) => boolean): ReadonlyArray<TransactionRecord> {
    return Array.from(this.byId.values()).filter(({ answer }) => answer !== undefined && isOf(answer))
  }

  /** Throws a `TypeError` if a transaction of this name cannot be stored. */
  checkId(id: string): void {
    if (this.journal.isKept) checkStorable([{ space: this.space, key: id, value: undefined }])
  }

  /** A record is new or has changed. */
  set(record: TransactionRecord): void {
    this.take(record)
    this.save(record.id)
  }

  /** There is one stored message more, or one less. */
  counted({ transaction }: Message, by: 1 | -1): void {
    if (transaction === undefined) return
    const count = (this.counts.get(transaction) ?? 0) + by
    if (count > 0) this.counts.set(transaction, count)
    else this.counts.delete(transaction)
  }

  /** How many messages of a transaction are stored, those that are set aside among them. */
  countOf(id: string): number {
    return this.counts.get(id) ?? 0
  }

  /** A message of a transaction is over: it was answered, or it is given up. Nobody is told yet. */
  messageOver({ phase, transaction }: Message, exit: Exit.Exit<unknown, CallFailure>): void {
    const record = this.get(transaction)
    if (record === undefined) return
    if (phase === "Ended" && record.hasEnded !== true) this.set({ ...record, hasEnded: true })
    if (phase !== "Started") return this.forgetIfOver(transaction)
    this.byId.set(
      record.id,
      Exit.isSuccess(exit) ? { ...record, answer: exit.value } : { ...record, isUnanswered: true }
    )
    this.save(record.id)
  }

  /** Tells who waits for the answer to the start of a transaction, if this is its start, how it has ended. */
  tell({ phase, transaction = "" }: Message, exit: Exit.Exit<unknown, CallFailure>): void {
    if (phase !== "Started" || this.get(transaction) === undefined) return
    Deferred.doneUnsafe(this.startOf(transaction), exit)
    this.forgetIfOver(transaction)
  }

  /** Forgets a transaction that has ended once none of its messages is stored; until then they need what is known of it. */
  forgetIfOver(id: string | undefined): void {
    const record = this.get(id)
    if (record?.hasEnded === true && !this.counts.has(record.id)) this.delete(record.id)
  }

  /** Takes back what a message has changed that could not be stored: `before` was there until then. */
  takeBack(id: string, before: TransactionRecord | undefined): void {
    const record = this.byId.get(id)
    if (before === undefined) this.delete(id)
    else if (record !== undefined) {
      // Its start can have been answered meanwhile.
      const { hasEnded, seqNo } = before
      this.set({ ...record, seqNo, hasEnded })
    }
  }

  /** Forgets a record. */
  delete(id: string): void {
    this.byId.delete(id)
    this.started.delete(id)
    this.save(id)
  }

  /** No answer comes any more. */
  close(): void {
    for (const answer of this.started.values()) Deferred.doneUnsafe(answer, Exit.interrupt())
  }

  private take(record: TransactionRecord): void {
    this.byId.set(record.id, record)
    this.lastOrder = Math.max(this.lastOrder, record.order)
    if (record.answer !== undefined) Deferred.doneUnsafe(this.startOf(record.id), Exit.succeed(record.answer))
    else if (record.isUnanswered === true) Deferred.doneUnsafe(this.startOf(record.id), Exit.fail(unanswered))
  }

  private save(id: string): void {
    this.journal.changed(this.space, id, () => {
      const record = this.byId.get(id)
      return record === undefined ? undefined : textOf(record)
    })
  }

  /** The answer to the start of a transaction, when it comes. */
  startOf(id: string): Deferred.Deferred<unknown, CallFailure> {
    let answer = this.started.get(id)
    if (answer === undefined) this.started.set(id, (answer = Deferred.makeUnsafe()))
    return answer
  }
}

const unanswered = new CallError({ code: "GenericError", description: "the CSMS never answered the start" })

/** Without its id, which is the key. */
const textOf = (record: TransactionRecord): string => JSON.stringify({ ...record, id: undefined })

const unreadable = (space: string, key: string): StorageError =>
  new StorageError({ storage: space, reason: "Corrupt", detail: `there is no transaction under ${key}` })
