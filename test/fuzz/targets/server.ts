/**
 * Bytes for a WebSocket server, on real sockets: whatever comes, it answers or closes in time, a station that is
 * connected all the while is served, and nothing is left of the others.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { once } from "node:events"
import * as Net from "node:net"
import { Csms, unauthorized } from "../../../src/csms/index.ts"
import { WebSocketServer } from "../../../src/node/index.ts"
import { wsStation } from "../../node/support.ts"
import { csmsLayer } from "../../support/csms.ts"
import type { Seeded } from "../../support/seeded.ts"
import { callsOf, frame, type Version } from "../frames.ts"
import { must, simplerList, type Target, within } from "../fuzz.ts"
import { flawOf } from "../judge.ts"
import { mutate } from "../mutate.ts"
import { frames, head, simplerStream, sockets, type Stream, stream, textsIn, until, within10s, write } from "../wire.ts"
import { handlersOf } from "../../support/engine.ts"

/** Connections that come at the same time. */
interface Case {
  readonly streams: ReadonlyArray<Stream>
}

export const target = (versions: ReadonlyArray<Version>): Target<Case> => ({
  name: "server",
  generate: (random) => ({
    streams: Array.from({ length: random.integer(1, 8) }, () =>
      stream(random, request(random) + frames(random, () => text(random, versions), true))
    )
  }),
  simpler: ({ streams }) => within(simplerList(streams, simplerStream), (fewer) => ({ streams: fewer })),
  open: Effect.gen(function* () {
    const context = yield* Layer.build(serving(versions)).pipe(Effect.provide(Logger.layer([])))
    const { port, url } = Context.get(context, WebSocketServer.Server)
    const csms = Context.get(context, Csms)
    const canary = yield* wsStation(`${url}/CANARY`)
    const connected = () => Effect.runSync(csms.connected).map(({ identity }) => identity)
    const before = sockets()
    return async (tried) => {
      await Promise.all(tried.streams.map((one) => connection(versions, port, one)))
      await Effect.runPromise(canary.send([2, "canary", "Heartbeat", {}]))
      const answer = await within10s(Effect.runPromise(canary.receive), "the canary is answered")
      must(
        Array.isArray(answer) && answer[0] === 3 && answer[1] === "canary",
        "the canary is answered well",
        () => answer
      )
      await until(() => connected().length === 1, "only the canary is connected", connected)
      await until(
        () => sockets() <= before,
        "no socket is left",
        () => sockets() - before
      )
    }
  })
})

const serving = (versions: ReadonlyArray<Version>) =>
  WebSocketServer.layer({
    port: 0,
    host: "127.0.0.1",
    handshakeTimeout: "250 millis",
    maxFrameBytes: 65_536,
    trustedProxies: ["127.0.0.1"]
  }).pipe(
    Layer.provideMerge(
      csmsLayer({
        takeoverLimit: { swaps: 1000 },
        accept: ({ identity }) =>
          identity.startsWith("SLOW")
            ? Effect.sleep("10 millis")
            : identity.startsWith("NEVER")
              ? Effect.never
              : identity.startsWith("DEAD")
                ? Effect.die("x")
                : identity.startsWith("NO")
                  ? Effect.fail(unauthorized)
                  : Effect.void,
        handlers: versions.map((version) =>
          handlersOf(
            version.protocol,
            "csms",
            new Map(
              callsOf(version, "station").map(({ action, responses }) => [
                action.name,
                () => Effect.sync((): unknown => JSON.parse(responses[0]!))
              ])
            )
          )
        )
      })
    )
  )

/** One connection, to its end. */
const connection = async (versions: ReadonlyArray<Version>, port: number, one: Stream): Promise<void> => {
  const socket = Net.connect(port, "127.0.0.1")
  const received: Array<Buffer> = []
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
  const answered = Promise.race([once(socket, "data"), closed]).catch(() => undefined)
  socket.setNoDelay(true)
  socket.on("error", () => undefined)
  socket.on("data", (data: Buffer) => received.push(data))
  await Promise.race([once(socket, "connect"), closed])
  await write(socket, one)
  if (one.last === "wait") {
    await within10s(answered, "a server answers in time")
    socket.end()
  }
  await within10s(closed, "a connection ends")
  const bytes = Buffer.concat(received)
  const start = bytes.toString("latin1", 0, 65_536)
  must(start === "" || /^HTTP\/1\.1 \d{3} /.test(start), "a server answers with a status", () => start)
  if (!start.startsWith("HTTP/1.1 101 ")) return
  const end = start.indexOf("\r\n\r\n")
  const subprotocol = /^sec-websocket-protocol: (.*)$/im.exec(start.slice(0, end))?.[1]
  const protocol = versions.find((version) => version.protocol.json.subprotocol === subprotocol)?.protocol
  for (const sent of textsIn(bytes.subarray(end + 4))) {
    must(protocol !== undefined && flawOf(sent, protocol) === undefined, "what is sent is a frame", () => sent)
  }
}

const request = (random: Seeded): string => {
  const path = random.pick(paths)
  const method = random.next() < 0.95 ? "GET" : random.pick(["POST", "get", "OPTIONS", "CONNECT", "PRI", "", "GET GET"])
  const version = random.next() < 0.97 ? "HTTP/1.1" : random.pick(["HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "", "http/1.1"])
  return head(random, `${method} ${random.next() < 0.9 ? path : mutate(random, path)} ${version}`, [
    ["Host", "127.0.0.1"],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ["Sec-WebSocket-Protocol", random.pick(["ocpp1.6", "ocpp1.6", "ocpp2.0.1, ocpp1.6", "ocpp2.1", "ocpp1.5", "x"])],
    ...optional.filter(() => random.next() < 0.15)
  ])
}

const optional = [
  ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"],
  ["Authorization", "Basic Q1AwMDE6eA=="],
  ["X-Forwarded-For", "192.0.2.1, ::ffff:127.0.0.1"],
  ["X-Forwarded-Proto", "https"],
  ["Content-Length", "5"],
  ["Transfer-Encoding", "chunked"],
  ["Expect", "100-continue"]
] as const

const paths = [
  ..."/CP001 /CP001 /CP001 /a/b/CP002 /SLOW /NEVER /DEAD /NO / // * /% /%zz /CP%20001 /CP%2F001 /%00 /%ff".split(" "),
  ..."/%C3%BC /\u00fc /CP001?x=y /? /CP001#x /CP001/ /.. http://host/CP001 host:80 /%ED%A0%80 /a:b /__proto__".split(
    " "
  ),
  "",
  `/${"x".repeat(49)}`,
  `/${"x".repeat(10_000)}`
]

const text = (random: Seeded, versions: ReadonlyArray<Version>): string => {
  const version = random.pick(versions)
  const asked = random.pick(callsOf(version, "csms"))
  const valid = frame(random, version, "station", { call: "1", answer: "x", asked })
  return random.next() < 0.7 ? valid : mutate(random, valid)
}
