/**
 * What tests of OCPP-S have at hand: the versions, generated messages, and envelopes taken apart.
 */
import { assert } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Action from "../../src/Action.ts"
import type { Deviation } from "../../src/Deviation.ts"
import * as Peer from "../../src/engine/Peer.ts"
import type { HandlerSet } from "../../src/Handlers.ts"
import * as Envelope from "../../src/soap/Envelope.ts"
import { SoapCarrier, type SoapLink, type SoapReply } from "../../src/soap/SoapCarrier.ts"
import * as SoapCodec from "../../src/soap/SoapCodec.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Soap15 from "../../src/v15/Soap.ts"
import * as Soap16 from "../../src/v16/Soap.ts"

export const carriages = [Soap15.carriage, Soap16.carriage] as const

export const sides = ["csms", "station"] as const

export const otherSide = (side: Action.Side): Action.Side => (side === "csms" ? "station" : "csms")

/** Both ends of a version, of which `from` starts the calls. */
export const ends = (carriage: (typeof carriages)[number], from: Action.Side, numbers?: "exact") => ({
  caller: SoapCodec.make(carriage, { side: from, numbers }),
  called: SoapCodec.make(carriage, { side: otherSide(from), numbers })
})

/** Generated values of a message, small and large. */
export const samples = (schema: Action.MessageSchema, seed: string): ReadonlyArray<unknown> =>
  [1, 3, 6].flatMap((size) =>
    Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 6, seed, size }))
  )

/** A message as it arrives: its times are in UTC and to the millisecond, `Celcius` is `Celsius`, and -0 is 0. */
export const asSent = (value: unknown): unknown => {
  if (typeof value === "number") return value + 0
  if (value === "Celcius") return "Celsius"
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) {
    const millis = Timestamp.toMillis(value)
    return millis === undefined ? value : Timestamp.fromMillis(millis)
  }
  if (Array.isArray(value)) return value.map(asSent)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, asSent(field)]))
}

/** What only JSON has a form for. */
export const isWritable = (flaw: string): boolean =>
  /has a character that XML cannot carry|expected an integer of at most 32 bits|expected at least one|an instant/.test(
    flaw
  )

export const bodyOf = (text: string): string => /<s:Body>(.*)<\/s:Body>/s.exec(text)?.[1] ?? ""

/** The body as a document of its own. */
export const documentOf = (text: string, namespace: string): string =>
  bodyOf(text).replace(/^<([\w]+)/, `<$1 xmlns="${namespace}"`)

export const envelopeOf = (text: string): Extract<Envelope.Envelope, { readonly _tag: "Envelope" }> => {
  const envelope = Envelope.parse(text)
  if (envelope._tag === "NoEnvelope") throw new Error(envelope.flaw)
  return envelope
}

/** The fault in an answer, as code and sub-code. */
export const faultIn = (text: string): string => {
  const fault = Envelope.faultOf(envelopeOf(text).body)
  return fault === undefined ? "none" : `${fault.code}/${fault.subcode}`
}

export const written = (text: Result.Result<string, unknown>): string => Result.getOrThrow(text)

/** An envelope around a body, with the header of a station. */
export const enveloped = (
  body: string,
  header = "<o:chargeBoxIdentity>CP1</o:chargeBoxIdentity>",
  namespace = Soap16.carriage.namespaces.csms
): string =>
  `<e:Envelope xmlns:e="${Envelope.soapNamespace}" xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:o="${namespace}"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`

export const payloadOf = (codec: SoapCodec.SoapCodec, text: string): unknown => {
  const request = codec.request(envelopeOf(text))
  if (request._tag === "Flaw") return assert.fail(request.flaw)
  return request.payload
}

/** What an engine is given of its connection, for tests that open one by hand. */
export interface Opened {
  readonly peer: Peer.Peer
  readonly carrier: SoapCarrier
  readonly deviations: Array<Deviation>
}

/** Opens a side of a version over a link. */
export const open = Effect.fnUntraced(function* (
  handlers: HandlerSet<string, never>,
  codec: SoapCodec.SoapCodec,
  link: Partial<SoapLink> = {}
) {
  const scope = yield* Effect.scope
  const nextId = yield* Peer.makeIds
  const deviations: Array<Deviation> = []
  const engine = yield* Peer.make<unknown, never>({
    handlers,
    nextId,
    lifetime: scope,
    observer: { identity: () => "CP1", deviation: (_, deviation) => void deviations.push(deviation), closed: () => {} }
  })
  const carrier = new SoapCarrier({
    codec,
    identity: "CP1",
    nextId,
    link: { post: () => false, to: () => "http://peer/", from: () => undefined, closed: () => {}, ...link }
  })
  let peer!: Peer.Peer
  engine.open(carrier, scope, (opened) => (peer = opened))
  peer.listen()
  return { peer, carrier, deviations } satisfies Opened
})

/** Hands a request to a side, and waits for its answer. */
export const ask = (carrier: SoapCarrier, text: string): Effect.Effect<SoapReply> =>
  Effect.callback((resume) => carrier.receive(envelopeOf(text), (answer) => resume(Effect.succeed(answer))))
