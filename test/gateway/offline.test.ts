/**
 * A gateway that keeps its stations while their CSMS cannot be reached.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { ConnectRefused, ConnectUnreachable } from "../../src/station/index.ts"
import { StorageError } from "../../src/Storage.ts"
import { handshake } from "../support/csms.ts"
import { arrived, Side, world } from "./support.ts"

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 29, 12, minutes)).toISOString()

const quiet = Effect.provideService(References.MinimumLogLevel, "None")

const start = { connectorId: 1, idTag: "TAG", meterStart: 5, timestamp: at(0) }

const down = new ConnectUnreachable({ url: "ws://csms.example", code: "ECONNREFUSED" })

const given = (password: string) => ({
  username: "CP001",
  password: Redacted.make(new TextEncoder().encode(password))
})

describe("a gateway that keeps its stations while their CSMS cannot be reached", () => {
  it.effect("says of idTokens what it is told to, stores what is charged, and tells it in order later", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world("1.6", "2.0.1", { offline: "Invalid" })
      const { csms, station } = yield* connect()
      yield* station.send("Authorize", { idTag: "TAG" })
      yield* csms.asked("Authorize")
      network.failure = down
      yield* csms.raw.close(1012)
      // It was on its way.
      assert.deepStrictEqual(yield* station.got("Authorize"), { idTagInfo: { status: "Invalid" } })
      assert.isUndefined(station.raw.end)

      const call = Effect.fnUntraced(function* (action: string, payload: object) {
        yield* station.send(action, payload)
        return yield* station.got(action)
      })
      assert.deepStrictEqual(yield* call("Authorize", { idTag: "TAG" }), { idTagInfo: { status: "Invalid" } })
      assert.hasAllKeys(yield* call("Heartbeat", {}), ["currentTime"])
      const { idTagInfo, transactionId } = yield* call("StartTransaction", start)
      assert.deepStrictEqual(idTagInfo, { status: "Invalid" })
      const meterValue = [{ timestamp: at(1), sampledValue: [{ value: "7" }] }]
      assert.deepStrictEqual(yield* call("MeterValues", { connectorId: 1, transactionId, meterValue }), {})
      const status = { connectorId: 1, errorCode: "NoError", status: "Finishing", timestamp: at(2) }
      assert.deepStrictEqual(yield* call("StatusNotification", status), {})
      const stop = { transactionId, meterStop: 9, timestamp: at(2) }
      assert.deepStrictEqual(yield* call("StopTransaction", stop), {})
      assert.strictEqual(yield* call("DataTransfer", { vendorId: "V" }), "GenericError")

      network.failure = undefined
      // The first wait takes up to 13 seconds.
      while (network.links.length < 2) yield* TestClock.adjust("1 second")
      yield* arrived
      const back = new Side(network.raw, "2.0.1")
      const frames = yield* back.raw.news
      const told: Array<string> = []
      // Messages of transactions have an order of their own.
      for (let news = frames; news.length > 0; news = yield* back.raw.news) {
        for (const [, id, action, payload] of news as ReadonlyArray<readonly [number, string, string, any]>) {
          told.push(action === "TransactionEvent" ? `${payload.eventType} ${payload.seqNo}` : action)
          yield* back.raw.send([3, id, {}])
        }
        yield* arrived
      }
      assert.sameMembers(told, ["Started 0", "Updated 1", "Ended 2", "StatusNotification"])
      assert.deepStrictEqual(
        told.filter((one) => one !== "StatusNotification"),
        ["Started 0", "Updated 1", "Ended 2"]
      )
      assert.isUndefined(station.raw.end)
    }).pipe(quiet)
  )

  // What is told of no transaction, or of one that the gateway knows nothing of.
  const reports: ReadonlyArray<readonly [action: string, payload: object]> = [
    ["MeterValues", { connectorId: 1, meterValue: [{ timestamp: at(1), sampledValue: [{ value: "7" }] }] }],
    ["StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Finishing", timestamp: at(2) }],
    ["StopTransaction", { transactionId: 77, meterStop: 9, timestamp: at(2) }]
  ]

  /** A station whose CSMS has gone. */
  const alone = Effect.fnUntraced(function* () {
    const made = yield* world("1.6", "2.0.1", { offline: "Accepted" })
    const { csms, station } = yield* made.connect()
    made.network.failure = down
    yield* csms.raw.close(1012)
    yield* arrived
    return { ...made, station }
  })

  it.effect("answers nothing before it is stored", () =>
    Effect.gen(function* () {
      for (const [action, payload] of reports) {
        const { disk, station } = yield* alone()
        const stored = yield* Latch.make()
        disk.before = stored.await
        yield* station.send(action, payload)
        yield* TestClock.adjust("30 seconds")
        const answers = yield* station.news
        yield* stored.open
        assert.deepStrictEqual(answers, [])
        assert.deepStrictEqual(yield* station.got(action), {})
      }
    }).pipe(quiet)
  )

  it.effect("[FIELD-K13] answers what it cannot store with an error", () =>
    Effect.gen(function* () {
      for (const [action, payload] of reports) {
        const { disk, network, station } = yield* alone()
        disk.before = Effect.fail(new StorageError({ storage: "test", reason: "Full", detail: "as it was told" }))
        yield* station.send(action, payload)
        assert.strictEqual(yield* station.got(action), "InternalError")
        disk.before = Effect.yieldNow
        yield* station.send(action, payload)
        assert.deepStrictEqual(yield* station.got(action), {})
        network.failure = undefined
        while (network.links.length < 2) yield* TestClock.adjust("1 second")
        const told = (yield* new Side(network.raw, "2.0.1").news) as ReadonlyArray<ReadonlyArray<unknown>>
        assert.lengthOf(told, 1)
      }
    }).pipe(quiet)
  )

  it.effect("stores a report that was on its way to the CSMS, and answers it", () =>
    Effect.gen(function* () {
      for (const [action, payload] of reports) {
        const { connect, network } = yield* world("1.6", "2.0.1", { offline: "Accepted" })
        const { csms, station } = yield* connect()
        yield* station.send(action, payload)
        assert.lengthOf(yield* csms.news, 1)
        network.failure = down
        yield* csms.raw.close(1012)
        assert.deepStrictEqual(yield* station.got(action), {})
        network.failure = undefined
        while (network.links.length < 2) yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* new Side(network.raw, "2.0.1").news, 1)
      }
    }).pipe(quiet)
  )

  it.effect("[LC-03] leaves the CSMS with the station, and stays away until it comes again", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world("1.6", "2.0.1", { offline: "Accepted" })
      const { csms, station } = yield* connect()
      yield* station.raw.close(1000)
      yield* arrived
      yield* csms.raw.news
      assert.isDefined(csms.raw.end)
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(network.attempts, 1)
      const again = yield* connect()
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(network.attempts, 2)
      yield* again.csms.raw.news
      assert.isUndefined(again.csms.raw.end)
    }).pipe(quiet)
  )

  it.effect("lets them in meanwhile, but accepts none in place of the CSMS", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world("1.6", "2.0.1", { offline: "Accepted" })
      network.failure = down
      const station = yield* connect.alone()
      yield* station.send("BootNotification", { chargePointVendor: "V", chargePointModel: "M" })
      const boot = yield* station.got("BootNotification")
      assert.deepInclude(boot, { status: "Pending", interval: 60 })
      network.failure = undefined
      yield* TestClock.adjust("1 minute")
      const csms = new Side(network.raw, "2.0.1")
      yield* station.send("BootNotification", { chargePointVendor: "V", chargePointModel: "M" })
      const asked = yield* csms.asked("BootNotification")
      yield* asked.answer({ status: "Accepted", currentTime: at(0), interval: 300 })
      assert.strictEqual((yield* station.got("BootNotification")).status, "Accepted")
      yield* csms.send("ClearCache", {})
      yield* (yield* station.asked("ClearCache")).answer({ status: "Accepted" })
      assert.deepStrictEqual(yield* csms.got("ClearCache"), { status: "Accepted" })
    }).pipe(quiet)
  )

  it.effect("gives the place of one to nobody with another password", () =>
    Effect.gen(function* () {
      const { connect, endpoint, network } = yield* world("1.6", "2.0.1", { offline: "Accepted" })
      network.failure = down
      yield* connect.alone("CP001", "1.6", given("secret"))
      const statusOf = (credentials?: ReturnType<typeof given>) =>
        Effect.map(Effect.flip(endpoint().accept(handshake("CP001", credentials))), ({ status }) => status)
      assert.strictEqual(yield* statusOf(given("guess")), 503)
      assert.strictEqual(yield* statusOf(), 503)
      yield* endpoint().accept(handshake("CP001", given("secret")))
    }).pipe(quiet)
  )

  it.effect("keeps none that the CSMS does not let in", () =>
    Effect.gen(function* () {
      const { connect, network } = yield* world("1.6", "2.0.1", { offline: "Accepted" })
      const refused = new ConnectRefused({ url: "ws://csms.example", status: 401 })
      network.failure = refused
      assert.strictEqual((yield* Effect.flip(connect.alone())).status, 401)
      network.failure = down
      const station = yield* connect.alone()
      network.failure = refused
      yield* TestClock.adjust("1 minute")
      yield* station.raw.news
      assert.strictEqual(station.raw.end?.code, 1008)
    }).pipe(quiet)
  )
})
