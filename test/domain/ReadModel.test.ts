/**
 * The read model of a CSMS that names no version, over restarts.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import { Csms, Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import * as Handlers from "../../src/Handlers.ts"
import { MemoryNetwork, Restartable, VirtualStation } from "../../src/simulation/index.ts"
import { Storage, StorageError } from "../../src/Storage.ts"
import { connectTo } from "../support/csms.ts"
import { simulate } from "../support/outbox.ts"
import { faulty, reopenable } from "../support/storage.ts"
import { collect, settled, start as begin } from "../support/time.ts"

/** The handler of a transaction finds in the read model what it is told. */
const handlers = Domain.ReadModel.observed(
  Domain.csmsHandlers({
    bootNotification: () =>
      Effect.map(DateTime.now, (currentTime) => ({ status: "Accepted", currentTime, interval: Duration.hours(1) })),
    heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
    authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted" } }),
    statusNotification: () => Effect.succeed({}),
    notifyEvent: () => Effect.succeed({}),
    meterValues: () => Effect.succeed({}),
    transactionEvent: ({ eventType, transactionId }, { identity }) =>
      Effect.gen(function* () {
        const { transaction } = yield* Domain.ReadModel
        const known = Option.getOrThrow(yield* Effect.orDie(transaction(identity, transactionId)))
        assert.strictEqual(known.endedAt !== undefined, eventType === "Ended")
        return {}
      })
  })
)

const csmsLayer = (storage: Layer.Layer<Storage, StorageError>) =>
  Csms.layer({
    accept: () => Effect.void,
    handlers: [Adapter.handlers(v16, handlers), Adapter.handlers(v201, handlers), Adapter.handlers(v21, handlers)]
  }).pipe(
    Layer.provideMerge(Domain.ReadModel.layer()),
    Layer.provide(TransactionIds.layer()),
    Layer.provide(storage),
    Layer.orDie
  )

/** The CSMS, which opens its storage in each run anew, and the network that leads to it. */
const open = Effect.fnUntraced(function* (storage: Layer.Layer<Storage, StorageError>) {
  const csms = yield* Restartable.make(csmsLayer(storage))
  const network = yield* Layer.build(Layer.provide(MemoryNetwork.layerWith({ latency: 50 }), csms.endpoint))
  const station = Effect.fnUntraced(function* (version: "1.6" | "2.0.1" | "2.1") {
    const layer = VirtualStation.layer({
      url: "ws://csms.example",
      identity: version,
      version,
      connectors: 2,
      sampleInterval: 60,
      reconnect: Schedule.spaced("1 minute")
    })
    const built = yield* Layer.build(Layer.provide(layer, Layer.succeedContext(network)))
    const made = Context.get(built, VirtualStation)
    yield* made.accepted
    return made
  })
  return { csms, network: Context.get(network, MemoryNetwork.Network), station, model: csms.get(Domain.ReadModel) }
})

const wattHours = (record: Domain.StationState.TransactionRecord | undefined): number =>
  BigDecimal.toNumberUnsafe(record!.energy!.charged!)

const boot: Domain.StationState.Event = {
  _tag: "BootNotification",
  request: { chargingStation: { vendorName: "ACME", model: "One" } },
  receivedAt: DateTime.makeUnsafe("2026-01-01T00:00:00Z"),
  version: "1.6"
}

const started = (transactionId: string): Domain.StationState.Event => ({
  _tag: "TransactionEvent",
  request: { eventType: "Started", timestamp: boot.receivedAt, transactionId, evse: { id: 1, connectorId: 1 } },
  receivedAt: boot.receivedAt,
  version: "1.6"
})

const endOf = (transactionId: string): Domain.StationState.Event => ({
  _tag: "TransactionEvent",
  request: { eventType: "Ended", timestamp: boot.receivedAt, transactionId },
  receivedAt: boot.receivedAt,
  version: "1.6"
})

const modelIn = (storage: Storage["Service"], options?: Domain.ReadModelOptions) =>
  Effect.map(
    Layer.build(Layer.provide(Layer.fresh(Domain.ReadModel.layer(options)), Layer.succeed(Storage, storage))),
    (context) => Context.get(context, Domain.ReadModel)
  )

/** So many hours after the start, as it is told. */
const time = (hours: number): string => `1970-01-01T0${hours}:00:00.000Z`

const isoOf = (at: DateTime.Utc | undefined) => at && DateTime.formatIso(at)

const eventOf201 = (eventType: Domain.TransactionEventType, seqNo: number, hours: number, kilowattHours: number) => ({
  eventType,
  seqNo,
  timestamp: time(hours),
  triggerReason: "MeterValuePeriodic",
  transactionInfo: { transactionId: "T1" },
  meterValue: [{ timestamp: time(hours), sampledValue: [{ value: kilowattHours, unitOfMeasure: { unit: "kWh" } }] }]
})

/** A CSMS, and stations by hand. From `hold` on, its handlers give no answer. */
const byHand = Effect.fnUntraced(function* (storage: Layer.Layer<Storage, StorageError>) {
  let isHolding = false
  const arrived = yield* Queue.unbounded<void>()
  const held = Handlers.map(handlers, (handle) => (request, peer, exchange) => {
    const answer = handle(request, peer, exchange)
    return isHolding ? Effect.andThen(answer, Effect.andThen(Queue.offer(arrived, undefined), Effect.never)) : answer
  })
  const layer = Csms.layer({
    accept: () => Effect.succeed({ registration: "Accepted" }),
    handlers: [Adapter.handlers(v16, held), Adapter.handlers(v201, held), Adapter.handlers(v21, held)]
  }).pipe(
    Layer.provideMerge(Domain.ReadModel.layer()),
    Layer.provide(TransactionIds.layer()),
    Layer.provide(storage),
    Layer.fresh
  )
  const context = yield* Layer.build(layer)
  // Times are not ahead of what these stations tell.
  yield* TestClock.setTime(24 * 3_600_000)
  const connect = connectTo(Context.get(context, Endpoint))
  let messages = 0
  const ask = Effect.fnUntraced(function* (identity: string, subprotocol: string) {
    const { raw } = yield* connect(identity, subprotocol)
    /** Gives the answer or, if a refusal is due, its code. */
    return Effect.fnUntraced(function* (action: string, payload: object, type: 3 | 4 = 3) {
      yield* raw.send([2, `m${++messages}`, action, payload])
      // A file takes its time.
      const [answer] = yield* Effect.repeat(raw.news, { until: (frames) => frames.length > 0 })
      assert.strictEqual(answer?.[0], type, `${action}: ${answer?.[2]}`)
      return answer?.[2]
    })
  })
  const hold = () => {
    isHolding = true
  }
  return { ask, hold, held: Queue.take(arrived), model: Context.get(context, Domain.ReadModel) }
})

describe("The read model of a CSMS", () => {
  for (const version of ["1.6", "2.0.1", "2.1"] as const) {
    it.live(`goes on after a kill in the middle of a transaction of a station of ${version}`, () =>
      simulate(
        Effect.gen(function* () {
          const { csms, model, network, station } = yield* open(yield* reopenable.memory)
          const { start, stop } = yield* station(version)
          const transactionId = yield* start(1, "321")
          yield* Effect.sleep("30 minutes")
          const shown = yield* Effect.flatMap(model, ({ status }) => status(version))
          assert.deepInclude(
            shown.find(({ evseId }) => evseId === 1),
            {
              condition: "Operative",
              occupancy: "Occupied",
              activity: "Charging",
              transactionId
            }
          )
          assert.deepInclude(
            shown.find(({ evseId }) => evseId === 2),
            { occupancy: "Available" }
          )
          yield* network.cut()
          yield* csms.restart({ down: "20 minutes" })
          // Nothing has come since.
          const [running] = yield* Effect.flatMap(model, ({ transactions }) => transactions(version))
          assert.deepInclude(running, { transactionId, evse: { id: 1, connectorId: 1 } })
          assert.strictEqual(running?.endedAt, undefined)
          assert.approximately(wattHours(running), 5500, 200)
          yield* Effect.sleep("10 minutes")
          yield* stop(1)
          yield* Effect.sleep("1 minute")
          const { sessions, station: own, stations, transaction } = yield* model
          const ended = Option.getOrThrow(yield* transaction(version, transactionId))
          assert.strictEqual(ended.idToken?.idToken, "321")
          assert.strictEqual(ended.stoppedReason ?? "Local", "Local")
          const hours = Duration.toHours(DateTime.distance(ended.startedAt!, ended.endedAt!))
          assert.approximately(wattHours(ended), 11_000 * hours, 1)
          const [session, ...others] = yield* sessions(version)
          assert.deepInclude(session, { evseId: 1, transactionIds: [transactionId] })
          assert.isTrue(session?.endedAt !== undefined && !DateTime.isLessThan(session.endedAt, ended.endedAt!))
          assert.deepStrictEqual(others, [])
          assert.deepInclude(Option.getOrThrow(yield* own(version)), {
            version,
            chargingStation: { vendorName: "effect-ocpp", model: "Virtual" }
          })
          assert.deepStrictEqual(Array.from((yield* stations).keys()), [version])
        }),
        version
      )
    )
  }

  for (const [name, reopened] of Object.entries(reopenable)) {
    it.effect(`has in ${name} what was told of it and not yet answered when the CSMS was killed`, () =>
      Effect.gen(function* () {
        const storage = yield* reopened
        const scope = yield* Scope.make()
        const first = yield* Scope.provide(byHand(storage), scope)
        const [old, recent] = [yield* first.ask("OLD", "ocpp1.6"), yield* first.ask("NEW", "ocpp2.0.1")]
        yield* old("StatusNotification", {
          connectorId: 2,
          status: "Preparing",
          errorCode: "NoError",
          timestamp: time(0)
        })
        const answer = yield* old("StartTransaction", {
          connectorId: 2,
          idTag: "TAG",
          meterStart: 1000,
          timestamp: time(1)
        })
        const { transactionId } = answer as { readonly transactionId: number }
        yield* recent("StatusNotification", {
          evseId: 2,
          connectorId: 1,
          connectorStatus: "Occupied",
          timestamp: time(0)
        })
        yield* recent("TransactionEvent", {
          ...eventOf201("Started", 0, 1, 1),
          evse: { id: 2, connectorId: 1 },
          idToken: { idToken: "TAG", type: "Central" }
        })
        first.hold()
        const meterValue = [{ timestamp: time(2), sampledValue: [{ value: "1.0025", unit: "kWh" }] }]
        for (const unanswered of [
          old("MeterValues", { connectorId: 2, transactionId, meterValue }),
          recent("TransactionEvent", eventOf201("Updated", 1, 2, 1.0025))
        ]) {
          yield* Effect.forkScoped(unanswered)
          yield* first.held
        }
        yield* Scope.close(scope, Exit.void)
        const { ask, model } = yield* byHand(storage)
        const chargedOf = Effect.fnUntraced(function* (identity: string) {
          const [known] = yield* model.transactions(identity)
          return BigDecimal.format(known!.energy!.charged!)
        })
        for (const identity of ["OLD", "NEW"]) assert.strictEqual(yield* chargedOf(identity), "2.5", identity)
        const oldAgain = yield* ask("OLD", "ocpp1.6")
        const newAgain = yield* ask("NEW", "ocpp2.0.1")
        yield* oldAgain("MeterValues", { connectorId: 2, transactionId, meterValue })
        yield* newAgain("TransactionEvent", eventOf201("Updated", 1, 2, 1.0025))
        yield* oldAgain("StopTransaction", { transactionId, meterStop: 1500, timestamp: time(3), reason: "Remote" })
        yield* newAgain("TransactionEvent", {
          ...eventOf201("Ended", 2, 3, 1.5),
          transactionInfo: { transactionId: "T1", stoppedReason: "Remote" }
        })
        yield* oldAgain("StatusNotification", {
          connectorId: 2,
          status: "Available",
          errorCode: "NoError",
          timestamp: time(4)
        })
        yield* newAgain("StatusNotification", {
          evseId: 2,
          connectorId: 1,
          connectorStatus: "Available",
          timestamp: time(4)
        })
        for (const identity of ["OLD", "NEW"]) {
          assert.strictEqual(yield* chargedOf(identity), "500", identity)
          const [known, ...others] = yield* model.transactions(identity)
          assert.deepStrictEqual(others, [])
          assert.deepStrictEqual(
            [
              known?.evse,
              known?.idToken?.idToken,
              known?.stoppedReason,
              isoOf(known?.startedAt),
              isoOf(known?.endedAt)
            ],
            [{ id: 2, connectorId: 1 }, "TAG", "Remote", time(1), time(3)]
          )
          assert.deepStrictEqual(
            (yield* model.sessions(identity)).map(({ endedAt, evseId, startedAt, transactionIds }) => [
              evseId,
              isoOf(startedAt),
              isoOf(endedAt),
              transactionIds
            ]),
            [[2, time(0), time(4), [known!.transactionId]]]
          )
          const [shown] = yield* model.status(identity)
          assert.deepInclude(shown, { evseId: 2, condition: "Operative", occupancy: "Available" })
        }
      })
    )
  }

  for (const version of ["2.0.1", "2.1"]) {
    it.effect(`[G01] has the status of connectors that a station of ${version} tells by events`, () =>
      Effect.gen(function* () {
        const { ask, model } = yield* byHand(Storage.layerMemory)
        const call = yield* ask("NEW", `ocpp${version}`)
        const notify = (hours: number, actualValue: string) =>
          call("NotifyEvent", {
            generatedAt: time(hours),
            seqNo: 0,
            eventData: [
              {
                eventId: hours,
                timestamp: time(hours),
                trigger: "Delta",
                actualValue,
                eventNotificationType: "HardWiredNotification",
                component: { name: "Connector", evse: { id: 1, connectorId: 1 } },
                variable: { name: "AvailabilityState" }
              }
            ]
          })
        yield* notify(1, "Occupied")
        yield* notify(2, "Faulted")
        const [shown] = yield* model.status("NEW")
        assert.deepInclude(shown, { evseId: 1, condition: "Faulted" })
        assert.strictEqual(isoOf(shown?.connectors[0]?.timestamp), time(2))
        assert.deepStrictEqual(
          (yield* model.sessions("NEW")).map(({ startedAt }) => isoOf(startedAt)),
          [time(1)]
        )
      })
    )
  }

  it.effect("answers nothing that could not be stored but an InternalError, and asks no handler", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const { ask, model } = yield* byHand(Layer.succeed(Storage, storage))
      const call = yield* ask("NEW", "ocpp2.0.1")
      const event = eventOf201("Started", 0, 1, 1)
      state.failCommits = true
      assert.strictEqual(yield* call("TransactionEvent", event, 4), "InternalError")
      assert.deepStrictEqual(yield* model.transactions("NEW"), [])
      state.failCommits = false
      yield* call("TransactionEvent", event)
      assert.lengthOf(yield* model.transactions("NEW"), 1)
    })
  )

  it.effect("answers in time what a storage does not return for, and takes in the rest once it has", () =>
    Effect.gen(function* () {
      const memory = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const opened = yield* Deferred.make<void>()
      const state = { isHeld: { read: false, commit: false }, commits: 0 }
      const held = (what: "read" | "commit") =>
        Effect.suspend(() => (state.isHeld[what] ? Deferred.await(opened) : Effect.void))
      const storage = Storage.of({
        get: memory.get,
        read: (...given) => Effect.andThen(held("read"), memory.read(...given)),
        commit: (changes) =>
          Effect.suspend(() => {
            if (changes.some(({ space }) => space.startsWith("read model"))) state.commits++
            return Effect.andThen(held("commit"), memory.commit(changes))
          })
      })
      const { ask, model } = yield* byHand(Layer.succeed(Storage, storage))
      const call = yield* ask("NEW", "ocpp2.0.1")
      const other = yield* ask("OTHER", "ocpp2.0.1")
      const told = yield* collect(model.changes)
      const late = Effect.fnUntraced(function* (from: typeof call, action: string, payload: object) {
        const answer = yield* begin(from(action, payload, 4))
        yield* settled
        yield* TestClock.adjust("61 seconds")
        assert.strictEqual(yield* Fiber.join(answer), "InternalError", action)
      })
      const notified = { evseId: 1, connectorId: 1, connectorStatus: "Occupied", timestamp: time(1) }
      state.isHeld.read = true
      yield* late(call, "StatusNotification", notified)
      state.isHeld = { read: false, commit: true }
      yield* late(call, "TransactionEvent", eventOf201("Started", 0, 1, 1))
      yield* late(call, "StatusNotification", notified)
      yield* late(other, "StatusNotification", notified)
      // What had only read was given up, and what has waited was not begun.
      assert.strictEqual(state.commits, 2)
      yield* Deferred.succeed(opened, undefined)
      yield* settled
      assert.deepStrictEqual(
        told.map(({ _tag, identity }) => `${_tag} of ${identity}`),
        ["Station of NEW", "Transaction of NEW", "Station of OTHER", "Status of OTHER"]
      )
      yield* call("StatusNotification", notified)
      assert.lengthOf(yield* model.transactions("NEW"), 1)
      assert.strictEqual((yield* model.status("NEW"))[0]?.occupancy, "Occupied")
    })
  )

  it.effect("tells what changes once it is stored, and nothing of what comes again", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const { changes, record } = yield* modelIn(storage)
      const told: Array<Domain.ReadModelChange> = []
      yield* Effect.forkScoped(Stream.runForEach(changes, (change) => Effect.sync(() => told.push(change))))
      yield* settled
      for (const event of [boot, boot, started("1"), started("1")]) yield* record("CP001", event)
      yield* settled
      assert.deepStrictEqual(
        told.map(({ _tag, identity }) => `${_tag} of ${identity}`),
        ["Station of CP001", "Transaction of CP001", "Status of CP001"]
      )
      assert.deepInclude(told.at(-1), {
        status: { evseId: 1, transactionId: "1", connectors: [], readings: [] }
      })
      assert.strictEqual(state.commits, 2)
    })
  )

  it.effect("takes nothing in that is not stored, and is right again when it is told once more", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const { record, transactions } = yield* modelIn(storage)
      yield* record("CP001", started("1"))
      state.failCommits = true
      assert.strictEqual((yield* Effect.flip(record("CP001", started("2")))).reason, "Unavailable")
      state.failCommits = false
      assert.deepStrictEqual(
        (yield* transactions("CP001")).map(({ transactionId }) => transactionId),
        ["1"]
      )
      yield* record("CP001", started("2"))
      assert.deepStrictEqual(
        (yield* transactions("CP001")).map(({ transactionId }) => transactionId),
        ["1", "2"]
      )
    })
  )

  it.effect("forgets in the storage what it forgets, though a commit was done that failed", () =>
    Effect.gen(function* () {
      const memory = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      let fails = false
      const failure = new StorageError({ storage: "test", reason: "Unavailable", detail: "the line is cut" })
      const { record, transactions } = yield* modelIn(
        {
          ...memory,
          commit: (changes) =>
            Effect.andThen(memory.commit(changes), () => (fails ? Effect.fail(failure) : Effect.void))
        },
        { endedTransactions: 1 }
      )
      yield* record("CP001", endOf("1"))
      fails = true
      yield* Effect.flip(record("CP001", endOf("2")))
      fails = false
      yield* record("CP001", endOf("3"))
      assert.deepStrictEqual(
        (yield* transactions("CP001")).map(({ transactionId }) => transactionId),
        ["3"]
      )
    })
  )

  it.effect("is shared by processes, of which another one has the station since", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const [one, other] = [yield* modelIn(storage), yield* modelIn(storage)]
      yield* one.record("CP001", started("1"), {})
      yield* other.record("CP001", started("2"), {})
      yield* other.record("CP001", { ...started("2"), receivedAt: boot.receivedAt, version: "2.1" }, {})
      // If it had not read the storage again, the version would not change.
      yield* one.record("CP001", started("1"), {})
      assert.strictEqual(Option.getOrThrow(yield* other.station("CP001")).version, "1.6")
      assert.lengthOf(yield* one.transactions("CP001"), 2)
    })
  )

  it.effect("keeps what it is told of many stations at once, with few of them in memory", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const { record, stations, transactions } = yield* modelIn(storage, { capacity: 2 })
      // Names that no key of a storage may have as they are.
      const identities = ["A", "B\0", "C\ud800", "stations"]
      const numbers = Array.from({ length: 20 }, (_, index) => `${index}`)
      yield* Effect.forEach(
        identities.flatMap((identity) => numbers.map((number) => [identity, number] as const)),
        ([identity, number]) => record(identity, started(`${number}\0\udc00`)),
        { concurrency: "unbounded" }
      )
      assert.sameMembers(Array.from((yield* stations).keys()), identities)
      for (const identity of identities) assert.lengthOf(yield* transactions(identity), 20)
    })
  )

  it.effect("says what it cannot read, and leaves it as it is", () =>
    Effect.gen(function* () {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      const { record, transactions } = yield* modelIn(storage)
      yield* record("CP001", started("1"))
      const place = { space: 'read model "CP001"', key: 'transaction "1"' }
      yield* storage.commit([{ ...place, value: "nonsense" }])
      const again = yield* modelIn(storage)
      for (const failing of [again.record("CP001", started("1")), transactions("CP001")]) {
        const error = yield* Effect.flip(failing)
        assert.strictEqual(error.reason, "Corrupt")
        assert.include(error.message, "transaction")
      }
      assert.strictEqual(yield* storage.get(place.space, place.key), "nonsense")
    })
  )
})
