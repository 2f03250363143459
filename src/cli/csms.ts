/**
 * `ocpp csms`: a simulated CSMS.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Command, Flag } from "effect/cli"
import { SqliteStorage, WebSocketServer } from "../node/index.ts"
import { VirtualCsms } from "../simulation/index.ts"
import * as Tolerance from "../Tolerance.ts"
import { acceptOf, basicFlags } from "./basic.ts"
import * as control from "./control.ts"
import * as csmsApi from "./csmsApi.ts"
import { UsageError } from "./errors.ts"
import { identityFlags, identityOf } from "./identity.ts"
import { file } from "./files.ts"
import { printer } from "./log.ts"
import { defaulted, json, highestPort, list, port, switched, text } from "./options.ts"
import { secret } from "./secrets.ts"
import { soapFlags, soapOf, soapUrl } from "./soap.ts"
import { tlsFlags, tlsOf } from "./tls.ts"
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
    host: text("host").pipe(
      Flag.withMetavar("address"),
      defaulted("the address that stations connect to; 0.0.0.0 for all of this machine", "127.0.0.1")
    ),
    ...soapFlags,
    versions: Flag.String("versions").pipe(
      defaulted("the versions that are spoken, separated by commas", versions.ofCsms.join(","))
    ),
    ...basicFlags,
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
    ...tlsFlags,
    state: file(
      "state",
      "where registrations, transactions, their numbers and idTags are kept; without it they end with the process"
    ),
    json
  },
  Effect.fnUntraced(function* (flags) {
    const spoken = list(flags.versions)
    yield* Effect.forEach(spoken, (version) => versions.check("--versions", version, versions.ofCsms))
    const defaultVersion = Option.getOrUndefined(flags.defaultVersion)
    if (defaultVersion !== undefined) yield* versions.check("--default-version", defaultVersion, spoken)
    const controlPort = yield* controlPortOf(flags)
    const accept = yield* acceptOf(flags, { tolerance: flags.tolerant ? Tolerance.lenient : Tolerance.strict })
    const tls = yield* tlsOf(flags)
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
    const soap = yield* soapOf(flags, { spoken, tls })
    const servers = Layer.mergeAll(endpoint, soap).pipe(
      // It comes first, so that stations connect only if both can be served.
      Layer.provideMerge(control.layer(csmsApi.api, csmsApi.handlers, { port: controlPort, token })),
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
          onSome: ({ path: filename }) => SqliteStorage.layer({ filename })
        })
      )
    )
    yield* Effect.gen(function* () {
      const { url: ws } = yield* WebSocketServer.Server
      const { url } = yield* control.ControlApi
      yield* Console.log(JSON.stringify({ ready: true, ws, control: url, soap: yield* soapUrl }))
      return yield* Effect.never
    }).pipe(Effect.provide(servers))
  })
).pipe(Command.withDescription("a simulated CSMS for any path /…/<identity>, with a control API"))

const controlPortOf = (flags: {
  readonly port: number
  readonly controlPort: Option.Option<number>
}): Effect.Effect<number, UsageError> => {
  if (Option.isSome(flags.controlPort)) return Effect.succeed(flags.controlPort.value)
  if (flags.port < highestPort) return Effect.succeed(flags.port === 0 ? 0 : flags.port + 1)
  return Effect.fail(new UsageError({ message: `--control-port: there is none after --port ${flags.port}` }))
}
