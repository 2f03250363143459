/**
 * A station that speaks SOAP is as any other to all that stands above the codec: the generic API, tolerance, repeated
 * messages, one call at a time.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { Csms, TransactionIds } from "../../src/csms/index.ts"
import * as Domain from "../../src/domain/index.ts"
import { SoapServer } from "../../src/node/Soap.ts"
import { Storage } from "../../src/Storage.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { core } from "../support/messages.ts"
import { bodyOf, envelopeOf } from "../support/soap.ts"
import { boot, heartbeat, listener, local, post, respond, serveSoap } from "./soapSupport.ts"
import * as Queue from "effect/Queue"
import { subscribe } from "./support.ts"

vi.setConfig({ testTimeout: 10_000, hookTimeout: 2_000 })

const start = `<o:startTransactionRequest><o:connectorId>1</o:connectorId><o:idTag>A</o:idTag><o:timestamp>2026-11-22T06:00:00Z</o:timestamp><o:meterStart>0</o:meterStart></o:startTransactionRequest>`

describe("A station that speaks SOAP", () => {
  it.live("is served by generic handlers, and gets generic calls", () => {
    const generic = Domain.csmsHandlers({
      bootNotification: ({ chargingStation }, { form, station, version }) =>
        Effect.map(DateTime.now, (currentTime) => {
          seen.push(`${chargingStation.model} ${version} ${form}`)
          calls = station
          return { status: "Accepted", currentTime, interval: Duration.minutes(5) } as const
        }),
      heartbeat: () => Effect.map(DateTime.now, (currentTime) => ({ currentTime })),
      authorize: () => Effect.succeed({ idTokenInfo: { status: "Accepted" } }),
      statusNotification: () => Effect.succeed({}),
      transactionEvent: ({ eventType }) => Effect.sync(() => (seen.push(eventType), {})),
      meterValues: () => Effect.succeed({})
    })
    const seen: Array<string> = []
    let calls: Domain.StationClient | undefined
    const live = SoapServer.layer({ versions: [Soap16.carriage], port: 0, host: "127.0.0.1", ...local }).pipe(
      Layer.provideMerge(
        Csms.layer({ accept: () => Effect.void, handlers: [Adapter.handlers(v16, generic)] }).pipe(
          Layer.provide(TransactionIds.layer()),
          Layer.provide(Storage.layerMemory)
        )
      )
    )
    return Effect.gen(function* () {
      const { url } = yield* SoapServer.Service
      const station = yield* listener((_, response) =>
        respond(response, "<o:resetResponse><o:status>Accepted</o:status></o:resetResponse>")
      )
      yield* post(url, boot, { from: station.url })
      const started = yield* post(url, start)
      assert.match(bodyOf(started.text), /<transactionId>\d+<\/transactionId><idTagInfo><status>Accepted/)
      assert.deepStrictEqual(seen, ["M 1.6 soap", "Started"])
      assert.deepInclude(yield* calls!.reset({ type: "Immediate" }), { status: "Accepted" })
      assert.include((yield* station.next).text, "<type>Hard</type>")
    }).pipe(Effect.scoped, Effect.provide(live))
  })

  it.live("that sends a message of a transaction again gets the same answer, and the handler runs once", () =>
    Effect.gen(function* () {
      let last = 0
      const startTransaction = () =>
        Effect.sync(() => ({ transactionId: ++last, idTagInfo: { status: "Accepted" } }) as const)
      const { url } = yield* serveSoap({ handlers: [V16.csmsHandlers({ ...core, startTransaction })] })
      const answers = [yield* post(url, start), yield* post(url, start)]
      for (const { text } of answers) assert.include(text, "<transactionId>1</transactionId>")
      assert.strictEqual(last, 1)
    })
  )

  it.live("has let through what accept tolerates, and told as a deviation", () =>
    Effect.gen(function* () {
      const body = `<o:statusNotificationRequest><o:connectorId>1</o:connectorId><o:status>Charging</o:status><o:errorCode>Mode3Error</o:errorCode><o:timestamp>2026-11-22T06:00:00</o:timestamp></o:statusNotificationRequest>`
      const strict = yield* serveSoap()
      assert.strictEqual((yield* post(strict.url, body)).status, 400)
      const lenient = yield* serveSoap({ accept: () => Effect.succeed({ tolerance: Tolerance.lenient }) })
      const deviations = yield* subscribe(lenient.csms.deviations)
      assert.strictEqual((yield* post(lenient.url, body)).status, 200)
      const kinds = [(yield* Queue.take(deviations)).deviation.kind, (yield* Queue.take(deviations)).deviation.kind]
      assert.sameMembers(kinds, ["UnknownValue", "LocalTime"])
    })
  )

  it.live("gets one call at a time", () =>
    Effect.gen(function* () {
      const open: Array<() => void> = []
      const { callbacks, csms, url } = yield* serveSoap({ server: local })
      const station = yield* listener((_, response, text) => {
        const action = envelopeOf(text).body.name.replace("Request", "Response")
        open.push(() => respond(response, `<o:${action}><o:status>Accepted</o:status></o:${action}>`))
      })
      yield* post(url, heartbeat, { from: station.url })
      yield* Queue.take(callbacks)
      const [reset, clear] = [
        yield* Effect.forkChild(csms.call("CP1", V16.Reset, { type: "Soft" }), { startImmediately: true }),
        yield* Effect.forkChild(csms.call("CP1", V16.ClearCache, {}), { startImmediately: true })
      ]
      yield* station.next
      assert.strictEqual(open.length, 1)
      open[0]!()
      yield* Fiber.join(reset)
      yield* station.next
      open[1]!()
      assert.deepStrictEqual(yield* Fiber.join(clear), { status: "Accepted" })
    })
  )
})
