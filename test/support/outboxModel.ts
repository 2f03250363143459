/**
 * A model of a station that loses nothing: what happens to it, as commands that can be drawn at random, and what it has
 * to send then, when, and with which content.
 *
 * The model is told what crosses the border of the CSMS (connections, calls, answers) and what the application stores.
 * Everything else follows: what may be sent and what has to be, what counts as a failure, what is discarded or dropped,
 * and what becomes of each message. It is free only in which of two lanes goes first.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Call } from "./outbox.ts"

// ---------------------------------------------------------------------------------------------------------------------
// what happens
// ---------------------------------------------------------------------------------------------------------------------

/** How the CSMS treats the next message of a transaction, security event or other call. */
export type Mood =
  | "well"
  | "error"
  | "invalid"
  | "never"
  /** After this many units. */
  | number
  /** The connection goes instead of the answer, or right after one. */
  | "cut"
  | "well and cut"
  | "error and cut"

/** `which` counts connectors. */
export type Command =
  | { readonly _tag: "Start"; readonly which: number }
  | { readonly _tag: "Update"; readonly which: number; readonly count: number }
  | { readonly _tag: "Stop"; readonly which: number }
  | { readonly _tag: "Report" }
  | { readonly _tag: "Authorize" }
  | { readonly _tag: "Moods"; readonly moods: ReadonlyArray<Mood> }
  /** The answer to the next BootNotification is that the station has to wait. */
  | { readonly _tag: "Pend" }
  | { readonly _tag: "Wait"; readonly units: number }
  | { readonly _tag: "Cut" }
  | { readonly _tag: "GoOffline" }
  | { readonly _tag: "GoOnline" }
  /** The CSMS starts anew, and has forgotten that the station had booted. */
  | { readonly _tag: "Forget" }
  | { readonly _tag: "PowerCut"; readonly units: number }
  /** The storage takes nothing, or nothing more, or works again. */
  | { readonly _tag: "Break" }
  | { readonly _tag: "Fill"; readonly room: number }
  | { readonly _tag: "Heal" }

export interface Script {
  readonly attempts: number
  readonly limit: number
  readonly commands: ReadonlyArray<Command>
}

/** A connection that is lost no later than this after a message was sent may be lost because of it, in milliseconds. */
const soon = 5000

/** In milliseconds. What the test does takes whole units, … */
export const unit = 60_000

/** … but what the station and the CSMS do by themselves does not, so that none of it ends as anything else begins. */
export const timeout = 30 * unit + 1
export const retryInterval = 60 * unit + 37
export const reconnect = 7 * unit + 1009
export const lateness = (units: number): number => units * unit + 13

export const connectors = 3

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const choose = <const A>(choices: ReadonlyArray<A>, pick: number): A => choices[pick % choices.length]!

const moodOf = (pick: number): Mood =>
  choose<Mood>(
    ["error", "error", "never", "error", "invalid", "cut", "well and cut", 5, "never", 20, "error and cut", "well", 40],
    pick
  )

const commands: Arbitrary.Arbitrary<ReadonlyArray<Command>> = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({ kind: between(0, 99), which: between(0, connectors - 1), a: between(0, 25), b: between(0, 25) })
    ),
    ({ a, b, kind, which }): Command => {
      if (kind < 12) return { _tag: "Start", which }
      if (kind < 36) return { _tag: "Update", which, count: 1 + (a % 4) }
      if (kind < 44) return { _tag: "Stop", which }
      if (kind < 49) return { _tag: "Report" }
      if (kind < 52) return { _tag: "Authorize" }
      if (kind < 64) return { _tag: "Moods", moods: [moodOf(a), moodOf(b), moodOf(a + b)].slice(which) }
      if (kind < 76) return { _tag: "Wait", units: choose([1, 5, 10, 20, 31, 60, 61, 90, 130, 200], a) }
      if (kind < 80) return { _tag: "Cut" }
      if (kind < 85) return { _tag: "GoOffline" }
      if (kind < 90) return { _tag: "GoOnline" }
      if (kind < 91) return { _tag: "Forget" }
      if (kind < 92) return { _tag: "Pend" }
      if (kind < 96) return { _tag: "PowerCut", units: choose([0, 1, 40, 100], a) }
      if (kind < 97) return { _tag: "Break" }
      if (kind < 98) return { _tag: "Fill", room: a % 3 }
      return { _tag: "Heal" }
    }
  ),
  { maxLength: 80 }
)

export const scripts: Arbitrary.Arbitrary<Script> = Arbitrary.map(
  Arbitrary.all({
    settings: Arbitrary.schema(Schema.Struct({ attempts: between(1, 3), limit: between(4, 14) })),
    commands
  }),
  ({ commands: list, settings }) => ({ ...settings, commands: list })
)

// ---------------------------------------------------------------------------------------------------------------------
// what follows
// ---------------------------------------------------------------------------------------------------------------------

/** A transaction as the station knows it. */
export class Transaction {
  readonly connector: number
  /** The station's name of it. */
  id = ""
  /** The number of its next message. */
  seqNo = 0
  /** What the CSMS has called it. */
  number: unknown = undefined
  isStartOver = false
  hasEnded = false

  constructor(connector: number) {
    this.connector = connector
  }
}

/** A message that is stored. */
export interface Item {
  readonly label: string
  readonly phase: "Started" | "Updated" | "Ended" | undefined
  readonly transaction: Transaction | undefined
  readonly seqNo: number | undefined
  /** The connection that was open when it was stored; 0 if none was. */
  readonly link: number
  attempts: number
  /** Before this it is not sent again. */
  dueAt: number
  /** How many connections in a row have broken under it that had proved good. */
  breaks: number
  messageId: string | undefined
}

/** Messages that are delivered one after the other. */
class Lane {
  readonly name: string
  items: Array<Item> = []
  /** Whether the first is on its way, or could be but for other calls. */
  isTrying = false
  /** A time-out, of which it shows only later whether it counts. */
  timedOut: (Pick<Item, "attempts" | "breaks" | "dueAt"> & { readonly until: number }) | undefined = undefined

  constructor(name: string) {
    this.name = name
  }

  /** A time-out does not count. */
  forgive(): void {
    const [first] = this.items
    if (first === undefined || this.timedOut === undefined) return
    first.attempts = this.timedOut.attempts
    first.breaks = this.timedOut.breaks
    first.dueAt = this.timedOut.dueAt
  }

  /** Nobody tries the first any more. */
  rest(): void {
    this.isTrying = false
    this.timedOut = undefined
  }
}

/** A call that waits for its answer. */
interface Outstanding {
  readonly call: Call
  readonly lane: Lane | undefined
  readonly until: number
  /** Whether the CSMS had answered something on the connection before. */
  readonly wasGood: boolean
}

export class Model {
  readonly flaws: Array<string> = []
  /** What has become of messages, lane by lane. */
  readonly events = { transactions: [] as Array<string>, others: [] as Array<string> }
  /** How it went with each message and call, by label. */
  readonly outcomes = new Map<string, string>()
  /** The transactions that have not been stopped, in order. */
  ongoing: Array<Transaction> = []
  /** Whether the storage takes nothing, and how many entries it has room for. */
  isBroken = false
  room = Infinity
  /** Whether something has happened that the storage does not know. */
  isDirty = false
  private readonly is2x: boolean
  private readonly script: Script
  private readonly transactions = new Lane("transactions")
  private readonly others = new Lane("others")
  private readonly lanes = [this.transactions, this.others]
  /** How many transactions there are of which messages are stored or to come. */
  private records = 0
  private leastForRoom = 0
  private now = 0
  private link = 0
  private isConnected = false
  private isAccepted = false
  private hasBooted = false
  /** Whether the CSMS has answered anything on this connection. */
  private hasAnswered = false
  private outstanding: Outstanding | undefined
  /** The calls that are not stored and wait for their turn. */
  private volatile: Array<string> = []

  constructor(script: Script, is2x: boolean) {
    this.script = script
    this.is2x = is2x
  }

  get stored(): number {
    return this.transactions.items.length + this.others.items.length
  }

  get size(): number {
    return this.stored + this.records
  }

  private get isReady(): boolean {
    return this.isConnected && this.isAccepted
  }

  private flaw(what: string): void {
    this.flaws.push(`at ${this.now}: ${what}`)
  }

  private tell(lane: Lane, event: string): void {
    this.events[lane === this.transactions ? "transactions" : "others"].push(event)
  }

  // ---- time

  advance(to: number): void {
    while (true) {
      const next = Math.min(
        this.outstanding?.until ?? Infinity,
        ...this.lanes.map((lane) => lane.timedOut?.until ?? (lane.isTrying ? Infinity : this.dueAt(lane)))
      )
      if (next > to) break
      this.moveTo(next)
      this.ring()
      this.pump()
    }
    this.moveTo(to)
  }

  /** When the first of a lane may be sent; never while none can be. */
  private dueAt({ items }: Lane): number {
    const [first] = items
    return first === undefined || !this.isReady ? Infinity : Math.max(first.dueAt, this.now)
  }

  private moveTo(time: number): void {
    if (time === this.now) return
    // Whatever can be sent is sent before time goes on.
    if (this.isReady && this.outstanding === undefined) {
      for (const lane of this.lanes) {
        if (lane.isTrying && lane.timedOut === undefined) this.flaw(`${lane.items[0]!.label} should have been sent`)
      }
      for (const label of this.volatile) this.flaw(`${label} should have been sent`)
    }
    this.now = time
  }

  /** What ends now. */
  private ring(): void {
    if (this.outstanding !== undefined && this.outstanding.until <= this.now) {
      const { call, lane } = this.outstanding
      this.outstanding = undefined
      if (lane === undefined) this.ended(call, "Timeout")
      else this.timesOut(lane)
    }
    for (const lane of this.lanes) {
      if (lane.timedOut === undefined || lane.timedOut.until > this.now) continue
      lane.rest()
      if (lane.items[0]!.attempts >= this.script.attempts) this.discard(lane, "Timeout")
    }
  }

  /** Whatever is due is tried. */
  private pump(): void {
    for (const lane of this.lanes) if (!lane.isTrying && this.dueAt(lane) <= this.now) lane.isTrying = true
  }

  // ---- what the application does

  /** Whether a message can be stored, which makes room for it if need be. `entries` counts what is added. */
  mayStore(entries: number): boolean {
    if (this.isBroken) return false
    const fits = (): boolean => this.size + entries <= this.room
    while (!fits()) if (!this.makeRoom()) return false
    return true
  }

  /** A message was stored. */
  store(lane: "transactions" | "others", of: Pick<Item, "label" | "phase" | "transaction" | "seqNo">): void {
    const into = this[lane]
    into.items.push({
      ...of,
      link: this.isConnected ? this.link : 0,
      attempts: 0,
      dueAt: 0,
      breaks: 0,
      messageId: undefined
    })
    this.outcomes.set(of.label, "open")
    this.tell(into, `Stored ${of.label}`)
    if (of.phase === "Started") this.records++
    // What was stored brings with it what could not be stored before.
    this.isDirty = false
    if (this.stored <= this.script.limit) this.leastForRoom = 0
    if (this.stored > Math.max(this.script.limit, this.leastForRoom)) {
      this.makeRoom()
      this.leastForRoom = this.stored > this.script.limit ? Math.ceil(this.stored * 1.1) : 0
    }
    this.pump()
  }

  /** The first, third, fifth … update of each transaction goes, but none that is on its way. */
  private makeRoom(): boolean {
    const { isTrying, items } = this.transactions
    const counts = new Map<Transaction | undefined, number>()
    const kept = items.filter((item, index) => {
      if (item.phase !== "Updated" || (index === 0 && isTrying)) return true
      const count = (counts.get(item.transaction) ?? 0) + 1
      counts.set(item.transaction, count)
      if (count % 2 === 0) return true
      this.tell(this.transactions, `Dropped ${item.label}`)
      this.outcomes.set(item.label, "QueueFull")
      return false
    })
    const isMade = kept.length < items.length
    if (isMade) this.isDirty = false
    this.transactions.items = kept
    return isMade
  }

  /** A call is made that is not stored. */
  callNow(label: string): void {
    if (this.isReady) this.volatile.push(label)
    this.outcomes.set(label, this.isReady ? "open" : this.isConnected ? "NotAccepted" : "NotConnected")
  }

  // ---- what crosses the border of the CSMS

  connected(link: number): void {
    this.link = link
    this.isConnected = true
    this.hasBooted = false
    this.hasAnswered = false
    this.pump()
  }

  closed(): void {
    const { outstanding } = this
    this.isConnected = false
    this.outstanding = undefined
    if (outstanding !== undefined) this.breaks(outstanding)
    for (const lane of this.lanes) {
      // It was dead, perhaps, when the time-out came.
      if (lane.timedOut !== undefined) this.written()
      lane.forgive()
      lane.rest()
    }
    if (outstanding !== undefined && outstanding.lane === undefined) this.ended(outstanding.call, "ConnectionLost")
    for (const label of this.volatile.splice(0)) this.outcomes.set(label, "NotConnected")
  }

  /** The connection has gone under a message, which may be the cause. */
  private breaks({ call, lane, wasGood }: Outstanding): void {
    const item = lane?.items[0]
    if (lane === undefined || item === undefined || !wasGood) return
    const breaks = this.now - call.at <= soon ? item.breaks + 1 : 0
    if (breaks !== item.breaks) this.written()
    item.breaks = breaks
    if (breaks < 3) return
    // The test takes it out at once.
    this.tell(lane, `SetAside ${item.label}`)
    this.over(lane, "ConnectionLost")
    this.tell(lane, `TakenOut ${item.label}`)
  }

  called(call: Call): void {
    const { action, label } = call
    if (this.outstanding !== undefined) this.flaw(`${label} comes while ${this.outstanding.call.label} is under way`)
    const lane = this.lanes.find(({ items }) => items[0]?.label === label)
    this.outstanding = { call, lane, until: this.now + timeout, wasGood: this.hasAnswered }
    if (action === "BootNotification") {
      this.hasBooted = true
      if (this.isReady) this.flaw("the station boots though it is accepted")
      return
    }
    if (!this.isReady) this.flaw(`${label} comes though it may not`)
    if (action === "Heartbeat") return
    if (action === "Authorize") {
      if (this.volatile.shift() === undefined) this.flaw(`nobody has asked for ${label}`)
      return
    }
    const first = lane?.items[0]
    if (lane === undefined || first === undefined) return this.flaw(`it is not the turn of ${label}`)
    if (!lane.isTrying || lane.timedOut !== undefined) return this.flaw(`${label} comes too early`)
    this.compare(first, call)
  }

  private compare(item: Item, call: Call): void {
    const { label, phase, transaction } = item
    item.messageId ??= call.messageId
    const expected: Record<string, unknown> = { messageId: item.messageId }
    if (transaction !== undefined && this.is2x) {
      expected["transactionId"] = transaction.id
      expected["seqNo"] = item.seqNo
      expected["offline"] = item.link === this.link ? undefined : true
    } else if (transaction !== undefined && phase !== "Started") {
      expected["transactionId"] = transaction.number ?? (transaction.isStartOver ? -1 : "to be given yet")
      if (phase === "Updated") {
        const { connectorId } = call.payload
        if (connectorId !== transaction.connector) this.flaw(`${label} is of connector ${String(connectorId)}`)
      }
    }
    for (const [field, value] of Object.entries(expected)) {
      const came = call[field as keyof Call]
      if (came !== value) this.flaw(`${label} has the ${field} ${String(came)} instead of ${String(value)}`)
    }
  }

  /** The CSMS answers: `result` is absent for an error, whose code is `outcome`. */
  answered(call: Call, outcome: string, result?: unknown): void {
    if (this.outstanding?.call !== call) return
    const { lane } = this.outstanding
    this.outstanding = undefined
    this.hasAnswered = true
    if (call.action === "BootNotification") {
      this.isAccepted = (result as { readonly status: string }).status === "Accepted"
    } else if (outcome === "SecurityError" && !this.hasBooted) {
      // The CSMS has forgotten the station, which is no failure of the message.
      lane?.rest()
      if (lane === undefined) this.ended(call, outcome)
      this.isAccepted = false
      // What waits for its turn may not be sent any more.
      for (const each of this.lanes) if (each.timedOut === undefined) each.rest()
      for (const label of this.volatile.splice(0)) this.outcomes.set(label, "NotAccepted")
    } else if (lane === undefined) this.ended(call, outcome)
    else if (outcome === "ok") this.delivered(lane, result)
    else this.fails(lane, outcome)
    this.pump()
  }

  private ended({ action, payload }: Call, outcome: string): void {
    if (action === "Authorize") this.outcomes.set(authorizeOf(payload), outcome)
  }

  // ---- what becomes of messages

  private written(): void {
    this.isDirty = this.isBroken
  }

  private delivered(lane: Lane, result: unknown): void {
    const item = lane.items.shift()!
    const { phase, transaction } = item
    if (phase === "Started" && transaction !== undefined) {
      transaction.isStartOver = true
      transaction.number = (result as { readonly transactionId?: number }).transactionId
    }
    if (phase === "Ended") this.records--
    lane.rest()
    this.outcomes.set(item.label, "ok")
    this.tell(lane, `Delivered ${item.label}`)
    this.written()
  }

  private fails(lane: Lane, outcome: string): void {
    const item = lane.items[0]!
    item.attempts++
    item.breaks = 0
    lane.rest()
    if (item.attempts >= this.script.attempts) return this.discard(lane, outcome)
    item.dueAt = this.now + retryInterval * item.attempts
    this.tell(lane, `Failed ${item.label} ${item.attempts}`)
    this.written()
  }

  private timesOut(lane: Lane): void {
    const item = lane.items[0]!
    const { attempts, breaks, dueAt } = item
    item.attempts++
    item.breaks = 0
    item.dueAt = this.now + retryInterval * item.attempts
    // Also the last one counts only if the connection holds until another would be due.
    lane.timedOut = { attempts, breaks, dueAt, until: item.dueAt }
    if (item.attempts >= this.script.attempts) return
    this.tell(lane, `Failed ${item.label} ${item.attempts}`)
    this.written()
  }

  private discard(lane: Lane, outcome: string): void {
    const { attempts, label } = lane.items[0]!
    this.over(lane, outcome)
    this.tell(lane, `Discarded ${label} ${attempts}`)
  }

  /** The first of a lane never arrives. */
  private over(lane: Lane, outcome: string): void {
    const item = lane.items.shift()!
    if (item.phase === "Started" && item.transaction !== undefined) item.transaction.isStartOver = true
    if (item.phase === "Ended") this.records--
    lane.rest()
    this.outcomes.set(item.label, outcome)
    this.written()
  }

  // ---- the power

  /** The power is cut, after which the connection closes. */
  powerOff(): void {
    for (const lane of this.lanes) {
      // A last attempt is not written before it counts.
      if ((lane.items[0]?.attempts ?? 0) >= this.script.attempts) lane.forgive()
      lane.rest()
    }
    for (const [label, outcome] of this.outcomes) if (outcome === "open") this.outcomes.set(label, "gone")
    this.outstanding = undefined
    this.volatile = []
    this.isAccepted = false
    this.isBroken = false
    this.room = Infinity
    this.leastForRoom = 0
  }
}

/** What a call to authorize is known by. */
export const authorizeOf = (payload: Call["payload"]): string => {
  const { idTag, idToken } = payload as { readonly idTag?: string; readonly idToken?: { readonly idToken: string } }
  return `Authorize ${idToken?.idToken ?? String(idTag)}`
}
