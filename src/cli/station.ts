/**
 * `ocpp station`: a simulated station.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Command, Flag } from "effect/cli"
import { SqliteStorage, WebSocketClient } from "../node/index.ts"
import { SoapClient } from "../node/Soap.ts"
import { WireLog } from "../json/index.ts"
import { VirtualStation } from "../simulation/index.ts"
import { type Connector, Station } from "../station/index.ts"
import { Storage } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Tolerance from "../Tolerance.ts"
import { publicUrl, urlFlaw } from "../internal/EndpointUrl.ts"
import { UsageError } from "./errors.ts"
import { file } from "./files.ts"
import { printer } from "./log.ts"
import { defaulted, json, port, switched, text, whole } from "./options.ts"
import { secret } from "./secrets.ts"
import * as versions from "./versions.ts"

export const station = Command.make(
  "station",
  {
    url: text("url").pipe(
      Flag.withMetavar("url"),
      Flag.withDescription("the endpoint of the CSMS, without the identity")
    ),
    id: text("id").pipe(Flag.withMetavar("id"), Flag.withDescription("the identity of the station")),
    ocpp: Flag.String("ocpp").pipe(
      Flag.withMetavar("version"),
      defaulted(`the version of OCPP: ${versions.ofStation.join(", ")}`, "1.6")
    ),
    soapPort: port("soap-port").pipe(
      defaulted("over SOAP, the port on which the CSMS calls the station; 0 picks a free one", 0)
    ),
    soapHost: text("soap-host").pipe(
      Flag.withMetavar("address"),
      defaulted(
        "over SOAP, the address on which the CSMS calls the station; 0.0.0.0 for all of this machine",
        "127.0.0.1"
      )
    ),
    callbackUrl: text("callback-url").pipe(
      Flag.withMetavar("url"),
      Flag.withDescription(
        "over SOAP, the URL at which the CSMS calls the station, without the identity; by default that of --soap-host"
      ),
      Flag.optional
    ),
    password: Flag.Redacted("password").pipe(
      Flag.withDescription("for HTTP Basic credentials; also in OCPP_PASSWORD; by default none"),
      Flag.optional
    ),
    passwordFile: file("password-file", "a file with that password; /dev/stdin is one"),
    passwordPrompt: switched("password-prompt", "asks for that password at the terminal"),
    retry: switched("retry", "goes on trying if the first attempt to connect fails, instead of ending with 1"),
    tolerant: switched(
      "tolerant",
      "lets through and reports what the CSMS gets wrong: null for absent, wrong case, local times …"
    ),
    connectors: whole("connectors", 1, 100).pipe(
      Flag.withMetavar("number"),
      defaulted("how many connectors it has", 1)
    ),
    state: file("state", "where messages are kept until they are delivered; by default they end with the process"),
    json
  },
  Effect.fnUntraced(function* (flags) {
    const { isSoap, version } = versions.spoken(yield* versions.check("--ocpp", flags.ocpp, versions.ofStation))
    // The layers look at the URL too, but over SOAP only after the station has begun to listen.
    const flaw = urlFlaw(flags.url, flags.id, isSoap ? "http" : "ws")
    if (flaw !== undefined) {
      return yield* new UsageError({ message: `--url: ${JSON.stringify(publicUrl(flags.url))}: ${flaw}` })
    }
    const callbackFlaw = Option.isNone(flags.callbackUrl)
      ? undefined
      : urlFlaw(flags.callbackUrl.value, flags.id, "http")
    if (callbackFlaw !== undefined) {
      return yield* new UsageError({ message: `--callback-url: ${callbackFlaw}` })
    }
    const password = yield* secret({
      name: "password",
      argument: flags.password,
      file: flags.passwordFile,
      variable: "OCPP_PASSWORD",
      prompt: flags.passwordPrompt
    })
    const print = printer(flags.json, flags.json ? process.stdout : process.stderr)
    const wireLog = (entry: WireLog.Entry): void =>
      print({
        t: Timestamp.fromMillis(entry.time),
        stationId: entry.identity,
        // The log reads as that of the CSMS does: from the station is in.
        dir: entry.direction === "out" ? "in" : "out",
        frame: WireLog.redact(entry.frame)
      })
    const live = VirtualStation.layer({
      version,
      url: flags.url,
      identity: flags.id,
      password,
      firstConnection: flags.retry ? "retry" : "fail",
      tolerance: flags.tolerant ? Tolerance.lenient : Tolerance.strict,
      connectors: flags.connectors
    }).pipe(
      Layer.provide([
        connectorOf(flags, version, isSoap),
        Layer.succeed(WireLog.WireLog, wireLog),
        Option.match(flags.state, {
          onNone: () => Storage.layerMemory,
          onSome: ({ path: filename }) => SqliteStorage.layer({ filename })
        })
      ])
    )
    yield* Effect.gen(function* () {
      const { status } = yield* Station
      const virtual = yield* VirtualStation
      yield* Effect.forkScoped(
        Effect.andThen(
          virtual.accepted,
          Console.log(JSON.stringify({ ready: true, id: flags.id, url: publicUrl(flags.url) }))
        )
      )
      // The library's log tells the rest; what matters here is when it ends.
      yield* Stream.runDrain(status)
    }).pipe(
      Effect.scoped,
      Effect.provide(live),
      Effect.catchTags({
        InvalidIdentity: ({ identity, rule }) =>
          Effect.fail(new UsageError({ message: `--id: ${JSON.stringify(identity)}: ${rule}` })),
        InvalidUrl: ({ rule, url }) =>
          Effect.fail(new UsageError({ message: `--url: ${JSON.stringify(url)}: ${rule}` }))
      })
    )
  })
).pipe(Command.withDescription("a simulated charging station"))

/** How the station reaches its CSMS. */
const connectorOf = (
  flags: { readonly soapPort: number; readonly soapHost: string; readonly callbackUrl: Option.Option<string> },
  version: string,
  isSoap: boolean
): Layer.Layer<Connector, SoapClient.ListenError> => {
  if (!isSoap) return WebSocketClient.layer()
  const { callbackUrl, soapHost: host, soapPort } = flags
  return SoapClient.layer({
    versions: versions.overSoap.filter(({ protocol }) => protocol.version === version),
    listen: { port: soapPort, host, callbackUrl: Option.getOrUndefined(callbackUrl) }
  })
}
