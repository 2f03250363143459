/**
 * A gateway between a station and a CSMS of one version, both by hand: what passes, and who stays connected.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { Csms, Endpoint } from "../../src/csms/index.ts"
import { Gateway } from "../../src/gateway/index.ts"
import { ConnectRefused, ConnectUnreachable, InvalidUrl } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { connectTo, handshake } from "../support/csms.ts"
import { Network } from "../support/station.ts"
import { settled } from "../support/time.ts"

const url = "ws://csms.example/ocpp"

const open = Effect.fnUntraced(function* (
  options: Partial<Gateway.GatewayOptions> = {},
  network: Network = new Network()
) {
  const layer = Gateway.layer({ url, upstream: V16.protocol, versions: [V16.protocol], ...options })
  const context = yield* Layer.build(Layer.provide(layer, network.layer))
  const endpoint = Context.get(context, Endpoint)
  return { network, endpoint, csms: Context.get(context, Csms), connect: connectTo(endpoint) }
})

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const text = (password: Redacted.Redacted<string | Uint8Array> | undefined) => {
  const value = password === undefined ? undefined : Redacted.value(password)
  return typeof value === "object" ? new TextDecoder().decode(value) : value
}

describe("a gateway between a station and a CSMS of one version", () => {
  for (const protocol of [V16.protocol, V201.protocol, V21.protocol]) {
    it.effect(`[LC-01] [LC-02] passes every action of ${protocol.version} in both directions as it came`, () =>
      Effect.gen(function* () {
        const { connect, network } = yield* open({ upstream: protocol, versions: [protocol] })
        const { raw } = yield* connect("CP001", protocol.json.subprotocol)
        const csms = network.raw
        let count = 0
        for (const { from, name, request, response } of protocol.actions) {
          if (response === undefined) continue
          const samples = { count: 1, seed: `relay ${name}` }
          const [asked] = yield* Arbitrary.sampleEffect(Arbitrary.schema(request), samples)
          const [answered] = yield* Arbitrary.sampleEffect(Arbitrary.schema(response), samples)
          // Else nothing else would pass.
          const given = name === "BootNotification" ? Object.assign({}, answered, { status: "Accepted" }) : answered
          const answer = JSON.parse(JSON.stringify(given))
          const directions = [
            ...(from === "csms" ? [] : [[raw, csms] as const]),
            ...(from === "station" ? [] : [[csms, raw] as const])
          ]
          for (const [sender, receiver] of directions) {
            // What JSON makes of it is what came.
            const payload = JSON.parse(JSON.stringify(asked))
            yield* sender.send([2, "their id", name, payload])
            yield* settled
            const [type, id, action, came] = yield* receiver.next
            assert.deepStrictEqual([type, action, came], [2, name, payload])
            assert.notStrictEqual(id, "their id")
            yield* receiver.send([3, id, answer])
            yield* settled
            assert.deepStrictEqual(yield* sender.next, [3, "their id", answer])
            count++
          }
        }
        assert.isAbove(count, 30)
      })
    )
  }

  it.effect("passes errors, and all digits of numbers", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open({ upstream: V201.protocol, versions: [V201.protocol] })
      const { raw } = yield* connect("CP001", "ocpp2.0.1")
      yield* raw.send([2, "1", "Heartbeat", {}])
      const error = ["Unheard", "text", { a: [1] }]
      yield* network.raw.send([4, yield* network.raw.nextCall("Heartbeat"), ...error])
      assert.deepStrictEqual(yield* raw.next, [4, "1", ...error])

      const meterValue = `[{"timestamp":"2026-11-29T06:00:00Z","sampledValue":[{"value":12345678901234567.25}]}]`
      yield* raw.send(`[2,"2","MeterValues",{"evseId":1,"meterValue":${meterValue}}]`)
      yield* settled
      assert.include(network.raw.received.at(-1), "12345678901234567.25")
    })
  )

  it.effect("repeats nothing and remembers nothing: what a station sends again passes again", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open()
      const { raw } = yield* connect("CP001")
      for (const [index, transactionId] of [7, 8].entries()) {
        const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: "2026-11-29T06:00:00Z" }
        yield* raw.send([2, `m${index}`, "StartTransaction", start])
        yield* settled
        const answer = { transactionId, idTagInfo: { status: "Accepted" } }
        yield* network.raw.send([3, yield* network.raw.nextCall("StartTransaction"), answer])
        yield* settled
        assert.deepStrictEqual(yield* raw.next, [3, `m${index}`, answer])
      }
    })
  )

  it.effect("[LC-03] leaves to the CSMS which station is accepted", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open()
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "Authorize", { idTag: "TAG" }])
      yield* network.raw.send([4, yield* network.raw.nextCall("Authorize"), "SecurityError", "", {}])
      assert.strictEqual((yield* raw.next)[2], "SecurityError")
      yield* raw.send([2, "2", "BootNotification", { chargePointVendor: "V", chargePointModel: "M" }])
      const answer = { status: "Pending", currentTime: "2026-11-29T06:00:00Z", interval: 60 }
      yield* network.raw.send([3, yield* network.raw.nextCall("BootNotification"), answer])
      assert.deepStrictEqual(yield* raw.next, [3, "2", answer])
    }).pipe(quiet)
  )
})

describe("the connections of a gateway", () => {
  it.effect("[LC-01] [LC-03] end together, whichever ends first, with the same code", () =>
    Effect.gen(function* () {
      const { connect, csms, network } = yield* open()
      const one = yield* connect("ONE")
      assert.strictEqual(network.attempts[0]?.identity, "ONE")
      yield* network.raw.close(1012, "a new version")
      yield* settled
      assert.deepStrictEqual(one.raw.end, { code: 1012, reason: "a new version" })

      const two = yield* connect("TWO")
      yield* two.raw.close(1001, "off")
      yield* settled
      assert.deepStrictEqual(network.raw.end, { code: 1001, reason: "off" })
      assert.deepStrictEqual(yield* csms.connected, [])
      assert.strictEqual(network.released, 2)
    }).pipe(quiet)
  )

  it.effect("[TX-04] that break leave what was asked without an answer, so that it counts as no failure", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open()
      const { raw } = yield* connect("CP001")
      yield* raw.send([
        2,
        "1",
        "StopTransaction",
        { transactionId: 1, meterStop: 1, timestamp: "2026-11-29T06:00:00Z" }
      ])
      yield* network.raw.nextCall("StopTransaction")
      yield* network.raw.close(1011, "")
      yield* settled
      assert.strictEqual(raw.end?.code, 1011)
      assert.deepStrictEqual(raw.received, [])
    }).pipe(quiet)
  )

  it.effect("pass on the password, or another one", () =>
    Effect.gen(function* () {
      const given = { username: "CP001", password: Redacted.make(new TextEncoder().encode("secret")) }
      const passing = yield* open()
      yield* passing.endpoint.accept(handshake("CP001", given))
      yield* passing.endpoint.accept(handshake("CP002"))
      assert.deepStrictEqual(
        passing.network.attempts.map(({ password, url: to }) => [to, text(password)]),
        [
          [url, "secret"],
          [url, undefined]
        ]
      )
      const mapping = yield* open({
        credentials: ({ identity }) => Effect.succeed({ password: Redacted.make(`of ${identity}`) })
      })
      yield* mapping.endpoint.accept(handshake("CP001", given))
      assert.strictEqual(text(mapping.network.attempts[0]?.password), "of CP001")
    })
  )

  it.effect("are refused as the CSMS refuses them, and with 503 if it cannot be reached", () =>
    Effect.gen(function* () {
      const { endpoint, network } = yield* open()
      const statusOf = (identity: string) =>
        Effect.map(Effect.flip(endpoint.accept(handshake(identity))), ({ status }) => status)
      for (const status of [401, 404, 429]) {
        network.failure = new ConnectRefused({ url, status })
        assert.strictEqual(yield* statusOf("CP001"), status)
      }
      network.failure = new ConnectRefused({ url, status: 502 })
      assert.strictEqual(yield* statusOf("CP001"), 503)
      network.failure = new ConnectUnreachable({ url, code: "ECONNREFUSED" })
      assert.strictEqual(yield* statusOf("CP001"), 503)
      assert.strictEqual(network.released, 5)
      // 2.0.1 allows no such identity.
      const other = yield* open({ upstream: V201.protocol, versions: [V201.protocol] })
      const longest = handshake("x".repeat(49), undefined, "ocpp2.0.1")
      assert.strictEqual((yield* Effect.flip(other.endpoint.accept(longest))).status, 400)
      assert.deepStrictEqual(other.network.attempts, [])
    }).pipe(quiet)
  )

  it.effect("of a station that connects again take the place of those before, but only if the CSMS lets it in", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open()
      const first = yield* connect("CP001")
      const before = network.raw
      network.failure = new ConnectRefused({ url, status: 401 })
      yield* Effect.flip(connect("CP001"))
      assert.isUndefined(first.raw.end)
      assert.isUndefined(before.end)
      network.failure = undefined
      const second = yield* connect("CP001")
      yield* settled
      assert.isDefined(first.raw.end)
      assert.isDefined(before.end)
      yield* second.raw.send([2, "1", "Heartbeat", {}])
      yield* network.raw.nextCall("Heartbeat")
      assert.isUndefined(second.raw.end)
    }).pipe(quiet)
  )

  it.effect("of a station that is there may keep their place", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* open({ takeover: "reject" })
      const first = yield* connect("CP001")
      assert.strictEqual((yield* Effect.flip(connect("CP001"))).status, 409)
      assert.lengthOf(network.attempts, 1)
      yield* first.raw.close(1000)
      yield* settled
      yield* connect("CP001")
    }).pipe(quiet)
  )

  it.effect("of a station that does not come after its handshake end", () =>
    Effect.gen(function* () {
      const { connect, endpoint, network } = yield* open()
      yield* endpoint.accept(handshake("CP001"))
      yield* connect("CP002")
      yield* TestClock.adjust("31 seconds")
      yield* settled
      assert.deepStrictEqual(
        network.links.map(({ end }) => end?.code),
        [1001, undefined]
      )
    }).pipe(quiet)
  )

  it.effect("speak what the CSMS speaks", () =>
    Effect.gen(function* () {
      const { endpoint, network } = yield* open()
      assert.deepStrictEqual(yield* endpoint.accept(handshake("CP001", undefined, "ocpp2.0.1")), { agreed: undefined })
      assert.deepStrictEqual(network.attempts, [])
      const some = yield* open({ defaultProtocol: V16.protocol })
      const silent = { ...handshake("CP001"), subprotocols: [], credentials: Option.none() }
      assert.strictEqual((yield* some.endpoint.accept(silent)).agreed?.subprotocol, "ocpp1.6")
    }).pipe(quiet)
  )

  it.effect("need a URL", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open({ url: "http://csms.example" }))
      assert.instanceOf(error, InvalidUrl)
    })
  )
})
