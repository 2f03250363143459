/**
 * Remote starts of 1.x: the CSMS finds the start that answers one, also if it was restarted between any two messages.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Adapter } from "../../src/adapter/index.ts"
import {
  afterAsking,
  answeredBy,
  type AskedChanges,
  type AskedStart
} from "../../src/adapter/internal/v1x/AskedStarts.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { Csms, Endpoint, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { Storage } from "../../src/Storage.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import { connectTo } from "../support/csms.ts"
import { outcome } from "../support/outcome.ts"
import { faulty } from "../support/storage.ts"
import { settled } from "../support/time.ts"

const noon = Date.UTC(2026, 10, 29, 12)

/** A CSMS of 1.5 or 1.6 that can be killed, with the station CP001 at its other end. */
const worldOf = Effect.fnUntraced(function* (adapter: typeof v15 | typeof v16, storage?: Storage["Service"]) {
  yield* TestClock.setTime(noon)
  const events: Array<Domain.TransactionEventRequest> = []
  const outer = yield* Effect.scope
  const handlers = Domain.csmsHandlersPartial({
    transactionEvent: (event) => Effect.sync(() => (events.push(event), {}))
  })
  const layer = Csms.layer({
    accept: () => Effect.succeed({ registration: "Accepted" }),
    handlers: [adapter === v15 ? Adapter.handlers(v15, handlers) : Adapter.handlers(v16, handlers)]
  }).pipe(Layer.provide(TransactionIds.layer()))
  const begin = Effect.gen(function* () {
    const scope = yield* Scope.fork(outer)
    const stored = storage === undefined ? layer : Layer.provide(layer, Layer.succeed(Storage, storage))
    const context = yield* Scope.provide(Layer.build(stored), scope)
    const { raw } = yield* connectTo(Context.get(context, Endpoint))("CP001", adapter.protocol.json.subprotocol)
    return { scope, raw, csms: Context.get(context, Csms) }
  })
  let run = yield* begin
  let messages = 0
  return {
    events,
    /** What is told of the remote start in the first event of each transaction. */
    told: () =>
      events
        .filter(({ eventType }) => eventType === "Started")
        .map(({ idToken, remoteStartId, transactionId, triggerReason }) => ({
          transactionId,
          remoteStartId,
          triggerReason,
          type: idToken?.type
        })),
    kill: Effect.gen(function* () {
      yield* Scope.close(run.scope, Exit.void)
      run = yield* begin
    }),
    reconnect: Effect.suspend(() => run.raw.close()),
    /** Asks for a start, and gives what becomes of the question once the station has answered as it is told. */
    ask: Effect.fnUntraced(function* (
      request: Partial<Domain.RequestStartTransactionRequest>,
      answer: "Accepted" | "Rejected" | "error" | "never" = "Accepted"
    ) {
      const asking = yield* Effect.forkChild(
        Adapter.station([adapter], run.csms, "CP001").requestStartTransaction(
          { idToken: { idToken: "Tag", type: "eMAID" }, ...request },
          { timeout: "10 seconds" }
        )
      )
      const id = yield* run.raw.nextCall("RemoteStartTransaction")
      if (answer === "never") yield* TestClock.adjust("10 seconds")
      else yield* run.raw.send(answer === "error" ? [4, id, "InternalError", "", {}] : [3, id, { status: answer }])
      yield* settled
      return outcome(asking)
    }),
    begins: Effect.fnUntraced(function* (start: object = {}) {
      yield* run.raw.send([
        2,
        `m${++messages}`,
        "StartTransaction",
        { connectorId: 1, idTag: "TAG", meterStart: messages, timestamp: yield* Timestamp.now, ...start }
      ])
      yield* settled
      yield* run.raw.news
    })
  }
})

const withRemote = (told: ReadonlyArray<{ readonly remoteStartId: number | undefined }>) =>
  told.map(({ remoteStartId }) => remoteStartId)

describe.each([v15, v16])("a remote start of $protocol.version", (adapter) => {
  const world = (storage?: Storage["Service"]) => worldOf(adapter, storage)

  for (const isStored of [true, false]) {
    it.effect(
      `is told in the first event of the transaction that answers it, ${isStored ? "stored" : "in memory"}`,
      () =>
        Effect.gen(function* () {
          const { ask, begins, told } = yield* world(isStored ? (yield* faulty("")).storage : undefined)
          assert.strictEqual(yield* ask({ remoteStartId: 7, evseId: 1 }), "ok")
          yield* begins()
          // One start answers it.
          yield* begins()
          assert.deepStrictEqual(
            told().map(({ remoteStartId, triggerReason, type }) => [remoteStartId, triggerReason, type]),
            [
              [7, "RemoteStart", "eMAID"],
              [undefined, undefined, "Unknown"]
            ]
          )
        })
    )
  }

  it.effect("survives kills of the CSMS between any two messages, and a repeated start tells the same again", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const { ask, begins, kill, told } = yield* world(storage)
      const start = { timestamp: Timestamp.fromMillis(noon + 1000), meterStart: 5 }
      yield* ask({ remoteStartId: 7 })
      yield* kill
      yield* begins(start)
      yield* kill
      yield* begins(start)
      yield* kill
      yield* begins({ timestamp: Timestamp.fromMillis(noon + 2000), meterStart: 6 })
      // The repetition is answered as the first was; it may reach the handler or not.
      const [first, ...others] = told()
      assert.strictEqual(first?.remoteStartId, 7)
      for (const other of others) {
        assert.strictEqual(other.remoteStartId, other.transactionId === first?.transactionId ? 7 : undefined)
      }
      assert.isAtLeast(new Set(told().map(({ transactionId }) => transactionId)).size, 2)
    })
  )

  it.effect("is stored before it leaves", () =>
    Effect.gen(function* () {
      const { entries, state, storage } = yield* faulty("transactions ")
      const { ask } = yield* world(storage)
      state.gate = Effect.never
      const asking = yield* Effect.exit(Effect.sandbox(ask({ remoteStartId: 7 })))
      // There was no call to answer.
      assert.isTrue(Exit.isFailure(asking))
      assert.deepStrictEqual(yield* entries, [])
    })
  )

  it.effect("that is refused is forgotten, and one without an answer is not", () =>
    Effect.gen(function* () {
      const { ask, begins, told } = yield* world()
      assert.strictEqual(yield* ask({ remoteStartId: 1 }, "Rejected"), "ok")
      assert.strictEqual(yield* ask({ remoteStartId: 2 }, "error"), "InternalError")
      yield* begins()
      assert.strictEqual(yield* ask({ remoteStartId: 3 }, "never"), "Timeout")
      yield* begins()
      // Without an id there is nothing to tell.
      yield* ask({})
      yield* begins()
      assert.deepStrictEqual(withRemote(told()), [undefined, 3, undefined])
    })
  )

  it.effect("is answered by its idTag at its connector only", () =>
    Effect.gen(function* () {
      const { ask, begins, told } = yield* world()
      yield* ask({ remoteStartId: 1, evseId: 1 })
      yield* ask({ remoteStartId: 2, evseId: 2 })
      yield* ask({ remoteStartId: 3 })
      yield* begins({ idTag: "other" })
      yield* begins({ connectorId: 2, idTag: "tag" })
      yield* begins({ connectorId: 3 })
      yield* begins({ connectorId: 1 })
      assert.deepStrictEqual(withRemote(told()), [undefined, 2, 3, 1])
    })
  )

  it.effect("is answered within 15 minutes, by the time that the station tells if that can be true", () =>
    Effect.gen(function* () {
      const { ask, begins, told } = yield* world()
      yield* ask({ remoteStartId: 1 })
      yield* TestClock.adjust("16 minutes")
      yield* begins()
      yield* ask({ remoteStartId: 2 })
      yield* TestClock.adjust("3 hours")
      // The station was offline.
      yield* begins({ timestamp: Timestamp.fromMillis(noon + 20 * 60_000) })
      yield* ask({ remoteStartId: 3 })
      yield* begins({ timestamp: Timestamp.fromMillis(noon + 60 * 60_000) })
      yield* begins({ timestamp: "1970-01-01T00:00:01Z" })
      assert.deepStrictEqual(withRemote(told()), [undefined, 2, undefined, 3])
    })
  )

  it.effect("is sent although the storage fails", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const { ask } = yield* world(storage)
      state.failCommits = true
      assert.strictEqual(yield* ask({ remoteStartId: 7 }), "ok")
    }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))
  )
})

const asking = (askedAt: number, more: Partial<AskedStart> = {}): AskedStart => ({
  idTag: "TAG",
  type: "Central",
  askedAt,
  ...more
})

const applied = (asked: ReadonlyMap<number, AskedStart>, changes: AskedChanges) => {
  const after = new Map(asked)
  for (const [id, one] of changes) {
    if (one === undefined) after.delete(id)
    else after.set(id, one)
  }
  return after
}

describe("what is remembered of remote starts", () => {
  it("is 16 of a station, the last ones", () => {
    let asked = new Map<number, AskedStart>()
    for (let id = 1; id <= 20; id++) asked = applied(asked, afterAsking(asked, id, asking(id)))
    assert.deepStrictEqual(
      [...asked.keys()],
      Array.from({ length: 16 }, (_, at) => at + 5)
    )
  })

  it("is at most a day old, and one for an idTag at a connector", () => {
    const day = 86_400_000
    let asked = applied(new Map(), afterAsking(new Map(), 1, asking(0)))
    asked = applied(asked, afterAsking(asked, 2, asking(day, { connectorId: 1 })))
    assert.deepStrictEqual([...asked.keys()], [1, 2])
    asked = applied(asked, afterAsking(asked, 3, asking(day + 1, { connectorId: 1, idTag: "tag" })))
    assert.deepStrictEqual([...asked.keys()], [3])
  })

  it("is not answered by what began before", () => {
    const asked = new Map([[1, asking(noon)]])
    const start = (minutes: number) => ({
      connectorId: 1,
      idTag: "TAG",
      timestamp: Timestamp.fromMillis(noon + minutes * 60_000)
    })
    assert.strictEqual(answeredBy(asked, start(-6), noon), undefined)
    assert.strictEqual(answeredBy(asked, start(-4), noon), 1)
  })
})
