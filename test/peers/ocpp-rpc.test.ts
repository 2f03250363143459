/**
 * Whole sessions with an implementation that is not ours: `ocpp-rpc`, in strict mode, at either end of the wire.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { AddressInfo } from "node:net"
import { createRPCError, type IHandlersOption, RPCClient, RPCServer } from "ocpp-rpc"
import { Csms, type CsmsOptions, hasPassword, unauthorized, unknownStation } from "../../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import { CallError, type ErrorCode } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import type { StationOptions } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { logs, subscribe } from "../node/support.ts"
import { csmsLayer } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { type Options, optionsOf } from "../support/ocppRpc.ts"
import { standUp } from "../support/station.ts"
import type { HandlerSet } from "../../src/Handlers.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

// ---------------------------------------------------------------------------------------------------------------------
// what is said
// ---------------------------------------------------------------------------------------------------------------------

const idTag = "04A2B3C4D5E6F7"

const boot = {
  request: {
    chargePointVendor: "Quux",
    chargePointModel: "Straße 22",
    chargePointSerialNumber: "SN-000001",
    firmwareVersion: "1.2.3",
    meterType: "EM-340"
  },
  response: { status: "Accepted", currentTime: time, interval: 300 }
} as const

const status = {
  request: { connectorId: 1, errorCode: "NoError", status: "Preparing", timestamp: time, info: "plugged in" },
  response: {}
} as const

const authorize = {
  request: { idTag },
  response: { idTagInfo: { status: "Accepted", expiryDate: "2027-01-01T00:00:00+01:00", parentIdTag: "FAMILY" } }
} as const

const start = {
  request: { connectorId: 1, idTag, meterStart: 1234, timestamp: time },
  response: { idTagInfo: { status: "Accepted" }, transactionId: 4711 }
} as const

const meter = {
  request: {
    connectorId: 1,
    transactionId: 4711,
    meterValue: [
      {
        timestamp: time,
        sampledValue: [
          { value: "1300", measurand: "Energy.Active.Import.Register", unit: "Wh", context: "Sample.Periodic" },
          { value: "16.1", measurand: "Current.Import", phase: "L1", unit: "A", location: "Outlet" },
          { value: "41.5", measurand: "Temperature", unit: "Celcius", location: "Body" }
        ]
      }
    ]
  },
  response: {}
} as const

const stop = {
  request: {
    transactionId: 4711,
    idTag,
    meterStop: 2234,
    timestamp: time,
    reason: "Remote",
    transactionData: [{ timestamp: time, sampledValue: [{ value: "2234", context: "Transaction.End" }] }]
  },
  response: { idTagInfo: { status: "Expired" } }
} as const

const transfer = {
  request: { vendorId: "com.example", messageId: "echo", data: '{"a":"☃ 🔌"}' },
  response: { status: "Accepted", data: '{"a":"☃ 🔌"}' }
} as const

const heartbeat = { request: {}, response: { currentTime: time } } as const

const remoteStart = {
  request: {
    connectorId: 1,
    idTag,
    chargingProfile: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Relative",
      chargingSchedule: {
        chargingRateUnit: "A",
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 16.1, numberPhases: 3 },
          { startPeriod: 600, limit: 8.3 }
        ]
      }
    }
  },
  response: { status: "Accepted" }
} as const

const remoteStop = { request: { transactionId: 4711 }, response: { status: "Accepted" } } as const

const configuration = {
  request: { key: ["HeartbeatInterval", "Nonsense"] },
  response: {
    configurationKey: [{ key: "HeartbeatInterval", readonly: false, value: "300" }],
    unknownKey: ["Nonsense"]
  }
} as const

const reset = { request: { type: "Soft" }, response: { status: "Rejected" } } as const

const trigger = {
  request: { requestedMessage: "StatusNotification", connectorId: 1 },
  response: { status: "Accepted" }
} as const

const unlock = { request: { connectorId: 1 }, response: { status: "UnlockFailed" } } as const

/** What a CSMS asks that a station only answers, by action. */
const questions = {
  GetConfiguration: configuration,
  Reset: reset,
  DataTransfer: transfer,
  UnlockConnector: unlock
}

/** What a station tells, by action, in the order of a session. */
const session = {
  BootNotification: boot,
  StatusNotification: status,
  Authorize: authorize,
  StartTransaction: start,
  MeterValues: meter,
  StopTransaction: stop,
  DataTransfer: transfer,
  Heartbeat: heartbeat
}

/** The error codes of 1.6: ours, and as they are spelt on the wire. */
const codes: ReadonlyArray<readonly [ErrorCode, string]> = [
  ["NotImplemented", "NotImplemented"],
  ["NotSupported", "NotSupported"],
  ["InternalError", "InternalError"],
  ["ProtocolError", "ProtocolError"],
  ["SecurityError", "SecurityError"],
  ["FormatViolation", "FormationViolation"],
  ["PropertyConstraintViolation", "PropertyConstraintViolation"],
  ["OccurrenceConstraintViolation", "OccurenceConstraintViolation"],
  ["TypeConstraintViolation", "TypeConstraintViolation"],
  ["GenericError", "GenericError"]
]

/** Payloads of DataTransfer that break its schema, and the code that says how. */
const invalid: ReadonlyArray<readonly [unknown, string]> = [
  [{}, "OccurenceConstraintViolation"],
  [{ vendorId: 1 }, "TypeConstraintViolation"],
  [{ vendorId: "x".repeat(256) }, "PropertyConstraintViolation"],
  [{ vendorId: "com.example", extra: true }, "FormationViolation"]
]

// ---------------------------------------------------------------------------------------------------------------------
// they
// ---------------------------------------------------------------------------------------------------------------------

/** Whatever they found wrong with us. */
const flawsOf = (client: RPCClient): ReadonlyArray<unknown> => {
  const flaws: Array<unknown> = []
  client.on("strictValidationFailure", (flaw) => flaws.push(flaw))
  client.on("badMessage", (flaw) => flaws.push(flaw))
  client.on("socketError", (flaw) => flaws.push(flaw))
  return flaws
}

/** The types and contents of the frames that they get from now on. */
const framesOf = (client: RPCClient): ReadonlyArray<unknown> => {
  const frames: Array<unknown> = []
  client.on("message", ({ message, outbound }: { readonly message: string; readonly outbound: boolean }) => {
    if (outbound) return
    const [type, , content] = JSON.parse(message)
    frames.push([type, content])
  })
  return frames
}

const callOf = (client: RPCClient, action: string, request: unknown): Effect.Effect<unknown, unknown> =>
  Effect.tryPromise({ try: () => client.call(action, request), catch: (cause) => cause })

interface Refusal {
  readonly code: string
  readonly description: string
  readonly details: unknown
}

/** What they make of an error that answers their call. */
const refusalOf = (client: RPCClient, action: string, request: unknown): Effect.Effect<Refusal, unknown> =>
  Effect.map(Effect.flip(callOf(client, action, request)), (error) => {
    if (!(error instanceof Error) || !("rpcErrorCode" in error) || !("details" in error)) throw error
    return { code: String(error.rpcErrorCode), description: error.message, details: error.details }
  })

/** Their server, with one handler for everything that its clients ask. */
const theirCsms = Effect.fnUntraced(function* (options: {
  readonly identity: string
  readonly password?: Uint8Array
  readonly handle: (asked: IHandlersOption) => unknown
}) {
  const server = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true, callTimeoutMs: 1000 })
  server.auth((accept, reject, { identity, password }) => {
    if (identity !== options.identity) return reject(404, "who?")
    if (options.password !== undefined && password?.equals(options.password) !== true) return reject(401, "no")
    accept()
  })
  const connected = yield* Deferred.make<RPCClient>()
  server.on("client", (client: RPCClient) => {
    client.handle(async (asked) => {
      const answer = await options.handle(asked)
      // What a handler gives need not be an answer: that is up to the test.
      return answer as Record<string, unknown>
    })
    Deferred.doneUnsafe(connected, Effect.succeed(client))
  })
  const http = yield* Effect.acquireRelease(
    Effect.promise(() => server.listen(0, "127.0.0.1")),
    () => Effect.promise(() => server.close({ force: true }))
  )
  // A server that listens on a host has an address of this kind.
  const { port } = http.address() as AddressInfo
  return { url: `ws://127.0.0.1:${port}/ocpp`, client: Deferred.await(connected) }
})

/** Their client, connected, with the same kind of handler. */
const theirStation = Effect.fnUntraced(function* (
  url: string,
  options: Pick<Options, "identity"> & Partial<Options>,
  handle: (asked: IHandlersOption) => unknown = () => ({})
) {
  const client = new RPCClient(optionsOf({ endpoint: url, ...options }))
  client.handle(async (asked) => {
    const answer = await handle(asked)
    // What a handler gives need not be an answer: that is up to the test.
    return answer as Record<string, unknown>
  })
  yield* Effect.acquireRelease(Effect.tryPromise({ try: () => client.connect(), catch: (cause) => cause }), () =>
    Effect.promise(() => client.close({ force: true }))
  )
  return client
})

// ---------------------------------------------------------------------------------------------------------------------
// we
// ---------------------------------------------------------------------------------------------------------------------

/** Our station, until the end of the test. */
const ourStation = (options: StationOptions<HandlerSet<"1.6", never, "station">>) =>
  standUp(V16.protocol, options, WebSocketClient.layer())

/** Our CSMS, until the end of the test. */
const ourCsms = Effect.fnUntraced(function* (
  handlers: CsmsOptions["handlers"],
  accept: CsmsOptions["accept"] = () => Effect.void
) {
  const context = yield* Layer.build(
    WebSocketServer.layer({ port: 0, host: "127.0.0.1" }).pipe(Layer.provideMerge(csmsLayer({ accept, handlers })))
  )
  return { csms: Context.get(context, Csms), url: `${Context.get(context, WebSocketServer.Server).url}/ocpp` }
})

// ---------------------------------------------------------------------------------------------------------------------

describe("our station and their CSMS", () => {
  const identity = "RDAM|123: a/b"
  const password = Uint8Array.of(0xff, 0x00, 0x3a, 0xc3, 0x28, 0x10, 0x11, 0x12)

  it.live("[CON-02] [SEC-03] [RPC-01] a whole session, in both directions", () =>
    Effect.gen(function* () {
      const received: Array<unknown> = []
      const answered = new Map<string, unknown>(
        Object.entries(session).map(([action, { response }]) => [action, response])
      )
      const server = yield* theirCsms({
        identity,
        password,
        handle: ({ method, params }) => {
          received.push([method, params])
          return answered.get(method ?? "")
        }
      })
      const seen: Array<unknown> = []
      const answer =
        <A>(response: A) =>
        (request: unknown) =>
          Effect.sync(() => {
            seen.push(request)
            return response
          })
      const started = yield* Deferred.make<unknown>()
      const stopped = yield* Deferred.make<unknown>()
      const triggered = yield* Deferred.make<unknown>()
      const { csms, station } = yield* ourStation({
        url: server.url,
        identity,
        password: Redacted.make(password),
        handlers: V16.stationHandlersPartial({
          getConfiguration: answer(configuration.response),
          reset: answer(reset.response),
          dataTransfer: answer(transfer.response),
          unlockConnector: answer(unlock.response),
          remoteStartTransaction: (request, its) =>
            Effect.andThen(
              answer(undefined)(request),
              Reply.then(
                remoteStart.response,
                Effect.flatMap(its.startTransaction(start.request), (response) => Deferred.succeed(started, response))
              )
            ),
          remoteStopTransaction: (_, its) =>
            Reply.then(
              remoteStop.response,
              Effect.flatMap(its.stopTransaction(stop.request), (response) => Deferred.succeed(stopped, response))
            ),
          triggerMessage: (_, its) =>
            Reply.then(
              trigger.response,
              Effect.flatMap(its.statusNotification(status.request), (response) =>
                Deferred.succeed(triggered, response)
              )
            )
        })
      })
      const deviations = yield* subscribe(station.deviations)
      const client = yield* server.client
      const flaws = flawsOf(client)

      assert.deepStrictEqual(yield* csms.bootNotification(boot.request), boot.response)
      assert.deepStrictEqual(yield* csms.statusNotification(status.request), status.response)
      assert.deepStrictEqual(yield* csms.authorize(authorize.request), authorize.response)
      assert.deepStrictEqual(yield* csms.startTransaction(start.request), start.response)
      assert.deepStrictEqual(yield* csms.meterValues(meter.request), meter.response)
      assert.deepStrictEqual(yield* csms.stopTransaction(stop.request), stop.response)
      assert.deepStrictEqual(yield* csms.dataTransfer(transfer.request), transfer.response)
      assert.deepStrictEqual(yield* csms.heartbeat(heartbeat.request), heartbeat.response)
      assert.deepStrictEqual(
        received.splice(0),
        Object.entries(session).map(([action, { request }]) => [action, request])
      )

      for (const [action, { request, response }] of Object.entries(questions)) {
        assert.deepStrictEqual(yield* callOf(client, action, request), response, action)
        assert.deepStrictEqual(seen.splice(0), [request], action)
      }

      // The answer comes before what follows from it.
      for (const [action, { request, response }, follows, done, followed] of [
        ["RemoteStartTransaction", remoteStart, "StartTransaction", started, start],
        ["RemoteStopTransaction", remoteStop, "StopTransaction", stopped, stop],
        ["TriggerMessage", trigger, "StatusNotification", triggered, status]
      ] as const) {
        const frames = framesOf(client)
        assert.deepStrictEqual(yield* callOf(client, action, request), response)
        assert.deepStrictEqual(yield* Deferred.await(done), followed.response)
        assert.deepStrictEqual(frames, [
          [3, response],
          [2, follows]
        ])
        assert.deepStrictEqual(received.splice(0), [[follows, followed.request]])
      }
      assert.deepStrictEqual(seen, [remoteStart.request])

      assert.deepStrictEqual(flaws, [])
      assert.strictEqual(yield* Queue.size(deviations), 0)
    })
  )

  it.live("[CON-07] they refuse: 401 for the wrong password, 404 for the wrong identity", () =>
    Effect.gen(function* () {
      const server = yield* theirCsms({ identity, password, handle: () => ({}) })
      for (const [options, expected] of [
        [{ identity, password: Redacted.make("wrong") }, 401],
        [{ identity }, 401],
        [{ identity: "CP002", password: Redacted.make(password) }, 404]
      ] as const) {
        const error = yield* Effect.flip(ourStation({ url: server.url, ...options }))
        assert.deepInclude(error, { _tag: "ConnectRefused", status: expected })
      }
    })
  )

  it.live("[RPC-10] [RPC-11] their errors come as CallError, in our spelling", () =>
    Effect.gen(function* () {
      const server = yield* theirCsms({
        identity,
        handle: ({ params }) => {
          throw createRPCError(params?.["vendorId"], "because", { why: ["☃", 1, null] })
        }
      })
      const { csms } = yield* ourStation({ url: server.url, identity })
      for (const [code, spelt] of codes) {
        for (const vendorId of new Set([code, spelt])) {
          const error = yield* Effect.flip(csms.dataTransfer({ vendorId }))
          assert.deepInclude(error, {
            _tag: "CallError",
            code,
            description: "because",
            details: { why: ["☃", 1, null] }
          })
        }
      }
    })
  )

  it.live("their failures: a thrown Error, an answer that is none, an action without a handler, silence", () =>
    Effect.gen(function* () {
      const server = yield* theirCsms({
        identity,
        handle: ({ method }) => {
          if (method === "Authorize") throw new Error("boom")
          if (method === "DataTransfer") return { status: "Perhaps" }
          if (method === "StatusNotification") return new Promise(() => undefined)
          return method === "Heartbeat" ? heartbeat.response : {}
        }
      })
      const { csms, station } = yield* ourStation({ url: server.url, identity })
      const deviations = yield* subscribe(station.deviations)
      const client = yield* server.client
      assert.deepInclude(yield* Effect.flip(csms.authorize(authorize.request)), {
        _tag: "CallError",
        code: "GenericError",
        description: "boom"
      })
      // Strict mode holds their own answer back …
      assert.deepInclude(yield* Effect.flip(csms.dataTransfer(transfer.request)), {
        _tag: "CallError",
        code: "InternalError"
      })
      // … and without it, it is ours to refuse.
      client.reconfigure(optionsOf({ identity, strictMode: false }))
      const error = yield* Effect.flip(csms.dataTransfer(transfer.request))
      assert.strictEqual(error._tag, "InvalidResponse")
      assert.deepInclude(error, { action: "DataTransfer", payload: { status: "Perhaps" } })
      assert.strictEqual((yield* Queue.take(deviations)).kind, "InvalidResponse")

      assert.deepInclude(yield* Effect.flip(csms.statusNotification(status.request, { timeout: "20 millis" })), {
        _tag: "Uncertain",
        reason: "Timeout"
      })
      assert.deepStrictEqual(yield* csms.heartbeat({}), heartbeat.response)
      client.removeAllHandlers()
      assert.deepInclude(yield* Effect.flip(csms.heartbeat({})), { _tag: "CallError", code: "NotImplemented" })
    })
  )

  it.live("[RPC-10] [RPC-12] our errors reach them, in the spelling of 1.6", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const server = yield* theirCsms({ identity, handle: () => ({}) })
      const { station } = yield* Effect.provide(
        ourStation({
          url: server.url,
          identity,
          handlers: V16.stationHandlersPartial({
            dataTransfer: ({ vendorId }) =>
              Effect.fail(new CallError({ code: vendorId, description: "because", details: { why: ["☃", 1, null] } })),
            reset: () => Effect.die(new Error("a secret of the house"))
          })
        }),
        layer
      )
      const deviations = yield* subscribe(station.deviations)
      const client = yield* server.client
      for (const [code, spelt] of codes) {
        assert.deepStrictEqual(yield* refusalOf(client, "DataTransfer", { vendorId: code }), {
          code: spelt,
          description: "because",
          details: { why: ["☃", 1, null] }
        })
      }
      assert.deepStrictEqual(yield* refusalOf(client, "Reset", reset.request), {
        code: "InternalError",
        description: "",
        details: {}
      })
      assert.strictEqual(lines.filter((line) => line.includes("a secret of the house")).length, 1)
      // Known, but without a handler.
      assert.strictEqual((yield* refusalOf(client, "ClearCache", {})).code, "NotSupported")

      // What strict mode would not let them send.
      assert.strictEqual(yield* Queue.size(deviations), 0)
      client.reconfigure(optionsOf({ identity, strictMode: false }))
      assert.strictEqual((yield* refusalOf(client, "Nonsense", {})).code, "NotImplemented")
      assert.strictEqual((yield* refusalOf(client, "reset", {})).code, "NotImplemented")
      assert.strictEqual((yield* refusalOf(client, "Heartbeat", {})).code, "NotSupported")
      for (const [request, code] of invalid) {
        assert.strictEqual((yield* refusalOf(client, "DataTransfer", request)).code, code)
      }
      assert.deepStrictEqual(
        (yield* Queue.takeAll(deviations)).map(({ kind }) => kind),
        ["UnknownAction", "UnknownAction", "UnknownAction", ...invalid.map(() => "InvalidRequest" as const)]
      )
    })
  )

  it.live("[RPC-08] their nonsense is dropped and reported, and the session goes on", () =>
    Effect.gen(function* () {
      const server = yield* theirCsms({ identity, handle: () => heartbeat.response })
      const { csms, station } = yield* ourStation({ url: server.url, identity })
      const deviations = yield* subscribe(station.deviations)
      const client = yield* server.client
      for (const frame of ["", "{", "{}", "[]", '[3,"nobody",{}]']) client.sendRaw(frame)
      assert.deepStrictEqual(
        (yield* Queue.takeN(deviations, 5)).map(({ kind }) => kind),
        ["MalformedFrame", "MalformedFrame", "MalformedFrame", "MalformedFrame", "UnexpectedAnswer"]
      )
      assert.deepStrictEqual(yield* csms.heartbeat({}), heartbeat.response)
    })
  )
})

describe("our CSMS and their station", () => {
  const identity = "RDAM|123: a/b"
  const password = "pä:ss"

  const accept: CsmsOptions["accept"] = (handshake) =>
    handshake.identity !== identity
      ? Effect.fail(unknownStation)
      : hasPassword(handshake, Redacted.make(password))
        ? Effect.void
        : Effect.fail(unauthorized)

  it.live("[CON-02] [SEC-02] [RPC-01] a whole session, in both directions", () =>
    Effect.gen(function* () {
      const received: Array<unknown> = []
      const answer =
        <A>(action: string, response: A) =>
        (request: unknown, { identity: from }: { readonly identity: string }) =>
          Effect.sync(() => {
            received.push([action, from, request])
            return response
          })
      const handlers = V16.csmsHandlersPartial({
        bootNotification: answer("BootNotification", boot.response),
        statusNotification: answer("StatusNotification", status.response),
        authorize: answer("Authorize", authorize.response),
        startTransaction: answer("StartTransaction", start.response),
        meterValues: answer("MeterValues", meter.response),
        stopTransaction: answer("StopTransaction", stop.response),
        dataTransfer: answer("DataTransfer", transfer.response),
        heartbeat: answer("Heartbeat", heartbeat.response)
      })
      const { csms, url } = yield* ourCsms([handlers], accept)
      const deviations = yield* subscribe(csms.deviations)
      const seen: Array<unknown> = []
      const answered = new Map<string, unknown>(
        Object.entries({ ...questions, RemoteStartTransaction: remoteStart, TriggerMessage: trigger }).map(
          ([action, { response }]) => [action, response]
        )
      )
      const client = yield* theirStation(url, { identity, password }, ({ method, params }) => {
        seen.push([method, params])
        return answered.get(method ?? "")
      })
      const flaws = flawsOf(client)
      assert.strictEqual(client.protocol, "ocpp1.6")

      for (const [action, { request, response }] of Object.entries(session)) {
        assert.deepStrictEqual(yield* callOf(client, action, request), response, action)
      }
      assert.deepStrictEqual(
        received,
        Object.entries(session).map(([action, { request }]) => [action, identity, request])
      )

      assert.deepStrictEqual(
        yield* csms.call(identity, V16.RemoteStartTransaction, remoteStart.request),
        remoteStart.response
      )
      assert.deepStrictEqual(
        yield* csms.call(identity, V16.GetConfiguration, configuration.request),
        configuration.response
      )
      assert.deepStrictEqual(yield* csms.call(identity, V16.Reset, reset.request), reset.response)
      assert.deepStrictEqual(yield* csms.call(identity, V16.DataTransfer, transfer.request), transfer.response)
      assert.deepStrictEqual(yield* csms.call(identity, V16.UnlockConnector, unlock.request), unlock.response)
      assert.deepStrictEqual(yield* csms.call(identity, V16.TriggerMessage, trigger.request), trigger.response)
      assert.deepStrictEqual(seen, [
        ["RemoteStartTransaction", remoteStart.request],
        ["GetConfiguration", configuration.request],
        ["Reset", reset.request],
        ["DataTransfer", transfer.request],
        ["UnlockConnector", unlock.request],
        ["TriggerMessage", trigger.request]
      ])
      assert.deepStrictEqual(flaws, [])
      assert.strictEqual(yield* Queue.size(deviations), 0)
    })
  )

  it.live("[SEC-03] a password of bytes that are no text", () =>
    Effect.gen(function* () {
      const bytes = Buffer.of(0xff, 0x00, 0x3a, 0xc3, 0x28)
      const { csms, url } = yield* ourCsms([V16.csmsHandlersPartial({})], (handshake) =>
        hasPassword(handshake, Redacted.make(bytes)) ? Effect.void : Effect.fail(unauthorized)
      )
      // Their types lack what their README documents: the password may be a Buffer.
      yield* theirStation(url, { identity, password: bytes as unknown as string })
      assert.isTrue(Option.isSome(yield* csms.session(identity)))
    })
  )

  it.live("[CON-07] we refuse: 401 for the wrong password, 404 for an unknown station", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* ourCsms([V16.csmsHandlersPartial({})], accept)
      for (const [options, expected] of [
        [{ identity, password: "wrong" }, 401],
        [{ identity }, 401],
        [{ identity: "CP002", password }, 404]
      ] as const) {
        const error = yield* Effect.flip(theirStation(url, options))
        assert.instanceOf(error, Error)
        assert.propertyVal(error, "code", expected)
      }
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )

  it.live("[CON-06] no common sub-protocol: they give up", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* ourCsms([V16.csmsHandlersPartial({})])
      const error = yield* Effect.flip(theirStation(url, { identity, protocols: ["ocpp2.0.1"] }))
      assert.match(String(error), /no subprotocol/)
      assert.deepStrictEqual(yield* csms.connected, [])
    })
  )

  it.live("[RPC-10] [RPC-11] their errors come as CallError, in our spelling", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* ourCsms([V16.csmsHandlersPartial({})])
      const client = yield* theirStation(url, { identity }, ({ method, params }) => {
        if (method === "Reset") throw new Error("boom")
        if (method === "UnlockConnector") return { status: "Nonsense" }
        if (method === "GetConfiguration") return new Promise(() => undefined)
        throw createRPCError(params?.["vendorId"], "because", { why: 1 })
      })
      for (const [code, spelt] of codes) {
        for (const vendorId of new Set([code, spelt])) {
          const error = yield* Effect.flip(csms.call(identity, V16.DataTransfer, { vendorId }))
          assert.deepInclude(error, { _tag: "CallError", code, description: "because", details: { why: 1 } })
        }
      }
      assert.deepInclude(yield* Effect.flip(csms.call(identity, V16.Reset, reset.request)), {
        _tag: "CallError",
        code: "GenericError",
        description: "boom"
      })
      client.reconfigure(optionsOf({ identity, strictMode: false }))
      const error = yield* Effect.flip(csms.call(identity, V16.UnlockConnector, unlock.request))
      assert.deepInclude(error, { _tag: "InvalidResponse", payload: { status: "Nonsense" } })
      assert.deepInclude(yield* Effect.flip(csms.call(identity, V16.GetConfiguration, {}, { timeout: "20 millis" })), {
        _tag: "Uncertain",
        reason: "Timeout"
      })
      client.removeAllHandlers()
      assert.deepInclude(yield* Effect.flip(csms.call(identity, V16.ClearCache, {})), {
        _tag: "CallError",
        code: "NotImplemented"
      })
    })
  )

  it.live("[RPC-10] [RPC-12] our errors reach them, in the spelling of 1.6", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const { csms, url } = yield* Effect.provide(
        ourCsms([
          V16.csmsHandlersPartial({
            dataTransfer: ({ vendorId }) =>
              Effect.fail(new CallError({ code: vendorId, description: "because", details: { why: 1 } })),
            authorize: () => Effect.die(new Error("a secret of the house"))
          })
        ]),
        layer
      )
      const deviations = yield* subscribe(csms.deviations)
      const client = yield* theirStation(url, { identity })
      for (const [code, spelt] of codes) {
        assert.deepStrictEqual(yield* refusalOf(client, "DataTransfer", { vendorId: code }), {
          code: spelt,
          description: "because",
          details: { why: 1 }
        })
      }
      assert.deepStrictEqual(yield* refusalOf(client, "Authorize", authorize.request), {
        code: "InternalError",
        description: "",
        details: {}
      })
      assert.strictEqual(lines.filter((line) => line.includes("a secret of the house")).length, 1)
      assert.strictEqual((yield* refusalOf(client, "Heartbeat", {})).code, "NotSupported")

      client.reconfigure(optionsOf({ identity, strictMode: false }))
      assert.strictEqual((yield* refusalOf(client, "Nonsense", {})).code, "NotImplemented")
      assert.strictEqual((yield* refusalOf(client, "Reset", reset.request)).code, "NotSupported")
      for (const [request, code] of invalid) {
        assert.strictEqual((yield* refusalOf(client, "DataTransfer", request)).code, code)
      }
      assert.deepStrictEqual(
        (yield* Queue.takeAll(deviations)).map(({ deviation, identity: from }) => [from, deviation.kind]),
        [[identity, "UnknownAction"], [identity, "UnknownAction"], ...invalid.map(() => [identity, "InvalidRequest"])]
      )
    })
  )

  it.live("calls cross: [RPC-04] each side has one under way, and both are answered", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const { csms, url } = yield* ourCsms([
        V16.csmsHandlersPartial({
          // Before it answers, it asks the station that asked.
          dataTransfer: (_, { station }) =>
            Deferred.succeed(asked, undefined).pipe(
              Effect.andThen(station.getConfiguration(configuration.request)),
              Effect.map(({ unknownKey = [] }) => ({ status: "Accepted" as const, data: unknownKey.join() })),
              Effect.mapError(() => new CallError({ code: "GenericError" }))
            )
        })
      ])
      const client = yield* theirStation(url, { identity }, () => configuration.response)
      assert.deepStrictEqual(yield* callOf(client, "DataTransfer", transfer.request), {
        status: "Accepted",
        data: "Nonsense"
      })
      assert.strictEqual((yield* csms.connected).length, 1)
    })
  )

  it.live("a session that we close: they see why, connect again, and go on", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* ourCsms([
        V16.csmsHandlersPartial({ heartbeat: () => Effect.succeed(heartbeat.response) })
      ])
      const sessions = yield* subscribe(csms.sessions)
      const client = yield* theirStation(url, { identity, reconnect: true }, () => reset.response)
      const first = yield* Queue.take(sessions)
      const lost = yield* Deferred.make<unknown>()
      client.once("disconnect", (reason) => Deferred.doneUnsafe(lost, Effect.succeed(reason)))
      yield* first.session.close(4000, "come back")
      assert.deepStrictEqual(yield* Deferred.await(lost), { code: 4000, reason: "come back" })
      const again = yield* Stream.fromQueue(sessions).pipe(
        Stream.filter((event) => event._tag === "Connected"),
        Stream.runHead
      )
      assert.strictEqual(Option.getOrThrow(again).session.identity, identity)
      assert.deepStrictEqual(yield* callOf(client, "Heartbeat", {}), heartbeat.response)
      assert.deepStrictEqual(yield* csms.call(identity, V16.Reset, reset.request), reset.response)
    })
  )

  it.live("a shutdown of ours is a close with 1001 for them", () =>
    Effect.gen(function* () {
      const closed = yield* Deferred.make<unknown>()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { url } = yield* ourCsms([V16.csmsHandlersPartial({})])
          const client = new RPCClient(optionsOf({ endpoint: url, identity }))
          client.once("close", (reason) => Deferred.doneUnsafe(closed, Effect.succeed(reason)))
          yield* Effect.promise(() => client.connect())
        })
      )
      assert.deepInclude(yield* Deferred.await(closed), { code: 1001 })
    })
  )
})
