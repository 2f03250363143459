/**
 * A station that says what happens at its EVSEs: the CSMS is told by the messages of the version, in their order.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import * as AdapterV15 from "../../../src/adapter/V15.ts"
import * as AdapterV16 from "../../../src/adapter/V16.ts"
import * as AdapterV201 from "../../../src/adapter/V201.ts"
import * as AdapterV21 from "../../../src/adapter/V21.ts"
import type { Adapter } from "../../../src/adapter/index.ts"
import * as Domain from "../../../src/domain/index.ts"
import { MemoryNetwork, VirtualCsms } from "../../../src/simulation/index.ts"
import { Evses } from "../../../src/station/blocks/index.ts"
import { type ConnectError, type Connector, Station } from "../../../src/station/index.ts"
import { Storage, type StorageError } from "../../../src/Storage.ts"
import * as V15 from "../../../src/v15/index.ts"
import * as V16 from "../../../src/v16/index.ts"
import * as V201 from "../../../src/v201/index.ts"
import * as V21 from "../../../src/v21/index.ts"
import * as Seeded from "../../support/seeded.ts"
import { outcome } from "../../support/outcome.ts"
import { settled, start } from "../../support/time.ts"
import { callsOf } from "../../support/virtual.ts"

type Version = "1.5" | "1.6" | "2.0.1" | "2.1"

const options = { url: "ws://csms.example", identity: "CP001" } as const

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" } as const
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } } as const

/** A station of a version in generic form. */
const stations: {
  readonly [V in Version]: Layer.Layer<
    Domain.Csms | Domain.Transactions | Station,
    ConnectError | StorageError,
    Connector
  >
} = {
  "1.5": AdapterV15.layer.pipe(Layer.provideMerge(Station.layer(V15.protocol, { ...options, boot: boot1x }))),
  "1.6": AdapterV16.layer.pipe(Layer.provideMerge(Station.layer(V16.protocol, { ...options, boot: boot1x }))),
  "2.0.1": AdapterV201.layer.pipe(Layer.provideMerge(Station.layer(V201.protocol, { ...options, boot: boot2x }))),
  "2.1": AdapterV21.layer.pipe(Layer.provideMerge(Station.layer(V21.protocol, { ...options, boot: boot2x })))
}

const adapters: { readonly [V in Version]: Adapter.Adapter } = {
  "1.5": AdapterV15.adapter,
  "1.6": AdapterV16.adapter,
  "2.0.1": AdapterV201.adapter,
  "2.1": AdapterV21.adapter
}

const versions = ["1.5", "1.6", "2.0.1", "2.1"] as const

const is1x = (version: Version): boolean => version.startsWith("1.")

/** A simulated CSMS, and the EVSEs of a station that it has accepted. */
const stand = Effect.fnUntraced(function* (version: Version, count = 1) {
  const network = Layer.provideMerge(MemoryNetwork.layerWith(), VirtualCsms.layer({ firstTransactionId: 1 }))
  const world = yield* Layer.build(Layer.provideMerge(stations[version], network))
  const evses = yield* Effect.provideContext(Evses.make({ adapter: adapters[version], count }), world)
  yield* settled
  yield* evses.introduced
  const csms = Context.get(world, VirtualCsms)
  let seen = (yield* callsOf(csms)).length
  /** What the station has told since the last time that it was asked, in short. */
  const news = Effect.andThen(
    settled,
    Effect.map(callsOf(csms), (calls) => {
      const fresh = calls.slice(seen)
      seen = calls.length
      return fresh.map(({ action, payload }) => inShort(action, payload))
    })
  )
  return { csms, evses, evse: evses.get(1)!, network: Context.get(world, MemoryNetwork.Network), news }
})

const inShort = (action: string, payload: { readonly [field: string]: unknown }): string => {
  const {
    connectorId,
    connectorStatus,
    evseId = connectorId,
    eventType,
    seqNo,
    status = connectorStatus,
    triggerReason
  } = payload
  if (action === "StatusNotification") return `${String(evseId)} ${String(status)}`
  if (action !== "TransactionEvent") return action
  const { chargingState = "" } = payload["transactionInfo"] as { readonly chargingState?: string }
  return [eventType, seqNo, triggerReason, chargingState].filter((word) => word !== "").join(" ")
}

const register = (wattHours: string, context: Domain.ReadingContext) => [
  {
    timestamp: DateTime.makeUnsafe(0),
    sampledValue: [
      {
        measurand: "Energy.Active.Import.Register",
        context,
        location: "Outlet",
        reading: { _tag: "Measured", value: BigDecimal.fromStringUnsafe(wattHours), unit: "Wh" }
      } as const
    ]
  }
]

const begin = register("0", "Transaction.Begin")
const end = register("1500", "Transaction.End")
const idToken = { idToken: "TAG", type: "Central" } as const

/** The one word that a version has for a state. */
const wordOf = (version: Version, { error, isOperative, reservationId, session }: Evses.EvseState): string => {
  if (error !== undefined) return "Faulted"
  if (session === undefined) {
    if (!isOperative) return "Unavailable"
    return reservationId === undefined ? "Available" : "Reserved"
  }
  if (version !== "1.6") return "Occupied"
  const { chargingState = "", isFinishing } = session
  if (["Charging", "SuspendedEV", "SuspendedEVSE"].includes(chargingState)) return chargingState
  return isFinishing ? "Finishing" : "Preparing"
}

describe("The EVSEs of a station", () => {
  const whole2x = [
    ["1 Occupied"],
    [],
    ["Started 0 RemoteStart Charging"],
    ["Updated 1 MeterValuePeriodic"],
    ["Updated 2 ChargingStateChanged SuspendedEV"],
    ["Updated 3 ChargingStateChanged Charging"],
    ["Ended 4 EVDeparted"],
    ["1 Available"]
  ]
  const whole = {
    "1.5": [["1 Occupied"], [], ["StartTransaction"], ["MeterValues"], [], [], ["StopTransaction"], ["1 Available"]],
    "1.6": [
      ["1 Preparing"],
      [],
      ["StartTransaction", "1 Charging"],
      ["MeterValues"],
      ["1 SuspendedEV"],
      ["1 Charging"],
      ["StopTransaction", "1 Finishing"],
      ["1 Available"]
    ],
    "2.0.1": whole2x,
    "2.1": whole2x
  }
  for (const version of versions) {
    it.effect(`tell a whole session in ${version}, from coming to leaving`, () =>
      Effect.gen(function* () {
        const { csms, evse, news } = yield* stand(version)
        const told: Array<ReadonlyArray<string>> = []
        for (const happening of [
          evse.pluggedIn,
          evse.authorized({ idToken, remoteStartId: 7 }),
          evse.started({ meterValue: begin }),
          evse.metered({ meterValue: register("700", "Sample.Periodic") }),
          evse.chargingStateChanged("SuspendedEV"),
          evse.chargingStateChanged("Charging"),
          evse.ended({ stoppedReason: "EVDisconnected", meterValue: end }),
          evse.unplugged
        ]) {
          yield* happening
          told.push(yield* news)
        }
        assert.deepStrictEqual(told, whole[version])
        assert.deepInclude((yield* csms.ledger.transactions())[0], {
          idTag: "TAG",
          connectorId: 1,
          meterStart: 0,
          meterStop: 1500,
          // The simulated CSMS takes a stop without a reason for a local one, and 1.5 has none.
          stopReason: version === "1.5" ? "Local" : "EVDisconnected"
        })
        assert.deepStrictEqual(yield* csms.deviations(), [])
      })
    )

    it.effect(`tell in ${version} who uses a reservation, and who was asked for by which remote start`, () =>
      Effect.gen(function* () {
        const { csms, evse, news } = yield* stand(version)
        yield* evse.reserved(9)
        assert.deepStrictEqual(yield* news, ["1 Reserved"])
        yield* evse.authorized({ idToken, remoteStartId: 7 })
        yield* evse.started({ meterValue: begin })
        yield* settled
        const { payload } = (yield* callsOf(csms)).find(({ action }) => /^(Start)?Transaction/.test(action))!
        assert.strictEqual(payload["reservationId"], 9)
        if (!is1x(version)) assert.deepInclude(payload["transactionInfo"], { remoteStartId: 7 })
        assert.isUndefined(evse.state.reservationId)
        yield* evse.ended({ meterValue: end })
        yield* evse.unplugged
        assert.strictEqual((yield* news).at(-1), "1 Available")
      })
    )

    it.effect(`let in ${version} who ends a transaction wait until the CSMS has answered that`, () =>
      Effect.gen(function* () {
        const { csms, evse } = yield* stand(version)
        yield* evse.authorized({ idToken })
        yield* evse.started({ meterValue: begin })
        yield* settled
        const action = is1x(version) ? "StopTransaction" : "TransactionEvent"
        yield* csms.answer("CP001", action, { silent: true })
        const waiting = yield* Effect.forkChild(yield* evse.ended({ meterValue: end }))
        yield* evse.unplugged
        yield* settled
        assert.isUndefined(waiting.pollUnsafe())
        yield* csms.answer("CP001", action, undefined)
        yield* Fiber.join(waiting)
        assert.deepInclude((yield* csms.ledger.transactions())[0], { meterStop: 1500 })
      })
    )

    it.effect(`refuse in ${version} what cannot have happened, and are as before`, () =>
      Effect.gen(function* () {
        const { evse, news } = yield* stand(version)
        const refused = evse.ended({ meterValue: end })
        assert.deepInclude(yield* Effect.flip(refused), { _tag: "CannotBe", evseId: 1, rule: "no transaction runs" })
        assert.deepInclude(yield* Effect.flip(evse.chargingStateChanged("Charging")), { _tag: "CannotBe" })
        yield* evse.authorized({ idToken })
        yield* evse.started({ meterValue: begin })
        yield* news
        const { state } = evse
        assert.deepInclude(yield* Effect.flip(evse.started({ meterValue: begin })), {
          _tag: "CannotBe",
          rule: "a transaction runs already"
        })
        assert.strictEqual(evse.state, state)
        assert.deepStrictEqual(yield* news, [])
      })
    )

    it.effect(`let in ${version} what goes on go on when they are taken out of use`, () =>
      Effect.gen(function* () {
        const { evse, evses, news } = yield* stand(version, 2)
        yield* evse.authorized({ idToken })
        yield* evse.started({ meterValue: begin })
        yield* news
        for (const one of evses.all) yield* one.availabilityChanged(false)
        yield* evses.availabilityChanged(false)
        assert.deepStrictEqual(yield* news, is1x(version) ? ["2 Unavailable", "0 Unavailable"] : ["2 Unavailable"])
        yield* evse.ended({ meterValue: end })
        yield* evse.unplugged
        assert.strictEqual((yield* news).at(-1), "1 Unavailable")
        yield* evse.availabilityChanged(true)
        assert.deepStrictEqual(yield* news, ["1 Available"])
      })
    )

    it.effect(`tell in ${version} that one is faulted, by what the version has for it`, () =>
      Effect.gen(function* () {
        const { csms, evse, news } = yield* stand(version)
        yield* evse.faulted({ code: "GroundFailure", info: "RCD" })
        assert.deepStrictEqual(yield* news, ["1 Faulted"])
        const { payload } = (yield* callsOf(csms)).at(-1)!
        if (is1x(version)) assert.deepInclude(payload, { errorCode: "GroundFailure", info: "RCD" })
        yield* evse.faulted(undefined)
        assert.deepStrictEqual(yield* news, ["1 Available"])
      })
    )

    it.effect(`tell in ${version} after the answer what a CSMS has asked for`, () =>
      Effect.gen(function* () {
        const { evse, evses, news } = yield* stand(version)
        yield* evse.reserved(1, { tell: false })
        assert.deepStrictEqual(yield* news, [])
        yield* evses.notify(1)
        assert.deepStrictEqual(yield* news, ["1 Reserved"])
      })
    )

    it.effect(`go on in ${version} with a transaction that was running when the power went`, () =>
      Effect.gen(function* () {
        const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
        const before = stand(version).pipe(
          Effect.flatMap(({ evse }) =>
            Effect.andThen(
              evse.authorized({ idToken }),
              Effect.map(evse.started({ meterValue: begin }), ({ id }) => id)
            )
          ),
          Effect.scoped
        )
        const id = yield* Effect.provideService(before, Storage, storage)
        yield* Effect.gen(function* () {
          const network = Layer.provideMerge(MemoryNetwork.layerWith(), VirtualCsms.layer())
          const world = yield* Layer.build(Layer.provideMerge(stations[version], network))
          yield* Effect.gen(function* () {
            const evses = yield* Evses.make({ adapter: adapters[version], count: 1 })
            const { ongoing } = Context.get(world, Domain.Transactions)
            const [transaction] = yield* ongoing
            assert.strictEqual(transaction?.id, id)
            const evse = evses.get(1)!
            yield* evse.resumed(transaction!, "SuspendedEVSE")
            assert.strictEqual(evse.transaction, transaction)
            assert.deepInclude(yield* Effect.flip(evse.started({ meterValue: begin })), { _tag: "CannotBe" })
            yield* evse.ended({ stoppedReason: "PowerLoss", meterValue: end })
            yield* evse.unplugged
            yield* settled
            const { ledger } = Context.get(world, VirtualCsms)
            assert.deepInclude((yield* ledger.transactions())[0], {
              stopReason: version === "1.5" ? "Local" : "PowerLoss",
              meterStop: 1500
            })
          }).pipe(Effect.provideContext(world))
        }).pipe(Effect.provideService(Storage, storage))
      })
    )
  }

  const seed = "Evses"

  for (const version of versions) {
    it.effect(`in ${version} have told their state and every event in the end, whatever happened (seed ${seed})`, () =>
      Effect.gen(function* () {
        const random = Seeded.make(`${seed} ${version}`)
        const { csms, evses, network } = yield* stand(version, 2)
        let possible = 0
        for (let step = 0; step < 400; step++) {
          const evse = random.pick(evses.all)
          const happening = random.pick<Effect.Effect<unknown, { readonly _tag: string }>>([
            evse.pluggedIn,
            evse.unplugged,
            evse.authorized({ idToken }),
            evse.authorized({ idToken, remoteStartId: step }),
            evse.state.session?.authorization === undefined ? Effect.void : evse.started({ meterValue: begin }),
            evse.metered({ meterValue: register(String(step), "Sample.Periodic") }),
            evse.chargingStateChanged(random.pick(["Charging", "SuspendedEV", "SuspendedEVSE", "EVConnected"])),
            evse.ended({ meterValue: end }),
            evse.reserved(random.pick([undefined, step])),
            evse.faulted(random.pick([undefined, { code: "OtherError" }])),
            evse.availabilityChanged(random.next() < 0.7),
            network.cut(),
            network.setReachable(random.next() < 0.6),
            TestClock.adjust("10 minutes")
          ])
          yield* Effect.matchEffect(happening, {
            onSuccess: () => Effect.sync(() => possible++),
            onFailure: ({ _tag }) => Effect.sync(() => assert.strictEqual(_tag, "CannotBe"))
          })
        }
        yield* network.setReachable(true)
        yield* TestClock.adjust("1 hour")
        assert.isAbove(possible, 250)
        const calls = yield* callsOf(csms)
        for (const { id, state } of evses.all) {
          const last = calls.findLast(
            ({ action, payload }) =>
              action === "StatusNotification" && (payload["evseId"] ?? payload["connectorId"]) === id
          )
          assert.strictEqual(last?.payload["connectorStatus"] ?? last?.payload["status"], wordOf(version, state))
        }
        const numbers = Map.groupBy(
          calls.flatMap(({ payload }) => (payload["eventType"] === undefined ? [] : [payload])),
          ({ transactionInfo }) => JSON.stringify((transactionInfo as { transactionId: string }).transactionId)
        )
        for (const events of numbers.values()) {
          // One that was lost on its way comes again.
          const all = new Set(events.map(({ seqNo }) => Number(seqNo)).toSorted((one, other) => one - other))
          assert.deepStrictEqual(
            [...all],
            Array.from({ length: all.size }, (_, at) => at)
          )
        }
        assert.deepStrictEqual(yield* csms.deviations(), [])
      })
    )
  }

  /** A station of 1.6 whose CSMS answers its first statuses as it is told to. */
  const introducing = Effect.fnUntraced(function* (answer: { readonly silent: true } | { readonly delayMs: number }) {
    const network = Layer.provideMerge(MemoryNetwork.layerWith(), VirtualCsms.layer())
    const world = yield* Layer.build(Layer.provideMerge(stations["1.6"], network))
    const csms = Context.get(world, VirtualCsms)
    yield* csms.answer("CP001", "StatusNotification", answer)
    const evses = yield* Effect.provideContext(Evses.make({ adapter: adapters["1.6"], count: 2 }), world)
    const waiting = yield* start(evses.introduced)
    yield* settled
    return { csms, evses, network: Context.get(world, MemoryNetwork.Network), waiting }
  })

  it.effect("are introduced once the CSMS knows all of them, also if the connection is lost meanwhile", () =>
    Effect.gen(function* () {
      const { csms, network, waiting } = yield* introducing({ silent: true })
      yield* network.setReachable(false)
      yield* network.cut()
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(outcome(waiting), "open")
      yield* csms.answer("CP001", "StatusNotification", undefined)
      yield* network.setReachable(true)
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(outcome(waiting), "ok")
    })
  )

  it.effect("are introduced although something happens at the last one while that is told", () =>
    Effect.gen(function* () {
      const { evses, waiting } = yield* introducing({ delayMs: 1000 })
      yield* TestClock.adjust("2500 millis")
      yield* evses.get(2)!.pluggedIn
      yield* TestClock.adjust("1 second")
      assert.strictEqual(outcome(waiting), "open")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(outcome(waiting), "ok")
    })
  )

  it.effect("keep the state of 1.6 where a reading cannot be told, so that it can be told otherwise", () =>
    Effect.gen(function* () {
      const { evse, news } = yield* stand("1.6")
      yield* evse.authorized({ idToken })
      const { state } = evse
      const refused = evse.started({ meterValue: register("0.5", "Transaction.Begin") })
      assert.deepInclude(yield* Effect.flip(refused), { _tag: "NotSent", reason: "NotExpressible" })
      assert.strictEqual(evse.state, state)
      assert.isUndefined(evse.transaction)
      yield* evse.started({ meterValue: begin })
      assert.deepStrictEqual(yield* news, ["1 Preparing", "StartTransaction", "1 Charging"])
    })
  )
})
