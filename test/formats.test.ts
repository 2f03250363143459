/**
 * What is stored has the number of its format, and what a later release has written is left as it is.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Csms } from "../src/csms/index.ts"
import { ReadModel } from "../src/domain/index.ts"
import { Gateway } from "../src/gateway/index.ts"
import { SoapServer } from "../src/node/Soap.ts"
import { Ledger } from "../src/simulation/index.ts"
import { Connector, ConnectUnreachable } from "../src/station/Connector.ts"
import { Station } from "../src/station/index.ts"
import { Storage } from "../src/Storage.ts"
import * as V16 from "../src/v16/index.ts"
import * as Soap16 from "../src/v16/Soap.ts"

const connector = Layer.succeed(
  Connector,
  Connector.of({ connect: ({ url }) => Effect.fail(new ConnectUnreachable({ url, code: "ECONNREFUSED" })) })
)

/** All that keeps something, by the kind of what it keeps. */
const keepers = {
  outbox: Layer.build(
    Station.layer(V16.protocol, { url: "ws://localhost:9000", identity: "CP001", firstConnection: "retry" })
  ).pipe(Effect.provide(connector)),
  csms: Layer.build(Csms.layer({ accept: () => Effect.void, handlers: [V16.csmsHandlersPartial({})] })),
  ledger: Ledger.make(),
  gateway: Layer.build(
    Gateway.layer({ url: "ws://localhost:9000", upstream: V16.protocol, versions: [V16.protocol] })
  ).pipe(Effect.provide(connector)),
  soap: Layer.build(
    SoapServer.layer({ versions: [Soap16.carriage], port: 0, host: "127.0.0.1" }).pipe(
      Layer.provide(Csms.layer({ accept: () => Effect.void, handlers: [V16.csmsHandlersPartial({})] }))
    )
  ),
  readModel: Layer.build(Layer.fresh(ReadModel.layer()))
}

describe("The format of what is stored", () => {
  for (const [kind, keeper] of Object.entries<Effect.Effect<unknown, unknown, any>>(keepers)) {
    const opened = Effect.fnUntraced(function* (format: string | undefined) {
      const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
      if (format !== undefined) yield* storage.commit([{ space: "format", key: kind, value: format }])
      const exit = yield* Effect.exit(Effect.provideService(keeper, Storage, storage))
      return { exit, left: yield* storage.get("format", kind) }
    })

    it.effect(`of ${kind}: the first, written or not, is read`, () =>
      Effect.gen(function* () {
        for (const format of [undefined, "1"]) {
          const { exit, left } = yield* opened(format)
          assert.isTrue(Exit.isSuccess(exit), String(exit))
          assert.strictEqual(left, format)
        }
      })
    )

    it.effect(`of ${kind}: a later one is refused in words, and left as it is`, () =>
      Effect.gen(function* () {
        const { exit, left } = yield* opened("2")
        assert.isTrue(Exit.isFailure(exit))
        const text = Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""
        assert.include(text, `its ${kind} is of format "2", and this release reads formats up to 1`)
        assert.strictEqual(left, "2")
      })
    )
  }
})
