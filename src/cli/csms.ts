/**
 * `ocpp csms`: a simulated CSMS.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Command, Flag } from "effect/cli"
import { readFile } from "node:fs/promises"
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
import { UsageError } from "./errors.ts"
import { identityFlags, identityOf } from "./identity.ts"
import { printer } from "./log.ts"
import { json, port } from "./options.ts"
import * as versions from "./versions.ts"

const file = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar("file"), Flag.withDescription(description), Flag.optional)

export const csms = Command.make(
  "csms",
  {
    port: port("port", "the port that stations connect to; 0 picks a free one").pipe(Flag.withDefault(9000)),
    controlPort: port("control-port", "the port of the control API; by default the one after --port").pipe(
      Flag.optional
    ),
    host: Flag.String("host").pipe(
      Flag.withDescription("the address that stations connect to; 0.0.0.0 for all of this machine"),
      Flag.withDefault("127.0.0.1")
    ),
    versions: Flag.String("versions").pipe(
      Flag.withDescription("the versions that are spoken, separated by commas"),
      Flag.withDefault(versions.ofCsms.join(","))
    ),
    basic: Flag.String("basic").pipe(
      Flag.withMetavar("id:password"),
      Flag.withDescription("lets in a station with this password; may be repeated, and without it all may come in"),
      Flag.atLeast(0)
    ),
    anyUsername: Flag.Boolean("any-username").pipe(
      Flag.withDescription(
        "lets in a station whose user name is not its identity, if its password is right; by default it is refused with 401"
      ),
      Flag.withDefault(false)
    ),
    ...identityFlags,
    defaultVersion: Flag.String("default-version").pipe(
      Flag.withMetavar("version"),
      Flag.withDescription("what a station speaks that offers no sub-protocol; by default it is sent away"),
      Flag.optional
    ),
    tolerant: Flag.Boolean("tolerant").pipe(
      Flag.withDescription(
        "lets through and reports what stations get wrong: null for absent, wrong case, local times …"
      ),
      Flag.withDefault(false)
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
    const accept = yield* acceptOnly(flags.basic, { tolerance: flags.tolerant ? Tolerance.lenient : Tolerance.strict })
    const tls = yield* readTls(flags)
    const print = printer(flags.json, flags.json ? process.stdout : process.stderr)
    const servers = Layer.mergeAll(
      WebSocketServer.layer({ port: flags.port, host: flags.host, tls, identityOf: yield* identityOf(flags) }),
      control.layer(Option.getOrElse(flags.controlPort, () => (flags.port === 0 ? 0 : flags.port + 1)))
    ).pipe(
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

const read = (path: Option.Option<string>): Effect.Effect<string | undefined, UsageError> =>
  Option.match(path, {
    onNone: () => Effect.succeed(undefined),
    onSome: (name) =>
      Effect.tryPromise({
        try: () => readFile(name, "utf8"),
        catch: () => new UsageError({ message: `the file ${name} cannot be read` })
      })
  })
