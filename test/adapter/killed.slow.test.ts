/**
 * A CSMS that names no version, under stations of 1.6 and 2.0.1 that charge for two months, on a network that fails, with
 * power cuts. It is killed again and again in the middle of its work, and has every transaction in the end.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as adapter16 } from "../../src/adapter/V16.ts"
import { adapter as adapter201 } from "../../src/adapter/V201.ts"
import { Csms, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { type CsmsUnderTest, live, type Session, type Trouble } from "../support/longRun.ts"
import { simulate } from "../support/outbox.ts"
import * as Seeded from "../support/seeded.ts"
import { v16, v201 } from "../support/versions.ts"

/** What the register of energy reads in an event, in Wh. */
const registerOf = ({ meterValue = [] }: Domain.TransactionEventRequest): number => {
  const reading = meterValue
    .flatMap(({ sampledValue }) => sampledValue)
    .findLast(({ measurand }) => measurand === "Energy.Active.Import.Register")?.reading
  assert(reading?._tag === "Measured" && reading.unit === "Wh")
  return BigDecimal.toNumberUnsafe(reading.value)
}

/** What an application has in a database: all that it was told, whatever becomes of its process. */
class Database {
  readonly transactions = new Map<string, Session>()
  repeated = 0

  write(event: Domain.TransactionEventRequest): void {
    const { eventType, evse, timestamp, transactionId } = event
    const time = DateTime.formatIso(timestamp)
    const known = this.transactions.get(transactionId)
    if (eventType === "Started") {
      const started = {
        connectorId: evse!.id,
        meterStart: registerOf(event),
        startTimestamp: time,
        meterStop: null,
        stopTimestamp: null
      }
      // It comes again if the process was killed before it could answer.
      if (known !== undefined) this.repeated++
      if (known !== undefined) assert.deepInclude(known, started)
      else this.transactions.set(transactionId, started)
      return
    }
    assert(known !== undefined)
    if (evse !== undefined) assert.strictEqual(evse.id, known.connectorId)
    if (eventType === "Ended") Object.assign(known, { meterStop: registerOf(event), stopTimestamp: time })
  }
}

/** A CSMS that takes up to a quarter of a second to answer what it has written into the database. */
const slow = (random: Seeded.Seeded, database: Database): CsmsUnderTest<Csms> => {
  const now = Effect.map(DateTime.now, (currentTime) => ({ currentTime }))
  const handlers = Domain.csmsHandlersPartial({
    bootNotification: () =>
      Effect.map(now, (answer) => ({ ...answer, status: "Accepted", interval: Duration.hours(6) }) as const),
    heartbeat: () => now,
    transactionEvent: (event) =>
      Effect.suspend(() => {
        database.write(event)
        return Effect.as(Effect.sleep(random.integer(0, 250)), {})
      })
  })
  return {
    layer: Csms.layer({
      accept: () => Effect.void,
      handlers: [Adapter.handlers(adapter16, handlers), Adapter.handlers(adapter201, handlers)]
    }).pipe(Layer.provide(TransactionIds.layer()), Layer.orDie),
    known: () => Effect.sync(() => Array.from(database.transactions.values())),
    deviations: () => Effect.succeed([])
  }
}

describe("a CSMS of both versions that is killed ten times a day", () => {
  for (const version of [v16, v201]) {
    it.live(
      `[TX-01] [TX-04] [TX-07] with ${version.name}: every transaction is told once, by one id, with every watt-hour`,
      () =>
        simulate(
          Effect.gen(function* () {
            const database = new Database()
            const csms = slow(Seeded.make(version.name), database)
            const trouble: Trouble<Csms> = { name: "killed", days: 60, csms, faulty: identity, restarts: 10 }
            const { books, counts, known } = yield* live(version, trouble)
            assert.deepStrictEqual(known, books)
            // It was worth it.
            assert.isAbove(books.length, 300)
            assert.isAbove(database.repeated, 2)
            for (const what of ["outages", "powerCuts", "restarts"]) assert.isAbove(counts[what] ?? 0, 3, what)
          }),
          version.name
        ),
      120_000
    )
  }
})
