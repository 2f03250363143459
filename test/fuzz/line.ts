/**
 * A connection that is looked at from one of its sides, and the rules of what goes over it in which order.
 */
import type * as Effect from "effect/Effect"
import type * as Action from "../../src/Action.ts"
import { digest } from "../../src/internal/Digest.ts"
import type { Protocol } from "../../src/Protocol.ts"
import type { AnySession } from "../../src/csms/AnySession.ts"
import type { Link } from "../../src/simulation/index.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import { must, Violation } from "./fuzz.ts"
import { flawOf, judge, type Verdict } from "./judge.ts"

/** An answer that is due. */
export interface Due extends NonNullable<Verdict["answer"]> {
  readonly isRequest: boolean
  readonly isOptional: boolean
}

export interface Asked {
  readonly messageId: string
  readonly action: Action.Action
  readonly at: number
}

/** A connection, seen from the side that is on trial: it notes what goes out and comes in, and whether that is right. */
export class Line implements Transport, Listener {
  readonly link: Link.Link
  /** Whether nobody is told anything any more. */
  isHalf = false
  session: AnySession | undefined = undefined
  isOver = false
  /** What is wrong, if anything was; it is told later, for nobody here could catch it. */
  flaw: Violation | undefined = undefined
  /** The calls that went out. */
  readonly called: Array<Asked> = []
  /** The ids of the answers that came in. */
  readonly answered = new Set<unknown>()
  private readonly side: Action.Side
  private readonly protocol: Protocol
  private readonly isLenient: boolean
  private readonly timeoutOf: (messageId: string) => number | undefined
  private readonly hasEnded: (messageId: string) => boolean
  private readonly now: () => number
  private listener: Listener | undefined = undefined
  private readonly due: Array<Due> = []
  /** The digests of the requests under an id that has no answer yet. */
  private readonly contents = new Map<unknown, Set<string>>()
  private isAsking = false

  constructor(options: {
    readonly link: Link.Link
    readonly side: Action.Side
    readonly protocol: Protocol
    readonly isLenient: boolean
    readonly timeoutOf: (messageId: string) => number | undefined
    readonly hasEnded: (messageId: string) => boolean
    readonly now: () => number
  }) {
    this.link = options.link
    this.side = options.side
    this.protocol = options.protocol
    this.isLenient = options.isLenient
    this.timeoutOf = options.timeoutOf
    this.hasEnded = options.hasEnded
    this.now = options.now
    this.peer.listen({ frame: () => undefined, dropped: () => undefined, closed: () => undefined })
  }

  get peer(): Transport {
    return this.side === "csms" ? this.link.station : this.link.csms
  }

  breakHalf(): Effect.Effect<void> {
    this.isHalf = true
    return this.link.halfOpen()
  }

  /** How many requests came that were not answered. */
  get unanswered(): number {
    return this.due.filter(({ isRequest }) => isRequest).length
  }

  /** What was to be answered and was not. */
  get missing(): ReadonlyArray<Due> {
    return this.due.filter(({ isOptional }) => !isOptional)
  }

  // ---- what the side on trial does

  private get own(): Transport {
    return this.side === "csms" ? this.link.csms : this.link.station
  }

  send(text: string): boolean {
    const isSent = this.own.send(text)
    if (isSent) this.noting(() => this.goesOut(text))
    return isSent
  }

  close(code: number, reason: string): void {
    this.isOver = true
    this.own.close(code, reason)
  }

  listen(listener: Listener): void {
    this.listener = listener
    this.own.listen(this)
  }

  pause(): void {
    this.own.pause()
  }

  resume(): void {
    this.own.resume()
  }

  // ---- what comes to it

  frame(text: string): void {
    this.noting(() => this.comesIn(text))
    this.listener?.frame(text)
  }

  dropped(): void {}

  closed(code: number, reason: string): void {
    this.isOver = true
    this.listener?.closed(code, reason)
  }

  // ---- the rules

  private noting(evaluate: () => void): void {
    try {
      evaluate()
    } catch (error) {
      this.flaw ??= error instanceof Violation ? error : new Violation("the fuzzer is at fault", String(error))
    }
  }

  /** The call that is unanswered, and whether it may have timed out. */
  private get asked() {
    const last = this.isAsking ? this.called.at(-1) : undefined
    const timeout = last === undefined ? undefined : this.timeoutOf(last.messageId)
    if (last === undefined || timeout === undefined) return undefined
    const left = last.at + timeout - this.now()
    return left < 0 ? undefined : { ...last, mayBeOver: left === 0 }
  }

  private goesOut(text: string): void {
    const flaw = flawOf(text, this.protocol)
    must(flaw === undefined, "what is sent is a frame", () => ({ flaw, text }))
    const [type, messageId, name]: ReadonlyArray<unknown> = JSON.parse(text)
    if (type === 6) return
    if (type === 2) {
      must(this.asked === undefined || this.asked.mayBeOver, "one call is under way at a time", () => text)
      must(!this.hasEnded(String(messageId)), "a call is not sent for a caller who is gone", () => text)
      const action = this.protocol.actions.find((known) => known.name === name)
      must(action !== undefined, "what is called is an action", () => name)
      this.called.push({ messageId: String(messageId), action, at: this.now() })
      this.isAsking = true
      return
    }
    const [first] = this.due
      .filter((due) => due.messageId === messageId && due.types.includes(Number(type)))
      // That which can have no other answer comes first, and last what may have none.
      .sort((one, other) => Number(one.isOptional) - Number(other.isOptional) || one.types.length - other.types.length)
    must(first !== undefined, "an answer is one to something", () => text)
    this.due.splice(this.due.indexOf(first), 1)
  }

  private comesIn(text: string): void {
    const { asked, protocol, side } = this
    const { answer, request, settles } = judge(text, { protocol, side, asked })
    if (asked !== undefined && settles !== undefined) {
      this.isAsking = false
      this.answered.add(asked.messageId)
    }
    if (answer === undefined) return
    // A bad answer is not refused if it is let through, or if its call has just timed out.
    const isOptional = answer.types.includes(5) && (this.isLenient || asked?.mayBeOver === true)
    // What is let through is answered well.
    const types = this.isLenient && answer.types.includes(4) ? [3, 4] : answer.types
    const isAgain = request !== undefined && this.isAgain(answer.messageId, [request.action.name, request.payload])
    const isRequest = request !== undefined && !isAgain
    this.due.push({ ...answer, types, isRequest, isOptional: isOptional || isAgain })
  }

  /** Whether a request came before and may be being handled; both may get one answer. */
  private isAgain(messageId: unknown, content: unknown): boolean {
    if (!this.due.some((due) => due.messageId === messageId)) this.contents.delete(messageId)
    const contents = this.contents.get(messageId) ?? new Set()
    const key = digest(content)
    const isAgain = contents.has(key)
    this.contents.set(messageId, contents.add(key))
    return isAgain
  }
}
