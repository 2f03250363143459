/**
 * What a version of OCPP is, as a value, and the typed clients and handlers that follow from its list of actions.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Schedule from "effect/Schedule"
import * as Action from "./Action.ts"
import type * as Identity from "./Identity.ts"
import type { CallError, CallFailure, ErrorCode } from "./OcppError.ts"
import type { BootAnswer, RegistrationRules } from "./Registration.ts"
import type { Reply } from "./Reply.ts"
import type { TransactionRules } from "./Transaction.ts"

/**
 * How a version frames its messages and spells its errors (OCPP-J).
 *
 * **Details**
 *
 * - `messageTypes`: the message type numbers that this version has, of 2 CALL, 3 CALLRESULT, 4 CALLERROR,
 *   5 CALLRESULTERROR and 6 SEND.
 * - `spelling`: the error codes that this version writes differently.
 * - `badCall`: the code that answers a CALL whose id can be read but whose other parts cannot.
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
 * A version of OCPP: its name, its WebSocket sub-protocol, the identities that stations may have, its actions in both
 * directions, its framing, and what it says of registration and of transactions.
 *
 * **Details**
 *
 * - `bootAnswer`: reads the answer to a BootNotification.
 *
 * @category models
 * @since 0.1.0
 */
export interface Protocol<out Version extends string = string> {
  readonly version: Version
  readonly subprotocol: `ocpp${string}`
  readonly identity: Identity.Rule
  readonly actions: ReadonlyArray<Action.Action>
  readonly framing: Framing
  readonly registration: RegistrationRules
  readonly bootAnswer: (response: unknown) => BootAnswer
  readonly transactions: TransactionRules
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

/**
 * Options of one call; what is left out comes from the connection.
 *
 * **Details**
 *
 * - `timeout`: how long to wait for the answer once the call is sent.
 * - `retry`: repeats a call that ended as `Uncertain`, or as `NotSent` because there was no connection or the queue was
 *   full. All tries carry the same message id, so the peer can recognise them.
 * - `messageId`: at most 36 characters, never used before by this side; made by the connection otherwise.
 *
 * @category options
 * @since 0.1.0
 */
export interface CallOptions {
  readonly timeout?: Duration.Input
  readonly retry?: Schedule.Schedule<unknown, CallFailure>
  readonly messageId?: string
}

/**
 * A typed client: one method for each action that the peer answers.
 *
 * @category models
 * @since 0.1.0
 */
export type Client<A extends Action.Action> = {
  readonly [K in A as Action.Method<K>]: (
    request: Action.Request<K>,
    options?: CallOptions
  ) => Effect.Effect<Action.Response<K>, Action.Failure<K>>
}

/**
 * Makes a call by its action; clients are built on it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Caller {
  readonly call: <A extends Action.Action>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ) => Effect.Effect<Action.Response<A>, Action.Failure<A>>
}

/**
 * Handles one action: gets the request and the peer that sent it, answers or fails with a `CallError`.
 *
 * @category models
 * @since 0.1.0
 */
export type Handler<A extends Action.Action, Peer, R = never> = (
  request: Action.Request<A>,
  peer: Peer
) => Effect.Effect<Action.Response<A> | Reply<Action.Response<A>>, CallError, R>

/**
 * A record of handlers that need the services `R`: those of the mandatory actions are required, the others optional.
 *
 * @category models
 * @since 0.1.0
 */
export type Handlers<A extends Action.Action, Mandatory extends A, Peer, R = never> = {
  readonly [K in Mandatory as Action.Method<K>]: Handler<K, Peer, R>
} & {
  readonly [K in Exclude<A, Mandatory> as Action.Method<K>]?: Handler<K, Peer, R>
}

/**
 * Refuses the keys that a record has beyond those it may have, which type inference would let through.
 *
 * @category models
 * @since 0.1.0
 */
export type Exact<Given, Allowed> = Given & { readonly [K in Exclude<keyof Given, keyof Allowed>]: never }

/**
 * The services that a record of handlers needs.
 *
 * @category models
 * @since 0.1.0
 */
export type Requirements<H> = {
  [K in keyof H]-?: NonNullable<H[K]> extends (...args: never) => Effect.Effect<unknown, unknown, infer R> ? R : never
}[keyof H]

/**
 * Handlers with the protocol that they belong to.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandlerSet<out Version extends string = string, out R = never> {
  readonly protocol: Protocol<Version>
  readonly handlers: ReadonlyMap<string, UntypedHandler<R>>
}

/**
 * A handler behind its types: the engine gives it only requests that satisfy the action's schema.
 *
 * @category models
 * @since 0.1.0
 */
export type UntypedHandler<out R = never> = (request: unknown, peer: unknown) => Effect.Effect<unknown, CallError, R>

/**
 * Binds a record of handlers to a protocol. `Needed` are the handlers that must be there, `Allowed` those that may.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandlerBuilder<out Version extends string, in Needed, in Allowed> {
  <const H extends Needed>(record: Exact<H, Allowed>): HandlerSet<Version, Requirements<H>>
}

/**
 * Makes the function that binds records of handlers to a protocol. The version modules export it with their types.
 *
 * @category constructors
 * @since 0.1.0
 */
export const handlersOf =
  <Version extends string, Needed, Allowed>(protocol: Protocol<Version>): HandlerBuilder<Version, Needed, Allowed> =>
  (record) => {
    // The version modules check the record against the actions; here only its keys count.
    const given = record as Record<string, UntypedHandler<Requirements<typeof record>> | undefined>
    const handlers = new Map<string, UntypedHandler<Requirements<typeof record>>>()
    for (const action of protocol.actions) {
      const method = Action.method(action)
      const handler = Object.hasOwn(given, method) ? given[method] : undefined
      if (handler !== undefined) handlers.set(action.name, handler)
    }
    return { protocol, handlers }
  }

/**
 * Makes the clients of a side: the methods are shared by all of them, so that a connection costs one small object.
 *
 * **Gotchas**
 *
 * The type of the client is the caller's to name, as the version modules do: `CsmsClient`, `StationClient`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const clients = <C>(protocol: Protocol, side: Action.Side): ((caller: Caller) => C) => {
  class Methods {
    readonly caller: Caller
    constructor(caller: Caller) {
      this.caller = caller
    }
  }
  for (const action of protocol.actions) {
    if (!Action.isStartedBy(action, side)) continue
    Object.defineProperty(Methods.prototype, Action.method(action), {
      value: function (this: Methods, request: unknown, options?: CallOptions) {
        return this.caller.call(action, request, options)
      }
    })
  }
  // The loop above gave the prototype the methods that the version's type of client lists.
  return (caller) => new Methods(caller) as C
}
