/**
 * A CSMS under test whose stations are written by hand.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { AnySession } from "../../src/csms/AnySession.ts"
import { Csms, type CsmsHandlerSource, type CsmsOptions } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import type { Acceptance, Credentials, Handshake, HandshakeRefused } from "../../src/csms/Handshake.ts"
import * as Transport from "../../src/Transport.ts"
import { Raw } from "./raw.ts"
import { collect, settled } from "./time.ts"

/** What a station presents that has nothing to say but its identity. */
export const handshake = (identity: string, credentials?: Credentials, subprotocol = "ocpp1.6"): Handshake => ({
  identity,
  path: `/ocpp/${identity}`,
  subprotocols: [subprotocol],
  credentials: Option.fromUndefinedOr(credentials),
  remoteAddress: undefined,
  isSecure: false,
  tls: undefined,
  query: new URLSearchParams(),
  headers: new Map()
})

/** Lets in whom it is given to let in, and says that all of them are accepted already. */
export const registered =
  <R = never, Data = never>(
    accept: CsmsOptions<[], R, Data>["accept"] = () => Effect.void
  ): CsmsOptions<[], R, Data>["accept"] =>
  (shake) =>
    Effect.map(accept(shake), (acceptance): Acceptance<Data> => ({ registration: "Accepted", ...acceptance }))

/**
 * Starts a CSMS, for which all stations are accepted already unless `accept` says otherwise. `connect` brings in a
 * station: `raw` is its end, `session` what the CSMS has of it.
 */
export const csms = Effect.fnUntraced(function* <
  Sets extends ReadonlyArray<CsmsHandlerSource> = [],
  RA = never,
  Data = never
>(options: Partial<CsmsOptions<Sets, RA, Data>> = {}) {
  const { handlers = [] as ReadonlyArray<never> as unknown as Sets } = options
  const context = yield* Layer.build(Csms.layer({ ...options, handlers, accept: registered(options.accept) }))
  const service = Context.get(context, Csms)
  const endpoint = Context.get(context, Endpoint)
  const connect = (
    identity: string,
    subprotocol?: string
  ): Effect.Effect<{ readonly raw: Raw; readonly session: AnySession }, HandshakeRefused> =>
    Effect.gen(function* () {
      const { agreed } = yield* endpoint.accept(handshake(identity, undefined, subprotocol))
      if (agreed === undefined) return yield* Effect.die(new Error("no common sub-protocol"))
      const [station, own] = yield* Transport.makePair
      const session = agreed.connect(own)
      if (session === undefined) return yield* Effect.die(new Error("another connection came first"))
      const raw = new Raw(station)
      yield* settled
      return { raw, session }
    })
  return { csms: service, endpoint, connect, deviations: yield* collect(service.deviations) }
})
