import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as Action from "../../src/Action.ts"
import { Endpoint } from "../../src/csms/index.ts"
import {
  Simulation,
  Ledger,
  MemoryNetwork,
  VirtualCsms,
  type VirtualCsmsOptions,
  VirtualStation
} from "../../src/simulation/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { connectTo, handshake, registered } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { settled, start } from "../support/time.ts"
import { v16, versions } from "../support/versions.ts"
import { actionsOf, simulate } from "../support/virtual.ts"

const seed = "virtual"

/** A simulated CSMS and a station by hand, which is accepted already unless the options say otherwise. */
const connect = Effect.fnUntraced(function* (subprotocol: string, options: VirtualCsmsOptions = {}) {
  const context = yield* Layer.build(VirtualCsms.layer({ accept: registered(), ...options }))
  const { raw } = yield* connectTo(Context.get(context, Endpoint))("CP001", subprotocol)
  const ask = Effect.fnUntraced(function* (action: string, payload: unknown) {
    yield* raw.send([2, "1", action, payload])
    return yield* raw.next
  })
  return { csms: Context.get(context, VirtualCsms), ask, raw }
})

describe("a simulated CSMS", () => {
  for (const { protocol } of versions) {
    it.effect(`of ${protocol.version} gives every action of a station a valid answer`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(protocol.json.subprotocol)
        const asked = protocol.actions.filter(
          (action) => Action.isStartedBy(action, "station") && action.response !== undefined
        )
        for (const { name, request } of asked) {
          const [sample] = yield* Arbitrary.sampleEffect(Arbitrary.schema(request), {
            count: 1,
            seed: `${seed} ${name}`
          })
          const [type, , code] = yield* ask(name, sample)
          assert.strictEqual(type, 3, `${name}: ${String(code)}`)
        }
        assert.isAtLeast(asked.length, 9)
        assert.deepStrictEqual(yield* csms.stations, [
          { id: "CP001", protocol: protocol.json.subprotocol, connected: true, registration: "Accepted" }
        ])
      })
    )
  }

  for (const version of ["2.0.1", "2.1"]) {
    it.effect(`of ${version} keeps the ledger by TransactionEvents`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(`ocpp${version}`)
        yield* csms.ledger.setIdTags({
          default: "Unknown",
          tags: [{ idTag: "GOOD" }, { idTag: "POOR", status: "NoCredit" }]
        })
        const event = (eventType: string, seqNo: number, more: object = {}, info: object = {}) =>
          ask("TransactionEvent", {
            eventType,
            seqNo,
            triggerReason: "Authorized",
            timestamp: time,
            transactionInfo: { transactionId: "T1", ...info },
            ...more
          })
        const evse = { id: 2, connectorId: 1 }
        const poor = { idToken: { idToken: "POOR", type: "Central" } }
        assert.deepStrictEqual((yield* event("Started", 0, { evse, ...poor }))[2], {
          idTokenInfo: { status: "NoCredit" }
        })
        assert.deepStrictEqual((yield* event("Started", 0, { evse, ...poor }))[2], {
          idTokenInfo: { status: "NoCredit" }
        })
        assert.deepStrictEqual((yield* event("Updated", 1))[2], {})
        assert.deepStrictEqual((yield* event("Ended", 2, {}, { stoppedReason: "EVDisconnected" }))[2], {})
        const [transaction, ...others] = yield* csms.ledger.transactions("CP001")
        assert.deepStrictEqual(others, [])
        assert.deepInclude(transaction, {
          transactionId: "T1",
          evseId: 2,
          connectorId: 1,
          idTag: "POOR",
          startTimestamp: time,
          stopTimestamp: time,
          stopReason: "EVDisconnected"
        })
      })
    )
  }

  for (const version of ["2.0.1", "2.1"]) {
    it.effect(`of ${version} reads the meter from TransactionEvents, whichever comes first`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(`ocpp${version}`)
        let seqNo = 0
        const tell = (transactionId: string, eventType: string, ...sampledValue: ReadonlyArray<object>) =>
          ask("TransactionEvent", {
            eventType,
            seqNo: seqNo++,
            triggerReason: "Authorized",
            timestamp: `2026-11-22T06:00:0${seqNo % 10}.000Z`,
            transactionInfo: { transactionId },
            ...(sampledValue.length === 0 ? {} : { meterValue: [{ timestamp: time, sampledValue }] })
          })
        const register = { measurand: "Energy.Active.Import.Register" }
        const kiloWattHours = { unitOfMeasure: { unit: "kWh" } }
        const met = (transactionId: string) =>
          Effect.map(csms.ledger.transactions(), (all) =>
            all
              .filter((transaction) => transaction.transactionId === transactionId)
              .map(({ meterStart, meterStop, startTimestamp, stopTimestamp }) => [
                meterStart,
                meterStop,
                startTimestamp.slice(17, 19),
                stopTimestamp?.slice(17, 19)
              ])
          )

        yield* tell("by context", "Started", { value: 9 }, { value: 100, context: "Transaction.Begin" })
        yield* tell("by context", "Updated", { ...register, value: 150 })
        assert.deepStrictEqual(yield* met("by context"), [[100, null, "01", undefined]])
        yield* tell(
          "by context",
          "Ended",
          { ...register, value: 2, context: "Transaction.End", unitOfMeasure: { unit: "Wh", multiplier: 2 } },
          { value: 7 },
          { value: 8, phase: "L1" },
          { value: 9, measurand: "Power.Active.Import" }
        )
        assert.deepStrictEqual(yield* met("by context"), [[100, 200, "01", "03"]])

        yield* tell("by order", "Started", { value: 1, measurand: "Power.Active.Import" })
        yield* tell("by order", "Updated", { value: 5 }, { value: 6 })
        yield* tell("by order", "Updated", { value: 0.25, ...kiloWattHours }, { value: 8, phase: "L1" })
        yield* tell("by order", "Ended")
        assert.deepStrictEqual(yield* met("by order"), [[5, 250, "04", "07"]])

        yield* tell("out of order", "Updated", { value: 20 })
        yield* tell("out of order", "Ended", { value: 30 })
        yield* tell("out of order", "Started", { value: 10 })
        yield* tell("out of order", "Updated", { value: 25 })
        yield* tell("out of order", "Ended", { value: 99 })
        assert.deepStrictEqual(yield* met("out of order"), [[10, 30, "00", "09"]])

        yield* tell("out of order", "Started", { value: 40 })
        assert.deepStrictEqual(yield* met("out of order"), [
          [10, 30, "00", "09"],
          [40, null, "03", undefined]
        ])
      })
    )

    it.effect(`of ${version} learns from later events who charges where`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(`ocpp${version}`)
        const tell = (seqNo: number, eventType: string, more: object) =>
          ask("TransactionEvent", {
            eventType,
            seqNo,
            triggerReason: "CablePluggedIn",
            timestamp: time,
            transactionInfo: { transactionId: "T1" },
            ...more
          })
        yield* tell(0, "Started", {})
        assert.notProperty((yield* csms.ledger.transactions())[0], "evseId")
        yield* tell(1, "Updated", { evse: { id: 2 }, idToken: { idToken: "A", type: "Central" } })
        yield* tell(2, "Ended", { evse: { id: 3 }, idToken: { idToken: "B", type: "Central" } })
        const [transaction] = yield* csms.ledger.transactions()
        assert.deepInclude(transaction, { evseId: 2, connectorId: 2, idTag: "A", stopTimestamp: time })
      })
    )
  }

  for (const version of ["1.5", "1.6"]) {
    it.effect(`of ${version} answers the stop of any transaction, and enters that of one without a name`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(`ocpp${version}`)
        const stop = (transactionId: number, meterStop: number) =>
          ask("StopTransaction", { transactionId, timestamp: time, meterStop, idTag: "A" })
        const accepted = { idTagInfo: { status: "Accepted" } }
        assert.deepStrictEqual((yield* stop(4711, 5))[2], accepted)
        assert.deepStrictEqual(yield* csms.ledger.transactions(), [])
        for (const meterStop of [10, 20, 20]) assert.deepStrictEqual((yield* stop(-1, meterStop))[2], accepted)
        assert.deepStrictEqual(
          (yield* csms.ledger.transactions("CP001")).map(
            ({ id, meterStop, startTimestamp, stopTimestamp, transactionId }) => {
              assert.deepStrictEqual([startTimestamp, stopTimestamp], [time, time])
              return [id, transactionId, meterStop]
            }
          ),
          [
            [1, -1, 10],
            [2, -1, 20]
          ]
        )
      })
    )

    it.effect(`[TX-08] of ${version} opens one transaction for a start that comes again`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(`ocpp${version}`)
        const begin = (meterStart: number) =>
          ask("StartTransaction", { connectorId: 1, idTag: "A", timestamp: time, meterStart })
        const ids = yield* Effect.forEach([1, 1, 2, 1, 2], (meterStart) =>
          Effect.map(begin(meterStart), ([, , response]) => response)
        )
        assert.deepStrictEqual(
          ids,
          [1, 1, 2, 1, 2].map((transactionId) => ({ transactionId, idTagInfo: { status: "Accepted" } }))
        )
        assert.strictEqual((yield* csms.ledger.transactions()).length, 2)
      })
    )
  }

  for (const { boot, name, protocol, refusals } of versions) {
    it.effect(`[REG-06] of ${name} assumes what it does not know, and answers a boot as it is told`, () =>
      Effect.gen(function* () {
        const decisions: Array<object> = []
        const { ask, csms, raw } = yield* connect(protocol.json.subprotocol, {
          accept: undefined,
          heartbeatInterval: 60,
          boot: (identity) => {
            assert.strictEqual(identity, "CP001")
            return Effect.sync(() => decisions.shift() ?? {})
          }
        })
        assert.strictEqual((yield* ask("Heartbeat", {}))[0], 3)
        assert.strictEqual((yield* csms.stations)[0]?.registration, "assumed")
        assert.deepStrictEqual(yield* csms.deviations("CP001"), [])
        const answers: Array<unknown> = []
        decisions.push({ status: "Pending", interval: 5 }, { status: "Rejected" })
        for (let times = 0; times < 3; times++) {
          const [, , answer] = yield* ask("BootNotification", boot)
          const { heartbeatInterval, interval = heartbeatInterval, status } = answer as Record<string, unknown>
          answers.push([status, interval])
          assert.strictEqual((yield* csms.stations)[0]?.registration, status)
          if (status === "Accepted") break
          assert.strictEqual((yield* ask("Heartbeat", {}))[2], "SecurityError")
          assert.deepInclude((yield* csms.deviations("CP001")).at(-1), { kind: "NotAccepted", action: "Heartbeat" })
        }
        assert.deepStrictEqual(answers, [
          [refusals[0], 5],
          ["Rejected", 60],
          ["Accepted", 60]
        ])
        assert.strictEqual((yield* ask("Heartbeat", {}))[0], 3)
        assert.isUndefined(raw.end)
      })
    )
  }

  for (const { is2x, name, protocol } of versions) {
    it.effect(`[FIELD-K2] of ${name} enters each session of a station whose clock was never set`, () =>
      Effect.gen(function* () {
        const { ask, csms } = yield* connect(protocol.json.subprotocol)
        const timestamp = "1970-01-01T00:00:05Z"
        const event = (eventType: string, seqNo: number) => ({
          eventType,
          triggerReason: "Trigger",
          timestamp,
          seqNo,
          transactionInfo: { transactionId: "1" }
        })
        for (let session = 0; session < 3; session++) {
          if (is2x) {
            for (const [seqNo, eventType] of ["Started", "Updated", "Ended"].entries()) {
              for (let times = 0; times < 2; times++) yield* ask("TransactionEvent", event(eventType, seqNo))
            }
          } else {
            const begun = { connectorId: 1, idTag: "321", meterStart: 0, timestamp }
            yield* ask("StartTransaction", begun)
            const [, , answer] = yield* ask("StartTransaction", begun)
            const { transactionId } = answer as { readonly transactionId: number }
            for (let times = 0; times < 2; times++) {
              yield* ask("StopTransaction", { transactionId, meterStop: 0, timestamp })
            }
          }
        }
        const entered = yield* csms.ledger.transactions()
        assert.deepStrictEqual(
          entered.map(({ stopTimestamp }) => stopTimestamp),
          [timestamp, timestamp, timestamp]
        )
        assert.strictEqual(new Set(entered.map(({ transactionId }) => transactionId)).size, is2x ? 1 : 3)
      })
    )
  }

  it.effect("says to stations of 1.x as Invalid what their version has no word for", () =>
    Effect.gen(function* () {
      for (const version of ["ocpp1.5", "ocpp1.6"]) {
        const { ask, csms } = yield* connect(version)
        yield* csms.ledger.setIdTags({ default: "NotAtThisTime", tags: [{ idTag: "C", status: "ConcurrentTx" }] })
        assert.deepStrictEqual((yield* ask("Authorize", { idTag: "x" }))[2], { idTagInfo: { status: "Invalid" } })
        assert.deepStrictEqual((yield* ask("Authorize", { idTag: "c" }))[2], { idTagInfo: { status: "ConcurrentTx" } })
      }
    })
  )

  it.effect("lists a station that is gone, as it stood last", () =>
    Effect.gen(function* () {
      const { ask, csms, raw } = yield* connect("ocpp1.6", {
        accept: undefined,
        boot: () => Effect.succeed({ status: "Pending" })
      })
      yield* ask("BootNotification", v16.boot)
      yield* raw.close()
      assert.deepStrictEqual(yield* csms.stations, [
        { id: "CP001", protocol: "ocpp1.6", connected: false, registration: "Pending" }
      ])
    })
  )

  it.effect("of some versions speaks no other", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(VirtualCsms.layer({ versions: ["1.6"] }))
      const { accept } = Context.get(context, Endpoint)
      const offer = { ...handshake("CP001"), subprotocols: ["ocpp2.0.1"] }
      assert.strictEqual((yield* accept(offer)).agreed, undefined)
    })
  )
})

describe("a ledger", () => {
  it.effect("lets an idTag expire", () =>
    Effect.gen(function* () {
      const ledger = yield* Ledger.make()
      yield* TestClock.setTime(Date.UTC(2026, 0, 1))
      yield* ledger.setIdTags({ default: "Accepted", tags: [{ idTag: "A", expiryDate: "2026-01-01T00:01:00Z" }] })
      assert.strictEqual((yield* ledger.authorize("a")).status, "Accepted")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* ledger.authorize("a")).status, "Expired")
    })
  )

  it.effect("closes what a station left open, and nothing of others", () =>
    Effect.gen(function* () {
      const ledger = yield* Ledger.make()
      const begin = (stationId: string, meterStart: number) =>
        ledger.start({ stationId, connectorId: 1, idTag: "A", startTimestamp: time, meterStart })
      yield* begin("CP001", 0)
      yield* begin("CP001", 1)
      yield* begin("CP002", 0)
      assert.strictEqual(yield* ledger.closeStale("CP001"), 2)
      assert.strictEqual(yield* ledger.closeStale("CP001"), 0)
      const [other] = yield* ledger.transactions("CP002")
      assert.strictEqual(other?.stopTimestamp, null)
    })
  )
})

describe("the log of a simulated CSMS", () => {
  it.effect("has the last 10,000 frames, oldest first", () =>
    Effect.gen(function* () {
      const { call, csms } = yield* simulate({ connectors: 1 })
      const before = (yield* csms.log()).length
      yield* call("ChangeConfiguration", { key: "HeartbeatInterval", value: "1" })
      // A call and its answer, either way, and two frames for each beat.
      yield* TestClock.adjust((10_000 - before - 2) * 500)
      const whole = yield* csms.log()
      assert.strictEqual(whole.length, 10_000)
      yield* TestClock.adjust(3000)
      const log = yield* csms.log()
      assert.strictEqual(log.length, 10_000)
      assert.deepStrictEqual(log.slice(0, -6), whole.slice(6))
      assert.deepStrictEqual(log, yield* csms.log("CP001"))
      assert.deepStrictEqual(yield* csms.log("CP002"), [])
    })
  )
})

describe("a simulated station of 1.6", () => {
  it.effect("boots, tells the status of its connectors, and beats as it was told", () =>
    Effect.gen(function* () {
      const { call, csms } = yield* simulate({ connectors: 2 })
      assert.deepStrictEqual(yield* actionsOf(csms), ["BootNotification", ...Array(3).fill("StatusNotification")])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* actionsOf(csms)).filter((action) => action === "Heartbeat").length, 12)
      assert.deepStrictEqual(yield* call("ChangeConfiguration", { key: "HeartbeatInterval", value: "60" }), {
        status: "Accepted"
      })
    })
  )

  it.effect("charges at 11 kW, meters, and stops when the CSMS asks", () =>
    Effect.gen(function* () {
      const { call, csms, station } = yield* simulate()
      const transactionId = Number(yield* station.start(1, "321"))
      yield* TestClock.adjust("30 minutes")
      assert.deepStrictEqual(yield* call("RemoteStopTransaction", { transactionId }), { status: "Accepted" })
      yield* settled
      const [transaction] = yield* csms.ledger.transactions()
      assert.deepInclude(transaction, { meterStart: 0, meterStop: 5500, stopReason: "Remote" })
      assert.strictEqual((yield* actionsOf(csms)).filter((action) => action === "MeterValues").length, 30)
      const again = Number(yield* station.start(1, "321"))
      yield* TestClock.adjust("6 minutes")
      yield* station.stop(1)
      const second = (yield* csms.ledger.transactions()).find((known) => known.transactionId === again)
      assert.deepInclude(second, { meterStart: 5500, meterStop: 6600, stopReason: "Local" })
    })
  )

  it.effect("starts nothing for an idTag that is refused, on a connector that is taken, or on none", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* simulate()
      yield* csms.ledger.setIdTags({ default: "Accepted", tags: [{ idTag: "BAD", status: "Blocked" }] })
      assert.deepInclude(yield* Effect.flip(station.start(1, "BAD")), { _tag: "NotStarted", reason: "Blocked" })
      assert.deepInclude(yield* Effect.flip(station.start(2, "321")), { reason: "UnknownConnector" })
      yield* station.start(1, "321")
      assert.deepInclude(yield* Effect.flip(station.start(1, "321")), { reason: "Occupied" })
    })
  )

  it.effect(
    "starts what it was asked to start, and stops what it was asked to stop, though the connection is lost",
    () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(
          VirtualStation.layer({ url: "ws://csms.example", identity: "CP001" }).pipe(
            Layer.provideMerge(MemoryNetwork.layerWith({ latency: "1 second" })),
            Layer.provideMerge(VirtualCsms.layer())
          )
        )
        const csms = Context.get(context, VirtualCsms)
        const network = Context.get(context, MemoryNetwork.Network)
        yield* Context.get(context, VirtualStation).accepted
        yield* csms.call("CP001", "RemoteStartTransaction", { idTag: "321", connectorId: 1 })
        yield* network.cut("CP001")
        yield* Effect.sleep("1 hour")
        const [started] = yield* csms.ledger.transactions()
        assert.deepInclude(started, { idTag: "321", connectorId: 1, stopReason: null })
        yield* csms.call("CP001", "RemoteStopTransaction", { transactionId: started!.transactionId })
        yield* network.cut("CP001")
        yield* Effect.sleep("1 hour")
        const [stopped] = yield* csms.ledger.transactions()
        assert.deepInclude(stopped, { stopReason: "Remote" })
      }).pipe(Simulation.run)
  )

  it.effect("gives back what a start took that the CSMS refused afterwards", () =>
    Effect.gen(function* () {
      const { call, csms } = yield* simulate()
      yield* csms.ledger.setIdTags({ default: "Invalid", tags: [] })
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "321" }), { status: "Accepted" })
      yield* settled
      const [transaction] = yield* csms.ledger.transactions()
      assert.deepInclude(transaction, { stopReason: "DeAuthorized" })
      yield* csms.ledger.setIdTags({ default: "Accepted", tags: [] })
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "321" }), { status: "Accepted" })
    })
  )

  it.effect("resets: ends what runs, and boots again", () =>
    Effect.gen(function* () {
      const { call, csms, station } = yield* simulate()
      yield* station.start(1, "321")
      yield* call("Reset", { type: "Hard" })
      // It is gone for a while then.
      yield* TestClock.adjust("2 minutes")
      yield* settled
      const [transaction] = yield* csms.ledger.transactions()
      assert.deepInclude(transaction, { stopReason: "HardReset" })
      assert.strictEqual((yield* actionsOf(csms)).filter((action) => action === "BootNotification").length, 2)
    })
  )

  it.effect("reserves, changes availability, keeps profiles and a list, and sends what is triggered", () =>
    Effect.gen(function* () {
      const { call, csms } = yield* simulate()
      const reservation = { connectorId: 1, expiryDate: time, idTag: "321", reservationId: 7 }
      assert.deepStrictEqual(yield* call("ReserveNow", reservation), { status: "Accepted" })
      assert.deepStrictEqual(yield* call("ReserveNow", { ...reservation, reservationId: 8 }), { status: "Occupied" })
      assert.deepStrictEqual(yield* call("CancelReservation", { reservationId: 9 }), { status: "Rejected" })
      assert.deepStrictEqual(yield* call("CancelReservation", { reservationId: 7 }), { status: "Accepted" })
      const availability = { connectorId: 0, type: "Inoperative" }
      assert.deepStrictEqual(yield* call("ChangeAvailability", availability), { status: "Accepted" })
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "321" }), { status: "Rejected" })
      const localAuthorizationList = [{ idTag: "321", idTagInfo: { status: "Accepted" } }]
      assert.deepStrictEqual(
        yield* call("SendLocalList", { listVersion: 3, updateType: "Full", localAuthorizationList }),
        { status: "Accepted" }
      )
      assert.deepStrictEqual(yield* call("SendLocalList", { listVersion: 2, updateType: "Differential" }), {
        status: "VersionMismatch"
      })
      assert.deepStrictEqual(yield* call("GetLocalListVersion", {}), { listVersion: 3 })
      assert.deepStrictEqual(yield* call("ClearChargingProfile", {}), { status: "Unknown" })
      yield* call("TriggerMessage", { requestedMessage: "MeterValues" })
      yield* settled
      assert.include(yield* actionsOf(csms), "MeterValues")
    })
  )

  it.effect("[FIELD-K11] takes no interval that it cannot wait for", () =>
    Effect.gen(function* () {
      const { call } = yield* simulate()
      for (const [key, value, status] of [
        ["TransactionMessageRetryInterval", "2147483", "Accepted"],
        ["TransactionMessageRetryInterval", "2147484", "Rejected"],
        ["TransactionMessageRetryInterval", "-1", "Rejected"],
        ["HeartbeatInterval", "999999999", "Accepted"],
        ["HeartbeatInterval", "2147483648", "Rejected"],
        ["MeterValueSampleInterval", "999999999", "Accepted"]
      ]) {
        assert.deepStrictEqual(yield* call("ChangeConfiguration", { key, value }), { status }, `${key} ${value}`)
      }
    })
  )

  it.effect("answers everything that a CSMS may ask, whatever it asks", () =>
    Effect.gen(function* () {
      const { csms } = yield* simulate()
      const asked = V16.actions.filter((action) => Action.isStartedBy(action, "csms"))
      for (const { name, request } of asked) {
        for (const payload of yield* Arbitrary.sampleEffect(Arbitrary.schema(request), {
          count: 5,
          seed: `${seed} ${name}`
        })) {
          const answer = yield* start(Effect.result(csms.call("CP001", name, payload)))
          yield* settled
          const exit = answer.pollUnsafe()
          const outcome = exit?._tag === "Success" ? exit.value : undefined
          assert.strictEqual(outcome?._tag, "Success", name)
          // It is gone for a while then.
          if (name === "Reset") yield* TestClock.adjust("1 minute")
        }
      }
      assert.strictEqual(asked.length, 26)
    })
  )
})
