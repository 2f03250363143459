/**
 * What an adapter is made of: which action of a version means which generic one and how their messages translate into each
 * other, and the forms of what is written by hand where that is not enough.
 */
import type * as Effect from "effect/Effect"
import type * as Action from "../../Action.ts"
import type * as Client from "../../Client.ts"
import type { Deviation } from "../../Deviation.ts"
import type { ReportData } from "../../domain/index.ts"
import type * as Handlers from "../../Handlers.ts"
import type { CallFailure } from "../../OcppError.ts"
import { withoutEmptyLists } from "./emptyLists.ts"
import type { Table } from "./Table.ts"

/**
 * A generic action, and one that a version has for it.
 *
 * **Details**
 *
 * - `isFor`: whether a generic request is sent by this action. A version that has several actions for a generic one sends
 *   the first of its list that is for the request, and handles all of them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Translation {
  readonly generic: Action.Action
  readonly action: Action.Action
  readonly request: Table<unknown, unknown>
  readonly response: Table<unknown, unknown>
  readonly isFor: (request: unknown) => boolean
}

/**
 * Carries messages of a version in those of one of its actions.
 *
 * **Details**
 *
 * - `action`: the action that carries them.
 * - `caller`: makes one that calls by the actions that are carried, too.
 * - `handler`: makes the handler of `action` of those of the actions that are carried; `otherwise` gets all else.
 *
 * @category models
 * @since 0.1.0
 */
export interface Extensions {
  readonly action: Action.Action
  readonly caller: <S extends Action.Side>(versioned: Client.Caller<S>) => Client.Caller<S>
  readonly handler: <R>(
    side: Action.Side,
    handlerOf: (action: Action.Action) => Handlers.UntypedHandler<R> | undefined,
    otherwise: Handlers.UntypedHandler<R> | undefined
  ) => Handlers.UntypedHandler<R> | undefined
}

/**
 * All variables of a station whose version has them in another form, and what it has told beside them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Inventory {
  /** In the order of their addresses. */
  readonly variables: ReadonlyArray<ReportData>
  /** In the order in which the station tells them. */
  readonly leftOut: ReadonlyArray<KeyLeftOut>
}

/**
 * A configuration key that is not told by variables, or not as it was told, and why.
 *
 * **Details**
 *
 * - `key`, `value`: as the station has them, so escape them before they are shown. The value is absent if the station tells
 *   none, or if it is a secret.
 * - `hasVariable`: whether there is a variable for the key. Its value cannot be said then, and `getVariables` rejects it for
 *   that reason.
 * - `reason`: why, in words that can be shown.
 *
 * @category models
 * @since 0.1.0
 */
export interface KeyLeftOut {
  readonly key: string
  readonly value?: string
  readonly isReadOnly: boolean
  readonly hasVariable: boolean
  readonly reason: string
}

/**
 * Reads all variables of a station whose version has them in another form.
 *
 * @category models
 * @since 0.1.0
 */
export type InventoryOf = (
  versioned: Client.Caller<"csms">,
  options?: Client.CallOptions
) => Effect.Effect<Inventory, CallFailure>

/** Reports what was left out of a message. */
export type Report = (deviation: Deviation) => Effect.Effect<void>

/**
 * Makes handlers of a version, by their actions, of generic ones, which get the peer that is made of the session or client.
 *
 * @category models
 * @since 0.1.0
 */
export type HandlersOf<out Needs> = <R>(
  generic: ReadonlyMap<string, Handlers.UntypedHandler<R>>,
  peerOf: (peer: object) => unknown,
  report?: Report
) => ReadonlyMap<string, Handlers.UntypedHandler<R | Needs>>

/**
 * Makes a generic call to a station of calls of a version; `undefined` where one is enough, as the translations say.
 *
 * @category models
 * @since 0.1.0
 */
export type CallOf = (
  request: unknown,
  versioned: Client.Caller<"csms">,
  options?: Client.CallOptions,
  report?: Report
) => Effect.Effect<unknown, CallFailure> | undefined

/**
 * Says how an action of a version means a generic one, and for which requests it is sent; for all, if that is left out.
 */
export const translation = <G extends Action.Action, A extends Action.Action>(
  generic: G,
  action: A,
  request: Table<Action.Request<A>, Action.Request<G>>,
  response: Table<Action.Response<A>, Action.Response<G>>,
  isFor: (request: Action.Request<G>) => boolean = always
): Translation => ({
  generic,
  action,
  // The tables and the test are given messages of these two actions only.
  request: withoutEmptyLists(request as Table<unknown, unknown>, action.request),
  response: withoutEmptyLists(response as Table<unknown, unknown>, action.response),
  isFor: isFor as (request: unknown) => boolean
})

const always = (): boolean => true
