import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { boot } from "../support/messages.ts"
import { basic, certificate, rawStation, refused, wsStation } from "../node/support.ts"
import { directory } from "../support/storage.ts"
import { csms, run, startIn, station, until } from "./support.ts"

describe("ocpp demo", () => {
  it.live("plays a whole session and sums it up", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("demo")
      assert.strictEqual(code, 0, stderr)
      const actions = stdout.split("\n").flatMap((line) => /CSMS {2}(\w+)/.exec(line)?.[1] ?? [])
      const calls = actions.filter((action, index) => actions.indexOf(action) === index)
      assert.deepStrictEqual(calls, [
        "BootNotification",
        "StatusNotification",
        "Authorize",
        "StartTransaction",
        "MeterValues",
        "RemoteStopTransaction",
        "StopTransaction"
      ])
      assert.match(stdout, /CP001 charged \d+ Wh in transaction 1, stopped by the CSMS: \d+ messages, 0 deviations/)
      assert.notInclude(stdout, "\u001b")
    }).pipe(Effect.scoped)
  )

  it.live("--ocpp 1.5 plays it in the messages of that version", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("demo", "--ocpp", "1.5")
      assert.strictEqual(code, 0, stderr)
      const statuses = stdout.split("\n").flatMap((line) => /"connectorId":1,"status":"(\w+)"/.exec(line)?.[1] ?? [])
      assert.deepStrictEqual(statuses, ["Available", "Occupied", "Available"])
      assert.include(stdout, '"heartbeatInterval":300')
      assert.match(stdout, /CP001 charged \d+ Wh in transaction 1, stopped by the CSMS: \d+ messages, 0 deviations/)
    }).pipe(Effect.scoped)
  )

  for (const version of ["2.0.1", "2.1"]) {
    it.live(`--ocpp ${version} plays it in the messages of that version`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run("demo", "--ocpp", version)
        assert.strictEqual(code, 0, stderr)
        assert.include(stderr, `connected with ocpp${version}`)
        const actions = stdout.split("\n").flatMap((line) => /CSMS {2}(\w+)/.exec(line)?.[1] ?? [])
        const calls = actions.filter((action, index) => actions.indexOf(action) === index)
        assert.deepStrictEqual(calls, [
          "BootNotification",
          "StatusNotification",
          "Authorize",
          "TransactionEvent",
          "RequestStopTransaction"
        ])
        assert.match(stdout, /CP001 charged \d+ Wh in transaction [\da-f-]{36}, stopped by the CSMS/)
      }).pipe(Effect.scoped)
    )
  }

  it.live("--json writes one object per line, the summary last", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* run("demo", "--json")
      assert.strictEqual(code, 0)
      const lines = stdout.split("\n").map((line) => JSON.parse(line))
      assert.deepStrictEqual(Object.keys(lines[0]), ["t", "stationId", "dir", "frame"])
      assert.strictEqual(JSON.parse(lines[0].frame)[2], "BootNotification")
      const last = lines.at(-1)
      assert.strictEqual(last.summary, true)
      assert.strictEqual(last.transaction.stopReason, "Remote")
      assert.strictEqual(last.messages, lines.length - 1)
    }).pipe(Effect.scoped)
  )
})

describe("ocpp over SOAP", () => {
  for (const flags of [["--soap"], ["--ocpp", "1.5S"]]) {
    it.live(`the demo is the same with ${flags.join(" ")}`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run("demo", ...flags)
        assert.strictEqual(code, 0, stderr)
        assert.include(stderr, "for SOAP")
        assert.match(stdout, /CP001 charged \d+ Wh in transaction 1, stopped by the CSMS: \d+ messages, 0 deviations/)
      }).pipe(Effect.scoped)
    )
  }

  it.live("a station is one of all, and is called as they are", () =>
    Effect.gen(function* () {
      const { request, running, soap, ws } = yield* csms("--soap-port", "0")
      yield* station(ws, "CP1")
      const own = yield* station(soap, "CP2", "--ocpp", "1.6S")
      yield* station(soap, "CP3", "--ocpp", "1.5S")
      const stations = yield* request("GET", "/stations")
      assert.sameDeepMembers(stations.body, [
        { id: "CP1", protocol: "ocpp1.6", connected: true, registration: "Accepted" },
        { id: "CP2", protocol: "ocpp1.6S", connected: true, registration: "Accepted" },
        { id: "CP3", protocol: "ocpp1.5S", connected: true, registration: "Accepted" }
      ])
      const payload = { key: ["NumberOfConnectors"] }
      const called = yield* request("POST", "/stations/CP2/call", { action: "GetConfiguration", payload })
      assert.deepStrictEqual(called.body, {
        result: { configurationKey: [{ key: "NumberOfConnectors", readonly: true, value: "1" }] }
      })
      const foreign = yield* request("POST", "/stations/CP2/call", {
        action: "ExtendedTriggerMessage",
        payload: { requestedMessage: "Heartbeat" }
      })
      assert.deepStrictEqual(
        [foreign.status, foreign.body.violations?.[0]?.rule],
        [400, "OCPP 1.6 over SOAP has no ExtendedTriggerMessage"]
      )
      assert.strictEqual((yield* own.stop("SIGINT")).code, 0)
      assert.strictEqual((yield* running.stop("SIGTERM")).code, 0)
    }).pipe(Effect.scoped)
  )
})

describe("ocpp csms and ocpp station", () => {
  it.live("serve the control API of the contract", () =>
    Effect.gen(function* () {
      const { request, running, ws } = yield* csms()
      assert.deepStrictEqual(yield* request("GET", "/stations"), { status: 200, body: [] })
      yield* station(`${ws}/any/path`, "RDAM|123")
      assert.deepStrictEqual((yield* request("GET", "/stations")).body, [
        { id: "RDAM|123", protocol: "ocpp1.6", connected: true, registration: "Accepted" }
      ])

      const call = (action: string, payload?: unknown, more: object = {}) =>
        request("POST", "/stations/RDAM%7C123/call", { action, payload, ...more })
      assert.deepStrictEqual(yield* call("GetConfiguration", { key: ["NumberOfConnectors", "Foo"] }), {
        status: 200,
        body: {
          result: {
            configurationKey: [{ key: "NumberOfConnectors", readonly: true, value: "1" }],
            unknownKey: ["Foo"]
          }
        }
      })
      const broken = yield* call("Reset", { type: "Warm", x: 1 })
      assert.strictEqual(broken.status, 400)
      assert.sameMembers(
        broken.body.violations.map(({ path }: { path: string }) => path),
        ["x", "type"]
      )
      assert.strictEqual((yield* call("Nonsense")).status, 400)
      assert.strictEqual((yield* request("POST", "/stations/RDAM%7C123/call", "no json")).status, 400)
      assert.strictEqual((yield* request("POST", "/stations/CP9/call", { action: "ClearCache" })).status, 404)
      assert.strictEqual((yield* request("POST", "/stations/CP9/disconnect")).status, 404)
      assert.strictEqual((yield* request("GET", "/nothing")).status, 404)

      const tags = {
        default: "Invalid",
        tags: [{ idTag: "GOOD" }, { idTag: "OLD", expiryDate: "2020-01-01T00:00:00Z" }]
      }
      assert.strictEqual((yield* request("PUT", "/idtags", tags)).status, 200)
      assert.strictEqual((yield* request("PUT", "/idtags", { default: "Perhaps", tags: [] })).status, 400)

      assert.deepStrictEqual((yield* call("RemoteStartTransaction", { idTag: "good" })).body.result, {
        status: "Accepted"
      })
      const [open] = (yield* until(
        request("GET", "/transactions?stationId=RDAM%7C123"),
        ({ body }) => body.length === 1
      )).body
      assert.strictEqual(open.idTag, "good")
      assert.strictEqual(open.stopTimestamp, null)
      yield* until(
        call("RemoteStopTransaction", { transactionId: open.transactionId }),
        ({ body }) => body.result.status === "Accepted"
      )
      const [ended] = (yield* until(request("GET", "/transactions"), ({ body }) => body[0].stopTimestamp !== null)).body
      assert.strictEqual(ended.stopReason, "Remote")

      yield* call("ChangeConfiguration", { key: "AuthorizationKey", value: "736563726574736563726574" })
      const log = JSON.stringify((yield* request("GET", "/log?stationId=RDAM%7C123")).body)
      assert.include(log, "AuthorizationKey")
      assert.notInclude(log, "736563726574736563726574")
      assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
      assert.deepStrictEqual((yield* request("POST", "/stations/RDAM%7C123/close-stale")).body, { closed: 0 })
      assert.strictEqual((yield* request("POST", "/stations/RDAM%7C123/disconnect")).status, 200)

      const { code, stderr } = yield* running.stop("SIGTERM")
      assert.strictEqual(code, 0)
      assert.notInclude(stderr, "736563726574736563726574")
    }).pipe(Effect.scoped)
  )

  it.live("a station of 1.5 charges when it is asked to, and tells its keys as 1.5 writes them", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms()
      yield* station(ws, "CP1", "--ocpp", "1.5", "--connectors", "2")
      assert.deepStrictEqual((yield* request("GET", "/stations")).body, [
        { id: "CP1", protocol: "ocpp1.5", connected: true, registration: "Accepted" }
      ])
      const call = (action: string, payload: object) =>
        Effect.map(request("POST", "/stations/CP1/call", { action, payload }), ({ body }) => body.result)
      assert.deepStrictEqual(yield* call("RemoteStartTransaction", { idTag: "TAG", connectorId: 2 }), {
        status: "Accepted"
      })
      const [open] = (yield* until(request("GET", "/transactions"), ({ body }) => body.length === 1)).body
      assert.deepInclude(open, { idTag: "TAG", connectorId: 2, stopTimestamp: null })
      assert.deepStrictEqual(yield* call("UnlockConnector", { connectorId: 2 }), { status: "Accepted" })
      yield* until(request("GET", "/transactions"), ({ body }) => body[0].stopTimestamp !== null)
      assert.deepStrictEqual(yield* call("GetConfiguration", { key: ["HeartBeatInterval", "NumberOfConnectors"] }), {
        configurationKey: [{ key: "HeartBeatInterval", readonly: false, value: "300" }],
        unknownKey: ["NumberOfConnectors"]
      })
      assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
    }).pipe(Effect.scoped)
  )

  for (const version of ["2.0.1", "2.1"]) {
    it.live(`a station of ${version} charges when it is asked to, and keeps its meter over restarts`, () =>
      Effect.gen(function* () {
        const { request, ws } = yield* csms()
        const state = join(yield* directory, "CP1.db")
        const flags = ["--ocpp", version, "--state", state, "--connectors", "2"]
        const first = yield* station(ws, "CP1", ...flags)
        assert.deepStrictEqual((yield* request("GET", "/stations")).body, [
          { id: "CP1", protocol: `ocpp${version}`, connected: true, registration: "Accepted" }
        ])
        const call = (action: string, payload: object) =>
          Effect.map(request("POST", "/stations/CP1/call", { action, payload }), ({ body }) => body.result)
        const idToken = { idToken: "TAG", type: "ISO14443" }
        assert.deepStrictEqual(yield* call("RequestStartTransaction", { idToken, remoteStartId: 7, evseId: 2 }), {
          status: "Accepted"
        })
        const [open] = (yield* until(request("GET", "/transactions"), ({ body }) => body.length === 1)).body
        assert.deepInclude(open, { idTag: "TAG", evseId: 2, stopTimestamp: null })
        yield* first.stop("SIGKILL")
        yield* station(ws, "CP1", ...flags)
        const [ended] = (yield* until(request("GET", "/transactions"), ({ body }) => body[0].stopTimestamp !== null))
          .body
        assert.deepInclude(ended, { transactionId: open.transactionId, stopReason: "PowerLoss" })
        const heartbeat = { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } }
        assert.deepStrictEqual(yield* call("GetVariables", { getVariableData: [heartbeat] }), {
          getVariableResult: [{ ...heartbeat, attributeStatus: "Accepted", attributeValue: "300" }]
        })
        assert.deepStrictEqual((yield* request("GET", "/deviations")).body, [])
      }).pipe(Effect.scoped)
    )
  }

  it.live(
    "[REG-06] [TX-08] a station that boots has to be accepted, a repeated StartTransaction is recognised, and an idTag that is refused gets its status",
    () =>
      Effect.gen(function* () {
        const { request, ws } = yield* csms()
        yield* request("PUT", "/idtags", { default: "Accepted", tags: [{ idTag: "BAD", status: "Blocked" }] })
        const socket = new WebSocket(`${ws}/CP1`, "ocpp1.6")
        const ask = (frame: unknown) =>
          Effect.callback<any>((resume) => {
            socket.addEventListener("message", ({ data }) => resume(Effect.succeed(JSON.parse(String(data)))), {
              once: true
            })
            socket.send(JSON.stringify(frame))
          })
        yield* Effect.callback<void>((resume) => socket.addEventListener("open", () => resume(Effect.void)))
        assert.strictEqual((yield* ask([2, "0", "Heartbeat", {}]))[0], 3)
        assert.strictEqual((yield* request("GET", "/stations")).body[0].registration, "assumed")
        yield* ask([2, "boot", "BootNotification", {}])
        assert.strictEqual((yield* request("GET", "/stations")).body[0].registration, "Unregistered")
        const early = yield* ask([2, "0", "Heartbeat", {}])
        assert.deepStrictEqual(early.slice(0, 3), [4, "0", "SecurityError"])
        const payload = { idTag: "BAD" }
        assert.deepInclude(
          yield* request("POST", "/stations/CP1/call", { action: "RemoteStartTransaction", payload }),
          {
            status: 409,
            body: { message: "RemoteStartTransaction was not sent: the station is not accepted by its CSMS" }
          }
        )
        yield* ask([2, "boot", "BootNotification", boot])
        const start = { connectorId: 1, idTag: "BAD", meterStart: 0, timestamp: "2026-01-01T00:00:00Z" }
        const first = yield* ask([2, "1", "StartTransaction", start])
        const again = yield* ask([2, "2", "StartTransaction", start])
        assert.deepStrictEqual(first[2].idTagInfo, { status: "Blocked" })
        assert.strictEqual(again[2].transactionId, first[2].transactionId)
        assert.deepStrictEqual(yield* ask([2, "3", "DataTransfer", { vendorId: "echo", data: "x" }]), [
          3,
          "3",
          { status: "Accepted", data: "x" }
        ])
        assert.strictEqual((yield* ask([2, "4", "DataTransfer", { vendorId: "other" }]))[2].status, "UnknownVendorId")
        assert.strictEqual((yield* ask([2, "5", "Authorize", { idTag: 5 }]))[2], "TypeConstraintViolation")
        const deviations = (yield* request("GET", "/deviations")).body
        assert.deepStrictEqual(
          deviations.map(({ kind, stationId }: { kind: string; stationId: string }) => [stationId, kind]),
          [
            ["CP1", "InvalidRequest"],
            ["CP1", "NotAccepted"],
            ["CP1", "InvalidRequest"]
          ]
        )
        assert.strictEqual(
          (yield* request("POST", "/stations/CP1/call", { action: "ClearCache", timeoutMs: 50 })).status,
          504
        )
        socket.close()
      }).pipe(Effect.scoped)
  )

  it.live("[SEC-02] --basic lets in only the stations that it names, with their password", () =>
    Effect.gen(function* () {
      const { request, ws } = yield* csms("--basic", "CP1:correct horse")
      yield* station(ws, "CP1", "--password", "correct horse")
      assert.strictEqual((yield* request("GET", "/stations")).body.length, 1)
      const wrong = yield* run("station", "--url", ws, "--id", "CP1", "--password", "battery staple")
      assert.strictEqual(wrong.code, 1)
      assert.strictEqual(wrong.stderr, `effect-ocpp: ${ws}/CP1 refused the connection with HTTP status 401\n`)
      const unknown = yield* run("station", "--url", ws, "--id", "CP2")
      assert.include(unknown.stderr, "404")
    }).pipe(Effect.scoped)
  )

  it.live(
    "[FIELD-K6] know a station by what the flags of the CSMS say, if it says no version and has another user name",
    () =>
      Effect.gen(function* () {
        const { request, ws } = yield* csms(
          "--identity-from",
          "query:station, header:X-Station,path",
          "--versions",
          "1.6, 2.0.1",
          "--default-identity",
          "GRIZZL",
          "--default-version",
          "1.6",
          "--any-username",
          "--basic",
          "CP1:secret",
          "--basic",
          "CP2:secret",
          "--basic",
          "CP3:secret",
          "--basic",
          "GRIZZL:secret"
        )
        const headers = { authorization: basic("tenant-7", "secret") }
        yield* wsStation(`${ws}/ocpp?station=CP1`, [], { headers })
        yield* wsStation(`${ws}/ocpp`, [], { headers: { ...headers, "x-station": "CP2" } })
        yield* wsStation(`${ws}/ocpp/CP3/`, ["ocpp2.0.1"], { headers })
        const bare = { path: "/", headers: { ...headers, "sec-websocket-protocol": undefined } }
        assert.strictEqual((yield* (yield* rawStation(Number(new URL(ws).port), bare)).answer).status, 101)
        // It names a station, though none that there can be.
        const malformed = { ...bare, path: "/%1b" }
        assert.notStrictEqual((yield* refused(Number(new URL(ws).port), malformed)).status, 101)
        const wrong = { ...bare, headers: { ...bare.headers, authorization: basic("GRIZZL", "guess") } }
        assert.strictEqual((yield* refused(Number(new URL(ws).port), wrong)).status, 401)
        const stations: ReadonlyArray<{ readonly id: string; readonly protocol: string }> = (yield* request(
          "GET",
          "/stations"
        )).body
        assert.deepStrictEqual(
          stations.map(({ id, protocol }) => [id, protocol]),
          [
            ["CP1", "ocpp1.6"],
            ["CP2", "ocpp1.6"],
            ["CP3", "ocpp2.0.1"],
            ["GRIZZL", "ocpp1.6"]
          ]
        )
      }).pipe(Effect.scoped)
  )

  it.live("[SEC-08] [FIELD-K7] show no query and no user of a URL", () =>
    Effect.gen(function* () {
      const { ws } = yield* csms()
      const running = yield* station(`${ws}/ocpp?token=s3cret`, "CP1")
      const { stderr, stdout } = yield* running.stop("SIGINT")
      assert.include(stdout, "/ocpp?***")
      assert.notInclude(stdout + stderr, "s3cret")
    }).pipe(Effect.scoped)
  )

  it.live("SIGTERM ends what npm has started, which npm tells its shell only", () =>
    Effect.gen(function* () {
      // A shell that waits for the command, as that of npm does.
      const command = `"${process.execPath}" src/cli/main.ts csms --port 0 --control-port 0; true`
      const shell = yield* Effect.acquireRelease(
        Effect.sync(() => {
          const env = { ...process.env, npm_lifecycle_event: "ocpp" }
          return spawn("sh", ["-c", command], { env, detached: true, stdio: ["ignore", "pipe", "ignore"] })
        }),
        ({ pid }) => Effect.ignore(Effect.try(() => process.kill(-(pid ?? 0), "SIGKILL")))
      )
      yield* Effect.callback<void>((resume) => void shell.stdout.once("data", () => resume(Effect.void)))
      // The output is closed once the last process has ended that writes to it.
      const ended = Effect.callback<void>((resume) => void shell.once("close", () => resume(Effect.void)))
      shell.kill("SIGTERM")
      yield* ended
    }).pipe(Effect.scoped)
  )

  it.live("SIGINT ends a station cleanly", () =>
    Effect.gen(function* () {
      const { ws } = yield* csms()
      const running = yield* station(ws, "CP1", "--json")
      const { code, stdout } = yield* running.stop("SIGINT")
      assert.strictEqual(code, 0)
      for (const line of stdout.split("\n")) JSON.parse(line)
    }).pipe(Effect.scoped)
  )
})

describe("bad input is one clear line and exit code 1", () => {
  const cases: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
    [["demo", "--foo"], "--foo"],
    [["dance"], "dance"],
    [["csms", "--port", "many"], "many"],
    [["csms", "--host", ""], "--host"],
    [["csms", "--state", ""], "--state"],
    [["csms", "--port", "70000"], '--port: "70000". Expected: a whole number from 0 to 65535'],
    [["csms", "--port", "1e3"], '--port: "1e3"'],
    [["csms", "--port", "65535"], "--control-port"],
    [["csms", "--versions", "1.6, 9.9"], '--versions: "9.9" is none of 1.5, 1.6, 2.0.1, 2.1'],
    [["csms", "--versions", "1.6,,2.0.1"], '--versions: ""'],
    [["csms", "--versions", "1.6\u001b[2J"], '--versions: "1.6\\u001b[2J"'],
    [["csms", "--identity-from", "path,cookie"], '--identity-from: "cookie"'],
    [["csms", "--identity-from", "certificate"], "--tls-client-ca"],
    [["csms", "--default-identity", ".."], "--default-identity"],
    [["csms", "--versions", "1.6", "--default-version", "2.0.1"], '--default-version: "2.0.1"'],
    [
      ["csms", "--tls-cert", "/nowhere/cert.pem", "--tls-key", "/nowhere/key.pem"],
      '--tls-cert: "/nowhere/cert.pem" cannot be read: no such file'
    ],
    [["csms", "--versions", "2.0.1", "--soap-port", "0"], "--soap-port: none of --versions"],
    [["csms", "--soap-allow", "here"], '--soap-allow: "here" is no IP address'],
    [["station", "--url", "ws://127.0.0.1:1", "--id", "CP1", "--ocpp", "1.6S"], "it is no http: or https: URL"],
    [
      ["station", "--url", "http://127.0.0.1:1", "--id", "CP1", "--ocpp", "1.6S", "--callback-url", "here"],
      "--callback-url: it is no http: or https: URL"
    ],
    [
      ["gateway", "--upstream", "ws://127.0.0.1:1", "--upstream-version", "1.6", "--upstream-ca", "package.json"],
      '--upstream-ca: "package.json" is not a certificate in PEM'
    ],
    [["csms", "--tls-cert", "package.json"], "--tls-cert: TLS takes both --tls-cert and --tls-key"],
    [["csms", "--tls-client-ca", "package.json"], "--tls-client-ca: TLS takes both"],
    [["csms", "--basic-file", "/nowhere/basic"], '--basic-file: "/nowhere/basic" cannot be read'],
    [["csms", "--basic-file", "/dev/null"], '--basic-file: "/dev/null" is empty'],
    [["gateway", "--upstream-version", "1.6"], "--upstream"],
    [["gateway", "--upstream", "ws://127.0.0.1:1", "--upstream-version", "7"], '--upstream-version: "7" is none of'],
    [["gateway", "--upstream", "http://h?token=s3cret", "--upstream-version", "1.6"], '--upstream: "http://h/?***"'],
    [
      ["gateway", "--upstream", "ws://h", "--upstream-version", "1.6", "--versions", "9.9"],
      '--versions: "9.9" is none of'
    ],
    [
      ["gateway", "--upstream", "ws://h", "--upstream-version", "1.6", "--offline", "maybe"],
      '--offline: "maybe" is none of Accepted'
    ],
    [["station", "--id", "CP1"], "--url"],
    [["station", "--url", "ws://127.0.0.1:1", "--id", "CP1"], "ECONNREFUSED"],
    [["station", "--url", "nonsense", "--id", "CP1"], '--url: "nonsense": it is no ws: or wss: URL'],
    [["station", "--url", "http://127.0.0.1:1?token=s3cret", "--id", "CP1"], '"http://127.0.0.1:1/?***"'],
    [["station", "--url", "ws://127.0.0.1:1/CP1", "--id", "CP1"], "ends in the identity"],
    [["station", "--url", "ws://127.0.0.1:1", "--id", ".."], '--id: "..": '],
    [["station", "--url", "ws://127.0.0.1:1", "--id", "CP1", "--ocpp", "7"], '--ocpp: "7" is none of 1.'],
    [["station", "--url", "ws://127.0.0.1:1", "--id", "CP1", "--connectors", "0"], "--connectors"]
  ]
  for (const [args, named] of cases) {
    it.live(`ocpp ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run(...args)
        assert.strictEqual(code, 1)
        assert.strictEqual(stdout, "")
        assert.match(stderr, /^effect-ocpp[^\n]*\n$/)
        assert.include(stderr, named)
      }).pipe(Effect.scoped)
    )
  }

  for (const [pairs, named] of [
    [["s3cret"], "--basic: number 1 of 1 is no id:password"],
    [["CP1:s3cret", "CP2:"], "--basic: number 2 of 2 is no id:password"]
  ] as const) {
    it.live(`a pair of --basic that is none, without showing it: ${named}`, () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* run("csms", ...pairs.flatMap((pair) => ["--basic", pair]))
        assert.deepStrictEqual([code, stderr.includes("s3cret")], [1, false])
        assert.include(stderr, named)
      }).pipe(Effect.scoped)
    )
  }

  it.live("files that do not have what is needed", () =>
    Effect.gen(function* () {
      const folder = yield* directory
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text)
        return join(folder, name)
      }
      const { cert, key } = yield* certificate("localhost")
      const good = [file("cert", cert), file("key", key)] as const
      const notes = file("notes", "CP1:secret\r\ns3cret\r\n")
      const otherKey = file("other", (yield* certificate("localhost")).key)
      const wrong: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [["--basic-file", notes], `--basic-file: ${JSON.stringify(notes)} line 2 is no id:password`],
        [["--tls-cert", notes, "--tls-key", good[1]], `--tls-cert: ${JSON.stringify(notes)} is not a certificate`],
        [["--tls-cert", good[0], "--tls-key", notes], `--tls-key: ${JSON.stringify(notes)} is not a private key`],
        [["--tls-cert", good[0], "--tls-key", otherKey], "is not the key of --tls-cert"],
        [["--tls-cert", good[0], "--tls-key", good[1], "--tls-client-ca", notes], "--tls-client-ca: "]
      ]
      for (const [args, named] of wrong) {
        const { code, stderr } = yield* run("csms", ...args)
        assert.deepStrictEqual([code, stderr.includes("s3cret")], [1, false], stderr)
        assert.match(stderr, /^effect-ocpp: [^\n]*\n$/)
        assert.include(stderr, named)
      }
    }).pipe(Effect.scoped)
  )

  it.live("a port that is in use", () =>
    Effect.gen(function* () {
      const port = yield* Effect.acquireRelease(
        Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
          const server = createServer().listen(0, "127.0.0.1", () => {
            const address = server.address()
            const taken = typeof address === "object" && address !== null ? address.port : 0
            resume(Effect.succeed({ port: taken, close: () => server.close() }))
          })
        }),
        (taken) => Effect.sync(taken.close)
      )
      const stations = yield* run("csms", "--port", String(port.port), "--control-port", "0")
      assert.strictEqual(stations.code, 1)
      assert.match(stations.stderr, /^effect-ocpp: cannot listen on [^\n]*EADDRINUSE\n$/)
      const control = yield* run("csms", "--port", "0", "--control-port", String(port.port))
      assert.strictEqual(control.code, 1)
      assert.match(control.stderr, /^effect-ocpp: the control API cannot listen on [^\n]*EADDRINUSE[^\n]*\n$/)
    }).pipe(Effect.scoped)
  )
})

describe("ocpp --help", () => {
  for (const command of [[], ["demo"], ["csms"], ["station"]]) {
    it.live(["ocpp", ...command].join(" "), () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* run(...command, "--help")
        assert.strictEqual(code, 0)
        assert.include(stdout, `USAGE\n  ${["npx effect-ocpp", ...command].join(" ")} `)
      }).pipe(Effect.scoped)
    )
  }

  it.live("names what was typed in a checkout", () =>
    Effect.gen(function* () {
      const env = { npm_lifecycle_event: "ocpp" }
      const { stdout } = yield* (yield* startIn(".", env, "src/cli/main.ts", "csms", "--help")).ended
      assert.include(stdout, "USAGE\n  npm run --silent ocpp -- csms [flags]")
    }).pipe(Effect.scoped)
  )

  it.live("--version is that of the package, of each command too", () =>
    Effect.gen(function* () {
      for (const command of [[], ["csms"], ["station"]]) {
        assert.match((yield* run(...command, "--version")).stdout, /^effect-ocpp v\d+\.\d+\.\d+$/)
      }
    }).pipe(Effect.scoped)
  )
})
