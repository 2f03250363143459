/**
 * The codec of OCPP-J: makes a carrier of messages from a transport of text frames.
 *
 * @see J16 §4.2, P4 §4.2
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Digits from "../internal/Digits.ts"
import * as Options from "../internal/Options.ts"
import { ownText } from "../internal/OwnText.ts"
import { strict, type Tolerance, type Tolerated } from "../Tolerance.ts"
import { type Carrier, TransportCarrier } from "../engine/Carrier.ts"
import type { MalformedMessage, Message } from "../engine/Message.ts"
import type { Numbers } from "../ExactNumber.ts"
import type { Framing } from "../Protocol.ts"
import type { Transport } from "../Transport.ts"
import * as Frame from "./Frame.ts"
import * as Head from "./internal/Head.ts"
import * as Mend from "./internal/Mend.ts"

/**
 * What the carriers of a version share.
 *
 * **Details**
 *
 * - `framing`: how the version frames its messages and spells its errors.
 * - `maxDepth`: how deep a frame may be nested, by default 64 levels, at most 1,000; a deeper one is malformed.
 * - `maxFields`: how many fields one object may have, by default 10,000; a frame with more in one is malformed. Of frames
 *   up to 32,768 characters they are not counted.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 * - `log`: is given every frame as it passes, with the station at one end of the connection.
 *
 * @category options
 * @since 0.1.0
 */
export interface JsonCarrierOptions {
  readonly framing: Framing
  readonly maxDepth?: number | undefined
  readonly maxFields?: number | undefined
  readonly numbers?: Numbers | undefined
  readonly log?: ((identity: string, direction: "in" | "out", frame: string) => void) | undefined
}

/**
 * How the connections of a version become carriers; each is to or from a station, which its identity names.
 *
 * **Details**
 *
 * - `carry`: carries messages as text over a transport; of the faults in frames, the tolerance lets some through, by
 *   default none.
 * - `logged`: gives what passes on a carrier of values to the log, if there is one, as the frames that it would be.
 *
 * @category models
 * @since 0.1.0
 */
export interface JsonCodec {
  readonly carry: (transport: Transport, identity: string, tolerance?: Tolerance) => Carrier
  readonly logged: (carrier: Carrier, identity: string) => Carrier
}

/**
 * Makes the codec of a version.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: JsonCarrierOptions): JsonCodec => {
  const { framing, log } = options
  const maxDepth = Options.count("maxDepth", options.maxDepth ?? Frame.defaultMaxDepth, 1, 1000)
  const maxFields = Options.count("maxFields", options.maxFields ?? Frame.defaultMaxFields, 1)
  const shared: Shared = {
    framing,
    log,
    strictly: { messageTypes: framing.messageTypes, maxDepth, maxFields },
    isExact: options.numbers === "exact"
  }
  return {
    carry: (transport, identity, tolerance = strict) => new JsonCarrier(shared, transport, identity, tolerance),
    logged: (carrier, identity) =>
      log === undefined ? carrier : logging(carrier, framing, (direction, frame) => log(identity, direction, frame))
  }
}

interface Shared extends JsonCarrierOptions {
  /** How the frames are read of a peer of which nothing is tolerated. */
  readonly strictly: Frame.ParseOptions
  /** Whether numbers that JavaScript cannot hold come as they are. */
  readonly isExact: boolean
}

class JsonCarrier extends TransportCarrier<string> {
  private readonly shared: Shared
  private readonly identity: string
  private readonly parsing: Frame.ParseOptions
  /** The ids of requests that came as numbers, as which they have to go back. */
  private numericIds: Set<string> | undefined = undefined

  constructor(shared: Shared, transport: Transport, identity: string, tolerance: Tolerance) {
    super(transport)
    this.shared = shared
    this.identity = identity
    this.parsing = tolerance.size === 0 ? shared.strictly : { ...shared.strictly, tolerance }
  }

  encode(message: Message): Result.Result<string, unknown> {
    const written = write(message, this.shared.framing)
    if (this.numericIds === undefined || Result.isFailure(written)) return written
    const isAnswer = message._tag === "CallResult" || message._tag === "CallError"
    return isAnswer && this.numericIds.delete(message.messageId)
      ? Result.succeed(Frame.withNumericId(written.success))
      : written
  }

  send(frame: string): boolean {
    if (!this.transport.send(frame)) return false
    this.shared.log?.(this.identity, "out", frame)
    return true
  }

  frame(text: string): void {
    this.read(text, undefined)
  }

  binary(bytes: Uint8Array): void {
    const text = this.parsing.tolerance?.has("BinaryForText") === true ? textOf(bytes) : undefined
    if (text === undefined) this.dropped("BinaryFrame")
    else this.read(text, Mend.faultOf("BinaryForText"))
  }

  private read(text: string, fault: Tolerated | undefined): void {
    const { framing, isExact, log } = this.shared
    log?.(this.identity, "in", text)
    const frame = Frame.parse(text, this.parsing)
    switch (frame._tag) {
      case "BadCall":
        this.noteId(frame.messageId, frame.isNumericId)
        return this.receiver?.malformed(malformed(frame, framing))
      case "BadAnswer":
      case "UnknownMessageType":
      case "Malformed":
        return this.receiver?.malformed(malformed(frame, framing))
      case "Mended": {
        const { faults, isNumericId, json, message, payloadAt } = frame
        if (message._tag === "Call") this.noteId(message.messageId, isNumericId)
        return this.receiver?.message(
          message,
          fault === undefined ? faults : [fault, ...faults],
          Digits.of(json, payloadAt, isExact)
        )
      }
      default:
        if (frame._tag === "Call") this.noteId(frame.messageId, false)
        return this.receiver?.message(
          frame,
          fault === undefined ? undefined : [fault],
          Digits.of(text, frame._tag === "CallResult" ? 2 : 3, isExact)
        )
    }
  }

  /** Notes in which form the id of a request came. The latest of two that have the same digits counts. */
  private noteId(messageId: string, isNumeric: boolean): void {
    if (messageId.length > mostDigits || (!isNumeric && this.numericIds === undefined)) return
    const ids = (this.numericIds ??= new Set())
    ids.delete(messageId)
    if (!isNumeric) return
    // It is part of its frame, which is not to be kept.
    ids.add(ownText(messageId))
    // Some requests are never answered.
    const [oldest] = ids
    if (ids.size > mostNumericIds && oldest !== undefined) ids.delete(oldest)
  }
}

const mostNumericIds = 1024

/** An id with more of them is answered as text. */
const mostDigits = 255

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The text of bytes that may be a frame. */
const textOf = (bytes: Uint8Array): string | undefined => {
  const text = Result.getOrUndefined(Result.try(() => utf8.decode(bytes)))
  return text !== undefined && Head.isArray(text) ? text : undefined
}

const write = (message: Message, framing: Framing): Result.Result<string, unknown> => {
  switch (message._tag) {
    case "Call":
      return Frame.call(message.messageId, message.action, message.payload)
    case "CallResult":
      return Frame.callResult(message.messageId, message.payload)
    case "Send":
      return Frame.send(message.messageId, message.action, message.payload)
    case "CallError":
      return writeError(4, message, framing)
    case "CallResultError":
      return framing.messageTypes.has(5) ? writeError(5, message, framing) : Result.fail("no such message type")
  }
}

const writeError = (
  type: 4 | 5,
  { code, description, details, messageId }: Extract<Message, { readonly code: string }>,
  { spelling }: Framing
): Result.Result<string, unknown> => {
  const spelt = Object.hasOwn(spelling, code) ? (spelling[code as keyof typeof spelling] ?? code) : code
  return Frame.error(type, messageId, spelt, description, details)
}

/** What the version answers to what is no message of it, if anything. */
const malformed = (
  frame: Frame.BadCall | Frame.BadAnswer | Frame.UnknownMessageType | Frame.Malformed,
  { badCall, unknownMessageType, unreadable }: Framing
): MalformedMessage => {
  switch (frame._tag) {
    case "BadCall": {
      const { flaw, isInPayload, messageId } = frame
      const code = isInPayload ? "FormatViolation" : badCall
      return { kind: "MalformedFrame", flaw, messageId, answer: { messageId, code, description: flaw } }
    }
    case "BadAnswer": {
      const { flaw, messageId, text, type } = frame
      const ends = { by: type === 3 ? "CallResult" : "CallError", payload: text } as const
      return { kind: "MalformedFrame", flaw, messageId, answer: undefined, ends }
    }
    case "UnknownMessageType": {
      const flaw = "the message type is unknown"
      const messageId = unknownMessageType === "answered" ? (frame.messageId ?? unreadable) : undefined
      return {
        kind: "UnknownMessageType",
        flaw,
        messageId: frame.messageId,
        answer: messageId === undefined ? undefined : { messageId, code: "MessageTypeNotSupported", description: flaw }
      }
    }
    case "Malformed": {
      const { flaw, kind } = frame
      return {
        kind: "MalformedFrame",
        flaw,
        messageId: undefined,
        answer:
          unreadable === undefined || kind !== "other"
            ? undefined
            : { messageId: unreadable, code: "RpcFrameworkError", description: flaw }
      }
    }
  }
}

/** Writes the messages that pass on a carrier of values to a log. */
const logging = (
  carrier: Carrier,
  framing: Framing,
  log: (direction: "in" | "out", frame: string) => void
): Carrier => {
  const tell = (direction: "in" | "out", message: Message): void => {
    const frame = write(message, framing)
    if (Result.isSuccess(frame)) log(direction, frame.success)
  }
  return {
    form: carrier.form,
    encode: (message) => Result.map(carrier.encode(message), (encoded) => ({ message, encoded })),
    send: (sent) => {
      // What `encode` above has made.
      const { encoded, message } = sent as { readonly message: Message; readonly encoded: unknown }
      if (!carrier.send(encoded)) return false
      tell("out", message)
      return true
    },
    close: (code, reason) => carrier.close(code, reason),
    listen: (receiver) =>
      carrier.listen({
        message: (message, tolerated, digits) => {
          tell("in", message)
          receiver.message(message, tolerated, digits)
        },
        malformed: (flawed) => receiver.malformed(flawed),
        unanswered: (messageId, hasLeft) => receiver.unanswered(messageId, hasLeft),
        dropped: (kind) => receiver.dropped(kind),
        closed: (code, reason) => receiver.closed(code, reason)
      }),
    pause: () => carrier.pause(),
    resume: () => carrier.resume()
  }
}
