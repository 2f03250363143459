/**
 * The stations that speak SOAP with a CSMS: from an envelope to a session, or to a fault.
 */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Http from "node:http"
import type { Admission, Endpoint } from "../../csms/Endpoint.ts"
import { type Handshake, HandshakeRefused } from "../../csms/Handshake.ts"
import * as Envelope from "../../soap/Envelope.ts"
import * as Fault from "../../soap/Fault.ts"
import { refusal } from "../../soap/SoapCarrier.ts"
import type { SoapCodec } from "../../soap/SoapCodec.ts"
import type { Storage } from "../../Storage.ts"
import { decide } from "./Attachment.ts"
import type { CallbackAddress, Judge } from "./CallbackAddress.ts"
import type { HttpAnswer, OnRefused } from "./SoapEndpoint.ts"
import type { ConnectionLimits } from "./ConnectionLimits.ts"
import { isProved, keyOf, type Reachability, SoapStation, type SoapStationParts } from "./SoapStation.ts"
import { readHandshake } from "./UpgradeRequest.ts"
import type { Origin } from "./TrustedProxies.ts"

/**
 * What becomes of the address at which a station takes requests.
 *
 * **Details**
 *
 * - `Learnt`: there was none before. `Changed`: there was another one.
 * - `Refused`: it is not called, for the `reason`; one that is known stays.
 * - `Reachable`, `Unreachable`: somebody was found there, or not.
 *
 * @category models
 * @since 0.1.0
 */
export type CallbackEvent =
  | { readonly _tag: "Learnt" | "Reachable" | "Unreachable"; readonly identity: string; readonly url: string }
  | { readonly _tag: "Changed"; readonly identity: string; readonly url: string; readonly before: string }
  | { readonly _tag: "Refused"; readonly identity: string; readonly url: string; readonly reason: string }

type ParsedEnvelope = Extract<Envelope.Envelope, { readonly _tag: "Envelope" }>

interface SoapStationsOptions {
  readonly codecs: ReadonlyArray<SoapCodec>
  readonly endpoint: Endpoint["Service"]
  readonly storage: Storage["Service"] | undefined
  readonly judge: Judge
  /** The address of a station that was configured. */
  readonly configured: (identity: string) => string | undefined
  readonly originOf: (request: Http.IncomingMessage) => Origin
  readonly parts: Omit<SoapStationParts, "became" | "gone">
  readonly run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
  readonly tell: (event: CallbackEvent) => void
  /** Is told of what is refused before it is known whose it is. */
  readonly refused: OnRefused
  readonly limits: ConnectionLimits
  /** How long it may take to decide over a station, in milliseconds. */
  readonly handshakeTimeout: number
}

/** The station that a message is of, or the status to refuse it with, from which each who waits gets a fault of its own. */
type Decision = SoapStation | number

export class SoapStations {
  private readonly of: SoapStationsOptions
  private readonly byNamespace: ReadonlyMap<string, SoapCodec>
  private readonly byIdentity = new Map<string, SoapStation>()
  /** Those who wait for a decision, by the identity and the key of the station that is decided over. */
  private readonly deciding = new Map<string, Array<(decision: Decision) => void>>()
  private readonly parts: SoapStationParts
  private isOver = false

  constructor(options: SoapStationsOptions) {
    this.of = options
    this.byNamespace = new Map(options.codecs.map((codec) => [codec.namespace, codec]))
    this.parts = {
      ...options.parts,
      became: (station, state) => this.became(station, state),
      gone: (station) => {
        options.limits.leave(station.address)
        if (this.byIdentity.get(station.identity) === station) this.byIdentity.delete(station.identity)
      }
    }
  }

  get all(): ReadonlyArray<SoapStation> {
    return Array.from(this.byIdentity.values())
  }

  find(identity: string): SoapStation | undefined {
    return this.byIdentity.get(identity)
  }

  /** Takes an envelope that was posted. */
  take(request: Http.IncomingMessage, text: string, answer: (answer: HttpAnswer) => void): void {
    const envelope = Envelope.parse(text)
    const { header } = envelope
    const refuse = (code: string, why: string, codec?: SoapCodec): void => {
      const fault = this.fault(header, code, why, codec)
      this.of.refused(request, fault.status, why)
      answer(fault)
    }
    if (envelope._tag === "NoEnvelope") return refuse(envelope.fault, envelope.flaw)
    const codec = this.byNamespace.get(envelope.body.namespace)
    if (codec === undefined) {
      const known = Array.from(this.byNamespace.keys()).join(" or ")
      return refuse("ProtocolError", `the body is not in the namespace ${known}`)
    }
    const { identity } = header
    if (identity === undefined) return refuse("ProtocolError", "the header chargeBoxIdentity is missing", codec)
    const read = readHandshake(request, this.of.originOf(request), () => identity)
    if (typeof read === "number") return answer(this.refused(header, codec, read))
    const handshake = { ...read, subprotocols: [codec.carriage.protocol.json.subprotocol] }
    this.enter(codec, handshake, keyOf(handshake, request.headers.authorization), envelope, answer)
  }

  /** Lets nobody in any more, and ends the sessions once nothing is under way there; waits for that for a while. */
  readonly close = (drainTimeout: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      this.isOver = true
      const stations = this.all
      return Effect.forEach(stations, ({ session }) => session?.drain ?? Effect.void, {
        concurrency: "unbounded",
        discard: true
      }).pipe(
        Effect.timeoutOption(drainTimeout),
        Effect.andThen(
          Effect.sync(() => {
            for (const station of stations) station.end(1001, "the server is shutting down")
          })
        )
      )
    })

  private enter(
    codec: SoapCodec,
    handshake: Handshake,
    key: string,
    envelope: ParsedEnvelope,
    answer: (answer: HttpAnswer) => void
  ): void {
    const { identity } = handshake
    const { header } = envelope
    const known = this.byIdentity.get(identity)
    const give = (station: Decision): void => {
      if (typeof station === "number") return answer(this.refused(header, codec, station))
      station.heard()
      this.learn(station, header.from, handshake)
      station.carrier.receive(envelope, answer)
    }
    if (known?.key === key) return give(known)
    if (this.isOver) return answer(this.refused(header, codec, 503))
    const name = JSON.stringify([identity, key])
    const waiting = this.deciding.get(name)
    if (waiting !== undefined) {
      return waiting.length < mostWaiting ? void waiting.push(give) : answer(this.refused(header, codec, 503))
    }
    const { endpoint, handshakeTimeout, limits, run } = this.of
    const excess = limits.enter(handshake.remoteAddress)
    if (excess !== undefined) return answer(this.refused(header, codec, excess))
    const waiters = [give]
    this.deciding.set(name, waiters)
    const decided = (decision: Decision): void => {
      this.deciding.delete(name)
      for (const waiter of waiters) waiter(decision)
    }
    run(
      decide(endpoint, handshake).pipe(
        Effect.timeoutOrElse({
          duration: handshakeTimeout,
          orElse: () => Effect.fail(new HandshakeRefused({ status: 503 }))
        }),
        Effect.match({
          onFailure: ({ status }) => decided(this.turnAway(handshake, status)),
          onSuccess: (admission) => decided(this.admit(admission, codec, handshake, key))
        })
      )
    )
  }

  /** Makes the session of a station that may come in. */
  private admit({ agreed }: Admission, codec: SoapCodec, handshake: Handshake, key: string): Decision {
    const { identity, remoteAddress } = handshake
    if (agreed === undefined) return this.turnAway(handshake, notSpoken)
    if (this.isOver) return this.turnAway(handshake, 503)
    const station = new SoapStation(this.parts, codec, { identity, key, address: remoteAddress })
    const session = agreed.attach(station.carrier)
    // Where there is no session, the CSMS has closed the carrier, and `gone` has counted the station out already.
    if (session === undefined) return 409
    station.session = session
    this.byIdentity.set(identity, station)
    this.recall(station)
    return station
  }

  private turnAway({ remoteAddress }: Handshake, status: number): number {
    this.of.limits.leave(remoteAddress)
    return status
  }

  /** Takes the address of a station that was configured, or else the one that was known before. */
  private recall(station: SoapStation): void {
    const { configured, judge, run, storage, tell } = this.of
    const { identity } = station
    const url = configured(identity)
    const stored =
      url !== undefined || storage === undefined
        ? Effect.succeed(url)
        : Effect.suspend(() => storage.get(space, JSON.stringify(identity))).pipe(
            Effect.map((value) => (value === undefined ? undefined : Option.getOrUndefined(decodeStored(value))?.url)),
            Effect.catchCause((cause) =>
              Effect.as(Effect.logError("the address of the station could not be read", cause), undefined)
            )
          )
    run(
      Effect.flatMap(stored, (text) =>
        text === undefined
          ? Effect.void
          : Effect.map(judge(text, { isProved: true, isConfigured: url !== undefined, sender: undefined }), (found) => {
              if (typeof found === "string") tell({ _tag: "Refused", identity, url: text, reason: found })
              // What the station has named meanwhile is newer.
              else if (station.url === undefined) station.callAt(found)
            })
      )
    )
  }

  /** Looks at the address that a message names, if it is another one than before. */
  private learn(station: SoapStation, from: string | undefined, handshake: Handshake): void {
    const { configured, judge, run } = this.of
    if (from === undefined || from === Envelope.anonymous || from.length > longest) return
    if (configured(station.identity) !== undefined) return
    const proved = isProved(handshake)
    const named = JSON.stringify([from, proved || handshake.remoteAddress])
    if (station.named === named) return
    station.named = named
    run(
      Effect.flatMap(judge(from, { isProved: proved, sender: handshake.remoteAddress }), (found) =>
        station.named === named ? this.judged(station, from, found) : Effect.void
      )
    )
  }

  private judged(station: SoapStation, from: string, found: CallbackAddress | string): Effect.Effect<void> {
    const { storage, tell } = this.of
    const { identity, url: before } = station
    if (typeof found === "string") {
      return Effect.sync(() => tell({ _tag: "Refused", identity, url: from, reason: found }))
    }
    const { href: url } = found.url
    if (before === url) return Effect.void
    station.callAt(found)
    tell(before === undefined ? { _tag: "Learnt", identity, url } : { _tag: "Changed", identity, url, before })
    if (storage === undefined) return Effect.void
    const change = { space, key: JSON.stringify(identity), value: JSON.stringify({ url }) }
    return Effect.catchCause(
      Effect.suspend(() => storage.commit([change])),
      (cause) => Effect.logError("the address of the station could not be stored", cause)
    )
  }

  private became({ identity, url }: SoapStation, state: Reachability): void {
    if (url === undefined || (state !== "reachable" && state !== "unreachable")) return
    this.of.tell({ _tag: state === "reachable" ? "Reachable" : "Unreachable", identity, url })
  }

  private refused(header: Envelope.Header, codec: SoapCodec, status: number): HttpAnswer {
    const [code, reason] = refusals.get(status) ?? ["InternalError", "the CSMS is not ready"]
    return {
      ...this.fault(header, code, reason, codec),
      status: status === notSpoken ? 500 : status,
      ...(status === 401 ? { headers: { "www-authenticate": 'Basic realm="ocpp"' } } : {})
    }
  }

  private fault(header: Envelope.Header, code: string, reason: string, codec = this.of.codecs[0]!): HttpAnswer {
    return refusal(codec, header, Fault.fromCode(code, reason), this.of.parts.nextId())
  }
}

/** Stands for a version for which the CSMS has no handlers. */
const notSpoken = 0

const refusals: ReadonlyMap<number, readonly [code: string, reason: string]> = new Map([
  [notSpoken, ["NotSupported", "this CSMS does not speak this version of OCPP"]],
  [400, ["IdentityMismatch", "no station of this version can have this identity"]],
  [401, ["SecurityError", "the credentials are missing or wrong"]],
  [403, ["SecurityError", "the station is not allowed"]],
  [404, ["SecurityError", "the station is not known"]],
  [409, ["SecurityError", "the station is connected already"]],
  [429, ["InternalError", "there are too many requests"]]
])

/** How many characters an address may have; a longer one is not learnt. */
const longest = 2048

/** How many messages of a station can wait until it is decided over. */
const mostWaiting = 16

const space = "soap"

const decodeStored = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ url: Schema.String })))
