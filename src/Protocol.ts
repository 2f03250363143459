/**
 * What a version of OCPP is, as a value of facets: its actions, its identities, its life cycle, its transactions, and how
 * it is carried. Clients, handlers and the engine are derived from it.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type { Action, ActionList, Side } from "./Action.ts"
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
 * What XML asks of a type of a message, where its schema does not say it already.
 *
 * **Details**
 *
 * - `order`: its fields in the order of the WSDL, where the schema has them in another one.
 * - `names`: the elements of fields that have another name.
 * - `text`: the field that is the text of the element; the others are its attributes.
 * - `filled`: the lists that have at least one element.
 * - `words`: the words of an enumeration that are sent as another one.
 *
 * @category models
 * @since 0.1.0
 */
export interface XmlRules {
  readonly order?: ReadonlyArray<string>
  readonly names?: Readonly<Record<string, string>>
  readonly text?: string
  readonly filled?: ReadonlyArray<string>
  readonly words?: Readonly<Record<string, string>>
}

/**
 * How a version is carried as XML over HTTP (OCPP-S). It lies beside the version and not in it, so that nobody who speaks
 * JSON loads it.
 *
 * **Details**
 *
 * - `protocol`: the version.
 * - `actions`: those that its WSDL has.
 * - `namespaces`: that of the service of each side, whose operations the other side calls.
 * - `types`: what XML asks of its types, by the identifiers of their schemas.
 *
 * @see S16 §8
 * @category models
 * @since 0.1.0
 */
export interface SoapCarriage {
  readonly protocol: Protocol
  readonly actions: ReadonlyArray<Action>
  readonly namespaces: Readonly<Record<Side, string>>
  readonly types: Readonly<Record<string, XmlRules>>
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
