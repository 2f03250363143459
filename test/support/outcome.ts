/**
 * How a call that was started has ended.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { settled } from "./time.ts"

/** An error as plain fields, which compare by value. */
export const fields = (error: object): { readonly [field: string]: unknown } =>
  Object.fromEntries(Object.entries(error))

/** The failure of a call, as plain fields. */
export const failure = <A, E extends object>(
  call: Fiber.Fiber<A, E>
): Effect.Effect<{ readonly [field: string]: unknown }, A> => Effect.map(Effect.flip(Fiber.join(call)), fields)

/** Whether a call is over. */
export const isOver = <A, E>(call: Fiber.Fiber<A, E>): Effect.Effect<boolean> =>
  Effect.map(settled, () => call.pollUnsafe() !== undefined)

/** In one word or two: `ok`, the reason or the code of the failure, `interrupted`, or `open` while there is no outcome. */
export const outcome = <A, E>(call: Fiber.Fiber<A, E>): string => {
  const exit = call.pollUnsafe()
  if (exit === undefined) return "open"
  if (Exit.isSuccess(exit)) return "ok"
  if (Cause.hasInterruptsOnly(exit.cause)) return "interrupted"
  const error: unknown = Cause.squash(exit.cause)
  if (typeof error !== "object" || error === null) return String(error)
  if ("reason" in error) return String(error.reason)
  if ("code" in error) return String(error.code)
  return "_tag" in error ? String(error._tag) : String(error)
}
