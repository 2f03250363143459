/**
 * The one thing that the engine asks of a connection: to carry messages in order.
 *
 * A codec, such as that of OCPP-J, makes a carrier of a transport. Two sides in one process need none.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { Tolerated } from "../Tolerance.ts"
import type { Listener, Transport } from "../Transport.ts"
import type { Digits } from "../Tolerance.ts"
import type { MalformedMessage, Message } from "./Message.ts"

/**
 * Receives what a carrier delivers, synchronously and in order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Receiver {
  /**
   * A message came, with the faults that were let through in how it was carried. A carrier whose messages were text gives
   * the digits of the payload along.
   */
  readonly message: (message: Message, tolerated?: ReadonlyArray<Tolerated>, digits?: Digits) => void
  readonly malformed: (malformed: MalformedMessage) => void
  /**
   * A request of this side will have no answer, though the connection stays: its carrier could not take it there, or has
   * lost what came back. `hasLeft` says whether the peer may have got it.
   */
  readonly unanswered: (messageId: string, hasLeft: boolean) => void
  /** Something came that could not be read at all, and was dropped. */
  readonly dropped: Listener["dropped"]
  /** The connection is gone; nothing comes after it. Called once, whichever side closed. */
  readonly closed: (code: number, reason: string) => void
}

/**
 * A connection that carries messages.
 *
 * **Details**
 *
 * - `form`: how messages are written on it; by default as JSON.
 * - `encode` puts a message into the form in which it is carried, so that what becomes of its payload later changes
 *   nothing. It fails if the message has no such form, with the violations that say why if the carrier knows them.
 * - `send` carries what `encode` has made, and returns `false` if the connection is closed.
 * - `close` starts to close the connection with a WebSocket close code; the receiver is told when it is gone.
 * - `listen` installs the one receiver; messages that came before are delivered to it first.
 * - `pause` stops reading, so that the peer feels that it sends too much; `resume` goes on. What is under way already
 *   can still arrive.
 *
 * @category models
 * @since 0.1.0
 */
export interface Carrier {
  readonly form?: "json" | "soap" | undefined
  encode(message: Message): Result.Result<unknown, unknown>
  send(encoded: unknown): boolean
  close(code: number, reason: string): void
  listen(receiver: Receiver): void
  pause(): void
  resume(): void
}

/**
 * Carries messages as the values that they are, over a transport of values.
 *
 * **Gotchas**
 *
 * Both sides get the same objects, and what has no form in JSON passes.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofValues = (transport: Transport<Message>): Carrier => new ValueCarrier(transport)

/**
 * What all carriers over a transport have in common: all but how a message is written and read.
 *
 * It is a class, for what its prototype holds costs a connection no memory.
 *
 * @internal
 */
export abstract class TransportCarrier<Frame> implements Carrier, Listener<Frame> {
  protected readonly transport: Transport<Frame>
  protected receiver: Receiver | undefined = undefined

  constructor(transport: Transport<Frame>) {
    this.transport = transport
  }

  abstract encode(message: Message): Result.Result<unknown, unknown>

  abstract send(encoded: unknown): boolean

  abstract frame(frame: Frame): void

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

  dropped(kind: Parameters<Listener["dropped"]>[0]): void {
    this.receiver?.dropped(kind)
  }

  closed(code: number, reason: string): void {
    this.receiver?.closed(code, reason)
  }
}

class ValueCarrier extends TransportCarrier<Message> {
  encode(message: Message): Result.Result<unknown, unknown> {
    return Result.succeed(message)
  }

  send(encoded: unknown): boolean {
    // What `encode` gives is a message.
    return this.transport.send(encoded as Message)
  }

  frame(message: Message): void {
    this.receiver?.message(message)
  }
}
