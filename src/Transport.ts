/**
 * A connection as the codecs need it: it carries frames in order.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"

/**
 * Receives what a transport delivers, synchronously and in order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Listener<in Frame = string> {
  /** A frame came. */
  readonly frame: (frame: Frame) => void
  /** A binary message came to who takes text; where there is no such method, it was dropped as a `BinaryFrame`. */
  readonly binary?: ((bytes: Uint8Array) => void) | undefined
  /** Something came that is no such frame, and was dropped. */
  readonly dropped: (kind: "BinaryFrame" | "OversizedFrame" | "InvalidFrame") => void
  /** The connection is gone; nothing comes after it. Called once, whichever side closed. */
  readonly closed: (code: number, reason: string) => void
}

/**
 * A connection that carries frames: of text, or in memory of any type.
 *
 * **Details**
 *
 * - `send` gives a frame to the connection and returns `false` if that is closed.
 * - `close` starts to close the connection with a WebSocket close code; the listener is told when it is gone.
 * - `listen` installs the one listener; frames that came before are delivered to it first.
 * - `pause` stops reading, so that the peer feels that it sends too much; `resume` goes on. What is under way already
 *   can still arrive.
 *
 * @category models
 * @since 0.1.0
 */
export interface Transport<in out Frame = string> {
  readonly send: (frame: Frame) => boolean
  readonly close: (code: number, reason: string) => void
  readonly listen: (listener: Listener<Frame>) => void
  readonly pause: () => void
  readonly resume: () => void
}

/**
 * Two connected in-memory transports of frames of a type; like {@link makePair}.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makePairOf = <Frame>(): Effect.Effect<readonly [Transport<Frame>, Transport<Frame>]> =>
  Effect.map(Scheduler.Scheduler, (scheduler) => {
    const wire: Wire = { isOpen: true, dispatcher: scheduler.makeDispatcher() }
    const ends = [new End<Frame>(wire), new End<Frame>(wire)] as const
    ends[0].other = ends[1]
    ends[1].other = ends[0]
    return ends
  })

/**
 * Two connected in-memory transports of text.
 *
 * **When to use**
 *
 * Use to run both sides in one process without a socket. A frame takes one step of the scheduler, so a test clock
 * sees everything that is under way.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makePair: Effect.Effect<readonly [Transport, Transport]> = makePairOf<string>()

/** What both ends share. */
interface Wire {
  isOpen: boolean
  readonly dispatcher: Scheduler.SchedulerDispatcher
}

// A class, for what its prototype holds costs a connection no memory.
class End<Frame> implements Transport<Frame> {
  /** Set once both are made. */
  other!: End<Frame>
  private readonly wire: Wire
  private listener: Listener<Frame> | undefined = undefined
  private isPaused = false
  /** What has arrived and was not delivered. */
  private readonly arrived: Array<(listener: Listener<Frame>) => void> = []

  constructor(wire: Wire) {
    this.wire = wire
  }

  send(frame: Frame): boolean {
    if (!this.wire.isOpen) return false
    this.other.post((listener) => listener.frame(frame))
    return true
  }

  close(code: number, reason: string): void {
    if (!this.wire.isOpen) return
    this.wire.isOpen = false
    for (const end of [this, this.other]) end.post((listener) => listener.closed(code, reason))
  }

  listen(listener: Listener<Frame>): void {
    this.listener = listener
    this.deliver()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.deliver()
  }

  private post(event: (listener: Listener<Frame>) => void): void {
    this.wire.dispatcher.scheduleTask(() => {
      this.arrived.push(event)
      this.deliver()
    }, 0)
  }

  private deliver(): void {
    while (this.listener !== undefined && !this.isPaused) {
      const event = this.arrived.shift()
      if (event === undefined) return
      event(this.listener)
    }
  }
}
