/**
 * A field that is `undefined` is left out of what is sent, as programs without the types of this library have it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { MemoryPair } from "../../src/engine/index.ts"
import { Reply } from "../../src/Reply.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { handlersOf } from "../support/engine.ts"
import { core, time } from "../support/messages.ts"
import { Network, standUp, stationOf } from "../support/station.ts"
import { start } from "../support/time.ts"
import { responseTo, versions } from "../support/versions.ts"

/** A message with a field more in each of its objects, which is `undefined`. */
const padded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(padded)
  if (typeof value !== "object" || value === null) return value
  const fields = Object.entries(value).map(([name, part]) => [name, padded(part)] as const)
  return { nothing: undefined, ...Object.fromEntries(fields) }
}

for (const version of versions) {
  const { boot, is2x, name, protocol, sends, stores } = version

  describe(`A field that is undefined in OCPP ${name}`, () => {
    it.effect("is left out of a boot, of calls and of what is stored first", () =>
      Effect.gen(function* () {
        const made = yield* stationOf({ protocol, boot: padded(boot) as object })
        const { raw } = made
        const [, id, , presented] = yield* raw.next
        assert.deepStrictEqual(presented, boot)
        yield* raw.send([3, id, version.answer("Accepted", 0)])
        for (const [action, request] of Object.entries({ ...sends, ...stores })) {
          yield* start(made.call(action, padded(request)))
          const frame = yield* raw.next
          assert.deepStrictEqual([frame[2], frame[3]], [action, request])
          yield* raw.send([3, frame[1], responseTo(version, action)])
        }
      })
    )

    it.effect("is left out of the answers of a handler, those with something to follow among them", () =>
      Effect.gen(function* () {
        const followed: Array<string> = []
        const response = is2x ? { currentTime: time, customData: { vendorId: "x" } } : { currentTime: time }
        const network = new Network()
        const reset = { status: "Accepted" }
        const handlers = handlersOf(
          protocol,
          "station",
          new Map([
            [
              "Reset",
              () =>
                Reply.then(
                  padded(reset),
                  Effect.sync(() => followed.push("Reset"))
                )
            ],
            ["ClearCache", () => Effect.succeed(padded(reset))]
          ])
        )
        yield* standUp(protocol, { handlers }, network.layer)
        for (const [action, request] of [
          ["Reset", { type: is2x ? "Immediate" : "Soft" }],
          ["ClearCache", {}]
        ] as const) {
          yield* network.raw.send([2, action, action, request])
          assert.deepStrictEqual(yield* network.raw.next, [3, action, reset])
        }
        assert.deepStrictEqual(followed, ["Reset"])

        // Of a CSMS as well, and without any text between the two.
        const heartbeat = () => Effect.succeed(padded(response))
        const pair = yield* MemoryPair.make({
          csms: handlersOf(protocol, "csms", new Map([["Heartbeat", heartbeat]])),
          station: handlersOf(protocol, "station", new Map())
        })
        const { action } = protocol.lifecycle.heartbeat
        const answer: unknown = yield* pair.csms.call(action, padded({}))
        assert.deepStrictEqual(answer, response)
      })
    )
  })
}

describe("A field that is undefined", () => {
  it.effect("is left out of data of a vendor, however it is nested", () =>
    Effect.gen(function* () {
      const came: Array<unknown> = []
      const { csms } = yield* MemoryPair.make({
        csms: V201.csmsHandlersPartial({
          dataTransfer: ({ data }) => {
            came.push(data)
            return Effect.succeed({ status: "Accepted" })
          }
        }),
        station: V201.stationHandlersPartial({})
      })
      yield* csms.call(V201.DataTransfer, { vendorId: "x", data: padded({ list: [{ a: 1 }, [{}]] }) as {} })
      assert.deepStrictEqual(came, [{ list: [{ a: 1 }, [{}]] }])
    })
  )

  it.effect("is missing where it has to be there, and no value of a list", () =>
    Effect.gen(function* () {
      const { csms } = yield* MemoryPair.make({ csms: V16.csmsHandlers(core), station: V16.stationHandlersPartial({}) })
      // The types refuse both.
      const untyped = (request: object) =>
        Effect.map(Effect.flip(csms.call(V16.MeterValues, request as V16.MeterValuesRequest)), ({ message }) => message)
      assert.strictEqual(
        yield* untyped({ connectorId: undefined, transactionId: undefined, meterValue: [] }),
        "MeterValues was not sent: connectorId: is required"
      )
      assert.match(
        yield* untyped({ connectorId: 1, meterValue: [undefined] }),
        /^MeterValues was not sent: meterValue\[0\]: expected an object/
      )
      assert.match(yield* untyped(undefined as unknown as object), /^MeterValues was not sent: expected a JSON object/)
    })
  )
})
