/**
 * Typed calls to the other side of a connection.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Schedule from "effect/Schedule"
import * as Action from "./Action.ts"
import * as Memo from "./internal/Memo.ts"
import type { CallFailure } from "./OcppError.ts"

/**
 * Options of one call; what is left out comes from the connection.
 *
 * **Details**
 *
 * - `timeout`: how long the caller waits, from the call on, its wait behind other calls included. A call that has not left
 *   by then fails as `NotSent`, one that has left as `Uncertain`. What a station stores first is not bounded by it.
 * - `responseTimeout`: how long to wait for the answer once the call is sent, and so how long it may hold up the next one,
 *   for only one call is under way at a time. By default as long as `timeout`.
 * - `retry`: repeats a call that ended as `Uncertain`, or as `NotSent` because there was no connection, the queue was full
 *   or its time was over; each try has the whole `timeout`. All tries carry the same message id, so the peer can recognise
 *   them.
 * - `messageId`: at most 36 characters, never used before by this side; made by the connection otherwise.
 *
 * @category options
 * @since 0.1.0
 */
export interface CallOptions {
  readonly timeout?: Duration.Input
  readonly responseTimeout?: Duration.Input
  readonly retry?: Schedule.Schedule<unknown, CallFailure>
  readonly messageId?: string
}

/**
 * A typed client: one method for each action that the peer answers. Its methods are plain functions, which can be taken
 * out of it: `const { heartbeat } = client`.
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
 * Calls the peer by an action that this side may start; clients are built on it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Caller<in S extends Action.Side = Action.Side> {
  readonly call: <A extends Action.OfSide<S>>(
    action: A,
    request: Action.Request<A>,
    options?: CallOptions
  ) => Effect.Effect<Action.Response<A>, Action.Failure<A>>
}

/**
 * Makes the clients of the side that calls. The methods are shared by all of them, so that a connection costs one small
 * object.
 *
 * **Gotchas**
 *
 * The type of the client is the caller's to name, as the version modules do: `CsmsClient`, `StationClient`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <C, const S extends Action.Side = Action.Side>(
  list: Action.ActionList,
  side: S
): ((caller: Caller<S>) => C) => {
  const Methods = methods[side](list)
  // They are the methods that the version's type of client lists, for the actions of this side.
  return (caller) => new Methods(caller as Caller) as C
}

const methodsOf = (side: Action.Side) =>
  Memo.perObject(({ actions }: Action.ActionList) => {
    class Methods {
      readonly caller: Caller
      constructor(caller: Caller) {
        this.caller = caller
      }
    }
    for (const action of actions) {
      if (!Action.isStartedBy(action, side)) continue
      Object.defineProperty(Methods.prototype, Action.method(action), {
        get(this: Methods) {
          const { caller } = this
          return (request: unknown, options?: CallOptions) => caller.call(action, request, options)
        }
      })
    }
    return Methods
  })

/** The caller that a client was made with. @internal */
export const callerOf = (client: unknown): Caller =>
  // `make` is the only one who makes clients.
  (client as { readonly caller: Caller }).caller

const methods = { station: methodsOf("station"), csms: methodsOf("csms") }
