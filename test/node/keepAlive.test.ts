/**
 * Pings, and the end of connections on which nothing comes: the wheel alone in virtual time, and both sides over sockets.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type * as Net from "node:net"
import { WebSocketClient } from "../../src/node/index.ts"
import * as KeepAlive from "../../src/node/internal/KeepAlive.ts"
import { Connector } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import {
  call,
  defectOf,
  frame,
  opcode,
  rawCsms,
  rawStation,
  serve,
  subscribe,
  switching,
  wsStation
} from "./support.ts"
import { time } from "../support/messages.ts"
import { textOf } from "../support/engine.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

/** A connection that does nothing but tell what is done to it. */
class Fake implements KeepAlive.Watched {
  heardAt = 0
  pingedAt = 0
  slot = 0
  backlog = Infinity
  isReading = true
  isStalled = false
  bufferedAmount = 0
  readonly events: Array<"ping" | "cut"> = []
  private readonly keepAlive: KeepAlive.KeepAlive

  constructor(keepAlive: KeepAlive.KeepAlive) {
    this.keepAlive = keepAlive
    keepAlive.add(this)
  }

  hear(): void {
    this.heardAt = this.keepAlive.turn
  }

  ping(): void {
    this.events.push("ping")
  }

  terminate(): void {
    this.events.push("cut")
    this.keepAlive.remove(this)
  }
}

/** One that looks after connections, as both sides make it. */
const wheel = Effect.fnUntraced(function* (options: KeepAlive.KeepAliveOptions = {}) {
  const keepAlive = yield* KeepAlive.make(options)
  if (keepAlive === undefined) return yield* Effect.die("pings are off")
  return keepAlive
})

describe("the wheel", () => {
  it.effect("a silent connection is pinged after the interval and cut after the time-out", () =>
    Effect.gen(function* () {
      const fake = new Fake(yield* wheel({ pingInterval: "50 seconds", pongTimeout: "20 seconds" }))
      yield* TestClock.adjust("49 seconds")
      assert.deepStrictEqual(fake.events, [])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(fake.events, ["ping"])
      yield* TestClock.adjust("19 seconds")
      assert.deepStrictEqual(fake.events, ["ping"])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(fake.events, ["ping", "cut"])
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(fake.events, ["ping", "cut"])
    })
  )

  it.effect("what comes puts the ping off, by the interval from then on", () =>
    Effect.gen(function* () {
      const fake = new Fake(yield* wheel({ pingInterval: "50 seconds" }))
      for (let count = 0; count < 10; count++) {
        yield* TestClock.adjust("49 seconds")
        fake.hear()
      }
      assert.deepStrictEqual(fake.events, [])
      yield* TestClock.adjust("50 seconds")
      assert.deepStrictEqual(fake.events, ["ping"])
    })
  )

  it.effect("one that answers in time lives, and is pinged again an interval after its answer", () =>
    Effect.gen(function* () {
      const fake = new Fake(yield* wheel({ pingInterval: "50 seconds", pongTimeout: "20 seconds" }))
      for (let pings = 1; pings < 5; pings++) {
        yield* TestClock.adjust("50 seconds")
        assert.deepStrictEqual(fake.events, Array(pings).fill("ping"))
        yield* TestClock.adjust("19 seconds")
        fake.hear()
        yield* TestClock.adjust("49 seconds")
        assert.deepStrictEqual(fake.events, Array(pings).fill("ping"))
        fake.hear()
      }
    })
  )

  it.effect("an answer within the same turn counts, one from before the ping does not", () =>
    Effect.gen(function* () {
      const keepAlive = yield* wheel({ pingInterval: "50 seconds", pongTimeout: "50 seconds" })
      const fake = new Fake(keepAlive)
      yield* TestClock.adjust("50 seconds")
      fake.hear()
      yield* TestClock.adjust("50 seconds")
      assert.deepStrictEqual(fake.events, ["ping", "ping"])
      yield* TestClock.adjust("50 seconds")
      assert.deepStrictEqual(fake.events, ["ping", "ping", "cut"])
    })
  )

  it.effect("one that was removed is neither pinged nor cut", () =>
    Effect.gen(function* () {
      const keepAlive = yield* wheel()
      const before = new Fake(keepAlive)
      const after = new Fake(keepAlive)
      keepAlive.remove(before)
      yield* TestClock.adjust("1 minute")
      keepAlive.remove(after)
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual([before.events, after.events], [[], ["ping"]])
    })
  )

  it.effect("one that this side does not read from is not cut for its silence, not before it had its time again", () =>
    Effect.gen(function* () {
      const fake = new Fake(yield* wheel({ pingInterval: "50 seconds", pongTimeout: "20 seconds" }))
      yield* TestClock.adjust("50 seconds")
      fake.isReading = false
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(fake.events, ["ping"])
      fake.isReading = true
      fake.hear()
      yield* TestClock.adjust("49 seconds")
      assert.deepStrictEqual(fake.events, ["ping"])
      yield* TestClock.adjust("71 seconds")
      assert.deepStrictEqual(fake.events, ["ping", "ping", "cut"])
    })
  )

  it.effect("one whose peer reads nothing of what waits for it is cut, one whose peer reads slowly is not", () =>
    Effect.gen(function* () {
      const keepAlive = yield* wheel({ pingInterval: "50 seconds", pongTimeout: "20 seconds" })
      const stalled = (): Fake =>
        Object.assign(new Fake(keepAlive), { isReading: false, isStalled: true, bufferedAmount: 1000 })
      const stuck = stalled()
      const slow = stalled()
      yield* TestClock.adjust("50 seconds")
      for (let seconds = 0; seconds < 200; seconds += 10) {
        assert.deepStrictEqual(stuck.events, seconds < 20 ? [] : ["cut"])
        slow.bufferedAmount--
        yield* TestClock.adjust("10 seconds")
      }
      assert.deepStrictEqual(slow.events, [])
    })
  )

  it.effect("a crowd that came at once is not pinged at once, and everyone is pinged in time", () =>
    Effect.gen(function* () {
      const keepAlive = yield* wheel({ pingInterval: "50 seconds" })
      const crowd = Array.from({ length: 10_000 }, () => new Fake(keepAlive))
      const pinged = () => crowd.filter(({ events }) => events.length > 0).length
      yield* TestClock.adjust("49 seconds")
      assert.strictEqual(pinged(), 0)
      let before = 0
      for (let turn = 0; turn < 13; turn++) {
        yield* TestClock.adjust("1 second")
        const now = pinged()
        assert.isAtMost(now - before, 800)
        before = now
        for (const fake of crowd) if (fake.events.length > 0) fake.hear()
      }
      assert.strictEqual(before, 10_000)
    })
  )

  it.effect("an interval of 0 makes none, and the time-out follows a short interval", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* KeepAlive.make({ pingInterval: 0 }))
      const fake = new Fake(yield* wheel({ pingInterval: "10 seconds" }))
      yield* TestClock.adjust("20 seconds")
      assert.deepStrictEqual(fake.events, ["ping", "cut"])
    })
  )
})

describe("options", () => {
  for (const [options, message] of [
    [{ pingInterval: -1 }, /^pingInterval: .* not -1$/],
    [{ pingInterval: "-5 seconds" }, /^pingInterval: .* not -5 seconds$/],
    [{ pingInterval: Duration.seconds(-5) }, /^pingInterval: /],
    [{ pingInterval: { seconds: -5 } }, /^pingInterval: .* not {"seconds":-5}$/],
    [{ pingInterval: Number.NaN }, /^pingInterval: .* not NaN$/],
    [{ pingInterval: "Infinity" }, /^pingInterval: .* not Infinity$/],
    [{ pingInterval: Duration.infinity }, /^pingInterval: /],
    [{ pongTimeout: 0 }, /^pongTimeout: .* not 0$/],
    [{ pongTimeout: -1 }, /^pongTimeout: .* not -1$/],
    [{ pongTimeout: Number.NaN }, /^pongTimeout: .* not NaN$/],
    [{ pongTimeout: "61 seconds" }, /^pongTimeout: .* more than the pingInterval$/],
    [{ maxFrameBytes: 0 }, /^maxFrameBytes: .* not 0$/],
    [{ maxFrameBytes: Infinity }, /^maxFrameBytes: .* not Infinity$/],
    [{ maxBufferedBytes: -1 }, /^maxBufferedBytes: .* not -1$/]
  ] as const) {
    it.live(`[CON-11] ${JSON.stringify(options)} is a defect on either side that names the option`, () =>
      Effect.gen(function* () {
        assert.match(yield* defectOf(serve({ server: options })), message)
        assert.match(yield* defectOf(Layer.build(WebSocketClient.layer(options))), message)
      })
    )
  }
})

/** Returns once the server has read what other stations had sent: it has answered a later one twice. */
const read = (url: string) =>
  Effect.gen(function* () {
    const station = yield* wsStation(`${url}/READ`)
    for (let count = 0; count < 2; count++) {
      yield* station.send(heartbeat)
      yield* station.receive
    }
  }).pipe(Effect.scoped)

describe("the server", () => {
  it.effect("a station that answers no pings is cut, one that answers is not", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({ server: { pingInterval: "10 seconds" } })
      const sessions = yield* subscribe(csms.sessions)
      const alive = yield* wsStation(`${url}/ALIVE`)
      const pings = yield* Queue.unbounded<void>()
      alive.socket.on("ping", () => Queue.offerUnsafe(pings, undefined))
      const dead = yield* rawStation(port, { path: "/DEAD" })
      yield* dead.answer
      const pending = yield* Effect.forkChild(Effect.flip(csms.call("DEAD", V16.ClearCache, {})), {
        startImmediately: true
      })
      yield* TestClock.adjust("10 seconds")
      yield* Queue.take(pings)
      yield* read(url)
      yield* TestClock.adjust("10 seconds")
      yield* dead.gone
      assert.deepInclude(yield* Fiber.join(pending), { _tag: "Uncertain", reason: "ConnectionLost" })
      const ended = yield* Stream.fromQueue(sessions).pipe(
        Stream.filter((event) => event._tag === "Disconnected" && event.session.identity !== "READ"),
        Stream.runHead
      )
      assert.deepInclude(Option.getOrThrow(ended), { code: 1006 })
      assert.strictEqual(Option.getOrThrow(ended).session.identity, "DEAD")
      for (let count = 0; count < 3; count++) {
        yield* Queue.take(pings)
        yield* read(url)
        yield* TestClock.adjust("10 seconds")
      }
      yield* alive.send(heartbeat)
      assert.deepStrictEqual(yield* alive.receive, heartbeatAnswer)
    })
  )

  for (const [what, bytes, answer] of [
    ["frames", call("h", "Heartbeat", {}), opcode.text],
    ["pings of its own", frame("ping", "?"), opcode.pong]
  ] as const) {
    it.effect(`a station that answers no pings and sends ${what} is alive`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ server: { pingInterval: "10 seconds" } })
        const station = yield* rawStation(port)
        yield* station.answer
        for (let count = 0; count < 5; count++) {
          yield* TestClock.adjust("10 seconds")
          assert.strictEqual((yield* station.frame).opcode, opcode.ping)
          yield* station.send(bytes)
          assert.strictEqual((yield* station.frame).opcode, answer)
        }
      })
    )
  }

  it.effect("[CON-11] a ping interval of 0 turns pings off", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ server: { pingInterval: 0 } })
      const station = yield* rawStation(port)
      yield* station.answer
      yield* TestClock.adjust("3 days")
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
    })
  )

  it.effect("[CON-11] by default a station is pinged after a silent minute, and cut 30 seconds later", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port)
      yield* station.answer
      yield* TestClock.adjust("59 seconds")
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* station.frame).opcode, opcode.ping)
      yield* TestClock.adjust("28 seconds")
      yield* station.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* station.frame).opcode, opcode.text)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* station.frame).opcode, opcode.ping)
      yield* TestClock.adjust("30 seconds")
      yield* station.gone
    })
  )

  it.effect("a station that `accept` says answers no pings is not pinged", () =>
    Effect.gen(function* () {
      const { port } = yield* serve({ accept: ({ identity }) => Effect.succeed({ keepAlive: identity !== "OLD" }) })
      const old = yield* rawStation(port, { path: "/OLD" })
      yield* old.answer
      const other = yield* rawStation(port)
      yield* other.answer
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* other.frame).opcode, opcode.ping)
      yield* TestClock.adjust("1 hour")
      yield* other.gone
      yield* old.send(call("h", "Heartbeat", {}))
      assert.strictEqual((yield* old.frame).opcode, opcode.text)
    })
  )

  it.live("in real time: a station that answers pings stays, one that does not is cut with 1006", () =>
    Effect.gen(function* () {
      const { csms, port, url } = yield* serve({ server: { pingInterval: "50 millis" } })
      const sessions = yield* subscribe(csms.sessions)
      const alive = yield* wsStation(`${url}/ALIVE`)
      const dead = yield* rawStation(port, { path: "/DEAD" })
      assert.strictEqual((yield* dead.frame).opcode, opcode.ping)
      yield* dead.gone
      const ended = yield* Stream.fromQueue(sessions).pipe(
        Stream.filter((event) => event._tag === "Disconnected"),
        Stream.runHead
      )
      assert.deepInclude(Option.getOrThrow(ended), { code: 1006 })
      assert.strictEqual(Option.getOrThrow(ended).session.identity, "DEAD")
      yield* alive.send(heartbeat)
      assert.deepStrictEqual(yield* alive.receive, heartbeatAnswer)
    })
  )
})

describe("the client", () => {
  /** A server that answers no pings, and the two ends of a connection to it. */
  const connected = Effect.fnUntraced(function* (identities: ReadonlyArray<string>) {
    const pinged = yield* Queue.unbounded<Net.Socket>()
    const server = yield* rawCsms((socket, data) => {
      if (data.toString("latin1").startsWith("GET")) socket.write(switching(data))
      else if ((data[0]! & 0x0f) === opcode.ping) Queue.offerUnsafe(pinged, socket)
    })
    const options = { pingInterval: "50 seconds", pongTimeout: "20 seconds" } as const
    const { connect } = Context.get(yield* Layer.build(WebSocketClient.layer(options)), Connector)
    const events = yield* Queue.unbounded<string | number>()
    const transports = yield* Effect.forEach(identities, (identity) =>
      connect({
        url: server.url,
        identity,
        subprotocols: ["ocpp1.6"],
        password: undefined,
        timeout: Duration.seconds(1)
      }).pipe(
        Effect.map((connection) => {
          const transport = textOf(connection)
          transport.listen({
            frame: (text) => Queue.offerUnsafe(events, text),
            dropped: () => undefined,
            closed: (code) => Queue.offerUnsafe(events, code)
          })
          return transport
        })
      )
    )
    return { events, pinged, transports }
  })

  it.effect("one layer looks after all its stations, each for itself", () =>
    Effect.gen(function* () {
      const { events, pinged } = yield* connected(["A", "B"])
      yield* TestClock.adjust("50 seconds")
      const [alive, dead] = yield* Queue.takeN(pinged, 2)
      assert.notStrictEqual(alive, dead)
      alive!.write(Buffer.concat([frame("pong", "", { masked: false }), frame("text", "[]", { masked: false })]))
      assert.strictEqual(yield* Queue.take(events), "[]")
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(yield* Queue.take(events), 1006)
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* Queue.take(pinged), alive)
      // It never answers the close of the layer.
      alive!.destroy()
    })
  )

  it.effect("a connection that was not read from has its whole time again once it is", () =>
    Effect.gen(function* () {
      const { events, pinged, transports } = yield* connected(["A"])
      yield* TestClock.adjust("50 seconds")
      const socket = yield* Queue.take(pinged)
      transports[0]!.pause()
      yield* TestClock.adjust("1 hour")
      transports[0]!.resume()
      yield* TestClock.adjust("49 seconds")
      socket.write(frame("text", "[]", { masked: false }))
      assert.strictEqual(yield* Queue.take(events), "[]")
      yield* TestClock.adjust("50 seconds")
      yield* Queue.take(pinged)
      assert.strictEqual(yield* Queue.size(pinged), 0)
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(yield* Queue.take(events), 1006)
    })
  )
})
