import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { inspect } from "node:util"
import { Latest } from "../../src/internal/Latest.ts"
import { Signal } from "../../src/internal/Signal.ts"
import { Reply } from "../../src/Reply.ts"
import { Storage, StorageError } from "../../src/Storage.ts"
import type { ConnectionStatus } from "../../src/station/ConnectionStatus.ts"
import { type ConnectError, ConnectUnreachable } from "../../src/station/Connector.ts"
import { keepConnected, type KeptConnection } from "../../src/station/internal/keepConnected.ts"
import {
  type NetworkConnectionProfile,
  NetworkProfiles,
  type NetworkProfilesOptions
} from "../../src/station/NetworkProfiles.ts"
import type { Destination } from "../../src/station/internal/Destinations.ts"
import { Station } from "../../src/station/Station.ts"
import * as V201 from "../../src/v201/index.ts"
import type * as V21 from "../../src/v21/index.ts"
import { time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { Network as StationNetwork, standUp } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

const password = "correct horse battery"

/** A profile with a security profile; `name` tells it from others. */
const profileOf = (name: string, securityProfile = 1): V201.NetworkConnectionProfileType => ({
  ocppVersion: "OCPP20",
  ocppInterface: "Wired0",
  ocppTransport: "JSON",
  messageTimeout: 30,
  ocppCsmsUrl: `${securityProfile >= 2 ? "wss" : "ws"}://${name}.example/ocpp`,
  securityProfile
})

const [a, b, c] = [profileOf("a"), profileOf("b"), profileOf("c")]

const make = (options: Partial<NetworkProfilesOptions> = {}): Effect.Effect<NetworkProfiles, StorageError> =>
  NetworkProfiles.make({ identity: "CP001", slots: [0, 1, 2], profiles: { 0: a, 1: b, 2: c }, ...options })

const urlIn = (profiles: NetworkProfiles, slot: number): string | undefined => {
  const profile = profiles.profile(slot)
  return profile === undefined ? undefined : Redacted.value(profile).ocppCsmsUrl
}

const defectOf = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<string> =>
  Effect.map(Effect.exit(effect), (exit) =>
    Exit.isFailure(exit) && Cause.hasDies(exit.cause) ? String(Cause.squash(exit.cause)) : "none"
  )

/** A storage that a test can break. */
class Disk {
  isFull = false
  readonly entries = new Map<string, string>()

  readonly layer: Layer.Layer<Storage> = Layer.succeed(
    Storage,
    Storage.of({
      get: (space, key) => Effect.sync(() => this.entries.get(`${space}/${key}`)),
      read: () => Effect.die("nothing is listed"),
      commit: (changes) =>
        Effect.suspend(() => {
          if (this.isFull) return Effect.fail(new StorageError({ storage: "disk", reason: "Full", detail: "0 bytes" }))
          for (const { key, space, value } of changes) {
            if (value === undefined) this.entries.delete(`${space}/${key}`)
            else this.entries.set(`${space}/${key}`, value)
          }
          return Effect.void
        })
    })
  )
}

/** Waits of 1, 2, 4, 8 … seconds. */
const doubling = Schedule.exponential("1 second")

/** What the connections of a station lead to. */
class Network {
  /** Every attempt: its slot, and the second at which it was made. */
  readonly attempts: Array<readonly [slot: number | undefined, at: number]> = []
  readonly endpoints: Array<Destination> = []
  /** The slots that cannot be reached, and those whose connections end at once. */
  readonly down = new Set<number | undefined>()
  readonly flapping = new Set<number | undefined>()
  /** The connection that is open. */
  link: KeptConnection | undefined = undefined
  /** What happens while an attempt is under way. */
  connecting: Effect.Effect<void> = Effect.void

  readonly open = (endpoint: Destination): Effect.Effect<KeptConnection, ConnectError> =>
    Effect.gen({ self: this }, function* () {
      assert.isUndefined(this.link, "B10.FR.06: the old connection is closed before the new one is tried")
      const { slot, url } = endpoint
      this.attempts.push([slot, (yield* Clock.currentTimeMillis) / 1000])
      this.endpoints.push(endpoint)
      yield* this.connecting
      if (this.down.has(slot)) return yield* new ConnectUnreachable({ url, code: "ECONNREFUSED" })
      const close = (code: number, reason: string): void => {
        if (this.link === link) this.link = undefined
        link.end = { code, reason }
        link.lost.open()
      }
      const link: KeptConnection = {
        subprotocol: "ocpp2.0.1",
        peer: {
          listen: () => (this.flapping.has(slot) ? close(1013, "try again later") : undefined),
          close,
          report: () => {},
          drain: () => {},
          call: () => Effect.never
        },
        scope: yield* Scope.make(),
        lost: new Signal(),
        end: undefined,
        isHeard: false
      }
      this.link = link
      return link
    })

  /** The connection that is open proves to be a success, and ends. */
  readonly lose: Effect.Effect<void> = Effect.suspend(() => {
    assert.isDefined(this.link)
    this.link!.isHeard = true
    this.link!.peer.close(1001, "")
    return settled
  })

  /** The attempts since this was asked last. */
  get news(): ReadonlyArray<readonly [slot: number | undefined, at: number]> {
    return this.attempts.splice(0)
  }

  get slots(): ReadonlyArray<number | undefined> {
    return this.news.map(([slot]) => slot)
  }
}

/** A station that boots with network profiles. */
const boot = Effect.fnUntraced(function* (
  profiles: NetworkProfiles,
  network: Network,
  options: { readonly mayFail?: boolean; readonly schedule?: Schedule.Schedule<unknown> } = {}
) {
  const scope = yield* Effect.scope
  const destinations = profiles.destinations({ identity: "CP001", password: Redacted.make("the station's own") })
  const status = new Latest<ConnectionStatus>({ _tag: "Connecting", url: "", attempt: 0 })
  const running = yield* start(
    keepConnected({
      destinations,
      open: network.open,
      schedule: options.schedule ?? doubling,
      mayFail: options.mayFail ?? false,
      scope,
      status,
      connected: Deferred.makeUnsafe()
    })
  )
  yield* settled
  return { destinations, running, status: Effect.sync(() => status.value) }
})

describe("SetNetworkProfile", () => {
  it.effect("takes a profile of 2.0.1 and of 2.1 as the message has it", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      const of201: V201.NetworkConnectionProfileType = {
        ...profileOf("x"),
        apn: { apn: "internet", apnAuthentication: "PAP", simPin: 1234 },
        customData: { vendorId: "v" }
      }
      const of21: V21.NetworkConnectionProfileType = {
        ocppInterface: "Any",
        ocppTransport: "JSON",
        messageTimeout: 30,
        ocppCsmsUrl: "wss://[::1]:9000/ocpp/",
        securityProfile: 2,
        identity: "CP002",
        basicAuthPassword: password,
        vpn: { server: "s", user: "u", password: "p", key: "k", type: "IPSec" }
      }
      for (const profile of [of201, of21]) {
        assert.strictEqual(yield* profiles.set(1, profile), "Accepted")
        assert.deepStrictEqual(Redacted.value(profiles.profile(1)!), profile)
      }
    })
  )

  const wrong: ReadonlyArray<readonly [string, Partial<NetworkConnectionProfile>]> = [
    ["a ws: URL with security profile 2", { securityProfile: 2 }],
    ["a ws: URL with security profile 3", { securityProfile: 3 }],
    ["a wss: URL with security profile 1", { ocppCsmsUrl: "wss://a.example" }],
    ["an https: URL", { ocppCsmsUrl: "https://a.example", securityProfile: 2 }],
    ["an http: URL", { ocppCsmsUrl: "http://a.example" }],
    ["a URL without a host", { ocppCsmsUrl: "ws:///ocpp" }],
    ["a URL with a fragment", { ocppCsmsUrl: "ws://a.example/ocpp#x" }],
    ["a URL that lacks a slash", { ocppCsmsUrl: "wss:/a.example", securityProfile: 2 }],
    ["a URL that ends in the identity", { ocppCsmsUrl: "ws://a.example/ocpp/CP001" }],
    ["a URL that ends in the identity of the profile", { ocppCsmsUrl: "ws://a.example/CP2/?x", identity: "CP2" }],
    ["an identity of dots", { identity: ".." }],
    ["a URL with a space", { ocppCsmsUrl: "ws://a.example/oc pp" }],
    ["no URL", { ocppCsmsUrl: "" }],
    ["SOAP", { ocppTransport: "SOAP" }],
    ["an unknown security profile", { ocppCsmsUrl: "wss://a.example", securityProfile: 4 }],
    ["no time for answers", { messageTimeout: 0 }],
    ["a colon in the identity", { identity: "CP:001" }],
    ["an identity of 49 characters", { identity: "x".repeat(49) }],
    ["a password of 15 characters", { basicAuthPassword: "x".repeat(15) }],
    ["a password of 65 characters", { basicAuthPassword: "x".repeat(65) }]
  ]
  for (const [what, fields] of wrong) {
    it.effect(`B09.FR.02: is rejected for ${what}`, () =>
      Effect.gen(function* () {
        const profiles = yield* make()
        assert.strictEqual(yield* profiles.set(1, { ...profileOf("x"), ...fields }), "Rejected")
        assert.strictEqual(urlIn(profiles, 1), b.ocppCsmsUrl)
      })
    )
  }

  it.effect("[FIELD-K7] takes a URL with a query, or one that ends in what is no identity of this profile", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      for (const fields of [
        { ocppCsmsUrl: "ws://a.example/ocpp?token=abc" },
        { ocppCsmsUrl: "ws://a.example/ocpp/CP001", identity: "CP2" },
        { ocppCsmsUrl: "ws://a.example/CP001/ocpp" }
      ]) {
        assert.strictEqual(yield* profiles.set(1, { ...b, ...fields }), "Accepted")
        assert.strictEqual(urlIn(profiles, 1), fields.ocppCsmsUrl)
      }
    })
  )

  it.effect("takes passwords of 16 to 64 characters, and URLs in capitals", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      for (const basicAuthPassword of ["x".repeat(16), "😀".repeat(64)]) {
        assert.strictEqual(yield* profiles.set(1, { ...b, basicAuthPassword }), "Accepted")
      }
      assert.strictEqual(
        yield* profiles.set(1, { ...b, ocppCsmsUrl: "WSS://B.EXAMPLE", securityProfile: 3 }),
        "Accepted"
      )
    })
  )

  it.effect("B09.FR.05: is rejected for a slot that the station does not have", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      for (const slot of [3, -1, 0.5]) assert.strictEqual(yield* profiles.set(slot, b), "Rejected")
      assert.deepStrictEqual(profiles.slots, [0, 1, 2])
    })
  )

  it.effect("B09.FR.03: fails if it cannot be stored, and nothing has changed", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const profiles = yield* Effect.provide(make(), disk.layer)
      disk.isFull = true
      assert.strictEqual(yield* profiles.set(1, profileOf("x")), "Failed")
      assert.strictEqual(yield* profiles.setPriority("2,1"), "Rejected")
      assert.strictEqual(yield* profiles.setAttempts("7"), "Rejected")
      assert.strictEqual(urlIn(profiles, 1), b.ocppCsmsUrl)
      assert.deepStrictEqual(profiles.priority, [0, 1, 2])
      assert.strictEqual(profiles.attempts, 3)
      disk.isFull = false
      assert.strictEqual(yield* profiles.set(1, profileOf("x")), "Accepted")
    }).pipe(Effect.provide(Logger.layer([])))
  )
})

describe("The security profile", () => {
  const levels = [0, 1, 2, 3]
  for (const current of levels) {
    for (const allowDowngrade of [false, true]) {
      const lowest = current === 3 && allowDowngrade ? 2 : current
      it.effect(
        `[SEC-01] ${current}${allowDowngrade ? ", with downgrade allowed," : ""} lets ${lowest} and more in`,
        () =>
          Effect.gen(function* () {
            const options = { profiles: { 0: profileOf("a", current) }, allowDowngrade }
            for (const level of levels) {
              const expected = level >= lowest ? "Accepted" : "Rejected"
              const profiles = yield* make(options)
              assert.strictEqual(profiles.securityProfile, current)
              assert.strictEqual(yield* profiles.set(1, profileOf("b", level)), expected, `B09.FR.04: ${level}`)
              assert.strictEqual(yield* profiles.setPriority("1,0"), expected, `A05.FR.04: ${level}`)
            }
            // A profile that it comes with but does not use may be lower.
            for (const level of levels) {
              const both = { ...options.profiles, 1: profileOf("b", level) }
              const profiles = yield* make({ ...options, profiles: both, priority: [0] })
              assert.strictEqual(
                yield* profiles.setPriority("1,0"),
                level >= lowest ? "Accepted" : "Rejected",
                `A05.FR.10: ${level}`
              )
            }
          })
      )
    }
  }

  it.effect("[SEC-01] rises once a connection on a higher one is a success; what is lower is gone for good", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const network = new Network()
      const options = {
        slots: [0, 1, 2, 3],
        profiles: { 0: a, 1: profileOf("b", 2), 2: profileOf("c", 3), 3: profileOf("d", 2) },
        priority: [1, 0, 2, 3]
      } as const
      const profiles = yield* Effect.provide(make(options), disk.layer)
      assert.strictEqual(profiles.securityProfile, 1)
      yield* boot(profiles, network)
      yield* TestClock.adjust("9999 millis")
      assert.strictEqual(profiles.securityProfile, 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(profiles.securityProfile, 2)
      assert.isUndefined(profiles.profile(0))
      assert.deepStrictEqual(profiles.priority, [1, 2, 3])
      assert.strictEqual(yield* profiles.set(0, a), "Rejected")
      network.down.add(1).add(2).add(3)
      yield* network.lose
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(new Set(network.slots), new Set([1, 2, 3]))

      const again = yield* Effect.provide(make(options), disk.layer)
      assert.strictEqual(again.securityProfile, 2)
      assert.isUndefined(again.profile(0))
      assert.deepStrictEqual(again.priority, [1, 2, 3])
    })
  )

  it.effect("[SEC-01] does not rise by a connection that is closed at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(1)
      const profiles = yield* make({ profiles: { 0: a, 1: profileOf("b", 2) }, priority: [1, 0], attempts: 1 })
      yield* boot(profiles, network)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.slots, [1, 0])
      assert.strictEqual(profiles.securityProfile, 1)
      assert.deepStrictEqual(profiles.priority, [1, 0])
    })
  )

  it.effect("[SEC-01] of the connection at hand counts before that is a success", () =>
    Effect.gen(function* () {
      const profiles = yield* make({ profiles: { 0: a, 1: profileOf("b", 2) }, priority: [1, 0] })
      yield* boot(profiles, new Network())
      assert.strictEqual(profiles.active, 1)
      assert.strictEqual(yield* profiles.set(2, c), "Rejected")
      assert.strictEqual(yield* profiles.setPriority("0,1"), "Rejected")
      assert.strictEqual(yield* profiles.set(2, profileOf("c", 2)), "Accepted")
    })
  )

  it.effect("[SEC-01] rises although all that has priority is left behind by it", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make({
        profiles: { 0: a, 1: profileOf("b", 2) },
        priority: [0, 1],
        attempts: 1
      })
      const station = yield* boot(profiles, network)
      assert.strictEqual(yield* profiles.setPriority("0"), "Accepted")
      assert.strictEqual(yield* profiles.set(1, b), "Accepted")
      network.down.add(0)
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(profiles.securityProfile, 2)
      assert.deepStrictEqual(profiles.priority, [1])
      assert.strictEqual(urlIn(profiles, 1), "wss://b.example/ocpp")
      station.destinations.bootDue.open()
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.slots, [0, 0, 1, 1])
    })
  )

  it.effect("A05.FR.08: goes from 3 to 2 where that is allowed, and no further", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make({ profiles: { 0: profileOf("a", 3) }, allowDowngrade: true })
      const station = yield* boot(profiles, network)
      assert.strictEqual(yield* profiles.set(1, profileOf("b", 2)), "Accepted")
      assert.strictEqual(yield* profiles.setPriority("1,0"), "Accepted")
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(profiles.securityProfile, 3)
      assert.strictEqual(urlIn(profiles, 1), "wss://b.example/ocpp")
      station.destinations.bootDue.open()
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(profiles.active, 1)
      assert.strictEqual(profiles.securityProfile, 2)
      assert.strictEqual(yield* profiles.set(2, c), "Rejected")
      assert.deepStrictEqual(network.slots, [0, 0, 1])
    })
  )

  it.effect("that could not be stored holds until the restart, and so does the connection", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const disk = new Disk()
      disk.isFull = true
      const network = new Network()
      const profiles = yield* Effect.provide(
        make({ profiles: { 0: a, 1: profileOf("b", 2) }, priority: [1, 0] }),
        disk.layer
      )
      yield* boot(profiles, network).pipe(
        Effect.provide(
          Logger.layer([Logger.make(({ logLevel, message }) => logLevel === "Error" && logged.push(message))])
        )
      )
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(profiles.securityProfile, 2)
      assert.deepStrictEqual(profiles.priority, [1])
      assert.isDefined(network.link)
      assert.strictEqual(logged.length, 1)
    })
  )
})

describe("NetworkConfigurationPriority", () => {
  it.effect("B10.FR.01: is set to different slots with profiles, as a text or as a list", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      for (const [value, priority] of [
        ["1,0", [1, 0]],
        ["2, 0, 1", [2, 0, 1]],
        ["2", [2]],
        [
          [0, 2],
          [0, 2]
        ]
      ] as const) {
        assert.strictEqual(yield* profiles.setPriority(value), "Accepted")
        assert.deepStrictEqual(profiles.priority, priority)
      }
    })
  )

  it.effect("B10.FR.02: is rejected with anything else", () =>
    Effect.gen(function* () {
      const profiles = yield* make({ profiles: { 0: a, 1: b } })
      for (const value of [
        "",
        ",",
        "0,",
        "0,0",
        "0,1,0",
        "2",
        "0,2",
        "3",
        "-1",
        "1.0",
        "1e0",
        "one",
        "0;1",
        [],
        [NaN]
      ]) {
        assert.strictEqual(yield* profiles.setPriority(value), "Rejected", String(value))
      }
      assert.deepStrictEqual(profiles.priority, [0, 1])
    })
  )

  it.effect("A05.FR.02, A05.FR.03: is rejected if a higher security profile lacks its certificates", () =>
    Effect.gen(function* () {
      const installed = new Set<number>()
      const asked: Array<number> = []
      const profiles = yield* make({
        profiles: { 0: profileOf("a", 0), 1: a },
        priority: [0, 1],
        hasCertificates: (level) =>
          Effect.sync(() => {
            asked.push(level)
            return installed.has(level)
          })
      })
      assert.strictEqual(yield* profiles.setPriority("1,0"), "Accepted")
      assert.deepStrictEqual(asked, [])
      for (const level of [2, 3]) {
        assert.strictEqual(yield* profiles.set(2, profileOf("c", level)), "Accepted")
        assert.strictEqual(yield* profiles.setPriority("2,0"), "Rejected")
        installed.add(level)
        assert.strictEqual(yield* profiles.setPriority("2,0"), "Accepted")
      }
      assert.deepStrictEqual(asked, [2, 2, 3, 3])
      const secure = yield* make({
        profiles: { 0: profileOf("a", 2), 1: profileOf("b", 2) },
        hasCertificates: () => Effect.succeed(false)
      })
      assert.strictEqual(yield* secure.setPriority("1,0"), "Accepted")
    })
  )
})

describe("NetworkProfileConnectionAttempts", () => {
  it.effect("is a whole number from 1 on", () =>
    Effect.gen(function* () {
      const profiles = yield* make()
      assert.strictEqual(profiles.attempts, 3)
      for (const value of ["0", "-1", "1.5", "", "many", 0, NaN, Infinity]) {
        assert.strictEqual(yield* profiles.setAttempts(value), "Rejected", String(value))
      }
      for (const value of ["1", 7]) assert.strictEqual(yield* profiles.setAttempts(value), "Accepted")
      assert.strictEqual(profiles.attempts, 7)
    })
  )

  it.effect("takes effect at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(0).add(1)
      const profiles = yield* make({ profiles: { 0: a, 1: b }, attempts: 1 })
      yield* boot(profiles, network)
      assert.deepStrictEqual(network.slots, [0, 1])
      yield* profiles.setAttempts("2")
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(network.news, [
        [0, 1],
        [0, 3],
        [1, 3],
        [1, 7],
        [0, 15]
      ])
    })
  )
})

describe("A station with network profiles", () => {
  it.effect("B10.FR.03: tries each slot so many times with waits between, and the next one at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(2).add(0)
      const profiles = yield* make({ priority: [2, 0, 1], attempts: 2 })
      assert.isUndefined(profiles.active)
      yield* boot(profiles, network)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(network.news, [
        [2, 0],
        [2, 1],
        [0, 1],
        [0, 3],
        [1, 3]
      ])
      assert.strictEqual(profiles.active, 1)
    })
  )

  it.effect("[CON-07] goes past a slot whose connections are closed at once", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.flapping.add(0)
      yield* boot(yield* make({ attempts: 2 }), network)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.news, [
        [0, 0],
        [0, 1],
        [1, 1]
      ])
    })
  )

  it.effect("B10.FR.07, B10.FR.08: if all fail falls back to the slot that worked last, then to all others", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make({ priority: [0, 1, 2], attempts: 2 })
      const station = yield* boot(profiles, network)
      yield* TestClock.adjust("10 seconds")
      yield* profiles.setPriority("2,1,0")
      for (const slot of [0, 1, 2]) network.down.add(slot)
      station.destinations.bootDue.open()
      yield* network.lose
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(network.slots.slice(1, 14), [2, 2, 1, 1, 0, 0, 0, 0, 2, 2, 1, 1, 0])
    })
  )

  it.effect("of which none has ever worked starts over with the first, and waits ever longer", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(0).add(1)
      yield* boot(yield* make({ profiles: { 0: a, 1: b }, priority: [1, 0], attempts: 1 }), network)
      yield* TestClock.adjust("7 seconds")
      assert.deepStrictEqual(network.news, [
        [1, 0],
        [0, 0],
        [1, 1],
        [0, 1],
        [1, 3],
        [0, 3],
        [1, 7],
        [0, 7]
      ])
    })
  )

  it.effect("B10.FR.09: never stops trying, and finds any slot that comes back", () =>
    Effect.gen(function* () {
      for (const slot of [0, 1, 2]) {
        const network = new Network()
        yield* boot(yield* make(), network, { schedule: Schedule.spaced("1 minute") })
        yield* TestClock.adjust("10 seconds")
        for (const other of [0, 1, 2]) network.down.add(other)
        yield* network.lose
        yield* TestClock.adjust("2 days")
        network.down.delete(slot)
        yield* TestClock.adjust("9 minutes")
        assert.isDefined(network.link, `slot ${slot}`)
        assert.strictEqual(network.attempts.at(-1)?.[0], slot)
      }
    })
  )

  it.effect("[CON-01] after a loss tries its slot first, then the others by priority", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(0).add(1)
      yield* boot(yield* make({ attempts: 2 }), network)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(network.slots, [0, 0, 1, 1, 2])
      network.down.add(2)
      network.down.delete(1)
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.news, [
        [2, 4],
        [2, 6],
        [0, 6],
        [0, 10],
        [1, 10]
      ])
    })
  )

  it.effect("leaves a connection that works for no slot of higher priority", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(0)
      yield* boot(yield* make({ attempts: 1 }), network)
      network.down.clear()
      yield* TestClock.adjust("7 days")
      assert.deepStrictEqual(network.slots, [0, 1])
    })
  )

  it.effect("B10.FR.04: goes by what the CSMS has set when it boots again, not before", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make({ profiles: { 0: a, 1: b } })
      const station = yield* boot(profiles, network)
      assert.strictEqual(yield* profiles.set(0, profileOf("new-a")), "Accepted")
      assert.strictEqual(yield* profiles.set(2, c), "Accepted")
      assert.strictEqual(yield* profiles.setPriority("2,0"), "Accepted")
      yield* network.lose
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(network.slots, [0, 0])
      assert.strictEqual(network.endpoints.at(-1)?.url, a.ocppCsmsUrl)
      network.down.add(2)
      station.destinations.bootDue.open()
      yield* network.lose
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.slots, [2, 2, 2, 0])
      assert.strictEqual(network.endpoints.at(-1)?.url, "ws://new-a.example/ocpp")
    })
  )

  it.effect("B10.FR.04: that boots while it connects leaves what it connects to", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make({ profiles: { 0: a, 1: b } })
      network.connecting = Effect.sleep("5 seconds")
      const station = yield* boot(profiles, network)
      yield* profiles.setPriority("1,0")
      station.destinations.bootDue.open()
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(network.link)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.slots, [0, 1])
      assert.isDefined(network.link)
    })
  )

  it.effect("of which the first connection must not fail tries all that it may before it does", () =>
    Effect.gen(function* () {
      const network = new Network()
      network.down.add(0).add(1)
      const profiles = yield* make({ profiles: { 0: a, 1: b }, attempts: 2 })
      const { running } = yield* boot(profiles, network, { mayFail: true })
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(outcome(running), "open")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(outcome(running), "ECONNREFUSED")
      assert.deepStrictEqual(network.slots, [0, 0, 1, 1])
    })
  )

  it.effect("gives up when its schedule ends", () =>
    Effect.gen(function* () {
      const network = new Network()
      for (const slot of [0, 1, 2]) network.down.add(slot)
      const { status } = yield* boot(yield* make({ attempts: 2 }), network, { schedule: Schedule.recurs(4) })
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(network.slots, [0, 0, 1, 1, 2, 2, 0])
      assert.strictEqual((yield* status)._tag, "GaveUp")
    })
  )

  it.effect(
    "[SEC-02] connects with what the profile has, or else as itself, and sends no password it has no use for",
    () =>
      Effect.gen(function* () {
        const network = new Network()
        const other = { identity: "CP002", basicAuthPassword: password }
        const shown: Array<unknown> = []
        for (const profile of [
          profileOf("a", 0),
          profileOf("a", 1),
          { ...profileOf("a", 1), ...other },
          { ...profileOf("a", 2), ...other, messageTimeout: 7 },
          { ...profileOf("a", 3), ...other, messageTimeout: 2 ** 31 - 1 }
        ]) {
          network.link = undefined
          yield* boot(yield* make({ profiles: { 1: profile } }), network)
          const { callTimeout, identity, password: passwordFor, slot } = network.endpoints.at(-1)!
          const sent = passwordFor(undefined)
          assert.strictEqual(slot, 1)
          shown.push([
            identity,
            sent === undefined ? undefined : Redacted.value(sent),
            Duration.toSeconds(callTimeout!)
          ])
        }
        assert.deepStrictEqual(shown, [
          ["CP001", undefined, 30],
          ["CP001", "the station's own", 30],
          ["CP002", password, 30],
          ["CP002", password, 7],
          // No timer takes longer.
          ["CP002", undefined, 2147483.647]
        ])
      })
  )
})

describe("A restart", () => {
  it.effect("brings back what was set, and what worked last", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const network = new Network()
      const profiles = yield* Effect.provide(make(), disk.layer)
      const set: V21.NetworkConnectionProfileType = {
        ...profileOf("x"),
        basicAuthPassword: password,
        apn: { apn: "internet", apnAuthentication: "PAP" }
      }
      yield* profiles.set(1, set)
      yield* profiles.setPriority("2,1")
      yield* profiles.setAttempts("1")
      network.down.add(2)
      yield* boot(profiles, network)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(network.slots, [2, 1])
      yield* network.lose

      const again = yield* Effect.provide(make(), disk.layer)
      assert.deepStrictEqual(again.priority, [2, 1])
      assert.strictEqual(again.attempts, 1)
      assert.deepStrictEqual(Redacted.value(again.profile(1)!), set)
      assert.strictEqual(urlIn(again, 0), a.ocppCsmsUrl)
      const rebooted = new Network()
      rebooted.down.add(1).add(2)
      yield* boot(again, rebooted)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(rebooted.slots, [2, 1, 1, 2])
    })
  )

  it.effect("goes by new options where the CSMS has set nothing, even if a slot has worked", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const network = new Network()
      yield* boot(yield* Effect.provide(make(), disk.layer), network)
      yield* network.lose
      // Nothing is left behind by a higher security profile either.
      const safer = yield* Effect.provide(make({ profiles: { 1: profileOf("b", 2) } }), disk.layer)
      yield* boot(safer, network)
      yield* network.lose
      assert.strictEqual(safer.securityProfile, 2)
      const d = profileOf("d", 2)
      const again = yield* Effect.provide(make({ profiles: { 0: d }, attempts: 9 }), disk.layer)
      assert.deepStrictEqual([urlIn(again, 0), again.priority, again.attempts], [d.ocppCsmsUrl, [0], 9])
    })
  )

  it.effect("of one station brings nothing of another", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const profiles = yield* Effect.provide(make(), disk.layer)
      yield* profiles.setPriority("2")
      const other = yield* Effect.provide(make({ identity: "CP002" }), disk.layer)
      assert.deepStrictEqual(other.priority, [0, 1, 2])
    })
  )

  it.effect("with fewer slots leaves out what was in the others", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const profiles = yield* Effect.provide(make(), disk.layer)
      yield* profiles.setPriority("2,0,1")
      const fewer = yield* Effect.provide(make({ slots: [1, 0], profiles: { 0: a } }), disk.layer)
      assert.deepStrictEqual(fewer.priority, [0, 1])
      assert.isUndefined(fewer.profile(2))
      yield* profiles.setPriority("2")
      const others = yield* Effect.provide(make({ slots: [1, 0], profiles: { 0: a } }), disk.layer)
      assert.deepStrictEqual(others.priority, [1, 0])
    })
  )

  it.effect("[SEC-01] with profiles below the security profile that was reached uses none of them", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const secure = { profiles: { 0: profileOf("a", 2) } }
      yield* boot(yield* Effect.provide(make(secure), disk.layer), new Network())
      yield* TestClock.adjust("10 seconds")
      const mixed = { profiles: { 0: a, 1: profileOf("b", 2), 2: c }, priority: [0, 1] }
      assert.deepStrictEqual((yield* Effect.provide(make(mixed), disk.layer)).priority, [1])
      assert.strictEqual(
        yield* defectOf(Effect.provide(make(), disk.layer)),
        "RangeError: profiles: the station has reached security profile 2, and none has it"
      )
    })
  )

  it.effect("fails if what was stored cannot be read", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      const profiles = yield* Effect.provide(make(), disk.layer)
      yield* profiles.setPriority("2")
      for (const [key, value] of disk.entries) {
        for (const text of ["", "{}", value.replace("ws:", "http:")]) {
          disk.entries.set(key, text)
          const { _tag, reason } = yield* Effect.flip(Effect.provide(make(), disk.layer))
          assert.deepStrictEqual([_tag, reason], ["StorageError", "Corrupt"])
        }
      }
    })
  )

  it.effect("loses what is set where there is no storage, but a boot does not", () =>
    Effect.gen(function* () {
      const network = new Network()
      const profiles = yield* make()
      yield* profiles.setPriority("2")
      yield* boot(profiles, network)
      assert.deepStrictEqual(network.slots, [2])
      assert.deepStrictEqual((yield* make()).priority, [0, 1, 2])
    })
  )
})

describe("A password of a profile", () => {
  it.effect("[SEC-08] is stored, and shows nowhere else", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const disk = new Disk()
      const vpn = { server: "s", user: "u", password: "s3cret-vpn", key: "k", type: "IPSec" } as const
      const secret: V21.NetworkConnectionProfileType = {
        ...profileOf("x"),
        ocppCsmsUrl: "ws://user:s3cret-url@x.example",
        basicAuthPassword: "s3cret-password-1",
        vpn
      }
      const options = { profiles: { 0: secret }, priority: [0] }
      const program = Effect.gen(function* () {
        const profiles = yield* Effect.provide(make(options), disk.layer)
        const network = new Network()
        network.down.add(0).add(1)
        network.connecting = Effect.die(new Error("broken"))
        const { status } = yield* boot(profiles, network)
        yield* profiles.set(1, secret)
        yield* profiles.set(1, { ...secret, messageTimeout: 0 })
        disk.isFull = true
        yield* profiles.set(1, { ...secret, messageTimeout: 5 })
        yield* TestClock.adjust("1 minute")
        yield* Effect.logInfo(profiles, profiles.profile(1), yield* status)
        const shown = [inspect(profiles, { depth: 9, showHidden: true }), JSON.stringify(profiles), String(profiles)]
        const defect = yield* defectOf(make({ profiles: { 0: { ...secret, messageTimeout: 0 } } }))
        assert.include(defect, "messageTimeout")
        return [...shown, defect, ...logged].join("\n")
      })
      const shown = yield* program.pipe(
        Effect.provide(
          Logger.layer([Logger.map(Logger.formatStructured, (line) => logged.push(inspect(line, { depth: 9 })))])
        )
      )
      assert.isAbove(logged.length, 2)
      assert.notInclude(shown, "s3cret")
      assert.include(JSON.stringify(Array.from(disk.entries)), "s3cret-password-1")
    })
  )
})

describe("Options that make no sense", () => {
  for (const [what, options, message] of [
    ["one slot only", { slots: [0] }, "slots: at least two different whole numbers are needed, not 0"],
    ["the same slot twice", { slots: [0, 0] }, "slots: at least two different whole numbers are needed, not 0,0"],
    ["half a slot", { slots: [0, 0.5] }, "slots: at least two different whole numbers are needed, not 0,0.5"],
    ["a profile in no slot", { profiles: { 7: a } }, "profiles: there is no slot 7"],
    [
      "a profile that is not valid",
      { profiles: { 0: { ...a, messageTimeout: 0, ocppCsmsUrl: "http://x.example" } } },
      'profiles: slot 0: ocppCsmsUrl "http://x.example": it is no ws: or wss: URL with a host'
    ],
    [
      "[FIELD-K7] a URL that ends in the identity",
      { profiles: { 0: { ...a, ocppCsmsUrl: "ws://u:s3cret@x.example/CP001?t=s3cret" } } },
      'profiles: slot 0: ocppCsmsUrl "ws://x.example/CP001?***": it ends in the identity, which the station adds by itself'
    ],
    [
      "a URL that does not fit",
      { profiles: { 0: { ...a, securityProfile: 2 } } },
      "profiles: slot 0: expected a wss: URL with security profile 2 or 3, a ws: URL with another"
    ],
    ["no profile", { profiles: {} }, "priority: different slots that have profiles are needed, not "],
    [
      "an empty slot",
      { profiles: { 0: a }, priority: [1] },
      "priority: different slots that have profiles are needed, not 1"
    ],
    ["no attempts", { attempts: 0 }, "attempts: a whole number of 1 to 2147483647 is needed, not 0"]
  ] as const) {
    it.effect(`are a defect that names them: ${what}`, () =>
      Effect.gen(function* () {
        // That there are two slots is a matter of types, too.
        const given = options as Partial<NetworkProfilesOptions>
        assert.strictEqual(yield* defectOf(make(given)), `RangeError: ${message}`)
      })
    )
  }
})

describe("A CSMS", () => {
  it.effect("B10: moves a station to another one by its messages", () =>
    Effect.gen(function* () {
      const network = new StationNetwork()
      const profiles = yield* make({ profiles: { 0: a } })
      const { csms } = yield* standUp(
        V201.protocol,
        {
          url: profiles,
          password: Redacted.make("the station's own"),
          reconnect: doubling,
          boot: { reason: "PowerUp", chargingStation: { model: "Model", vendorName: "Vendor" } },
          handlers: V201.stationHandlersPartial({
            setNetworkProfile: ({ configurationSlot, connectionData }) =>
              Effect.map(profiles.set(configurationSlot, connectionData), (status) => ({ status })),
            setVariables: ({ setVariableData }) =>
              Effect.map(
                Effect.forEach(setVariableData, ({ attributeValue, component, variable }) =>
                  Effect.map(profiles.setPriority(attributeValue), (attributeStatus) => ({
                    attributeStatus,
                    component,
                    variable
                  }))
                ),
                (setVariableResult) => ({ setVariableResult })
              ),
            reset: () => Effect.flatMap(Station, ({ reboot }) => Reply.then({ status: "Accepted" } as const, reboot))
          })
        },
        network.layer
      )
      const registered = Effect.gen(function* () {
        const id = yield* network.raw.nextCall("BootNotification")
        yield* network.raw.send([3, id, { status: "Accepted", currentTime: time, interval: 3600 }])
      })
      const ask = Effect.fnUntraced(function* (action: string, request: object) {
        const { raw } = network
        yield* raw.send([2, action, action, request])
        return yield* raw.next
      })
      yield* registered
      const [old] = network.links
      const profile = { ...profileOf("b", 2), messageTimeout: 5 }
      assert.deepStrictEqual(yield* ask("SetNetworkProfile", { configurationSlot: 1, connectionData: profile }), [
        3,
        "SetNetworkProfile",
        { status: "Accepted" }
      ])
      const named = { component: { name: "OCPPCommCtrlr" }, variable: { name: "NetworkConfigurationPriority" } }
      assert.deepStrictEqual(yield* ask("SetVariables", { setVariableData: [{ attributeValue: "1,0", ...named }] }), [
        3,
        "SetVariables",
        { setVariableResult: [{ attributeStatus: "Accepted", ...named }] }
      ])
      assert.deepStrictEqual(yield* ask("Reset", { type: "OnIdle" }), [3, "Reset", { status: "Accepted" }])
      assert.strictEqual(old?.end?.code, 1000)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        network.attempts.map(({ password: sent, url }) => [url, Redacted.value(sent!)]),
        [
          [a.ocppCsmsUrl, "the station's own"],
          [profile.ocppCsmsUrl, "the station's own"]
        ]
      )
      yield* registered
      const call = yield* start(csms.authorize({ idToken: { idToken: "1", type: "ISO14443" } }))
      yield* TestClock.adjust("4999 millis")
      assert.strictEqual(outcome(call), "open")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(outcome(call), "Timeout")
      assert.deepStrictEqual([profiles.active, profiles.securityProfile, profiles.priority], [1, 1, [1, 0]])
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([profiles.active, profiles.securityProfile, profiles.priority], [1, 2, [1]])
    })
  )
})
