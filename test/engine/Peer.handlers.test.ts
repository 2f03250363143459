import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as TestConsole from "effect/testing/TestConsole"
import { inspect } from "node:util"
import * as Action from "../../src/Action.ts"
import { CallError, NotSent } from "../../src/OcppError.ts"
import type * as Protocol from "../../src/Protocol.ts"
import { Reply } from "../../src/Reply.ts"
import * as Peer from "../../src/engine/Peer.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { accepted, core, time } from "../support/messages.ts"
import { fields } from "../support/outcome.ts"
import { Raw } from "../support/raw.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"
import { handlersOf, overJson } from "../support/engine.ts"

const reset = [2, "1", "Reset", { type: "Soft" }]

const internalError = [4, "1", "InternalError", "", {}]

describe("A handler", () => {
  it.effect("[RPC-01] gets the request, and its response is [3, id, payload]", () =>
    Effect.gen(function* () {
      const requests: Array<V16.ResetRequest> = []
      const { raw } = yield* station({
        handlers: {
          reset: (request) => {
            requests.push(request)
            return Effect.succeed({ status: "Rejected" })
          }
        }
      })
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Rejected" }])
      assert.deepStrictEqual(requests, [{ type: "Soft" }])
    })
  )

  it.effect("of a CSMS gets the session of the station that asks", () =>
    Effect.gen(function* () {
      const { connect } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            dataTransfer: (_, session) =>
              Effect.map(Effect.orDie(session.station.getLocalListVersion({})), ({ listVersion }) => ({
                status: "Accepted",
                data: `${session.identity} has list ${listVersion}`
              }))
          })
        ]
      })
      yield* connect("CP001")
      const { raw } = yield* connect("CP002")
      yield* raw.send([2, "1", "DataTransfer", { vendorId: "x" }])
      yield* raw.send([3, yield* raw.nextCall("GetLocalListVersion"), { listVersion: 7 }])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted", data: "CP002 has list 7" }])
    })
  )

  it.effect("of a station may call the CSMS before it answers", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: {
          remoteStartTransaction: ({ idTag }, csms) =>
            csms.authorize({ idTag }).pipe(
              Effect.map(
                ({ idTagInfo }) => ({ status: idTagInfo.status === "Accepted" ? "Accepted" : "Rejected" }) as const
              ),
              Effect.catch(() => Effect.succeed({ status: "Rejected" } as const))
            )
        }
      })
      yield* raw.send([2, "1", "RemoteStartTransaction", { idTag: "321" }])
      yield* raw.send([3, yield* raw.nextCall("Authorize"), accepted])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
    })
  )

  it.effect("has the services that its layer is given", () =>
    Effect.gen(function* () {
      class Prices extends Context.Service<Prices, { readonly perKwh: number }>()("test/Prices") {}
      const { connect } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            dataTransfer: Effect.fnUntraced(function* () {
              yield* Effect.yieldNow
              const { perKwh } = yield* Prices
              return { status: "Accepted", data: String(perKwh) } as const
            })
          })
        ]
      }).pipe(Effect.provideService(Prices, { perKwh: 42 }))
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "DataTransfer", { vendorId: "x" }])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted", data: "42" }])
    })
  )

  it.effect("does not hold up others: the second answer may go first", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { raw } = yield* station({
        handlers: {
          reset: () => Effect.as(Deferred.await(gate), { status: "Accepted" } as const),
          clearCache: () => Effect.succeed({ status: "Rejected" })
        }
      })
      yield* raw.send(reset)
      yield* raw.send([2, "2", "ClearCache", {}])
      assert.deepStrictEqual(yield* raw.next, [3, "2", { status: "Rejected" }])
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
    })
  )

  it.effect("[FIELD-K2] is interrupted when it takes too long, and makes room for the next", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: { reset: () => Effect.never, clearCache: () => Effect.succeed({ status: "Accepted" }) },
        requests: { concurrency: 1 }
      })
      yield* raw.send(reset)
      yield* raw.send([2, "2", "ClearCache", {}])
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* raw.news, [])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* raw.news, [internalError, [3, "2", { status: "Accepted" }]])
      assert.include(String(yield* TestConsole.logLines), "the handler of Reset was interrupted before it answered")
    })
  )

  it.effect("may take as long as the option says", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: { reset: () => Effect.as(Effect.sleep("1 hour"), { status: "Accepted" } as const) },
        requests: { timeout: "Infinity" }
      })
      yield* raw.send(reset)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* raw.news, [[3, "1", { status: "Accepted" }]])
    })
  )

  it.effect("is interrupted when the connection closes, and answers nothing", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const { raw } = yield* station({
        handlers: {
          reset: () => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted"))))
        }
      })
      yield* raw.send(reset)
      assert.deepStrictEqual(ended, [])
      yield* raw.close()
      assert.deepStrictEqual(ended, ["interrupted"])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.notInclude(String(yield* TestConsole.logLines), "ERROR")
    })
  )

  it.effect("of a CSMS is interrupted when the session is closed from here", () =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const { connect } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            heartbeat: () => Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => ended.push("interrupted"))))
          })
        ]
      })
      const { raw, session } = yield* connect("CP001")
      yield* raw.send([2, "1", "Heartbeat", {}])
      yield* session.close()
      assert.deepStrictEqual(ended, ["interrupted"])
    })
  )
})

describe("A handler that fails", () => {
  it.effect("with a CallError answers with its code, description and details", () =>
    Effect.gen(function* () {
      const error = new CallError({ code: "SecurityError", description: "not yet", details: { wait: 5 } })
      const { raw } = yield* station({ handlers: { reset: () => error } })
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.next, [4, "1", "SecurityError", "not yet", { wait: 5 }])
    })
  )

  it.effect("[RPC-13] has {} for details and at most 255 characters of description", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: { reset: () => new CallError({ code: "GenericError", description: "x".repeat(300) }) }
      })
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.next, [4, "1", "GenericError", "x".repeat(255), {}])
    })
  )

  it.effect("with details that JSON has no form for answers without them", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: { reset: () => new CallError({ code: "GenericError", description: "big", details: { n: 1n } }) }
      })
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.next, [4, "1", "GenericError", "big", {}])
    })
  )

  for (const [title, fail, logged = "failed"] of [
    ["by dying", () => Effect.die(new Error("secret"))],
    [
      "by throwing",
      () =>
        Effect.sync((): never => {
          throw new Error("secret")
        })
    ],
    [
      "before it gives an effect",
      (): never => {
        throw new Error("secret")
      }
    ],
    ["after a while", () => Effect.andThen(Effect.yieldNow, Effect.die("secret"))],
    ["by interrupting itself", () => Effect.interrupt, "was interrupted"],
    // What fails with `any` is let through by the types.
    ["with what is no CallError", () => Effect.fail(new Error("secret") as never)],
    ["with nothing", () => Effect.fail(undefined as never)]
  ] as const) {
    it.effect(`${title} answers InternalError and tells nothing of it`, () =>
      Effect.gen(function* () {
        const { raw } = yield* station({
          handlers: { reset: fail, clearCache: () => Effect.succeed({ status: "Accepted" }) }
        })
        yield* raw.send(reset)
        assert.deepStrictEqual(yield* raw.next, internalError)
        assert.include(JSON.stringify(yield* TestConsole.logLines), `the handler of Reset ${logged}`)
        yield* raw.send([2, "2", "ClearCache", {}])
        assert.deepStrictEqual(yield* raw.next, [3, "2", { status: "Accepted" }])
      })
    )
  }

  for (const response of [`{"status":"Perhaps"}`, `{}`, `{"status":"Accepted","extra":1}`, `null`, `[]`]) {
    it.effect(`by answering ${response} answers InternalError`, () =>
      Effect.gen(function* () {
        const { deviations, raw } = yield* station({
          handlers: { reset: () => Effect.sync(() => JSON.parse(response)) }
        })
        yield* raw.send(reset)
        assert.deepStrictEqual(yield* raw.next, internalError)
        assert.deepStrictEqual(deviations, [])
      })
    )
  }
})

describe("A payload that JSON has no form for", () => {
  const Ping = Action.make("Ping", {
    from: "both",
    block: "Vendor",
    request: Schema.Struct({ value: Schema.Unknown }),
    response: Schema.Struct({ value: Schema.Unknown })
  })
  const protocol: Protocol.Protocol = { ...V16.protocol, actions: [Ping] }

  const engine = Effect.gen(function* () {
    const { open } = yield* Peer.make<Peer.Peer, never>({
      handlers: handlersOf(protocol, "station", new Map([["Ping", () => Effect.succeed({ value: 1n })]])),
      lifetime: yield* Effect.scope,
      nextId: yield* Peer.makeIds,
      observer: { identity: () => "CP001", deviation: () => {}, closed: () => {} }
    })
    const [here, there] = yield* Transport.makePair
    const peer = open(overJson(here, protocol), yield* Effect.scope, (self) => self)
    peer.listen()
    return { peer, raw: new Raw(there) }
  })

  it.effect("is answered InternalError where a handler gives it", () =>
    Effect.gen(function* () {
      const { raw } = yield* engine
      yield* raw.send([2, "1", "Ping", { value: 1 }])
      assert.deepStrictEqual(yield* raw.next, internalError)
    })
  )

  it.effect("is not sent where a call has it", () =>
    Effect.gen(function* () {
      const { peer, raw } = yield* engine
      const error = yield* Effect.flip(peer.call(Ping, { value: 1n }))
      assert.deepInclude(fields(error), { _tag: "NotSent", reason: "InvalidRequest" })
      assert.deepStrictEqual(yield* raw.news, [])
    })
  )
})

describe("A request that is repeated", () => {
  it.effect("[RPC-05] while the first is being handled gets that one's answer, and is no fault", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      let runs = 0
      const { deviations, raw } = yield* station({
        handlers: {
          reset: () => {
            runs++
            return Effect.as(Deferred.await(gate), { status: "Accepted" } as const)
          }
        }
      })
      yield* raw.send(reset)
      yield* raw.send(reset)
      assert.strictEqual(runs, 1)
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.news, [[3, "1", { status: "Accepted" }]])
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("[RPC-05] [FIELD-K2] in another form under the id of one that is being handled is another one", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { deviations, raw } = yield* station({
        handlers: {
          reset: ({ type }) =>
            type === "Soft"
              ? Effect.as(Deferred.await(gate), { status: "Accepted" } as const)
              : Effect.succeed({ status: "Rejected" } as const)
        }
      })
      for (const type of ["Soft", "Hard", "Soft"]) yield* raw.send([2, "1", "Reset", { type }])
      assert.deepStrictEqual(yield* raw.news, [[3, "1", { status: "Rejected" }]])
      assert.deepStrictEqual(
        deviations.map(({ action, kind, messageId }) => [kind, messageId, action]),
        [["DuplicateMessageId", "1", "Reset"]]
      )
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* raw.news, [[3, "1", { status: "Accepted" }]])
    })
  )

  for (const [title, pause] of [
    ["at once", Effect.void],
    ["after a while", Effect.yieldNow]
  ] as const) {
    it.effect(`[RPC-05] after an answer that was given ${title} is handled anew`, () =>
      Effect.gen(function* () {
        let runs = 0
        const { deviations, raw } = yield* station({
          handlers: {
            reset: () => {
              runs++
              return Effect.as(pause, { status: "Accepted" } as const)
            }
          }
        })
        yield* raw.send(reset)
        yield* raw.send(reset)
        assert.deepStrictEqual(yield* raw.news, [
          [3, "1", { status: "Accepted" }],
          [3, "1", { status: "Accepted" }]
        ])
        assert.strictEqual(runs, 2)
        assert.deepStrictEqual(deviations, [])
      })
    )
  }

  it.effect("[RPC-05] under a new id is a request like any other", () =>
    Effect.gen(function* () {
      const { connect, deviations } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] })
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "Heartbeat", {}])
      yield* raw.send([2, "2", "Heartbeat", {}])
      assert.deepStrictEqual(yield* raw.news, [
        [3, "1", { currentTime: time }],
        [3, "2", { currentTime: time }]
      ])
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("[RPC-05] by two stations under one id is two requests", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { connect, deviations } = yield* makeCsms({
        handlers: [V16.csmsHandlersPartial({ heartbeat: () => Effect.as(Deferred.await(gate), { currentTime: time }) })]
      })
      const first = yield* connect("CP001")
      const second = yield* connect("CP002")
      yield* first.raw.send([2, "1", "Heartbeat", {}])
      yield* second.raw.send([2, "1", "Heartbeat", {}])
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(yield* first.raw.next, [3, "1", { currentTime: time }])
      assert.deepStrictEqual(yield* second.raw.next, [3, "1", { currentTime: time }])
      assert.deepStrictEqual(deviations, [])
    })
  )
})

describe("What follows an answer", () => {
  const start16 = [2, "1", "RemoteStartTransaction", { idTag: "321" }]

  for (const [title, before] of [
    ["a handler that answers at once", Effect.void],
    ["a handler that takes a while", Effect.yieldNow]
  ] as const) {
    it.effect(`[RPC-16] starts once the answer of ${title} is on the wire`, () =>
      Effect.gen(function* () {
        const { raw } = yield* station({
          handlers: {
            remoteStartTransaction: ({ idTag }, csms) =>
              Effect.andThen(before, Reply.then({ status: "Accepted" }, csms.authorize({ idTag })))
          }
        })
        yield* raw.send(start16)
        const [answer, call] = yield* raw.news
        assert.deepStrictEqual(answer, [3, "1", { status: "Accepted" }])
        assert.deepStrictEqual(call?.slice(2), ["Authorize", { idTag: "321" }])
      })
    )
  }

  it.effect("has the services of the handler", () =>
    Effect.gen(function* () {
      class Log extends Context.Service<Log, Array<string>>()("test/Log") {}
      const log: Array<string> = []
      const { connect } = yield* makeCsms({
        handlers: [
          V16.csmsHandlersPartial({
            heartbeat: () =>
              Reply.then(
                { currentTime: time },
                Effect.gen(function* () {
                  yield* settled
                  const lines = yield* Log
                  lines.push("afterwards")
                })
              )
          })
        ]
      }).pipe(Effect.provideService(Log, log))
      const { raw } = yield* connect("CP001")
      yield* raw.send([2, "1", "Heartbeat", {}])
      yield* raw.next
      assert.deepStrictEqual(log, ["afterwards"])
    })
  )

  it.effect("is logged with the action and the station if it fails, whatever it is", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: {
          reset: () => Reply.then({ status: "Accepted" }, Effect.fail(new Error("no relay"))),
          clearCache: () => Reply.thenDetached({ status: "Accepted" }, Effect.die("no cache"))
        }
      })
      yield* raw.send(reset)
      yield* raw.send([2, "2", "ClearCache", {}])
      const log = (yield* TestConsole.logLines).map((part) => inspect(part)).join(" ")
      assert.match(log, /what followed the answer to Reset failed.*no relay[^]*CP001/)
      assert.match(log, /what followed the answer to ClearCache failed.*no cache[^]*CP001/)
    })
  )

  it.effect("is logged in a line, without a stack, if it is a call that fails", () =>
    Effect.gen(function* () {
      const failure = new NotSent({ action: "StatusNotification", reason: "NotConnected" })
      const { raw } = yield* station({
        handlers: { reset: () => Reply.then({ status: "Accepted" }, Effect.fail(failure)) }
      })
      yield* raw.send(reset)
      const log = (yield* TestConsole.logLines).map((part) => inspect(part)).join(" ")
      assert.include(
        log,
        "what followed the answer to Reset failed: StatusNotification was not sent: there is no connection"
      )
      assert.notMatch(log, /\n\s+at /)
    })
  )

  it.effect("is interrupted when the connection goes", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const { raw } = yield* station({
        handlers: {
          reset: () =>
            Reply.then(
              { status: "Accepted" },
              Effect.sync(() => events.push("started")).pipe(
                Effect.andThen(Effect.sleep("1 hour")),
                Effect.onInterrupt(() => Effect.sync(() => events.push("interrupted")))
              )
            )
        }
      })
      yield* raw.send(reset)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(events, ["started"])
      yield* raw.close()
      assert.deepStrictEqual(events, ["started", "interrupted"])
      assert.notInclude(String(yield* TestConsole.logLines), "ERROR")
    })
  )

  it.effect("does not start if the answer is refused or the connection is gone", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const events: Array<string> = []
      const afterwards = Effect.sync(() => events.push("started"))
      const { raw } = yield* station({
        handlers: {
          clearCache: () => Reply.then(JSON.parse(`{"status":"Perhaps"}`), afterwards),
          reset: () => Effect.andThen(Deferred.await(gate), Reply.then({ status: "Accepted" }, afterwards))
        }
      })
      yield* raw.send([2, "1", "ClearCache", {}])
      assert.deepStrictEqual(yield* raw.next, internalError)
      yield* raw.send(reset)
      yield* raw.close()
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      assert.deepStrictEqual(events, [])
    })
  )

  it.effect("does not start if the connection goes before this side knows of it", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const events: Array<string> = []
      const afterwards = Effect.sync(() => events.push("started"))
      const { raw } = yield* station({
        handlers: {
          reset: () => Effect.andThen(Deferred.await(gate), Reply.then({ status: "Accepted" }, afterwards))
        }
      })
      yield* raw.send(reset)
      const closing = yield* start(raw.close())
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(events, [])
    })
  )

  it.effect("may fail without harm", () =>
    Effect.gen(function* () {
      const { raw } = yield* station({
        handlers: { reset: () => Reply.then({ status: "Accepted" }, Effect.die(new Error("secret"))) }
      })
      yield* raw.send(reset)
      yield* raw.send(reset)
      assert.deepStrictEqual(yield* raw.news, [
        [3, "1", { status: "Accepted" }],
        [3, "1", { status: "Accepted" }]
      ])
    })
  )
})

/** A type that counts how often a value of it is looked at. */
const counted = <S extends Schema.Schema<unknown>>(schema: S, counts: { looks: number }) =>
  schema.pipe(Schema.check(Schema.makeFilter(() => (counts.looks++, true))))

describe("What passes a CSMS", () => {
  const requests = { looks: 0 }
  const responses = { looks: 0 }
  const Boot = Action.make("BootNotification", {
    from: "station",
    block: "Core",
    request: counted(V16.BootNotification.request, requests),
    response: counted(V16.BootNotification.response, responses)
  })
  const Start = Action.make("StartTransaction", {
    from: "station",
    block: "Core",
    request: counted(V16.StartTransaction.request, requests),
    response: counted(V16.StartTransaction.response, responses)
  })
  const Stop = Action.make("StopTransaction", {
    from: "station",
    block: "Core",
    request: counted(V16.StopTransaction.request, requests),
    response: counted(V16.StopTransaction.response, responses)
  })
  const { lifecycle, transactions } = V16.protocol
  const protocol: Protocol.Protocol = {
    ...V16.protocol,
    actions: [Boot, Start, Stop],
    lifecycle: { ...lifecycle, boot: { ...lifecycle.boot, action: Boot } },
    transactions: { ...transactions, phases: { ...transactions.phases, Started: Start, Ended: Stop } }
  }
  const answers = new Map<string, object>([
    ["BootNotification", { status: "Rejected", currentTime: time, interval: 300 }],
    ["StartTransaction", { transactionId: 7, idTagInfo: { status: "Accepted" } }],
    ["StopTransaction", {}]
  ])

  it.effect("is checked once, request and response, whatever is learnt from them on the way", () =>
    Effect.gen(function* () {
      const handlers = handlersOf(
        protocol,
        "csms",
        new Map(Array.from(answers, ([action, answer]) => [action, () => Effect.succeed(answer)]))
      )
      const { connect } = yield* makeCsms({ handlers: [handlers] })
      const { raw } = yield* connect("CP001")
      const stop = { transactionId: 7, meterStop: 1, timestamp: time }
      for (const [action, payload] of [
        ["StartTransaction", { connectorId: 1, idTag: "A", meterStart: 0, timestamp: time }],
        ["BootNotification", { chargePointVendor: "V", chargePointModel: "M" }],
        // The station was rejected: only because it ends its own transaction is this handled, so it is read before.
        ["StopTransaction", stop]
      ] as const) {
        Object.assign(requests, { looks: 0 })
        Object.assign(responses, { looks: 0 })
        yield* raw.send([2, action, action, payload])
        assert.deepStrictEqual(yield* raw.next, [3, action, answers.get(action)])
        assert.deepStrictEqual([requests.looks, responses.looks], [1, 1], action)
      }
    })
  )
})
