import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as handlers from "../examples/handlers.ts"
import { day } from "../examples/simulation.ts"
import { Csms } from "../src/csms/index.ts"
import { Timestamp } from "../src/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import { MemoryNetwork } from "../src/simulation/index.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as command from "./cli/support.ts"
import { type Running, start, startIn } from "./cli/support.ts"
import { basic, get, logs, refused, wsStation } from "./node/support.ts"

describe("the examples run", () => {
  it.live("charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "charged 1500 Wh")
    }).pipe(Effect.scoped)
  )

  it.live("remote-charge", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* (yield* start("examples/remote-charge-1.6.ts")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "asked to charge for Tag2\ntransaction 1")
    }).pipe(Effect.scoped)
  )

  for (const [example, says] of [
    ["charge-2.0.1", "charged 1500 Wh"],
    ["remote-charge-2.0.1", "transaction CP001-1"],
    ["power-cut", "transaction 1 is stopped, 1000 Wh"],
    ["negotiate-2.1", "accepted with 2.1\nstreamed two values"],
    ["observability", `ocpp_handshakes_total{outcome="accepted"} 1`]
  ] as const) {
    it.live(example, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* (yield* start(`examples/${example}.ts`)).ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stdout, says)
      }).pipe(Effect.scoped)
    )
  }

  it.live("observability, with a collector", () =>
    Effect.gen(function* () {
      const received = new Map<string, string>()
      const collector = createServer((request, response) => {
        const path = request.url ?? ""
        request.on("data", (data) => received.set(path, (received.get(path) ?? "") + String(data)))
        request.on("end", () => response.end())
      })
      yield* Effect.acquireRelease(
        Effect.callback<void>((resume) => void collector.listen(0, "127.0.0.1", () => resume(Effect.void))),
        () => Effect.sync(() => collector.close())
      )
      const address = collector.address()
      const port = typeof address === "object" ? address?.port : undefined
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${port}`
        }),
        () => Effect.sync(() => delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"])
      )
      const { code, stderr, stdout } = yield* (yield* start("examples/observability.ts")).ended
      assert.strictEqual(code, 0, stderr)
      assert.include(stdout, `# HELP ocpp_handshakes_total Handshakes that the CSMS decided\n`)
      assert.include(stdout, `# TYPE ocpp_handshakes_total counter\n`)
      for (const [, name] of stdout.matchAll(/^# TYPE (ocpp_\w+)/gm)) assert.include(stdout, `# HELP ${name} `)
      assert.include(stdout, `ocpp_connections{side="csms",version="1.6"} 1`)
      assert.include(stdout, `ocpp_call_duration_seconds_count{side="station",version="1.6",action="StopTransaction"`)
      for (const span of ["charge", "ocpp.call Authorize", "ocpp.handle StartTransaction", "store the transaction"]) {
        assert.include(received.get("/v1/traces"), `"name":"${span}"`)
      }
      assert.include(received.get("/v1/metrics"), `"name":"ocpp_request_duration_seconds"`)
      assert.include(received.get("/v1/logs"), `"ocpp.identity"`)
    }).pipe(Effect.scoped)
  )

  // As the README shows them, each in a folder of its own.

  it.live("csms and station, the first programs", () =>
    Effect.gen(function* () {
      const csms = yield* started({ PORT: "0" }, "csms")
      const station = yield* started({ CSMS_URL: yield* urlOf(csms) }, "station")
      yield* station.line((line) => line.includes("charged, transaction 1"))
      yield* csms.line((line) => line.includes("CP001 was asked to charge: Accepted"))
      yield* csms.line((line) => line.includes("transaction 1 ended at 1500 Wh"))
      // Both stay until they are told to go, as by Ctrl-C, and go cleanly.
      assert.deepInclude(yield* station.stop("SIGINT"), { code: 130, stderr: "" })
      assert.deepInclude(yield* csms.stop("SIGINT"), { code: 130, stderr: "" })
    }).pipe(Effect.scoped)
  )

  it.live("a CSMS that names no version", () =>
    Effect.gen(function* () {
      const board = yield* started({ PORT: "0" }, "generic")
      const url = yield* urlOf(board)
      yield* started({ CSMS_URL: url }, "station")
      yield* board.line((line) => line.includes("and speaks 1.6"))
      yield* board.line((line) => line.includes(": 1500 Wh, ended"))
      yield* started({ CSMS_URL: url }, "two-versions")
      yield* board.line((line) => line.includes("and speaks 2.0.1"))
    }).pipe(Effect.scoped)
  )

  for (const [model, version] of [
    ["One", "1.6"],
    ["Two", "2.0.1"]
  ] as const) {
    it.live(`a station and a CSMS that name no version, with ${version}`, () =>
      Effect.gen(function* () {
        const board = yield* started({ PORT: "0" }, "generic")
        const station = yield* start("examples/generic-remote-charge.ts", version, yield* urlOf(board))
        yield* station.line((line) => line.includes("charged 1500 Wh"))
        yield* board.line((line) => line.includes(`CP001 is a ${model}, and speaks ${version}`))
        yield* board.line((line) => line.includes(": 1500 Wh, ended"))
      }).pipe(Effect.scoped)
    )
  }

  it.live("a gateway, by which a station of 1.6 charges at a CSMS of 2.0.1", () =>
    Effect.gen(function* () {
      const board = yield* started({ PORT: "0" }, "generic")
      const gateway = yield* started({ PORT: "0", CSMS_URL: yield* urlOf(board) }, "gateway")
      const station = yield* start("examples/generic-remote-charge.ts", "1.6", yield* urlOf(gateway))
      yield* station.line((line) => line.includes("charged 1500 Wh"))
      yield* board.line((line) => line.includes("CP001 is a One, and speaks 2.0.1"))
      yield* board.line((line) => line.includes(": 1500 Wh, ended"))
    }).pipe(Effect.scoped)
  )

  for (const [version, form] of [
    ["1.5", "json"],
    ["1.6", "json"],
    ["2.0.1", "json"],
    ["2.1", "json"],
    ["1.5", "soap"],
    ["1.6", "soap"]
  ] as const) {
    it.live(`a station that names no version charges, and is asked to charge, with ${version} over ${form}`, () =>
      Effect.gen(function* () {
        const { request, soap, ws } = yield* command.csms("--soap-port", "0")
        const url = form === "soap" ? soap : ws
        const charge = yield* (yield* start("examples/generic-charge.ts", version, url)).ended
        assert.strictEqual(charge.code, 0, charge.stderr)
        assert.include(charge.stdout, "charged 1500 Wh in transaction")

        const station = yield* start("examples/generic-remote-charge.ts", version, url)
        const idToken = { idToken: "Tag2", type: "Central" }
        if (version.startsWith("1.")) yield* asked(request, "RemoteStartTransaction", { idTag: "Tag2" })
        else yield* asked(request, "RequestStartTransaction", { remoteStartId: 7, idToken })
        const { code, stderr, stdout } = yield* station.ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stdout, "asked to charge for Tag2\ncharged 1500 Wh in transaction")

        // What the CSMS has in the end.
        const transactions = (yield* request("GET", "/transactions")).body
        assert.strictEqual(transactions.length, 2)
        const whole = { stationId: "CP001", connectorId: 1, meterStart: 0, meterStop: 1500, stopReason: "Local" }
        assert.deepInclude(transactions[0], { ...whole, idTag: "321" })
        assert.deepInclude(transactions[1], { ...whole, idTag: "Tag2" })
        const starts = command
          .requestsOf((yield* request("GET", "/log")).body, "TransactionEvent")
          .filter(({ eventType }) => eventType === "Started")
        assert.deepStrictEqual(
          starts.map(({ transactionInfo }) => transactionInfo.remoteStartId),
          version.startsWith("1.") ? [] : [undefined, 7]
        )
        assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
        const [{ protocol }] = (yield* request("GET", "/stations")).body
        assert.strictEqual(protocol, `ocpp${version}${form === "soap" ? "S" : ""}`)
      }).pipe(Effect.scoped)
    )
  }

  for (const version of ["1.5", "1.6", "2.0.1", "2.1"]) {
    it.live(`a station that names no version, and a CSMS of its own, with ${version}`, () =>
      Effect.gen(function* () {
        for (const [example, says] of [
          ["charge", "charged 1500 Wh in transaction"],
          ["remote-charge", "asked to charge for Tag2\ncharged 1500 Wh in transaction"]
        ] as const) {
          const { code, stderr, stdout } = yield* (yield* start(`examples/generic-${example}.ts`, version)).ended
          assert.strictEqual(code, 0, stderr)
          assert.include(stdout, says)
        }
      }).pipe(Effect.scoped)
    )
  }

  it.live("passwords, which lets in who has the right one", () =>
    Effect.gen(function* () {
      const url = yield* urlOf(yield* started({ PORT: "0" }, "passwords"))
      const station = yield* started({ CSMS_URL: url }, "station")
      yield* station.line((line) => line.includes("the CSMS has accepted the station"))
      for (const [identity, password] of [
        ["CP001", "wrong"],
        ["CP002", "correct horse battery staple"]
      ] as const) {
        const headers = { authorization: basic(identity, password) }
        assert.strictEqual((yield* refused(Number(new URL(url).port), { path: `/${identity}`, headers })).status, 401)
      }
    }).pipe(Effect.scoped)
  )

  it.live("csms-2.0.1, with a station that charges", () =>
    Effect.gen(function* () {
      const csms = yield* started({ PORT: "0" }, "csms-2.0.1")
      const charging = yield* start("examples/charge-2.0.1.ts", yield* urlOf(csms))
      assert.strictEqual((yield* charging.ended).code, 0)
      yield* csms.line((line) => line.includes("2233223 pays for 1500 Wh"))
    }).pipe(Effect.scoped)
  )

  it.live("negotiate", () =>
    Effect.gen(function* () {
      const { ws } = yield* command.csms()
      const { code, stdout } = yield* (yield* started({ CSMS_URL: ws }, "negotiate")).ended
      assert.strictEqual(code, 0)
      assert.include(stdout, "the CSMS speaks 2.0.1")
    }).pipe(Effect.scoped)
  )

  for (const version of ["2.0.1", "1.6"]) {
    it.live(`two-versions, with a CSMS of ${version}`, () =>
      Effect.gen(function* () {
        const { ws } = yield* command.csms("--versions", version)
        const station = yield* started({ CSMS_URL: ws }, "two-versions")
        for (const id of [1, 2]) {
          yield* station.line((line) => line.includes(`charged at connector ${id} with ${version}`))
        }
      }).pipe(Effect.scoped)
    )
  }

  it.live("soap, and the stations that charge, over SOAP", () =>
    Effect.gen(function* () {
      const csms = yield* started({ PORT: "0", SOAP_PORT: "0" }, "soap")
      const line = yield* csms.line((one) => one.includes("for SOAP"))
      const url = /http:\/\/\S+/.exec(line)![0].replace("0.0.0.0", "127.0.0.1")
      const charging = yield* start("examples/charge-1.6.ts", url)
      assert.include((yield* charging.ended).stdout, "charged 1500 Wh")
      yield* csms.line((one) => one.includes("CP001 charges for 321, over soap"))
    }).pipe(Effect.scoped)
  )

  it.live("remote-charge, over SOAP", () =>
    Effect.gen(function* () {
      const { request, soap } = yield* command.csms("--soap-port", "0")
      const station = yield* start("examples/remote-charge-1.6.ts", soap)
      yield* asked(request, "RemoteStartTransaction", { idTag: "Tag2" })
      const { code, stdout } = yield* station.ended
      assert.strictEqual(code, 0)
      assert.match(stdout, /asked to charge for Tag2\ntransaction \d+/)
    }).pipe(Effect.scoped)
  )

  it.live("outbox", () =>
    Effect.gen(function* () {
      const { ws } = yield* command.csms()
      const station = yield* started({ CSMS_URL: ws }, "outbox")
      yield* station.line((line) => line.includes("Delivered SecurityEventNotification"))
    }).pipe(Effect.scoped)
  )

  it.live("restart, which knows its stations again", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const boot = [2, "1", "BootNotification", { chargePointVendor: "ACME", chargePointModel: "One" }]
      const first = yield* startIn(cwd, { PORT: "0" }, "examples/restart.ts")
      const station = yield* wsStation(`${yield* urlOf(first)}/CP001`)
      yield* first.line((line) => line.includes("CP001: Connected, assumed"))
      yield* station.send(boot)
      yield* station.receive
      yield* first.stop("SIGKILL")
      const second = yield* startIn(cwd, { PORT: "0" }, "examples/restart.ts")
      yield* wsStation(`${yield* urlOf(second)}/CP001`)
      yield* second.line((line) => line.includes("CP001: Connected, Accepted"))
    }).pipe(Effect.scoped)
  )

  it.live("one-port", () =>
    Effect.gen(function* () {
      const csms = yield* started({ PORT: "0" }, "one-port")
      const line = yield* csms.line((said) => said.includes("Listening on "))
      const port = Number(/:(\d+)/.exec(line.slice(line.indexOf("http://") + 7))?.[1])
      yield* command.station(`ws://127.0.0.1:${port}/ocpp`, "CP001")
      assert.strictEqual(yield* get(port, "/stations"), `[{"identity":"CP001","version":"1.6"}]`)
      const reset = (identity: string) =>
        Effect.promise(async () => {
          const url = `http://127.0.0.1:${port}/stations/${identity}/reset`
          return (await fetch(url, { method: "POST" })).text()
        })
      assert.strictEqual(yield* reset("CP001"), `{"status":"Accepted"}`)
      const message = "Reset was not sent: there is no connection"
      assert.strictEqual(yield* reset("CP002"), JSON.stringify({ reason: "NotConnected", message }))
    }).pipe(Effect.scoped)
  )

  it.effect("simulation", () => Effect.map(day, (heartbeat) => assert.strictEqual(heartbeat._tag, "Success")))

  it.live("handlers", () =>
    Effect.gen(function* () {
      const station = MemoryNetwork.layer.pipe(Layer.provideMerge(handlers.CsmsLive), (network) =>
        Station.layer(V16.protocol, {
          url: "ws://csms",
          identity: "CP001",
          handlers: V16.stationHandlersPartial({ reset: () => Effect.succeed({ status: "Accepted" }) })
        }).pipe(Layer.provideMerge(network))
      )
      const { layer, lines } = logs()
      yield* Effect.gen(function* () {
        const csms = yield* V16.Csms
        const { transactionId } = yield* csms.startTransaction({
          connectorId: 1,
          idTag: "321",
          meterStart: 0,
          timestamp: yield* Timestamp.now
        })
        assert.strictEqual(transactionId, 1)
        yield* handlers.resetAll
      }).pipe(Effect.provide(station), Effect.provide(layer))
      assert.isTrue(lines.some((line) => line.includes("CP001 of owner of CP001 starts 1 with")))
      assert.isTrue(lines.some((line) => line.includes("CP001: Accepted")))
    })
  )

  it.live("connections", () =>
    Effect.gen(function* () {
      const { CsmsLive, ServerLive, StationLive } = yield* Effect.promise(async () => {
        vi.stubEnv("PORT", "0")
        return import("../examples/connections.ts")
      })
      vi.unstubAllEnvs()
      const live = StationLive.pipe(
        Layer.provide(MemoryNetwork.layer),
        Layer.merge(ServerLive),
        Layer.provideMerge(CsmsLive)
      )
      yield* Effect.gen(function* () {
        yield* (yield* Station).accepted
        const { url } = yield* WebSocketServer.Server
        const other = yield* wsStation(`${url}/CP002`, ["ocpp1.6"], {
          headers: { authorization: basic("CP002", "secret") }
        })
        yield* other.send([2, "1", "BootNotification", { chargePointVendor: "A", chargePointModel: "B", iccid: null }])
        assert.match(JSON.stringify(yield* other.receive), /^\[3,"1",\{"status":"Accepted"/)
        assert.strictEqual((yield* (yield* Csms).connected).length, 2)
      }).pipe(Effect.provide(live), Effect.scoped)
    })
  )
})

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "example-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const started = (env: Readonly<Record<string, string>>, example: string) =>
  Effect.flatMap(folder, (cwd) => startIn(cwd, env, `examples/${example}.ts`))

/** Has a CSMS ask CP001 until the answer is yes: a station that the CSMS has not accepted yet refuses to charge. */
const asked = (request: Effect.Success<ReturnType<typeof command.csms>>["request"], action: string, payload: object) =>
  command.until(
    request("POST", "/stations/CP001/call", { action, payload }),
    ({ body }) => body.result?.status === "Accepted"
  )

/** The URL that a CSMS says it listens on. */
const urlOf = (csms: Running) =>
  Effect.map(
    csms.line((line) => line.includes("stations connect to ")),
    (line) => line.slice(line.indexOf("ws://"))
  )
