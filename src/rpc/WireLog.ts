/**
 * A log of every frame, for those who ask for it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

/**
 * A frame as it passed.
 *
 * **Details**
 *
 * - `identity`: the station at one end of the connection.
 * - `direction`: seen from the side that logs.
 * - `time`: milliseconds since 1970-01-01T00:00:00Z.
 * - `frame`: the text, with secrets in it; show it only after {@link redact}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry {
  readonly identity: string
  readonly direction: "in" | "out"
  readonly time: number
  readonly frame: string
}

/**
 * Is given every frame, synchronously; absent by default, and then costs nothing.
 *
 * **When to use**
 *
 * Provide it to the layer of a station or a CSMS to see what passes on the wire.
 *
 * @category references
 * @since 0.1.0
 */
export const WireLog: Context.Reference<((entry: Entry) => void) | undefined> = Context.Reference<
  ((entry: Entry) => void) | undefined
>("effect-ocpp/rpc/WireLog", { defaultValue: () => undefined })

/**
 * The part of an engine's observer that feeds the log; absent without one. A log that throws is told so and costs
 * nobody a frame.
 *
 * @category observing
 * @since 0.1.0
 */
export const observe: Effect.Effect<
  ((identity: string, direction: Entry["direction"], frame: string) => void) | undefined
> = Effect.gen(function* () {
  const wireLog = yield* WireLog
  if (wireLog === undefined) return undefined
  const clock = yield* Clock.Clock
  const run = Effect.runForkWith(yield* Effect.context<never>())
  return (identity, direction, frame) => {
    const logged = Result.try(() => wireLog({ identity, direction, frame, time: clock.currentTimeMillisUnsafe() }))
    if (Result.isFailure(logged)) run(Effect.logError("the wire log failed", logged.failure))
  }
})

/**
 * A frame without its secrets: passwords and keys that OCPP sets over the wire.
 *
 * **Details**
 *
 * Masked are the values of the 1.6 key `AuthorizationKey` and of the 2.x variable `BasicAuthPassword`, every field whose
 * name ends in `password`, the PIN of a SIM, the key of a VPN, and the passwords in URLs. What is not JSON, or nested too
 * deeply to be shown, comes back as its length only.
 *
 * @see WP §2.3
 * @category redaction
 * @since 0.1.0
 */
export const redact = (frame: string): string => {
  const json = Result.try((): unknown => JSON.parse(frame))
  if (Result.isFailure(json)) return `(${frame.length} characters that are not JSON)`
  return Result.getOrElse(
    Result.try(() => JSON.stringify(mask(json.success))),
    () => `(${frame.length} characters of JSON that is nested too deeply)`
  )
}

const masked = "***"

const mask = (value: unknown): unknown => {
  if (typeof value === "string") return value.replaceAll(/(:\/\/[^/?#\s@:]*):[^/?#\s@]*@/g, `$1:${masked}@`)
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value)
  const secret = secretFields(new Map(entries))
  return Object.fromEntries(entries.map(([key, field]) => [key, secret.test(key) ? masked : mask(field)]))
}

/** The names under which an object holds a secret, judged by what else it holds. */
const secretFields = (fields: ReadonlyMap<string, unknown>): RegExp => {
  if (isText(fields.get("key"), "AuthorizationKey")) return /^value$/
  if (isPasswordVariable(fields.get("variable"))) return /^attributeValue$/
  return fields.has("server") && fields.has("user") ? /password$|^key$/i : /password$|^simPin$/i
}

const isPasswordVariable = (variable: unknown): boolean =>
  typeof variable === "object" && variable !== null && "name" in variable && isText(variable.name, "BasicAuthPassword")

// The names of keys and variables have no case.
const isText = (value: unknown, text: string): boolean =>
  typeof value === "string" && value.toLowerCase() === text.toLowerCase()
