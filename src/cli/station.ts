/**
 * `ocpp station`: a simulated station.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Command, Flag } from "effect/cli"
import { SqliteStorage, WebSocketClient } from "../node/index.ts"
import { WireLog } from "../json/index.ts"
import { VirtualStation } from "../simulation/index.ts"
import { type ConnectionStatus, Station } from "../station/index.ts"
import { Storage } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import { publicUrl } from "../internal/EndpointUrl.ts"
import { printer } from "./log.ts"
import { json } from "./options.ts"
import * as versions from "./versions.ts"

export const station = Command.make(
  "station",
  {
    url: Flag.String("url").pipe(Flag.withDescription("the endpoint of the CSMS, without the identity")),
    id: Flag.String("id").pipe(Flag.withDescription("the identity of the station")),
    version: Flag.String("version").pipe(Flag.withDescription("the version of OCPP"), Flag.withDefault("1.6")),
    password: Flag.Redacted("password").pipe(Flag.withDescription("for HTTP Basic credentials"), Flag.optional),
    connectors: Flag.Int("connectors").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))),
      Flag.withDescription("how many connectors it has"),
      Flag.withDefault(1)
    ),
    state: Flag.String("state").pipe(
      Flag.withMetavar("file"),
      Flag.withDescription("where messages are kept until they are delivered; without it they end with the process"),
      Flag.optional
    ),
    json
  },
  Effect.fnUntraced(function* (flags) {
    yield* versions.check(flags.version, versions.ofStation)
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
      url: flags.url,
      identity: flags.id,
      password: Option.getOrUndefined(flags.password),
      connectors: flags.connectors
    }).pipe(
      Layer.provide([
        WebSocketClient.layer(),
        Layer.succeed(WireLog.WireLog, wireLog),
        Option.match(flags.state, {
          onNone: () => Storage.layerMemory,
          onSome: (filename) => SqliteStorage.layer({ filename })
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
      yield* Stream.runForEach(Stream.drop(status, 1), (now) => Console.error(`${flags.id}: ${inWords(now)}`))
    }).pipe(Effect.scoped, Effect.provide(live))
  })
).pipe(Command.withDescription("a simulated charging station"))

const inWords = (status: ConnectionStatus): string => {
  switch (status._tag) {
    case "Connecting":
      return `connecting to ${status.url}`
    case "Connected":
      return `connected to ${status.url} with ${status.subprotocol}`
    case "Disconnected":
      return `${status.error.message}; next attempt in ${Math.ceil(status.nextAttempt / 1000)} s`
    case "GaveUp":
      return `${status.error.message}; no further attempt`
  }
}
