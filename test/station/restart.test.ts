/**
 * A station that restarts because it is told to.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { MemoryNetwork, Simulation, VirtualCsms, VirtualStation } from "../../src/simulation/index.ts"
import { ConnectUnreachable } from "../../src/station/index.ts"
import { endpoint, Network, standUp } from "../support/station.ts"
import { collect, settled } from "../support/time.ts"
import { actionsOf } from "../support/virtual.ts"
import { v16, v201 } from "../support/versions.ts"

describe("A station that restarts", () => {
  for (const version of [v16, v201]) {
    const stand = (network: Network) =>
      standUp(version.protocol, { boot: version.boot, reconnect: Schedule.spaced("1 hour") }, network.layer)

    /** The CSMS accepts a station that boots. */
    const accept = Effect.fnUntraced(function* ({ raw }: Network) {
      yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer("Accepted", 300)])
    })

    it.effect(`in ${version.name} connects and boots at once, and warns of nothing`, () =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        const logs = Logger.layer([Logger.make(({ logLevel, message }) => void lines.push(`${logLevel} ${message}`))])
        yield* Effect.gen(function* () {
          const network = new Network()
          const { station } = yield* stand(network)
          const seen = yield* collect(station.status)
          yield* accept(network)
          const { raw } = network
          yield* station.reboot
          yield* settled
          assert.deepStrictEqual(raw.end, { code: 1000, reason: "the station reboots" })
          yield* accept(network)
          assert.strictEqual(network.links.length, 2)
          yield* station.accepted
          assert.deepInclude(seen.at(-3), { _tag: "Disconnected", nextAttempt: 0 })
          assert.deepInclude(seen.at(-2), { _tag: "Connecting", attempt: 1 })
        }).pipe(Effect.provide(logs))
        assert.deepStrictEqual(lines, [
          `Info CP001 is connected to ${endpoint} with ${version.protocol.json.subprotocol}`,
          "Info CP001 restarts, and connects again now",
          `Info CP001 is connected to ${endpoint} with ${version.protocol.json.subprotocol}`
        ])
      })
    )

    it.effect(`in ${version.name} while it waits for its next attempt makes that at once`, () =>
      Effect.gen(function* () {
        const network = new Network()
        const { station } = yield* stand(network)
        yield* accept(network)
        network.failure = new ConnectUnreachable({ url: endpoint, code: "ECONNREFUSED" })
        yield* network.raw.close()
        yield* TestClock.adjust("70 minutes")
        assert.strictEqual(network.attempts.length, 2)
        network.failure = undefined
        yield* station.reboot
        yield* settled
        yield* accept(network)
        assert.strictEqual(network.links.length, 2)
      })
    )

    it.effect(`in ${version.name} again and again waits as after a loss`, () =>
      Effect.gen(function* () {
        const network = new Network()
        const { station } = yield* stand(network)
        const restart = Effect.andThen(accept(network), Effect.andThen(station.reboot, settled))
        yield* restart
        yield* TestClock.adjust("9 seconds")
        yield* restart
        yield* TestClock.adjust("59 minutes")
        assert.strictEqual(network.links.length, 2)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(network.links.length, 3)
        yield* TestClock.adjust("10 seconds")
        yield* restart
        assert.strictEqual(network.links.length, 4)
      })
    )
  }

  for (const [name, network] of [
    ["without a network", MemoryNetwork.layer],
    ["over a slow one", MemoryNetwork.layerWith({ latency: "300 millis" })]
  ] as const) {
    it.effect(`has answered the Reset before, ${name}`, () =>
      Effect.gen(function* () {
        const context = yield* Layer.build(
          VirtualStation.layer({ url: "ws://csms.example", identity: "CP001" }).pipe(
            Layer.provide(network),
            Layer.provideMerge(VirtualCsms.layer())
          )
        )
        const csms = Context.get(context, VirtualCsms)
        yield* Context.get(context, VirtualStation).accepted
        yield* Effect.sleep("1 minute")
        const before = (yield* actionsOf(csms)).length
        assert.deepStrictEqual(yield* csms.call("CP001", "Reset", { type: "Soft" }), { status: "Accepted" })
        yield* Effect.sleep("5 seconds")
        assert.deepStrictEqual((yield* actionsOf(csms)).slice(before), [
          "BootNotification",
          "StatusNotification",
          "StatusNotification"
        ])
      }).pipe(Simulation.run)
    )
  }
})
