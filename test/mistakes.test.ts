/**
 * What becomes of mistakes in programs: they end with an error that names the option and the value, when the layer is
 * made and not later.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Csms, type CsmsOptions } from "../src/csms/index.ts"
import * as Handlers from "../src/Handlers.ts"
import { VirtualCsms, type VirtualCsmsOptions } from "../src/simulation/index.ts"
import { type Offer, Reconnect, Station, type StationOptions } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as Validation from "../src/Validation.ts"
import { core } from "./support/messages.ts"
import { Network, standUp } from "./support/station.ts"
import { versions } from "./support/versions.ts"

/** What something ends with: its error, or its defect. */
const endOf = <A, E>(program: Effect.Effect<A, E, Scope.Scope>) =>
  Effect.map(Effect.exit(Effect.scoped(program)), (exit) => {
    if (Exit.isSuccess(exit)) return "nothing"
    const end = Cause.squash(exit.cause)
    return end instanceof Error ? `${end.name}: ${end.message}` : String(end)
  })

/** What becomes of a station, which has not tried to connect. */
const station = Effect.fnUntraced(function* (options: Partial<Omit<StationOptions, "handlers">>) {
  const network = new Network()
  const end = yield* endOf(standUp(V16.protocol, { firstConnection: "retry", ...options }, network.layer))
  assert.strictEqual(network.attempts.length, 0, end)
  return end
})

const csms = (options: Partial<CsmsOptions>) =>
  endOf(Layer.build(Csms.layer({ accept: () => Effect.void, handlers: [V16.csmsHandlers(core)], ...options })))

const virtualCsms = (options: VirtualCsmsOptions) => endOf(Layer.build(VirtualCsms.layer(options)))

describe("The mistakes of a station", () => {
  for (const { boot, name, protocol } of versions) {
    it.effect(`of ${name}: a boot that is no BootNotification`, () =>
      Effect.gen(function* () {
        const network = new Network()
        const wrong = { ...boot, chargePointVendor: 5, unknown: 1 }
        const error = yield* Effect.flip(standUp(protocol, { boot: wrong, firstConnection: "retry" }, network.layer))
        assert.deepInclude(error, { _tag: "InvalidBoot", version: protocol.version })
        assert.match(
          error.message,
          /^boot: this is not what a station of OCPP [\d.]+ presents itself with: .*unknown: is not a field here/
        )
        assert.strictEqual(network.attempts.length, 0)
      })
    )
  }

  it.effect("a wrong scheme, a URL that ends in the identity, and none", () =>
    Effect.gen(function* () {
      assert.match(yield* station({ url: [] }), /^InvalidUrl: url: .* the list has no URL/)
      assert.match(yield* station({ url: "http://csms.example" }), /^InvalidUrl: url: .*"http:\/\/csms.example".* ws:/)
      assert.match(yield* station({ url: "ws://csms.example/ocpp/CP001" }), /^InvalidUrl: url: .* ends in the identity/)
    })
  )

  it.effect("durations that cannot be read, and numbers out of range", () =>
    Effect.gen(function* () {
      // What JavaScript lets through.
      const wrong = "5 secs" as "5 seconds"
      for (const [options, words] of [
        [{ connectTimeout: wrong }, /^RangeError: connectTimeout: .* not 5 secs$/],
        [{ calls: { timeout: wrong } }, /^RangeError: timeout: .* not 5 secs$/],
        [{ outbox: { retryInterval: wrong } }, /^RangeError: retryInterval: .* not 5 secs$/],
        [{ outbox: { attempts: 0 } }, /^RangeError: attempts: .* not 0$/],
        [{ requests: { concurrency: 0.5 } }, /^RangeError: concurrency: .* not 0.5$/]
      ] as const) {
        assert.match(yield* station(options), words)
      }
      assert.throws(() => Reconnect.schedule({ waitMinimum: wrong }), /^waitMinimum: .* not 5 secs$/)
      assert.throws(() => Reconnect.schedule({ randomRange: wrong }), /^randomRange: .* not 5 secs$/)
    })
  )

  it.effect("[FIELD-K13] a version that is offered twice, and no version", () =>
    Effect.gen(function* () {
      const options = { url: "ws://csms.example", identity: "CP001" }
      const none = yield* endOf(Effect.provide(Station.negotiate([], options), new Network().layer))
      assert.match(none, /^TypeError: offers: at least one version is needed, not \[\]$/)
      const offers = Station.negotiate(
        [
          { protocol: V16.protocol, handlers: V16.stationHandlersPartial({}) },
          { protocol: V201.protocol },
          { protocol: V16.protocol, handlers: V16.stationHandlersPartial({}) }
        ],
        options
      )
      const end = yield* endOf(Effect.provide(offers, new Network().layer))
      assert.match(end, /^TypeError: offers: OCPP 1.6 is offered twice.*Handlers.merge/)
    })
  )
})

describe("The mistakes of a CSMS", () => {
  it.effect("handlers of a station for another version", () =>
    Effect.gen(function* () {
      // The types of the two versions are lost.
      const offers: ReadonlyArray<Offer> = [{ protocol: V201.protocol, handlers: V16.stationHandlersPartial({}) }]
      const end = yield* endOf(
        Effect.provide(Station.negotiate(offers, { url: "ws://csms.example", identity: "CP001" }), new Network().layer)
      )
      assert.match(end, /^TypeError: handlers: a set for OCPP 2.0.1 is needed, not for 1.6/)
    })
  )

  it.effect("no handlers at all", () =>
    Effect.gen(function* () {
      assert.match(yield* csms({ handlers: [] }), /^TypeError: handlers: .* at least one version .* not \[\]$/)
    })
  )

  it.effect("[FIELD-K13] two handlers for one action", () =>
    Effect.gen(function* () {
      const one = V16.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: "" }) })
      assert.match(yield* csms({ handlers: [one, V16.csmsHandlers(core)] }), /^HandlersConflict: .*1.6.*Heartbeat/)
      const { heartbeat: _, ...rest } = core
      assert.strictEqual(yield* csms({ handlers: [one, V16.csmsHandlersPartial(rest)] }), "nothing")
      assert.strictEqual(yield* csms({ handlers: [Handlers.override(V16.csmsHandlers(core), one)] }), "nothing")
    })
  )

  it.effect("a default version without handlers", () =>
    Effect.gen(function* () {
      assert.match(yield* csms({ defaultProtocol: V201.protocol }), /^TypeError: defaultProtocol: .* OCPP 2.0.1$/)
      assert.strictEqual(yield* csms({ defaultProtocol: V16.protocol }), "nothing")
    })
  )

  it.effect("versions that a simulated CSMS does not speak", () =>
    Effect.gen(function* () {
      const known = "one of 2.1, 2.0.1, 1.6, 1.5 is needed"
      assert.strictEqual(yield* virtualCsms({ versions: ["1.6", "1.7"] }), `RangeError: versions: ${known}, not "1.7"`)
      assert.strictEqual(yield* virtualCsms({ versions: [] }), `RangeError: versions: ${known}, not []`)
      assert.strictEqual(
        yield* virtualCsms({ versions: ["1.6"], defaultVersion: "2.1" }),
        `RangeError: defaultVersion: one of 1.6 is needed, not "2.1"`
      )
      assert.strictEqual(yield* virtualCsms({ versions: ["1.6"], defaultVersion: "1.6" }), "nothing")
    })
  )
})

const rulesOf = (value: unknown) =>
  Validation.violations(V16.StartTransactionRequest)(value).map(({ path, rule }) => `${path}: ${rule}`)

describe("A violation", () => {
  it("says what was expected with its limits, whatever came", () => {
    const valid = { connectorId: 1, idTag: "A", meterStart: 0, timestamp: "2026-11-29T00:00:00Z" }
    for (const idTag of [5, null, {}, "x".repeat(21)]) {
      assert.deepStrictEqual(rulesOf({ ...valid, idTag }), ["idTag: expected a string with at most 20 code points"])
    }
    for (const connectorId of ["1", 1.5, null]) {
      assert.deepStrictEqual(rulesOf({ ...valid, connectorId }), ["connectorId: expected an integer"])
    }
    assert.deepStrictEqual(rulesOf({ ...valid, timestamp: 5 }), [
      "timestamp: expected an RFC 3339 time stamp with an offset"
    ])
    assert.deepStrictEqual(
      Validation.violations(V16.ResetRequest)({ type: "Warm" }).map(({ rule }) => rule),
      ["expected one of Hard, Soft"]
    )
    assert.deepStrictEqual(
      Validation.violations(V16.SetChargingProfileRequest)({ connectorId: 1, csChargingProfiles: [] }),
      [{ path: "csChargingProfiles", rule: "expected an object", code: "TypeConstraintViolation" }]
    )
  })
})
