/**
 * What a simulated CSMS knows: which idTags may charge, and the transactions it was told of.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
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
 * Who may charge: what is said of the idTags in `tags`, and `default` for all others.
 *
 * @category models
 * @since 0.1.0
 */
export class IdTags extends Schema.Opaque<IdTags>()(
  Schema.Struct({
    default: IdTagStatus,
    tags: Schema.Array(IdTag)
  }).annotate({ identifier: "IdTags" })
) {}

/**
 * A transaction as the CSMS knows it. What is not known yet is `null`.
 *
 * @category models
 * @since 0.1.0
 */
export class Transaction extends Schema.Opaque<Transaction>()(
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
  }).annotate({ identifier: "Transaction" })
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
export interface TransactionEvent extends Pick<Transaction, "stationId" | "connectorId" | "idTag"> {
  readonly transactionId: string
  readonly eventType: "Started" | "Updated" | "Ended"
  readonly timestamp: string
  readonly begin: number | null
  readonly last: number | null
  readonly stopReason: string
}

/**
 * The idTags and transactions of a simulated CSMS.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ledger {
  readonly setIdTags: (idTags: IdTags) => Effect.Effect<void>
  /** What is known of an idTag now; upper and lower case are the same. */
  readonly authorize: (idTag: string) => Effect.Effect<Omit<IdTag, "idTag"> & { readonly status: IdTagStatus }>
  /** Opens a transaction under a fresh number. */
  readonly start: (
    start: Pick<Transaction, "stationId" | "connectorId" | "idTag" | "startTimestamp" | "meterStart">
  ) => Effect.Effect<Transaction>
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
  ) => Effect.Effect<Option.Option<Transaction>>
  /** Enters an event of a transaction that the station has named, whichever event of it comes first. */
  readonly record: (event: TransactionEvent) => Effect.Effect<void>
  /** Ends all open transactions of a station in the ledger only; gives their number. */
  readonly closeStale: (stationId: string) => Effect.Effect<number>
  /** The transactions, oldest first. */
  readonly transactions: (stationId?: string) => Effect.Effect<ReadonlyArray<Transaction>>
}

/** A transaction, and what is known of it besides. */
interface Entry {
  transaction: Transaction
  /** Whether the event of its start has come. */
  isStarted: boolean
  /** The last reading of the energy register. */
  register: number | null
}

/**
 * Makes a ledger in which every idTag is accepted until it is told otherwise.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<Ledger> = Effect.sync(() => {
  let fallback: IdTagStatus = "Accepted"
  let known = new Map<string, IdTag>()
  const entries: Array<Entry> = []

  const enter = (transaction: Omit<Transaction, "id">, isStarted = false): Entry => {
    const entry = { transaction: { id: entries.length + 1, ...transaction }, isStarted, register: null }
    entries.push(entry)
    return entry
  }

  /** The newest transaction of this name. */
  const find = (stationId: string, transactionId: number | string): Entry | undefined =>
    entries.findLast(
      ({ transaction }) => transaction.stationId === stationId && transaction.transactionId === transactionId
    )

  return {
    setIdTags: (idTags) =>
      Effect.sync(() => {
        fallback = idTags.default
        known = new Map(idTags.tags.map((tag) => [tag.idTag.toLowerCase(), tag]))
      }),
    authorize: (idTag) =>
      Effect.map(Timestamp.now, (now) => {
        const { idTag: _, status = "Accepted", ...rest } = known.get(idTag.toLowerCase()) ?? { idTag, status: fallback }
        const expiry = rest.expiryDate === undefined ? undefined : Timestamp.toMillis(rest.expiryDate)
        const isExpired = expiry !== undefined && expiry <= (Timestamp.toMillis(now) ?? 0)
        return { ...rest, status: isExpired && status === "Accepted" ? "Expired" : status }
      }),
    start: (start) =>
      Effect.sync(() => enter({ transactionId: entries.length + 1, ...notStopped, ...start }).transaction),
    stop: (stationId, transactionId, { idTag = "", ...stop }) =>
      Effect.sync(() => {
        // When and where it began, nobody knows.
        const entry = isNameless(transactionId)
          ? enter({
              ...notStopped,
              stationId,
              transactionId,
              connectorId: 0,
              idTag,
              startTimestamp: stop.stopTimestamp
            })
          : find(stationId, transactionId)
        if (entry === undefined || entry.transaction.stopTimestamp !== null) return Option.none()
        entry.transaction = { ...entry.transaction, ...stop }
        return Option.some(entry.transaction)
      }),
    record: ({ begin, connectorId, eventType, idTag, last, stationId, stopReason, timestamp, transactionId }) =>
      Effect.sync(() => {
        const isStart = eventType === "Started"
        const earlier = find(stationId, transactionId)
        const entry =
          earlier === undefined || (isStart && earlier.isStarted)
            ? enter({ ...notStopped, stationId, transactionId, connectorId, idTag, startTimestamp: timestamp }, isStart)
            : earlier
        const { transaction } = entry
        entry.isStarted ||= isStart
        entry.register = last ?? entry.register
        entry.transaction = {
          ...transaction,
          startTimestamp: isStart ? timestamp : transaction.startTimestamp,
          connectorId: transaction.connectorId || connectorId,
          // Who ends a transaction may be another than who has started it.
          idTag: transaction.idTag || idTag,
          meterStart: (isStart ? begin : null) ?? transaction.meterStart ?? begin,
          ...(eventType === "Ended" && transaction.stopTimestamp === null
            ? { stopTimestamp: timestamp, meterStop: entry.register, stopReason }
            : {})
        }
      }),
    closeStale: (stationId) =>
      Effect.map(Timestamp.now, (stopTimestamp) => {
        const open = entries.filter(
          ({ transaction }) => transaction.stationId === stationId && transaction.stopTimestamp === null
        )
        for (const entry of open) entry.transaction = { ...entry.transaction, stopTimestamp, stopReason: "Other" }
        return open.length
      }),
    transactions: (stationId) =>
      Effect.sync(() =>
        entries
          .map(({ transaction }) => transaction)
          .filter((transaction) => stationId === undefined || transaction.stationId === stationId)
      )
  }
})

const notStopped = { meterStart: null, stopTimestamp: null, meterStop: null, stopReason: null }

/** What the errata sheet of 1.6 has for a transaction whose start was never answered. */
const isNameless = (transactionId: number): boolean => transactionId === -1
