/**
 * What the tests of SOAP over HTTP share: a CSMS on a free port, requests of bare HTTP, and a station that is a function.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { Csms, type CsmsOptions, Endpoint } from "../../src/csms/index.ts"
import { SoapServer } from "../../src/node/Soap.ts"
import { Storage } from "../../src/Storage.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { csmsLayer } from "../support/csms.ts"
import { listening } from "../support/http.ts"
import { core } from "../support/messages.ts"
import { carriages, enveloped } from "../support/soap.ts"
import { basic, subscribe } from "./support.ts"

export const heartbeat = "<o:heartbeatRequest/>"

export const authorize = "<o:authorizeRequest><o:idTag>A</o:idTag></o:authorizeRequest>"

export const boot =
  "<o:bootNotificationRequest><o:chargePointVendor>V</o:chargePointVendor><o:chargePointModel>M</o:chargePointModel></o:bootNotificationRequest>"

/** Answers with a body as a station of 1.6 does. */
export const respond = (response: Http.ServerResponse, body: string): void => {
  response.writeHead(200, { "content-type": "application/soap+xml" })
  response.end(enveloped(body, "", Soap16.carriage.namespaces.station))
}

/** Options of a server that calls stations on this machine. */
export const local = { callbacks: { allow: ["127.0.0.1"] } }

export interface SoapOptions extends Partial<CsmsOptions> {
  readonly server?: Partial<SoapServer.SoapServerOptions>
  readonly storage?: Storage["Service"]
}

/** Serves until the end of the test. */
export const serveSoap = Effect.fnUntraced(function* ({ server, storage, ...options }: SoapOptions = {}) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const stored = storage === undefined ? Layer.empty : Layer.succeed(Storage, storage)
  const live = SoapServer.layer({ versions: carriages, port: 0, host: "127.0.0.1", ...server }).pipe(
    Layer.provideMerge(csmsLayer({ handlers: [V16.csmsHandlers(core)], ...options })),
    Layer.provide(stored)
  )
  const context = yield* Layer.buildWithScope(live, scope)
  const soap = Context.get(context, SoapServer.Service)
  return {
    csms: Context.get(context, Csms),
    endpoint: Context.get(context, Endpoint),
    soap,
    url: soap.url,
    callbacks: yield* subscribe(soap.callbacks),
    /** Closes the layer before the test's end. */
    stop: Scope.close(scope, Exit.void)
  }
})

export interface HttpReply {
  readonly status: number
  readonly headers: Http.IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

/** One request, whatever it is. */
export const request = (
  url: string,
  options: Http.RequestOptions = {},
  body: string | Uint8Array = ""
): Effect.Effect<HttpReply, Error> =>
  Effect.callback((resume) => {
    const sent = Http.request(url, { agent: false, method: "POST", ...options }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () => {
        const bytes = Buffer.concat(chunks)
        const { headers, statusCode: status = 0 } = response
        resume(Effect.succeed({ status, headers, bytes, text: bytes.toString() }))
      })
    })
    sent.on("error", (error) => resume(Effect.fail(error)))
    sent.end(body)
    return Effect.sync(() => sent.destroy())
  })

/** Posts the request of a station. */
export const post = (
  url: string,
  body: string,
  of: {
    readonly identity?: string | undefined
    readonly from?: string | undefined
    readonly password?: string | undefined
    readonly headers?: Http.OutgoingHttpHeaders | undefined
  } = {}
): Effect.Effect<HttpReply, Error> => {
  const { from, headers = {}, identity = "CP1", password } = of
  const header =
    `<o:chargeBoxIdentity>${identity}</o:chargeBoxIdentity>` +
    (from === undefined ? "" : `<w:From><w:Address>${from}</w:Address></w:From>`)
  return request(
    url,
    {
      headers: {
        "content-type": "application/soap+xml; charset=utf-8",
        ...(password === undefined ? {} : { authorization: basic(identity, password) }),
        ...headers
      }
    },
    enveloped(body, header)
  )
}

/** A server on a free port, until the end of the test; the requests that come, with their content. */
export const listener = Effect.fnUntraced(function* (
  answer: (request: Http.IncomingMessage, response: Http.ServerResponse, text: string) => void
) {
  const requests = yield* Queue.unbounded<{ readonly headers: Http.IncomingHttpHeaders; readonly text: string }>()
  const server = yield* listening((incoming, response) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString()
      Queue.offerUnsafe(requests, { headers: incoming.headers, text })
      answer(incoming, response, text)
    })
  })
  // A TCP server that listens has an address of this kind.
  const { port } = server.address() as AddressInfo
  return { server, port, url: `http://127.0.0.1:${port}/`, next: Queue.take(requests) }
})
