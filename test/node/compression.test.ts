/**
 * Compression of frames, with stations and servers of `ws` and of bare bytes.
 */
import { afterEach, assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { TestClock } from "effect/testing"
import zlib from "node:zlib"
import * as V16 from "../../src/v16/index.ts"
import {
  call,
  closeOf,
  connect,
  frame,
  idOf,
  opcode,
  rawStation,
  serve,
  subscribe,
  wsCsms,
  wsStation
} from "./support.ts"
import { time } from "../support/messages.ts"

vi.setConfig({ testTimeout: 5_000, hookTimeout: 2_000 })

const heartbeat = [2, "h", "Heartbeat", {}]
const heartbeatAnswer = [3, "h", { currentTime: time }]

const offer = { "sec-websocket-extensions": "permessage-deflate" }

/** What a frame holds when it is compressed for itself (RFC 7692 §7.2.1). */
const deflate = (text: string | Uint8Array): Buffer =>
  zlib.deflateRawSync(text, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).subarray(0, -4)

const inflate = (payload: Buffer): string =>
  zlib
    .inflateRawSync(Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]), {
      finishFlush: zlib.constants.Z_SYNC_FLUSH
    })
    .toString()

const compressed = (text: string): Buffer => frame("text", deflate(text), { compressed: true })

/** A request of so many bytes, which is answered with the same data. */
const dataTransfer = (messageId: string, bytes: number) => [
  2,
  messageId,
  "DataTransfer",
  { vendorId: "v", data: "Straße ".repeat(bytes / 8) }
]

/** The inflaters, or deflaters, that are made from now on. */
const spied = (name: "createInflateRaw" | "createDeflateRaw") => {
  const made: Array<{ readonly stream: zlib.InflateRaw; bytes: number }> = []
  const create = zlib[name]
  vi.spyOn(zlib, name).mockImplementation((options) => {
    const stream = create(options)
    const counted = { stream, bytes: 0 }
    const { push } = stream
    stream.push = (chunk: Buffer | null) => {
      counted.bytes += chunk?.length ?? 0
      return push.call(stream, chunk)
    }
    made.push(counted)
    return stream
  })
  return made
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe("the server", () => {
  it.live("[CON-08] a station that offers compression gets it, each frame for itself", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const station = yield* wsStation(`${url}/CP001`, ["ocpp1.6"], { perMessageDeflate: true })
      assert.strictEqual(station.socket.extensions, "permessage-deflate")
      for (let count = 0; count < 3; count++) {
        const request = dataTransfer(`d${count}`, 10_000)
        yield* station.send(request)
        yield* station.send(heartbeat)
        const answer = [3, `d${count}`, { status: "Accepted", data: (request[3] as { data: string }).data }]
        assert.deepStrictEqual(yield* station.receive, answer)
        assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
      }
      const called = yield* Effect.forkChild(
        csms.call("CP001", V16.SendLocalList, {
          listVersion: 1,
          updateType: "Full",
          localAuthorizationList: Array.from({ length: 500 }, (_, index) => ({ idTag: `TAG-${index}` }))
        })
      )
      const request = yield* station.receive
      assert.isAbove(JSON.stringify(request).length, 5000)
      yield* station.send([3, idOf(request), { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(called), { status: "Accepted" })
    })
  )

  it.live("[CON-08] on the wire: frames from 1 KiB on are compressed, smaller ones are not", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port, { headers: offer })
      const { headers } = yield* station.answer
      assert.strictEqual(
        headers.get("sec-websocket-extensions"),
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
      )
      for (let count = 0; count < 2; count++) {
        yield* station.send(compressed(JSON.stringify(heartbeat)))
        const small = yield* station.frame
        assert.deepStrictEqual([small.isCompressed, JSON.parse(small.payload.toString())], [false, heartbeatAnswer])
        yield* station.send(compressed(JSON.stringify(dataTransfer("d", 2000))))
        const large = yield* station.frame
        assert.isTrue(large.isCompressed)
        assert.isBelow(large.payload.length, 200)
        assert.deepStrictEqual(idOf(JSON.parse(inflate(large.payload))), "d")
      }
    })
  )

  for (const [what, options, extensions] of [
    ["has none", {}, undefined],
    ["offers it to a server without", { compression: false }, "permessage-deflate; client_max_window_bits"],
    ["offers another extension", {}, "x-webkit-deflate-frame"],
    ["offers an unknown parameter", {}, "permessage-deflate; speed=9"],
    ["offers a window that is none", {}, "permessage-deflate; client_max_window_bits=16"],
    ["wants a window that zlib has not", {}, "permessage-deflate; server_max_window_bits=8"],
    ["offers a parameter twice", {}, "permessage-deflate; client_no_context_takeover; client_no_context_takeover"],
    ["sends what is no offer", {}, ";=,,permessage deflate"]
  ] as const) {
    it.live(`[CON-08] a station that ${what} is served without`, () =>
      Effect.gen(function* () {
        const { port } = yield* serve({ server: options })
        const station = yield* rawStation(port, { headers: { "sec-websocket-extensions": extensions } })
        const { headers, status } = yield* station.answer
        assert.strictEqual(status, 101)
        assert.isFalse(headers.has("sec-websocket-extensions"))
        yield* station.send(call("1", "DataTransfer", { vendorId: "v", data: "x".repeat(2000) }))
        const answer = yield* station.frame
        assert.deepStrictEqual([answer.opcode, answer.isCompressed], [opcode.text, false])
      })
    )
  }

  it.live("[CON-08] of several offers the first that can be accepted is", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port, {
        headers: {
          "sec-websocket-extensions":
            "x-other, permessage-deflate; mux=1, permessage-deflate; server_max_window_bits=10; client_max_window_bits"
        }
      })
      assert.strictEqual(
        (yield* station.answer).headers.get("sec-websocket-extensions"),
        "permessage-deflate; server_max_window_bits=10; server_no_context_takeover; client_no_context_takeover"
      )
      yield* station.send(compressed(JSON.stringify(heartbeat)))
      assert.deepStrictEqual(yield* station.receive, heartbeatAnswer)
    })
  )

  it.effect("an idle connection holds no state of zlib, whatever went over it", () =>
    Effect.gen(function* () {
      const streams = [spied("createInflateRaw"), spied("createDeflateRaw")]
      const { port } = yield* serve()
      const station = yield* rawStation(port, { headers: offer })
      yield* station.answer
      for (let count = 0; count < 3; count++) {
        yield* station.send(compressed(JSON.stringify(dataTransfer("d", 10_000))))
        assert.isTrue((yield* station.frame).isCompressed)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* station.frame).opcode, opcode.ping)
        yield* station.send(frame("pong", ""))
        yield* station.send(frame("ping", ""))
        assert.strictEqual((yield* station.frame).opcode, opcode.pong)
        for (const made of streams) {
          assert.strictEqual(made.length, count + 1)
          assert.isTrue(made.every(({ stream }) => stream.destroyed))
        }
      }
    })
  )

  it.live("a pong between the parts of a compressed frame harms it not", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port, { headers: offer })
      yield* station.answer
      const payload = deflate(JSON.stringify(dataTransfer("d", 2000)))
      yield* station.send(frame("text", payload.subarray(0, 40), { compressed: true, fin: false }))
      yield* station.send(frame("pong", ""))
      yield* station.send(frame("ping", ""))
      assert.strictEqual((yield* station.frame).opcode, opcode.pong)
      yield* station.send(frame("pong", ""))
      yield* station.send(frame("continuation", payload.subarray(40)))
      assert.strictEqual(idOf(JSON.parse(inflate((yield* station.frame).payload))), "d")
    })
  )

  it.live("many frames in one piece, large and small, compressed and not, are answered in order", () =>
    Effect.gen(function* () {
      const { port } = yield* serve()
      const station = yield* rawStation(port, { headers: offer })
      yield* station.answer
      const ids = Array.from({ length: 60 }, (_, index) => `m${index}`)
      const frames = ids.map((id, index) => {
        const text = JSON.stringify(dataTransfer(id, [100, 1200, 20_000][index % 3]!))
        return index % 2 === 0 ? compressed(text) : frame("text", text)
      })
      yield* station.send(Buffer.concat(frames))
      for (const id of ids) {
        const { isCompressed, payload } = yield* station.frame
        assert.strictEqual(idOf(JSON.parse(isCompressed ? inflate(payload) : payload.toString())), id)
      }
    })
  )

  it.live("the size limit holds for what a frame decompresses to; no more than that is decompressed", () =>
    Effect.gen(function* () {
      const inflaters = spied("createInflateRaw")
      const { csms, port, url } = yield* serve({ server: { maxFrameBytes: 100_000 } })
      const deviations = yield* subscribe(csms.deviations)
      const other = yield* wsStation(`${url}/OTHER`)
      const bomb = yield* rawStation(port, { path: "/BOMB", headers: offer })
      yield* bomb.answer
      yield* bomb.send(compressed("x".repeat(100_000)))
      assert.strictEqual((yield* Queue.take(deviations)).deviation.kind, "MalformedFrame")
      const payload = deflate(Buffer.alloc(90_000_000))
      assert.isBelow(payload.length, 100_000)
      yield* bomb.send(frame("text", payload, { compressed: true }))
      const { deviation, identity } = yield* Queue.take(deviations)
      assert.deepStrictEqual([identity, deviation.kind], ["BOMB", "OversizedFrame"])
      const close = yield* bomb.frame
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1009])
      assert.isBelow(inflaters.at(-1)!.bytes, 120_000)
      yield* other.send(heartbeat)
      assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
    })
  )

  it.live("what is not compressed as it says ends its connection only", () =>
    Effect.gen(function* () {
      const { port, url } = yield* serve()
      const other = yield* wsStation(`${url}/OTHER`)
      const station = yield* rawStation(port, { headers: offer })
      yield* station.answer
      yield* station.send(frame("text", "[2,no deflate", { compressed: true }))
      const close = yield* station.frame
      assert.deepStrictEqual([close.opcode, closeOf(close).code], [opcode.close, 1007])
      yield* other.send(heartbeat)
      assert.deepStrictEqual(yield* other.receive, heartbeatAnswer)
    })
  )
})

describe("the client", () => {
  it.live("[CON-08] a station offers compression only if it is told to", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms()
      yield* connect(server.url)
      yield* connect(server.url, {}, { compression: true })
      assert.isUndefined((yield* server.next).request.headers["sec-websocket-extensions"])
      assert.match(String((yield* server.next).request.headers["sec-websocket-extensions"]), /^permessage-deflate;/)
    })
  )

  for (const [what, perMessageDeflate, extensions] of [
    ["has none", false, ""],
    ["keeps a context of its own", { serverNoContextTakeover: undefined }, "permessage-deflate"],
    ["keeps none", { serverNoContextTakeover: true, clientNoContextTakeover: true }, "permessage-deflate"]
  ] as const) {
    it.live(`[CON-08] a station that offers compression works with a CSMS that ${what}`, () =>
      Effect.gen(function* () {
        const server = yield* wsCsms({ perMessageDeflate })
        const { csms } = yield* connect(server.url, {}, { compression: true })
        const { peer } = yield* server.next
        assert.strictEqual(peer.socket.extensions, extensions)
        for (let count = 0; count < 3; count++) {
          const data = "x".repeat(5000)
          const called = yield* Effect.forkChild(csms.dataTransfer({ vendorId: "v", data }))
          yield* peer.send([3, idOf(yield* peer.receive), { status: "Accepted", data }])
          assert.deepStrictEqual(yield* Fiber.join(called), { status: "Accepted", data })
        }
      })
    )
  }

  it.live("[CON-08] both sides are ours: it is used, and neither keeps anything", () =>
    Effect.gen(function* () {
      const streams = [spied("createInflateRaw"), spied("createDeflateRaw")]
      const { csms, url } = yield* serve()
      const station = yield* connect(url, {}, { compression: true })
      const data = "x".repeat(5000)
      for (let count = 0; count < 3; count++) {
        assert.deepStrictEqual(yield* station.csms.dataTransfer({ vendorId: "v", data }), { status: "Accepted", data })
        assert.deepStrictEqual(yield* csms.call("CP001", V16.ClearCache, {}), { status: "Accepted" })
      }
      for (const made of streams) {
        assert.strictEqual(made.length, 6)
        assert.isTrue(made.every(({ stream }) => stream.destroyed))
      }
    })
  )
})
