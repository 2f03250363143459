/**
 * Carries the messages of a station and its CSMS as envelopes, over a link of requests that are answered, such as HTTP.
 *
 * There is no connection: what the engine takes for one lasts from when the link is opened until that is closed.
 *
 * @see S16 §3.2
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { Carrier, Receiver } from "../engine/Carrier.ts"
import type { MalformedMessage, Message } from "../engine/Message.ts"
import { digest } from "../internal/Digest.ts"
import { beginning } from "../internal/OwnText.ts"
import * as Envelope from "./Envelope.ts"
import * as Fault from "./Fault.ts"
import type { SoapCodec, SoapRequest } from "./SoapCodec.ts"

/**
 * What becomes of a request of this side.
 *
 * **Details**
 *
 * - `Answered`: the text that came back, which may be no SOAP.
 * - `NoSoap`: what came back is no XML, in words that are not the peer's.
 * - `Lost`: nothing came back; `hasLeft` says whether the peer may have got the request.
 *
 * @category models
 * @since 0.1.0
 */
export type Posted =
  | { readonly _tag: "Answered"; readonly text: string }
  | { readonly _tag: "NoSoap"; readonly flaw: string }
  | { readonly _tag: "Lost"; readonly hasLeft: boolean }

/**
 * The answer to a request of the peer.
 *
 * **Details**
 *
 * `status` is the one of HTTP: 200 for a response, 400 for a fault of the sender, else 500, or 503 where the request was not
 * looked at.
 *
 * @category models
 * @since 0.1.0
 */
export interface SoapReply {
  readonly status: 200 | 400 | 500 | 503
  readonly text: string
}

/**
 * What takes the requests of this side to the peer.
 *
 * **Details**
 *
 * - `post`: sends an envelope; the outcome is told once. It returns `false` if there is nowhere to send to.
 * - `to`: the address of the peer, as it stands in the envelope.
 * - `from`: where this side takes requests; `undefined` where it takes none.
 * - `closed`: the carrier was closed by this side.
 *
 * @category models
 * @since 0.1.0
 */
export interface SoapLink {
  readonly post: (envelope: string, action: string, done: (posted: Posted) => void) => boolean
  readonly to: () => string | undefined
  readonly from: () => string | undefined
  readonly closed: () => void
}

/**
 * What a carrier is made of.
 *
 * **Details**
 *
 * - `identity`: the station, whichever side this is.
 * - `nextId`: makes the ids of answers, and of requests of the peer that have none.
 * - `answered`: is told of each response of this side, just before it leaves.
 *
 * @category options
 * @since 0.1.0
 */
export interface SoapCarrierOptions {
  readonly codec: SoapCodec
  readonly link: SoapLink
  readonly identity: string
  readonly nextId: () => string
  readonly answered?: ((action: string, response: unknown) => void) | undefined
}

/** A request of the peer that waits for its answer. */
interface Waiting {
  readonly action: string
  readonly header: Envelope.Header
  readonly payload: unknown
  /** Those who have sent it, for a peer that repeats a request gets its answer each time. */
  readonly answers: Array<(answer: SoapReply) => void>
}

/** What `encode` makes. */
type Encoded =
  | { readonly _tag: "Request"; readonly messageId: string; readonly action: string; readonly text: string }
  | { readonly _tag: "Answer"; readonly messageId: string; readonly answer: SoapReply; readonly response?: unknown }

/**
 * A carrier of envelopes. Its owner hands it the requests of the peer.
 *
 * @category models
 * @since 0.1.0
 */
export class SoapCarrier implements Carrier {
  readonly form = "soap"
  private readonly of: SoapCarrierOptions
  private readonly waiting = new Map<string, Waiting>()
  private receiver: Receiver | undefined = undefined
  private isPaused = false
  private isClosed = false

  constructor(options: SoapCarrierOptions) {
    this.of = options
  }

  /** Takes a request of the peer, whose answer is given once. */
  receive(
    envelope: Extract<Envelope.Envelope, { readonly _tag: "Envelope" }>,
    answer: (answer: SoapReply) => void
  ): void {
    const { codec, nextId } = this.of
    const { header } = envelope
    const { receiver } = this
    if (receiver === undefined || this.isClosed || this.isPaused) {
      const why = this.isPaused ? "too many requests are waiting" : "there is no session"
      return answer(this.unread(header, why))
    }
    const request = codec.request(envelope)
    const payload = request._tag === "Request" ? request.payload : undefined
    const id = header.messageId ?? nextId()
    const other = this.waiting.get(id)
    if (other !== undefined && isSame(other, request)) {
      if (other.answers.length < mostRepeats) return void other.answers.push(answer)
      return answer(this.unread(header, "too many requests are waiting"))
    }
    const messageId = other === undefined && id.length <= mostKept ? id : nextId()
    const action = request._tag === "Request" ? request.action : ""
    this.waiting.set(messageId, { action, header, payload, answers: [answer] })
    if (request._tag === "Flaw") return receiver.malformed(malformed(request.flaw, messageId))
    receiver.message({ _tag: "Call", messageId, action, payload }, undefined, request.digits)
  }

  encode(message: Message): Result.Result<Encoded, unknown> {
    const { codec, identity, link } = this.of
    switch (message._tag) {
      case "Call": {
        const { action, messageId, payload } = message
        const from = link.from() ?? Envelope.anonymous
        const header = { identity, messageId: uriOf(messageId), from, replyTo: Envelope.anonymous, to: link.to() }
        const written = codec.writeRequest(action, payload, header)
        return Result.map(written, (text): Encoded => ({ _tag: "Request", messageId, action, text }))
      }
      case "CallResult": {
        const { messageId, payload } = message
        const asked = this.waiting.get(messageId)
        if (asked === undefined) return Result.fail("nobody waits for it")
        const header = Envelope.answering(asked.header, `/${asked.action}Response`, this.ownId())
        return Result.map(codec.writeResponse(asked.action, payload, header), (text): Encoded => ({
          _tag: "Answer",
          messageId,
          answer: { status: 200, text },
          response: payload
        }))
      }
      case "CallError": {
        const { code, description, details, messageId } = message
        const fault = Fault.fromCode(code, description, details)
        const answer = this.refusal(this.waiting.get(messageId)?.header, fault)
        return Result.succeed({ _tag: "Answer", messageId, answer })
      }
      default:
        return Result.fail("no such message")
    }
  }

  send(encoded: unknown): boolean {
    if (this.isClosed) return false
    // What `encode` has made.
    const made = encoded as Encoded
    if (made._tag === "Request") {
      const { action, messageId, text } = made
      return this.of.link.post(text, action, (posted) => this.posted(messageId, action, posted))
    }
    this.give(made.messageId, ({ action }) => {
      if (made.response !== undefined) this.of.answered?.(action, made.response)
      return made.answer
    })
    return true
  }

  close(code: number, reason: string): void {
    if (this.isClosed) return
    this.end(code, reason)
    this.of.link.closed()
  }

  /** Ends what the engine takes for a connection, from the side of the link. */
  end(code: number, reason: string): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const id of Array.from(this.waiting.keys()))
      this.give(id, ({ header }) => this.unread(header, "the session is over"))
    this.receiver?.closed(code, reason)
  }

  listen(receiver: Receiver): void {
    this.receiver = receiver
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  private give(messageId: string, answerOf: (asked: Waiting) => SoapReply): void {
    const asked = this.waiting.get(messageId)
    if (asked === undefined) return
    this.waiting.delete(messageId)
    const answer = answerOf(asked)
    for (const give of asked.answers) give(answer)
  }

  private posted(messageId: string, action: string, posted: Posted): void {
    const { receiver } = this
    if (this.isClosed || receiver === undefined) return
    if (posted._tag === "Lost") return receiver.unanswered(messageId, posted.hasLeft)
    if (posted._tag === "NoSoap") return receiver.malformed(unread(posted.flaw, messageId, undefined))
    const answer = this.of.codec.answer(Envelope.parse(posted.text), action)
    switch (answer._tag) {
      case "Response":
        return receiver.message({ _tag: "CallResult", messageId, payload: answer.payload }, undefined, answer.digits)
      case "Fault": {
        const { details, reason } = answer.fault
        const code = Fault.toCode(answer.fault)
        return receiver.message({ _tag: "CallError", messageId, code, description: reason, details, flaw: undefined })
      }
      case "Flaw":
        return receiver.malformed(unread(answer.flaw, messageId, beginning(posted.text)))
    }
  }

  private unread(header: Envelope.Header, reason: string): SoapReply {
    return { ...this.refusal(header, Fault.fromCode("InternalError", reason)), status: 503 }
  }

  private refusal(header: Envelope.Header | undefined, fault: Fault.Fault): SoapReply {
    return refusal(this.of.codec, header, fault, this.ownId())
  }

  private ownId(): string {
    return uriOf(this.of.nextId())
  }
}

/**
 * The answer that is a fault.
 *
 * @category encoding
 * @since 0.1.0
 */
export const refusal = (
  codec: Pick<SoapCodec, "writeFault">,
  header: Envelope.Header | undefined,
  fault: Fault.Fault,
  ownId: string
): SoapReply => {
  const answering = Envelope.answering(header ?? noHeader, Envelope.faultAction, ownId)
  return { status: fault.code === "Sender" ? 400 : 500, text: codec.writeFault(fault, answering) }
}

const noHeader: Envelope.Header = {
  identity: undefined,
  action: undefined,
  messageId: undefined,
  relatesTo: undefined,
  from: undefined,
  replyTo: undefined,
  to: undefined
}

/** How long an id of a peer may be that the engine is given; for a longer one it is given another. */
const mostKept = 255

/** How many who have sent the same request can wait for its answer. */
const mostRepeats = 16

/** A message id as the URI that WS-Addressing asks for. */
export const uriOf = (messageId: string): string =>
  /^[A-Za-z][A-Za-z\d+.-]*:[^\s"<>]+$/.test(messageId)
    ? messageId
    : `urn:message:${encodeURIComponent(messageId.toWellFormed())}`

const isSame = ({ action, payload }: Waiting, request: SoapRequest): boolean =>
  request._tag === "Request" && request.action === action && digest(request.payload) === digest(payload)

const malformed = (flaw: string, messageId: string): MalformedMessage => ({
  kind: "MalformedFrame",
  flaw,
  messageId,
  answer: { messageId, code: "ProtocolError", description: flaw }
})

const unread = (flaw: string, messageId: string, payload: unknown): MalformedMessage => ({
  kind: "MalformedFrame",
  flaw,
  messageId,
  answer: undefined,
  ends: { by: "CallResult", payload }
})
