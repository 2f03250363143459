/**
 * Something that is open or closed, for which fibers can wait. It is as small as it can be, because every station has
 * several of them, and seldom does anyone wait.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Alarms from "./Alarms.ts"

export class Signal {
  private state: boolean
  private waiters: Array<() => void> | undefined = undefined

  constructor(isOpen = false) {
    this.state = isOpen
  }

  get isOpen(): boolean {
    return this.state
  }

  /** Opens it, and lets those go on who wait. */
  open(): void {
    if (this.state) return
    this.state = true
    const { waiters } = this
    this.waiters = undefined
    for (const goOn of waiters ?? []) goOn()
  }

  close(): void {
    this.state = false
  }

  set(isOpen: boolean): void {
    if (isOpen) this.open()
    else this.close()
  }

  /** Waits until it is open. */
  get opened(): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.state) return resume(Effect.void)
      const goOn = (): void => resume(Effect.void)
      this.add(goOn)
      return Effect.sync(() => this.remove(goOn))
    })
  }

  /** Waits until it is open, but no longer than this, in milliseconds. */
  openedWithin(millis: number): Effect.Effect<void> {
    if (millis === Infinity) return this.opened
    return Effect.contextWith((context: Context.Context<never>) =>
      Effect.callback<void>((resume) => {
        if (this.state) return resume(Effect.void)
        const alarms = Alarms.of(context)
        const forget = (): void => {
          alarms.cancel(alarm)
          this.remove(goOn)
        }
        const goOn = (): void => {
          forget()
          resume(Effect.void)
        }
        const alarm = alarms.set(alarms.now() + millis, goOn)
        this.add(goOn)
        return Effect.sync(forget)
      })
    )
  }

  private add(goOn: () => void): void {
    if (this.waiters === undefined) this.waiters = [goOn]
    else this.waiters.push(goOn)
  }

  private remove(goOn: () => void): void {
    const index = this.waiters?.indexOf(goOn) ?? -1
    if (index < 0) return
    this.waiters?.splice(index, 1)
    if (this.waiters?.length === 0) this.waiters = undefined
  }
}
