/**
 * Every rule of a frame of OCPP-J that a peer can break, with the kind of fault that lets it through where that kind is
 * tolerated, or the reason why nothing does.
 *
 * @see J16 §4.2, P4 §4.2
 * @since 0.1.0
 */
import type { ToleratedKind } from "../Deviation.ts"

/**
 * A rule of a frame.
 *
 * **Details**
 *
 * - `rule`: what the frame has to be.
 * - `kind`: the kind of fault that lets a breach through, absent where none does.
 * - `outcome`: what becomes of the fault where it is let through; or why it never is.
 *
 * @category models
 * @since 0.1.0
 */
export interface FrameRule {
  readonly rule: string
  readonly kind?: ToleratedKind | undefined
  readonly outcome: string
}

/**
 * The rules, from the outside of a frame to the inside.
 *
 * **Details**
 *
 * Where a fault of a text message is not let through and the type and the id can be read, a request is answered under its id and an answer
 * ends the call that waits for it. The kinds of a payload are those of its schema.
 *
 * @category constants
 * @since 0.1.0
 */
export const rules: ReadonlyArray<FrameRule> = [
  {
    rule: "is a text message",
    kind: "BinaryForText",
    outcome: "a binary message that is UTF-8 is read as text; where it is not let through, nothing in it is looked at"
  },
  { rule: "is UTF-8", outcome: "the WebSocket ends with code 1007 (RFC 6455 §8.1), and nobody knows what was meant" },
  { rule: "is not over the size limit", outcome: "the WebSocket ends with code 1009; `maxFrameBytes` sets the limit" },
  { rule: "has no byte order mark", kind: "ByteOrderMark", outcome: "the mark is left out" },
  {
    rule: "has no control characters as they are",
    kind: "ControlCharacter",
    outcome: "within a text each is read as its escape, elsewhere in the frame as a space"
  },
  {
    rule: "ends with its last bracket",
    kind: "TrailingText",
    outcome: "what is behind it is left out, unless it may hold another frame, which would be lost"
  },
  { rule: "is JSON", outcome: "what was cut off or spoilt can only be guessed" },
  { rule: "is an array", outcome: "an object or a value has no type and no id" },
  {
    rule: "is not nested deeper than `maxDepth`, nor has an object more than `maxFields` fields",
    outcome: "no message is like that; the options set the limits"
  },
  {
    rule: "has a number as message type",
    kind: "TextMessageType",
    outcome: "the text of one digit becomes the number"
  },
  { rule: "has a message type of the version", outcome: "what the message means is not known" },
  {
    rule: "has a text as message id",
    kind: "NumericMessageId",
    outcome:
      "a number is read as its digits, and the answer has it as a number again; what is neither tells no answer apart"
  },
  { rule: "has a message id that is not empty", outcome: "answers to several such requests could not be told apart" },
  {
    rule: "has a message id of at most 36 characters",
    kind: "TooLongText",
    outcome: "up to 255 characters are kept; longer ones are not sent back"
  },
  { rule: "has a text as action", outcome: "what is asked for is not known" },
  {
    rule: "has an action of the version",
    kind: "WrongCase",
    outcome: "one in another case is taken for it; what else is asked for is not known"
  },
  { rule: "has no more elements than its type", kind: "ExtraElement", outcome: "those too many are left out" },
  { rule: "has a payload", kind: "MissingElement", outcome: 'an absent one, `null`, `[]` and `""` become `{}`' },
  { rule: "has an object as payload", outcome: "a list, a text or a number has no fields to read" },
  {
    rule: "has a text as error code",
    outcome: "the call ends as a CallError in any case, with GenericError for what is no text"
  },
  {
    rule: "has a description and details in an error",
    kind: "MissingElement",
    outcome: 'absent ones and `null` become `""` and `{}`; whatever they are, the call ends as a CallError'
  }
]
