/**
 * The transactions of a station that names no version: its CSMS, which names none either, gets what the station has told.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as SchemaAST from "effect/SchemaAST"
import * as Scope from "effect/Scope"
import { Adapter } from "../../src/adapter/index.ts"
import type { MessageSchema } from "../../src/Action.ts"
import { Losses } from "../../src/adapter/internal/BothWays.ts"
import type { Row } from "../../src/adapter/internal/Table.ts"
import * as Transactions15 from "../../src/adapter/internal/v15/transactions.ts"
import * as Transactions16 from "../../src/adapter/internal/v16/transactions.ts"
import type { EventResponses } from "../../src/adapter/internal/v1x/transactions.ts"
import * as AdapterV15 from "../../src/adapter/V15.ts"
import * as AdapterV16 from "../../src/adapter/V16.ts"
import * as AdapterV201 from "../../src/adapter/V201.ts"
import * as AdapterV21 from "../../src/adapter/V21.ts"
import { Csms, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { MemoryNetwork } from "../../src/simulation/index.ts"
import { Station } from "../../src/station/index.ts"
import { Storage } from "../../src/Storage.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { settled } from "../support/time.ts"
import { simulate } from "../support/outbox.ts"

const at = (minutes: number) => DateTime.makeUnsafe(Date.UTC(2026, 10, 29, 8, minutes))

const wattHours = (
  value: string,
  context: Domain.ReadingContext = "Sample.Periodic",
  more: Partial<Domain.SampledValue> = {}
): Domain.SampledValue => ({
  measurand: "Energy.Active.Import.Register",
  context,
  location: "Outlet",
  reading: { _tag: "Measured", value: BigDecimal.fromStringUnsafe(value), unit: "Wh" },
  ...more
})

/** The register as a meter tells it that counts in kWh. */
const inThousands = (value: string, context: Domain.ReadingContext) =>
  wattHours("0", context, { reading: { _tag: "Measured", value: BigDecimal.fromStringUnsafe(value), unit: "kWh" } })

const amperes: Domain.SampledValue = {
  measurand: "Current.Import",
  context: "Sample.Periodic",
  location: "Outlet",
  reading: { _tag: "Measured", value: BigDecimal.fromStringUnsafe("15.75"), unit: "A" }
}

const read = (minutes: number, ...sampledValue: ReadonlyArray<Domain.SampledValue>) => [
  { timestamp: at(minutes), sampledValue }
]

const begun: Domain.TransactionEventInput = {
  timestamp: at(0),
  triggerReason: "Authorized",
  evse: { id: 2, connectorId: 1 },
  idToken: { idToken: "TAG", type: "Central" },
  meterValue: read(0, wattHours("1000", "Transaction.Begin")),
  chargingState: "Charging",
  remoteStartId: 7
}

const over: Domain.TransactionEventInput = {
  timestamp: at(30),
  triggerReason: "EVDeparted",
  stoppedReason: "EVDisconnected",
  meterValue: [...read(20, amperes), ...read(30, wattHours("1500", "Transaction.End"))]
}

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" } as const
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } } as const

const adapters = [AdapterV15.adapter, AdapterV16.adapter, AdapterV201.adapter, AdapterV21.adapter] as const

const options = { url: "ws://csms", identity: "ONE" } as const

/** A station of a version, in generic form. */
const stations = {
  "1.5": AdapterV15.layer.pipe(Layer.provide(Station.layer(V15.protocol, { ...options, boot: boot1x }))),
  "1.6": AdapterV16.layer.pipe(Layer.provide(Station.layer(V16.protocol, { ...options, boot: boot1x }))),
  "2.0.1": AdapterV201.layer.pipe(Layer.provide(Station.layer(V201.protocol, { ...options, boot: boot2x }))),
  "2.1": AdapterV21.layer.pipe(Layer.provide(Station.layer(V21.protocol, { ...options, boot: boot2x })))
}

type Version = keyof typeof stations

const versions = ["1.5", "1.6", "2.0.1", "2.1"] as const satisfies ReadonlyArray<Version>

const is1x = (version: Version): boolean => version.startsWith("1.")

/** A CSMS of some versions, and a way to start a station with a storage. */
const world = Effect.fnUntraced(function* (version: Version, served: ReadonlyArray<Version> = versions) {
  const events: Array<Domain.TransactionEventRequest> = []
  const handlers = Domain.csmsHandlersPartial({
    bootNotification: () =>
      Effect.map(
        DateTime.now,
        (currentTime) => ({ status: "Accepted", currentTime, interval: Duration.hours(1) }) as const
      ),
    heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
    transactionEvent: (event) =>
      Effect.sync(() => {
        events.push(event)
        return event.idToken === undefined ? {} : { idTokenInfo: { status: "Accepted" } }
      })
  })
  const csms = Csms.layer({
    accept: () => Effect.void,
    handlers: adapters
      .filter(({ protocol }) => served.includes(protocol.version))
      .map((adapter: Adapter.Adapter<Version, TransactionIds>) => Adapter.handlers(adapter, handlers))
  }).pipe(Layer.provide(TransactionIds.layer()))
  const network = yield* Layer.build(MemoryNetwork.layer.pipe(Layer.provideMerge(csms)))
  const connector = Layer.succeedContext(network)
  const storage = Layer.succeedContext(yield* Layer.build(Storage.layerMemory))
  const station = Effect.gen(function* () {
    const built = yield* Layer.build(stations[version].pipe(Layer.provide(connector), Layer.provide(storage)))
    yield* settled
    return Context.get(built, Domain.Transactions)
  })
  return { connector, events, served: Context.get(network, Csms), station }
})

/** An event without what only one version has. */
const common = ({
  eventType,
  evse,
  idToken,
  meterValue = [],
  stoppedReason,
  timestamp
}: Domain.TransactionEventRequest) => ({
  eventType,
  timestamp: DateTime.toEpochMillis(timestamp),
  evse: evse?.id,
  idToken: idToken?.idToken,
  stoppedReason,
  readings: meterValue.flatMap((value) =>
    value.sampledValue.map(({ context, measurand, reading }) =>
      reading._tag === "Measured"
        ? `${measurand} ${context} ${BigDecimal.format(reading.value)} ${reading.unit} ${DateTime.toEpochMillis(value.timestamp)}`
        : reading._tag
    )
  )
})

const told = (input: Domain.TransactionEventInput, eventType: Domain.TransactionEventType) =>
  common({ ...input, eventType, transactionId: "" })

describe("the transactions of a station that names no version", () => {
  for (const version of versions) {
    it.live(`reach a CSMS that names none, and go on after a restart, in the words of ${version}`, () =>
      simulate(
        Effect.gen(function* () {
          const { events, station } = yield* world(version)
          const scope = yield* Scope.make()
          const first = yield* Scope.provide(station, scope)
          const transaction = yield* first.start(begun)
          assert.deepStrictEqual(yield* transaction.started, {
            idTokenInfo: { status: "Accepted" }
          })
          const charging = { timestamp: at(10), triggerReason: "MeterValuePeriodic" } as const
          const sampled = { ...charging, meterValue: read(10, wattHours("1250.5"), amperes) }
          yield* Effect.flatten(transaction.update(sampled))
          yield* Scope.close(scope, Exit.void)

          const again = yield* station
          const [restored] = yield* again.ongoing
          assert.strictEqual(restored?.id, transaction.id)
          const name = yield* transaction.transactionId
          assert.strictEqual(Option.getOrUndefined(yield* again.find(name))?.id, transaction.id)
          for (const other of ["", "NaN", "undefined", `0${name}`, `${name}.0`])
            assert.isTrue(Option.isNone(yield* again.find(other)))
          assert.deepStrictEqual(told(restored!.request, "Started"), told(begun, "Started"))
          assert.deepStrictEqual(yield* Effect.flatten(restored!.stop(over)), {})
          assert.deepStrictEqual(yield* again.ongoing, [])

          // 1.x tells where it is each time, and 1.5 not why it has ended.
          const evse = { id: 2, connectorId: 1 }
          const { stoppedReason: _, ...overIn15 } = over
          const ended = { "1.5": { ...overIn15, evse }, "1.6": { ...over, evse }, "2.0.1": over, "2.1": over }
          assert.deepStrictEqual(events.map(common), [
            told(begun, "Started"),
            told(is1x(version) ? { ...sampled, evse } : sampled, "Updated"),
            told(ended[version], "Ended")
          ])
          const id = yield* restored!.transactionId
          assert.deepStrictEqual(
            events.map(({ transactionId }) => transactionId),
            [id, id, id]
          )
        })
      )
    )
  }

  for (const version of versions) {
    it.live(`may have a name that the station gives them, once, in ${version}`, () =>
      simulate(
        Effect.gen(function* () {
          const { events, station } = yield* world(version)
          const scope = yield* Scope.make()
          const first = yield* Scope.provide(station, scope)
          assert.strictEqual((yield* first.start(begun, { id: "N1" })).id, "N1")
          assert.strictEqual((yield* Effect.flip(first.start(begun, { id: "N1" }))).reason, "InvalidRequest")
          yield* Scope.close(scope, Exit.void)
          const [restored] = yield* (yield* station).ongoing
          assert.strictEqual(restored?.id, "N1")
          yield* restored!.started
          if (!is1x(version)) assert.strictEqual(events[0]?.transactionId, "N1")
        })
      )
    )
  }

  for (const speaks of versions) {
    it.live(`are those of the version that was agreed, ${speaks}`, () =>
      simulate(
        Effect.gen(function* () {
          const { connector, events, served } = yield* world(speaks, versions.slice(0, versions.indexOf(speaks) + 1))
          const asked: Array<string> = []
          const handlers = Domain.stationHandlersPartial({
            requestStartTransaction: ({ idToken }) =>
              Effect.gen(function* () {
                const transaction = yield* Effect.orDie((yield* Domain.Transactions).start({ ...begun, idToken }))
                asked.push(transaction.id)
                return { status: "Accepted" }
              })
          })
          const station = yield* Station.negotiate(
            [
              {
                protocol: V21.protocol,
                handlers: Adapter.handlers(AdapterV21.adapter, handlers),
                boot: boot2x
              },
              {
                protocol: V201.protocol,
                handlers: Adapter.handlers(AdapterV201.adapter, handlers),
                boot: boot2x
              },
              { protocol: V16.protocol, handlers: Adapter.handlers(AdapterV16.adapter, handlers), boot: boot1x },
              { protocol: V15.protocol, handlers: Adapter.handlers(AdapterV15.adapter, handlers), boot: boot1x }
            ],
            options
          ).pipe(Effect.provide(connector))
          yield* station.accepted
          const agreed = yield* station.agreed
          assert.strictEqual(agreed.version, speaks)
          const { csms, transactions } = Adapter.agreed(adapters, agreed)
          assert.hasAllKeys(yield* csms.heartbeat({}), ["currentTime"])
          const idToken = { idToken: "ASKED", type: "Central" } as const
          const { status } = yield* Adapter.station(adapters, served, "ONE").requestStartTransaction({
            idToken,
            remoteStartId: 1
          })
          assert.strictEqual(status, "Accepted")
          const ongoing = yield* transactions.ongoing
          assert.deepStrictEqual(
            ongoing.map(({ id }) => id),
            asked
          )
          yield* ongoing[0]!.started
          assert.deepStrictEqual(
            events.map(({ idToken: of }) => of?.idToken),
            ["ASKED"]
          )
        })
      )
    )
  }

  for (const version of versions) {
    it.live(
      `may tell readings in kWh, as their meters do, which arrive in Wh exactly, in the words of ${version}`,
      () =>
        simulate(
          Effect.gen(function* () {
            const { events, station } = yield* world(version)
            const first = inThousands("1.5", "Transaction.Begin")
            const transaction = yield* (yield* station).start({ ...begun, meterValue: read(0, first) })
            const reading = inThousands("1.6005", "Sample.Periodic")
            const middle = {
              timestamp: at(10),
              triggerReason: "MeterValuePeriodic",
              meterValue: read(10, reading)
            } as const
            yield* Effect.flatten(transaction.update(middle))
            const last = inThousands("1.701", "Transaction.End")
            yield* Effect.flatten(transaction.stop({ ...over, meterValue: read(30, last) }))
            assert.deepStrictEqual(
              events.flatMap((event) => common(event).readings),
              [
                `Energy.Active.Import.Register Transaction.Begin 1500 Wh ${at(0).epochMilliseconds}`,
                `Energy.Active.Import.Register Sample.Periodic 1600.5 Wh ${at(10).epochMilliseconds}`,
                `Energy.Active.Import.Register Transaction.End 1701 Wh ${at(30).epochMilliseconds}`
              ]
            )
          })
        )
    )
  }

  it.live("say nothing to 1.6 where it has no message, and store nothing that it cannot say", () =>
    simulate(
      Effect.gen(function* () {
        const { events, station } = yield* world("1.6")
        const transactions = yield* station
        const refusals = (input: Partial<Domain.TransactionEventInput>) =>
          Effect.map(Effect.flip(transactions.start({ ...begun, ...input })), ({ action, reason, violations }) => [
            action,
            reason,
            ...violations.map(({ path, rule }) => `${path}: ${rule}`)
          ])
        const { evse: _, idToken: __, meterValue: ___, ...bare } = begun
        assert.deepStrictEqual(
          yield* Effect.map(Effect.flip(transactions.start(bare)), ({ violations }) =>
            violations.map(({ path, rule }) => `${path}: ${rule}`)
          ),
          [
            "evse: 1.6 asks at which connector it starts",
            "idToken: 1.6 asks whom it is for",
            "meterValue: 1.6 asks what the register of energy reads"
          ]
        )
        const register = (...values: ReadonlyArray<Domain.SampledValue>) => ({ meterValue: read(0, ...values) })
        for (const [input, rule] of [
          [register(wattHours("1000.5")), "meterValue: 1.6 has whole watt-hours"],
          [register(wattHours("1e16")), "meterValue: 1.6 has whole watt-hours"],
          [register(wattHours("1e-9")), "meterValue: 1.6 has whole watt-hours"],
          [register(wattHours("1"), amperes), "meterValue: 1.6 tells the register at a start, and nothing else"],
          [register(amperes), "meterValue: 1.6 asks what the register of energy reads"],
          [{ stoppedReason: "Local" }, "stoppedReason: only the end of a transaction has a reason"],
          [{ evse: { id: 1, connectorId: 2 } }, "evse.connectorId: an EVSE of 1.6 has one connector"]
        ] as const) {
          assert.deepStrictEqual(yield* refusals(input), ["TransactionEvent", "NotExpressible", rule])
        }
        assert.deepStrictEqual(yield* transactions.ongoing, [])

        // Thousands without digits behind them are whole as well.
        const transaction = yield* transactions.start({ ...begun, ...register(wattHours("1e3")) })
        yield* transaction.started
        const suspended = { timestamp: at(1), chargingState: "SuspendedEV" } as const
        assert.deepStrictEqual(yield* Effect.flatten(transaction.update(suspended)), {})
        const late = yield* Effect.flip(
          transaction.update({ ...suspended, idToken: { idToken: "B", type: "Central" } })
        )
        assert.strictEqual(late.reason, "NotExpressible")
        const net = wattHours("1", "Sample.Periodic", { measurand: "Energy.Active.Net" })
        const unknown = yield* Effect.flip(
          transaction.update({ ...suspended, meterValue: read(1, wattHours("1"), net) })
        )
        assert.deepStrictEqual(
          unknown.violations.map(({ path }) => path),
          ["meterValue[0].sampledValue[1].measurand"]
        )
        const without = yield* Effect.flip(transaction.stop({ ...over, meterValue: read(30, wattHours("1500")) }))
        assert.deepStrictEqual(
          without.violations.map(({ path }) => path),
          ["meterValue"]
        )
        yield* Effect.flatten(transaction.stop({ ...over, stoppedReason: "SOCLimitReached" }))
        assert.deepStrictEqual(
          events.map(({ eventType, stoppedReason }) => [eventType, stoppedReason]),
          [
            ["Started", undefined],
            ["Ended", "Other"]
          ]
        )
      })
    )
  )
})

const messages = {
  "1.5": {
    StartTransaction: { schema: V15.StartTransactionRequest, table: Transactions15.start },
    MeterValues: { schema: V15.MeterValuesRequest, table: Transactions15.update },
    StopTransaction: { schema: V15.StopTransactionRequest, table: Transactions15.stop }
  },
  "1.6": {
    StartTransaction: { schema: V16.StartTransactionRequest, table: Transactions16.start },
    MeterValues: { schema: V16.MeterValuesRequest, table: Transactions16.update },
    StopTransaction: { schema: V16.StopTransactionRequest, table: Transactions16.stop }
  }
}

/** What is added to the messages of a transaction by its place in it. */
const added = new Set(["transactionId", "connectorId"])

const fieldsOf = ({ ast }: MessageSchema): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []

const responses: Readonly<Record<string, EventResponses>> = {
  "1.5": Transactions15.responses,
  "1.6": Transactions16.responses
}

describe.each(["1.5", "1.6"] as const)("the messages of a transaction of %s", (version) => {
  it("have a verdict on every field of what is answered to an event", () => {
    const fields = Object.keys(Domain.TransactionEventResponse.fields)
    const { withIdTag, withoutIdTag } = responses[version]!
    for (const { rows } of [withIdTag, withoutIdTag]) {
      assert.sameMembers([...new Set(rows.flatMap(({ generic }) => generic))], fields)
    }
  })

  for (const [name, { schema, table }] of Object.entries<Told>(messages[version])) {
    it(`have a verdict on every field of ${name} and of an event`, () => {
      const asked = fieldsOf(schema).filter((field) => name === "StartTransaction" || !added.has(field))
      assert.sameMembers([...new Set(table.rows.flatMap(({ wire }) => wire))], asked)
      const {
        eventType: _,
        offline: __,
        seqNo: ___,
        transactionId: ____,
        ...given
      } = Domain.TransactionEventRequest.fields
      assert.sameMembers([...new Set(table.rows.flatMap(({ generic }) => generic))], Object.keys(given))
    })

    it.effect.prop(`mean the same after the way of ${name} to the domain and back`, [schema], ([message]) =>
      Effect.sync(() => {
        const losses = new Losses()
        // The tables are given messages of their own.
        const { decode, encode } = table
        const event = decode(message as never, losses)
        const back = encode(event, losses)
        if (losses.violations.some(({ path }) => path.endsWith("reading.value"))) return
        // A transaction is at a connector.
        if (name === "StartTransaction" && event.evse === undefined) return
        assert.deepStrictEqual(losses.violations, [])
        assert.deepStrictEqual(inWords(decode(back as never, losses)), inWords(event))
      })
    )
  }
})

/** A message of a transaction, and the table for it, without their types. */
interface Told {
  readonly schema: MessageSchema
  readonly table: {
    readonly rows: ReadonlyArray<Row>
    readonly decode: (message: never, losses: Losses) => Domain.TransactionEventInput
    readonly encode: (event: Domain.TransactionEventInput, losses: Losses) => unknown
  }
}

/** Numbers without regard to how they are held. */
const inWords = (event: Domain.TransactionEventInput) => ({
  ...event,
  meterValue: event.meterValue?.map(({ sampledValue, timestamp }) => ({
    timestamp: DateTime.toEpochMillis(timestamp),
    sampledValue: sampledValue.map(({ reading, ...rest }) => ({
      ...rest,
      reading: reading._tag === "Measured" ? `${BigDecimal.format(reading.value)} ${reading.unit}` : reading
    }))
  }))
})
