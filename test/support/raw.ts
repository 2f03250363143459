/**
 * The far end of a connection, by hand: it records what comes and sends any text.
 */
import * as Effect from "effect/Effect"
import type { Listener, Transport } from "../../src/Transport.ts"
import { settled } from "./time.ts"

export class Raw implements Listener {
  /** Every frame that came, as text. */
  readonly received: Array<string> = []
  /** How the connection ended, once it has. */
  end: { readonly code: number; readonly reason: string } | undefined = undefined
  private readonly transport: Transport
  private taken = 0

  constructor(transport: Transport) {
    this.transport = transport
    transport.listen(this)
  }

  frame(text: string): void {
    this.received.push(text)
  }

  dropped(): void {}

  closed(code: number, reason: string): void {
    this.end = { code, reason }
  }

  /** Sends a text as it is, anything else as JSON, and lets it take effect. */
  send(frame: unknown): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.transport.send(typeof frame === "string" ? frame : JSON.stringify(frame))
      return settled
    })
  }

  close(code = 1000, reason = ""): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.transport.close(code, reason)
      return settled
    })
  }

  /** The frames that came since they were last asked for. */
  readonly news: Effect.Effect<ReadonlyArray<ReadonlyArray<unknown>>> = Effect.map(settled, () => {
    const frames = this.received.slice(this.taken).map((text): ReadonlyArray<unknown> => JSON.parse(text))
    this.taken = this.received.length
    return frames
  })

  /** The one frame that came since then. */
  readonly next: Effect.Effect<ReadonlyArray<unknown>> = Effect.flatMap(this.news, (frames) => {
    const [frame] = frames
    return frame !== undefined && frames.length === 1
      ? Effect.succeed(frame)
      : Effect.die(new Error(`${frames.length} frames came instead of one: ${JSON.stringify(frames)}`))
  })

  /** The id of the one frame that came since then, which is a CALL of this action. */
  nextCall(action: string): Effect.Effect<string> {
    return Effect.flatMap(this.next, (frame) =>
      frame[0] === 2 && frame[2] === action && typeof frame[1] === "string"
        ? Effect.succeed(frame[1])
        : Effect.die(new Error(`no CALL of ${action} came but ${JSON.stringify(frame)}`))
    )
  }
}
