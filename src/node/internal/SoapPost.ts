/**
 * Sends envelopes over HTTP: one request, whose answer is read within limits, without following anywhere else.
 */
import type * as Http from "node:http"
import * as Https from "node:https"
import type { LookupFunction } from "node:net"
import type { Posted } from "../../soap/SoapCarrier.ts"
import * as HttpContent from "./HttpContent.ts"
import { http } from "./http.ts"

/**
 * Where requests go, and how.
 *
 * - `lookup`: which address a name has; by default the system is asked.
 * - `timeout`: how long an exchange may take, in milliseconds.
 * - `connectTimeout`: how long it may take until the connection is made.
 */
export interface PostTarget {
  readonly url: URL
  readonly agent: Http.Agent
  readonly tls: Https.RequestOptions
  readonly lookup: LookupFunction | undefined
  readonly authorization: string | undefined
  readonly coding: "gzip" | "deflate" | undefined
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
export const post = (
  target: PostTarget,
  text: string,
  action: string,
  done: (outcome: PostOutcome) => void
): (() => void) => {
  const exchange = new Exchange(target, action, done)
  HttpContent.pack(text, target.coding, (content, headers) => exchange.send(content, headers))
  return () => exchange.end("the session is over")
}

class Exchange {
  private readonly target: PostTarget
  private readonly action: string
  private readonly done: (outcome: PostOutcome) => void
  private request: Http.ClientRequest | undefined = undefined
  private readonly timer: NodeJS.Timeout
  private isOver = false
  private hasLeft = false

  constructor(target: PostTarget, action: string, done: (outcome: PostOutcome) => void) {
    this.target = target
    this.action = action
    this.done = done
    this.timer = setTimeout(() => this.end("ETIMEDOUT"), target.timeout)
  }

  send(content: string | Uint8Array, headers: Readonly<Record<string, string | number>>): void {
    if (this.isOver) return
    const { agent, authorization, connectTimeout, lookup, tls, url } = this.target
    const options: Https.RequestOptions = {
      ...tls,
      method: "POST",
      agent,
      ...(lookup === undefined ? {} : { lookup }),
      headers: {
        "content-type": `application/soap+xml; charset=utf-8; action="/${this.action}"`,
        accept: "application/soap+xml",
        "accept-encoding": "gzip, deflate",
        ...headers,
        ...(authorization === undefined ? {} : { authorization })
      }
    }
    const request = url.protocol === "https:" ? Https.request(url, options) : http.request(url, options)
    this.request = request
    let connecting: NodeJS.Timeout | undefined
    const connected = (): void => {
      this.hasLeft = true
      clearTimeout(connecting)
    }
    request.on("socket", (socket) => {
      if (!socket.connecting) return connected()
      connecting = setTimeout(() => request.destroy(failure("ETIMEDOUT")), connectTimeout)
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", connected)
    })
    request.on("response", (response) => this.answered(response))
    request.on("close", () => clearTimeout(connecting))
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The peer has closed a connection that was kept, perhaps before it was used again.
      const isStale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE")
      if (isStale && !this.isOver) {
        this.hasLeft = false
        return this.send(content, headers)
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
        // By then the connection is free for the next request.
        return process.nextTick(() => this.settle({ _tag: "Answered", text: content }))
      }
      const what = typeof content === "string" ? `nothing` : content.why
      const from = `from ${this.target.url.host}, HTTP status ${response.statusCode ?? 0}`
      const isType = what.endsWith(": no SOAP")
      this.settle({ _tag: "NoSoap", flaw: isType ? `${what.slice(0, -9)} ${from}: no SOAP` : `${what} ${from}` })
      // What is left of it is not worth a connection.
      if (typeof content !== "string" && content.status === 413) response.destroy()
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

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })
