/**
 * What the tests over sockets share: a CSMS on a free port, stations made of `ws` and of bare bytes, and the logs.
 */
// oxlint-disable-next-line import/no-unassigned-import -- `@peculiar/x509` asks for it
import "reflect-metadata"
import * as X509 from "@peculiar/x509"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { createHash, createPrivateKey } from "node:crypto"
import * as Http from "node:http"
import * as Net from "node:net"
import { type ClientOptions, type ServerOptions as WsServerOptions, WebSocket, WebSocketServer as WsServer } from "ws"
import { Csms, type CsmsOptions, type Endpoint, type Handshake } from "../../src/csms/index.ts"
import { WebSocketClient, WebSocketServer } from "../../src/node/index.ts"
import type { StationOptions } from "../../src/station/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { listening } from "../support/http.ts"
import { isComingOrGoing } from "../support/comings.ts"
import { csmsLayer } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { standUp } from "../support/station.ts"

// ---------------------------------------------------------------------------------------------------------------------
// a CSMS
// ---------------------------------------------------------------------------------------------------------------------

/** Answers Heartbeat, and DataTransfer with its own data. */
export const handlers = V16.csmsHandlersPartial({
  heartbeat: () => Effect.succeed({ currentTime: time }),
  dataTransfer: ({ data }) => Effect.succeed({ status: "Accepted", ...(data === undefined ? undefined : { data }) })
})

/** The same under another sub-protocol. */
export const speaking = (subprotocol: `ocpp${string}`): typeof handlers => ({
  ...handlers,
  protocol: { ...handlers.protocol, json: { ...handlers.protocol.json, subprotocol } }
})

export interface LiveOptions extends Partial<CsmsOptions> {
  readonly server?: Partial<WebSocketServer.ServerOptions>
}

/** A CSMS for everyone, accepted already. */
export const csms = (options: LiveOptions = {}): Layer.Layer<Csms | Endpoint> =>
  csmsLayer({ handlers: [handlers], ...options })

/** A CSMS for everyone on a free port of 127.0.0.1. */
const live = (
  options: LiveOptions = {}
): Layer.Layer<Csms | Endpoint | WebSocketServer.Server, WebSocketServer.ListenError> =>
  WebSocketServer.layer({ port: 0, host: "127.0.0.1", ...options.server }).pipe(Layer.provideMerge(csms(options)))

export interface Served {
  readonly csms: Csms["Service"]
  readonly port: number
  readonly url: string
  /** Closes the layer before the test's end. */
  readonly stop: Effect.Effect<void>
}

/** Serves until the end of the test. */
export const serve = Effect.fnUntraced(function* (options: LiveOptions = {}) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const context = yield* Layer.buildWithScope(live(options), scope)
  const served: Served = {
    csms: Context.get(context, Csms),
    ...Context.get(context, WebSocketServer.Server),
    stop: Scope.close(scope, Exit.void)
  }
  return served
})

/** A station until the end of the test, which accepts every Reset and ClearCache. */
export const connect = Effect.fnUntraced(function* (
  url: string,
  options: Partial<Omit<StationOptions, "handlers">> = {},
  client: WebSocketClient.ClientOptions = {}
) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const handlers16 = V16.stationHandlersPartial({
    reset: () => Effect.succeed({ status: "Accepted" }),
    clearCache: () => Effect.succeed({ status: "Accepted" })
  })
  const made = yield* standUp(
    V16.protocol,
    { ...options, url, handlers: handlers16 },
    WebSocketClient.layer(client)
  ).pipe(Scope.provide(scope))
  return {
    ...made,
    /** Closes the layer before the test's end. */
    stop: Scope.close(scope, Exit.void)
  }
})

export const passwordOf = (password: string | Uint8Array) => ({ password: Redacted.make(password) })

/** What a stream gives from now on. */
export const subscribe = <A>(stream: Stream.Stream<A>): Effect.Effect<Queue.Dequeue<A>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const queue = yield* Queue.unbounded<A>()
    yield* stream.pipe(
      Stream.runForEach((value) => Queue.offer(queue, value)),
      Effect.forkScoped({ startImmediately: true })
    )
    return queue
  })

/** A logger in place of the console, and what it got. */
/** What is logged, but for who comes and goes. */
export const logs = (): { readonly lines: Array<string>; readonly layer: Layer.Layer<never> } => {
  const lines: Array<string> = []
  return {
    lines,
    layer: Logger.layer([
      Logger.make<unknown, void>((options) => {
        const line = Logger.formatSimple.log(options)
        if (!isComingOrGoing(line)) lines.push(line)
      })
    ])
  }
}

export interface Certificate {
  readonly cert: string
  readonly key: string
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }

/** A self-signed certificate for a subject and, where given, alternative names (`DNS:localhost,IP:127.0.0.1`). */
export const certificate = (subject: string, alternative?: string): Effect.Effect<Certificate> =>
  Effect.promise(async () => {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])
    const names = (alternative?.split(",") ?? []).map((name) => {
      const value = name.slice(name.indexOf(":") + 1)
      return name.startsWith("IP:") ? { type: "ip" as const, value } : { type: "dns" as const, value }
    })
    const certified = await X509.X509CertificateGenerator.createSelfSigned({
      name: subject.split("/").filter(Boolean).join(", "),
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + day),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new X509.BasicConstraintsExtension(true),
        ...(names.length === 0 ? [] : [new X509.SubjectAlternativeNameExtension(names)])
      ]
    })
    const key = createPrivateKey({
      key: Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
      format: "der",
      type: "pkcs8"
    })
    return { cert: certified.toString("pem"), key: String(key.export({ format: "pem", type: "pkcs8" })) }
  })

const day = 86_400_000

// ---------------------------------------------------------------------------------------------------------------------
// a station made of `ws`
// ---------------------------------------------------------------------------------------------------------------------

export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface WsPeer {
  readonly socket: WebSocket
  /** The next text frame, as JSON. */
  readonly receive: Effect.Effect<unknown>
  readonly send: (frame: unknown) => Effect.Effect<void>
  readonly closed: Effect.Effect<Closed>
}

/** Attaches to a WebSocket of `ws`, of either side, before anything can come from it. */
export const wsPeer = Effect.fnUntraced(function* (socket: WebSocket) {
  const received = yield* Queue.unbounded<unknown>()
  const closed = yield* Deferred.make<Closed>()
  socket.on("message", (data) => Queue.offerUnsafe(received, JSON.parse(data.toString())))
  socket.on("close", (code, reason) => Deferred.doneUnsafe(closed, Effect.succeed({ code, reason: reason.toString() })))
  socket.on("error", () => undefined)
  yield* Effect.addFinalizer(() => Effect.sync(() => socket.terminate()))
  const peer: WsPeer = {
    socket,
    receive: Queue.take(received),
    send: (frame) => Effect.sync(() => socket.send(JSON.stringify(frame))),
    closed: Deferred.await(closed)
  }
  return peer
})

/** A station made of `ws`, connected; `url` includes the identity. */
export const wsStation = Effect.fnUntraced(function* (
  url: string,
  protocols: ReadonlyArray<string> = ["ocpp1.6"],
  options: ClientOptions = {}
) {
  const socket = new WebSocket(url, [...protocols], { handshakeTimeout: 2000, ...options })
  const open = Effect.callback<void, Error>((resume) => {
    socket.on("open", () => resume(Effect.void))
    socket.on("error", (error) => resume(Effect.fail(error)))
  })
  const peer = yield* wsPeer(socket)
  yield* open
  return peer
})

// ---------------------------------------------------------------------------------------------------------------------
// a CSMS made of `ws` or of bytes
// ---------------------------------------------------------------------------------------------------------------------

export interface WsSession {
  readonly request: Http.IncomingMessage
  readonly peer: WsPeer
}

/** A server of `ws` on a free port, and the stations that come. */
export const wsCsms = Effect.fnUntraced(function* (options: WsServerOptions = {}) {
  const scope = yield* Effect.scope
  const sessions = yield* Queue.unbounded<WsSession>()
  const server = yield* Effect.acquireRelease(
    Effect.callback<WsServer>((resume) => {
      const opened = new WsServer({ port: 0, host: "127.0.0.1", ...options })
      opened.on("listening", () => resume(Effect.succeed(opened)))
    }),
    (opened) =>
      Effect.callback<void>((resume) => {
        for (const client of opened.clients) client.terminate()
        opened.close(() => resume(Effect.void))
      })
  )
  server.on("connection", (socket, request) => {
    Queue.offerUnsafe(sessions, { request, peer: Effect.runSync(Scope.provide(wsPeer(socket), scope)) })
  })
  return { server, url: `ws://127.0.0.1:${portOf(server)}`, next: Queue.take(sessions) }
})

/** A TCP server on a free port that does with its connections what it is told. */
export const rawCsms = Effect.fnUntraced(function* (onData: (socket: Net.Socket, data: Buffer) => void) {
  const sockets = new Set<Net.Socket>()
  const connected = yield* Queue.unbounded<Net.Socket>()
  const server = yield* Effect.acquireRelease(
    Effect.callback<Net.Server>((resume) => {
      const opened = Net.createServer((socket) => {
        sockets.add(socket)
        socket.on("error", () => undefined)
        socket.on("close", () => sockets.delete(socket))
        socket.on("data", (data) => onData(socket, data))
        Queue.offerUnsafe(connected, socket)
      })
      opened.listen(0, "127.0.0.1", () => resume(Effect.succeed(opened)))
    }),
    (opened) =>
      Effect.callback<void>((resume) => {
        for (const socket of sockets) socket.destroy()
        opened.close(() => resume(Effect.void))
      })
  )
  const port = portOf(server)
  return { port, url: `ws://127.0.0.1:${port}`, next: Queue.take(connected) }
})

/** The answer that completes the handshake in these bytes. */
export const switching = (handshake: Buffer, headers = "Sec-WebSocket-Protocol: ocpp1.6\r\n"): Buffer => {
  const key = /^sec-websocket-key: (.+)\r$/im.exec(handshake.toString("latin1"))?.[1] ?? ""
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64")
  return Buffer.from(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n${headers}\r\n`
  )
}

// A server that listens on a host has an address of this kind.
export const portOf = (server: { readonly address: () => unknown }): number =>
  (server.address() as Net.AddressInfo).port

// ---------------------------------------------------------------------------------------------------------------------
// a station made of bytes
// ---------------------------------------------------------------------------------------------------------------------

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A frame of a client, with a mask that changes nothing. */
export const frame = (
  kind: keyof typeof opcode,
  payload: string | Uint8Array,
  options: { readonly fin?: boolean; readonly masked?: boolean; readonly compressed?: boolean } = {}
): Buffer => {
  const { compressed = false, fin = true, masked = true } = options
  const bytes = Buffer.from(payload)
  const length = bytes.length < 126 ? Buffer.alloc(1) : Buffer.alloc(bytes.length < 0x1_0000 ? 3 : 9)
  if (length.length === 1) length[0] = bytes.length
  else if (length.length === 3) {
    length[0] = 126
    length.writeUInt16BE(bytes.length, 1)
  } else {
    length[0] = 127
    length.writeBigUInt64BE(BigInt(bytes.length), 1)
  }
  if (masked) length[0]! |= 0x80
  return Buffer.concat([
    Buffer.of((fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode[kind]),
    length,
    Buffer.alloc(masked ? 4 : 0),
    bytes
  ])
}

export const call = (messageId: string, action: string, payload: unknown): Buffer =>
  frame("text", JSON.stringify([2, messageId, action, payload]))

/** The message id of a frame that came as JSON. */
export const idOf = (message: unknown): unknown => (Array.isArray(message) ? message[1] : undefined)

export interface Answer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export interface RawFrame {
  readonly opcode: number
  readonly isCompressed: boolean
  readonly payload: Buffer
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  /** In place of the usual headers of a handshake; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent in one piece with the handshake. */
  readonly early?: Uint8Array
}

export interface RawStation {
  readonly socket: Net.Socket
  /** The answer to the handshake. */
  readonly answer: Effect.Effect<Answer>
  /** The next frame. */
  readonly frame: Effect.Effect<RawFrame>
  /** The next text frame, as JSON. */
  readonly receive: Effect.Effect<unknown>
  readonly send: (bytes: Uint8Array) => Effect.Effect<void>
  /** The connection is over. */
  readonly gone: Effect.Effect<void>
}

/** Sends the bytes of a handshake and answers nothing of itself, neither pings nor a close. */
export const rawStation = Effect.fnUntraced(function* (port: number, request: RawRequest = {}) {
  const answer = yield* Deferred.make<Answer>()
  const frames = yield* Queue.unbounded<RawFrame>()
  const gone = yield* Deferred.make<void>()
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => Net.connect(port, "127.0.0.1")),
    (connected) => Effect.sync(() => connected.destroy())
  )
  let received = Buffer.alloc(0)
  let isUpgraded = false
  socket.on("error", () => undefined)
  socket.on("close", () => {
    // An answer without an upgrade ends with the connection.
    if (!isUpgraded) Deferred.doneUnsafe(answer, Effect.succeed(readAnswer(received.toString("latin1"))))
    Deferred.doneUnsafe(gone, Effect.void)
  })
  socket.on("data", (data) => {
    received = Buffer.concat([received, data])
    if (!isUpgraded) {
      const end = received.indexOf("\r\n\r\n")
      const head = readAnswer(received.toString("latin1", 0, Math.max(0, end)))
      if (end < 0 || head.status !== 101) return
      isUpgraded = true
      received = received.subarray(end + 4)
      Deferred.doneUnsafe(answer, Effect.succeed(head))
    }
    for (let next = readFrame(received); next !== undefined; next = readFrame(received)) {
      received = next.rest
      Queue.offerUnsafe(frames, next.frame)
    }
  })
  const headers = {
    host: "127.0.0.1",
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "ocpp1.6",
    ...request.headers
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`]
  )
  socket.write(
    Buffer.concat([
      Buffer.from(`${request.method ?? "GET"} ${request.path ?? "/CP001"} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"),
      request.early ?? Buffer.alloc(0)
    ])
  )
  const station: RawStation = {
    socket,
    answer: Deferred.await(answer),
    frame: Queue.take(frames),
    receive: Queue.take(frames).pipe(
      Effect.repeat({ until: (next) => next.opcode === opcode.text }),
      Effect.map(({ payload }): unknown => JSON.parse(payload.toString()))
    ),
    send: (bytes) => Effect.sync(() => socket.write(bytes)),
    gone: Deferred.await(gone)
  }
  return station
})

/** An HTTP server of somebody else, on a free port. */
export const httpServer = (
  answer: (path: string) => string = (path) => `you asked for ${path}`
): Effect.Effect<Http.Server, never, Scope.Scope> =>
  listening((request, response) => response.end(answer(request.url ?? "")))

export const get = (port: number, path: string): Effect.Effect<string> =>
  Effect.promise(async () => (await fetch(`http://127.0.0.1:${port}${path}`)).text())

/** What an effect says that dies. */
export const defectOf = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<string, never, R> =>
  Effect.map(Effect.exit(effect), (exit) => {
    const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
    return defect instanceof Error ? defect.message : `no defect: ${String(defect)}`
  })

/** The handshakes that an `accept` is asked for, all of which it lets in. */
export const recording = () => {
  const handshakes: Array<Handshake> = []
  return { handshakes, accept: (handshake: Handshake) => Effect.sync(() => void handshakes.push(handshake)) }
}

/** A connection on which nothing is sent. */
export const silent = Effect.fnUntraced(function* (port: number) {
  const gone = yield* Deferred.make<void>()
  const connected = yield* Deferred.make<void>()
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => Net.connect(port, "127.0.0.1")),
    (opened) => Effect.sync(() => opened.destroy())
  )
  socket.on("error", () => undefined)
  socket.on("connect", () => Deferred.doneUnsafe(connected, Effect.void))
  socket.on("close", () => Deferred.doneUnsafe(gone, Effect.void))
  socket.resume()
  yield* Deferred.await(connected)
  return { socket, gone: Deferred.await(gone) }
})

/** The answer to a handshake that is refused. */
export const refused = (port: number, request: RawRequest = {}): Effect.Effect<Answer> =>
  Effect.scoped(Effect.flatMap(rawStation(port, request), (station) => station.answer))

/** The code and the reason in a close frame. */
export const closeOf = ({ payload }: RawFrame): Closed => ({
  code: payload.readUInt16BE(0),
  reason: payload.toString("utf8", 2)
})

export const basic = (username: string, password: string | Uint8Array): string =>
  `Basic ${Buffer.concat([Buffer.from(`${username}:`), Buffer.from(password)]).toString("base64")}`

const readAnswer = (text: string): Answer => {
  const [head = "", ...body] = text.split("\r\n\r\n")
  const [status = "", ...lines] = head.split("\r\n")
  return {
    status: Number(status.split(" ")[1] ?? 0),
    headers: new Map(
      lines.map((line) => {
        const colon = line.indexOf(":")
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      })
    ),
    body: body.join("\r\n\r\n")
  }
}

/** The first frame in these bytes, unmasked. */
export const readFrame = (
  bytes: Buffer
): { readonly frame: RawFrame; readonly rest: Buffer<ArrayBuffer> } | undefined => {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const mask = bytes[1]! & 0x80 ? 4 : 0
  const start = (short < 126 ? 2 : short === 126 ? 4 : 10) + mask
  if (bytes.length < start) return undefined
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < start + length) return undefined
  const payload = Buffer.from(bytes.subarray(start, start + length))
  if (mask > 0) for (let index = 0; index < length; index++) payload[index]! ^= bytes[start - 4 + (index % 4)]!
  return {
    frame: { opcode: bytes[0]! & 0x0f, isCompressed: (bytes[0]! & 0x40) !== 0, payload },
    rest: Buffer.from(bytes.subarray(start + length))
  }
}
