/**
 * Looks after connections with pings: a peer from which nothing comes is asked for a sign of life, and cut if it gives
 * none.
 *
 * One fiber serves all connections of a server. They lie on a wheel: each turn looks at those that are due, and a
 * connection that is not due costs nothing. What comes in is only noted, with the number of the turn.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Options from "../../internal/Options.ts"

/** A connection that is looked after. Its fields are noted down here, `heardAt` also by the connection itself. */
export interface Watched {
  /** The turn after which something last came. */
  heardAt: number
  /** The turn of the last ping. */
  pingedAt: number
  /** Where it lies on the wheel. */
  slot: number
  /** How many bytes waited to be written when it was last looked at, if its peer does not read. */
  backlog: number
  /** Whether this side reads from it. */
  readonly isReading: boolean
  /** Whether its peer does not read what is sent. */
  readonly isStalled: boolean
  /** How many bytes wait to be written. */
  readonly bufferedAmount: number
  readonly ping: () => void
  readonly terminate: () => void
}

/** The times of a `KeepAlive`, in turns. */
export interface Turns {
  readonly interval: number
  readonly timeout: number
}

export class KeepAlive {
  /** The number of turns so far. Turns are counted, not timed: a process that was held up cuts nobody for it. */
  turn = 0
  private readonly turns: Turns
  private readonly slots: ReadonlyArray<Set<Watched>>
  private size = 0

  constructor(turns: Turns) {
    this.turns = turns
    this.slots = Array.from({ length: turns.interval + 1 }, () => new Set())
  }

  add(watched: Watched): void {
    this.size++
    watched.heardAt = this.turn
    this.put(watched, this.turn + this.turns.interval)
  }

  remove(watched: Watched): void {
    if (this.slots[watched.slot]?.delete(watched) === true) this.size--
  }

  /** Looks at the connections that are due. */
  advance(): void {
    this.turn++
    let pings = Math.max(fewPings, Math.ceil((this.size * 4) / this.turns.interval))
    const due = this.slots[this.turn % this.slots.length]!
    for (const watched of due) {
      due.delete(watched)
      if (!watched.isReading) {
        this.lookAtUnread(watched)
      } else if (watched.pingedAt > watched.heardAt) {
        this.size--
        watched.terminate()
      } else if (this.turn - watched.heardAt < this.turns.interval) {
        this.put(watched, watched.heardAt + this.turns.interval)
      } else if (pings-- > 0) {
        watched.pingedAt = this.turn
        watched.ping()
        this.put(watched, this.turn + this.turns.timeout)
      } else {
        // Stations that came at once, after an outage, are not pinged at once for ever.
        this.put(watched, this.turn + 1)
      }
    }
  }

  // Nothing can be heard of a connection that is not read, but what waits to be written may become less.
  private lookAtUnread(watched: Watched): void {
    const { bufferedAmount, isStalled } = watched
    if (isStalled && bufferedAmount >= watched.backlog) {
      this.size--
      watched.terminate()
    } else {
      watched.backlog = isStalled ? bufferedAmount : Infinity
      this.put(watched, this.turn + this.turns.timeout)
    }
  }

  private put(watched: Watched, due: number): void {
    watched.slot = due % this.slots.length
    this.slots[watched.slot]!.add(watched)
  }
}

/** So many pings in one turn are never too many. */
const fewPings = 100

export interface KeepAliveOptions {
  readonly pingInterval?: Duration.Input | undefined
  readonly pongTimeout?: Duration.Input | undefined
}

/** Makes one that turns until the scope closes, or none if the interval is 0. */
export const make = Effect.fnUntraced(function* (
  options: KeepAliveOptions
): Effect.fn.Return<KeepAlive | undefined, never, Scope.Scope> {
  const interval = Math.ceil(Options.millis("pingInterval", options.pingInterval ?? "1 minute", 0))
  const timeout = Options.millis("pongTimeout", options.pongTimeout ?? Math.min(30_000, interval || 30_000), 1)
  if (interval === 0) return undefined
  if (timeout > interval) throw new RangeError(`pongTimeout: ${timeout} ms are more than the pingInterval`)
  const length = Math.ceil(interval / 50)
  const keepAlive = new KeepAlive({ interval: Math.ceil(interval / length), timeout: Math.ceil(timeout / length) })
  yield* Effect.sleep(length).pipe(
    Effect.andThen(Effect.sync(() => keepAlive.advance())),
    Effect.forever,
    Effect.forkScoped
  )
  return keepAlive
})
