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
import { checkFormat, Storage, type StorageChange, StorageError } from "../Storage.ts"
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
 * **Details**
 *
 * - `type`: which type of idToken of 2.x is meant, such as `ISO14443`; without it all types are.
 * - `status`: by default `Accepted`, and `Expired` instead of that from `expiryDate` on.
 * - `parentIdTag`: the group; idTags of one group may stop each other's transactions.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTag extends Schema.Opaque<IdTag>()(
  Schema.Struct({
    idTag: Schema.String,
    type: Schema.optionalKey(Schema.String),
    status: Schema.optionalKey(IdTagStatus),
    expiryDate: Schema.optionalKey(Timestamp.Timestamp),
    parentIdTag: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "IdTag" })
) {}

/**
 * Who may charge: what is said of the idTags in `tags`, and `default` for all others, which is `Accepted` unless it is
 * said.
 *
 * **Details**
 *
 * - `masterPassGroupId`: the group whose members can stop every transaction and start none, in 2.x. Stations have to be
 *   told of it too, by their variable `AuthCtrlr.MasterPassGroupId`.
 *
 * @see P2 C16
 * @category models
 * @since 0.1.0
 */
export class IdTags extends Schema.Opaque<IdTags>()(
  Schema.Struct({
    default: Schema.optionalKey(IdTagStatus),
    tags: Schema.Array(IdTag),
    masterPassGroupId: Schema.optionalKey(Schema.String)
  }).annotate({ identifier: "IdTags" })
) {}

/**
 * What changes of one idTag: what is given replaces what was, and `null` takes it away.
 *
 * **Details**
 *
 * - `type`: which entry of the idTag changes, by its type of idToken of 2.x; without it, all of them. If there is none, one
 *   is added.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTagChange extends Schema.Opaque<IdTagChange>()(
  Schema.Struct({
    type: Schema.optionalKey(Schema.String),
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
 * - `evseId`: the EVSE, in 2.x, as soon as an event has told it.
 *
 * @category models
 * @since 0.1.0
 */
export class LedgerTransaction extends Schema.Opaque<LedgerTransaction>()(
  Schema.Struct({
    id: Schema.Int,
    transactionId: Schema.Union([Schema.Int, Schema.String]),
    stationId: Schema.String,
    evseId: Schema.optionalKey(Schema.Int),
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
  readonly evseId?: number | undefined
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
 * - `maxTransactions`: how many transactions are kept, by default 100,000. Beyond it the oldest is forgotten, in the
 *   `Storage` too.
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
 * What a ledger knows of an idTag.
 *
 * **Details**
 *
 * - `isKnown`: whether it is one of those in the list.
 * - `isMasterPass`: whether its group is that of the master pass.
 *
 * @category models
 * @since 0.1.0
 */
export interface Authorization extends Pick<IdTag, "expiryDate" | "parentIdTag"> {
  readonly status: IdTagStatus
  readonly isKnown: boolean
  readonly isMasterPass: boolean
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
  /** Who may charge, as it was set and changed. */
  readonly idTags: Effect.Effect<IdTags>
  readonly setIdTags: (idTags: IdTags) => Effect.Effect<void>
  /** Changes what is known of one idTag, and leaves the others as they are; upper and lower case are the same. */
  readonly changeIdTag: (idTag: string, change: IdTagChange) => Effect.Effect<IdTag>
  /** What is known of an idTag now, of a type of 2.x or of any; upper and lower case are the same. */
  readonly authorize: (idTag: string, type?: string) => Effect.Effect<Authorization>
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
    storage === undefined ? nothing : yield* readStored(storage),
    yield* Effect.sync(() => Options.count("maxTransactions", options.maxTransactions ?? 100_000, 1)),
    options.onTransaction
  )
  const list = listOf(storage === undefined ? anyone : yield* readIdTags(storage), commit)
  let lastNumber = yield* numberBefore(entries, options.firstTransactionId)
  const lock = Semaphore.makeUnsafe(1)

  /** Makes one change after the other, for each begins with what the one before has left, and each of them whole. */
  const change = <A>(evaluate: () => Effect.Effect<A>): Effect.Effect<A> =>
    lock.withPermit(Effect.uninterruptible(Effect.suspend(evaluate)))

  const ledger: Ledger = {
    idTags: Effect.sync(list.current),

    setIdTags: (given) => change(() => list.replace(given)),

    changeIdTag: (idTag, changed) => change(() => list.change(idTag, changed)),

    authorize: (idTag, type) => Effect.map(Clock.currentTimeMillis, (now) => list.authorize(idTag, type, now)),

    start: (start) =>
      change(() => {
        lastNumber = numberAfter(lastNumber)
        const entry = enter({ transactionId: lastNumber, ...notStopped, ...start })
        return Effect.as(put([entry]), entry.transaction)
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
        return Effect.as(put([ended]), Option.some(ended.transaction))
      }),

    record: (event) =>
      change(() => {
        const { connectorId, eventType, idTag, stationId, timestamp, transactionId } = event
        const earlier = find(stationId, transactionId)
        const isNew = earlier === undefined || (eventType === "Started" && earlier.isStarted)
        const entry = isNew
          ? enter({ ...notStopped, stationId, transactionId, connectorId, idTag, startTimestamp: timestamp })
          : earlier
        return put([after(entry, event)])
      }),

    closeStale: (stationId) =>
      change(() =>
        Effect.flatMap(Timestamp.now, (stopTimestamp) => {
          const closed = entries
            .filter(({ transaction }) => transaction.stationId === stationId && transaction.stopTimestamp === null)
            .map((entry) => stopped(entry, { stopTimestamp, stopReason: "Other" }))
          return Effect.as(put(closed), closed.length)
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

/** What was kept before: the entries, and how many came before them and are forgotten. */
interface Stored {
  readonly entries: ReadonlyArray<Entry>
  readonly forgotten: number
}

const nothing: Stored = { entries: [], forgotten: 0 }

/** The entries, and where they are kept. */
const bookIn = (
  storage: Storage["Service"] | undefined,
  stored: Stored,
  most: number,
  onTransaction: LedgerOptions["onTransaction"]
) => {
  const entries = Array.from(stored.entries)
  let { forgotten } = stored
  /** The newest entry of each name. */
  const newest = new Map(entries.map((entry) => [nameOf(entry.transaction), entry]))
  const placeOf = (entry: Entry): number => entry.transaction.id - forgotten - 1
  const commit = (changes: ReadonlyArray<StorageChange>): Effect.Effect<void> =>
    storage === undefined ? Effect.void : Effect.orDie(storage.commit(changes))
  return {
    entries,
    commit,

    /** Stores entries and then puts them in their places; the oldest go that are too many. */
    put: (changed: ReadonlyArray<Entry>): Effect.Effect<void> => {
      const size = changed.reduce((longest, entry) => Math.max(longest, placeOf(entry) + 1), entries.length)
      const gone = entries.slice(0, Math.max(0, size - most))
      const goneNow = forgotten + gone.length
      const removals = gone.length === 0 ? [] : [...gone.map(removalOf), { ...forgottenPlace, value: String(goneNow) }]
      return Effect.map(commit([...changed.map(changeOf), ...removals]), () => {
        for (const entry of changed) {
          entries[placeOf(entry)] = entry
          if (entry.transaction.id >= (newest.get(nameOf(entry.transaction))?.transaction.id ?? 0)) {
            newest.set(nameOf(entry.transaction), entry)
          }
        }
        for (const { transaction } of entries.splice(0, gone.length)) {
          if (newest.get(nameOf(transaction))?.transaction.id === transaction.id) newest.delete(nameOf(transaction))
        }
        forgotten = goneNow
        for (const { transaction } of changed) onTransaction?.(transaction)
      })
    },

    /** The next entry, which has yet to be put. */
    enter: <T extends Omit<LedgerTransaction, "id">>(transaction: T) => ({
      transaction: { id: forgotten + entries.length + 1, ...transaction },
      isStarted: false,
      register: null
    }),

    /** The newest transaction of this name. */
    find: (stationId: string, transactionId: number | string): Entry | undefined =>
      newest.get(nameOf({ stationId, transactionId }))
  }
}

/** What a transaction is called: the digits of a number are not the same as a text of them. */
const nameOf = ({ stationId, transactionId }: Pick<LedgerTransaction, "stationId" | "transactionId">): string =>
  JSON.stringify([stationId, transactionId])

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
  const evseId = transaction.evseId ?? event.evseId
  return {
    isStarted: isStarted || isStart,
    register: last,
    transaction: {
      ...transaction,
      startTimestamp: isStart ? event.timestamp : transaction.startTimestamp,
      ...(evseId === undefined ? {} : { evseId }),
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

/** Who may charge, where each change is stored before it takes effect; upper and lower case are the same. */
const listOf = (stored: IdTags, commit: (changes: ReadonlyArray<StorageChange>) => Effect.Effect<void>) => {
  let idTags = stored
  let find = finderIn(stored)
  const replace = (given: IdTags): Effect.Effect<void> =>
    Effect.map(commit([{ ...idTagsPlace, value: JSON.stringify(given) }]), () => {
      idTags = given
      find = finderIn(given)
    })
  return {
    current: (): IdTags => idTags,

    replace,

    change: (idTag: string, { type, ...change }: IdTagChange): Effect.Effect<IdTag> => {
      const isMeant = (tag: IdTag): boolean =>
        isSame(tag.idTag, idTag) && (type === undefined || isSame(tag.type, type))
      const added = idTags.tags.some(isMeant) ? [] : [{ idTag, ...(type === undefined ? {} : { type }) }]
      const tags = [...idTags.tags, ...added].map((tag) => (isMeant(tag) ? withChange(tag, change) : tag))
      // There is one, or else it was added.
      return Effect.as(replace({ ...idTags, tags }), tags.findLast(isMeant)!)
    },

    authorize: (idTag: string, type: string | undefined, now: number): Authorization => {
      const { default: status = "Accepted", masterPassGroupId } = idTags
      const found = find(idTag, type)
      return found === undefined
        ? { status, isKnown: false, isMasterPass: false }
        : authorizationOf(found, masterPassGroupId, now)
    }
  }
}

/** Upper and lower case are the same. */
const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase()

/** Finds what is said of an idTag, of a type of 2.x or of any. */
const finderIn = ({ tags }: IdTags): ((idTag: string, type: string | undefined) => IdTag | undefined) => {
  const known = new Map<string, Array<IdTag>>()
  for (const tag of tags) {
    const idTag = tag.idTag.toLowerCase()
    known.set(idTag, [...(known.get(idTag) ?? []), tag])
  }
  return (idTag, type) => {
    const named = known.get(idTag.toLowerCase()) ?? []
    return (
      named.findLast((tag) => type !== undefined && isSame(tag.type, type)) ??
      named.findLast((tag) => type === undefined || tag.type === undefined)
    )
  }
}

const authorizationOf = (tag: IdTag, masterPassGroupId: string | undefined, now: number): Authorization => {
  const { expiryDate, parentIdTag, status = "Accepted" } = tag
  const expiry = expiryDate === undefined ? undefined : Timestamp.toMillis(expiryDate)
  const isExpired = expiry !== undefined && expiry <= now
  return {
    ...(expiryDate === undefined ? {} : { expiryDate }),
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
    status: isExpired && status === "Accepted" ? "Expired" : status,
    isKnown: true,
    isMasterPass: parentIdTag !== undefined && parentIdTag.toLowerCase() === masterPassGroupId?.toLowerCase()
  }
}

/** An idTag with what has changed of it. */
const withChange = (tag: IdTag, change: Omit<IdTagChange, "type">): IdTag => {
  const status = change.status === undefined ? tag.status : change.status
  const expiryDate = change.expiryDate === undefined ? tag.expiryDate : change.expiryDate
  const parentIdTag = change.parentIdTag === undefined ? tag.parentIdTag : change.parentIdTag
  return {
    idTag: tag.idTag,
    ...(tag.type === undefined ? {} : { type: tag.type }),
    ...(status == null ? {} : { status }),
    ...(expiryDate == null ? {} : { expiryDate }),
    ...(parentIdTag == null ? {} : { parentIdTag })
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
const forgottenPlace = { space: "ledger", key: "forgotten" }

const changeOf = (entry: Entry): StorageChange => ({ ...placeIn(entry), value: JSON.stringify(entry) })

const removalOf = (entry: Entry): StorageChange => ({ ...placeIn(entry), value: undefined })

const placeIn = ({ transaction: { id } }: Entry): Omit<StorageChange, "value"> => ({
  space: transactionSpace,
  // In the order of their numbers.
  key: String(id).padStart(15, "0")
})

const readStored = Effect.fnUntraced(function* (storage: Storage["Service"]) {
  yield* checkFormat(storage, "ledger")
  const { key: forgottenKey, space } = forgottenPlace
  const value = yield* storage.get(space, forgottenKey)
  const forgotten = value === undefined ? 0 : yield* decode(Schema.Int, forgottenPlace, value)
  const entries = yield* Effect.forEach(yield* storage.read(transactionSpace), ({ key, value: entry }, index) =>
    Effect.filterOrFail(
      decode(Entry, { space: transactionSpace, key }, entry),
      ({ transaction: { id } }) => id === forgotten + index + 1,
      () => unreadable(transactionSpace, `one before ${key} is missing`)
    )
  )
  const stored: Stored = { entries, forgotten }
  return stored
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
