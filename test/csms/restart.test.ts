/**
 * A CSMS that is killed and started again under a station of ours that charges, in virtual time: the station does not
 * boot again, and nothing of its transaction is lost.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BootAnswer } from "../../src/Registration.ts"
import { MemoryNetwork, Restartable, VirtualCsms } from "../../src/simulation/index.ts"
import { Storage } from "../../src/Storage.ts"
import { time } from "../support/messages.ts"
import { pass, simulate } from "../support/outbox.ts"
import { standUp } from "../support/station.ts"
import { v16, type Version, versions } from "../support/versions.ts"

const meterValue = (value: number) => [{ timestamp: time, sampledValue: [{ value }] }]

/** What the application gives at each step of a transaction. */
const steps = ({ is2x, stores }: Version) =>
  is2x
    ? {
        start: { triggerReason: "Authorized", timestamp: time, meterValue: meterValue(0) },
        update: { triggerReason: "MeterValuePeriodic", timestamp: time, meterValue: meterValue(5) },
        stop: { triggerReason: "EVDeparted", timestamp: time, meterValue: meterValue(10) }
      }
    : {
        start: stores["StartTransaction"]!,
        update: stores["MeterValues"]!,
        stop: { meterStop: 10, timestamp: time }
      }

const open = Effect.fnUntraced(function* (version: Version, isStored: boolean, status: BootAnswer["status"]) {
  let answer = status
  const layer = VirtualCsms.layer({ boot: () => Effect.sync(() => ({ status: answer, interval: 600 })) })
  const site = yield* Restartable.make(isStored ? layer : Layer.provide(layer, Layer.fresh(Storage.layerMemory)))
  const between = yield* Layer.build(
    MemoryNetwork.layerWith({ latency: "20 millis" }).pipe(Layer.provide(site.endpoint))
  )
  const network = Context.get(between, MemoryNetwork.Network)
  const made = yield* standUp(
    version.protocol,
    { boot: version.boot, firstConnection: "retry" },
    Layer.succeedContext(between)
  )
  yield* pass("1 minute")
  const restart = Effect.fnUntraced(function* (how: "killed" | "stopped") {
    if (how === "killed") yield* network.cut()
    yield* site.stop
    yield* pass("1 minute")
    answer = "Accepted"
    yield* site.start
    yield* pass("3 minutes")
    return yield* site.get(VirtualCsms)
  })
  return { ...made, before: yield* site.get(VirtualCsms), restart }
})

/** The actions that the station has started, and the errors that it got. */
const traffic = (csms: VirtualCsms["Service"]) =>
  Effect.map(csms.log(), (log) => {
    const frames = log.map(({ dir, frame }) => [dir, JSON.parse(frame)] as const)
    return {
      actions: frames.flatMap(([dir, [type, , action]]) => (dir === "in" && type === 2 ? [String(action)] : [])),
      errors: frames.filter(([dir, [type]]) => dir === "out" && type === 4)
    }
  })

const registrationOf = (csms: VirtualCsms["Service"]) => Effect.map(csms.stations, ([station]) => station?.registration)

for (const version of versions) {
  const { start, stop, update } = steps(version)

  for (const isStored of [true, false]) {
    const how = isStored ? "with a storage" : "without one"

    for (const end of ["killed", "stopped"] as const) {
      it.effect(
        `[FIELD-K14] [REG-06] [CON-10] a station of ${version.name} charges on when its CSMS is ${end}, ${how}`,
        () =>
          simulate(
            Effect.gen(function* () {
              const { before, outbox, restart, transactions } = yield* open(version, isStored, "Accepted")
              const transaction = yield* transactions.start(start)
              yield* transaction.update(update)
              yield* pass("1 minute")
              const [began] = yield* before.ledger.transactions()
              assert.strictEqual(began?.meterStart, 0)

              const after = yield* restart(end)
              assert.strictEqual(yield* registrationOf(after), isStored ? "Accepted" : "assumed")
              yield* transaction.update(update)
              yield* pass("10 minutes")
              yield* transaction.stop(stop)
              yield* pass("1 minute")

              const { actions, errors } = yield* traffic(after)
              assert.deepStrictEqual(errors, [])
              assert.notInclude(actions, "BootNotification")
              assert.include(actions, "Heartbeat")
              assert.strictEqual(yield* outbox.waiting(), 0)
              const ended = yield* after.ledger.transactions()
              const kinds = (yield* after.deviations()).map(({ kind }) => kind)
              if (isStored) {
                assert.deepInclude(ended[0], { ...began, meterStop: 10, stopTimestamp: time, stopReason: "Local" })
                assert.deepStrictEqual([ended.length, kinds], [1, []])
              } else if (version.is2x) {
                assert.deepInclude(ended[0], { transactionId: transaction.id, meterStop: 10, stopTimestamp: time })
                assert.deepStrictEqual([ended.length, kinds], [1, []])
              } else {
                assert.deepStrictEqual([ended, kinds], [[], ["UnknownTransaction"]])
              }
            })
          )
      )
    }

    for (const status of version.refusals) {
      it.effect(
        `[FIELD-K14] [REG-06] a station of ${version.name} that was ${status} boots until it is accepted, ${how}`,
        () =>
          simulate(
            Effect.gen(function* () {
              const { before, restart, station, transactions } = yield* open(version, isStored, status)
              assert.strictEqual(yield* registrationOf(before), status)
              yield* transactions.start(start)
              yield* pass("10 seconds")
              const after = yield* restart("killed")
              // It is not yet time to boot again.
              assert.strictEqual(yield* registrationOf(after), isStored ? status : "assumed")
              assert.deepStrictEqual((yield* traffic(after)).actions, [])
              yield* pass("5 minutes")
              yield* station.accepted
              assert.strictEqual(yield* registrationOf(after), "Accepted")
              const { actions, errors } = yield* traffic(after)
              assert.deepStrictEqual(actions.slice(0, 2), [
                "BootNotification",
                version.is2x ? "TransactionEvent" : "StartTransaction"
              ])
              assert.deepStrictEqual(errors, [])
              assert.strictEqual((yield* after.ledger.transactions()).length, 1)
            })
          )
      )
    }
  }
}

describe("A transaction number", () => {
  it.effect("[FIELD-K14] of an earlier run is that of nobody else", () =>
    simulate(
      Effect.gen(function* () {
        for (const isStored of [true, false]) {
          const { before, restart, transactions } = yield* open(v16, isStored, "Accepted")
          const numbers = new Set<unknown>()
          let csms = before
          for (let run = 0; run < 5; run++) {
            for (let each = 0; each < 10; each++) {
              const transaction = yield* transactions.start({ ...steps(v16).start, meterStart: 10 * run + each })
              yield* pass("1 second")
              numbers.add(yield* transaction.transactionId)
            }
            csms = yield* restart("killed")
          }
          assert.strictEqual(numbers.size, 50)
          assert.strictEqual((yield* csms.ledger.transactions()).length, isStored ? 50 : 0)
        }
      })
    )
  )
})
