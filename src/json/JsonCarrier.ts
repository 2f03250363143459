/**
 * The codec of OCPP-J: makes a carrier of messages from a transport of text frames.
 *
 * @see J16 §4.2, P4 §4.2
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Digits from "../internal/Digits.ts"
import * as Options from "../internal/Options.ts"
import type { Carrier, Receiver } from "../engine/Carrier.ts"
import type { MalformedMessage, Message } from "../engine/Message.ts"
import type { Numbers } from "../ExactNumber.ts"
import type { Framing } from "../Protocol.ts"
import type { Listener, Transport } from "../Transport.ts"
import * as Frame from "./Frame.ts"

/**
 * What the carriers of a version share.
 *
 * **Details**
 *
 * - `framing`: how the version frames its messages and spells its errors.
 * - `maxDepth`: how deep a frame may be nested, by default 64 levels, at most 1,000; a deeper one is malformed.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 * - `log`: is given every frame as it passes, with the station at one end of the connection.
 *
 * @category options
 * @since 0.1.0
 */
export interface JsonCarrierOptions {
  readonly framing: Framing
  readonly maxDepth?: number | undefined
  readonly numbers?: Numbers | undefined
  readonly log?: ((identity: string, direction: "in" | "out", frame: string) => void) | undefined
}

/**
 * How the connections of a version become carriers; each is to or from a station, which its identity names.
 *
 * **Details**
 *
 * - `carry`: carries messages as text over a transport.
 * - `logged`: gives what passes on a carrier of values to the log, if there is one, as the frames that it would be.
 *
 * @category models
 * @since 0.1.0
 */
export interface JsonCodec {
  readonly carry: (transport: Transport, identity: string) => Carrier
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
  const shared: Shared = { framing, log, maxDepth, numbers: options.numbers ?? "nearest" }
  return {
    carry: (transport, identity) => new JsonCarrier(shared, transport, identity),
    logged: (carrier, identity) =>
      log === undefined ? carrier : logging(carrier, framing, (direction, frame) => log(identity, direction, frame))
  }
}

interface Shared extends JsonCarrierOptions {
  readonly maxDepth: number
  readonly numbers: Numbers
}

class JsonCarrier implements Carrier, Listener {
  private readonly shared: Shared
  private readonly transport: Transport
  private readonly identity: string
  private receiver: Receiver | undefined = undefined

  constructor(shared: Shared, transport: Transport, identity: string) {
    this.shared = shared
    this.transport = transport
    this.identity = identity
  }

  encode(message: Message): Result.Result<string, unknown> {
    return write(message, this.shared.framing)
  }

  send(frame: string): boolean {
    if (!this.transport.send(frame)) return false
    this.shared.log?.(this.identity, "out", frame)
    return true
  }

  close(code: number, reason: string): void {
    this.transport.close(code, reason)
  }

  listen(receiver: Receiver): void {
    this.receiver = receiver
    this.transport.listen(this)
  }

  pause(): void {
    this.transport.pause()
  }

  resume(): void {
    this.transport.resume()
  }

  frame(text: string): void {
    const { framing, log, maxDepth, numbers } = this.shared
    log?.(this.identity, "in", text)
    const frame = Frame.parse(text, framing.messageTypes, maxDepth)
    switch (frame._tag) {
      case "BadCall":
      case "UnknownMessageType":
      case "Malformed":
        return this.receiver?.malformed(malformed(frame, framing))
      default:
        return this.receiver?.message(frame, Digits.of(text, frame._tag === "CallResult" ? 2 : 3, numbers === "exact"))
    }
  }

  dropped(kind: Parameters<Listener["dropped"]>[0]): void {
    this.receiver?.dropped(kind)
  }

  closed(code: number, reason: string): void {
    this.receiver?.closed(code, reason)
  }
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
  frame: Frame.BadCall | Frame.UnknownMessageType | Frame.Malformed,
  { badCall, unknownMessageType, unreadable }: Framing
): MalformedMessage => {
  switch (frame._tag) {
    case "BadCall": {
      const { flaw, messageId } = frame
      return { kind: "MalformedFrame", flaw, messageId, answer: { messageId, code: badCall, description: flaw } }
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
        message: (message, digits) => {
          tell("in", message)
          receiver.message(message, digits)
        },
        malformed: (flawed) => receiver.malformed(flawed),
        dropped: (kind) => receiver.dropped(kind),
        closed: (code, reason) => receiver.closed(code, reason)
      }),
    pause: () => carrier.pause(),
    resume: () => carrier.resume()
  }
}
