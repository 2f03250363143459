/**
 * What is known of a station, whatever the order in which it is told, and however often.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Domain from "../../src/domain/index.ts"
import { StationState } from "../../src/domain/index.ts"
import * as Seeded from "../support/seeded.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "read model"

const start = DateTime.toEpochMillis(DateTime.makeUnsafe("2026-01-01T00:00:00Z"))

/** So many seconds after the start. */
const at = (seconds: number): DateTime.Utc => DateTime.makeUnsafe(start + seconds * 1000)

const secondsOf = (time: DateTime.Utc | undefined): number | undefined =>
  time === undefined ? undefined : (DateTime.toEpochMillis(time) - start) / 1000

const decimal = (text: string): BigDecimal.BigDecimal => BigDecimal.fromStringUnsafe(text)

const register = (
  seconds: number,
  wattHours: string | BigDecimal.BigDecimal,
  context: Domain.ReadingContext = "Sample.Periodic"
): Domain.MeterValue => ({
  timestamp: at(seconds),
  sampledValue: [
    {
      measurand: "Energy.Active.Import.Register",
      context,
      location: "Outlet",
      reading: { _tag: "Measured", value: typeof wattHours === "string" ? decimal(wattHours) : wattHours, unit: "Wh" }
    }
  ]
})

const late = at(1_000_000)

const event = (request: Domain.TransactionEventRequest): StationState.Event => ({
  _tag: "TransactionEvent",
  request,
  receivedAt: late,
  version: "2.0.1"
})

const status = (
  seconds: number,
  axes: Omit<Domain.StatusNotificationRequest, "timestamp" | "evse">,
  evseId = 1,
  receivedAt = late,
  connectorId = 1
): StationState.Event => ({
  _tag: "StatusNotification",
  request: { timestamp: at(seconds), evse: { id: evseId, connectorId }, ...axes },
  receivedAt,
  version: "2.0.1"
})

const free = { condition: "Operative", occupancy: "Available" } as const
const occupied = { condition: "Operative", occupancy: "Occupied" } as const

const told = (...events: ReadonlyArray<StationState.Event>): StationState.StationState =>
  events.reduce((state, one) => StationState.apply(state, one), StationState.empty)

/** The start of a transaction, and its end if there is one. */
const transaction = (transactionId: string, from: number, to: number | undefined, evseId = 1) => [
  event({ eventType: "Started", timestamp: at(from), transactionId, evse: { id: evseId, connectorId: 1 } }),
  ...(to === undefined ? [] : [event({ eventType: "Ended", timestamp: at(to), transactionId })])
]

/** Readings in a transaction. */
const measured = (seconds: number, ...sampledValue: ReadonlyArray<Domain.SampledValue>) =>
  event({
    eventType: "Updated",
    timestamp: at(seconds),
    transactionId: "1",
    meterValue: [{ timestamp: at(seconds), sampledValue }]
  })

const number = (value: string, unit: string): Domain.Measured => ({ _tag: "Measured", value: decimal(value), unit })

const inShort = ({ sampledValue: { location, measurand, reading } }: StationState.Reading) =>
  `${measurand} ${location} ${reading._tag === "Measured" ? BigDecimal.format(reading.value) : reading._tag}`

/** What the meter of an EVSE reads outside of transactions. */
const readings = (seconds: number, wattHours: string): StationState.Event => ({
  _tag: "MeterValues",
  request: { evseId: 1, meterValue: [register(seconds, wattHours)] },
  receivedAt: late,
  version: "1.6"
})

/** A status as an event of a variable. */
const told201 = (
  seconds: number,
  actualValue: string,
  component: Domain.Variable.Component = { name: "Connector", evse: { id: 1, connectorId: 1 } },
  variable = "AvailabilityState"
): Domain.EventData => ({
  eventId: 1,
  timestamp: at(seconds),
  trigger: "Delta",
  actualValue,
  eventNotificationType: "HardWiredNotification",
  address: { component, variable: { name: variable } }
})

const notified = (receivedAt: DateTime.Utc, ...eventData: ReadonlyArray<Domain.EventData>): StationState.Event => ({
  _tag: "NotifyEvent",
  request: { generatedAt: receivedAt, seqNo: 0, eventData },
  receivedAt,
  version: "2.1"
})

/** A time of a clock that was never set. */
const lost = (seconds: number): DateTime.Utc => DateTime.makeUnsafe(seconds * 1000)

const lostStatus = (seconds: number, axes: Omit<Domain.StatusNotificationRequest, "timestamp" | "evse">) => ({
  _tag: "StatusNotification" as const,
  request: { timestamp: lost(seconds), evse: { id: 1, connectorId: 1 }, ...axes },
  version: "1.6"
})

const lostReadings = (timestamp: DateTime.Utc, wattHours: string, receivedAt: DateTime.Utc): StationState.Event => ({
  _tag: "MeterValues",
  request: { evseId: 1, meterValue: [{ ...register(0, wattHours), timestamp }] },
  receivedAt,
  version: "1.6"
})

/** The readings of no transaction, and their times. */
const registers = (state: StationState.StationState) =>
  StationState.status(state).flatMap(({ readings: all }) => all.map((one) => [inShort(one), secondsOf(one.timestamp)]))

/** A transaction at the first EVSE, of which neither start nor end is told. */
const only = (seconds: number, transactionId = "0") =>
  event({ eventType: "Updated", timestamp: at(seconds), transactionId, evse: { id: 1, connectorId: 1 } })

/** The transaction that runs at the first EVSE, and the sessions. */
const runningAndSessions = (...events: ReadonlyArray<StationState.Event>) => {
  const state = told(...events)
  return [
    StationState.status(state)[0]?.transactionId,
    ...StationState.sessions(state).map(({ endedAt, startedAt, transactionIds }) =>
      [secondsOf(startedAt), secondsOf(endedAt), transactionIds].flat()
    )
  ]
}

/** What everybody can read of a state. */
const viewOf = (state: StationState.StationState): unknown =>
  JSON.parse(
    JSON.stringify({
      station: Option.getOrUndefined(StationState.station(state)),
      status: StationState.status(state),
      transactions: StationState.transactions(state),
      sessions: StationState.sessions(state)
    })
  )

/** A transaction as it went, and the events by which it is told. */
interface Story {
  readonly events: ReadonlyArray<StationState.Event>
  readonly charged: BigDecimal.BigDecimal
  readonly hasEnded: boolean
  readonly transactionId: string
  readonly idToken: string
}

/** A transaction of 2.x, which counts its events, or of 1.6, which does not. */
const story = ({ integer, next, pick }: Seeded.Seeded, index: number, last: { seconds: number }): Story => {
  const counts = next() < 0.5
  const transactionId = `${index}`
  const idToken = `DRIVER ${index}`
  const count = integer(1, 6)
  const hasEnded = next() < 0.8
  const begin = BigDecimal.make(BigInt(integer(0, 10 ** 9)), integer(0, 6))
  let read = begin
  let seqNo = 0
  const where: Domain.Evse = { id: integer(1, 3), connectorId: 1 }
  const tell = (eventType: Domain.TransactionEventType, rest: Partial<Domain.TransactionEventRequest>) => {
    // A clock of 2.x may be set back, for its events are counted.
    const timestamp = at((last.seconds += counts && next() < 0.2 ? -1 : integer(1, 60)))
    return event({ eventType, timestamp, transactionId, ...(counts ? { seqNo: seqNo++ } : {}), ...rest })
  }
  const meter = (context: Domain.ReadingContext) => {
    if (context !== "Transaction.Begin") {
      read = BigDecimal.sum(read, BigDecimal.make(BigInt(integer(0, 10 ** 7)), integer(0, 6)))
    }
    return { meterValue: [register(last.seconds, read, context)] }
  }
  const token: Domain.IdToken = { idToken, type: "Central" }
  const events = [
    tell("Started", { evse: where, ...meter("Transaction.Begin"), ...(counts ? {} : { idToken: token }) }),
    ...(counts ? [tell("Updated", { idToken: token, triggerReason: "Authorized" })] : []),
    ...Array.from({ length: count }, () =>
      tell("Updated", {
        ...meter("Sample.Periodic"),
        ...(counts ? { chargingState: pick(["Charging", "SuspendedEV"]) } : {})
      })
    ),
    ...(hasEnded
      ? [
          tell("Ended", {
            stoppedReason: "Remote",
            ...meter("Transaction.End"),
            idToken: { ...token, idToken: "MASTER" }
          })
        ]
      : [])
  ]
  return { events, charged: BigDecimal.subtract(read, begin), hasEnded, transactionId, idToken }
}

const shuffled = <A>({ integer }: Seeded.Seeded, values: ReadonlyArray<A>): ReadonlyArray<A> => {
  const all = Array.from(values)
  for (let place = all.length - 1; place > 0; place--) {
    const other = integer(0, place)
    const value = all[place]!
    all[place] = all[other]!
    all[other] = value
  }
  return all
}

const codec = Schema.fromJsonString(Schema.toCodecJson(StationState.Entry))

/** The state as it is after it was stored and read. */
const stored = (state: StationState.StationState): StationState.StationState =>
  new Map(Array.from(state, ([key, entry]) => [key, Schema.decodeSync(codec)(Schema.encodeSync(codec)(entry))]))

describe("What is known of a station", () => {
  it("does not grow by statuses of one instant that come again", () => {
    const once = told(status(1, occupied), status(1, free))
    const again = told(...Array.from({ length: 50 }, () => [status(1, occupied), status(1, free)]).flat())
    assert.deepStrictEqual(Array.from(again), Array.from(once))
  })

  it("is the same whatever the order of the events of its transactions and however often each comes, and exact", () => {
    const random = Seeded.make(seed)
    for (let round = 0; round < 200; round++) {
      const hint = `seed ${seed}, round ${round}`
      const last = { seconds: 0 }
      const stories = Array.from({ length: random.integer(1, 5) }, (_, index) => story(random, index, last))
      const inOrder = stories.flatMap(({ events }) => events)
      const state = told(...inOrder)
      for (const { charged, hasEnded, idToken, transactionId } of stories) {
        const known = Option.getOrThrow(StationState.transaction(state, transactionId))
        assert.isTrue(BigDecimal.equals(known.energy!.charged!, charged), `${hint}: transaction ${transactionId}`)
        assert.strictEqual(known.idToken?.idToken, idToken, hint)
        assert.strictEqual(known.endedAt !== undefined, hasEnded, hint)
      }
      const again = Array.from({ length: random.integer(0, 20) }, () => random.pick(inOrder))
      const other = shuffled(random, [...inOrder, ...again]).reduce((before, one) => {
        const after = StationState.apply(before, one)
        // What comes twice changes nothing, not even the object.
        assert.strictEqual(StationState.apply(after, one), after, hint)
        if (random.next() < 0.9) return after
        const reopened = stored(after)
        assert.strictEqual(StationState.apply(reopened, one), reopened, hint)
        return reopened
      }, StationState.empty)
      // Decimals that were stored have lost zeros at their ends.
      assert.deepStrictEqual(viewOf(stored(other)), viewOf(stored(state)), hint)
    }
  })

  it("has a transaction whose start comes last", () => {
    const end = event({
      eventType: "Ended",
      timestamp: at(60),
      transactionId: "1",
      stoppedReason: "EVDisconnected",
      meterValue: [register(60, "1500.5", "Transaction.End")]
    })
    const [half] = StationState.transactions(told(end))
    assert.strictEqual(half?.startedAt, undefined)
    assert.deepStrictEqual([half?.energy?.begin, half?.energy?.charged], [undefined, undefined])
    assert.strictEqual(BigDecimal.format(half!.energy!.end), "1500.5")
    const begin = event({
      eventType: "Started",
      timestamp: at(0),
      transactionId: "1",
      evse: { id: 2, connectorId: 1 },
      meterValue: [register(0, "1000.25", "Transaction.Begin")]
    })
    const [whole] = StationState.transactions(told(end, begin))
    assert.deepStrictEqual([secondsOf(whole?.startedAt), secondsOf(whole?.endedAt)], [0, 60])
    assert.strictEqual(whole?.stoppedReason, "EVDisconnected")
    assert.strictEqual(BigDecimal.format(whole!.energy!.charged!), "500.25")
  })

  it("[BLK-01] has one transaction of ids that differ only in case, under the one that was told first", () => {
    const state = told(
      event({ eventType: "Started", timestamp: at(0), transactionId: "Tx-1" }),
      event({ eventType: "Ended", timestamp: at(60), transactionId: "TX-1" })
    )
    const [known, ...others] = StationState.transactions(state)
    assert.deepStrictEqual(others, [])
    assert.strictEqual(known?.transactionId, "Tx-1")
    assert.deepStrictEqual([secondsOf(known?.startedAt), secondsOf(known?.endedAt)], [0, 60])
    assert.deepStrictEqual(Option.getOrUndefined(StationState.transaction(state, "tx-1")), known)
  })

  it("goes by the number of an event where the clock was set back", () => {
    const [known] = StationState.transactions(
      told(
        event({ eventType: "Updated", timestamp: at(0), transactionId: "1", seqNo: 2, chargingState: "SuspendedEV" }),
        event({ eventType: "Updated", timestamp: at(500), transactionId: "1", seqNo: 1, chargingState: "Charging" })
      )
    )
    assert.strictEqual(known?.chargingState, "SuspendedEV")
  })

  it("has the status that was last, though an older one comes after it or a clock is ahead", () => {
    const faulted = { condition: "Faulted", error: { code: "GroundFailure" } } as const
    const [shown] = StationState.status(told(status(10, faulted), status(5, free)))
    assert.deepInclude(shown, { evseId: 1, condition: "Faulted" })
    assert.strictEqual(shown?.occupancy, undefined)
    assert.deepStrictEqual(shown?.connectors[0]?.error, { code: "GroundFailure" })
    const [ahead] = StationState.status(told(status(9999, occupied, 1, at(10)), status(20, free, 1, at(20))))
    assert.strictEqual(ahead?.occupancy, "Available")
    // Within a second it is the one that comes later.
    const [same] = StationState.status(told(status(10, free), status(10, occupied)))
    assert.strictEqual(same?.occupancy, "Occupied")
  })

  describe("[G01] of connectors of which the status is told by events", () => {
    it("it is the same as by a StatusNotification", () => {
      const axes: Record<string, Omit<Domain.StatusNotificationRequest, "timestamp" | "evse">> = {
        Available: free,
        Occupied: occupied,
        Reserved: { condition: "Operative", occupancy: "Reserved" },
        Unavailable: { condition: "Unavailable" },
        Faulted: { condition: "Faulted" }
      }
      for (const [word, one] of Object.entries(axes)) {
        const state = told(notified(late, told201(10, word)))
        assert.deepStrictEqual(StationState.status(state), StationState.status(told(status(10, one))), word)
        assert.deepStrictEqual(StationState.sessions(state), StationState.sessions(told(status(10, one))), word)
      }
      assert.lengthOf(StationState.sessions(told(notified(late, told201(10, "Occupied"), told201(20, "Available")))), 1)
    })

    it("it counts by the time of the event, beside StatusNotifications", () => {
      const state = told(notified(late, told201(20, "Faulted"), told201(10, "Available")), status(15, occupied))
      assert.strictEqual(StationState.status(state)[0]?.condition, "Faulted")
      const ahead = told(notified(at(30), told201(9999, "Occupied")), status(40, free, 1, at(40)))
      assert.strictEqual(StationState.status(ahead)[0]?.occupancy, "Available")
    })

    it("[BLK-01] names count in any case, and nothing else is taken for a status", () => {
      const inCapitals = { name: "CONNECTOR", evse: { id: 1, connectorId: 1 } }
      const [shown] = StationState.status(told(notified(late, told201(0, "Occupied", inCapitals, "availabilitystate"))))
      assert.strictEqual(shown?.occupancy, "Occupied")
      const others = notified(
        late,
        told201(0, "Broken"),
        told201(0, "occupied"),
        told201(0, "Occupied", undefined, "SlotStatus"),
        told201(0, "Occupied", { name: "Connector" }),
        told201(0, "Occupied", { name: "Connector", evse: { id: 1 } }),
        told201(0, "Occupied", { name: "EVSE", evse: { id: 1 } }),
        told201(0, "Occupied", { name: "ChargingStation" }),
        told201(0, "Occupied", { name: "CableBreakawaySensor", evse: { id: 1, connectorId: 1 } })
      )
      assert.deepStrictEqual(StationState.status(told(others)), [])
    })

    it("they are bounded", () => {
      const all = Array.from({ length: 1000 }, (_, index) =>
        told201(index, index % 2 === 0 ? "Occupied" : "Available", {
          name: "Connector",
          evse: { id: index + 1, connectorId: 1 }
        })
      )
      assert.lengthOf(StationState.status(told(notified(late, ...all))), 256)
    })
  })

  describe("[FIELD-K11] of a station that has lost its clock", () => {
    it("the status is as of its arrival", () => {
      const occupiedFirst = status(10, occupied, 1, at(10))
      const state = told(
        occupiedFirst,
        { ...lostStatus(60, free), receivedAt: at(20) },
        { ...lostStatus(30, { condition: "Faulted" }), receivedAt: at(30) }
      )
      const [shown] = StationState.status(state)
      assert.strictEqual(shown?.condition, "Faulted")
      assert.strictEqual(secondsOf(shown?.connectors[0]?.timestamp), 30)
      assert.deepStrictEqual(
        StationState.sessions(state).map(({ endedAt, startedAt }) => [secondsOf(startedAt), secondsOf(endedAt)]),
        [[10, 20]]
      )
      // A clock that is right again tells more.
      const [right] = StationState.status(StationState.apply(state, status(40, free, 1, at(41))))
      assert.deepStrictEqual([right?.condition, secondsOf(right?.connectors[0]?.timestamp)], ["Operative", 40])
    })

    it("the readings are as of their arrival, and those that are yet to come", () => {
      const right = lostReadings(at(10), "7", at(10))
      const name = "Energy.Active.Import.Register Outlet"
      assert.deepStrictEqual(registers(told(right, lostReadings(lost(60), "8", at(20)))), [[`${name} 8`, 20]])
      const ahead = lostReadings(at(9999), "9", at(30))
      assert.deepStrictEqual(registers(told(right, ahead)), [[`${name} 9`, 30]])
      assert.deepStrictEqual(registers(told(right, ahead, lostReadings(at(40), "10", at(40)))), [[`${name} 10`, 40]])
    })

    it("a transaction is as of the arrival of its events, of the first where they are repeated", () => {
      const tell = (
        eventType: Domain.TransactionEventType,
        timestamp: DateTime.Utc,
        received: number,
        wattHours: string
      ): StationState.Event => ({
        _tag: "TransactionEvent",
        request: {
          eventType,
          timestamp,
          transactionId: "1",
          evse: { id: 1, connectorId: 1 },
          meterValue: [{ ...register(0, wattHours), timestamp }]
        },
        receivedAt: at(received),
        version: "1.6"
      })
      const begin = tell("Started", lost(5), 10, "100")
      const before = told(...transaction("0", 0, 5), begin)
      assert.strictEqual(StationState.status(before)[0]?.transactionId, "1")
      const state = told(begin, tell("Started", lost(5), 12, "100"), tell("Updated", at(20), 20, "150"))
      const going = StationState.apply(state, tell("Updated", lost(3), 30, "170"))
      const [running] = StationState.transactions(going)
      assert.strictEqual(secondsOf(running?.startedAt), 10)
      assert.strictEqual(BigDecimal.format(running!.energy!.charged!), "70")
      assert.strictEqual(secondsOf(running?.readings[0]?.last.timestamp), 30)
      const over = StationState.apply(going, tell("Ended", lost(9), 40, "200"))
      const [ended] = StationState.transactions(over)
      assert.deepStrictEqual([secondsOf(ended?.endedAt), secondsOf(ended?.lastEventAt)], [40, 40])
      assert.strictEqual(StationState.apply(over, tell("Ended", lost(9), 50, "200")), over)
    })

    it("all is as it is told where the receiving clock is one of 1970, too", () => {
      const state = told(
        { ...lostStatus(10, occupied), receivedAt: lost(100) },
        { ...lostStatus(5, free), receivedAt: lost(101) },
        lostReadings(lost(10), "7", lost(100)),
        lostReadings(lost(5), "6", lost(101))
      )
      const [shown] = StationState.status(state)
      assert.strictEqual(shown?.occupancy, "Occupied")
      assert.deepStrictEqual(shown?.connectors[0]?.timestamp, lost(10))
      assert.deepStrictEqual(shown?.readings.map(inShort), ["Energy.Active.Import.Register Outlet 7"])
    })
  })

  it("tells what happens at an EVSE by its transaction, where its status does not", () => {
    const running = [
      status(0, occupied),
      event({
        eventType: "Started",
        timestamp: at(1),
        transactionId: "1",
        seqNo: 0,
        evse: { id: 1, connectorId: 1 },
        chargingState: "Charging"
      })
    ]
    assert.deepInclude(StationState.status(told(...running))[0], { activity: "Charging", transactionId: "1" })
    const ended = event({ eventType: "Ended", timestamp: at(9), transactionId: "1", seqNo: 1, chargingState: "Idle" })
    assert.strictEqual(StationState.transactions(told(...running))[0]?.chargingState, "Charging")
    for (const end of [ended, event({ eventType: "Ended", timestamp: at(9), transactionId: "1", seqNo: 1 })]) {
      assert.notProperty(StationState.transactions(told(...running, end))[0], "chargingState")
    }
    const [over] = StationState.status(told(...running, ended))
    assert.deepStrictEqual([over?.activity, over?.transactionId, over?.occupancy], [undefined, undefined, "Occupied"])
  })

  it("has of an EVSE the status of all its connectors together, and of the whole station one of its own", () => {
    const broken = { condition: "Faulted" } as const
    const shownWith = (...all: ReadonlyArray<Omit<Domain.StatusNotificationRequest, "evse">>) => {
      const [shown] = StationState.status(told(...all.map((axes, index) => status(0, axes, 1, late, index + 1))))
      return [shown?.condition, shown?.occupancy, shown?.connectors.length]
    }
    assert.deepStrictEqual(shownWith(free, occupied), ["Operative", "Occupied", 2])
    assert.deepStrictEqual(shownWith(broken, free), ["Operative", "Available", 2])
    assert.deepStrictEqual(shownWith({ condition: "Unavailable" }, broken), ["Faulted", undefined, 2])
    const whole: StationState.Event = {
      _tag: "StatusNotification",
      request: { condition: "Unavailable" },
      receivedAt: late,
      version: "1.6"
    }
    assert.deepStrictEqual(
      StationState.status(told(status(0, free), whole)).map(({ condition, evseId }) => [evseId, condition]),
      [
        [0, "Unavailable"],
        [1, "Operative"]
      ]
    )
    assert.deepStrictEqual(StationState.sessions(told(whole)), [])
  })

  it("has the energy at the outlet, and all else that was measured beside it, first and last", () => {
    const [energy] = register(0, "100").sampledValue
    const inlet = (value: string) => ({ ...energy!, location: "Inlet", reading: number(value, "Wh") }) as const
    const soc = (value: string): Domain.SampledValue => ({
      ...energy!,
      measurand: "SoC",
      location: "EV",
      reading: number(value, "Percent")
    })
    const phase = { ...energy!, phase: "L1", reading: number("7", "Wh") } as const
    const signed = { ...energy!, reading: { _tag: "SignedData", data: "OCMF|{}", unit: "Wh" } } as const
    const [known] = StationState.transactions(
      told(
        measured(0, energy!, inlet("50"), soc("20"), phase, signed),
        measured(60, { ...energy!, reading: number("350.5", "Wh") }, inlet("290"), soc("80"))
      )
    )
    assert.strictEqual(BigDecimal.format(known!.energy!.charged!), "250.5")
    assert.sameMembers(
      known!.readings.map(({ first, last }) => `${inShort(first)}, ${inShort(last)}`),
      [
        "Energy.Active.Import.Register Outlet 100, Energy.Active.Import.Register Outlet 350.5",
        "Energy.Active.Import.Register Inlet 50, Energy.Active.Import.Register Inlet 290",
        "Energy.Active.Import.Register Outlet 7, Energy.Active.Import.Register Outlet 7",
        "Energy.Active.Import.Register Outlet SignedData, Energy.Active.Import.Register Outlet SignedData",
        "SoC EV 20, SoC EV 80"
      ]
    )
  })

  it("has sessions from the first sign of use until it is available again, with the transactions in them", () => {
    const sessionsOf = (...events: ReadonlyArray<StationState.Event>) =>
      StationState.sessions(told(...events)).map(({ endedAt, evseId, startedAt, transactionIds }) =>
        [[evseId, secondsOf(startedAt), secondsOf(endedAt)], transactionIds].flat()
      )
    const events = [
      status(0, free),
      status(10, { ...occupied, activity: "Preparing" }),
      ...transaction("a", 20, 30),
      status(21, { ...occupied, activity: "Charging" }),
      ...transaction("b", 40, 50),
      status(60, free),
      // Nobody charges.
      status(70, occupied),
      status(80, { condition: "Operative", occupancy: "Reserved" }),
      // It is told by its transaction only.
      ...transaction("c", 100, undefined, 2),
      ...transaction("d", 90, 110)
    ]
    const expected = [
      [1, 10, 60, "a", "b"],
      [1, 70, 80],
      [1, 90, 110, "d"],
      [2, 100, undefined, "c"]
    ]
    assert.deepStrictEqual(sessionsOf(...events), expected)
    assert.deepStrictEqual(sessionsOf(...events.toReversed()), expected)
    assert.strictEqual(StationState.sessions(told(...events))[0]?.id, `1-${start + 10_000}`)
    // The end of a transaction never comes.
    assert.deepStrictEqual(
      sessionsOf(...transaction("e", 0, undefined), status(50, free), ...transaction("f", 60, 70)),
      [
        [1, 0, 50, "e"],
        [1, 60, 70, "f"]
      ]
    )
    assert.deepStrictEqual(
      sessionsOf(...transaction("e", 0, undefined), ...transaction("f", 60, 70)).map(([, from]) => from),
      [0, 60]
    )
  })

  describe("of a transaction that is known by its readings only", () => {
    const charging = [status(0, free), status(10, occupied), ...transaction("a", 20, undefined)]

    it("nothing is displaced that has started and goes on, nor does its session end", () => {
      assert.deepStrictEqual(runningAndSessions(...charging, only(30)), ["a", [10, undefined, "a", "0"]])
      assert.deepStrictEqual(runningAndSessions(...transaction("a", 20, undefined), only(30)), [
        "a",
        [20, undefined, "a", "0"]
      ])
      const end = event({ eventType: "Ended", timestamp: at(40), transactionId: "b", evse: { id: 1, connectorId: 1 } })
      assert.deepStrictEqual(runningAndSessions(...transaction("a", 20, undefined), end), [
        "a",
        [20, undefined, "a", "b"]
      ])
    })

    it("nothing is left once the connector is available, though readings go on", () => {
      const over = [...charging, only(30), ...transaction("a", 20, 40), status(50, free)]
      assert.deepStrictEqual(runningAndSessions(...over), [undefined, [10, 50, "a", "0"]])
      assert.deepStrictEqual(runningAndSessions(...over, only(60)), [undefined, [10, 50, "a", "0"]])
      assert.deepStrictEqual(runningAndSessions(...over, only(60), status(70, occupied)), [
        undefined,
        [10, 50, "a", "0"],
        [70, undefined]
      ])
      assert.deepStrictEqual(runningAndSessions(status(0, free), only(60), only(120)), [undefined])
    })

    it("it is the one that goes on if nothing speaks against it, until another one starts", () => {
      assert.deepStrictEqual(runningAndSessions(only(30)), ["0", [30, undefined, "0"]])
      assert.deepStrictEqual(runningAndSessions(status(0, occupied), only(30)), ["0", [0, undefined, "0"]])
      assert.deepStrictEqual(runningAndSessions(only(30), ...transaction("a", 40, undefined)), [
        "a",
        [30, 39.999, "0"],
        [40, undefined, "a"]
      ])
    })

    it("and of one that was started, no more is said once its connector was told to be available since", () => {
      assert.deepStrictEqual(runningAndSessions(...charging, status(50, free)), [undefined, [10, 50, "a"]])
      // The other connector of the EVSE says nothing of it.
      const elsewhere = event({ eventType: "Started", timestamp: at(20), transactionId: "a", evse: { id: 1 } })
      const both = [status(10, occupied), elsewhere, status(30, free, 1, late, 2)]
      assert.deepStrictEqual(runningAndSessions(...both), ["a", [10, undefined, "a"]])
      assert.deepStrictEqual(runningAndSessions(...both, status(40, free)), [undefined, [10, 40, "a"]])
    })
  })

  it("has readings of no transaction, the last of each kind", () => {
    const [shown] = StationState.status(told(readings(60, "7"), readings(0, "5")))
    assert.deepStrictEqual(
      shown?.readings.map(({ sampledValue, timestamp }) => [
        secondsOf(timestamp),
        sampledValue.reading._tag === "Measured" && BigDecimal.format(sampledValue.reading.value)
      ]),
      [[60, "7"]]
    )
  })

  it("is bounded: of transactions that have ended the last are kept, of all else as many as a station can have", () => {
    const random = Seeded.make(seed)
    const events = shuffled(
      random,
      Array.from({ length: 300 }, (_, index) => [
        event({ eventType: "Ended", timestamp: at(index), transactionId: `ended ${index}` }),
        event({ eventType: "Started", timestamp: at(index), transactionId: `open ${index}`, evse: { id: index + 1 } }),
        status(index, index % 2 === 0 ? occupied : free, index + 1),
        ...Array.from({ length: 4 }, (__, part) => status(4 * index + part, part % 2 === 0 ? occupied : free, 1))
      ]).flat()
    )
    const state = events.reduce((before, one) => StationState.apply(before, one, { ended: 5 }), StationState.empty)
    const known = StationState.transactions(state)
    // Those that were heard of last, for clocks may be wrong.
    assert.sameMembers(
      known.flatMap(({ endedAt, transactionId }) => (endedAt === undefined ? [] : [transactionId])),
      events
        .flatMap((one) => (one._tag === "TransactionEvent" && one.request.eventType === "Ended" ? [one] : []))
        .slice(-5)
        .map(({ request }) => request.transactionId)
    )
    assert.lengthOf(known, 5 + 64)
    assert.isAtMost(state.size, 5 + 64 + 256 + 1)
    assert.isAtMost(JSON.stringify(Array.from(state)).length, 200_000)
    const ofOne = StationState.sessions(state).filter(({ evseId }) => evseId === 1)
    assert.isAtMost(ofOne.length, 20)
    assert.isAtLeast(ofOne.length, 5)
  })
})
