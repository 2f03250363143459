/**
 * Messages that DataTransfer carries: what is sent for them, and what becomes of what peers write.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Action from "../../src/Action.ts"
import type { ReceivedRequest } from "../../src/Exchange.ts"
import type * as Handlers from "../../src/Handlers.ts"
import { CallError, type CallFailure } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import * as V16 from "../../src/v16/index.ts"

const { CostMessages, Extension, PlugAndCharge } = V16
const pnc = PlugAndCharge.extension.version

const authorization = { idTokenInfo: { status: "Accepted" } } as const

// ---- who answers

const exchange = {} as ReceivedRequest

/** What is answered to a DataTransfer; who asks does not matter here. */
const ask = (
  handler: Handlers.Handler<typeof V16.DataTransfer, never>,
  request: V16.DataTransferRequest
): Effect.Effect<V16.DataTransferResponse | Reply<V16.DataTransferResponse>, CallError> =>
  handler(request, {} as never, exchange)

const authorize = (data: string | undefined, messageId = "Authorize"): V16.DataTransferRequest => ({
  vendorId: pnc,
  messageId,
  ...(data === undefined ? {} : { data })
})

describe("a handler of DataTransfer", () => {
  const asked: Array<unknown> = []
  const handler = Extension.dataTransfer([
    PlugAndCharge.csmsHandlers({
      authorize: (request) => Effect.sync(() => (asked.push(request), authorization)),
      signCertificate: () => Effect.fail(new CallError({ code: "SecurityError", description: "no authority" })),
      getCertificateStatus: () => Effect.fail(new CallError({ code: "NotSupported" })),
      get15118EVCertificate: () => Effect.fail(new CallError({ code: "InternalError" }))
    }),
    CostMessages.csmsHandlers({
      connectorUnplugged: () => Effect.fail(new CallError({ code: "NotImplemented", description: "not here" }))
    })
  ])

  it.effect("lets through what the application note and 2.0.1 write differently, and what they do not have", () =>
    Effect.gen(function* () {
      asked.length = 0
      for (const data of [
        { idToken: "DE8AA" },
        { idToken: { idToken: "DE8AA" } },
        { idToken: { idToken: "DE8AA", type: "eMAID" }, customData: { vendorId: "v" }, certificate: null }
      ]) {
        assert.deepStrictEqual(yield* ask(handler, authorize(JSON.stringify(data))), {
          status: "Accepted",
          data: JSON.stringify(authorization)
        })
      }
      assert.deepStrictEqual(asked, [
        { idToken: "DE8AA" },
        { idToken: { idToken: "DE8AA" } },
        { idToken: { idToken: "DE8AA", type: "eMAID" } }
      ])
    })
  )

  it.effect("[BLK-01] knows a vendor and its messages in whatever case they are written", () =>
    Effect.gen(function* () {
      const request = { ...authorize('{"idToken":"1"}', "AUTHORIZE"), vendorId: pnc.toUpperCase() }
      assert.deepInclude(yield* ask(handler, request), { status: "Accepted" })
    })
  )

  it.effect("rejects what is no such message, and says why", () =>
    Effect.gen(function* () {
      const nested = "[".repeat(100_000)
      for (const [data, why] of [
        ["{", "data: must be JSON"],
        [nested, "data: must be JSON"],
        [undefined, "idToken: is required"],
        ["[]", /object/],
        ['{"idToken":{"idToken":"123456789012345678901"}}', /idToken/],
        ['{"idToken":"1","certificate":7}', /certificate/]
      ] as const) {
        const answer = yield* ask(handler, authorize(data))
        assert.deepInclude(answer, { status: "Rejected" })
        const said = (answer as V16.DataTransferResponse).data!
        if (typeof why === "string") assert.strictEqual(said, why)
        else assert.match(said, why)
      }
    })
  )

  const deep = `{"idToken":"1","more":${"[".repeat(100_000)}${"]".repeat(100_000)}}`

  it.effect("answers whatever depth a message has that it lets through", () =>
    Effect.gen(function* () {
      assert.deepInclude(yield* ask(handler, authorize(deep)), { status: "Accepted" })
      assert.deepInclude(yield* ask(handler, authorize(deep.replace("more", "certificate"))), { status: "Rejected" })
    })
  )

  const names = Schema.Literals(PlugAndCharge.actions.map(({ name }) => name))

  it.effect.prop("answers whatever text it gets", [names, Schema.String, Schema.Json], ([name, text, json]) =>
    Effect.gen(function* () {
      for (const data of [text, JSON.stringify(json), `{"idToken":${text}}`]) {
        // What is answered with an internal error is one of the messages that were written for it.
        if (name === "Get15118EVCertificate") continue
        const answer = yield* ask(handler, authorize(data, name))
        assert.isTrue(Schema.is(V16.DataTransferResponse)(answer))
      }
    })
  )

  it.effect("does not send a response that breaks its schema", () =>
    Effect.gen(function* () {
      const wrong = Extension.dataTransfer([
        PlugAndCharge.csmsHandlers({ authorize: () => Effect.succeed({ idTokenInfo: {} } as never) })
      ])
      const logged: Array<unknown> = []
      const logger = Logger.make(({ message }) => void logged.push(message))
      const failure = yield* Effect.flip(ask(wrong, authorize('{"idToken":"1"}'))).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      assert.deepInclude(failure, { code: "InternalError" })
      assert.deepStrictEqual(logged, [
        ["the handler of Authorize gave an invalid response: idTokenInfo.status: is required"]
      ])
    })
  )

  it.effect("takes no data for a message without fields, and gives none", () =>
    Effect.gen(function* () {
      const triggered = Extension.dataTransfer([
        PlugAndCharge.stationHandlers({ triggerMessage: () => Effect.succeed({ status: "Accepted" }) }),
        CostMessages.stationHandlers({ finalCost: () => Effect.succeed({}) })
      ])
      assert.deepStrictEqual(yield* ask(triggered, { vendorId: pnc, messageId: "TriggerMessage" }), {
        status: "Accepted",
        data: '{"status":"Accepted"}'
      })
      const data = JSON.stringify({ transactionId: 1, cost: 2, priceText: "2" })
      const request = { vendorId: CostMessages.extension.version, messageId: "FinalCost", data }
      assert.deepStrictEqual(yield* ask(triggered, request), { status: "Accepted" })
    })
  )

  it.effect("says by its status what a handler fails with, but for internal errors", () =>
    Effect.gen(function* () {
      const csr = JSON.stringify({ csr: "CSR" })
      assert.deepStrictEqual(yield* ask(handler, authorize(csr, "SignCertificate")), {
        status: "Rejected",
        data: "no authority"
      })
      const ocspRequestData = {
        hashAlgorithm: "SHA256",
        issuerNameHash: "",
        issuerKeyHash: "",
        serialNumber: "",
        responderURL: ""
      }
      assert.deepStrictEqual(
        yield* ask(handler, authorize(JSON.stringify({ ocspRequestData }), "GetCertificateStatus")),
        { status: "UnknownMessageId" }
      )
      const unplugged = JSON.stringify({ transactionId: 1, timestamp: "2026-11-29T20:00:00Z" })
      const request = { vendorId: CostMessages.extension.version, messageId: "ConnectorUnplugged", data: unplugged }
      assert.deepStrictEqual(yield* ask(handler, request), { status: "UnknownMessageId", data: "not here" })
      const exi = JSON.stringify({ iso15118SchemaVersion: "", action: "Install", exiRequest: "" })
      assert.deepInclude(yield* Effect.flip(ask(handler, authorize(exi, "Get15118EVCertificate"))), {
        code: "InternalError"
      })
    })
  )

  it.effect("does not know what has no handler, unless another one does", () =>
    Effect.gen(function* () {
      const requests = [
        { vendorId: "other" },
        { vendorId: "constructor", messageId: "constructor" },
        authorize("{}", "TriggerMessage"),
        authorize("{}", "__proto__"),
        { vendorId: pnc }
      ]
      const known = yield* Effect.forEach(requests, (request) => ask(handler, request))
      assert.deepStrictEqual(known, [
        { status: "UnknownVendorId" },
        { status: "UnknownVendorId" },
        { status: "UnknownMessageId" },
        { status: "UnknownMessageId" },
        { status: "UnknownMessageId" }
      ])
      const others: Array<string> = []
      const open = Extension.dataTransfer(
        [PlugAndCharge.csmsHandlers({ authorize: () => Effect.succeed(authorization) })],
        ({ vendorId }) => Effect.sync(() => (others.push(vendorId), { status: "Accepted" as const }))
      )
      for (const request of requests) assert.deepStrictEqual(yield* ask(open, request), { status: "Accepted" })
      assert.deepStrictEqual(others, ["other", "constructor", pnc, pnc, pnc])
    })
  )

  it.effect("goes on once its answer is sent, if a handler does", () =>
    Effect.gen(function* () {
      const later: Array<string> = []
      const replying = Extension.dataTransfer([
        PlugAndCharge.stationHandlers({
          triggerMessage: () =>
            Reply.then(
              { status: "Accepted" },
              Effect.sync(() => later.push("sent"))
            )
        })
      ])
      const answer = yield* ask(replying, { vendorId: pnc, messageId: "TriggerMessage" })
      assert.instanceOf(answer, Reply)
      const { afterwards, response } = answer as Reply<V16.DataTransferResponse>
      assert.deepStrictEqual(response, { status: "Accepted", data: '{"status":"Accepted"}' })
      assert.deepStrictEqual(later, [])
      yield* afterwards
      assert.deepStrictEqual(later, ["sent"])
    })
  )
})

// ---- who calls

/** A caller of 1.6 whose peer answers a DataTransfer in one way. */
const peerThat = (answer: V16.DataTransferResponse) => {
  const sent: Array<unknown> = []
  return {
    sent,
    call: (action: Action.Action, request: unknown) =>
      // It is asked for one action only.
      Effect.sync(() => (sent.push([action.name, request]), answer)) as never
  }
}

describe("a call by DataTransfer", () => {
  const request = { idToken: { idToken: "DE8AA", type: "eMAID" } } as const

  const calling = (answer: V16.DataTransferResponse, asked: V16.PlugAndCharge.AuthorizeRequest = request) =>
    Effect.gen(function* () {
      const { call, sent } = peerThat(answer)
      const { call: carried } = Extension.caller<"station">([PlugAndCharge.extension], { call })
      return [yield* Effect.result(carried(PlugAndCharge.Authorize, asked)), sent] as const
    })

  const failureOf = (answer: V16.DataTransferResponse) =>
    Effect.map(calling(answer), ([result]): CallFailure | undefined =>
      Result.isFailure(result) ? result.failure : undefined
    )

  it.effect("sends the message as JSON, and reads the answer", () =>
    Effect.gen(function* () {
      const [result, sent] = yield* calling({ status: "Accepted", data: JSON.stringify({ ...authorization, more: 1 }) })
      assert.deepStrictEqual(result, Result.succeed(authorization))
      assert.deepStrictEqual(sent, [
        ["DataTransfer", { vendorId: pnc, messageId: "Authorize", data: JSON.stringify(request) }]
      ])
    })
  )

  it.effect("is not sent if it breaks the schema", () =>
    Effect.gen(function* () {
      const [result, sent] = yield* calling({ status: "Accepted" }, { idToken: "1".repeat(21) })
      assert.deepInclude(Result.isFailure(result) && result.failure, {
        _tag: "NotSent",
        action: "Authorize",
        reason: "InvalidRequest"
      })
      assert.deepStrictEqual(sent, [])
    })
  )

  it.effect("takes a field that is undefined for one that is not there, in requests and responses", () =>
    Effect.gen(function* () {
      // Those who compile without exactOptionalPropertyTypes write it so.
      const unset = { certificate: undefined } as {}
      const response = { ...authorization, certificateStatus: undefined } as typeof authorization
      const handler = Extension.dataTransfer([
        PlugAndCharge.csmsHandlers({ authorize: () => Effect.succeed(response) })
      ])
      const answer = yield* ask(handler, authorize(JSON.stringify(request)))
      assert.deepStrictEqual(answer, { status: "Accepted", data: JSON.stringify(authorization) })
      const [result, sent] = yield* calling(answer as V16.DataTransferResponse, { ...request, ...unset })
      assert.deepStrictEqual(result, Result.succeed(authorization))
      assert.deepStrictEqual(sent, [
        ["DataTransfer", { vendorId: pnc, messageId: "Authorize", data: JSON.stringify(request) }]
      ])
    })
  )

  it.effect("fails as the peer has answered", () =>
    Effect.gen(function* () {
      for (const status of ["UnknownVendorId", "UnknownMessageId"] as const) {
        assert.deepInclude(yield* failureOf({ status }), {
          _tag: "CallError",
          action: "Authorize",
          code: "NotImplemented",
          description: status
        })
      }
      const rejected = yield* failureOf({ status: "Rejected", data: "no\nauthority" })
      assert.deepInclude(rejected, { _tag: "CallError", code: "GenericError", description: "no\nauthority" })
      assert.notInclude(rejected?.message, "\n")
      for (const data of [undefined, "no JSON", '{"idTokenInfo":{}}', "null"]) {
        assert.deepInclude(yield* failureOf({ status: "Accepted", ...(data === undefined ? {} : { data }) }), {
          _tag: "InvalidResponse",
          action: "Authorize"
        })
      }
    })
  )

  it.effect("leaves the actions of 1.6 to the connection", () =>
    Effect.gen(function* () {
      const { call, sent } = peerThat({ status: "Accepted" })
      const all = Extension.caller<"station">([PlugAndCharge.extension, CostMessages.extension], { call })
      yield* all.call(V16.Authorize, { idTag: "1" })
      assert.deepStrictEqual(sent, [["Authorize", { idTag: "1" }]])
    })
  )

  it.effect("is one of a vendor, too", () =>
    Effect.gen(function* () {
      const Blink = Action.make("Blink", {
        from: "csms",
        block: "Lamps",
        request: Schema.Struct({ times: Schema.Int }),
        response: Schema.Struct({ done: Schema.Boolean })
      })
      const lamps = Extension.make("com.example.lamps", [Blink])
      interface Lamps {
        readonly blink: (request: { readonly times: number }) => Effect.Effect<{ readonly done: boolean }, CallFailure>
      }
      const { call, sent } = peerThat({ status: "Accepted", data: '{"done":true}' })
      const station = Extension.stationClient<Lamps>(lamps)({ call })
      assert.deepStrictEqual(yield* station.blink({ times: 3 }), { done: true })
      assert.deepStrictEqual(sent, [
        ["DataTransfer", { vendorId: "com.example.lamps", messageId: "Blink", data: '{"times":3}' }]
      ])
    })
  )
})

describe("whatever an extension says", () => {
  for (const { actions, version } of [PlugAndCharge.extension, CostMessages.extension]) {
    for (const action of actions) {
      it.effect.prop(`arrives as it was: ${action.name} of ${version}`, [action.request, action.response!], (said) =>
        Effect.gen(function* () {
          const [request, response] = said
          const got: Array<unknown> = []
          const side = action.from === "csms" ? "station" : "csms"
          const set = {
            protocol: { version, actions },
            side,
            handlers: new Map([[action.name, (asked: unknown) => Effect.sync(() => (got.push(asked), response))]])
          } as const
          const handler = Extension.dataTransfer<never, typeof side>([set])
          const { call } = Extension.caller<"station" | "csms">([{ version, actions }], {
            // It stands for the connection, and is asked for one action only.
            call: (_, carried) => ask(handler, carried as V16.DataTransferRequest) as never
          })
          // An action of either side is called here.
          const answer = yield* call(action as Action.OfSide<"station">, request)
          assert.deepStrictEqual(JSON.stringify([got[0], answer]), JSON.stringify([request, response]))
        })
      )
    }
  }
})
