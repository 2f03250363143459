/**
 * A simulated CSMS that is restarted under simulated stations.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Csms, type Endpoint } from "../../src/csms/index.ts"
import { MemoryNetwork, Restartable, VirtualCsms, VirtualStation } from "../../src/simulation/index.ts"
import { Connector } from "../../src/station/index.ts"
import { Storage, StorageError } from "../../src/Storage.ts"
import * as V16 from "../../src/v16/index.ts"
import { simulate } from "../support/outbox.ts"
import { actionsOf } from "../support/virtual.ts"

/** Stations that charge, and the CSMS that they are at. */
const open = Effect.fnUntraced(function* (identities: ReadonlyArray<string>) {
  const csms = yield* Restartable.make(VirtualCsms.layer())
  const network = yield* Layer.build(Layer.provide(MemoryNetwork.layerWith({ latency: 50 }), csms.endpoint))
  const stations = yield* Effect.forEach(identities, (identity) =>
    Layer.build(
      Layer.provide(
        VirtualStation.layer({ url: "ws://csms.example", identity, connectors: 2 }),
        Layer.succeedContext(network)
      )
    ).pipe(Effect.map((context) => Context.get(context, VirtualStation)))
  )
  for (const { accepted } of stations) yield* accepted
  return { csms, network: Context.get(network, MemoryNetwork.Network), stations }
})

describe("A CSMS that is restarted", () => {
  for (const how of ["killed", "stopped"]) {
    it.effect(`[FIELD-K14] lets its stations work on, though it was ${how}, again and again`, () =>
      simulate(
        Effect.gen(function* () {
          const { csms, network, stations } = yield* open(["CP001", "CP002", "CP003"])
          const numbers: Array<number> = []
          for (const { start } of stations) numbers.push(Number(yield* start(1, "321")))
          for (let run = 0; run < 3; run++) {
            if (how === "killed") yield* network.cut()
            yield* csms.restart({ down: "5 minutes" })
            yield* Effect.sleep("15 minutes")
          }
          for (const { start, stop } of stations) {
            numbers.push(Number(yield* start(2, "321")))
            yield* stop(1)
          }
          yield* Effect.sleep("1 minute")
          const { deviations, ledger, log, stations: known } = yield* csms.get(VirtualCsms)
          const transactions = yield* ledger.transactions()
          assert.deepStrictEqual(
            transactions.map(({ connectorId, meterStop, stopReason, transactionId }) => {
              assert.include(numbers, transactionId)
              return [connectorId, meterStop === null ? 0 : Math.round(meterStop / 100), stopReason]
            }),
            [1, 1, 1, 2, 2, 2].map((connectorId) => (connectorId === 1 ? [1, 110, "Local"] : [2, 0, null]))
          )
          assert.strictEqual(new Set(numbers).size, 6)
          const actions = yield* actionsOf({ log })
          assert.notInclude(actions, "BootNotification")
          assert.include(actions, "MeterValues")
          assert.deepStrictEqual(yield* deviations(), [])
          assert.deepStrictEqual(
            (yield* known).map(({ registration }) => registration),
            ["Accepted", "Accepted", "Accepted"]
          )
        }),
        how
      )
    )
  }

  it.effect("is down for as long as it is told to be, and gives another run afterwards", () =>
    simulate(
      Effect.gen(function* () {
        const { csms, stations } = yield* open(["CP001"])
        const before = yield* csms.get(VirtualCsms)
        yield* csms.stop
        const refused = yield* Effect.flip(
          Effect.scoped(
            Layer.build(
              Layer.provide(
                VirtualStation.layer({ url: "ws://csms.example", identity: "CP002" }),
                Layer.provide(MemoryNetwork.layer, csms.endpoint)
              )
            )
          )
        )
        assert.deepInclude(refused, { _tag: "ConnectRefused", status: 503 })
        yield* csms.stop
        yield* csms.start
        yield* csms.start
        const after = yield* csms.get(VirtualCsms)
        assert.notStrictEqual(after, before)
        yield* Effect.sleep("3 minutes")
        assert.match(yield* stations[0]!.start(1, "321"), /^\d+$/)
        assert.strictEqual((yield* after.ledger.transactions()).length, 1)
      })
    )
  )

  it.effect("keeps the storage that is present", () =>
    simulate(
      Effect.gen(function* () {
        const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
        const csms = yield* Effect.provideService(Restartable.make(VirtualCsms.layer()), Storage, storage)
        const { ledger } = yield* csms.get(VirtualCsms)
        yield* ledger.setIdTags({ default: "Blocked", tags: [] })
        yield* csms.restart()
        assert.strictEqual((yield* (yield* csms.get(VirtualCsms)).ledger.authorize("A")).status, "Blocked")
        assert.isAbove((yield* storage.read("ledger")).length, 0)
      })
    )
  )

  it("gives the services of its layer, and takes the layers of CSMS only", () => {
    const program = Effect.gen(function* () {
      const csms = yield* Restartable.make(VirtualCsms.layer())
      expectTypeOf(csms).toEqualTypeOf<Restartable.Restartable<VirtualCsms | Csms | Endpoint, StorageError>>()
      expectTypeOf(yield* csms.get(Csms)).toEqualTypeOf<Csms["Service"]>()
      // @ts-expect-error -- a station has it
      yield* csms.get(V16.Csms)
      // @ts-expect-error -- nobody can connect to that
      yield* Restartable.make(Layer.succeed(Connector, Connector.of({ connect: () => Effect.never })))
    })
    assert.isTrue(Effect.isEffect(program))
  })
})
