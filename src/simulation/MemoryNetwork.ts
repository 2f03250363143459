/**
 * Connections between stations and a CSMS in one process, without sockets.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Endpoint } from "../csms/Endpoint.ts"
import * as Carrier from "../engine/Carrier.ts"
import type { Message } from "../engine/Message.ts"
import * as Identity from "../Identity.ts"
import { publicUrl } from "../internal/EndpointUrl.ts"
import {
  type ConnectOptions,
  Connector,
  NoCommonProtocol,
  ConnectRefused,
  ConnectUnreachable
} from "../station/Connector.ts"
import * as Transport from "../Transport.ts"
import * as Link from "./Link.ts"

/**
 * The network between the stations and the CSMS, and what can happen to it.
 *
 * @category services
 * @since 0.1.0
 */
export class Network extends Context.Service<
  Network,
  {
    /** The connections of an identity, or all, that a side has yet to be told are closed; the oldest first. */
    readonly links: (identity?: string) => Effect.Effect<ReadonlyArray<Link.Link>>
    /** Breaks those connections; see `Link.cut`. */
    readonly cut: (identity?: string, noticed?: Parameters<Link.Link["cut"]>[0]) => Effect.Effect<void>
    /** From now on nothing arrives over those connections; see `Link.halfOpen`. */
    readonly halfOpen: (identity?: string, direction?: Link.Direction) => Effect.Effect<void>
    /** Whether the CSMS can be reached; while it cannot, attempts to connect fail as `ConnectUnreachable`. */
    readonly setReachable: (isReachable: boolean) => Effect.Effect<void>
  }
>()("effect-ocpp/simulation/MemoryNetwork/Network") {}

/**
 * Connects stations to the CSMS that is present, whatever their URL, and carries messages as the values that they are.
 *
 * **When to use**
 *
 * Use in tests and simulations, with real or virtual time. The handshake is asked as it is on a socket.
 *
 * **Gotchas**
 *
 * What has no form in JSON passes here, and both sides get the same objects. {@link layerWith} carries text.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Connector, never, Endpoint> = Layer.effect(
  Connector,
  Effect.map(Endpoint, (endpoint) =>
    Connector.of({
      connect: Effect.fnUntraced(function* (options) {
        const agreed = yield* handshake(endpoint, options)
        const [station, csms] = yield* Transport.makePairOf<Message>()
        yield* Effect.addFinalizer(() => Effect.sync(() => station.close(1000, "")))
        agreed.attach(Carrier.ofValues(csms))
        return { subprotocol: agreed.subprotocol, carrier: Carrier.ofValues(station) }
      })
    })
  )
)

/**
 * Connects stations to the CSMS that is present over links that carry frames of text and have faults, and gives the
 * `Network` to cause more. Without options a link has no faults.
 *
 * **Details**
 *
 * A handshake takes the time of a frame there and one back, and fails as `ConnectUnreachable` with code `ETIMEDOUT` if that
 * is too long for the station, and with `ECONNRESET` if the connection is cut on its way back.
 *
 * **Example** (A station that loses its connection)
 *
 * ```ts
 * const NetworkLive = MemoryNetwork.layerWith({ latency: "50 millis", jitter: "100 millis" })
 *
 * const program = Effect.gen(function*() {
 *   const network = yield* MemoryNetwork.Network
 *   yield* network.cut("CP001")
 * })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Link.LinkOptions = {}): Layer.Layer<Connector | Network, never, Endpoint> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const endpoint = yield* Endpoint
      const byIdentity = new Map<string, ReadonlyArray<Link.Link>>()
      let isReachable = true

      const links = (identity?: string): Effect.Effect<ReadonlyArray<Link.Link>> =>
        Effect.suspend(() =>
          Effect.filter(
            identity === undefined ? Array.from(byIdentity.values()).flat() : (byIdentity.get(identity) ?? []),
            (link) => link.isOpen
          )
        )

      const open = Effect.fnUntraced(function* (to: ConnectOptions) {
        const agreed = yield* handshake(endpoint, to)
        const link = yield* Link.make(options)
        byIdentity.set(to.identity, [...(yield* links(to.identity)), link])
        yield* Effect.addFinalizer(() => Effect.sync(() => link.station.close(1000, "")))
        agreed.connect(link.csms)
        return { subprotocol: agreed.subprotocol, link }
      })

      const connect = Effect.fnUntraced(
        function* (to: ConnectOptions) {
          const hop = Effect.fnUntraced(function* (direction: Link.Direction) {
            yield* Link.travel(options, direction)
            if (!isReachable) return yield* new ConnectUnreachable({ url: publicUrl(to.url), code: "ECONNREFUSED" })
          })
          yield* hop("toCsms")
          const opened = yield* Effect.exit(open(to))
          const leave = Effect.sync(() => {
            if (Exit.isSuccess(opened)) opened.value.link.station.close(1006, "")
          })
          yield* Effect.onError(hop("toStation"), () => leave)
          const { link, subprotocol } = yield* opened
          if (yield* link.isCut) {
            yield* leave
            return yield* new ConnectUnreachable({ url: publicUrl(to.url), code: "ECONNRESET" })
          }
          return { subprotocol, transport: link.station }
        },
        (connecting, { timeout, url }) =>
          Effect.timeoutOrElse(connecting, {
            duration: timeout,
            orElse: () => Effect.fail(new ConnectUnreachable({ url: publicUrl(url), code: "ETIMEDOUT" }))
          })
      )

      const network = Network.of({
        links,
        cut: (identity, noticed) =>
          Effect.flatMap(
            links(identity),
            Effect.forEach((link) => link.cut(noticed), { discard: true })
          ),
        halfOpen: (identity, direction) =>
          Effect.flatMap(
            links(identity),
            Effect.forEach((link) => link.halfOpen(direction), { discard: true })
          ),
        setReachable: (reachable) =>
          Effect.sync(() => {
            isReachable = reachable
          })
      })
      return Context.make(Connector, Connector.of({ connect })).pipe(Context.add(Network, network))
    })
  )

const handshake = Effect.fnUntraced(function* (endpoint: Endpoint["Service"], to: ConnectOptions) {
  const { identity, password, subprotocols } = to
  const url = publicUrl(to.url)
  const { pathname, protocol, searchParams } = new URL(Identity.toUrl(to.url, identity))
  const { agreed } = yield* endpoint
    .accept({
      identity,
      path: pathname,
      subprotocols,
      credentials:
        password === undefined
          ? Option.none()
          : Option.some({ username: identity, password: Redacted.make(toBytes(Redacted.value(password))) }),
      remoteAddress: undefined,
      isSecure: protocol === "wss:",
      tls: undefined,
      query: searchParams,
      headers: new Map()
    })
    .pipe(Effect.mapError(({ status }) => new ConnectRefused({ url, status })))
  if (agreed === undefined) return yield* new NoCommonProtocol({ url, offered: subprotocols })
  return agreed
})

const toBytes = (password: string | Uint8Array): Uint8Array =>
  typeof password === "string" ? new TextEncoder().encode(password) : password
