/**
 * `ocpp gateway`: stations in front, a CSMS behind.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Command, Flag } from "effect/cli"
import { adapter as v15 } from "../adapter/V15.ts"
import { adapter as v16 } from "../adapter/V16.ts"
import { adapter as v201 } from "../adapter/V201.ts"
import { adapter as v21 } from "../adapter/V21.ts"
import * as Domain from "../domain/index.ts"
import { Gateway } from "../gateway/index.ts"
import { publicUrl } from "../internal/EndpointUrl.ts"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "../node/index.ts"
import * as Tolerance from "../Tolerance.ts"
import { acceptOf, basicFlags, upstreamBasicFlags, upstreamPasswordsOf } from "./basic.ts"
import { UsageError } from "./errors.ts"
import { file } from "./files.ts"
import { identityFlags, identityOf } from "./identity.ts"
import { defaulted, json, list, port, switched, text } from "./options.ts"
import { soapFlags, soapOf, soapUrl } from "./soap.ts"
import { certificates, tlsFlags, tlsOf } from "./tls.ts"
import * as versions from "./versions.ts"

/** What a gateway knows of the versions. */
const known = new Map<string, Gateway.GatewayVersion>([
  ["1.5", v15],
  ["1.6", v16],
  ["2.0.1", v201],
  ["2.1", v21]
])

const statuses: ReadonlyArray<string> = Domain.AuthorizationStatus.literals

export const gateway = Command.make(
  "gateway",
  {
    port: port("port").pipe(defaulted("the port that stations connect to; 0 picks a free one", 9000)),
    host: text("host").pipe(
      Flag.withMetavar("address"),
      defaulted("the address that stations connect to; 0.0.0.0 for all of this machine", "127.0.0.1")
    ),
    ...soapFlags,
    upstream: text("upstream").pipe(
      Flag.withMetavar("url"),
      Flag.withDescription("the endpoint of the CSMS, without the identity of a station")
    ),
    upstreamVersion: text("upstream-version").pipe(
      Flag.withMetavar("version"),
      Flag.withDescription("the version of OCPP that the CSMS speaks")
    ),
    upstreamCa: file("upstream-ca", "who may have signed the certificate of the CSMS, in PEM"),
    versions: text("versions").pipe(
      Flag.withDescription(
        "the versions that stations may speak, separated by commas; by default all that can be passed on to the CSMS"
      ),
      Flag.optional
    ),
    ...upstreamBasicFlags,
    ...basicFlags,
    ...identityFlags,
    offline: Flag.String("offline").pipe(
      Flag.withMetavar("status"),
      Flag.withDescription(
        "keeps stations of another version connected while the CSMS cannot be reached, and says this of their idTags, such as Accepted or Invalid; by default they are offline, too"
      ),
      Flag.optional
    ),
    tolerant: switched(
      "tolerant",
      "lets through and reports what stations get wrong: null for absent, wrong case, local times …"
    ),
    ...tlsFlags,
    state: file(
      "state",
      "where transactions and what is not delivered yet are kept; by default they end with the process"
    ),
    json
  },
  Effect.fnUntraced(function* (flags) {
    const { upstream: url, upstreamVersion } = flags
    yield* versions.check("--upstream-version", upstreamVersion, [...known.keys()])
    // The check above has made sure that the version is known.
    const upstream = known.get(upstreamVersion)!
    const possible = [...known.keys()].filter((version) => Gateway.isPassable(known.get(version)!, upstream))
    const spoken = Option.match(flags.versions, { onNone: () => possible, onSome: list })
    yield* Effect.forEach(spoken, (version) => versions.check("--versions", version, possible))
    const offline = Option.getOrUndefined(flags.offline)
    if (offline !== undefined) yield* versions.check("--offline", offline, statuses)
    const accept = yield* acceptOf(flags, { tolerance: flags.tolerant ? Tolerance.lenient : Tolerance.strict })
    const passwords = yield* upstreamPasswordsOf(flags)
    const ca = Option.isNone(flags.upstreamCa) ? undefined : yield* certificates(flags.upstreamCa.value)
    const tls = yield* tlsOf(flags)
    const server = WebSocketServer.layer({
      port: flags.port,
      host: flags.host,
      tls,
      identityOf: yield* identityOf(flags)
    })
    const live = Layer.mergeAll(server, yield* soapOf(flags, { spoken, tls })).pipe(
      Layer.provide(
        Gateway.layer({
          url,
          upstream,
          versions: spoken.flatMap((version) => known.get(version) ?? []),
          accept,
          // The check above has made sure that it is a status.
          offline: offline as Domain.AuthorizationStatus | undefined,
          credentials: (handshake) => {
            const password = passwords.get(handshake.identity)
            return password === undefined ? Gateway.passedOn(handshake) : Effect.succeed({ password })
          }
        })
      ),
      Layer.provide([
        WebSocketClient.layer({ ca }),
        Option.match(flags.state, {
          onNone: () => Layer.empty,
          onSome: ({ path: filename }) => SqliteStorage.layer({ filename })
        })
      ])
    )
    yield* Effect.gen(function* () {
      const { url: ws } = yield* WebSocketServer.Server
      yield* Console.log(JSON.stringify({ ready: true, ws, upstream: publicUrl(url), soap: yield* soapUrl }))
      return yield* Effect.never
    }).pipe(
      Effect.provide(live),
      Effect.catchTag("InvalidUrl", ({ rule, url: given }) =>
        Effect.fail(new UsageError({ message: `--upstream: ${JSON.stringify(given)}: ${rule}` }))
      )
    )
  })
).pipe(Command.withDescription("a gateway between stations and a CSMS, of the same version of OCPP or of another one"))
