/**
 * What a version of OCPP is, as a value of facets: its actions, its identities, its life cycle, its transactions, and how
 * it is carried. Clients, handlers and the engine are derived from it.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type { ActionList } from "./Action.ts"
import type * as Identity from "./Identity.ts"
import type { ErrorCode } from "./OcppError.ts"
import type { Lifecycle } from "./Registration.ts"
import type { TransactionRules } from "./Transaction.ts"

/**
 * How a version frames its messages and spells its errors (OCPP-J).
 *
 * **Details**
 *
 * - `messageTypes`: the message type numbers that this version has, of 2 CALL, 3 CALLRESULT, 4 CALLERROR,
 *   5 CALLRESULTERROR and 6 SEND.
 * - `spelling`: the error codes that this version writes differently.
 * - `badCall`: the code that answers a CALL whose id can be read but whose other parts cannot; one whose payload is no
 *   JSON is a `FormatViolation`.
 * - `unreadable`: the id that answers a frame whose own id cannot be read, `undefined` where such a frame is dropped.
 * - `unknownMessageType`: whether a frame with an unknown message type number is answered.
 *
 * @category models
 * @since 0.1.0
 */
export interface Framing {
  readonly messageTypes: ReadonlySet<number>
  readonly spelling: Partial<Record<ErrorCode, string>>
  readonly badCall: ErrorCode
  readonly unreadable: string | undefined
  readonly unknownMessageType: "answered" | "ignored"
}

/**
 * How a version is carried as JSON over WebSocket (OCPP-J).
 *
 * @category models
 * @since 0.1.0
 */
export interface JsonCarriage {
  readonly subprotocol: `ocpp${string}`
  readonly framing: Framing
}

/**
 * A version of OCPP.
 *
 * **Details**
 *
 * - `version`: its name, such as `"1.6"`.
 * - `identity`: which identities stations may have.
 * - `actions`: its actions in both directions.
 * - `lifecycle`: how a station registers and shows that it is there, and what may pass before it is accepted.
 * - `transactions`: which messages a transaction is made of.
 * - `json`: how it is carried by OCPP-J.
 *
 * @category models
 * @since 0.1.0
 */
export interface Protocol<out Version extends string = string> extends ActionList<Version> {
  readonly identity: Identity.Rule
  readonly lifecycle: Lifecycle
  readonly transactions: TransactionRules
  readonly json: JsonCarriage
}

/**
 * A version of OCPP as a station speaks it: the services under which it finds the typed calls to its CSMS and its own
 * transactions.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationProtocol<
  out Version extends string,
  in out CsmsId,
  out CsmsClient,
  in out TransactionsId,
  out StationTransactions
> extends Protocol<Version> {
  readonly Csms: Context.Key<CsmsId, CsmsClient>
  readonly Transactions: Context.Key<TransactionsId, StationTransactions>
}
