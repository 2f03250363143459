/**
 * Connections between stations and a CSMS in one process, without sockets.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Endpoint } from "../csms/Endpoint.ts"
import * as Identity from "../Identity.ts"
import { Connector, NoCommonProtocol, Refused } from "../station/Connector.ts"
import * as Transport from "../Transport.ts"

/**
 * Connects stations to the CSMS that is present, whatever their URL.
 *
 * **When to use**
 *
 * Use in tests and simulations, with real or virtual time. The handshake is asked as it is on a socket.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Connector, never, Endpoint> = Layer.effect(
  Connector,
  Effect.gen(function* () {
    const endpoint = yield* Endpoint
    return Connector.of({
      connect: Effect.fnUntraced(function* (options) {
        const { identity, password, subprotocols, url } = options
        const { agreed } = yield* endpoint
          .accept({
            identity,
            path: `/${Identity.toSegment(identity)}`,
            subprotocols,
            credentials:
              password === undefined
                ? Option.none()
                : Option.some({ username: identity, password: Redacted.make(toBytes(Redacted.value(password))) }),
            remoteAddress: undefined,
            isSecure: url.startsWith("wss:"),
            headers: new Map()
          })
          .pipe(Effect.mapError(({ status }) => new Refused({ url, status })))
        if (agreed === undefined) return yield* new NoCommonProtocol({ url, offered: subprotocols })
        const [station, csms] = yield* Transport.makePair
        yield* Effect.addFinalizer(() => Effect.sync(() => station.close(1000, "")))
        agreed.connect(csms)
        return { subprotocol: agreed.subprotocol, transport: station }
      })
    })
  })
)

const toBytes = (password: string | Uint8Array): Uint8Array =>
  typeof password === "string" ? new TextEncoder().encode(password) : password
