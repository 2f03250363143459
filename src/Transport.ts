/**
 * A connection as the codecs need it: it carries frames in order.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

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
  Effect.map(Effect.context<never>(), (context) => {
    const run = Effect.runForkWith(context)
    let open = true
    const ends = [new End<Frame>(), new End<Frame>()] as const
    const post = (deliver: () => void): void => {
      run(Effect.andThen(Effect.yieldNow, Effect.sync(deliver)))
    }
    const make = (here: End<Frame>, there: End<Frame>): Transport<Frame> => ({
      send: (frame) => {
        if (!open) return false
        post(() => there.deliver((listener) => listener.frame(frame)))
        return true
      },
      close: (code, reason) => {
        if (!open) return
        open = false
        for (const end of ends) post(() => end.deliver((listener) => listener.closed(code, reason)))
      },
      listen: (listener) => here.attach(listener),
      pause: () => here.pause(),
      resume: () => here.resume()
    })
    return [make(ends[0], ends[1]), make(ends[1], ends[0])]
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

class End<Frame> {
  private listener: Listener<Frame> | undefined = undefined
  private isPaused = false
  private early: Array<(listener: Listener<Frame>) => void> = []

  attach(listener: Listener<Frame>): void {
    this.listener = listener
    this.flush()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.flush()
  }

  deliver(event: (listener: Listener<Frame>) => void): void {
    this.early.push(event)
    this.flush()
  }

  private flush(): void {
    while (this.listener !== undefined && !this.isPaused) {
      const event = this.early.shift()
      if (event === undefined) return
      event(this.listener)
    }
  }
}
