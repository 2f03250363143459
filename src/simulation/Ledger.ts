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
 * The idTags and transactions of a simulated CSMS.
 *
 * @category models
 * @since 0.1.0
 */
export interface Ledger {
  readonly setIdTags: (idTags: IdTags) => Effect.Effect<void>
  /** What is known of an idTag now; upper and lower case are the same. */
  readonly authorize: (idTag: string) => Effect.Effect<Omit<IdTag, "idTag"> & { readonly status: IdTagStatus }>
  /**
   * Opens a transaction, under a fresh number if the station names none, or gives back the one that the same start has
   * opened before.
   */
  readonly start: (
    start: Pick<Transaction, "stationId" | "connectorId" | "idTag" | "startTimestamp" | "meterStart"> & {
      readonly transactionId?: string
    }
  ) => Effect.Effect<Transaction>
  /** Ends a transaction; none if the station has no open one of this number. */
  readonly stop: (
    stationId: string,
    transactionId: number | string,
    stop: Pick<Transaction, "stopTimestamp" | "meterStop" | "stopReason">
  ) => Effect.Effect<Option.Option<Transaction>>
  /** Ends all open transactions of a station in the ledger only; gives their number. */
  readonly closeStale: (stationId: string) => Effect.Effect<number>
  /** The transactions, oldest first. */
  readonly transactions: (stationId?: string) => Effect.Effect<ReadonlyArray<Transaction>>
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
  const transactions: Array<Transaction> = []

  const replace = (index: number, stop: Partial<Transaction>): Transaction => {
    // `index` comes from a search of this very list.
    const stopped = { ...transactions[index]!, ...stop }
    transactions[index] = stopped
    return stopped
  }

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
      Effect.sync(() => {
        const repeated = transactions.find(
          (other) =>
            (start.transactionId === undefined || other.transactionId === start.transactionId) &&
            other.stationId === start.stationId &&
            other.connectorId === start.connectorId &&
            other.idTag === start.idTag &&
            other.startTimestamp === start.startTimestamp &&
            other.meterStart === start.meterStart
        )
        if (repeated !== undefined) return repeated
        const id = transactions.length + 1
        const transaction = { id, transactionId: id, ...start, stopTimestamp: null, meterStop: null, stopReason: null }
        transactions.push(transaction)
        return transaction
      }),
    stop: (stationId, transactionId, stop) =>
      Effect.sync(() => {
        const index = transactions.findIndex(
          (other) =>
            other.stationId === stationId && other.transactionId === transactionId && other.stopTimestamp === null
        )
        return index < 0 ? Option.none() : Option.some(replace(index, stop))
      }),
    closeStale: (stationId) =>
      Effect.map(Timestamp.now, (stopTimestamp) => {
        let closed = 0
        for (const [index, { stationId: owner, stopTimestamp: stopped }] of transactions.entries()) {
          if (owner !== stationId || stopped !== null) continue
          replace(index, { stopTimestamp, stopReason: "Other" })
          closed++
        }
        return closed
      }),
    transactions: (stationId) =>
      Effect.sync(() => transactions.filter((other) => stationId === undefined || other.stationId === stationId))
  }
})
