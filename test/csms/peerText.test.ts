/**
 * What a peer writes is shown escaped, so that it writes no line of its own and tells a terminal nothing.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { redact } from "../../src/json/WireLog.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

/** The title of a window, a colour in C1, two line breaks and marks of the byte order and the writing direction. */
const text = "\u001b]0;x\u0007\u009b31m\u2028\n\ufeff\u202eERROR"

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const harmful = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/

/** Runs an effect, and gives all that it logs as one line each. */
const logging = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const lines: Array<string> = []
  const logger = Logger.make<unknown, void>((options) => {
    lines.push(Logger.formatSimple.log(options))
  })
  yield* effect.pipe(Effect.provide(Logger.layer([logger])))
  return lines
})

const assertHarmless = (shown: ReadonlyArray<string>): void => {
  assert.isNotEmpty(shown)
  for (const line of shown) assert.notMatch(line, harmful)
  assert.include(shown.join(), "ERROR")
}

describe("[FIELD-K12] What a peer writes", () => {
  it.effect("reaches the log of a CSMS escaped: actions, names of fields, error codes", () =>
    Effect.gen(function* () {
      const lines = yield* logging(
        Effect.gen(function* () {
          const { connect } = yield* makeCsms({
            handlers: [V16.csmsHandlersPartial({ heartbeat: () => Effect.never }), V21.csmsHandlersPartial({})]
          })
          const { raw } = yield* connect("CP001")
          yield* raw.send([2, "1", text, {}])
          yield* raw.send([2, "2", "Heartbeat", { [text]: 1 }])
          const other = yield* connect("CP002", "ocpp2.1")
          yield* other.raw.send([5, "3", text, "", {}])
        })
      )
      assert.lengthOf(lines, 5)
      assert.lengthOf(
        lines.filter((line) => line.includes("ERROR")),
        3
      )
      assertHarmless(lines)
    })
  )

  it.effect("is escaped in the messages of errors, and only there", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station()
      const refused = yield* start(csms.heartbeat({}))
      yield* raw.send([4, yield* raw.nextCall("Heartbeat"), text, text, {}])
      const error = yield* Effect.flip(Fiber.join(refused))
      assert.deepInclude(error, { _tag: "CallError", code: text, description: text })
      const invalid = yield* start(csms.heartbeat({}))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { [text]: 1 }])
      assertHarmless([error.message, (yield* Effect.flip(Fiber.join(invalid))).message])
    })
  )

  it.effect("is escaped in the message of a lost connection", () =>
    Effect.gen(function* () {
      const { raw, status } = yield* station()
      const lost = yield* Effect.forkChild(
        status.pipe(
          Stream.filter((one) => one._tag === "Disconnected"),
          Stream.runHead
        ),
        { startImmediately: true }
      )
      yield* settled
      yield* raw.close(1008, text)
      const told = yield* Effect.flatMap(Fiber.join(lost), Effect.fromOption)
      assertHarmless([told.error.message])
    })
  )

  it.effect("reaches spans escaped", () =>
    Effect.gen(function* () {
      const spans: Array<Tracer.NativeSpan> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* Effect.gen(function* () {
        const { connect } = yield* makeCsms({
          handlers: [V16.csmsHandlersPartial({ dataTransfer: () => Effect.succeed({ status: "Accepted" }) })]
        })
        const { raw } = yield* connect("CP001")
        yield* raw.send([2, text.slice(0, 30), "DataTransfer", { vendorId: "x" }])
      }).pipe(Effect.provideService(Tracer.Tracer, tracer))
      assertHarmless(spans.flatMap(({ attributes }) => Array.from(attributes.values(), String)))
    })
  )

  it("is escaped in a frame without its secrets, which is the same JSON still", () => {
    const frame = JSON.stringify([2, text, text, { [text]: text, nested: JSON.stringify({ text, password: "x" }) }])
    const shown = redact(frame)
    assertHarmless([shown])
    assert.deepStrictEqual(JSON.parse(redact(JSON.stringify([2, text, { text }]))), [2, text, { text }])
  })
})
