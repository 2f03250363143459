/**
 * A CSMS under test, of one version or of any, whose stations are written by hand.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { AnySession } from "../../src/csms/AnySession.ts"
import { Csms, type CsmsHandlerSource, type CsmsOptions } from "../../src/csms/Csms.ts"
import { Endpoint } from "../../src/csms/Endpoint.ts"
import type { Acceptance, Credentials, Handshake, HandshakeRefused } from "../../src/csms/Handshake.ts"
import * as Handlers from "../../src/Handlers.ts"
import * as Transport from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { Raw } from "./raw.ts"
import { collect, settled } from "./time.ts"
import { responseTo, type Version } from "./versions.ts"

/** What a station presents that has nothing to say but its identity; it speaks 1.6 unless told otherwise. */
export const handshake = (
  identity: string,
  credentials?: Credentials,
  ...subprotocols: ReadonlyArray<string>
): Handshake => ({
  identity,
  path: `/ocpp/${identity}`,
  subprotocols: subprotocols.length === 0 ? ["ocpp1.6"] : subprotocols,
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
 * Makes the layer of a CSMS for which all stations are accepted already, unless `accept` says otherwise. Without handlers it
 * speaks 1.6. It is for tests that put a CSMS together with a server or a network; others start one with `csms`.
 */
export const csmsLayer = <Sets extends ReadonlyArray<CsmsHandlerSource> = [], RA = never, Data = never>(
  options: Partial<CsmsOptions<Sets, RA, Data>> = {}
) => {
  // Where no handlers are given, no type says anything of them.
  const { handlers = [V16.csmsHandlersPartial({})] as ReadonlyArray<CsmsHandlerSource> as Sets } = options
  return Csms.layer({ ...options, handlers, accept: registered(options.accept) })
}

/**
 * Brings stations in to a CSMS. A station speaks 1.6 unless it is told what it offers; `raw` is its end, `session` what
 * the CSMS has of it.
 */
export const connectTo =
  (endpoint: Endpoint["Service"]) =>
  (
    identity: string,
    ...subprotocols: ReadonlyArray<string>
  ): Effect.Effect<
    { readonly raw: Raw; readonly session: AnySession; readonly subprotocol: string },
    HandshakeRefused
  > =>
    Effect.gen(function* () {
      const { agreed } = yield* endpoint.accept(handshake(identity, undefined, ...subprotocols))
      if (agreed === undefined) return yield* Effect.die(new Error("no common sub-protocol"))
      const [station, own] = yield* Transport.makePair
      const session = agreed.connect(own)
      if (session === undefined) return yield* Effect.die(new Error("another connection came first"))
      const raw = new Raw(station)
      yield* settled
      return { raw, session, subprotocol: agreed.subprotocol }
    })

/**
 * Starts a CSMS, for which all stations are accepted already unless `accept` says otherwise; `connect` brings in a
 * station.
 */
export const csms = Effect.fnUntraced(function* <
  Sets extends ReadonlyArray<CsmsHandlerSource> = [],
  RA = never,
  Data = never
>(options: Partial<CsmsOptions<Sets, RA, Data>> = {}) {
  const context = yield* Layer.build(csmsLayer(options))
  const service = Context.get(context, Csms)
  const endpoint = Context.get(context, Endpoint)
  return { csms: service, endpoint, connect: connectTo(endpoint), deviations: yield* collect(service.deviations) }
})

/** The options of a CSMS of any version. */
export interface AnyOptions extends Partial<Omit<CsmsOptions, "accept" | "handlers">> {
  readonly accept?: (() => Acceptance | void) | undefined
  /** Handlers in place of those that give the least answer, by the action. */
  readonly handlers?: Readonly<Record<string, Handlers.UntypedHandler>>
}

/**
 * Starts a CSMS of one version, for tests that go through all of them. It gives the least answer to every request, and
 * `handled` is what reached its handlers. Nothing is on record of its stations unless `accept` says how they stand.
 * `boot` lets a station boot and answers it with a status; `ask` gives what a request is answered with: the response, or
 * the code of the error.
 */
export const csmsOf = Effect.fnUntraced(function* (
  version: Version,
  { accept, handlers = {}, ...options }: AnyOptions = {}
) {
  const { protocol } = version
  const handled: Array<string> = []
  let status = "Accepted"
  const least = (action: string): object =>
    action === "BootNotification" ? version.answer(status) : responseTo(version, action)
  const made = yield* csms({
    ...options,
    accept: () => Effect.sync((): Acceptance => ({ registration: undefined, ...accept?.() })),
    handlers: [
      Handlers.make(protocol, "csms", ({ name }) => (...request) => {
        handled.push(name)
        return handlers[name]?.(...request) ?? Effect.succeed(least(name))
      })
    ]
  })
  const connect = (identity = "CP001") => made.connect(identity, protocol.json.subprotocol)
  let ids = 0
  const ask = Effect.fnUntraced(function* (raw: Raw, action: string, payload: unknown) {
    const id = `request ${++ids}`
    yield* raw.send([2, id, action, payload])
    const [, answered, response] = yield* raw.next
    return answered === id ? response : yield* Effect.die(new Error(`an answer to ${String(answered)} came`))
  })
  const boot = (raw: Raw, answer: string) =>
    Effect.suspend(() => {
      status = answer
      return ask(raw, "BootNotification", version.boot)
    })
  return { ...made, ask, boot, connect, handled }
})
