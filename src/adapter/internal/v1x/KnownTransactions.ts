/**
 * What a CSMS remembers of the transactions of a station of 1.x: their numbers and connectors, which the messages that
 * follow a start do not all tell, and the remote starts that it has asked for. It is in the storage of the CSMS, if it has
 * one, or else in memory.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { IdTokenType } from "../../../domain/index.ts"
import * as Home from "../../../internal/Home.ts"
import { Lru } from "../../../internal/Lru.ts"
import * as Memo from "../../../internal/Memo.ts"
import { reading } from "../../../internal/Stored.ts"
import { Storage, type StorageError } from "../../../Storage.ts"
import { type AskedChanges, AskedStart, type AskedStarts } from "./AskedStarts.ts"

/** The remote start that a transaction has answered, and the type of the idToken that was asked for. */
const Remote = Schema.Struct({ remoteStartId: Schema.Int, type: IdTokenType })

/**
 * A transaction that was told to a handler.
 *
 * - `start`: the digest of its StartTransaction.
 * - `startedAt`: when that was received, in milliseconds.
 */
export class KnownTransaction extends Schema.Opaque<KnownTransaction>()(
  Schema.Struct({
    connectorId: Schema.Int,
    start: Schema.String,
    startedAt: Schema.Int,
    hasEnded: Schema.Boolean,
    remote: Schema.optionalKey(Remote)
  })
) {}

/** The transactions of a station, by their numbers. */
export type TransactionsByNumber = ReadonlyMap<number, KnownTransaction>

/** What changes in them; `undefined` is for one that is forgotten. */
export type TransactionChanges = ReadonlyMap<number, KnownTransaction | undefined>

/** What is known of a station. */
export interface KnownOfStation {
  readonly transactions: TransactionsByNumber
  readonly asked: AskedStarts
}

/** What changes in it. */
export interface KnownChanges {
  readonly transactions?: TransactionChanges
  readonly asked?: AskedChanges
}

/** How many of a station are remembered; those that started first go. */
const most = 64

/** The number that this start was given already: its answer was lost, as when the CSMS was killed before it left. */
export const numberOf = (known: TransactionsByNumber, start: string): number | undefined => {
  for (const [id, one] of known) if (one.start === start && !one.hasEnded) return id
  return undefined
}

/** After a start those that have ended are forgotten, for their ends do not come again. */
export const afterStart = (known: TransactionsByNumber, id: number, started: KnownTransaction): TransactionChanges => {
  const open = Array.from(known).filter(([, { hasEnded }]) => !hasEnded)
  open.sort(([, one], [, other]) => other.startedAt - one.startedAt)
  const kept = new Set(open.slice(0, most - 1).map(([number]) => number))
  const forgotten = Array.from(known.keys()).filter((number) => !kept.has(number))
  return new Map([...forgotten.map((number) => [number, undefined] as const), [id, started] as const])
}

/** One that has ended is remembered until the next start, for its end may come again. */
export const afterEnd = (known: TransactionsByNumber, id: number): TransactionChanges => {
  const ended = known.get(id)
  return new Map(ended === undefined ? [] : [[id, { ...ended, hasEnded: true }]])
}

/** How many stations are remembered without a storage; the one that started a transaction least lately is forgotten. */
const mostStations = 100_000

/** A transaction is under its number, and what was asked for under its remoteStartId with this before it. */
const remotely = "remote "

const decodeTransaction = reading(KnownTransaction)
const decodeAsked = reading(AskedStart)

/** What is known of all stations. If the storage fails, that is logged, and they go on without what they asked it for. */
export class KnownTransactions {
  /** The ones of the CSMS that a session belongs to. */
  static readonly of = (session: object): KnownTransactions => perCsms(Home.homeOf(session))

  private readonly memory = new Lru<Map<string, string>>(mostStations, (all) => void all.forget(() => true))

  get(identity: string): Effect.Effect<KnownOfStation> {
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) =>
      Option.isNone(storage)
        ? Effect.sync(() => knownFrom(this.memory.peek(identity) ?? none))
        : Effect.map(storage.value.read(spaceOf(identity)), (entries) =>
            knownFrom(entries.map(({ key, value }) => [key, value] as const))
          )
    ).pipe(logged(knownFrom(none)))
  }

  change(identity: string, { asked, transactions }: KnownChanges): Effect.Effect<void> {
    const changes = [
      ...Array.from(transactions ?? [], ([id, one]) => [String(id), one && JSON.stringify(one)] as const),
      ...Array.from(asked ?? [], ([id, one]) => [remotely + id, one && JSON.stringify(one)] as const)
    ]
    if (changes.length === 0) return Effect.void
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) => {
      if (Option.isNone(storage)) return Effect.sync(() => this.keep(identity, changes))
      const space = spaceOf(identity)
      return storage.value.commit(changes.map(([key, value]) => ({ space, key, value })))
    }).pipe(logged(undefined))
  }

  private keep(identity: string, changes: ReadonlyArray<readonly [string, string | undefined]>): void {
    const kept = this.memory.use(identity, () => new Map())
    for (const [key, value] of changes) {
      if (value === undefined) kept.delete(key)
      else kept.set(key, value)
    }
  }
}

const perCsms = Memo.perObject(() => new KnownTransactions())

const none: Iterable<readonly [string, string]> = []

/** What cannot be read counts as not there. */
const knownFrom = (entries: Iterable<readonly [key: string, value: string]>): KnownOfStation => {
  const transactions = new Map<number, KnownTransaction>()
  const asked = new Map<number, AskedStart>()
  for (const [key, value] of entries) {
    if (key.startsWith(remotely)) add(asked, key.slice(remotely.length), decodeAsked(value))
    else add(transactions, key, decodeTransaction(value))
  }
  return { transactions, asked }
}

const add = <A>(into: Map<number, A>, key: string, value: Option.Option<A>): void => {
  if (Option.isSome(value)) into.set(Number(key), value.value)
}

const spaceOf = (identity: string): string => `transactions ${JSON.stringify(identity)}`

const logged =
  <B>(instead: B) =>
  <A>(effect: Effect.Effect<A, StorageError>): Effect.Effect<A | B> =>
    Effect.catchCause(effect, (cause) =>
      Effect.as(Effect.logError("the transactions of a station could not be stored or read", cause), instead)
    )
