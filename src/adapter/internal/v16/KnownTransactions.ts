/**
 * What a CSMS remembers of the transactions of a station of 1.6: their numbers and connectors, which the messages that
 * follow a start do not all tell. It is in the storage of the CSMS, if it has one, or else in memory.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Lru } from "../../../internal/Lru.ts"
import { reading } from "../../../internal/Stored.ts"
import { Storage, type StorageError } from "../../../Storage.ts"

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
    hasEnded: Schema.Boolean
  })
) {}

/** The transactions of a station, by their numbers. */
export type TransactionsByNumber = ReadonlyMap<number, KnownTransaction>

/** What changes in them; `undefined` is for one that is forgotten. */
export type TransactionChanges = ReadonlyMap<number, KnownTransaction | undefined>

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

const decode = reading(KnownTransaction)

/** How many stations are remembered without a storage; the one that started a transaction least lately is forgotten. */
const mostStations = 100_000

/** The transactions of all stations. If the storage fails, that is logged, and they go on without what they asked it for. */
export class KnownTransactions {
  private readonly memory = new Lru<Map<number, KnownTransaction>>(mostStations, (all) => void all.forget(() => true))

  of(identity: string): Effect.Effect<TransactionsByNumber> {
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) =>
      Option.isNone(storage)
        ? Effect.sync(() => this.memory.peek(identity) ?? none)
        : Effect.map(storage.value.read(spaceOf(identity)), (entries) => {
            const found = entries.map(({ key, value }) => [Number(key), Option.getOrUndefined(decode(value))] as const)
            return new Map(found.filter((entry): entry is [number, KnownTransaction] => entry[1] !== undefined))
          })
    ).pipe(logged(none))
  }

  change(identity: string, changes: TransactionChanges): Effect.Effect<void> {
    if (changes.size === 0) return Effect.void
    return Effect.flatMap(Effect.serviceOption(Storage), (storage) => {
      if (Option.isNone(storage)) return Effect.sync(() => this.keep(identity, changes))
      const space = spaceOf(identity)
      return storage.value.commit(
        Array.from(changes, ([id, one]) => ({ space, key: String(id), value: one && JSON.stringify(one) }))
      )
    }).pipe(logged(undefined))
  }

  private keep(identity: string, changes: TransactionChanges): void {
    const kept = this.memory.use(identity, () => new Map())
    for (const [id, one] of changes) {
      if (one === undefined) kept.delete(id)
      else kept.set(id, one)
    }
  }
}

const none: TransactionsByNumber = new Map()

const spaceOf = (identity: string): string => `transactions ${JSON.stringify(identity)}`

const logged =
  <B>(instead: B) =>
  <A>(effect: Effect.Effect<A, StorageError>): Effect.Effect<A | B> =>
    Effect.catchCause(effect, (cause) =>
      Effect.as(Effect.logError("the transactions of a station could not be stored or read", cause), instead)
    )
