/**
 * What a simulated CSMS knows: which idTags may charge, and the transactions it was told of.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Options from "../internal/Options.ts"
import { Storage, type StorageChange, StorageError } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"

/**
 * What a CSMS can say of an idTag, as 2.x has it. To stations of 1.x, what those versions lack is said as `Invalid`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const IdTagStatus = Schema.Literals([
  "Accepted",
  "Blocked",
  "ConcurrentTx",
  "Expired",
  "Invalid",
  "NoCredit",
  "NotAllowedTypeEVSE",
  "NotAtThisLocation",
  "NotAtThisTime",
  "Unknown"
])

/**
 * What a CSMS can say of an idTag.
 *
 * @category models
 * @since 0.1.0
 */
export type IdTagStatus = typeof IdTagStatus.Type

/**
 * What is known of one idTag.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTag extends Schema.Opaque<IdTag>()(
  Schema.Struct({
    idTag: Schema.String,
    status: Schema.optionalKey(IdTagStatus),
    expiryDate: Schema.optionalKey(Timestamp.Timestamp),
    parentIdTag: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "IdTag" })
) {}

/**
 * Who may charge: what is said of the idTags in `tags`, and `default` for all others, which is `Accepted` unless it is
 * said.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTags extends Schema.Opaque<IdTags>()(
  Schema.Struct({
    default: Schema.optionalKey(IdTagStatus),
    tags: Schema.Array(IdTag)
  }).annotate({ identifier: "IdTags" })
) {}

/**
 * What changes of one idTag: what is given replaces what was, and `null` takes it away.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTagChange extends Schema.Opaque<IdTagChange>()(
  Schema.Struct({
    status: Schema.optionalKey(Schema.NullOr(IdTagStatus)),
    expiryDate: Schema.optionalKey(Schema.NullOr(Timestamp.Timestamp)),
    parentIdTag: Schema.optionalKey(Schema.NullOr(Schema.String))
  }).annotate({ identifier: "IdTagChange" })
) {}

/**
 * A transaction as the CSMS knows it. What is not known yet is `null`.
 *
 * **Details**
 *
 * - `id`: its place among all transactions of the ledger, from 1 on.
 * - `transactionId`: its name on the wire, which is the station's in 2.x. It is valid for this station only.
 *
 * @category models
 * @since 0.1.0
 */
export class LedgerTransaction extends Schema.Opaque<LedgerTransaction>()(
  Schema.Struct({
    id: Schema.Int,
    transactionId: Schema.Union([Schema.Int, Schema.String]),
    stationId: Schema.String,
    connectorId: Schema.Int,
    idTag: Schema.String,
    startTimestamp: Schema.String,
    meterStart: Schema.NullOr(Schema.Number),
    stopTimestamp: Schema.NullOr(Schema.String),
    meterStop: Schema.NullOr(Schema.Number),
    stopReason: Schema.NullOr(Schema.String)
  }).annotate({ identifier: "LedgerTransaction" })
) {}

/**
 * What an event of 2.x tells of a transaction.
 *
 * **Details**
 *
 * - `connectorId`, `idTag`: 0 and empty if the event does not tell.
 * - `begin`, `last`: the first and the last reading of the energy register in it, in Wh.
 * - `stopReason`: of interest if it has ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface TransactionEvent extends Pick<LedgerTransaction, "stationId" | "connectorId" | "idTag"> {
  readonly transactionId: string
  readonly eventType: "Started" | "Updated" | "Ended"
  readonly timestamp: string
  readonly begin: number | null
  readonly last: number | null
  readonly stopReason: string
}

/**
 * Which transactions are asked for.
 *
 * **Details**
 *
 * - `after`: those whose `id` is greater.
 * - `limit`: so many at most.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransactionPage {
  readonly after?: number | undefined
  readonly limit?: number | undefined
}

/**
 * Options of a ledger.
 *
 * **Details**
 *
 * - `firstTransactionId`: the first number that a station of 1.x gets for a transaction; the next ones count up, and
 *   after 2,147,483,647 comes 1. By default it is the time in milliseconds modulo that, so that a ledger does not give
 *   the numbers of an earlier one again. A ledger with a `Storage` that has such transactions goes on after the last of
 *   them instead.
 * - `maxTransactions`: how many transactions are kept, by default 100,000; beyond that the oldest one is forgotten.
 * - `onTransaction`: is given every transaction when it begins and when something changes in it.
 *
 * @category options
 * @since 0.1.0
 */
export interface LedgerOptions {
  readonly firstTransactionId?: number | undefined
  readonly maxTransactions?: number | undefined
  readonly onTransaction?: ((transaction: LedgerTransaction) => void) | undefined
}

/**
 * The idTags and transactions of a simulated CSMS.
 *
 * **Gotchas**
 *
 * A change that the `Storage` cannot store dies, and leaves the ledger as it was.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ledger {
  readonly setIdTags: (idTags: IdTags) => Effect.Effect<void>
  /** Changes what is known of one idTag, and leaves the others as they are; upper and lower case are the same. */
  readonly changeIdTag: (idTag: string, change: IdTagChange) => Effect.Effect<IdTag>
  /** What is known of an idTag now; upper and lower case are the same. */
  readonly authorize: (idTag: string) => Effect.Effect<Omit<IdTag, "idTag"> & { readonly status: IdTagStatus }>
  /** Opens a transaction under a fresh number. */
  readonly start: (
    start: Pick<LedgerTransaction, "stationId" | "connectorId" | "idTag" | "startTimestamp" | "meterStart">
  ) => Effect.Effect<LedgerTransaction & { readonly transactionId: number }>
  /**
   * Ends a transaction; none if the station has no open one of this number. A stop of number -1, which is that of a
   * transaction whose start the station could not deliver, is entered as a transaction of its own.
   *
   * @see J16e 3.18
   */
  readonly stop: (
    stationId: string,
    transactionId: number,
    stop: {
      readonly stopTimestamp: string
      readonly meterStop: number
      readonly stopReason: string
      readonly idTag?: string | undefined
    }
  ) => Effect.Effect<Option.Option<LedgerTransaction>>
  /** Enters an event of a transaction that the station has named, whichever event of it comes first. */
  readonly record: (event: TransactionEvent) => Effect.Effect<void>
  /** Ends all open transactions of a station in the ledger only; gives their number. */
  readonly closeStale: (stationId: string) => Effect.Effect<number>
  /** The transactions, oldest first. */
  readonly transactions: (stationId?: string, page?: TransactionPage) => Effect.Effect<ReadonlyArray<LedgerTransaction>>
}

/** A transaction, and what is known of it besides. */
const Entry = Schema.Struct({
  transaction: LedgerTransaction,
  /** Whether the event of its start has come. */
  isStarted: Schema.Boolean,
  /** The last reading of the energy register. */
  register: Schema.NullOr(Schema.Number)
})

type Entry = typeof Entry.Type

/**
 * Makes a ledger in which every idTag is accepted until it is told otherwise. If a `Storage` is present, it goes on with
 * what is in there, and stores each change before it takes effect.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* (options: LedgerOptions = {}) {
  const storage = Option.getOrUndefined(yield* Effect.serviceOption(Storage))
  const { commit, enter, entries, find, put } = bookIn(
    storage,
    storage === undefined ? [] : yield* readEntries(storage),
    options
  )
  const list = listOf(storage === undefined ? anyone : yield* readIdTags(storage), commit)
  let lastNumber = yield* numberBefore(entries, options.firstTransactionId)
  const lock = Semaphore.makeUnsafe(1)

  /** Makes one change after the other, for each begins with what the one before has left, and each of them whole. */
  const change = <A>(evaluate: () => Effect.Effect<A>): Effect.Effect<A> =>
    lock.withPermit(Effect.uninterruptible(Effect.suspend(evaluate)))

  const ledger: Ledger = {
    setIdTags: (given) => change(() => list.replace(given)),

    changeIdTag: (idTag, changed) => change(() => list.change(idTag, changed)),

    authorize: (idTag) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const { idTag: _, status = "Accepted", ...rest } = list.find(idTag)
        const expiry = rest.expiryDate === undefined ? undefined : Timestamp.toMillis(rest.expiryDate)
        const isExpired = expiry !== undefined && expiry <= now
        return { ...rest, status: isExpired && status === "Accepted" ? "Expired" : status }
      }),

    start: (start) =>
      change(() => {
        lastNumber = numberAfter(lastNumber)
        const entry = enter({ transactionId: lastNumber, ...notStopped, ...start })
        return Effect.as(put(entry), entry.transaction)
      }),

    stop: (stationId, transactionId, { idTag = "", ...stop }) =>
      change(() => {
        const { stopTimestamp } = stop
        // When and where it began, nobody knows.
        const entry = isNameless(transactionId)
          ? enter({ ...notStopped, stationId, transactionId, connectorId: 0, idTag, startTimestamp: stopTimestamp })
          : find(stationId, transactionId)
        if (entry === undefined || entry.transaction.stopTimestamp !== null) return Effect.succeedNone
        const ended = stopped(entry, stop)
        return Effect.as(put(ended), Option.some(ended.transaction))
      }),

    record: (event) =>
      change(() => {
        const { connectorId, eventType, idTag, stationId, timestamp, transactionId } = event
        const earlier = find(stationId, transactionId)
        const isNew = earlier === undefined || (eventType === "Started" && earlier.isStarted)
        const entry = isNew
          ? enter({ ...notStopped, stationId, transactionId, connectorId, idTag, startTimestamp: timestamp })
          : earlier
        return put(after(entry, event))
      }),

    closeStale: (stationId) =>
      change(() =>
        Effect.flatMap(Timestamp.now, (stopTimestamp) => {
          const closed = entries
            .filter(({ transaction }) => transaction.stationId === stationId && transaction.stopTimestamp === null)
            .map((entry) => stopped(entry, { stopTimestamp, stopReason: "Other" }))
          return Effect.as(put(...closed), closed.length)
        })
      ),

    transactions: (stationId, { after: earlier = 0, limit } = {}) =>
      Effect.sync(() =>
        entries
          .map(({ transaction }) => transaction)
          .filter(({ id, stationId: of }) => id > earlier && (stationId === undefined || of === stationId))
          .slice(0, limit)
      )
  }
  return ledger
})

/** The entries, and where they are kept. */
const bookIn = (
  storage: Storage["Service"] | undefined,
  entries: Array<Entry>,
  { maxTransactions = 100_000, onTransaction }: LedgerOptions
) => {
  const most = Options.count("maxTransactions", maxTransactions, 1)
  let lastId = entries.at(-1)?.transaction.id ?? 0
  const commit = (changes: ReadonlyArray<StorageChange>): Effect.Effect<void> =>
    storage === undefined ? Effect.void : Effect.orDie(storage.commit(changes))
  return {
    entries,
    commit,

    /** Stores entries, puts them in their places, and lets go of the oldest that are too many. */
    put: (...changed: ReadonlyArray<Entry>): Effect.Effect<void> =>
      Effect.suspend(() => {
        const added = changed.filter(({ transaction: { id } }) => id > lastId).length
        const gone = entries.slice(0, Math.max(0, entries.length + added - most))
        return Effect.map(commit([...changed.map(changeOf), ...removalsOf(gone)]), () => {
          entries.splice(0, gone.length)
          const first = entries[0]?.transaction.id ?? lastId + 1
          for (const entry of changed) {
            if (entry.transaction.id >= first) entries[entry.transaction.id - first] = entry
            lastId = Math.max(lastId, entry.transaction.id)
            onTransaction?.(entry.transaction)
          }
        })
      }),

    /** The next entry, which has yet to be put. */
    enter: <T extends Omit<LedgerTransaction, "id">>(transaction: T) => ({
      transaction: { id: lastId + 1, ...transaction },
      isStarted: false,
      register: null
    }),

    /** The newest transaction of this name. */
    find: (stationId: string, transactionId: number | string): Entry | undefined =>
      entries.findLast(
        ({ transaction }) => transaction.stationId === stationId && transaction.transactionId === transactionId
      )
  }
}

/** The entry of a transaction once it has stopped. */
const stopped = (entry: Entry, stop: Partial<LedgerTransaction>): Entry => ({
  ...entry,
  transaction: { ...entry.transaction, ...stop }
})

/** What is known of a transaction after one more of its events, whichever comes first. */
const after = ({ isStarted, register, transaction }: Entry, event: TransactionEvent): Entry => {
  const isStart = event.eventType === "Started"
  const isEnd = event.eventType === "Ended" && transaction.stopTimestamp === null
  const last = event.last ?? register
  return {
    isStarted: isStarted || isStart,
    register: last,
    transaction: {
      ...transaction,
      startTimestamp: isStart ? event.timestamp : transaction.startTimestamp,
      connectorId: transaction.connectorId || event.connectorId,
      // Who ends a transaction may be another than who has started it.
      idTag: transaction.idTag || event.idTag,
      meterStart: (isStart ? event.begin : null) ?? transaction.meterStart ?? event.begin,
      ...(isEnd ? { stopTimestamp: event.timestamp, meterStop: last, stopReason: event.stopReason } : {})
    }
  }
}

const notStopped = { meterStart: null, stopTimestamp: null, meterStop: null, stopReason: null }

/** What the errata sheet of 1.6 has for a transaction whose start was never answered. */
const isNameless = (transactionId: number): boolean => transactionId === -1

/** An idTag with what has changed of it. */
const withChange = (tag: IdTag, change: IdTagChange): IdTag => {
  const status = change.status === undefined ? tag.status : change.status
  const expiryDate = change.expiryDate === undefined ? tag.expiryDate : change.expiryDate
  const parentIdTag = change.parentIdTag === undefined ? tag.parentIdTag : change.parentIdTag
  return {
    idTag: tag.idTag,
    ...(status == null ? {} : { status }),
    ...(expiryDate == null ? {} : { expiryDate }),
    ...(parentIdTag == null ? {} : { parentIdTag })
  }
}

/** Who may charge, where each change is stored before it takes effect; upper and lower case are the same. */
const listOf = (stored: IdTags, commit: (changes: ReadonlyArray<StorageChange>) => Effect.Effect<void>) => {
  const byTag = ({ tags }: IdTags) => new Map(tags.map((tag) => [tag.idTag.toLowerCase(), tag]))
  let idTags = stored
  let known = byTag(stored)
  const replace = (given: IdTags): Effect.Effect<void> =>
    Effect.map(commit([{ ...idTagsPlace, value: JSON.stringify(given) }]), () => {
      idTags = given
      known = byTag(given)
    })
  return {
    find: (idTag: string): IdTag => known.get(idTag.toLowerCase()) ?? { idTag, status: idTags.default ?? "Accepted" },

    replace,

    change: (idTag: string, change: IdTagChange): Effect.Effect<IdTag> => {
      const tag = withChange(known.get(idTag.toLowerCase()) ?? { idTag }, change)
      const tags = new Map(known).set(idTag.toLowerCase(), tag)
      return Effect.as(replace({ ...idTags, tags: Array.from(tags.values()) }), tag)
    }
  }
}

const anyone: IdTags = { tags: [] }

// ---- numbers of transactions in 1.x

/** What fits into 32 bits, which is all that OCPP-S and many stations have. */
const highest = 0x7fffffff

const numberAfter = (number: number): number => (number % highest) + 1

/**
 * The number before the first one that is handed out. From the time in milliseconds it is above all that earlier ledgers
 * have reached, if these have handed out fewer than 1,000 a second. After 24 days the time begins again at 0; from then
 * on a number can be one of an earlier ledger, which is as likely as with random numbers.
 */
const numberBefore = (entries: ReadonlyArray<Entry>, first: number | undefined): Effect.Effect<number> => {
  const last = entries.findLast(({ transaction: { transactionId: id } }) => typeof id === "number" && id > 0)
  if (last !== undefined) return Effect.succeed(Number(last.transaction.transactionId))
  if (first !== undefined) return Effect.sync(() => Options.count("firstTransactionId", first, 1) - 1)
  return Effect.map(Clock.currentTimeMillis, (now) => now % highest)
}

// ---- the storage

const transactionSpace = "ledger transaction"
const idTagsPlace = { space: "ledger", key: "idTags" }
const oldestPlace = { space: "ledger", key: "oldest transaction" }

const changeOf = (entry: Entry): StorageChange => ({ ...placeOf(entry), value: JSON.stringify(entry) })

/** What forgets the oldest entries, and remembers which one is the oldest then. */
const removalsOf = (gone: ReadonlyArray<Entry>): ReadonlyArray<StorageChange> => {
  const last = gone.at(-1)
  if (last === undefined) return []
  const first = { ...oldestPlace, value: String(last.transaction.id + 1) }
  return [first, ...gone.map((entry) => ({ ...placeOf(entry), value: undefined }))]
}

const placeOf = ({ transaction }: Entry): Omit<StorageChange, "value"> => ({
  space: transactionSpace,
  // In the order of their numbers.
  key: String(transaction.id).padStart(15, "0")
})

const readEntries = Effect.fnUntraced(function* (storage: Storage["Service"]) {
  const first = Number((yield* storage.get(oldestPlace.space, oldestPlace.key)) ?? 1)
  return yield* Effect.forEach(yield* storage.read(transactionSpace), ({ key, value }, index) =>
    Effect.filterOrFail(
      decode(Entry, { space: transactionSpace, key }, value),
      ({ transaction: { id } }) => id === first + index,
      () => unreadable(transactionSpace, `one before ${key} is missing`)
    )
  )
})

const readIdTags = (storage: Storage["Service"]): Effect.Effect<IdTags, StorageError> =>
  Effect.flatMap(storage.get(idTagsPlace.space, idTagsPlace.key), (value) =>
    value === undefined ? Effect.succeed(anyone) : decode(IdTags, idTagsPlace, value)
  )

const decode = <A, I>(
  schema: Schema.Codec<A, I>,
  { key, space }: Omit<StorageChange, "value">,
  value: string
): Effect.Effect<A, StorageError> =>
  Effect.mapError(Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(value), () =>
    unreadable(space, `${key} cannot be read`)
  )

const unreadable = (space: string, detail: string): StorageError =>
  new StorageError({ storage: space, reason: "Corrupt", detail })
