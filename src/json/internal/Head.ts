/**
 * The beginning of a frame: its type and its id, which tell who waits for it, whatever the rest of it is.
 */
import * as Result from "effect/Result"

/** What the first elements of a frame are. */
export interface Head {
  /** The number of the message type; `undefined` where it cannot be read. */
  readonly type: number | undefined
  /** Whether the type is a text and not the number that it should be. */
  readonly isTextType: boolean
  /** The message id, or the digits of a number in its place; `undefined` where it cannot be read. */
  readonly id: string | undefined
  /** Whether the id is a number and not the text that it should be. */
  readonly isNumericId: boolean
  /** Whether the payload has begun. */
  readonly isInPayload: boolean
}

/** What is read of a frame to find its head: more than an id needs that is to be answered. */
const longest = 4096

const unread: Head = { type: undefined, isTextType: false, id: undefined, isNumericId: false, isInPayload: false }

const number = "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?"
const string = '"(?:[^"\\\\]|\\\\[^])*"'
// A byte order mark is white space here. What follows an element shows that it is whole; a text at the end of all is, too.
const space = "[\\s\\0-\\x1f]*"
const start = new RegExp(`^${space}\\[${space}(?:(${number})|"([2-6])")(?=${space}[,\\]])`)
const second = new RegExp(`${space},${space}(?:(${number})(?=${space}[,\\]])|(${string})(?=${space}(?:[,\\]]|$)))`, "y")
const action = new RegExp(`${space},${space}${string}${space},`, "y")

/** Whether a text begins as an array does. */
export const isArray = (text: string): boolean => array.test(text)

const array = new RegExp(`^${space}\\[`)

/** Reads the beginning of a text that need not be a frame. */
export const read = (text: string): Head => {
  const beginning = text.slice(0, longest)
  const first = start.exec(beginning)
  if (first === null) return unread
  const [matched, asNumber, asText] = first
  const head: Head = { ...unread, type: Number(asNumber ?? asText), isTextType: asText !== undefined }
  second.lastIndex = matched.length
  const [, digits, literal] = second.exec(beginning) ?? []
  if (digits !== undefined) return { ...head, id: digits, isNumericId: true }
  if (literal === undefined) return head
  const id = Result.try((): unknown => JSON.parse(literal))
  if (Result.isFailure(id) || typeof id.success !== "string") return head
  action.lastIndex = second.lastIndex
  return { ...head, id: id.success, isInPayload: action.test(beginning) }
}

const numericId = new RegExp(`^${space}\\[${space}(?:${number}|"[2-6]")${space},${space}(${number})`)

/** The head of a frame that was parsed; the digits of its id are those of the text. */
export const of = (parts: ReadonlyArray<unknown>, text: string): Head => {
  const [type, id] = parts
  const isTextType = typeof type === "string" && /^[2-6]$/.test(type)
  const isNumericId = typeof id === "number"
  return {
    type: typeof type === "number" ? type : isTextType ? Number(type) : undefined,
    isTextType,
    id: typeof id === "string" ? id : isNumericId ? numericId.exec(text)?.[1] : undefined,
    isNumericId,
    isInPayload: false
  }
}
