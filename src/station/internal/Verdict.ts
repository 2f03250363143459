/**
 * What becomes of a stored message when an attempt to deliver it has ended: a table without time or storage.
 */
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { CallFailure, NotSent, Uncertain } from "../../OcppError.ts"

/** How an attempt has ended. */
export type Outcome = "Answered" | "CallError" | "InvalidResponse" | NotSent["reason"] | Uncertain["reason"]

/** What an outcome says of the message. */
type Meaning =
  /** It has arrived. */
  | "arrived"
  /** It can never be sent. */
  | "hopeless"
  /** There was no connection any more, of which the station may be told only now. */
  | "unsent"
  /** Its connection has closed after it was sent. */
  | "lost"
  /** It could not leave although the way was open. */
  | "held"
  /** The CSMS has failed to process it. */
  | "failed"
  /** The CSMS has kept silent, or the connection was dead. */
  | "silent"

/** Every outcome has one meaning. */
export const meanings: Readonly<Record<Outcome, Meaning>> = {
  Answered: "arrived",
  InvalidRequest: "hopeless",
  NotSupported: "hopeless",
  NotConnected: "unsent",
  ConnectionLost: "lost",
  QueueFull: "held",
  NotAccepted: "held",
  NotStored: "held",
  NotExpressible: "hopeless",
  CallError: "failed",
  InvalidResponse: "failed",
  Timeout: "silent"
}

/** With these codes a CSMS closes a connection because of what was in a message, or of its size (RFC 6455 §7.4.1). */
const invalidContent = 1007
const tooLarge = 1009

/** A message is the cause when this many connections have broken under it, one after the other. */
const mostBreaks = 3

/**
 * How the connection was lost over which the message had left.
 *
 * - `code`: with which code it closed.
 * - `wasGood`: whether the CSMS had answered another call on it.
 * - `wasSoon`: whether it was lost soon after the message had left.
 */
export interface Loss {
  readonly code: number
  readonly wasGood: boolean
  readonly wasSoon: boolean
}

/**
 * How it stood when the attempt had ended.
 *
 * - `isOpen`: whether the connection over which the message left is still open and accepted.
 * - `attempts`: how often the CSMS had failed to process the message before.
 * - `most`: how often it may.
 * - `breaks`: how many connections in a row have broken under it before.
 * - `isShortenable`: whether there is something in the message that it may do without.
 * - `wasAside`: whether it was set aside before, so that one more failure is enough.
 * - `loss`: how the connection was lost, if it was.
 */
export interface State {
  readonly isOpen: boolean
  readonly attempts: number
  readonly most: number
  readonly breaks: number
  readonly isShortenable: boolean
  readonly wasAside: boolean
  readonly loss: Loss | undefined
}

/**
 * What becomes of the message.
 *
 * - `Delivered`: it is forgotten.
 * - `Discarded`: it is given up at once.
 * - `AwaitLoss`: it has not left, and is sent once the station knows of the loss of its connection.
 * - `AwaitConnection`: it is sent again as soon as a connection is accepted, which counts as no attempt.
 * - `Pause`: it is sent again after a moment, which counts as no attempt.
 * - `Shortened`: it is sent again without what it may do without, which counts as no attempt.
 * - `Failed`: this attempt counts. `end` says what becomes of the message if it was the last one. If it `isDoubtful`,
 *   that holds only if the connection is not lost before the next attempt would be due.
 * - `Lost`: it is sent again on the next connection, which counts as no attempt; or set aside, if so many connections in a
 *   row have perhaps broken because of it.
 */
export type Verdict =
  | { readonly _tag: "Delivered" }
  | { readonly _tag: "Discarded" }
  | { readonly _tag: "AwaitLoss" | "AwaitConnection" | "Pause" | "Shortened" }
  | {
      readonly _tag: "Failed"
      readonly attempts: number
      readonly end: "Discarded" | "SetAside" | undefined
      readonly isDoubtful: boolean
    }
  | { readonly _tag: "Lost"; readonly breaks: number; readonly end: "SetAside" | undefined }

export const verdict = (outcome: Outcome, state: State): Verdict => {
  const meaning = meanings[outcome]
  if (meaning === "arrived") return { _tag: "Delivered" }
  if (meaning === "hopeless") return { _tag: "Discarded" }
  if (meaning === "unsent") return { _tag: "AwaitLoss" }
  if (meaning === "lost") return afterLoss(state)
  // On another connection, or with a CSMS that does not know the station any more, the message has not had its chance.
  if (!state.isOpen) return { _tag: "AwaitConnection" }
  if (meaning === "held") return { _tag: "Pause" }
  const { attempts, most, wasAside } = state
  // What was set aside once is never lost.
  const end = attempts + 1 < most ? undefined : wasAside ? "SetAside" : "Discarded"
  return { _tag: "Failed", attempts: attempts + 1, end, isDoubtful: meaning === "silent" }
}

const afterLoss = ({ attempts, breaks, isShortenable, loss, most, wasAside }: State): Verdict => {
  if (loss?.code === tooLarge && isShortenable) return { _tag: "Shortened" }
  if (loss?.code === tooLarge || loss?.code === invalidContent) {
    const end = wasAside || attempts + 1 >= most ? "SetAside" : undefined
    return { _tag: "Failed", attempts: attempts + 1, end, isDoubtful: false }
  }
  // A connection on which nothing was answered may be bad itself. One that lasted for a while was not broken by the message.
  if (loss?.wasGood !== true) return { _tag: "Lost", breaks, end: undefined }
  if (!loss.wasSoon) return { _tag: "Lost", breaks: 0, end: undefined }
  return { _tag: "Lost", breaks: breaks + 1, end: wasAside || breaks + 1 >= mostBreaks ? "SetAside" : undefined }
}

/** The outcome of a call; `undefined` if it was interrupted or died. */
export const outcomeOf = (exit: Exit.Exit<unknown, CallFailure>): Outcome | undefined => {
  if (Exit.isSuccess(exit)) return "Answered"
  const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (failure === undefined) return undefined
  return failure._tag === "NotSent" || failure._tag === "Uncertain" ? failure.reason : failure._tag
}
