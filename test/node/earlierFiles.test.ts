/**
 * Files that an earlier release has written, in the middle of transactions whose messages were not delivered yet:
 * `test/fixtures/storage-<format>` holds one of each version. They were written by the release at the commit fcf5283.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { copyFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { crc32 } from "node:zlib"
import { SqliteStorage } from "../../src/node/index.ts"
import type { Outbox } from "../../src/station/Outbox.ts"
import { Storage } from "../../src/Storage.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import type { Raw } from "../support/raw.ts"
import { Network, standUp } from "../support/station.ts"
import { directory } from "../support/storage.ts"
import { settled } from "../support/time.ts"

const time = "2026-11-29T06:00:00.000Z"

/** A copy of a file of the first format, and a layer of the storage in it. */
const copyOf = Effect.fnUntraced(function* (name: string) {
  const filename = join(yield* directory, name)
  copyFileSync(join(import.meta.dirname, "..", "fixtures", "storage-1", name), filename)
  return { filename, layer: SqliteStorage.layer({ filename }) }
})

/** Answers the one call that comes when the disk is done, and gives its action and its request. */
const answer = Effect.fnUntraced(function* (raw: Raw, response: object) {
  const frames = yield* Effect.repeat(raw.news, { until: ({ length }) => length > 0 })
  assert.lengthOf(frames, 1)
  const [, id, action, request] = frames[0] ?? []
  yield* raw.send([3, id, response])
  return [action, request]
})

/** Waits until the disk is done and so many messages wait. */
const untilWaiting = (outbox: Outbox["Service"], count: number) =>
  Effect.repeat(Effect.andThen(settled, outbox.waiting()), { until: (waiting) => waiting === count })

const values = (value: string, timestamp: string) => [{ timestamp, sampledValue: [{ value }] }]

/** The spaces that are left in a file. */
const spacesIn = (filename: string) =>
  Effect.sync(() => {
    const database = new DatabaseSync(filename, { readOnly: true })
    const rows = database.prepare("SELECT DISTINCT space FROM entry").all()
    database.close()
    return rows.map(({ space }) => space)
  })

describe("A file of the first format", () => {
  it.effect("[TX-05] [TX-07] of a station of 1.6 opens, is delivered in order, and its transactions go on", () =>
    Effect.gen(function* () {
      const { filename, layer } = yield* copyOf("station-1.6.db")
      yield* Effect.gen(function* () {
        const network = new Network()
        const { outbox, transactions } = yield* standUp(V16.protocol, {}, Layer.provideMerge(network.layer, layer))
        yield* untilWaiting(outbox, 4)
        const first = { connectorId: 1, meterValue: values("150", "2026-11-28T06:00:02.000Z"), transactionId: 4711 }
        assert.deepStrictEqual(yield* answer(network.raw, {}), ["MeterValues", first])
        const started = { connectorId: 2, idTag: "ABC", meterStart: 0, timestamp: "2026-11-28T06:00:03.000Z" }
        assert.deepStrictEqual(yield* answer(network.raw, { transactionId: 4712, idTagInfo: { status: "Accepted" } }), [
          "StartTransaction",
          started
        ])
        const second = { connectorId: 2, meterValue: values("10", "2026-11-28T06:00:04.000Z"), transactionId: 4712 }
        assert.deepStrictEqual(yield* answer(network.raw, {}), ["MeterValues", second])
        const stopped = { meterStop: 20, timestamp: "2026-11-28T06:00:05.000Z", transactionId: 4712 }
        assert.deepStrictEqual(yield* answer(network.raw, {}), ["StopTransaction", stopped])

        const [ongoing, ...others] = yield* transactions.ongoing
        assert.deepStrictEqual(others, [])
        assert.strictEqual(yield* ongoing!.transactionId, 4711)
        yield* ongoing!.stop({ meterStop: 200, timestamp: time })
        const last = { meterStop: 200, timestamp: time, transactionId: 4711 }
        assert.deepStrictEqual(yield* answer(network.raw, {}), ["StopTransaction", last])
        yield* untilWaiting(outbox, 0)
      }).pipe(Effect.scoped)
      assert.deepStrictEqual(yield* spacesIn(filename), [])
    })
  )

  it.effect("[TX-06] [TX-07] of a station of 2.0.1 opens, and its transaction goes on where it was", () =>
    Effect.gen(function* () {
      const { filename, layer } = yield* copyOf("station-2.0.1.db")
      yield* Effect.gen(function* () {
        const network = new Network()
        const { outbox, transactions } = yield* standUp(V201.protocol, {}, Layer.provideMerge(network.layer, layer))
        yield* untilWaiting(outbox, 2)
        const event = { evse: { id: 1 }, transactionInfo: { transactionId: "T-1" } }
        assert.deepStrictEqual(yield* answer(network.raw, {}), [
          "TransactionEvent",
          {
            ...event,
            triggerReason: "MeterValuePeriodic",
            timestamp: "2026-11-28T06:00:02.000Z",
            eventType: "Updated",
            seqNo: 1,
            offline: true
          }
        ])
        const security = { type: "SettingSystemTime", timestamp: "2026-11-28T06:00:03.000Z" }
        assert.deepStrictEqual(yield* answer(network.raw, {}), ["SecurityEventNotification", security])
        const [ongoing] = yield* transactions.ongoing
        yield* ongoing!.stop({ triggerReason: "EVDeparted", timestamp: time, evse: { id: 1 } })
        assert.deepStrictEqual(yield* answer(network.raw, {}), [
          "TransactionEvent",
          { ...event, triggerReason: "EVDeparted", timestamp: time, eventType: "Ended", seqNo: 2 }
        ])
      }).pipe(Effect.scoped)
      assert.deepStrictEqual(yield* spacesIn(filename), [])
    })
  )
})

describe("A file that is converted", () => {
  it.effect("[FIELD-K13] is of the newer format from then on, and is opened if a crash came in between", () =>
    Effect.gen(function* () {
      const { filename, layer } = yield* copyOf("station-1.6.db")
      // The anchor is there, and the file is not converted yet.
      const head = JSON.stringify({ storage: "a", commits: 0, entries: 6, sum: 1 })
      writeFileSync(`${filename}-anchor`, `${head} ${crc32(head).toString(16).padStart(8, "0")}\n`)
      const entries = Effect.flatMap(Storage, ({ read }) => read(`transaction-message "CP001"`))
      const before = yield* spacesIn(filename)
      const [first, second] = [
        yield* Effect.provide(entries, layer, { local: true }),
        yield* Effect.provide(entries, layer, { local: true })
      ]
      assert.deepStrictEqual(first, second)
      assert.deepStrictEqual(yield* spacesIn(filename), before)
      const database = new DatabaseSync(filename, { readOnly: true })
      assert.strictEqual(database.prepare("PRAGMA user_version").get()?.user_version, 2)
      database.close()
    })
  )
})

describe("A file of a format to come", () => {
  it.effect("[FIELD-K13] is refused with both numbers, and left as it is", () =>
    Effect.gen(function* () {
      const { filename, layer } = yield* copyOf("station-1.6.db")
      const database = new DatabaseSync(filename)
      database.exec("PRAGMA user_version = 3")
      database.close()
      const before = yield* spacesIn(filename)
      const error = yield* Effect.flip(Effect.provide(Storage, layer))
      assert.strictEqual(error.reason, "UnknownVersion")
      assert.include(error.message, "it is of format 3, and this release reads formats 1 to 2")
      assert.deepStrictEqual(yield* spacesIn(filename), before)
    })
  )
})
