/**
 * Whatever happens in whatever order, a station sends nothing that its registration forbids.
 *
 * The judge has a table of its own. It sees what the station sends and receives, and is told of what no frame shows.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { WireLog } from "../../src/json/WireLog.ts"
import { ConnectUnreachable } from "../../src/station/Connector.ts"
import { endpoint, Network, stationOf } from "../support/station.ts"
import { settled, start } from "../support/time.ts"
import { responseTo, type Version, versions } from "../support/versions.ts"

type Command =
  /** The CSMS answers the call that is under way. */
  | { readonly _tag: "Answer"; readonly as: (typeof answers)[number]; readonly interval: number }
  /** The CSMS asks for a message, for a BootNotification, for a transaction, for anything else. */
  | { readonly _tag: "Ask"; readonly which: number }
  | { readonly _tag: "AskBoot" }
  | { readonly _tag: "AskRemote"; readonly which: number }
  | { readonly _tag: "AskOther" }
  /** The application sends something. */
  | { readonly _tag: "Send"; readonly which: number }
  | { readonly _tag: "Wait"; readonly seconds: number }
  | { readonly _tag: "Lose" }
  | { readonly _tag: "Reach"; readonly isUp: boolean }
  | { readonly _tag: "Reboot" }

const answers = ["Accepted", "Pending", "Rejected", "SecurityError", "InternalError", "nonsense"] as const

const intervals = [0, 1, 7, 30, 60, 100, 400]

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const commands: Arbitrary.Arbitrary<ReadonlyArray<Command>> = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(Schema.Struct({ kind: between(0, 99), which: between(0, 20), seconds: between(1, 120) })),
    ({ kind, seconds, which }): Command => {
      if (kind < 30) {
        return { _tag: "Answer", as: answers[kind % 6]!, interval: intervals[which % intervals.length]! }
      }
      if (kind < 40) return { _tag: "Ask", which }
      if (kind < 48) return { _tag: "AskBoot" }
      if (kind < 52) return { _tag: "AskRemote", which }
      if (kind < 55) return { _tag: "AskOther" }
      if (kind < 70) return { _tag: "Send", which }
      if (kind < 86) return { _tag: "Wait", seconds }
      if (kind < 93) return { _tag: "Lose" }
      if (kind < 97) return { _tag: "Reach", isUp: which % 3 > 0 }
      return { _tag: "Reboot" }
    }
  ),
  { maxLength: 60 }
)

const boot = "BootNotification"

/** How long a call waits for its answer, and how long a station waits that is not told how long, in milliseconds. */
const timeout = 30_000
const ownWait = 60_000

/** What the specification lets pass, by what the CSMS has said last. */
class Judge {
  readonly flaws: Array<string> = []
  status = "Unregistered"
  /** The call that is under way. */
  outstanding: { readonly id: unknown; readonly action: string; readonly at: number } | undefined = undefined
  /** How requests that came are to be answered, by their ids. */
  readonly owed = new Map<unknown, string>()
  private readonly version: Version
  /** What was asked for since the last answer to a BootNotification. */
  private readonly asked = new Set<string>()
  private bootsAsked = 0
  /** Whether the BootNotification that was sent last may be one that was asked for, whose failure delays no other. */
  private mayBeAskedFor = false
  private bootNotBefore = 0
  /** Whether the station has booted in this connection. */
  private hasBooted = false

  constructor(version: Version) {
    this.version = version
  }

  lost(): void {
    this.outstanding = undefined
    this.owed.clear()
    this.bootsAsked = 0
    this.hasBooted = false
  }

  /** The station begins anew. */
  reset(): void {
    this.become("Unregistered")
    this.bootNotBefore = 0
  }

  frame(direction: "in" | "out", frame: string, now: number): void {
    const [type, id, ...rest]: ReadonlyArray<unknown> = JSON.parse(frame)
    this.expire(now)
    if (type === 2) {
      const [action, payload] = rest
      if (direction === "in") this.request(id, String(action), Object(payload))
      else this.call(id, String(action), now)
    } else if (direction === "in") this.answered(type, id, rest, now)
    else this.response(type, id, rest)
  }

  private flaw(text: string): void {
    this.flaws.push(`${this.status}: ${text}`)
  }

  private become(status: string): void {
    this.status = status
    this.asked.clear()
  }

  /** A call whose time is over has failed. */
  private expire(now: number): void {
    if (this.outstanding === undefined || now < this.outstanding.at + timeout) return
    const { action, at } = this.outstanding
    this.outstanding = undefined
    // Its time counts from the call on, so that it can be over as soon as it is sent.
    if (action === boot) this.bootFailed(at)
  }

  private bootFailed(at: number): void {
    if (!this.mayBeAskedFor) this.bootNotBefore = Math.max(this.bootNotBefore, at + ownWait)
  }

  private call(id: unknown, action: string, now: number): void {
    if (this.outstanding !== undefined) this.flaw(`${action} is sent while a call is under way`)
    this.outstanding = { id, action, at: now }
    if (action !== boot) {
      const mayLeave = this.status === "Accepted" || (this.status === "Pending" && this.asked.has(action))
      if (!mayLeave) this.flaw(`${action} is sent`)
      return
    }
    this.hasBooted = true
    const isDue = this.status !== "Accepted" && now >= this.bootNotBefore
    this.mayBeAskedFor = this.bootsAsked > 0
    if (isDue) return
    if (this.bootsAsked > 0) this.bootsAsked--
    else this.flaw(`${boot} is sent ${this.bootNotBefore - now} ms too early`)
  }

  private answered(type: unknown, id: unknown, [code]: ReadonlyArray<unknown>, now: number): void {
    const { outstanding } = this
    if (outstanding === undefined || outstanding.id !== id) return
    const { action } = outstanding
    this.outstanding = undefined
    if (action !== boot) {
      if (type === 4 && code === "SecurityError" && !this.hasBooted) this.reset()
      return
    }
    const answer = Object(code)
    const { interval = answer.heartbeatInterval, status } = answer
    if (type === 4 || !["Accepted", ...this.version.refusals].includes(status)) return this.bootFailed(now)
    this.become(status)
    if (status === "Rejected") this.bootsAsked = 0
    if (status !== "Accepted") this.bootNotBefore = now + (interval > 0 ? interval * 1000 : ownWait)
  }

  private request(id: unknown, action: string, payload: { readonly requestedMessage?: string }): void {
    if (this.status === "Rejected") {
      if (this.version.rejected === "SecurityError") this.owed.set(id, "SecurityError")
      return
    }
    const isBarred = this.status !== "Accepted" && action in this.version.remote
    this.owed.set(id, isBarred ? "Rejected" : "Accepted")
    if (payload.requestedMessage === boot) this.bootsAsked++
    const [, , asksFor] = this.version.asks.find(([ask, request]) => ask === action && same(request, payload)) ?? []
    if (asksFor !== undefined && this.status === "Pending") this.asked.add(asksFor)
  }

  private response(type: unknown, id: unknown, [first]: ReadonlyArray<unknown>): void {
    const given = type === 4 ? first : Object(first).status
    if (this.owed.get(id) !== given) this.flaw(`a request is answered ${given} instead of ${this.owed.get(id)}`)
    this.owed.delete(id)
  }
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)

const unreachable = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })

const world = Effect.fnUntraced(
  function* (version: Version, list: ReadonlyArray<Command>) {
    const clock = yield* Clock.Clock
    const judge = new Judge(version)
    const network = new Network()
    const made = yield* stationOf(
      version,
      {
        reconnect: Schedule.spaced("10 seconds"),
        afterwards: (_, request, csms) =>
          "requestedMessage" in request && request.requestedMessage === boot
            ? csms.bootNotification(version.boot)
            : Effect.void
      },
      network
    ).pipe(
      Effect.provideService(WireLog, ({ direction, frame }) =>
        judge.frame(direction, frame, clock.currentTimeMillisUnsafe())
      )
    )
    const { call, outbox } = made
    const requests = Object.entries({ ...version.sends, ...version.stores })
    const remote = Object.entries(version.remote)
    let ids = 0

    /** The connection that is open, if one is. */
    const open = () => {
      const raw = network.links.at(-1)
      return raw?.end === undefined ? raw : undefined
    }

    const ask = (action: string, request: object) => open()?.send([2, String(++ids), action, request]) ?? Effect.void

    const answer = (as: string, interval: number) => {
      const { action, id } = judge.outstanding ?? {}
      if (id === undefined) return Effect.void
      if (as === "SecurityError" || as === "InternalError") return open()?.send([4, id, as, "", {}]) ?? Effect.void
      const payload =
        as === "nonsense" ? [] : action === boot ? version.answer(as, interval) : responseTo(version, String(action))
      return open()?.send([3, id, payload]) ?? Effect.void
    }

    const perform = (command: Command): Effect.Effect<unknown, never, Scope.Scope> => {
      switch (command._tag) {
        case "Answer":
          return answer(command.as, command.interval)
        case "Ask": {
          const [action, request] = version.asks[command.which % version.asks.length] ?? ["ClearCache", {}]
          return ask(action, request)
        }
        case "AskBoot":
          return version.asks.length === 0 ? Effect.void : ask("TriggerMessage", { requestedMessage: boot })
        case "AskRemote":
          return ask(...remote[command.which % remote.length]!)
        case "AskOther":
          return ask("ClearCache", {})
        case "Send": {
          const [action, request] = requests[command.which % requests.length]!
          return start(call(action, request))
        }
        case "Wait":
          return TestClock.adjust(`${command.seconds} seconds`)
        case "Lose": {
          const raw = open()
          if (raw === undefined) return Effect.void
          judge.lost()
          return raw.close()
        }
        case "Reach":
          return Effect.sync(() => {
            network.failure = command.isUp ? undefined : unreachable
          })
        case "Reboot":
          return Effect.suspend(() => {
            judge.lost()
            judge.reset()
            return made.station.reboot
          })
      }
    }

    for (const command of list) {
      yield* perform(command)
      yield* settled
      assert.strictEqual(judge.flaws.join("\n"), "")
      assert.deepStrictEqual(Array.from(judge.owed), [], "every request is answered")
    }

    // A CSMS that answers well gets everything in the end.
    network.failure = undefined
    for (let round = 0; round < 20; round++) {
      yield* TestClock.adjust("1 minute")
      while (judge.outstanding !== undefined) yield* answer("Accepted", 0)
      assert.strictEqual(judge.flaws.join("\n"), "")
    }
    assert.strictEqual(judge.status, "Accepted")
    assert.strictEqual(yield* outbox.waiting(), 0)
  },
  Effect.scoped,
  Effect.provideService(References.MinimumLogLevel, "None")
)

describe("A station sends nothing that its registration forbids, whatever happens in whatever order", () => {
  for (const version of versions) {
    it.effect.prop(`[REG-01] [REG-03] [REG-04] in ${version.name}`, [commands], ([list]) => world(version, list), {
      arbitrary: { runs: 150, size: 60 }
    })
  }
})
