/**
 * What the commands print, and where their secrets come from.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { WebSocketServer } from "ws"
import { makeReader } from "../../src/cli/log.ts"
import { wrapped } from "../../src/cli/help.ts"
import { wsStation } from "../node/support.ts"
import { time } from "../support/messages.ts"
import { directory } from "../support/storage.ts"
import { csms, ocpp, run, station, until } from "./support.ts"

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

const plain = (text: string): string => text

/** What a peer may write into texts, each with a character that does something to a terminal. */
const nasty = ["\u001b[2J", "\u009b2J", "\u2028[12:00:00] forged", "\u202eevil", "\r\nforged", "\u0007"]

const hostile = [
  [2, "a", "BootNotification", {}],
  ...nasty.map((text, index) => [2, `n${index}${text}`, `Fly${text}`, { [text]: text }]),
  ...nasty.map((text, index) => [2, `d${index}`, "DataTransfer", { vendorId: text, data: text }]),
  [3, "unknown\u2028", {}],
  [4, "unknown", "Code\u001b", "description\u009b", {}]
]

describe("What peers send", () => {
  it.live("[FIELD-K10] [FIELD-K12] makes no line of stdout that is not JSON, and moves no cursor", () =>
    Effect.gen(function* () {
      const { control, request, running, ws } = yield* csms("--json")
      const peer = yield* wsStation(`${ws}/CP1`, ["ocpp1.6"])
      for (const frame of hostile) peer.socket.send(JSON.stringify(frame))
      peer.socket.send(JSON.stringify([2, "b", "BootNotification", { chargePointVendor: "V", chargePointModel: "M" }]))
      peer.socket.send("nonsense \u001b[2J")
      peer.socket.send(
        JSON.stringify([
          2,
          "s",
          "StartTransaction",
          { connectorId: 1, idTag: "\u009b\u2028\u202e", meterStart: 0, timestamp: time }
        ])
      )
      yield* until(request("GET", "/log"), ({ body }) => body.length > hostile.length + nasty.length)
      yield* until(request("GET", "/transactions"), ({ body }) => body.length === 1)
      for (const path of ["/transactions", "/deviations", "/log", "/stations"]) {
        const text = yield* Effect.promise(() => fetch(`${control}${path}`).then((response) => response.text()))
        assert.notMatch(text, unprintable, path)
      }
      const { stderr, stdout } = yield* running.stop("SIGTERM")
      const lines = stdout.split("\n")
      assert.isAbove(lines.length, hostile.length)
      for (const line of lines) JSON.parse(line)
      assert.notMatch(stdout, unprintable)
      assert.notMatch(stderr, unprintable)
      assert.include(stderr, "CP1 from 127.0.0.1 connected with ocpp1.6")
      assert.match(stderr, /WARN {3}CP1: the peer broke the protocol: InvalidRequest, BootNotification/)
    }).pipe(Effect.scoped)
  )

  it("[FIELD-K12] is shown escaped in readable lines, with the action of the last calls only", () => {
    const read = makeReader({ dim: plain, bold: plain, green: plain, cyan: plain, red: plain })
    const show = (dir: "in" | "out", frame: unknown): string =>
      read({ t: "2026-01-01T00:00:00.000Z", stationId: "CP1", dir, frame: JSON.stringify(frame) })
    for (const frame of hostile) assert.notMatch(show("in", frame), /\n/)
    for (const frame of hostile) assert.notMatch(show("in", frame), unprintable)
    show("in", [2, "1", "Heartbeat", {}])
    // A call of the other side may have the same id.
    show("out", [2, "1", "Reset", {}])
    assert.include(show("out", [3, "1", {}]), "Heartbeat")
    assert.include(show("in", [3, "1", {}]), "Reset")
    show("in", [2, "first", "Heartbeat", {}])
    for (let n = 0; n < 1024; n++) show("in", [2, `n${n}`, "Heartbeat", {}])
    assert.notInclude(show("out", [3, "first", {}]), "Heartbeat")
    assert.include(show("out", [3, "n1023", {}]), "Heartbeat")
  })
})

describe("The log of the commands", () => {
  it.live("[FIELD-K13] tells on both sides that a password is wrong, and when the station tries again", () =>
    Effect.gen(function* () {
      const { request, running, ws } = yield* csms("--basic", "CP1:right")
      const wrong = yield* ocpp("station", "--url", ws, "--id", "CP1", "--password", "wrong", "--retry")
      const told = yield* wrong.said((line) => line.includes("tries again"))
      assert.match(
        told,
        /WARN {3}CP1 is not connected: ws:\S+ refused the connection with HTTP status 401; it tries again in \d+ s$/
      )
      assert.deepStrictEqual((yield* request("GET", "/stations")).body, [])
      const { code, stdout } = yield* wrong.stop("SIGTERM")
      assert.deepStrictEqual([code, stdout], [0, ""])
      const { stderr } = yield* running.stop("SIGTERM")
      assert.match(stderr, /INFO {3}listening on ws:\S+\n/)
      assert.match(
        stderr,
        /WARN {3}CP1 from 127\.0\.0\.1 was refused with HTTP status 401: its credentials are missing or wrong\n/
      )
    }).pipe(Effect.scoped)
  )
})

describe("Secrets", () => {
  it.live("[FIELD-K12] come from files and the environment as well", () =>
    Effect.gen(function* () {
      const secrets = yield* directory
      const file = (name: string, text: string): string => {
        writeFileSync(join(secrets, name), text)
        return join(secrets, name)
      }
      const pairs = file("basic", "CP1:correct horse\n\nCP2:battery staple\n")
      const { control, ws } = yield* csms("--basic-file", pairs, "--control-token-file", file("token", "t0ken\n"))
      yield* station(ws, "CP1", "--password-file", file("password", "correct horse\n"))
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          process.env["OCPP_PASSWORD"] = "battery staple"
        }),
        () => Effect.sync(() => delete process.env["OCPP_PASSWORD"])
      )
      yield* station(ws, "CP2")
      const stations = (headers: Record<string, string>) =>
        Effect.promise(async () => (await fetch(`${control}/stations`, { headers })).status)
      assert.strictEqual(yield* stations({}), 401)
      assert.strictEqual(yield* stations({ authorization: "Bearer t0ken" }), 200)
    }).pipe(Effect.scoped)
  )

  for (const [args, named] of [
    [["--password", "a", "--password-file", "b"], "--password is given in more than one way"],
    [["--password-file", "/nowhere/password"], "/nowhere/password"],
    [["--password-prompt"], "--password-prompt needs a terminal"]
  ] as const) {
    it.live(`are refused with one line: ${args.join(" ")}`, () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run("station", "--url", "ws://127.0.0.1:1", "--id", "CP1", ...args)
        assert.deepStrictEqual([code, stdout], [1, ""])
        assert.match(stderr, /^effect-ocpp[^\n]*\n$/)
        assert.include(stderr, named)
      }).pipe(Effect.scoped)
    )
  }
})

describe("ocpp station", () => {
  it.live("[FIELD-K10] --tolerant registers at a CSMS that tells local time; without it it does not", () =>
    Effect.gen(function* () {
      const { booted, url } = yield* localTimeCsms
      yield* station(url, "CP1", "--ocpp", "1.6", "--tolerant")
      const strict = yield* ocpp("station", "--url", url, "--id", "CP2")
      yield* until(Effect.sync(booted), (identities) => identities.includes("/CP2"))
      const { stdout } = yield* strict.stop("SIGTERM")
      assert.strictEqual(stdout, "")
    }).pipe(Effect.scoped)
  )
})

/** A CSMS that accepts every boot, in local time. */
const localTimeCsms = Effect.acquireRelease(
  Effect.callback<{ readonly server: WebSocketServer; readonly url: string; readonly booted: () => Array<string> }>(
    (resume) => {
      const booted: Array<string> = []
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" }, () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ server, url: `ws://127.0.0.1:${port}`, booted: () => booted }))
      })
      server.on("connection", (socket, { url = "" }) => {
        socket.on("message", (data) => {
          const [, id, action] = JSON.parse(String(data))
          const answer = { status: "Accepted", currentTime: "2026-01-01T00:00:00", interval: 300 }
          socket.send(JSON.stringify([3, id, action === "BootNotification" ? answer : {}]))
          if (action === "BootNotification") booted.push(url)
        })
      })
    }
  ),
  ({ server }) =>
    Effect.sync(() => {
      for (const client of server.clients) client.terminate()
      server.close()
    })
)

describe("The help", () => {
  it("wraps between words only, and goes on where the description began", () => {
    const help = wrapped("FLAGS\n  --port port    the port that stations connect to; 0 picks a free one", 40)
    assert.deepStrictEqual(help.split("\n"), [
      "FLAGS",
      "  --port port    the port that stations",
      "                 connect to; 0 picks a",
      "                 free one"
    ])
    const long = `  --${"x".repeat(50)}    said of it`
    assert.deepStrictEqual(wrapped(long, 40).split("\n"), [`  --${"x".repeat(50)}`, "        said of it"])
  })

  it.live("shows the defaults", () =>
    Effect.gen(function* () {
      const { stdout } = yield* run("csms", "--help")
      for (const value of ["9000", "127.0.0.1", "1.5,1.6,2.0.1,2.1", "path"]) {
        assert.include(stdout.replaceAll(/\s+/g, " "), `by default ${value}`)
      }
    }).pipe(Effect.scoped)
  )
})
