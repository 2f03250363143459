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
  /** Its connection has closed, of which the station may be told only now. */
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
  NotConnected: "lost",
  ConnectionLost: "lost",
  QueueFull: "held",
  NotAccepted: "held",
  NotStored: "held",
  CallError: "failed",
  InvalidResponse: "failed",
  Timeout: "silent"
}

/**
 * How it stood when the attempt had ended.
 *
 * - `isOpen`: whether the connection over which the message left is still open and accepted.
 * - `attempts`: how often the CSMS had failed to process the message before.
 * - `most`: how often it may.
 */
export interface State {
  readonly isOpen: boolean
  readonly attempts: number
  readonly most: number
}

/**
 * What becomes of the message.
 *
 * - `Delivered`: it is forgotten.
 * - `Discarded`: it is given up at once.
 * - `AwaitLoss`: it is sent again once the station knows of the loss of its connection, which counts as no attempt.
 * - `AwaitConnection`: it is sent again as soon as a connection is accepted, which counts as no attempt.
 * - `Pause`: it is sent again after a moment, which counts as no attempt.
 * - `Failed`: this attempt counts. If it `isLast`, the message is given up. If it `isDoubtful`, that holds only if the
 *   connection is not lost before the next attempt would be due.
 */
export type Verdict =
  | { readonly _tag: "Delivered" | "Discarded" | "AwaitLoss" | "AwaitConnection" | "Pause" }
  | { readonly _tag: "Failed"; readonly attempts: number; readonly isLast: boolean; readonly isDoubtful: boolean }

export const verdict = (outcome: Outcome, { attempts, isOpen, most }: State): Verdict => {
  const meaning = meanings[outcome]
  if (meaning === "arrived") return { _tag: "Delivered" }
  if (meaning === "hopeless") return { _tag: "Discarded" }
  if (meaning === "lost") return { _tag: "AwaitLoss" }
  // On another connection, or with a CSMS that does not know the station any more, the message has not had its chance.
  if (!isOpen) return { _tag: "AwaitConnection" }
  if (meaning === "held") return { _tag: "Pause" }
  return {
    _tag: "Failed",
    attempts: attempts + 1,
    isLast: attempts + 1 >= most,
    isDoubtful: meaning === "silent"
  }
}

/** The outcome of a call; `undefined` if it was interrupted or died. */
export const outcomeOf = (exit: Exit.Exit<unknown, CallFailure>): Outcome | undefined => {
  if (Exit.isSuccess(exit)) return "Answered"
  const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (failure === undefined) return undefined
  return failure._tag === "NotSent" || failure._tag === "Uncertain" ? failure.reason : failure._tag
}
