import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { TestClock } from "effect/testing"
import { Csms } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import type { HandlerSet } from "../../src/Handlers.ts"
import { MemoryNetwork } from "../../src/simulation/index.ts"
import { Connector } from "../../src/station/Connector.ts"
import { Station } from "../../src/station/Station.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { csmsLayer } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { failure } from "../support/outcome.ts"
import { settled, start } from "../support/time.ts"

const speaks16 = V16.csmsHandlersPartial({ authorize: () => Effect.succeed({ idTagInfo: { status: "Blocked" } }) })
const starts16 = V16.csmsHandlersPartial({
  startTransaction: () => Effect.succeed({ transactionId: 7, idTagInfo: { status: "Accepted" } })
})
const speaks201 = V201.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: time }) })

type Handlers = ReadonlyArray<HandlerSet<string, never, "csms">>

/** A network whose CSMS can be exchanged for another. */
const network = Effect.fnUntraced(function* (first: Handlers) {
  let context = yield* Layer.build(csmsLayer({ handlers: first }))
  const connector = Connector.of({
    connect: (options) =>
      Effect.flatMap(Connector, ({ connect }) => connect(options)).pipe(
        Effect.provide(MemoryNetwork.layer.pipe(Layer.provide(Layer.succeed(Endpoint, Context.get(context, Endpoint)))))
      )
  })
  return {
    connector,
    csms: () => Context.get(context, Csms),
    exchange: Effect.fnUntraced(function* (handlers: Handlers) {
      const sessions = yield* Context.get(context, Csms).connected
      context = yield* Layer.build(csmsLayer({ handlers }))
      for (const session of sessions) yield* session.close(1001)
    })
  }
})

const options = { url: "ws://csms.example", identity: "CP001", reconnect: Schedule.spaced("5 seconds") }

describe("a station that offers several versions", () => {
  it.effect("[CON-05] agrees on the first of its own that the CSMS speaks, and is typed by it", () =>
    Effect.gen(function* () {
      for (const [spoken, expected] of [
        [[speaks16], "1.6"],
        [[speaks201], "2.0.1"],
        [[speaks16, speaks201], "2.0.1"]
      ] as const) {
        const { connector } = yield* network(spoken)
        const station = yield* Station.negotiate(
          [{ protocol: V201.protocol }, { protocol: V16.protocol }],
          options
        ).pipe(Effect.provideService(Connector, connector))
        const agreed = yield* station.agreed
        assert.strictEqual(agreed.version, expected)
        // @ts-expect-error neither version is known yet
        void agreed.csms.heartbeat({}).authorize
        if (agreed.version === "2.0.1") {
          assert.deepStrictEqual(yield* agreed.csms.heartbeat({}), { currentTime: time })
          // @ts-expect-error 2.0.1 has no StartTransaction
          void agreed.csms.startTransaction
        } else {
          const { idTagInfo } = yield* agreed.csms.authorize({ idTag: "321" })
          assert.strictEqual(idTagInfo.status, "Blocked")
        }
      }
    })
  )

  it.effect("can agree on another version when it connects again", () =>
    Effect.gen(function* () {
      const { connector, exchange } = yield* network([speaks16])
      const station = yield* Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol }], options).pipe(
        Effect.provideService(Connector, connector)
      )
      const before = yield* station.agreed
      yield* exchange([speaks201])
      yield* settled
      yield* TestClock.adjust("5 seconds")
      yield* settled
      const after = yield* station.agreed
      assert.deepStrictEqual([before.version, after.version], ["1.6", "2.0.1"])
      if (before.version === "1.6") {
        const call = yield* start(before.csms.authorize({ idTag: "321" }))
        assert.include(yield* failure(call), { _tag: "NotSent", reason: "NotSupported" })
      }
    })
  )

  it.effect("answers in the version that was agreed", () =>
    Effect.gen(function* () {
      const { connector, csms } = yield* network([speaks16])
      yield* Station.negotiate(
        [
          { protocol: V201.protocol },
          {
            protocol: V16.protocol,
            handlers: V16.stationHandlersPartial({ clearCache: () => Effect.succeed({ status: "Rejected" }) })
          }
        ],
        options
      ).pipe(Effect.provideService(Connector, connector))
      assert.deepStrictEqual(yield* csms().call("CP001", V16.ClearCache, {}), { status: "Rejected" })
      const call = yield* start(csms().call("CP001", V201.ClearCache, {}))
      assert.include(yield* failure(call), { _tag: "NotSent", reason: "NotSupported" })
    })
  )

  it.effect("[TX-05] has the transactions of the version that was agreed, and what is stored of it", () =>
    Effect.gen(function* () {
      const { connector } = yield* network([starts16])
      const station = yield* Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol }], options).pipe(
        Effect.provideService(Connector, connector)
      )
      const agreed = yield* station.agreed
      assert.strictEqual(agreed.version, "1.6")
      if (agreed.version !== "1.6") return
      const { outbox, transactions } = agreed
      const transaction = yield* transactions.start({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: time })
      assert.strictEqual(yield* outbox.waiting(), 1)
      assert.strictEqual(yield* transaction.transactionId, 7)
      assert.strictEqual(yield* outbox.waiting(), 0)
    })
  )
})
