/**
 * A station that speaks SOAP, at its CSMS: the session that it has for as long as it is heard from, and the way back to it.
 */
import type * as Http from "node:http"
import * as Net from "node:net"
import * as Option from "effect/Option"
import type { Alarm, Alarms } from "../../internal/Alarms.ts"
import type { Handshake } from "../../csms/Handshake.ts"
import type { AnySession } from "../../csms/AnySession.ts"
import { SoapCarrier } from "../../soap/SoapCarrier.ts"
import type { SoapCodec } from "../../soap/SoapCodec.ts"
import type { CallbackAddress } from "./CallbackAddress.ts"
import * as SoapPost from "./SoapPost.ts"
import { addressOf } from "./socketAddress.ts"

/**
 * Whether a station can be called: it has an address at which nobody has tried yet, at which it was found, or not; or it has
 * none.
 *
 * @category models
 * @since 0.1.0
 */
export type Reachability = "unknown" | "reachable" | "unreachable" | "none"

/** What the stations of a server share. Times are in milliseconds. */
export interface SoapStationParts {
  readonly alarms: Alarms
  readonly nextId: () => string
  /** The URL of the server. */
  readonly from: () => string
  readonly agents: Readonly<Record<"http:" | "https:", Http.Agent>>
  readonly post: Pick<SoapPost.PostTarget, "tls" | "coding" | "timeout" | "connectTimeout" | "maxBytes">
  readonly authorizationOf: (identity: string) => string | undefined
  /** How long a station may be silent; by default that depends on its heartbeats. */
  readonly silence: number | undefined
  readonly became: (station: SoapStation, reachability: Reachability) => void
  readonly gone: (station: SoapStation) => void
}

/** Two messages of one key are of the same station, as far as that can be told. */
export const keyOf = ({ credentials, remoteAddress, subprotocols, tls }: Handshake, authorization = ""): string => {
  const certificate = tls?.certificate?.fingerprint256 ?? ""
  const proof = Option.isNone(credentials) && certificate === "" ? (remoteAddress ?? "") : ""
  return JSON.stringify([subprotocols, authorization, certificate, proof])
}

/** Whether a message is known to be from the station that it names. */
export const isProved = ({ credentials, tls }: Handshake): boolean =>
  Option.isSome(credentials) || tls?.certificate !== undefined

export class SoapStation {
  readonly identity: string
  readonly codec: SoapCodec
  readonly key: string
  /** Where its first message came from. */
  readonly address: string | undefined
  readonly carrier: SoapCarrier
  /** What the CSMS has of it; set once it is attached. */
  session: AnySession | undefined = undefined
  /** The address that it has named last, with what vouched for it. */
  named: string | undefined = undefined
  private readonly parts: SoapStationParts
  private readonly under = new Set<() => void>()
  private callback: (CallbackAddress & { readonly post: SoapPost.Post }) | undefined = undefined
  private state: Reachability = "none"
  private heardAt: number
  private allowed: number
  private alarm: Alarm | undefined = undefined
  private probedAt = -Infinity
  private stopProbe: (() => void) | undefined = undefined
  private isOver = false

  constructor(
    parts: SoapStationParts,
    codec: SoapCodec,
    { address, identity, key }: Pick<SoapStation, "identity" | "key" | "address">
  ) {
    this.parts = parts
    this.codec = codec
    this.identity = identity
    this.key = key
    this.address = address
    this.heardAt = parts.alarms.now()
    this.allowed = parts.silence ?? unbooted
    const { lifecycle } = codec.carriage.protocol
    this.carrier = new SoapCarrier({
      codec,
      identity,
      nextId: parts.nextId,
      link: {
        post: (text, action, done) => this.post(text, action, done),
        to: () => this.callback?.url.href,
        from: () => parts.from(),
        closed: () => this.over()
      },
      answered: (action, response) => {
        if (parts.silence !== undefined || action !== lifecycle.boot.action.name) return
        const { interval } = lifecycle.boot.answer(response)
        this.allowed = interval > 0 ? Math.max(shortest, 2000 * interval) : unbooted
        this.watch()
      }
    })
    this.watch()
  }

  get reachability(): Reachability {
    return this.state
  }

  get url(): string | undefined {
    return this.callback?.url.href
  }

  /** A message has come from it. */
  heard(): void {
    this.heardAt = this.parts.alarms.now()
    if (this.state === "unreachable" && this.heardAt - this.probedAt >= probeInterval) this.probe()
  }

  /** It takes requests there from now on. */
  callAt(callback: CallbackAddress): void {
    const { agents, authorizationOf, post } = this.parts
    this.callback = {
      ...callback,
      post: SoapPost.to({
        ...post,
        ...callback,
        agent: agents[callback.url.protocol === "https:" ? "https:" : "http:"],
        authorization: () => authorizationOf(this.identity)
      })
    }
    this.state = "unknown"
    this.probe()
  }

  /** Ends the session. */
  end(code: number, reason: string): void {
    this.carrier.end(code, reason)
    this.over()
  }

  /** Looks whether anybody takes connections there. */
  private probe(): void {
    const { callback, parts } = this
    if (callback === undefined || this.isOver) return
    this.probedAt = parts.alarms.now()
    this.stopProbe?.()
    const { lookup, url } = callback
    const socket = Net.connect({ ...addressOf(url), lookup })
    const ended = (found: Reachability): void => {
      this.under.delete(stop)
      socket.destroy()
      if (!this.isOver && this.callback === callback) this.become(found)
    }
    const stop = (): void => {
      this.under.delete(stop)
      socket.destroy()
    }
    this.under.add(stop)
    this.stopProbe = stop
    socket.setTimeout(parts.post.connectTimeout, () => ended("unreachable"))
    socket.on("connect", () => ended("reachable"))
    socket.on("error", () => ended("unreachable"))
  }

  private become(state: Reachability): void {
    if (this.state === state) return
    this.state = state
    this.parts.became(this, state)
  }

  private post(text: string, action: string, done: (outcome: SoapPost.PostOutcome) => void): boolean {
    const { callback, state } = this
    // An earlier call has waited for the time-out there, so this one fails at once.
    if (callback === undefined || state === "unreachable") return false
    const stop = callback.post(text, action, (outcome) => {
      this.under.delete(stop)
      if (!this.isOver && this.callback === callback) this.become(outcome._tag === "Lost" ? "unreachable" : "reachable")
      done(outcome)
    })
    this.under.add(stop)
    return true
  }

  /** Ends the session once it has been silent for too long. */
  private watch(): void {
    const { alarms } = this.parts
    if (this.isOver || this.allowed === Infinity) return
    if (this.alarm !== undefined) alarms.cancel(this.alarm)
    this.alarm = alarms.set(this.heardAt + this.allowed, () => {
      this.alarm = undefined
      if (alarms.now() - this.heardAt < this.allowed) return this.watch()
      this.end(1006, `nothing was heard from it for ${Math.round(this.allowed / 1000)} s`)
    })
  }

  private over(): void {
    if (this.isOver) return
    this.isOver = true
    if (this.alarm !== undefined) this.parts.alarms.cancel(this.alarm)
    for (const stop of this.under) stop()
    this.parts.gone(this)
  }
}

/** How long a station may be silent, in milliseconds, that has not booted, or was given no heartbeat interval. */
const unbooted = 3_600_000

/** How long a station may be silent at least, in milliseconds, however short its heartbeat interval is. */
const shortest = 60_000

/** How long a station that was not found is left alone before it is looked for again, in milliseconds. */
const probeInterval = 60_000
