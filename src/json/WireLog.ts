/**
 * A log of every frame, for those who ask for it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isObject } from "../internal/Check.ts"
import { escape } from "../Escape.ts"
import { excessOf } from "./internal/Limits.ts"

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
>("effect-ocpp/json/WireLog", { defaultValue: () => undefined })

/**
 * What feeds the log with each frame; absent without one. A log that throws is told so and costs
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
 * What else {@link redact} masks.
 *
 * **Details**
 *
 * - `idTokens`: what identifies a driver too, by default `false`.
 *
 * @category options
 * @since 0.1.0
 */
export interface RedactOptions {
  readonly idTokens?: boolean | undefined
}

/**
 * A frame without its secrets: passwords and keys that OCPP sets over the wire.
 *
 * **Details**
 *
 * Always masked, in all versions:
 *
 * - every field, and the value of every configuration key or variable, whose name contains `password` or `secret`;
 * - the codes that drivers type in (idTokens of type `KeyCode`);
 * - the values of the key `AuthorizationKey` and of the variables `SimPin` and `VpnKey`, the PIN of a SIM, the key of a
 *   VPN;
 * - the bodies of signed messages, which may hold any of them;
 * - passwords in URLs, and the parameters of URLs that grant access, such as the signature of an upload.
 *
 * With `idTokens`, also what tells a driver, their contract or their vehicle: tokens in all their forms (`idTag`,
 * `parentIdTag`, `idToken`, `groupIdToken`, …), certificates of contracts and what is exchanged with the vehicle about
 * them, identifiers of customers and payments with receipts and VAT data, messages to a driver, and signed meter values,
 * in which the token can be.
 *
 * What does not stand for itself on a line, such as an escape sequence of a terminal or a mark of the writing direction, is
 * escaped, which leaves the frame the same JSON.
 *
 * A text that is JSON itself, as in `DataTransfer`, is masked inside. What is not JSON, is nested more than 1,000 levels
 * deep or has an object with more than 10,000 fields comes back as its length only; an object with more than 500 fields
 * comes back as their number.
 *
 * **Gotchas**
 *
 * Certificates, requests for them and transaction ids are shown, and so is what vendors name in their own ways.
 *
 * @see WP §2.3, P2 A01, N09
 * @category redaction
 * @since 0.1.0
 */
export const redact = (frame: string, options: RedactOptions = {}): string => {
  if (isExcessive(frame)) return excessive(frame)
  const json = Result.try((): unknown => JSON.parse(frame))
  if (Result.isFailure(json)) return `(${frame.length} characters that are not JSON)`
  return escape(JSON.stringify(mask(json.success, options.idTokens === true ? either(isSecret, isPersonal) : isSecret)))
}

/** Whether a text would cost too much to be parsed. */
const isExcessive = (text: string): boolean => excessOf(text, { maxDepth: 1000, maxFields: 10_000 }) !== undefined

const excessive = (text: string): string => `(${text.length} characters of JSON that is too deep or too wide)`

/** Of an object with more fields only their number is shown. No message has that many. */
const mostFields = 500

const masked = "***"

const mask = (value: unknown, isHidden: IsHidden, holder = ""): unknown => {
  if (typeof value === "string") return maskText(value, isHidden)
  if (Array.isArray(value)) return value.map((item) => mask(item, isHidden))
  if (!isObject(value)) return value
  const names = Object.keys(value)
  if (names.length > mostFields) return `(${names.length} fields)`
  const changed = new Map<string, unknown>()
  for (const name of names) {
    const field = value[name]
    const shown = isHidden(name, value, holder) ? masked : mask(field, isHidden, name)
    if (shown !== field) changed.set(name, shown)
  }
  if (changed.size === 0) return value
  return Object.fromEntries(names.map((name) => [name, changed.has(name) ? changed.get(name) : value[name]]))
}

const maskText = (text: string, isHidden: IsHidden): string => {
  if (/^\s*[{[]/.test(text)) {
    if (isExcessive(text)) return excessive(text)
    const json = Result.try((): unknown => JSON.parse(text))
    if (Result.isSuccess(json)) {
      const shown = JSON.stringify(mask(json.success, isHidden))
      return shown === JSON.stringify(json.success) ? text : shown
    }
  }
  return text.includes("://") ? maskUrl(text) : text
}

const maskUrl = (text: string): string =>
  text
    .replaceAll(/(:\/\/[^/?#\s@:]*):[^/?#\s]*@/g, `$1:${masked}@`)
    .replaceAll(/([?&;])([^?&;=#\s]*)=[^&#\s]*/g, (parameter, mark: string, name: string) =>
      /auth|cred|key|passw|secret|sig|token/i.test(name) ? `${mark}${name}=${masked}` : parameter
    )

/** Whether a field is to be masked, judged by its name, by what is beside it, and by the name of what holds it. */
type IsHidden = (name: string, fields: Fields, holder: string) => boolean

type Fields = Readonly<Record<string, unknown>>

const has = (fields: Fields, name: string): boolean => Object.hasOwn(fields, name)

const either =
  (one: IsHidden, other: IsHidden): IsHidden =>
  (...field) =>
    one(...field) || other(...field)

const isSecret: IsHidden = (name, fields, holder) =>
  /password|secret|^simPin$/i.test(name) ||
  (holder === "vpn" && name === "key") ||
  // C04.FR.04
  (/^idToken$/i.test(name) && isKeyCode(fields)) ||
  (name === "payload" && (has(fields, "signature") || has(fields, "signatures"))) ||
  (isSetting(name) && /password|secret|^(authorizationKey|simPin|vpnKey)$/i.test(setting(fields)))

/** A field by its name in any case, in which a peer may have written it. */
const part = (fields: Fields, name: string): unknown => {
  if (has(fields, name)) return fields[name]
  return Object.entries(fields).find(([other]) => other.toLowerCase() === name)?.[1]
}

const isKeyCode = (fields: Fields): boolean => /^keyCode$/i.test(String(part(fields, "type")))

const isPersonal: IsHidden = (name, fields) =>
  personal.test(name) ||
  (/^(group)?idToken$/i.test(name) && typeof fields[name] !== "object") ||
  // Of a contract, where it stands beside a token.
  (/^(certificate|iso15118CertificateHashData)$/.test(name) && has(fields, "idToken")) ||
  (name === "value" && fields["format"] === "SignedData") ||
  // What is stored about a customer.
  (name === "data" && has(fields, "generatedAt")) ||
  (isSetting(name) && /idTag|(token|vehicleId|vehicleCertificate)$/i.test(setting(fields)))

const personal = new RegExp(
  `^(${[
    "idTag|parentIdTag|idTokens|additionalIdToken|prioritizedEMAIDs|exiRequest|exiResponse",
    "customerIdentifier|customerCertificate|personalMessage|updatedPersonalMessage|signedMeterData",
    "priceText|priceTextExtra|qrCodeText",
    "pspRef|receiptId|receiptUrl|vatNumber|vatCompany|company"
  ].join("|")})$`,
  "i"
)

/** The fields in which the values of configuration keys and variables are. */
const isSetting = (name: string): boolean => /^(value|attributeValue|actualValue|variableAttribute)$/i.test(name)

/** The name of the configuration key or variable that an object is about. */
const setting = (fields: Fields): string => {
  const variable = part(fields, "variable")
  const name = (isObject(variable) ? part(variable, "name") : undefined) ?? part(fields, "key")
  return typeof name === "string" ? name.trim() : ""
}
