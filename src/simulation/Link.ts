/**
 * A connection in memory that fails as networks do.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Listener, Transport } from "../Transport.ts"

/**
 * Which way something travels.
 *
 * @category models
 * @since 0.1.0
 */
export type Direction = "toCsms" | "toStation"

/**
 * What a network does to the frames of one direction.
 *
 * **Details**
 *
 * - `latency`: how long a frame travels; by default it takes one step of the scheduler and no time.
 * - `jitter`: how much longer it may travel; each frame takes a random part of it. Frames stay in order, so that a late
 *   one holds up those behind it.
 * - `loss`: the probability that a frame is swallowed, and nobody is told.
 * - `corruption`: the probability that the text of a frame is changed at random.
 * - `rate`: how many frames a second the receiver takes at most; the others wait.
 *
 * @category options
 * @since 0.1.0
 */
export interface Faults {
  readonly latency?: Duration.Input | undefined
  readonly jitter?: Duration.Input | undefined
  readonly loss?: number | undefined
  readonly corruption?: number | undefined
  readonly rate?: number | undefined
}

/**
 * What a network does to a connection: in both directions, and what is different in one of them.
 *
 * @category options
 * @since 0.1.0
 */
export interface LinkOptions extends Faults {
  readonly toCsms?: Faults | undefined
  readonly toStation?: Faults | undefined
}

/**
 * A connection with a transport for each side, and what can happen to it.
 *
 * **Details**
 *
 * A side that closes is told so when the frames that are under way to it have arrived; the other side when the frames
 * before it have. Each side is told once.
 *
 * @category models
 * @since 0.1.0
 */
export interface Link {
  readonly station: Transport
  readonly csms: Transport
  /**
   * From now on nothing arrives in a direction, or in both, not even what is under way, and nobody is told. A side that
   * closes is told so; the other side is not, if the news had to travel that way.
   */
  readonly halfOpen: (direction?: Direction) => Effect.Effect<void>
  /**
   * Breaks the connection: what is under way is lost, and both sides are told with code 1006, each after a time of its
   * own, by default at once. Until then the connection looks open to a side.
   */
  readonly cut: (noticed?: {
    readonly station?: Duration.Input | undefined
    readonly csms?: Duration.Input | undefined
  }) => Effect.Effect<void>
  /** Whether a side has yet to be told that the connection is closed. Who closes it and never listens need not be. */
  readonly isOpen: Effect.Effect<boolean>
  /** Whether it was cut, even if a side has yet to notice. */
  readonly isCut: Effect.Effect<boolean>
}

/**
 * Connects two transports in memory.
 *
 * **When to use**
 *
 * Use to test one side, or both, over a bad network. `MemoryNetwork` makes links for stations that connect by
 * themselves.
 *
 * **Details**
 *
 * Time and random numbers are those that are present here, so that a link in a simulation with a seed behaves the same
 * way each time. What a paused transport is sent waits in order until it is resumed; only a cut does not wait.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* (options: LinkOptions = {}) {
  const random = yield* Random.Random
  const clock = yield* Clock.Clock
  const run = Effect.runForkWith(yield* Effect.context<never>())
  const end = (direction: Direction): End => new End(faultsOf(options, direction), random, clock, run)
  const ends = { toCsms: end("toCsms"), toStation: end("toStation") }
  const link: Link = {
    station: connect(ends.toStation, ends.toCsms),
    csms: connect(ends.toCsms, ends.toStation),
    halfOpen: (direction) =>
      Effect.sync(() => {
        if (direction !== "toStation") ends.toCsms.kill()
        if (direction !== "toCsms") ends.toStation.kill()
      }),
    cut: (noticed = {}) =>
      Effect.sync(() => {
        ends.toCsms.cut(noticed.csms)
        ends.toStation.cut(noticed.station)
      }),
    isOpen: Effect.sync(() => !ends.toCsms.isDone || !ends.toStation.isDone),
    isCut: Effect.sync(() => ends.toStation.isCut)
  }
  return link
})

/**
 * Waits as long as a frame could travel in a direction.
 *
 * @category combinators
 * @since 0.1.0
 */
export const travel = (options: LinkOptions, direction: Direction): Effect.Effect<void> =>
  Effect.flatMap(Random.Random, (random) => Effect.sleep(delayOf(faultsOf(options, direction), random)))

const faultsOf = (options: LinkOptions, direction: Direction): Faults => ({ ...options, ...options[direction] })

/** In milliseconds. */
const delayOf = ({ jitter = 0, latency = 0 }: Faults, random: Random.Random): number => {
  const spread = Duration.toMillis(jitter)
  return Duration.toMillis(latency) + (spread === 0 ? 0 : Math.round(random.nextDoubleUnsafe() * spread))
}

const connect = (here: End, there: End): Transport => ({
  send: (frame) => {
    if (!here.isOpen) return false
    there.send(frame)
    return true
  },
  close: (code, reason) => {
    here.isLeft = true
    if (!here.isOpen) return
    here.isOpen = false
    there.close(code, reason)
    here.put({ _tag: "Closed", isOwn: true, due: 0, code, reason })
  },
  listen: (listener) => here.listen(listener),
  pause: () => here.pause(true),
  resume: () => here.pause(false)
})

interface Frame {
  readonly _tag: "Frame"
  readonly due: number
  readonly text: string
}

/** `isOwn` if it is this side that closed, so that the news need not travel. */
interface Closed {
  readonly _tag: "Closed"
  readonly isOwn: boolean
  readonly due: number
  readonly code: number
  readonly reason: string
}

/** One side, and what travels to it. */
class End {
  /** Whether this side may send. */
  isOpen = true
  /** Whether this side has been told that the connection is closed. */
  isTold = false
  /** Whether this side has closed the connection, be it closed already or not. */
  isLeft = false
  isCut = false
  private readonly faults: Faults
  private readonly random: Random.Random
  private readonly clock: Clock.Clock
  private readonly run: (effect: Effect.Effect<void>) => unknown
  private arrivals: Array<Frame | Closed> = []
  private listener: Listener | undefined = undefined
  private isPaused = false
  private isDead = false
  private isDelivering = false
  /** When the receiver takes the next frame. */
  private free = 0

  constructor(
    faults: Faults,
    random: Random.Random,
    clock: Clock.Clock,
    run: (effect: Effect.Effect<void>) => unknown
  ) {
    this.faults = faults
    this.random = random
    this.clock = clock
    this.run = run
  }

  /** Whether nothing is left to tell this side. */
  get isDone(): boolean {
    return this.isTold || (this.isLeft && this.listener === undefined)
  }

  send(text: string): void {
    if (this.isDead || this.happens(this.faults.loss)) return
    const arriving = this.happens(this.faults.corruption) ? corrupt(text, this.random) : text
    this.put({ _tag: "Frame", due: this.due(), text: arriving })
  }

  close(code: number, reason: string): void {
    if (!this.isDead) this.put({ _tag: "Closed", isOwn: false, due: this.due(), code, reason })
  }

  put(arrival: Frame | Closed): void {
    this.arrivals.push(arrival)
    this.deliver()
  }

  listen(listener: Listener): void {
    this.listener = listener
    this.deliver()
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused
    this.deliver()
  }

  kill(): void {
    this.isDead = true
    this.arrivals = this.arrivals.filter((arrival) => arrival._tag === "Closed" && arrival.isOwn)
  }

  cut(noticed: Duration.Input = 0): void {
    this.isCut = true
    this.kill()
    const told = Effect.sync(() => {
      const closed: Closed = { _tag: "Closed", isOwn: true, due: 0, code: 1006, reason: "" }
      this.isOpen = false
      if (this.listener === undefined) this.arrivals.push(closed)
      else this.arrive(closed)
    })
    this.run(Effect.andThen(sleep(Duration.toMillis(noticed)), told))
  }

  private due(): number {
    return this.clock.currentTimeMillisUnsafe() + delayOf(this.faults, this.random)
  }

  private happens(probability: number | undefined): boolean {
    return probability !== undefined && this.random.nextDoubleUnsafe() < probability
  }

  /** What arrives next, once it can. */
  private get head(): Frame | Closed | undefined {
    return this.listener === undefined || this.isPaused ? undefined : this.arrivals[0]
  }

  // One fiber delivers while there is something to deliver; an idle link has none.
  private deliver(): void {
    if (this.isDelivering || this.head === undefined) return
    this.isDelivering = true
    this.run(this.deliveries)
  }

  private readonly deliveries = Effect.gen({ self: this }, function* () {
    for (let head = this.head; head !== undefined; head = this.head) {
      const now = this.clock.currentTimeMillisUnsafe()
      const free = head._tag === "Frame" ? this.free : 0
      yield* sleep(Math.max(head.due, free) - now)
      // While it slept, the link may have been paused or cut.
      if (this.head !== head) continue
      this.arrivals.shift()
      this.arrive(head)
    }
    this.isDelivering = false
  })

  private arrive(arrival: Frame | Closed): void {
    if (this.isTold) return
    if (arrival._tag === "Frame") {
      if (this.faults.rate !== undefined) this.free = this.clock.currentTimeMillisUnsafe() + 1000 / this.faults.rate
      return this.listener?.frame(arrival.text)
    }
    this.isOpen = false
    this.isTold = true
    this.listener?.closed(arrival.code, arrival.reason)
  }
}

// What takes no time takes a step, whatever the clock.
const sleep = (millis: number): Effect.Effect<void> => (millis > 0 ? Effect.sleep(millis) : Effect.yieldNow)

/** Changes a text at one place: a character more, less or other, or the rest gone. */
const corrupt = (text: string, random: Random.Random): string => {
  const at = Math.floor(random.nextDoubleUnsafe() * text.length)
  const before = text.slice(0, at)
  const other = String.fromCharCode(32 + Math.floor(random.nextDoubleUnsafe() * 95))
  switch (Math.floor(random.nextDoubleUnsafe() * 4)) {
    case 0:
      return before + other + text.slice(at)
    case 1:
      return before + text.slice(at + 1)
    case 2:
      return before + (other === text[at] ? "\u0000" : other) + text.slice(at + 1)
    default:
      return before
  }
}
