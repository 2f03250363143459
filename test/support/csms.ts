/**
 * A CSMS under test whose stations are written by hand.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type Acceptance, Csms, type CsmsOptions } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import type { Credentials, Handshake, HandshakeRefused } from "../../src/csms/Handshake.ts"
import type { Session } from "../../src/Session.ts"
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
  headers: new Map()
})

/** Lets in whom it is given to let in, and says that all of them are accepted already. */
export const registered =
  <R = never>(accept: CsmsOptions<never, R>["accept"] = () => Effect.void): CsmsOptions<never, R>["accept"] =>
  (shake) =>
    Effect.map(accept(shake), (acceptance): Acceptance => ({ registration: "Accepted", ...acceptance }))

/**
 * Starts a CSMS, for which all stations are accepted already unless `accept` says otherwise. `connect` brings in a
 * station: `raw` is its end, `session` what the CSMS has of it.
 */
export const csms = Effect.fnUntraced(function* <R>(options: Partial<CsmsOptions<R>> = {}) {
  const context = yield* Layer.build(Csms.layer({ handlers: [], ...options, accept: registered(options.accept) }))
  const service = Context.get(context, Csms)
  const endpoint = Context.get(context, Endpoint)
  const connect = (
    identity: string,
    subprotocol?: string
  ): Effect.Effect<{ readonly raw: Raw; readonly session: Session }, HandshakeRefused> =>
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
