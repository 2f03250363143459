/**
 * Sends envelopes over HTTP: one request, whose answer is read within limits, without following anywhere else.
 */
import type * as Http from "node:http"
import * as Https from "node:https"
import type { LookupFunction } from "node:net"
import { urlToHttpOptions } from "node:url"
import type { Posted } from "../../soap/SoapCarrier.ts"
import * as HttpContent from "./HttpContent.ts"
import { http } from "./http.ts"

/**
 * Where requests go, and how.
 *
 * - `lookup`: which address a name has; by default the system is asked.
 * - `authorization`: the header of this name, which is asked for with each envelope.
 * - `timeout`: how long an exchange may take, in milliseconds.
 * - `connectTimeout`: how long it may take until the connection is made.
 */
export interface PostTarget {
  readonly url: URL
  readonly agent: Http.Agent
  readonly tls: Https.RequestOptions
  readonly lookup: LookupFunction | undefined
  readonly authorization: () => string | undefined
  readonly coding: HttpContent.Coding | undefined
  readonly timeout: number
  readonly connectTimeout: number
  readonly maxBytes: number
}

/** What becomes of a request, with the system's error code if nothing came back. */
export type PostOutcome = Posted | (Extract<Posted, { readonly _tag: "Lost" }> & { readonly code: string })

/** An agent that keeps connections for the next requests. */
export const makeAgent = (protocol: string): Http.Agent => {
  const settings = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 1024, scheduling: "fifo" } as const
  return protocol === "https:" ? new Https.Agent(settings) : new http.Agent(settings)
}

/** Sends an envelope; the outcome is told once. What it returns ends it. */
export type Post = (text: string, action: string, done: (outcome: PostOutcome) => void) => () => void

/** What sends to a target. What its requests have in common is made once. */
export const to = (target: PostTarget): Post => {
  const way = wayOf(target)
  return (text, action, done) => {
    const exchange = new Exchange(way, way.headersOf(action), done)
    HttpContent.pack(text, target.coding, (content, headers) => exchange.send(content, headers))
    return () => exchange.end("the session is over")
  }
}

/** A target, with what its requests have in common. */
interface Way extends PostTarget {
  readonly options: Https.RequestOptions
  /** Names and values in turn, which Node.js writes as they are. */
  readonly headersOf: (action: string) => ReadonlyArray<string>
}

const wayOf = (target: PostTarget): Way => {
  const { agent, lookup, tls, url } = target
  const { auth, hostname, path, port, protocol } = urlToHttpOptions(url)
  const user = typeof auth === "string" ? `Basic ${Buffer.from(auth).toString("base64")}` : undefined
  const headers = ["host", url.host, "accept", "application/soap+xml", "accept-encoding", "gzip, deflate"]
  return {
    ...target,
    options: {
      ...tls,
      protocol,
      hostname,
      port,
      path,
      method: "POST",
      agent,
      ...(lookup === undefined ? {} : { lookup })
    },
    headersOf: (action) => {
      const type = `application/soap+xml; charset=utf-8; action="/${action}"`
      const authorization = target.authorization() ?? user
      const proof = authorization === undefined ? [] : ["authorization", authorization]
      return [...headers, ...proof, "content-type", type]
    }
  }
}

class Exchange {
  private readonly target: Way
  private readonly headers: ReadonlyArray<string>
  private readonly done: (outcome: PostOutcome) => void
  private request: Http.ClientRequest | undefined = undefined
  private readonly timer: NodeJS.Timeout
  private isOver = false
  private hasLeft = false

  constructor(target: Way, headers: ReadonlyArray<string>, done: (outcome: PostOutcome) => void) {
    this.target = target
    this.headers = headers
    this.done = done
    this.timer = setTimeout(() => this.end("ETIMEDOUT"), target.timeout)
  }

  send(content: string | Uint8Array, about: Readonly<Record<string, string | number>>): void {
    if (this.isOver) return
    const { connectTimeout, url } = this.target
    const headers = Array.from(this.headers)
    for (const name in about) headers.push(name, String(about[name]))
    const options = { ...this.target.options, headers }
    const request = url.protocol === "https:" ? Https.request(options) : http.request(options)
    this.request = request
    request.on("socket", (socket) => {
      this.hasLeft = !socket.connecting
      if (this.hasLeft) return
      const connecting = setTimeout(() => request.destroy(failure("ETIMEDOUT")), connectTimeout)
      request.on("close", () => clearTimeout(connecting))
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        this.hasLeft = true
        clearTimeout(connecting)
      })
    })
    request.on("response", (response) => this.answered(response))
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The peer has closed a connection that was kept, perhaps before it was used again.
      const isStale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE")
      if (isStale && !this.isOver) {
        this.hasLeft = false
        return this.send(content, about)
      }
      this.lost(error.code ?? error.message)
    })
    request.end(content)
  }

  end(code: string): void {
    if (this.isOver) return
    this.lost(code)
    this.request?.destroy()
  }

  private answered(response: Http.IncomingMessage): void {
    response.on("error", (error: NodeJS.ErrnoException) => this.lost(error.code ?? error.message))
    response.on("close", () => {
      // What has come as a whole may still be unpacked.
      if (!response.complete) this.lost("ECONNRESET")
    })
    HttpContent.read(response, this.target.maxBytes, (content) => {
      if (typeof content === "string" && content.trim() !== "") {
        // The outcome may bring about the next request, for which the agent has this connection from the next tick on.
        return process.nextTick(() => this.settle({ _tag: "Answered", text: content }))
      }
      const { status, type, why } = typeof content === "string" ? nothing : content
      const from = `from ${this.target.url.host}, HTTP status ${response.statusCode ?? 0}`
      this.settle({ _tag: "NoSoap", flaw: type === undefined ? `${why} ${from}` : `${type} ${from}: no SOAP` })
      // To read the rest of a large answer would cost more than a new connection does.
      if (status === 413) response.destroy()
    })
  }

  private lost(code: string): void {
    this.settle({ _tag: "Lost", hasLeft: this.hasLeft, code })
  }

  private settle(outcome: PostOutcome): void {
    if (this.isOver) return
    this.isOver = true
    clearTimeout(this.timer)
    this.done(outcome)
  }
}

/** What an empty answer is told as. */
const nothing = { status: undefined, type: undefined, why: "nothing" }

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })
