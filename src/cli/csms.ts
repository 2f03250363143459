/**
 * `ocpp csms`: a simulated CSMS.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Command, Flag } from "effect/cli"
import {
  type Acceptance,
  type Handshake,
  type HandshakeRefused,
  hasPassword,
  unauthorized,
  unknownStation
} from "../csms/index.ts"
import { SqliteStorage, WebSocketServer } from "../node/index.ts"
import { VirtualCsms } from "../simulation/index.ts"
import * as Tolerance from "../Tolerance.ts"
import * as control from "./control.ts"
import * as csmsApi from "./csmsApi.ts"
import { UsageError } from "./errors.ts"
import { identityFlags, identityOf } from "./identity.ts"
import { printer } from "./log.ts"
import { defaulted, json, port, switched } from "./options.ts"
import { file, read, secret } from "./secrets.ts"
import * as versions from "./versions.ts"

export const csms = Command.make(
  "csms",
  {
    port: port("port").pipe(defaulted("the port that stations connect to; 0 picks a free one", 9000)),
    controlPort: port("control-port").pipe(
      Flag.withDescription("the port of the control API; by default the one after --port"),
      Flag.optional
    ),
    controlToken: Flag.Redacted("control-token").pipe(
      Flag.withMetavar("token"),
      Flag.withDescription(
        "what requests to the control API must bring as a bearer token; also in OCPP_CONTROL_TOKEN; by default nothing"
      ),
      Flag.optional
    ),
    controlTokenFile: file("control-token-file", "a file with that token"),
    host: Flag.String("host").pipe(
      defaulted("the address that stations connect to; 0.0.0.0 for all of this machine", "127.0.0.1")
    ),
    versions: Flag.String("versions").pipe(
      defaulted("the versions that are spoken, separated by commas", versions.ofCsms.join(","))
    ),
    basic: Flag.String("basic").pipe(
      Flag.withMetavar("id:password"),
      Flag.withDescription(
        "lets in a station with this password; may be repeated; also in OCPP_BASIC, one a line; by default all may come in"
      ),
      Flag.atLeast(0)
    ),
    basicFile: file("basic-file", "a file with one id:password a line, each as with --basic"),
    anyUsername: switched(
      "any-username",
      "lets in a station whose user name is not its identity, if its password is right, instead of answering 401"
    ),
    ...identityFlags,
    defaultVersion: Flag.String("default-version").pipe(
      Flag.withMetavar("version"),
      Flag.withDescription("what a station speaks that offers no sub-protocol; by default it is sent away"),
      Flag.optional
    ),
    tolerant: switched(
      "tolerant",
      "lets through and reports what stations get wrong: null for absent, wrong case, local times …"
    ),
    tlsCert: file("tls-cert", "the certificate of the server, in PEM; stations then connect to wss:"),
    tlsKey: file("tls-key", "the key of that certificate, in PEM"),
    tlsClientCa: file("tls-client-ca", "stations must present a certificate that one of these, in PEM, has signed"),
    state: file(
      "state",
      "where registrations, transactions, their numbers and idTags are kept; without it they end with the process"
    ),
    json
  },
  Effect.fnUntraced(function* (flags) {
    const spoken = flags.versions.split(",")
    yield* Effect.forEach(spoken, (version) => versions.check(version, versions.ofCsms))
    const defaultVersion = Option.getOrUndefined(flags.defaultVersion)
    if (defaultVersion !== undefined && !spoken.includes(defaultVersion)) {
      const message = `--default-version: ${JSON.stringify(defaultVersion)} is none of --versions ${flags.versions}`
      return yield* new UsageError({ message })
    }
    const accept = yield* acceptOnly(yield* pairsOf(flags), {
      tolerance: flags.tolerant ? Tolerance.lenient : Tolerance.strict
    })
    const tls = yield* readTls(flags)
    const token = yield* secret({
      name: "control-token",
      argument: flags.controlToken,
      file: flags.controlTokenFile,
      variable: "OCPP_CONTROL_TOKEN"
    })
    const print = printer(flags.json, flags.json ? process.stdout : process.stderr)
    const endpoint = WebSocketServer.layer({
      port: flags.port,
      host: flags.host,
      tls,
      identityOf: yield* identityOf(flags)
    })
    const servers = endpoint.pipe(
      // It comes first, so that stations connect only if both can be served.
      Layer.provideMerge(
        control.layer(csmsApi.api, csmsApi.handlers, {
          port: Option.getOrElse(flags.controlPort, () => (flags.port === 0 ? 0 : flags.port + 1)),
          token
        })
      ),
      Layer.provideMerge(
        VirtualCsms.layer({
          accept,
          username: flags.anyUsername ? "any" : "identity",
          versions: spoken,
          defaultVersion,
          onFrame: print
        })
      ),
      Layer.provide(
        Option.match(flags.state, {
          onNone: () => Layer.empty,
          onSome: (filename) => SqliteStorage.layer({ filename })
        })
      )
    )
    yield* Effect.gen(function* () {
      const { url: ws } = yield* WebSocketServer.Server
      const { url } = yield* control.ControlApi
      yield* Console.log(JSON.stringify({ ready: true, ws, control: url }))
      return yield* Effect.never
    }).pipe(Effect.provide(servers))
  })
).pipe(Command.withDescription("a simulated CSMS for any path /…/<identity>, with a control API"))

type Accept = (handshake: Handshake) => Effect.Effect<Acceptance, HandshakeRefused>

/** The pairs of identity and password that the flags and the environment say. */
const pairsOf = Effect.fnUntraced(function* (flags: {
  readonly basic: ReadonlyArray<string>
  readonly basicFile: Option.Option<string>
}) {
  const lines = `${(yield* read(flags.basicFile)) ?? ""}\n${process.env["OCPP_BASIC"] ?? ""}`.split(/\r?\n/)
  return [...flags.basic, ...lines.filter((line) => line !== "")]
})

const acceptOnly = Effect.fnUntraced(function* (pairs: ReadonlyArray<string>, acceptance: Acceptance) {
  const passwords = new Map<string, Redacted.Redacted<string>>()
  for (const pair of pairs) {
    const colon = pair.indexOf(":")
    if (colon <= 0) return yield* new UsageError({ message: "--basic takes <identity>:<password>" })
    passwords.set(pair.slice(0, colon), Redacted.make(pair.slice(colon + 1)))
  }
  const accept: Accept = (handshake) => {
    if (passwords.size === 0) return Effect.succeed(acceptance)
    const password = passwords.get(handshake.identity)
    if (password === undefined) return Effect.fail(unknownStation)
    return hasPassword(handshake, password) ? Effect.succeed(acceptance) : Effect.fail(unauthorized)
  }
  return accept
})

const readTls = Effect.fnUntraced(function* (flags: {
  readonly tlsCert: Option.Option<string>
  readonly tlsKey: Option.Option<string>
  readonly tlsClientCa: Option.Option<string>
}) {
  const [cert, key, ca] = yield* Effect.all([read(flags.tlsCert), read(flags.tlsKey), read(flags.tlsClientCa)])
  if (cert === undefined && key === undefined && ca === undefined) return undefined
  if (cert === undefined || key === undefined) {
    return yield* new UsageError({ message: "TLS takes both --tls-cert and --tls-key" })
  }
  const tls: WebSocketServer.ServerOptions["tls"] = { cert, key: Redacted.make(key), ca }
  return tls
})
