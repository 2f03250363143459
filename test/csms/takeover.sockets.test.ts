/**
 * A second connection of one identity, over sockets.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type { Session } from "../../src/Session.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  call,
  closeOf,
  frame,
  idOf,
  opcode,
  rawStation,
  refused,
  type Served,
  serve,
  subscribe,
  wsStation
} from "../node/support.ts"
import { time } from "../support/messages.ts"
import { fields } from "../support/outcome.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const soon = Effect.timeout("1 second")

/** Half a second without a sign of life is too long. */
const dyingSoon = { pingInterval: "250 millis", pongTimeout: "250 millis" } as const

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

const ownerOf = (csms: Served["csms"]): Effect.Effect<Session> => Effect.map(csms.session("CP001"), Option.getOrThrow)

const clearCache = (csms: Served["csms"]) => Effect.forkChild(csms.call("CP001", V16.ClearCache, {}))

describe("a connection that is half open", () => {
  it.live("[CON-12] is replaced at once, whatever it still sends, and its calls end as Uncertain and NotSent", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve()
      const events = yield* subscribe(csms.sessions)
      const old = yield* rawStation(port)
      yield* old.answer
      const first = yield* ownerOf(csms)
      const sent = yield* clearCache(csms)
      const waiting = yield* clearCache(csms)
      const id = idOf(yield* old.receive)
      // From here on it reads nothing and answers nothing.
      old.socket.pause()

      const station = yield* soon(wsStation(`${url}/CP001`))
      const second = yield* ownerOf(csms)
      assert.notStrictEqual(second, first)
      assert.deepStrictEqual(fields(yield* soon(Effect.flip(Fiber.join(sent)))), {
        _tag: "Uncertain",
        action: "ClearCache",
        messageId: id,
        reason: "ConnectionLost"
      })
      assert.deepInclude(yield* soon(Effect.flip(Fiber.join(waiting))), { _tag: "NotSent", reason: "NotConnected" })

      const deviations = yield* subscribe(csms.deviations)
      yield* old.send(frame("text", JSON.stringify([3, id, { status: "Accepted" }])))
      yield* old.send(call("late", "Heartbeat", {}))
      yield* old.send(frame("text", "nonsense"))
      yield* old.send(frame("close", Buffer.of(0x0f, 0xa0)))
      old.socket.resume()
      const close = yield* soon(old.frame)
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1000])
      yield* soon(old.gone)

      const calling = yield* clearCache(csms)
      yield* station.send([3, idOf(yield* soon(station.receive)), { status: "Accepted" }])
      assert.deepStrictEqual(yield* soon(Fiber.join(calling)), { status: "Accepted" })
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* soon(station.receive), heartbeatAnswer)
      assert.strictEqual(yield* ownerOf(csms), second)
      assert.deepStrictEqual(
        (yield* Queue.takeN(events, 3)).map(({ _tag, session }) => [_tag, session]),
        [
          ["Connected", first],
          ["Replaced", first],
          ["Connected", second]
        ]
      )
      assert.strictEqual((yield* Queue.size(events)) + (yield* Queue.size(deviations)), 0)
    })
  )

  it.live("[CON-12] is replaced at once, and cut in its time if it answers the close with nothing", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({ server: dyingSoon })
      const events = yield* subscribe(csms.sessions)
      const old = yield* rawStation(port)
      yield* old.answer
      const station = yield* soon(wsStation(`${url}/CP001`))
      const second = yield* ownerOf(csms)
      yield* Effect.timeout(old.gone, "3 seconds")
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* soon(station.receive), heartbeatAnswer)
      assert.strictEqual(yield* ownerOf(csms), second)
      assert.deepStrictEqual(
        (yield* Queue.takeN(events, 3)).map(({ _tag }) => _tag),
        ["Connected", "Replaced", "Connected"]
      )
      assert.strictEqual(yield* Queue.size(events), 0)
    })
  )

  it.live("[CON-12] keeps a newcomer out where the oldest stays, until it is found to be dead", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({
        takeover: "reject",
        server: dyingSoon
      })
      const events = yield* subscribe(csms.sessions)
      const dead = yield* rawStation(port)
      yield* dead.answer
      assert.strictEqual((yield* refused(port)).status, 409)
      const last = yield* Effect.repeat(Queue.take(events), { until: ({ _tag }) => _tag === "Disconnected" })
      assert.deepInclude(last, { code: 1006 })
      const station = yield* soon(wsStation(`${url}/CP001`))
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* soon(station.receive), heartbeatAnswer)
    })
  )
})

describe("a CSMS in which the oldest stays", () => {
  it.live("[CON-12] answers a newcomer with 409, and the call that is under way with the other goes on", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({ takeover: "reject" })
      const station = yield* wsStation(`${url}/CP001`)
      const owner = yield* ownerOf(csms)
      const calling = yield* clearCache(csms)
      const id = idOf(yield* station.receive)
      const answer = yield* refused(port)
      assert.strictEqual(answer.status, 409)
      yield* station.send([3, id, { status: "Accepted" }])
      assert.deepStrictEqual(yield* soon(Fiber.join(calling)), { status: "Accepted" })
      assert.strictEqual(yield* ownerOf(csms), owner)
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* soon(station.receive), heartbeatAnswer)
    })
  )

  it.live("[CON-12] lets one of two in that come at once, the other is refused or closed with 1008", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { csms, port } = yield* serve({ takeover: "reject", accept: () => Deferred.await(gate) })
      const events = yield* subscribe(csms.sessions)
      const [one, two] = [yield* rawStation(port), yield* rawStation(port)]
      yield* Deferred.succeed(gate, undefined)
      const statuses = [(yield* soon(one.answer)).status, (yield* soon(two.answer)).status]
      const { session } = yield* Queue.take(events)
      const [calling, receiving] = [
        yield* clearCache(csms),
        Effect.raceFirst(Effect.as(one.receive, one), Effect.as(two.receive, two))
      ]
      const winner = yield* soon(receiving)
      const [loser, status] = winner === one ? [two, statuses[1]] : [one, statuses[0]]
      if (status === 101) {
        const close = yield* soon(loser.frame)
        assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1008])
      } else {
        assert.strictEqual(status, 409)
      }
      yield* Fiber.interrupt(calling)
      assert.strictEqual(yield* ownerOf(csms), session)
      assert.strictEqual(yield* Queue.size(events), 0)
    })
  )
})

describe("a CSMS that asks who shall stay", () => {
  it.live("[CON-12] is asked with the owner and the handshake, before the upgrade", () =>
    Effect.gen(function* () {
      const asked: Array<Session> = []
      const { csms, port, url } = yield* serve({
        takeover: (owner, { headers }) =>
          Effect.sync(() => {
            asked.push(owner)
            return headers.get("x-newcomer") === "replaces" ? "replace" : "reject"
          })
      })
      const old = yield* wsStation(`${url}/CP001`)
      const first = yield* ownerOf(csms)
      assert.deepStrictEqual(asked, [])

      assert.strictEqual((yield* refused(port, { headers: { "x-newcomer": "asks" } })).status, 409)
      assert.strictEqual(yield* ownerOf(csms), first)
      yield* old.send(heartbeat)
      assert.deepStrictEqual(yield* soon(old.receive), heartbeatAnswer)

      const station = yield* wsStation(`${url}/CP001`, ["ocpp1.6"], { headers: { "x-newcomer": "replaces" } })
      assert.deepInclude(yield* soon(old.closed), { code: 1000 })
      assert.notStrictEqual(yield* ownerOf(csms), first)
      yield* station.send(heartbeat)
      assert.deepStrictEqual(yield* soon(station.receive), heartbeatAnswer)
      assert.deepStrictEqual(asked, [first, first])
    })
  )
})
