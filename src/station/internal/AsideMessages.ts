/**
 * Messages of an outbox that are set aside because they break connections. They come back when the CSMS has accepted the
 * station anew, once a day, and when the application asks for it; but only when no other message waits, which they could
 * hold up.
 */
import type * as Clock from "effect/Clock"
import * as Exit from "effect/Exit"
import type { Alarm, Alarms } from "../../internal/Alarms.ts"
import { CallError, type CallFailure } from "../../OcppError.ts"
import type { SetAsideMessage } from "../StoredMessage.ts"
import type { MessageQueue, QueuedMessage } from "./MessageQueue.ts"
import { type OutboxStock, shown } from "./OutboxStock.ts"

/** In milliseconds. */
const day = 86_400_000

/** Which of them come back. */
type Recall = "due" | "all"

export class AsideMessages {
  private readonly stock: OutboxStock
  private readonly clock: Clock.Clock
  private readonly alarms: Alarms
  private readonly wake: (queue: MessageQueue) => void
  private readonly recalls = new Map<MessageQueue, Recall>()
  private alarm: Alarm | undefined = undefined

  /** `wake` has a queue delivered. */
  constructor(of: {
    readonly stock: OutboxStock
    readonly clock: Clock.Clock
    readonly alarms: Alarms
    readonly wake: (queue: MessageQueue) => void
  }) {
    this.stock = of.stock
    this.clock = of.clock
    this.alarms = of.alarms
    this.wake = of.wake
  }

  /** All of them, the oldest of each queue first. */
  get list(): ReadonlyArray<SetAsideMessage> {
    return this.stock.queues.flatMap(({ aside }) => Array.from(aside.values(), shownAside))
  }

  /** Whether a message belongs to a transaction whose start is set aside, without which the CSMS cannot take it. */
  isHeld(queue: MessageQueue, { phase, transaction }: QueuedMessage): boolean {
    if (queue.aside.size === 0 || transaction === undefined || phase === "Started") return false
    return Array.from(queue.aside.values()).some((one) => one.phase === "Started" && one.transaction === transaction)
  }

  /** Sets the first message of a queue aside. Without a `failure` it is no fault of its own. */
  set(queue: MessageQueue, message: QueuedMessage, reason: string, failure?: CallFailure): void {
    const times = (message.setAside?.times ?? 0) + (failure === undefined ? 0 : 1)
    const aside = { ...message, breaks: 0, setAside: { times, at: this.clock.currentTimeMillisUnsafe(), reason } }
    queue.setFirstAside(aside)
    this.stock.tell({ _tag: "SetAside", message: shown(aside), reason })
    this.stock.warn(`a ${message.action} is set aside: ${reason}`)
    if (failure !== undefined) this.stock.resolve(message, queue, Exit.fail(failure))
    this.watch()
  }

  /** Has those come back that are due, or all of them. */
  recall(which: Recall): void {
    for (const queue of this.stock.queues) {
      if (queue.aside.size === 0) continue
      if (which === "all" || !this.recalls.has(queue)) this.recalls.set(queue, which)
      this.wake(queue)
    }
  }

  isRecalled(queue: MessageQueue): boolean {
    return this.recalls.has(queue)
  }

  /** Puts back into a queue, in which nothing waits, what was recalled. */
  takeBack(queue: MessageQueue): void {
    const which = this.recalls.get(queue)
    this.recalls.delete(queue)
    if (which === undefined) return
    const all = Array.from(queue.aside.values())
    const left = new Set(
      all.flatMap((message) => (which === "due" && !this.isDue(message) ? [message.transaction ?? message.key] : []))
    )
    queue.takeBack(all.filter(({ key, transaction }) => !left.has(transaction ?? key)))
  }

  /** Removes a message for good, and gives it; the transaction goes on as if the CSMS had never answered it. */
  takeOut(messageId: string): SetAsideMessage | undefined {
    const { records } = this.stock
    for (const queue of this.stock.queues) {
      const message = Array.from(queue.aside.values()).find((one) => one.messageId === messageId)
      if (message === undefined) continue
      queue.remove(new Set([message]))
      this.stock.counted(message, -1)
      records.messageOver(message, Exit.fail(neverSent))
      this.stock.tell({ _tag: "TakenOut", message: shown(message) })
      records.tell(message, Exit.fail(neverSent))
      this.stock.resolve(message, queue, Exit.fail(neverSent))
      return shownAside(message)
    }
    return undefined
  }

  /** Sees to it that they come back within a day. */
  watch(): void {
    if (this.alarm !== undefined || this.stock.queues.every(({ aside }) => aside.size === 0)) return
    this.alarm = this.alarms.set(this.alarms.now() + day, () => {
      this.alarm = undefined
      this.recall("due")
      this.watch()
    })
  }

  close(): void {
    if (this.alarm !== undefined) this.alarms.cancel(this.alarm)
  }

  /** Whether a message may come back. The wait grows each time it is set aside, for it may be what crashes the CSMS. */
  private isDue({ setAside }: QueuedMessage): boolean {
    if (setAside === undefined) return true
    const passed = this.clock.currentTimeMillisUnsafe() - setAside.at
    // The clock may have been set back.
    return passed < 0 || passed >= Math.min(day, this.stock.settings.retryInterval * (setAside.times - 1))
  }
}

const shownAside = (message: QueuedMessage): SetAsideMessage => ({
  ...shown(message),
  request: message.request,
  reason: message.setAside?.reason ?? "",
  setAsideAt: message.setAside?.at ?? 0
})

const neverSent = new CallError({ code: "GenericError", description: "the application has taken the message out" })
