/**
 * Who owns an identity, whatever the order of handshakes, losses, calls and requests: a CSMS in virtual time beside a
 * model of it. Who owns what is compared whenever something crosses the border of the CSMS, all else whenever nothing
 * is under way.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Csms, type CsmsOptions } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import { type Handshake, unauthorized, unknownStation } from "../../src/csms/Handshake.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import type { CallOptions } from "../../src/Client.ts"
import type { Session } from "../../src/Session.ts"
import * as Link from "../../src/simulation/Link.ts"
import { Simulation } from "../../src/simulation/Simulation.ts"
import type { Transport } from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { csmsLayer, handshake } from "../support/csms.ts"
import {
  type Account,
  type Answering,
  type Command,
  commands,
  describeAccount,
  Expected,
  identities,
  isUnanswered,
  type Knock,
  Model,
  type Policy,
  queueLimit,
  slownessOf,
  timeoutOf,
  unit
} from "../support/model.ts"
import { collect, start } from "../support/time.ts"

/** A station, and what the CSMS does to it. */
class Actual implements Account {
  readonly expected: Expected
  knocking: Fiber.Fiber<void> | undefined = undefined
  link: Link.Link | undefined = undefined
  session: Session | undefined = undefined
  verdict = "undecided"
  askedAbout = "nobody"
  readonly calls: Array<string> = []
  readonly answers: Array<string> = []
  readonly handling = new Set<string>()
  closedWith: number | undefined = undefined
  ends = 0

  constructor(knock: Knock, number: number) {
    this.expected = new Expected(`station ${number}`, knock)
  }

  get name(): string {
    return this.expected.name
  }
}

const sleep = (units: number): Effect.Effect<void> => (units === 0 ? Effect.void : Effect.sleep(units * unit))

/** What is called under a name, and with what time-out. */
const named = (name: string, units: number): [V16.DataTransferRequest, CallOptions] => [
  { vendorId: "x", data: name },
  { timeout: "1 day", responseTimeout: timeoutOf(units) }
]

const world = Effect.fnUntraced(function* (policy: Policy, list: ReadonlyArray<Command>) {
  const clock = yield* Clock.Clock
  const now = (): number => clock.currentTimeMillisUnsafe()
  const run = Effect.runForkWith(yield* Effect.context<never>())

  const model = new Model(policy)
  const stations: Array<Actual> = []
  const byHandshake = new Map<Handshake, Actual>()
  const bySession = new Map<Session, Actual>()
  const outcomes = new Map<string, string>()
  const answerings = new Map<string, Answering>()
  const nameOf = new Map<string, string>()
  const flaws: Array<string> = []

  /** Makes a call and records how it ends. */
  const place = (name: string, call: Effect.Effect<unknown, CallFailure>): Effect.Effect<string> =>
    Effect.suspend(() => {
      outcomes.set(name, "open")
      return Effect.match(call, {
        onSuccess: () => "ok",
        onFailure: (failure) => ("reason" in failure ? failure.reason : "code" in failure ? failure.code : failure._tag)
      })
    }).pipe(
      Effect.tap((result) =>
        Effect.sync(() => {
          if (outcomes.get(name) !== "open") flaws.push(`${name} ends twice`)
          outcomes.set(name, `${result} at ${now()}`)
        })
      )
    )

  // ---- the CSMS

  const handle = ({ data: name = "", messageId, vendorId }: V16.DataTransferRequest, session: Session) => {
    const station = bySession.get(session)!
    const units = Number(messageId)
    const work = Effect.suspend((): Effect.Effect<unknown> => {
      switch (vendorId) {
        case "slow":
          return Effect.sleep(slownessOf(units))
        case "never":
          return Effect.never
        case "back":
          return place(`${name} back`, session.call(V16.DataTransfer, ...named(`${name} back`, units)))
        default:
          return Effect.void
      }
    })
    station.handling.add(name)
    return work.pipe(
      Effect.as({ status: "Accepted" } as const),
      Effect.onExit(() => Effect.sync(() => station.handling.delete(name)))
    )
  }

  const options: CsmsOptions = {
    accept: Effect.fnUntraced(function* (shake: Handshake) {
      const { expected } = byHandshake.get(shake)!
      const { accept, credentials } = expected.knock
      yield* sleep(accept)
      if (credentials === "wrong") return yield* unauthorized
      if (credentials === "unknown") return yield* unknownStation
      model.advance(now())
      model.authenticated(expected)
    }),
    takeover:
      policy === "asks"
        ? Effect.fnUntraced(function* (owner: Session, shake: Handshake) {
            const station = byHandshake.get(shake)!
            station.askedAbout = bySession.get(owner)?.name ?? "a stranger"
            yield* sleep(station.expected.knock.deciding)
            return station.expected.knock.decision
          })
        : policy,
    handlers: [V16.csmsHandlersPartial({ dataTransfer: handle })],
    calls: { queueLimit },
    takeoverLimit: { swaps: 1000 }
  }
  const scope = yield* Scope.fork(yield* Effect.scope)
  const context = yield* Layer.buildWithScope(csmsLayer(options), scope)
  const csms = Context.get(context, Csms)
  const endpoint = Context.get(context, Endpoint)
  const events = yield* collect(csms.sessions)
  const deviations = yield* collect(csms.deviations)

  // ---- its border

  /** Who owns what, at this very moment. */
  const compareOwners = (where: string): void => {
    const connected = Effect.runSync(csms.connected)
    if (connected.length !== model.owners.size) {
      flaws.push(`${where} at ${now()}: ${connected.length} are connected instead of ${model.owners.size}`)
    }
    for (const identity of identities) {
      const owner = model.owners.get(identity)
      const station = stations.find(({ expected }) => expected === owner)
      const session = Option.getOrUndefined(Effect.runSync(csms.session(identity)))
      // While a connection is being made, nobody has been given its session yet.
      const isRight =
        station !== undefined && station.session === undefined
          ? session !== undefined && !bySession.has(session)
          : session === station?.session
      if (!isRight) flaws.push(`${where} at ${now()}: ${identity} does not belong to ${owner?.name ?? "nobody"}`)
    }
  }

  /** The CSMS's end of a connection, which tells the model what crosses. */
  const border = (station: Actual, transport: Transport): Transport => {
    const { expected } = station
    return {
      send: (text) => {
        const [type, id, , payload] = JSON.parse(text)
        model.advance(now())
        if (expected.state !== "live") flaws.push(`${station.name} is sent ${text} after its end`)
        if (type === 2) {
          if (nameOf.has(id)) flaws.push(`the message id ${id} comes twice`)
          nameOf.set(id, payload.data)
          station.calls.push(payload.data)
        } else {
          station.answers.push(id)
        }
        compareOwners(`when ${station.name} is sent a frame`)
        return transport.send(text)
      },
      close: (code, reason) => {
        station.closedWith ??= code
        // The one that is replaced is closed when its identity belongs to another already.
        if (code === 1000) compareOwners(`when ${station.name} is closed`)
        transport.close(code, reason)
      },
      listen: (listener) =>
        transport.listen({
          frame: (text) => {
            const [type, id, third, payload] = JSON.parse(text)
            model.advance(now())
            if (type === 2) model.asked(expected, id, payload.vendorId, Number(payload.messageId))
            else if (type === 4) model.answered(expected, nameOf.get(id), third)
            else model.answered(expected, nameOf.get(id), "status" in third ? "ok" : "InvalidResponse")
            listener.frame(text)
            compareOwners(`after a frame of ${station.name}`)
          },
          dropped: listener.dropped,
          closed: (code, reason) => {
            model.advance(now())
            model.closed(expected, code)
            listener.closed(code, reason)
            compareOwners(`after ${station.name} is gone`)
          }
        }),
      pause: transport.pause,
      resume: transport.resume
    }
  }

  // ---- the stations

  const answer = (transport: Transport): void =>
    transport.listen({
      frame: (text) => {
        const [type, id, , payload] = JSON.parse(text)
        if (type !== 2) return
        const { after, as } = answerings.get(payload.data)!
        const frames = {
          ok: [[3, id, { status: "Accepted" }]],
          error: [[4, id, "GenericError", "", {}]],
          invalid: [[3, id, {}]],
          "other id": [[3, `${id}x`, { status: "Accepted" }]],
          twice: [
            [3, id, { status: "Accepted" }],
            [3, id, { status: "Accepted" }]
          ],
          never: []
        }[as]
        run(
          Effect.andThen(
            sleep(after),
            Effect.sync(() => {
              for (const frame of frames) transport.send(JSON.stringify(frame))
            })
          )
        )
      },
      dropped: () => undefined,
      closed: () => undefined
    })

  const knock = Effect.fnUntraced(function* (station: Actual) {
    const { expected } = station
    const { credentials, identity, toCsms, toStation, upgrade } = expected.knock
    const username = credentials === "of another" ? "CP000" : identity
    const shake = handshake(identity, { username, password: Redacted.make(new Uint8Array()) })
    byHandshake.set(shake, station)
    const admission = yield* Effect.result(endpoint.accept(shake))
    station.verdict = admission._tag === "Success" ? "let in" : String(admission.failure.status)
    model.advance(now())
    model.decided(expected)
    if (admission._tag === "Failure") return
    yield* sleep(upgrade)
    station.link = yield* Link.make({ toCsms: { latency: toCsms * unit }, toStation: { latency: toStation * unit } })
    answer(station.link.station)
    model.advance(now())
    model.connect(expected)
    station.session = admission.success.agreed?.connect(border(station, station.link.csms))
    if (station.session !== undefined) {
      bySession.set(station.session, station)
      yield* Scope.addFinalizer(
        station.session.scope,
        Effect.sync(() => station.ends++)
      )
    }
    compareOwners(`after ${station.name} has connected`)
  })

  // ---- what happens

  let count = 0

  const connection = (which: number): Actual | undefined =>
    stations.filter(({ session }) => session !== undefined).at(-1 - which)

  const perform = Effect.fnUntraced(function* (command: Command) {
    model.advance(now())
    switch (command._tag) {
      case "Knock": {
        const station = new Actual(command, ++count)
        model.stations.push(station.expected)
        stations.push(station)
        station.knocking = yield* start(knock(station))
        return
      }
      case "GiveUp":
        stations.findLast(({ knocking }) => knocking?.pollUnsafe() === undefined)?.knocking?.interruptUnsafe()
        return
      case "HalfOpen":
        return yield* connection(command.which)?.link?.halfOpen(command.direction) ?? Effect.void
      case "Leave":
        return connection(command.which)?.link?.station.close(3000, "")
      case "Cut":
        return yield* connection(command.which)?.link?.cut({ csms: command.noticed * unit }) ?? Effect.void
      case "Dismiss": {
        const station = connection(command.which)
        if (station === undefined) return
        model.close(station.expected, 4000)
        return yield* station.session?.close(4000) ?? Effect.void
      }
      case "Call": {
        const { identity, isStubborn, units } = command
        const name = `call ${++count}`
        const again = `${name} again`
        for (const each of [name, again]) answerings.set(each, command)
        model.callIdentity(identity, {
          name,
          timeout: timeoutOf(units),
          settled: (result) => {
            if (!isStubborn || !isUnanswered(result)) return
            model.callIdentity(identity, { name: again, timeout: timeoutOf(units) })
          }
        })
        const making = (each: string) => place(each, csms.call(identity, V16.DataTransfer, ...named(each, units)))
        yield* start(
          Effect.flatMap(making(name), (result) => (isStubborn && isUnanswered(result) ? making(again) : Effect.void))
        )
        return
      }
      case "CallSession": {
        const station = connection(command.which)
        if (station?.session === undefined) return
        const name = `call ${++count}`
        answerings.set(name, command)
        model.call(station.expected, { name, timeout: timeoutOf(command.units) })
        yield* start(place(name, station.session.call(V16.DataTransfer, ...named(name, command.units))))
        return
      }
      case "Ask": {
        const { how, units, which } = command
        const name = `request ${++count}`
        answerings.set(`${name} back`, command)
        const request = [2, name, "DataTransfer", { vendorId: how, messageId: String(units), data: name }]
        connection(which)?.link?.station.send(JSON.stringify(request))
        return
      }
      case "Wait":
        yield* TestClock.adjust(command.units * unit)
        return compare()
    }
  })

  /** Everything, now that nothing is under way. */
  const compare = (): void => {
    model.advance(now())
    compareOwners("at rest")
    assert.strictEqual(flaws.join("\n"), "")
    const told = events.map((event) =>
      [bySession.get(event.session)?.name, event._tag, ...("code" in event ? [event.code] : [])].join(" ")
    )
    const breaches = deviations.map(({ deviation, identity }) => `${identity} ${deviation.kind}`)
    assertSame(
      lines(stations, outcomes, told, breaches),
      lines(model.stations, model.outcomes, model.events, model.deviations)
    )
    // What the CSMS holds grows with the stations that are connected, not with those that were.
    const parent = stations.find(({ session }) => session !== undefined)?.session?.scope.parent
    if (parent !== undefined && parent.state._tag !== "Closed") {
      scopes ??= finalizersOf(parent) - model.owners.size
      assert.strictEqual(finalizersOf(parent) - model.owners.size, scopes, "scopes are left behind")
    }
  }
  let scopes: number | undefined = undefined

  for (const command of list) yield* perform(command)
  // A server that goes down gives up its handshakes first.
  for (const { knocking } of stations) knocking?.interruptUnsafe()
  model.advance(now())
  model.shutdown()
  yield* Scope.close(scope, Exit.void)
  yield* TestClock.adjust(0)
  compare()
  assert.deepStrictEqual(yield* csms.connected, [])
  const ended = Array.from(outcomes)
  assert.deepStrictEqual(
    ended.filter(([, result]) => result === "open"),
    []
  )
  yield* TestClock.adjust("1 hour")
  compare()
  assert.deepStrictEqual(Array.from(outcomes), ended)
})

const finalizersOf = ({ state }: Scope.Scope): number => (state._tag === "Open" ? (state.finalizers?.size ?? 1) : 0)

const lines = (
  accounts: ReadonlyArray<Account>,
  outcomes: ReadonlyMap<string, string>,
  ...lists: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => [
  ...accounts.map(describeAccount),
  ...Array.from(outcomes, ([name, result]) => `${name}: ${result}`).toSorted(),
  ...lists.flat()
]

/** Tells of the lines that differ only, for a failure shows nothing but its message. */
const assertSame = (actual: ReadonlyArray<string>, expected: ReadonlyArray<string>): void => {
  if (actual.join("\n") === expected.join("\n")) return
  assert.fail(
    [
      "instead of",
      ...expected.filter((line, index) => line !== actual[index]),
      "there is",
      ...actual.filter((line, index) => line !== expected[index])
    ].join("\n")
  )
}

const holds = (policy: Policy, list: ReadonlyArray<Command>) =>
  world(policy, list).pipe(Simulation.run, Effect.provideService(References.MinimumLogLevel, "None"))

const options = { arbitrary: { runs: 700, size: 120 } }

describe("The owner of an identity is the one that the model has, whatever happens in whatever order", () => {
  it.live.prop("[CON-12] if the newest replaces", [commands], ([list]) => holds("replace", list), options)

  it.live.prop("[CON-12] if the oldest stays", [commands], ([list]) => holds("reject", list), options)

  it.live.prop("[CON-12] if an effect decides", [commands], ([list]) => holds("asks", list), options)
})
