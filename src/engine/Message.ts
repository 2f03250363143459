/**
 * What the engine exchanges with its peer, as values.
 *
 * @since 0.1.0
 */
import type { DeviationKind } from "../Deviation.ts"

/**
 * A request.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallMessage {
  readonly _tag: "Call"
  readonly messageId: string
  readonly action: string
  readonly payload: unknown
}

/**
 * A response.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallResultMessage {
  readonly _tag: "CallResult"
  readonly messageId: string
  readonly payload: unknown
}

/**
 * The refusal of a request.
 *
 * **Details**
 *
 * `code` is in the library's spelling. `flaw` says what was wrong with one that came broken, where a part had to be made
 * up, so that the caller who waits for this answer still gets one.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallErrorMessage {
  readonly _tag: "CallError"
  readonly messageId: string
  readonly code: string
  readonly description: string
  readonly details: Record<string, unknown>
  readonly flaw: string | undefined
}

/**
 * The refusal of a response; only 2.1 has it. `code` is in the library's spelling.
 *
 * @category models
 * @since 0.1.0
 */
export interface CallResultErrorMessage {
  readonly _tag: "CallResultError"
  readonly messageId: string
  readonly code: string
  readonly description: string
  readonly details: Record<string, unknown>
}

/**
 * A request that is never answered; only 2.1 has it.
 *
 * @category models
 * @since 0.1.0
 */
export interface SendMessage {
  readonly _tag: "Send"
  readonly messageId: string
  readonly action: string
  readonly payload: unknown
}

/**
 * A message.
 *
 * @category models
 * @since 0.1.0
 */
export type Message = CallMessage | CallResultMessage | CallErrorMessage | CallResultErrorMessage | SendMessage

/**
 * Something came that is no message of the version.
 *
 * **Details**
 *
 * - `flaw`: what is wrong with it, in words that are not the peer's.
 * - `answer`: what tells the peer so, where the version answers it.
 * - `ends`: where it is an answer itself, of which kind and what is left of it: the call that waits for `messageId` gets it
 *   as an `InvalidResponse`.
 *
 * @category models
 * @since 0.1.0
 */
export interface MalformedMessage {
  readonly kind: DeviationKind
  readonly flaw: string
  readonly messageId: string | undefined
  readonly answer: Pick<CallErrorMessage, "messageId" | "code" | "description"> | undefined
  readonly ends?: { readonly by: "CallResult" | "CallError"; readonly payload: unknown } | undefined
}
