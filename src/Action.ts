/**
 * What an action of OCPP is: a name on the wire, who may start it, and the schemas of its two messages.
 *
 * Typed clients, handler records, JSON Schemas and documentation are all derived from lists of actions, so a version
 * of the protocol is described by its list and by nothing else.
 *
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import type { CallFailure, NotSent } from "./OcppError.ts"

/**
 * A side of an OCPP connection.
 *
 * @category models
 * @since 0.1.0
 */
export type Side = "station" | "csms"

/**
 * The schema of a message. Messages are faithful to the wire: what is decoded has the shape that was received.
 *
 * @category models
 * @since 0.1.0
 */
export type MessageSchema = Schema.Codec<unknown, unknown>

/**
 * One OCPP action, as a value.
 *
 * **Details**
 *
 * - `name`: the name on the wire, case-sensitive, without `Request`.
 * - `from`: the side that may start it; `"both"` for DataTransfer.
 * - `block`: the feature profile (1.6) or functional block (2.x) that it belongs to.
 * - `response`: absent for a SEND (2.1), which is never answered.
 *
 * @category models
 * @since 0.1.0
 */
export interface Action<
  out Name extends string = string,
  out From extends Side | "both" = Side | "both",
  out Block extends string = string,
  out RequestMessage extends MessageSchema = MessageSchema,
  out ResponseMessage extends MessageSchema | undefined = MessageSchema | undefined
> {
  readonly name: Name
  readonly from: From
  readonly block: Block
  readonly request: RequestMessage
  readonly response: ResponseMessage
}

/**
 * A list of actions under a name: those of a version of OCPP, or the generic ones.
 *
 * @category models
 * @since 0.1.0
 */
export interface ActionList<out Version extends string = string> {
  readonly version: Version
  readonly actions: ReadonlyArray<Action>
}

/**
 * The request of an action.
 *
 * @category models
 * @since 0.1.0
 */
export type Request<A extends Action> = A["request"]["Type"]

/**
 * The response of an action; `void` for a SEND.
 *
 * @category models
 * @since 0.1.0
 */
export type Response<A extends Action> = A["response"] extends MessageSchema ? A["response"]["Type"] : void

/**
 * What a call of an action can fail with; a SEND is sent or it is not.
 *
 * @category models
 * @since 0.1.0
 */
export type Failure<A extends Action> = A["response"] extends MessageSchema ? CallFailure : NotSent

/**
 * The client method and handler key of an action: `BootNotification` becomes `bootNotification`.
 *
 * @category models
 * @since 0.1.0
 */
export type Method<A extends Action> = Uncapitalize<A["name"]>

/**
 * The actions of a union that a side may start, and its peer therefore answers.
 *
 * @category models
 * @since 0.1.0
 */
export type StartedBy<A extends Action, S extends Side> = Extract<A, { readonly from: S | "both" }>

/**
 * Any action that a side may start.
 *
 * @category models
 * @since 0.1.0
 */
export type OfSide<S extends Side> = Action<string, S | "both">

/**
 * Makes an action.
 *
 * **When to use**
 *
 * Use to describe a vendor's own action for a protocol that you extend; the actions of OCPP are exported by the
 * version modules.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <
  const Name extends string,
  const From extends Side | "both",
  const Block extends string,
  RequestMessage extends MessageSchema,
  ResponseMessage extends MessageSchema
>(
  name: Name,
  options: {
    readonly from: From
    readonly block: Block
    readonly request: RequestMessage
    readonly response: ResponseMessage
  }
): Action<Name, From, Block, RequestMessage, ResponseMessage> => ({ name, ...options })

/**
 * Makes an action whose message is a SEND: it goes at any time and is never answered.
 *
 * @see P4-21 §4.2.4
 * @category constructors
 * @since 0.1.0
 */
export const makeSend = <
  const Name extends string,
  const From extends Side | "both",
  const Block extends string,
  RequestMessage extends MessageSchema
>(
  name: Name,
  options: { readonly from: From; readonly block: Block; readonly request: RequestMessage }
): Action<Name, From, Block, RequestMessage, undefined> => ({ name, ...options, response: undefined })

/**
 * The client method and handler key of an action.
 *
 * @category getters
 * @since 0.1.0
 */
export const method = <A extends Action>(action: A): Method<A> =>
  // The type is this very expression at the level of types.
  (action.name.charAt(0).toLowerCase() + action.name.slice(1)) as Method<A>

/**
 * Whether a side may start an action.
 *
 * @category guards
 * @since 0.1.0
 */
export const isStartedBy = <S extends Side>(action: Action, side: S): action is OfSide<S> =>
  action.from === side || action.from === "both"
