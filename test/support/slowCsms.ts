/**
 * A CSMS that names no version, and has what it was told in a database: whatever becomes of its process, every transaction
 * is there.
 */
import { assert } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as adapter15 } from "../../src/adapter/V15.ts"
import { adapter as adapter16 } from "../../src/adapter/V16.ts"
import { adapter as adapter201 } from "../../src/adapter/V201.ts"
import { adapter as adapter21 } from "../../src/adapter/V21.ts"
import { Csms, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import type { CsmsUnderTest, Session } from "./longRun.ts"
import type * as Seeded from "./seeded.ts"

/** What the register of energy reads in an event, in Wh. */
const registerOf = ({ meterValue = [] }: Domain.TransactionEventRequest): number => {
  const reading = meterValue
    .flatMap(({ sampledValue }) => sampledValue)
    .findLast(({ measurand }) => measurand === "Energy.Active.Import.Register")?.reading
  assert(reading?._tag === "Measured" && reading.unit === "Wh")
  return BigDecimal.toNumberUnsafe(reading.value)
}

/** What an application has in a database: all that it was told, whatever becomes of its process. */
export class Database {
  private readonly transactions = new Map<string, Session>()
  repeated = 0
  /** What was wrong first with what it was told; who tells it gets an error only. */
  private flaw: string | undefined = undefined
  private readonly counts = new Map<string, number>()

  /** What it has in the end, after nothing but what it should be told. */
  readonly known = Effect.sync((): ReadonlyArray<Session> => {
    assert.isUndefined(this.flaw)
    return Array.from(this.transactions.values())
  })

  write(event: Domain.TransactionEventRequest): Effect.Effect<void> {
    return Effect.sync(() => this.writeNow(event)).pipe(
      Effect.tapCause((cause) =>
        Effect.sync(() => {
          this.flaw ??= Cause.pretty(cause)
        })
      )
    )
  }

  private writeNow(event: Domain.TransactionEventRequest): void {
    const { eventType, evse, seqNo, timestamp, transactionId } = event
    const last = this.counts.get(transactionId) ?? -1
    // The next one, or the last one again.
    if (seqNo !== undefined) assert.include([last, last + 1], seqNo, `${transactionId} is out of order`)
    if (seqNo === last + 1) this.counts.set(transactionId, seqNo)
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
    if (eventType !== "Ended") return
    const stopped = { meterStop: registerOf(event), stopTimestamp: time }
    if (known.stopTimestamp !== null) assert.deepInclude(known, stopped)
    else Object.assign(known, stopped)
  }
}

/** A CSMS that takes up to a quarter of a second to answer what it has written into the database. */
export const slow = (random: Seeded.Seeded, database: Database): CsmsUnderTest<Csms> => {
  const now = Effect.map(DateTime.now, (currentTime) => ({ currentTime }))
  const handlers = Domain.csmsHandlersPartial({
    bootNotification: () =>
      Effect.map(now, (answer) => ({ ...answer, status: "Accepted", interval: Duration.hours(6) }) as const),
    heartbeat: () => now,
    transactionEvent: (event) =>
      Effect.andThen(
        database.write(event),
        Effect.suspend(() => Effect.as(Effect.sleep(random.integer(0, 250)), {}))
      )
  })
  return {
    layer: Csms.layer({
      accept: () => Effect.void,
      handlers: [
        Adapter.handlers(adapter15, handlers),
        Adapter.handlers(adapter16, handlers),
        Adapter.handlers(adapter201, handlers),
        Adapter.handlers(adapter21, handlers)
      ]
    }).pipe(Layer.provide(TransactionIds.layer()), Layer.orDie),
    known: () => database.known,
    deviations: () => Effect.succeed([])
  }
}
