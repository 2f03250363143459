/**
 * What holds for a connection on either side.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as KeepAlive from "./internal/KeepAlive.ts"
import * as Options from "../internal/Options.ts"

/**
 * Options of the connections of a server or of stations.
 *
 * **Details**
 *
 * - `maxFrameBytes`: a frame that is larger, once decompressed, closes the connection with code 1009; by default 1 MiB.
 * - `maxBufferedBytes`: once more than this waits for a peer that does not read, nothing is read from it either until
 *   it has read on; by default 4 MiB.
 * - `pingInterval`: a connection on which nothing came for so long is pinged; by default 1 minute, 0 turns pings off.
 * - `pongTimeout`: a connection on which nothing comes for so long after a ping is cut, and so is one whose peer reads
 *   nothing of what waits for it; at most `pingInterval`, by default 30 seconds or, if that is shorter, `pingInterval`.
 *
 * **Gotchas**
 *
 * A number that makes no sense, such as a negative interval, is a defect that names the option.
 *
 * @see J16 §5.3, P4 §5.2
 * @category options
 * @since 0.1.0
 */
export interface SocketOptions {
  readonly maxFrameBytes?: number | undefined
  readonly maxBufferedBytes?: number | undefined
  readonly pingInterval?: Duration.Input | undefined
  readonly pongTimeout?: Duration.Input | undefined
}

/** The same with its defaults, checked. */
export interface SocketSettings {
  readonly maxFrameBytes: number
  readonly maxBufferedBytes: number
  readonly keepAlive: KeepAlive.KeepAlive | undefined
}

export const makeSettings = Effect.fnUntraced(function* (options: SocketOptions) {
  const made: SocketSettings = {
    maxFrameBytes: Options.count("maxFrameBytes", options.maxFrameBytes ?? 1 << 20, 1),
    maxBufferedBytes: Options.count("maxBufferedBytes", options.maxBufferedBytes ?? 1 << 22, 1),
    keepAlive: yield* KeepAlive.make(options)
  }
  return made
})
