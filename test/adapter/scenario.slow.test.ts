/**
 * The same CSMS that names no version, and stations of any, for weeks in which drivers and the CSMS do what they do
 * while the network fails and everything is killed in the middle of its work. In the end the CSMS has the books of the
 * stations.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Domain from "../../src/domain/index.ts"
import { statusOf } from "../../src/station/blocks/internal/steps.ts"
import type { Evses } from "../../src/station/blocks/index.ts"
import { protocol as protocol15 } from "../../src/v15/index.ts"
import { protocol as protocol16 } from "../../src/v16/index.ts"
import { protocol as protocol201 } from "../../src/v201/index.ts"
import { protocol as protocol21 } from "../../src/v21/index.ts"
import { type Billed, flowOf, registersOf, type Shown } from "../support/genericCsms.ts"
import { noHardware, open, virtual } from "../support/genericWorld.ts"
import * as Metered from "../support/meteredStation.ts"
import { simulate } from "../support/outbox.ts"
import { check } from "../support/recorder.ts"
import * as Seeded from "../support/seeded.ts"

type Version = keyof typeof protocols

/** What happens is decided every quarter of an hour. */
const quarters = 96
const days = 28

const protocols = { "1.5": protocol15, "1.6": protocol16, "2.0.1": protocol201, "2.1": protocol21 }

const token = (idToken: string): Domain.IdToken => ({ idToken, type: "Central" })

const openAt = Effect.fnUntraced(function* (version: Version, seed: string) {
  const random = Seeded.make(seed)
  const answers = Seeded.make(`${seed}: answers`)
  const world = yield* open({
    answerTime: Effect.suspend(() => Effect.sleep(answers.integer(0, 250))),
    commitTime: 20
  })
  const counts = new Map<string, number>()
  const launch = Metered.launch[version]
  return {
    ...world,
    version,
    random,
    counts,
    count: (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    virtual: yield* world.power("VIRTUAL", noHardware, () => virtual(version, "VIRTUAL", 300)),
    metered: yield* world.power("METERED", new Metered.Hardware(), (hardware) =>
      launch({ identity: "METERED", hardware, hasLeft: () => random.next() < 0.5 })
    )
  }
})

type Scene = Effect.Success<ReturnType<typeof openAt>>

const identities = ["VIRTUAL", "METERED"] as const

/** Runs what the CSMS asks for in the background, as it may take until the call times out; gives what it was answered. */
const ask = <A extends { readonly status: string }, E>(scene: Scene, what: string, asking: Effect.Effect<A, E>) =>
  Effect.forkScoped(
    Effect.match(asking, {
      onSuccess: ({ status }) => scene.count(`${what} ${status}`),
      onFailure: () => scene.count(`${what} in vain`)
    })
  )

/** What drivers do at the stations. */
const drive = Effect.fnUntraced(function* (scene: Scene) {
  const { count, metered, random, virtual: simulated } = scene
  for (const evseId of [1, 2]) {
    const idToken = token(random.pick(["ANN", "BOB", "FICKLE", "GUEST"]))
    const dice = random.next()
    if (dice < 0.15) {
      yield* simulated.run(({ simulated: station }) =>
        Effect.match(station.start(evseId, idToken), {
          onSuccess: () => count("started"),
          onFailure: ({ _tag }) => count(`not started: ${_tag}`)
        })
      )
    } else if (dice < 0.3) yield* simulated.run(({ simulated: station }) => station.stop(evseId, "Local"))
  }
  for (const evseId of [1, 2]) {
    const idToken = token(random.pick(["ANN", "BOB"]))
    const wattHours = random.integer(1000, 2750)
    const dice = random.next()
    yield* metered.run((station) =>
      Effect.suspend(() => {
        station.charge(evseId, wattHours)
        const { session } = station.evses.get(evseId)!.state
        if (session === undefined) return dice < 0.1 ? station.start(evseId, { idToken }) : Effect.void
        if (session.chargingState === undefined) return Effect.void
        if (dice < 0.12) return station.stop(evseId, "EVDisconnected")
        if (dice < 0.2) return station.suspend(evseId, dice < 0.16)
        return dice < 0.5 ? station.sample(evseId) : Effect.void
      })
    )
  }
})

/** What the CSMS asks of the stations. */
const operate = Effect.fnUntraced(function* (scene: Scene, step: number) {
  const { database, random } = scene
  const identity = random.pick(identities)
  const station = scene.station(identity)
  const evseId = random.integer(1, 2)
  const now = yield* DateTime.now
  switch (random.integer(0, 24)) {
    case 0:
      return yield* ask(
        scene,
        "start",
        station.requestStartTransaction({ idToken: token("REMOTE"), remoteStartId: step, evseId })
      )
    case 1: {
      const running = database.transactions(identity).filter(({ endedAt }) => endedAt === undefined)
      if (running.length === 0) return
      const { transactionId } = random.pick(running)
      return yield* ask(scene, "stop", station.requestStopTransaction({ transactionId }))
    }
    case 2: {
      const expiryDateTime = DateTime.addDuration(now, Duration.minutes(random.integer(5, 120)))
      return yield* ask(
        scene,
        "reserve",
        station.reserveNow({ id: step, evseId, idToken: token("GUEST"), expiryDateTime })
      )
    }
    case 3:
    case 4: {
      const operationalStatus = random.next() < 0.3 ? "Inoperative" : "Operative"
      return yield* ask(scene, "availability", station.changeAvailability({ operationalStatus, evse: { id: evseId } }))
    }
    case 5:
      return yield* ask(
        scene,
        "limit",
        station.setChargingProfile({
          evseId,
          chargingProfile: {
            id: evseId,
            stackLevel: 0,
            chargingProfilePurpose: "TxDefaultProfile",
            chargingProfileKind: "Relative",
            chargingSchedule: [
              {
                id: 1,
                chargingRateUnit: "W",
                chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: random.integer(1000, 20_000) }]
              }
            ]
          }
        })
      )
    case 6:
      return yield* ask(scene, "unlock", station.unlockConnector({ evseId, connectorId: 1 }))
    case 7: {
      const type = random.pick(["Immediate", "OnIdle"] as const)
      return random.next() < 0.3 ? yield* ask(scene, "reset", station.reset({ type })) : undefined
    }
    case 8: {
      if (random.next() > 0.2) return
      const firmware = { location: "https://csms.example/1.bin", retrieveDateTime: now }
      return yield* ask(scene, "firmware", station.updateFirmware({ requestId: step, firmware }))
    }
    case 9:
      if (random.next() < 0.5) database.blocked.set("FICKLE", "Blocked")
      else database.blocked.delete("FICKLE")
      return
    default:
      return
  }
})

/** What goes wrong. */
const fail = Effect.fnUntraced(function* (scene: Scene) {
  const { count, csms, network, random } = scene
  const identity = random.pick(identities)
  // While something is on its way, or written.
  yield* Effect.sleep(random.integer(0, 400))
  const dice = random.integer(0, 199)
  if (dice < 4) {
    count("cuts")
    yield* network.cut(identity)
  } else if (dice < 6) {
    count("half-open links")
    yield* network.halfOpen(identity, random.pick(["toCsms", "toStation", undefined]))
    // A ping notices it before a message is given up, which it is after three time-outs (J16 §3.7.1, P2 E13).
    const noticing = Effect.delay(network.cut(identity), Duration.seconds(random.integer(10, 200)))
    yield* Effect.forkScoped(noticing)
  } else if (dice < 10) {
    count("CSMS kills")
    yield* network.cut()
    yield* csms.restart({ down: "1 minute" })
  } else if (dice < 12) {
    count("outages")
    yield* network.setReachable(false)
    yield* network.cut()
    yield* Effect.forkScoped(Effect.delay(network.setReachable(true), Duration.minutes(random.integer(1, 600))))
  } else if (dice < 16) {
    count("station kills")
    const powered = scene[identity === "VIRTUAL" ? "virtual" : "metered"]
    yield* powered.off
    yield* Effect.forkScoped(Effect.delay(powered.on, Duration.minutes(random.integer(0, 60))))
  }
})

/** Everything works again, and what was stored is delivered. */
const calm = Effect.fnUntraced(function* ({ metered, network, virtual: simulated }: Scene) {
  // What was broken is whole again by itself.
  yield* Effect.sleep("11 hours")
  yield* network.setReachable(true)
  yield* Effect.sleep("2 days")
  for (const { process } of [metered, simulated]) {
    assert.strictEqual(yield* process!.outbox.waiting(), 0)
    assert.deepStrictEqual(yield* process!.outbox.setAside, [])
  }
})

/** What the board has to show of an EVSE. 1.5 does not tell what happens there. */
const shownOf = (version: Version, { state }: Evses.Evse): Shown => {
  const { condition, occupancy } = statusOf(state)
  const isTold = condition === "Operative" && version !== "1.5"
  return { condition, occupancy, flow: isTold ? flowOf(state.session?.chargingState) : undefined }
}

/** The board shows the EVSEs as they are. */
const isShown = ({ database, metered, version, virtual: simulated }: Scene): void => {
  for (const { id, evse } of simulated.process!.simulated.outlets) {
    assert.deepStrictEqual(database.shown("VIRTUAL", id), shownOf(version, evse), `VIRTUAL ${id}`)
  }
  for (const evse of metered.process!.evses.all) {
    assert.deepStrictEqual(database.shown("METERED", evse.id), shownOf(version, evse), `METERED ${evse.id}`)
  }
}

const numberOf = (wattHours: BigDecimal.BigDecimal | undefined): number => {
  assert(wattHours !== undefined)
  return BigDecimal.toNumberUnsafe(wattHours)
}

/** The registers of a transaction in the order in which they were read; they never fall. */
const isRising = (billed: Billed): void => {
  const { begin, end, transactionId } = billed
  const registers = registersOf(billed)
  assert.deepStrictEqual(
    registers,
    registers.toSorted((one, other) => one - other),
    transactionId
  )
  assert.strictEqual(registers[0], numberOf(begin), transactionId)
  assert.strictEqual(registers.at(-1), numberOf(end), transactionId)
}

/** Each transaction at a simulated station begins where the last one ended, and the last one ended at what its meter reads. */
const isChained = ({ database, virtual: simulated }: Scene): void => {
  const billed = database.transactions("VIRTUAL")
  for (const { energy, id } of simulated.process!.simulated.outlets) {
    let register = 0
    let endedAt = 0
    for (const one of billed.filter(({ evseId }) => evseId === id)) {
      isRising(one)
      assert.strictEqual(numberOf(one.begin), register, `transaction ${one.transactionId} begins where the last ended`)
      const startedAt = DateTime.toEpochMillis(one.startedAt)
      assert.isAtLeast(startedAt, endedAt)
      endedAt = DateTime.toEpochMillis(one.endedAt!)
      assert.isAtLeast(endedAt, startedAt)
      register = numberOf(one.end)
    }
    assert.strictEqual(register, Math.round(energy), `EVSE ${id}`)
  }
}

const bookedOf = ({ begin, end, endedAt, evseId, idToken, startedAt }: Billed): Metered.Booked => ({
  evseId: evseId!,
  idToken: idToken!,
  startedAt: DateTime.toEpochMillis(startedAt),
  begin: numberOf(begin),
  endedAt: DateTime.toEpochMillis(endedAt!),
  end: numberOf(end)
})

const inOrder = (books: ReadonlyArray<Metered.Booked>) =>
  books.toSorted((one, other) => one.startedAt - other.startedAt || one.evseId - other.evseId)

const live = Effect.fnUntraced(function* (scene: Scene) {
  const { counts, database, deviations, frames, metered, version, virtual: simulated } = scene
  for (let step = 1; step <= days * quarters; step++) {
    yield* drive(scene)
    yield* operate(scene, step)
    yield* fail(scene)
    yield* Effect.sleep("15 minutes")
    if (step % (7 * quarters) === 0) {
      yield* calm(scene)
      isShown(scene)
    }
  }
  for (const evseId of [1, 2]) {
    yield* simulated.process!.simulated.stop(evseId, "Local")
    yield* metered.process!.stop(evseId, "Local")
  }
  yield* calm(scene)
  isShown(scene)
  for (const one of database.transactions("METERED")) isRising(one)
  assert.deepStrictEqual(inOrder(database.transactions("METERED").map(bookedOf)), inOrder(metered.hardware.books))
  isChained(scene)
  assert.deepStrictEqual([...database.deviations, ...deviations], [])
  check(protocols[version], frames)
  // It was worth it.
  assert.isAbove(metered.hardware.books.length, 100)
  assert.isAbove(database.transactions("VIRTUAL").length, 100)
  for (const what of ["CSMS kills", "station kills", "cuts", "half-open links", "outages", "start Accepted"]) {
    assert.isAbove(counts.get(what) ?? 0, 3, what)
  }
})

describe("a CSMS and stations that name no version, for weeks of trouble", () => {
  for (const version of ["1.5", "1.6", "2.0.1", "2.1"] as const) {
    const seed = process.env["OCPP_TEST_SEED"] ?? `weeks of ${version}`
    it.live(
      `[TX-01] [TX-04] [TX-07] have the same transactions in the end, with every watt-hour, in the words of ${version} (seed "${seed}")`,
      () => simulate(Effect.flatMap(openAt(version, seed), live), seed)
    )
  }
})
