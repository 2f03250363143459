/**
 * When a station boots: as soon as it is connected and not accepted, but not before the CSMS wants to hear of it again.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Alarm, Alarms } from "../../internal/Alarms.ts"

/** How long the station waits before it boots again if the CSMS names no interval, in milliseconds. */
const defaultWait = 60_000

export class BootTimer {
  private readonly alarms: Alarms
  private readonly boot: () => Fiber.Fiber<boolean>
  private isDue = false
  private isTrying = false
  /** How many BootNotifications are under way, those of the application among them. */
  private underWay = 0
  private alarm: Alarm | undefined = undefined
  /** By the monotonic clock, in milliseconds. */
  private notBefore = 0

  /** `boot` sends a BootNotification; it gives whether the next one, if one is needed, may follow at once. */
  constructor(alarms: Alarms, boot: () => Fiber.Fiber<boolean>) {
    this.alarms = alarms
    this.boot = boot
  }

  /** Whether the station is connected and has to boot. */
  set(isDue: boolean): void {
    this.isDue = isDue
    this.plan()
  }

  /** The station boots as soon as it is connected. */
  now(): void {
    this.notBefore = 0
    this.plan()
  }

  /** The CSMS wants to hear of the station again after so many seconds; 0 leaves it to the station. */
  after(interval: number): void {
    this.notBefore = this.alarms.now() + (interval > 0 ? interval * 1000 : defaultWait)
    this.plan()
  }

  /** Whether the CSMS has asked not to hear of the station yet. */
  get isEarly(): boolean {
    return this.alarms.now() < this.notBefore
  }

  /** Makes a BootNotification, whose answer says when the next one is due. */
  during<A, E>(booting: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      this.underWay++
      return Effect.ensuring(
        booting,
        Effect.sync(() => {
          this.underWay--
          this.plan()
        })
      )
    })
  }

  private plan(): void {
    if (this.alarm !== undefined) this.alarms.cancel(this.alarm)
    this.alarm = undefined
    if (!this.isDue || this.isTrying || this.underWay > 0) return
    if (this.isEarly) this.alarm = this.alarms.set(this.notBefore, () => this.plan())
    else this.begin()
  }

  private begin(): void {
    this.isTrying = true
    this.boot().addObserver((exit) => {
      this.isTrying = false
      if (Exit.isSuccess(exit) && exit.value) return this.plan()
      this.after(0)
    })
  }
}
