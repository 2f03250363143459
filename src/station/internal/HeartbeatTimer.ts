/**
 * Says when a station sends its heartbeats, and keeps the time that the CSMS tells in their answers.
 */
import type * as Clock from "effect/Clock"
import type { Alarm, Alarms } from "../../internal/Alarms.ts"
import * as Timestamp from "../../Timestamp.ts"

/** How long between heartbeats if the CSMS has never named an interval, in milliseconds. */
const defaultInterval = 300_000

/** The longest time between two answers that tell the time (J16 §5.3, P2 G02.FR.07). */
const day = 86_400_000

/** Whether a time can be true, or does at least not differ much from what the clock of the station tells anyway. */
const mayBe = (time: number, own: number): boolean => Timestamp.isPlausible(time) || Timestamp.agree(time, own)

export class HeartbeatTimer {
  /** How far the clock of the CSMS is ahead, in milliseconds. */
  offset: number | undefined = undefined
  /** In milliseconds; 0 if a heartbeat is sent only once a day. `every` sets it. */
  interval = defaultInterval
  private readonly clock: Clock.Clock
  private readonly alarms: Alarms
  private readonly beat: (done: () => void) => void
  private isOn = false
  private isBeating = false
  private alarm: Alarm | undefined = undefined
  /** By the monotonic clock, in milliseconds, as the next one. */
  private sentAt = 0
  private toldTimeAt = 0

  /** `beat` sends a heartbeat, and says when that is answered or lost. */
  constructor(clock: Clock.Clock, alarms: Alarms, beat: (done: () => void) => void) {
    this.clock = clock
    this.alarms = alarms
    this.beat = beat
  }

  /** While it is on, a heartbeat is sent whenever nothing else was for the interval, and once a day to be told the time. */
  set(isOn: boolean): void {
    if (this.isOn === isOn) return
    this.isOn = isOn
    this.plan()
  }

  /** A frame was sent. */
  sent(): void {
    this.sentAt = this.alarms.now()
  }

  /**
   * The CSMS has told the time in the answer to a call that was sent at `calledAt`. A time that cannot be true is not
   * taken over, and gives `false`.
   */
  told(currentTime: string, calledAt: number): boolean {
    const now = this.alarms.now()
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

  /** Sets the interval, in milliseconds; with 0, a heartbeat is sent only once a day. */
  every(millis: number): void {
    this.interval = millis
    this.plan()
  }

  private plan(): void {
    if (this.alarm !== undefined) this.alarms.cancel(this.alarm)
    this.alarm = undefined
    if (!this.isOn || this.isBeating) return
    const at = this.next
    // What is sent meanwhile puts it off, which is looked at when it rings.
    if (at > this.alarms.now()) this.alarm = this.alarms.set(at, () => this.plan())
    else this.begin()
  }

  private get next(): number {
    const pause = this.interval > 0 ? this.sentAt + this.interval : Infinity
    return Math.min(pause, this.toldTimeAt + day)
  }

  private begin(): void {
    this.isBeating = true
    const { sentAt } = this
    this.beat(() => {
      this.isBeating = false
      const now = this.alarms.now()
      // One that could not be sent is not tried again at once.
      if (this.sentAt === sentAt) this.sentAt = now
      this.toldTimeAt = Math.max(this.toldTimeAt, now - day + defaultInterval)
      this.plan()
    })
  }
}
