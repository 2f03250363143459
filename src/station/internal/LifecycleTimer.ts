/**
 * When a station boots and when its heart beats: BootNotification until it is accepted, then Heartbeat.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Signal } from "../../internal/Signal.ts"
import type { BootAnswer } from "../../Registration.ts"
import * as Timestamp from "../../Timestamp.ts"

/** How long the station waits before it boots again if the CSMS names no interval, in milliseconds. */
const bootWait = 60_000

/** How long between heartbeats if the CSMS has never named an interval, in milliseconds. */
const heartbeatWait = 300_000

/** The longest time between two answers that tell the time (J16 §5.3, P2 G02.FR.07). */
const day = 86_400_000

/** Whether a time can be true, or does at least not differ much from what the clock of the station tells anyway. */
const mayBe = (time: number, own: number): boolean => Timestamp.isPlausible(time) || Timestamp.agree(time, own)

export class LifecycleTimer {
  /** Open while the station is connected and has to boot. */
  readonly bootDue = new Signal()
  /** Open while the station is connected and accepted. */
  readonly accepted = new Signal()
  private readonly clock: Clock.Clock
  private readonly bootMoved = new Signal()
  private readonly paceChanged = new Signal()
  private interval = heartbeatWait
  /** By the monotonic clock, in milliseconds, as the next ones. */
  private bootNotBefore = 0
  /** How many BootNotifications are under way, and open while none is. */
  private underWay = 0
  private readonly free = new Signal(true)
  private sentAt = 0
  private toldTimeAt = 0
  /** How far the clock of the CSMS is ahead, in milliseconds. */
  offset: number | undefined = undefined

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  now(): number {
    return Number(this.clock.monotonicTimeNanosUnsafe()) / 1e6
  }

  /** A frame was sent. */
  sent(): void {
    this.sentAt = this.now()
  }

  /**
   * The CSMS has told the time in the answer to a call that was sent at `calledAt`. A time that cannot be true is not
   * taken over, and gives `false`.
   */
  told(currentTime: string, calledAt: number): boolean {
    const now = this.now()
    this.toldTimeAt = now
    const own = this.clock.currentTimeMillisUnsafe()
    const time = Timestamp.toMillis(currentTime)
    if (time === undefined || !mayBe(time, own)) return false
    // Half of the way there and back is behind what it told.
    this.offset = time + (now - calledAt) / 2 - own
    return true
  }

  /** The time of the CSMS when the clock of the station tells `own`, which counts if the other is not known. */
  timeOfCsms(own: number): number {
    const time = own + Math.round(this.offset ?? 0)
    // The clock of the station may have been set since.
    return mayBe(time, own) ? time : own
  }

  booted({ interval, status }: BootAnswer): void {
    const millis = interval * 1000
    if (status !== "Accepted") this.bootAt(this.now() + (interval > 0 ? millis : bootWait))
    else if (interval > 0) this.beatEvery(millis)
  }

  /** How often the heart beats, in milliseconds; 0 stops it. */
  beatEvery(millis: number): void {
    this.interval = millis
    this.paceChanged.open()
  }

  /** The station boots as soon as it is connected. */
  bootNow(): void {
    this.bootAt(0)
  }

  /** Whether the CSMS has asked not to hear of the station yet. */
  get isEarly(): boolean {
    return this.now() < this.bootNotBefore
  }

  /** Makes a BootNotification, whose answer says when the next one is due. */
  booting<A, E>(boot: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      this.underWay++
      this.free.close()
      return Effect.ensuring(
        boot,
        Effect.sync(() => {
          if (--this.underWay === 0) this.free.open()
        })
      )
    })
  }

  private bootAt(time: number): void {
    this.bootNotBefore = time
    this.bootMoved.open()
  }

  /** Boots whenever it is due; `link` names the connection that is open. */
  readonly boots = (boot: Effect.Effect<unknown, unknown>, link: () => string): Effect.Effect<never> =>
    Effect.gen({ self: this }, function* () {
      yield* this.bootDue.opened
      yield* this.free.opened
      if (!this.bootDue.isOpen) return
      this.bootMoved.close()
      const wait = Math.min(this.bootNotBefore - this.now(), day)
      if (wait > 0) return yield* this.bootMoved.openedWithin(wait)
      const before = link()
      const exit = yield* Effect.exit(boot)
      if (Exit.isSuccess(exit)) return
      // What fails with its connection hears of it before the connection is over.
      yield* Effect.yieldNow
      // On a new connection it is tried at once.
      if (link() === before) this.bootNotBefore = this.now() + bootWait
    }).pipe(Effect.forever)

  /** Beats whenever nothing else was sent for the interval, and once a day to be told the time. */
  readonly beats = (heartbeat: Effect.Effect<unknown, unknown>): Effect.Effect<never> =>
    Effect.gen({ self: this }, function* () {
      yield* this.accepted.opened
      this.paceChanged.close()
      const pause = this.interval > 0 ? this.sentAt + this.interval : Infinity
      const wait = Math.min(pause, this.toldTimeAt + day) - this.now()
      if (wait > 0) return yield* this.paceChanged.openedWithin(wait)
      const { sentAt } = this
      yield* Effect.exit(heartbeat)
      // One that could not be sent is not tried again at once.
      if (this.sentAt === sentAt) this.sentAt = this.now()
      this.toldTimeAt = Math.max(this.toldTimeAt, this.now() - day + heartbeatWait)
    }).pipe(Effect.forever)
}
