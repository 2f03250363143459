/**
 * A model of a CSMS to which stations come and from which they go: what happens, as commands that can be drawn at
 * random, and what has to follow from it.
 *
 * The model is told what crosses the border of the CSMS: handshakes, connections, frames and closes. What goes out, how
 * each call ends and when, and who owns an identity follow from that.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Direction } from "../../src/simulation/Link.ts"

// ---------------------------------------------------------------------------------------------------------------------
// what happens
// ---------------------------------------------------------------------------------------------------------------------

/** What becomes of a newcomer whose identity is taken; `asks` leaves it to an effect. */
export type Policy = "replace" | "reject" | "asks"

/** How a station answers a call, and after how many units. */
export interface Answering {
  readonly as: "ok" | "error" | "invalid" | "other id" | "twice" | "never"
  readonly after: number
}

/** A station knocks at the door. All times are in units. */
export interface Knock {
  readonly _tag: "Knock"
  readonly identity: string
  readonly credentials: "right" | "wrong" | "unknown" | "of another"
  /** How long `accept` takes, and the rest of the handshake once the station is let in. */
  readonly accept: number
  readonly upgrade: number
  /** What an effect decides that is asked about a takeover, and how long that takes. */
  readonly decision: "replace" | "reject"
  readonly deciding: number
  readonly toCsms: number
  readonly toStation: number
}

/** `which` counts connections from the latest one backwards, those that are over included. */
export type Command =
  | Knock
  /** A station goes away in the middle of its handshake. */
  | { readonly _tag: "GiveUp" }
  | { readonly _tag: "HalfOpen"; readonly which: number; readonly direction: Direction | undefined }
  /** The station closes, the CSMS closes, the network breaks. */
  | { readonly _tag: "Leave"; readonly which: number }
  | { readonly _tag: "Dismiss"; readonly which: number }
  | { readonly _tag: "Cut"; readonly which: number; readonly noticed: number }
  /** A call to an identity; a stubborn caller repeats it at once if it got no answer. */
  | ({
      readonly _tag: "Call"
      readonly identity: string
      readonly units: number
      readonly isStubborn: boolean
    } & Answering)
  /** A call by a session that the CSMS was given once. */
  | ({ readonly _tag: "CallSession"; readonly which: number; readonly units: number } & Answering)
  /** A request of the station, whose handler answers at once, later, never, or calls back first. */
  | ({ readonly _tag: "Ask"; readonly which: number; readonly how: How; readonly units: number } & Answering)
  | { readonly _tag: "Wait"; readonly units: number }

export type How = "quick" | "slow" | "never" | "back"

/** In milliseconds. All that happens takes whole units, … */
export const unit = 100

/** … but for time-outs and slow handlers, so that none of these ends at the same moment as anything else. */
export const timeoutOf = (units: number): number => units * unit + 1
export const slownessOf = (units: number): number => units * unit + unit / 2

export const identities: ReadonlyArray<string> = ["CP001", "CP002", "CP003"]

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const of = <const A>(choices: ReadonlyArray<A>, pick: number): A => choices[pick % choices.length]!

export const commands: Arbitrary.Arbitrary<ReadonlyArray<Command>> = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({
        kind: between(0, 99),
        pick: between(0, 11),
        which: between(0, 3),
        a: between(0, 4),
        b: between(0, 4),
        c: between(0, 4)
      })
    ),
    ({ a, b, c, kind, pick, which }): Command => {
      // Most of it concerns one identity, so that its connections meet.
      const identity = of(["CP001", "CP001", "CP001", "CP002", "CP003"], a)
      const answering = of(["ok", "ok", "ok", "ok", "ok", "error", "invalid", "other id", "twice", "never"], pick)
      const answers = { as: answering, after: c } as const
      if (kind < 20) return { _tag: "Wait", units: b }
      if (kind < 48) return { _tag: "Call", identity, units: b * 4, isStubborn: which === 0, ...answers }
      if (kind < 54) return { _tag: "CallSession", which, units: b * 4, ...answers }
      if (kind < 70) {
        return { _tag: "Ask", which, how: of(["back", "back", "slow", "never", "quick"], a), units: b * 4, ...answers }
      }
      if (kind < 73) return { _tag: "Leave", which }
      if (kind < 76) return { _tag: "Dismiss", which }
      if (kind < 79) return { _tag: "Cut", which, noticed: a }
      if (kind < 82) return { _tag: "HalfOpen", which, direction: of(["toCsms", "toStation", undefined], pick) }
      if (kind < 84) return { _tag: "GiveUp" }
      return {
        _tag: "Knock",
        identity,
        credentials: of(["right", "right", "right", "right", "right", "right", "wrong", "unknown", "of another"], pick),
        accept: b % 3,
        upgrade: c % 3,
        decision: of(["replace", "replace", "reject"], pick),
        deciding: which % 3,
        toCsms: b % 3,
        toStation: c % 3
      }
    }
  ),
  { maxLength: 60 }
)

// ---------------------------------------------------------------------------------------------------------------------
// what follows
// ---------------------------------------------------------------------------------------------------------------------

export const queueLimit = 2

/** What is known of a station, whether it is what the model expects or what the CSMS does. */
export interface Account {
  readonly name: string
  /** `let in` or the HTTP status, once its handshake is decided. */
  verdict: string
  /** The owner about which the effect was asked that decides over a takeover. */
  askedAbout: string
  /** The calls and the answers that it was sent. */
  readonly calls: Array<string>
  readonly answers: Array<string>
  /** Its requests that are being handled. */
  readonly handling: Pick<ReadonlySet<string>, "keys">
  /** The code with which the CSMS closed the connection, if it did. */
  closedWith: number | undefined
  /** How many times its scope was closed. */
  readonly ends: number
}

export const describeAccount = (account: Account): string =>
  [
    `${account.name}: ${account.verdict}, asked about ${account.askedAbout},`,
    `calls [${account.calls}], answers [${account.answers.toSorted()}],`,
    `handling [${Array.from(account.handling.keys()).toSorted()}],`,
    `closed with ${account.closedWith}, ${account.ends} ends`
  ].join(" ")

interface Placed {
  readonly name: string
  /** In milliseconds. */
  readonly timeout: number
  readonly settled?: ((result: string) => void) | undefined
}

/** What is expected of a station. */
export class Expected implements Account {
  readonly name: string
  readonly knock: Knock
  state: "knocking" | "live" | "over" = "knocking"
  /** Who owned the identity when the station was found to be who it says it is. */
  seen: Expected | undefined = undefined
  verdict = "undecided"
  askedAbout = "nobody"
  readonly calls: Array<string> = []
  readonly answers: Array<string> = []
  /** Until when, where that is certain. */
  readonly handling = new Map<string, number>()
  closedWith: number | undefined = undefined
  outstanding: (Placed & { readonly deadline: number }) | undefined = undefined
  waiting: Array<Placed> = []

  constructor(name: string, knock: Knock) {
    this.name = name
    this.knock = knock
  }

  get ends(): number {
    return this.state === "over" ? 1 : 0
  }
}

/** Outcomes after which a stubborn caller repeats its call. */
export const isUnanswered = (result: string): boolean =>
  result === "Timeout" || result === "ConnectionLost" || result === "NotConnected" || result === "QueueFull"

export class Model {
  readonly stations: Array<Expected> = []
  readonly owners = new Map<string, Expected>()
  readonly events: Array<string> = []
  readonly deviations: Array<string> = []
  /** How calls ended and when. */
  readonly outcomes = new Map<string, string>()
  private readonly policy: Policy
  private now = 0

  constructor(policy: Policy) {
    this.policy = policy
  }

  // ---- handshakes

  authenticated(station: Expected): void {
    station.seen = this.owners.get(station.knock.identity)
    if (this.policy === "asks" && station.seen !== undefined) station.askedAbout = station.seen.name
  }

  decided(station: Expected): void {
    const { credentials, decision } = station.knock
    if (credentials !== "right") {
      station.verdict = credentials === "unknown" ? "404" : "401"
    } else if (station.seen === undefined || this.policy === "replace") {
      station.verdict = "let in"
    } else if (this.policy === "reject") {
      station.verdict = "409"
    } else {
      station.verdict = decision === "replace" ? "let in" : "409"
    }
  }

  connect(station: Expected): void {
    const owner = this.owners.get(station.knock.identity)
    if (owner !== undefined && owner !== station.seen && this.policy !== "replace") {
      station.closedWith = 1008
      return
    }
    station.state = "live"
    this.owners.set(station.knock.identity, station)
    if (owner !== undefined) {
      this.events.push(`${owner.name} Replaced`)
      owner.closedWith ??= 1000
      this.end(owner)
    }
    this.events.push(`${station.name} Connected`)
  }

  // ---- ends

  /** The CSMS closes the connection. */
  close(station: Expected, code: number): void {
    station.closedWith ??= code
    this.closed(station, code)
  }

  /** The CSMS is told that the connection is closed. */
  closed(station: Expected, code: number): void {
    if (station.state !== "live") return
    this.owners.delete(station.knock.identity)
    this.events.push(`${station.name} Disconnected ${code}`)
    this.end(station)
  }

  shutdown(): void {
    for (const owner of Array.from(this.owners.values())) this.close(owner, 1001)
  }

  private end(station: Expected): void {
    const { outstanding, waiting } = station
    station.state = "over"
    station.handling.clear()
    station.outstanding = undefined
    station.waiting = []
    if (outstanding !== undefined) this.finish(outstanding, "ConnectionLost")
    for (const call of waiting) this.finish(call, "NotConnected")
  }

  // ---- calls

  call(station: Expected | undefined, call: Placed): void {
    this.outcomes.set(call.name, "open")
    if (station?.state !== "live") this.finish(call, "NotConnected")
    else if (station.outstanding === undefined) this.transmit(station, call)
    else if (station.waiting.length < queueLimit) station.waiting.push(call)
    else this.finish(call, "QueueFull")
  }

  callIdentity(identity: string, call: Placed): void {
    this.call(this.owners.get(identity), call)
  }

  /** An answer comes from a station, to a call if it is to one of them. */
  answered(station: Expected, call: string | undefined, result: string): void {
    if (station.state !== "live") return
    const { outstanding } = station
    const isAwaited = outstanding !== undefined && outstanding.name === call
    if (!isAwaited) this.deviations.push(`${station.knock.identity} UnexpectedAnswer`)
    else if (result === "InvalidResponse") this.deviations.push(`${station.knock.identity} InvalidResponse`)
    if (isAwaited) this.settle(station, outstanding, result)
  }

  private transmit(station: Expected, call: Placed): void {
    station.calls.push(call.name)
    station.outstanding = { ...call, deadline: this.now + call.timeout }
  }

  private settle(station: Expected, call: Placed, result: string): void {
    const next = station.waiting.shift()
    station.outstanding = undefined
    if (next !== undefined) this.transmit(station, next)
    this.finish(call, result)
  }

  private finish(call: Placed, result: string): void {
    this.outcomes.set(call.name, `${result} at ${this.now}`)
    call.settled?.(result)
  }

  // ---- requests

  asked(station: Expected, name: string, how: How, units: number): void {
    if (station.state !== "live") return
    if (how === "quick") return void station.answers.push(name)
    station.handling.set(name, how === "slow" ? this.now + slownessOf(units) : Infinity)
    if (how !== "back") return
    this.call(station, { name: `${name} back`, timeout: timeoutOf(units), settled: () => this.handled(station, name) })
  }

  private handled(station: Expected, name: string): void {
    if (station.handling.delete(name)) station.answers.push(name)
  }

  // ---- time

  /** Lets end what ends by itself until then. */
  advance(now: number): void {
    for (const station of this.stations) {
      for (let next = nextOf(station); next.at <= now; next = nextOf(station)) {
        this.now = next.at
        if (next.handled === undefined) this.settle(station, station.outstanding!, "Timeout")
        else this.handled(station, next.handled)
      }
    }
    this.now = now
  }
}

/** What of a station ends next by itself: its call that is under way, or a handler. */
const nextOf = (station: Expected): { readonly at: number; readonly handled?: string } => {
  let next: { readonly at: number; readonly handled?: string } = { at: station.outstanding?.deadline ?? Infinity }
  for (const [handled, at] of station.handling) if (at < next.at) next = { at, handled }
  return next.at === Infinity ? { at: NaN } : next
}
