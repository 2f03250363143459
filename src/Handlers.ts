/**
 * Handlers: what a side answers to the requests of its peer. They come in sets, one for a version and a side, which can
 * be merged, wrapped, completed and overridden before a station or a CSMS gets them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Action from "./Action.ts"
import type { ReceivedRequest } from "./Exchange.ts"
import type { CallError } from "./OcppError.ts"
import type { Protocol } from "./Protocol.ts"
import type { Reply } from "./Reply.ts"

/**
 * What a handler gives: the response or a {@link Reply} with it, or a `CallError`.
 *
 * **When to use**
 *
 * Use to name the type where TypeScript takes that of the first branch for all of them, as it does within
 * `Effect.suspend`. A conditional expression and `Effect.gen` need no name.
 *
 * **Example** (A reply in one branch)
 *
 * ```ts
 * reset: ({ type }, csms) =>
 *   Effect.suspend((): Handlers.Answer<V16.ResetResponse> =>
 *     type === "Hard"
 *       ? Reply.then({ status: "Accepted" }, csms.heartbeat({}))
 *       : Effect.succeed({ status: "Rejected" })
 *   )
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export type Answer<Response, R = never> = Effect.Effect<Response | Reply<Response>, CallError, R>

/**
 * Handles one action: gets the request, the peer that sent it and the facts of the exchange, and answers or fails with a
 * `CallError`.
 *
 * @category models
 * @since 0.1.0
 */
export type Handler<A extends Action.Action, Peer, R = never> = (
  request: Action.Request<A>,
  peer: Peer,
  exchange: ReceivedRequest
) => Answer<Action.Response<A>, R>

/**
 * A record of handlers that need the services `R`: those of the mandatory actions are required, the others optional.
 *
 * @category models
 * @since 0.1.0
 */
export type HandlerRecord<A extends Action.Action, Mandatory extends A, Peer, R = never> = {
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
 * The handlers of one side for one version, by the names of their actions.
 *
 * **Details**
 *
 * - `protocol`: the version; or the list of the generic actions, whose handlers an adapter puts into the words of a version.
 * - `side`: the side that answers. An action of the peer without a handler is answered `NotSupported`.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandlerSet<
  out Version extends string = string,
  out R = never,
  out S extends Action.Side = Action.Side,
  out List extends Action.ActionList<Version> = Protocol<Version>
> {
  readonly protocol: List
  readonly side: S
  readonly handlers: ReadonlyMap<string, UntypedHandler<R>>
}

/**
 * A handler behind its types: it is given only requests that satisfy the action's schema.
 *
 * @category models
 * @since 0.1.0
 */
export type UntypedHandler<out R = never> = (
  request: unknown,
  peer: unknown,
  exchange: ReceivedRequest
) => Effect.Effect<unknown, CallError, R>

/**
 * Binds a record of handlers to a protocol. `Needed` are the handlers that must be there, `Allowed` those that may.
 *
 * @category models
 * @since 0.1.0
 */
export interface HandlerBuilder<
  out Version extends string,
  out S extends Action.Side,
  in Needed,
  in Allowed,
  out List extends Action.ActionList<Version> = Protocol<Version>
> {
  <const H extends Needed>(record: Exact<H, Allowed>): HandlerSet<Version, Requirements<H>, S, List>
}

/**
 * Two sets cannot be put together: both have a handler for the same action, and nothing says which one is meant, or they
 * are of different protocols or sides.
 *
 * **Details**
 *
 * - `actions`: those with two handlers; empty if the sets are of different protocols or sides.
 *
 * @category errors
 * @since 0.1.0
 */
export class HandlersConflict extends Schema.TaggedError<HandlersConflict>()("HandlersConflict", {
  version: Schema.String,
  actions: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return this.actions.length === 0
      ? `two sets of handlers for OCPP ${this.version} are of different protocols or sides`
      : `OCPP ${this.version} has two handlers for ${this.actions.join(", ")}; use Handlers.override or Handlers.fallback`
  }
}

/**
 * Makes a set of handlers by asking for one of each action that the side answers.
 *
 * **When to use**
 *
 * Use in tools that treat all actions alike. Applications use the typed functions of the version modules, such as
 * `V16.csmsHandlers` and `V16.stationHandlers`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <
  Version extends string,
  const S extends Action.Side,
  R = never,
  List extends Action.ActionList<Version> = Protocol<Version>
>(
  protocol: List & Action.ActionList<Version>,
  side: S,
  handlerOf: (action: Action.Action) => UntypedHandler<R> | undefined
): HandlerSet<Version, R, S, List> => {
  const handlers = new Map<string, UntypedHandler<R>>()
  for (const action of protocol.actions) {
    const handler = action.from === side ? undefined : handlerOf(action)
    if (handler !== undefined) handlers.set(action.name, handler)
  }
  return { protocol, side, handlers }
}

/**
 * Makes the function that binds records of handlers to a protocol. The version modules export it with their types.
 *
 * @category constructors
 * @since 0.1.0
 */
export const of =
  <
    Version extends string,
    S extends Action.Side,
    Needed,
    Allowed,
    List extends Action.ActionList<Version> = Protocol<Version>
  >(
    protocol: List,
    side: S
  ): HandlerBuilder<Version, S, Needed, Allowed, List> =>
  (record) => {
    // The version modules check the record against the actions; here only its keys count.
    const given = record as Record<string, UntypedHandler<Requirements<typeof record>> | undefined>
    return make(protocol, side, (action) => {
      const method = Action.method(action)
      return Object.hasOwn(given, method) ? given[method] : undefined
    })
  }

/**
 * Puts two sets of one version and side together, such as those of two feature profiles. Throws {@link HandlersConflict}
 * if both have a handler for the same action, or if they are of different protocols or sides.
 *
 * @category combinators
 * @since 0.1.0
 */
export const merge = <
  Version extends string,
  R,
  S extends Action.Side,
  R2,
  List extends Action.ActionList<Version> = Protocol<Version>
>(
  one: HandlerSet<Version, R, S, List>,
  other: HandlerSet<NoInfer<Version>, R2, NoInfer<S>, NoInfer<List>>
): HandlerSet<Version, R | R2, S, List> => {
  const isApart = one.protocol !== other.protocol || one.side !== other.side
  const actions = isApart ? [] : Array.from(other.handlers.keys()).filter((action) => one.handlers.has(action))
  if (isApart || actions.length > 0) throw new HandlersConflict({ version: one.protocol.version, actions })
  return override(one, other)
}

/**
 * Replaces the handlers of some actions: where both sets have one, that of the second is used.
 *
 * **Example** (A CSMS that answers one action in its own way)
 *
 * ```ts
 * Handlers.override(usual, V16.csmsHandlersPartial({ dataTransfer: () => Effect.succeed({ status: "Accepted" }) }))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const override = <
  Version extends string,
  R,
  S extends Action.Side,
  R2,
  List extends Action.ActionList<Version> = Protocol<Version>
>(
  set: HandlerSet<Version, R, S, List>,
  by: HandlerSet<NoInfer<Version>, R2, NoInfer<S>, NoInfer<List>>
): HandlerSet<Version, R | R2, S, List> => ({
  ...set,
  handlers: new Map<string, UntypedHandler<R | R2>>([...set.handlers, ...by.handlers])
})

/**
 * Completes a set: an action for which it has no handler gets the one of the second set.
 *
 * @category combinators
 * @since 0.1.0
 */
export const fallback = <
  Version extends string,
  R,
  S extends Action.Side,
  R2,
  List extends Action.ActionList<Version> = Protocol<Version>
>(
  set: HandlerSet<Version, R, S, List>,
  to: HandlerSet<NoInfer<Version>, R2, NoInfer<S>, NoInfer<List>>
): HandlerSet<Version, R | R2, S, List> => override<Version, R2, S, R, List>(to, set)

/**
 * Wraps each handler of a set.
 *
 * **When to use**
 *
 * Use for what is to happen around all handlers: measuring, logging, provision of a service, refusal of what a tenant
 * may not ask.
 *
 * **Example** (Counting requests by action)
 *
 * ```ts
 * const counted = Handlers.map(handlers, (handle, action) => (request, peer, exchange) => {
 *   counts.set(action.name, (counts.get(action.name) ?? 0) + 1)
 *   return handle(request, peer, exchange)
 * })
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const map = <
  Version extends string,
  R,
  S extends Action.Side,
  R2,
  List extends Action.ActionList<Version> = Protocol<Version>
>(
  set: HandlerSet<Version, R, S, List>,
  wrap: (handler: UntypedHandler<R>, action: Action.Action) => UntypedHandler<R2>
): HandlerSet<Version, R2, S, List> =>
  make(set.protocol, set.side, (action) => {
    const handler = set.handlers.get(action.name)
    return handler === undefined ? undefined : wrap(handler, action)
  })

/**
 * A set of handlers, or an effect that makes one.
 *
 * **When to use**
 *
 * Give an effect where handlers need a place for state, or work that goes on between requests: it is run once, in the
 * scope of its station or CSMS, and may use the services that these give, such as the client of a station.
 *
 * **Gotchas**
 *
 * The station or CSMS connects only when the effect is done, so what waits for a connection has to be forked.
 *
 * **Example** (Counting the starts at this station)
 *
 * ```ts
 * Effect.gen(function*() {
 *   const starts = yield* Ref.make(0)
 *   return V16.stationHandlersPartial({
 *     remoteStartTransaction: () => Effect.as(Ref.update(starts, (n) => n + 1), { status: "Accepted" as const })
 *   })
 * })
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export type HandlerSource<
  Version extends string = string,
  S extends Action.Side = Action.Side,
  R = unknown,
  E = unknown,
  R2 = unknown
> = HandlerSet<Version, R, S> | Effect.Effect<HandlerSet<Version, R, S>, E, R2>

/**
 * The services that a source of handlers needs, to be made and to answer.
 *
 * @category models
 * @since 0.1.0
 */
export type SourceServices<Source> =
  Source extends HandlerSet<string, infer R>
    ? R
    : Source extends Effect.Effect<HandlerSet<string, infer R>, unknown, infer R2>
      ? R | R2
      : never

/**
 * What a source of handlers can fail with when it is made.
 *
 * @category models
 * @since 0.1.0
 */
export type SourceError<Source> = Source extends Effect.Effect<unknown, infer E, unknown> ? E : never

/** The handlers of a source. @internal */
export const load = <Version extends string, S extends Action.Side, R, E, R2>(
  source: HandlerSource<Version, S, R, E, R2>
): Effect.Effect<HandlerSet<Version, R, S>, E, R2> => (Effect.isEffect(source) ? source : Effect.succeed(source))
