/**
 * Takes envelopes over HTTP: reads what is posted within limits, and gives back the answer.
 */
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import type { Side } from "../../Action.ts"
import * as ServiceDescription from "../../soap/ServiceDescription.ts"
import type { SoapCodec } from "../../soap/SoapCodec.ts"
import * as HttpContent from "./HttpContent.ts"
import { pathOf } from "./UpgradeRequest.ts"

/** What answers an envelope: a status of HTTP and a text, which is XML unless headers say otherwise. */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * What an endpoint does.
 *
 * - `take`: is given the text of each request; `answer` may be told any number of times, of which the first counts.
 * - `describe`: the service in a version, by its name, or in the only one that is spoken or the last of them.
 * - `refused`: is told of what is no envelope before it is read, in words.
 */
export interface EndpointOptions {
  readonly prefix: string
  readonly maxBytes: number
  readonly take: (request: Http.IncomingMessage, text: string, answer: (answer: HttpAnswer) => void) => void
  readonly describe: (version: string) => string | undefined
  readonly refused: (request: Http.IncomingMessage, status: number, why: string) => void
}

/** What answers the requests of an HTTP server. */
export const handler =
  (options: EndpointOptions): Http.RequestListener =>
  (request, response) => {
    const { maxBytes, prefix, refused, take } = options
    const refuse = (status: number, why: string, headers: Readonly<Record<string, string>> = {}): void => {
      refused(request, status, why)
      respond(request, response, { status, text: `${why}\n`, headers: { "content-type": "text/plain", ...headers } })
      request.resume()
    }
    const path = pathOf(request)
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return refuse(404, "no service is here")
    const asked = request.method === "GET" ? /\?wsdl(?:=([\w.]*))?$/i.exec(request.url ?? "") : null
    const description = asked === null ? undefined : options.describe(asked[1] ?? "")
    if (description !== undefined) {
      return respond(request, response, { status: 200, text: description, headers: { "content-type": "text/xml" } })
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

/** Describes the service of a side in the versions that are spoken. */
export const describing =
  (codecs: ReadonlyArray<SoapCodec>, side: Side, address: () => string): EndpointOptions["describe"] =>
  (version) => {
    const codec = version === "" ? codecs.at(-1) : codecs.find(({ carriage }) => carriage.protocol.version === version)
    return codec === undefined ? undefined : ServiceDescription.write(codec.carriage, side, address())
  }

/** What a WebSocket station is told. */
export const speaksSoap = "OCPP over SOAP is spoken here, and envelopes are posted; a WebSocket has a port of its own"

/** Answers what asks for another protocol, such as a WebSocket. */
export const refuseUpgrades = (server: Http.Server | Https.Server, refused: EndpointOptions["refused"]): void => {
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
