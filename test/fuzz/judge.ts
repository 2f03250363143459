/**
 * What the rules allow to come of a text, said without the code that is on trial.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Action from "../../src/Action.ts"
import type { Protocol } from "../../src/Protocol.ts"
import { otherSide } from "./frames.ts"

/** A text is read by this side, which waits for the answer to a call if there is one. */
export interface Reading {
  readonly protocol: Protocol
  readonly side: Action.Side
  readonly asked: { readonly messageId: string; readonly action: Action.Action } | undefined
}

export interface Verdict {
  /** The one answer that is due: one of these types, with this id. */
  readonly answer?: {
    readonly types: ReadonlyArray<number>
    readonly messageId: string
    readonly codes?: ReadonlyArray<string>
  }
  /** Whether the call that is waited for is over. */
  readonly settles?: "well" | "badly" | undefined
  /** The request that is to be handled: the action and the payload. */
  readonly request?: { readonly action: Action.Action; readonly payload: unknown; readonly isValid: boolean }
}

/** What is to come of a text. */
export const judge = (text: string, { asked, protocol, side }: Reading): Verdict => {
  const { framing } = protocol.json
  const refusal = (messageId: string | undefined, ...codes: ReadonlyArray<Parameters<typeof spelt>[1]>): Verdict =>
    messageId === undefined
      ? {}
      : { answer: { types: [4], messageId, codes: codes.map((code) => spelt(protocol, code)) } }
  const unreadable = refusal(framing.unreadable, "RpcFrameworkError")
  const broken: Verdict =
    framing.messageTypes.has(5) && asked !== undefined
      ? { settles: "badly", answer: { types: [5], messageId: asked.messageId } }
      : { settles: "badly" }
  const isAsked = (id: unknown): boolean =>
    asked !== undefined && (id === asked.messageId || (typeof id === "number" && String(id) === asked.messageId))

  const json = parsed(text)
  if (Result.isFailure(json)) {
    const { id, type } = headOf(text)
    if (type === 3 || type === "3") return isAsked(id) ? broken : {}
    if (type === 4 || type === "4") return isAsked(id) ? { settles: "badly" } : {}
    if (typeof type === "string") return type !== "2" && framing.messageTypes.has(Number(type)) ? {} : unreadable
    if (type !== undefined && !framing.messageTypes.has(type)) return unknownType(id, framing, refusal)
    if (type === 5 || type === 6) return {}
    if (type !== 2 || typeof id !== "string" || id === "" || id.length > 255) return unreadable
    return refusal(id, framing.badCall, "FormatViolation")
  }
  if (!Array.isArray(json.success)) return unreadable
  const parts: ReadonlyArray<unknown> = json.success
  const [type, id, name, payload] = parts
  // In a long text, a value counts that another of the same name has taken the place of.
  const isDeep = isDeeper(parts, 64) || (text.length > 32_768 && depthOf(text) > 64)
  const messageId = typeof id === "string" && id !== "" ? id : undefined
  const isShort = messageId !== undefined && Array.from(messageId).length <= 36
  const isRequest = !isDeep && isShort && parts.length === 4 && typeof name === "string"
  const action = typeof name === "string" ? startedBy(protocol, otherSide(side), name) : undefined

  if (type === "3" || type === "4") return isAsked(id) ? (type === "3" ? broken : { settles: "badly" }) : {}
  if ((type === "5" || type === "6") && framing.messageTypes.has(Number(type))) return {}
  if (typeof type !== "number") return unreadable
  if (!framing.messageTypes.has(type)) return unknownType(id, framing, refusal)
  if (type === 2) {
    if (messageId === undefined || messageId.length > 255) return unreadable
    if (!isRequest) return refusal(messageId, framing.badCall)
    if (action?.response === undefined) {
      return refusal(messageId, startedBy(protocol, side, name) === undefined ? "NotImplemented" : "NotSupported")
    }
    const request = { action, payload, isValid: isValid(action.request, payload) }
    return { answer: { types: [3, 4], messageId }, request }
  }
  if (type === 6) {
    if (!isRequest || action === undefined || action.response !== undefined) return {}
    return { request: { action, payload, isValid: isValid(action.request, payload) } }
  }
  if (type === 5 || !isAsked(id)) return {}
  if (type === 4) return { settles: "badly" }
  const response = asked?.action.response
  const isGood =
    !isDeep && typeof id === "string" && parts.length === 3 && response !== undefined && isValid(response, name)
  return isGood ? { settles: "well" } : broken
}

const unknownType = (
  id: unknown,
  { unknownMessageType, unreadable }: Protocol["json"]["framing"],
  refusal: (messageId: string | undefined, code: "MessageTypeNotSupported") => Verdict
): Verdict => {
  if (unknownMessageType === "ignored") return {}
  const isId = typeof id === "string" && id !== "" && Array.from(id).length <= 36
  return refusal(isId ? id : unreadable, "MessageTypeNotSupported")
}

/* oxlint-disable no-control-regex -- they count as spaces */
const token = /[\s\ufeff\0-\x1f]+|[[\],]|"(?:[^"\\]|\\[^])*"|[^\s\0-\x1f[\],"]+|[^]/g
const space = /^[\s\ufeff\0-\x1f]+$/
/* oxlint-enable no-control-regex */

/** The type and the id with which a text begins that is no JSON, token by token. */
const headOf = (text: string): { readonly type?: number | string; readonly id?: unknown } => {
  const tokens = Array.from(text.slice(0, 4096).matchAll(token), ([found]) => found).filter(
    (found) => !space.test(found)
  )
  const [open, first = "", comma, second = "", next] = tokens
  if (open !== "[" || (comma !== "," && comma !== "]")) return {}
  const asText = /^"([2-6])"$/.exec(first)?.[1]
  const number = parsed(first)
  const isNumber = Result.isSuccess(number) && typeof number.success === "number"
  const type = asText ?? (isNumber ? Number(number.success) : undefined)
  if (type === undefined) return {}
  const id = parsed(second)
  const isWhole = comma === "," && ((next === undefined && second.startsWith('"')) || next === "," || next === "]")
  return isWhole && Result.isSuccess(id) ? { type, id: id.success } : { type }
}

const parsed = (text: string): Result.Result<unknown, unknown> => Result.try((): unknown => JSON.parse(text))

/** Whether lists and objects are nested deeper than this. */
const isDeeper = (value: object, most: number): boolean => {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === most) return true
    level = level.flatMap((outer) =>
      Object.values(outer).filter((inner) => typeof inner === "object" && inner !== null)
    )
  }
  return false
}

/** How deep the brackets of a text that is JSON are nested. */
const depthOf = (text: string): number => {
  let depth = 0
  let most = 0
  for (const bracket of text.replaceAll(/"[^"\\]*(?:\\[^][^"\\]*)*"|[^[\]{}"]+/g, "")) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1
    most = Math.max(most, depth)
  }
  return most
}

const spelt = (
  {
    json: {
      framing: { spelling }
    }
  }: Protocol,
  code: keyof typeof spelling
): string => spelling[code] ?? code

const startedBy = ({ actions }: Protocol, side: Action.Side, name: string): Action.Action | undefined =>
  actions.find((action) => action.name === name && Action.isStartedBy(action, side))

const readers = new WeakMap<Action.MessageSchema, (value: unknown) => boolean>()

/** Whether the schema itself takes a value, which is not how the library asks. */
export const isValid = (schema: Action.MessageSchema, value: unknown): boolean => {
  let reader = readers.get(schema)
  if (reader === undefined) {
    const read = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
    readers.set(schema, (reader = (given) => Result.isSuccess(read(given))))
  }
  return reader(value)
}

/** What is wrong with a frame that was sent, if anything. An answer may have the id of a request that was let through. */
export const flawOf = (text: string, protocol: Protocol, isLenient = false): string | undefined => {
  const json = parsed(text)
  if (Result.isFailure(json) || !Array.isArray(json.success)) return "it is no JSON array"
  const [type, messageId, third, fourth, fifth]: ReadonlyArray<unknown> = json.success
  if (typeof type !== "number" || !protocol.json.framing.messageTypes.has(type))
    return "its type is none of the version"
  const isNumeric = isLenient && (type === 3 || type === 4) && typeof messageId === "number"
  if (!isNumeric && (typeof messageId !== "string" || messageId === "")) return "its id is no text"
  const length = { 2: 4, 3: 3, 4: 5, 5: 5, 6: 4 }[type]
  if (json.success.length !== length) return `it does not have ${length} elements`
  if (type === 3) return isObject(third) ? undefined : "its payload is no object"
  if (type === 2 || type === 6) {
    return typeof third === "string" && isObject(fourth) ? undefined : "its action or payload is none"
  }
  if (!codesOf(protocol).has(third)) return `${JSON.stringify(third)} is no code of the version`
  if (typeof fourth !== "string" || fourth.length > 255) return "its description is no text or too long"
  return isObject(fifth) ? undefined : "its details are no object"
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value)

const codes = (
  "NotImplemented NotSupported InternalError ProtocolError SecurityError GenericError " +
  "PropertyConstraintViolation TypeConstraintViolation"
).split(" ")
const codesOf1: ReadonlySet<unknown> = new Set([...codes, "FormationViolation", "OccurenceConstraintViolation"])
const codesOf2: ReadonlySet<unknown> = new Set(
  codes.concat("FormatViolation", "OccurrenceConstraintViolation", "MessageTypeNotSupported", "RpcFrameworkError")
)
const codesOf = ({ version }: Protocol): ReadonlySet<unknown> => (version.startsWith("1.") ? codesOf1 : codesOf2)
