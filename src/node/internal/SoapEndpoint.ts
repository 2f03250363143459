/**
 * Takes envelopes over HTTP: reads what is posted within limits, and gives back the answer.
 */
import * as Effect from "effect/Effect"
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import type { Side } from "../../Action.ts"
import * as ServiceDescription from "../../soap/ServiceDescription.ts"
import type { SoapCodec } from "../../soap/SoapCodec.ts"
import { urlFlaw } from "../../internal/EndpointUrl.ts"
import * as LogLimit from "../../internal/LogLimit.ts"
import * as HttpContent from "./HttpContent.ts"
import * as HttpListener from "./HttpListener.ts"
import { pathOf } from "./UpgradeRequest.ts"
import * as UpgradeRoutes from "./UpgradeRoutes.ts"

/** What answers an envelope: a status of HTTP and a text, which is XML unless headers say otherwise. */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Is told of what is no envelope before it is read, in words. */
export type OnRefused = (request: Http.IncomingMessage, status: number, why: string) => void

/**
 * What an endpoint does.
 *
 * - `take`: is given the text of each request; `answer` may be told any number of times, of which the first counts.
 * - `side`: whose service it describes, in the versions of the `codecs`, at `publicUrl` or where it listens.
 * - `requestTimeout`: how long a request and a TLS handshake may take to arrive, in milliseconds.
 */
interface EndpointOptions {
  readonly host?: string | undefined
  readonly port: number
  readonly path?: string | undefined
  readonly tls?: HttpListener.ServerTls | undefined
  readonly publicUrl?: string | undefined
  readonly requestTimeout: number
  readonly maxBytes: number
  readonly codecs: ReadonlyArray<SoapCodec>
  readonly side: Side
  readonly take: (request: Http.IncomingMessage, text: string, answer: (answer: HttpAnswer) => void) => void
  readonly refused: OnRefused
}

/** The URL of an option, at which the other side finds an endpoint; throws a `TypeError` if it is none. */
export const publicUrlOf = (option: string, url: string | undefined): string | undefined => {
  const flaw = url === undefined ? undefined : urlFlaw(url, undefined, "http")
  if (flaw !== undefined) throw new TypeError(`${option}: ${flaw}`)
  return url
}

/** Opens an endpoint until the scope closes; gives where it listens. */
export const listen = Effect.fnUntraced(function* (options: EndpointOptions) {
  const { host, port, publicUrl, refused, requestTimeout, tls } = options
  const prefix = UpgradeRoutes.prefixOf(options.path ?? "/")
  // Known once it listens, before which nobody asks.
  let url = ""
  const { server, urlOf, ...listening } = yield* HttpListener.listen({
    host,
    port,
    tls,
    handler: handler(options, prefix, () => publicUrl ?? url),
    settings: {
      requestTimeout,
      headersTimeout: requestTimeout,
      keepAliveTimeout: 120_000,
      connectionsCheckingInterval: Math.ceil(requestTimeout / 10)
    },
    handshakeTimeout: requestTimeout
  })
  url = urlOf("http", prefix === "" ? "/" : prefix)
  refuseUpgrades(server, refused)
  return { ...listening, url }
})

/** Logs what is refused, at most 20 lines a second. `what` is what was asked for, such as `a request`. */
export const refusing = (what: string): Effect.Effect<OnRefused> =>
  Effect.map(Effect.context<never>(), (context) => {
    const run = Effect.runForkWith(context)
    const warn = LogLimit.make()
    return ({ socket }, status, why) => {
      const from = socket.remoteAddress ?? "an unknown address"
      run(warn(`${what} from ${from} was refused with HTTP status ${status}: ${why}`))
    }
  })

/** Answers the requests of an HTTP server. */
const handler =
  (
    { codecs, maxBytes, refused, side, take }: EndpointOptions,
    prefix: string,
    address: () => string
  ): Http.RequestListener =>
  (request, response) => {
    const refuse = (status: number, why: string, headers: Readonly<Record<string, string>> = {}): void => {
      refused(request, status, why)
      respond(request, response, { status, text: `${why}\n`, headers: { "content-type": "text/plain", ...headers } })
      request.resume()
    }
    const path = pathOf(request)
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return refuse(404, "no service is here")
    const asked = request.method === "GET" ? /\?wsdl(?:=([\w.]*))?$/i.exec(request.url ?? "") : null
    const codec = asked === null ? undefined : codecOf(codecs, asked[1] ?? "")
    if (codec !== undefined) {
      const text = ServiceDescription.write(codec.carriage, side, address())
      return respond(request, response, { status: 200, text, headers: { "content-type": "text/xml" } })
    }
    if (request.method !== "POST") return refuse(405, speaksSoap, { allow: "POST" })
    HttpContent.read(request, maxBytes, (content) => {
      if (typeof content !== "string") {
        return refuse(content.status, content.why, content.status === 413 ? { connection: "close" } : {})
      }
      let isAnswered = false
      take(request, content, (answer) => {
        if (isAnswered) return
        isAnswered = true
        respond(request, response, answer)
      })
    })
  }

/** In which version a service is described: in the one that is asked for or, if none is, in the last. */
const codecOf = (codecs: ReadonlyArray<SoapCodec>, version: string): SoapCodec | undefined =>
  version === "" ? codecs.at(-1) : codecs.find(({ carriage }) => carriage.protocol.version === version)

/** What a WebSocket station is told. */
const speaksSoap = "OCPP over SOAP is spoken here, and envelopes are posted; a WebSocket has a port of its own"

/** Answers what asks for another protocol, such as a WebSocket. */
const refuseUpgrades = (server: Http.Server | Https.Server, refused: OnRefused): void => {
  server.on("upgrade", (request: Http.IncomingMessage, socket: Duplex) => {
    refused(request, 400, speaksSoap)
    socket.on("error", socket.destroy)
    const head = ["HTTP/1.1 400 Bad Request", "connection: close", "content-type: text/plain"]
    socket.end(`${head.join("\r\n")}\r\ncontent-length: ${speaksSoap.length + 1}\r\n\r\n${speaksSoap}\n`, () =>
      socket.destroy()
    )
  })
}

const respond = (request: Http.IncomingMessage, response: Http.ServerResponse, answer: HttpAnswer): void => {
  const coding = HttpContent.acceptedBy(String(request.headers["accept-encoding"] ?? ""))
  HttpContent.pack(answer.text, coding, (content, headers) => {
    if (response.destroyed || response.headersSent) return
    response.writeHead(answer.status, {
      "content-type": "application/soap+xml; charset=utf-8",
      ...headers,
      ...answer.headers
    })
    response.end(content)
  })
}
