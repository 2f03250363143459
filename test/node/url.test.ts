/**
 * The URL that a station makes of its endpoint and its identity: what servers read of it, and what is shown of it.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { inspect } from "node:util"
import { Identity } from "../../src/index.ts"
import { WebSocketClient } from "../../src/node/index.ts"
import { type ConnectionOptions, Connector, NetworkProfiles } from "../../src/station/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as Seeded from "../support/seeded.ts"
import { standUp } from "../support/station.ts"
import { connect, logs, recording, serve, wsCsms } from "./support.ts"

vi.setConfig({ testTimeout: 10_000, hookTimeout: 2_000 })

const seed = process.env["OCPP_TEST_SEED"] ?? "urls"

const hosts = ["csms.example", "csms.example:9000", "127.0.0.1:1", "[::1]:9000", "user:p%40ss@csms.example"]
const segments = ["ocpp", "v1.6", "a%20b", "%7C", "..x", "ü", "a b", "~!$&'()*+,;=:@", "%25", ""]
const queries = ["", "", "?", "?token=abc", "?a=/b/&c=%2F", "?ü=x y", "?q=a?b&q=2", "?CP1", "?t=a+b%20c&u=%26"]
const characters = [..." |/?#%&=+;:@.~-_aZ09éü漢🔋\"<>\\^`{}[]'()*!$,"]

/** An endpoint below a URL, and an identity. */
const generate = (random: Seeded.Seeded, base: string) => {
  const several = (most: number, choices: ReadonlyArray<string>): ReadonlyArray<string> =>
    Array.from({ length: random.integer(0, most) }, () => random.pick(choices))
  const path = several(3, segments).map((segment) => `/${segment}`)
  const identity = random.pick([several(20, characters).join(""), random.pick(["CP001", "%2E", "...", "%252F", "a%"])])
  const endpoint = `${base}${path.join("")}${random.pick(["", "/"])}${random.pick(queries)}`
  const isOne = Identity.flaw(identity, { maxLength: 48, colon: true }) === undefined
  return { endpoint, identity: isOne ? identity : "CP001" }
}

describe("The URL of a station", () => {
  for (const [endpoint, url, identity = "CP1"] of [
    ["/ocpp?token=abc", "/ocpp/CP1?token=abc"],
    ["/ocpp/?token=abc", "/ocpp/CP1?token=abc"],
    ["?token=abc", "/CP1?token=abc"],
    ["/?a=/b/&c=%2F%20+", "/CP1?a=/b/&c=%2F%20+"],
    ["/ocpp?token=abc", "/ocpp/RDAM%7C123?token=abc", "RDAM|123"],
    ["/ocpp?token=abc", "/ocpp/100%25%3F%23?token=abc", "100%?#"],
    ["/ocpp", "/ocpp/RDAM%257C123", "RDAM%7C123"],
    ["/a%20b/ocpp", "/a%20b/ocpp/CP1"],
    ["/a/../b", "/b/CP1"],
    ["/CP", "/CP/CP1"],
    ["/CP1/ocpp", "/CP1/ocpp/CP1"],
    ["/cp1", "/cp1/CP1"],
    ["", "/CP.001", "CP.001"],
    ["", "/...", "..."]
  ] as const) {
    it.live(`[CON-02] [FIELD-K7] of "${identity}" at "${endpoint}" is ${url}`, () =>
      Effect.gen(function* () {
        const server = yield* wsCsms()
        yield* connect(`${server.url}${endpoint}`, { identity })
        assert.strictEqual((yield* server.next).request.url, url)
      })
    )
  }

  it.live("[CON-02] [FIELD-K7] is read back by a server to the same identity and query, whatever they are", () =>
    Effect.gen(function* () {
      const { accept, handshakes } = recording()
      const { url } = yield* serve({ accept })
      const connector = Context.get(yield* Layer.build(WebSocketClient.layer()), Connector)
      const [subprotocols, timeout] = [["ocpp1.6"], Duration.seconds(2)]
      const random = Seeded.make(seed)
      for (let round = 0; round < 150; round++) {
        const { endpoint, identity } = generate(random, url)
        const told = `seed ${seed}, round ${round}: ${JSON.stringify({ endpoint, identity })}`
        yield* Effect.scoped(connector.connect({ url: endpoint, identity, subprotocols, password: undefined, timeout }))
        const read = handshakes[round]
        assert.strictEqual(read?.identity, identity, told)
        assert.deepStrictEqual(Array.from(read?.query ?? []), Array.from(new URL(endpoint).searchParams), told)
      }
    })
  )

  it("[CON-02] [FIELD-K7] keeps everything else of its endpoint, and is read back with a slash behind it too", () => {
    const random = Seeded.make(seed)
    for (let round = 0; round < 5_000; round++) {
      const { endpoint, identity } = generate(random, `${random.pick(["ws", "wss", "WS"])}://${random.pick(hosts)}`)
      const told = `seed ${seed}, round ${round}: ${JSON.stringify({ endpoint, identity })}`
      const [given, made] = [new URL(endpoint), new URL(Identity.toUrl(endpoint, identity))]
      assert.strictEqual(Identity.fromPath(made.pathname), identity, told)
      assert.strictEqual(Identity.fromPath(`${made.pathname}/`), identity, told)
      made.pathname = given.pathname
      assert.strictEqual(made.href, given.href, told)
    }
  })

  it.live("[FIELD-K7] is that of a network profile with a query, too", () =>
    Effect.gen(function* () {
      const server = yield* wsCsms({ handleProtocols: ([offered]) => offered ?? false })
      const profile = {
        ocppCsmsUrl: `${server.url}/ocpp?token=abc`,
        ocppInterface: "Wired0",
        ocppTransport: "JSON",
        messageTimeout: 30,
        securityProfile: 0
      }
      const url = yield* NetworkProfiles.make({ identity: "CP1", slots: [0, 1], profiles: { 0: profile } })
      yield* standUp(V201.protocol, { url, identity: "CP1" }, WebSocketClient.layer())
      assert.strictEqual((yield* server.next).request.url, "/ocpp/CP1?token=abc")
    })
  )
})

/** What a station fails with, and how often it was tried to connect it. */
const failure = Effect.fnUntraced(function* (url: ConnectionOptions["url"], identity = "CP1") {
  let attempts = 0
  const never = Connector.of({
    connect: () =>
      Effect.andThen(
        Effect.sync(() => ++attempts),
        Effect.never
      )
  })
  const made = standUp(V201.protocol, { url, identity, firstConnection: "retry" }, Layer.succeed(Connector, never))
  return { error: yield* Effect.scoped(Effect.flip(made)), attempts }
})

describe("A URL that no station can connect to", () => {
  for (const [url, shown, rule] of [
    ["", "", "no ws: or wss: URL"],
    ["nonsense", "nonsense", "no ws: or wss: URL"],
    ["csms.example:9000", "csms.example:9000", "no ws: or wss: URL"],
    ["http://csms.example/ocpp", "http://csms.example/ocpp", "no ws: or wss: URL"],
    ["https://u:s3cret@csms.example?t=s3cret", "https://csms.example/?***", "no ws: or wss: URL"],
    ["wss:csms.example/ocpp", "wss:csms.example/ocpp", "no ws: or wss: URL"],
    ["wss:/csms.example?t=s3cret", "wss://csms.example/?***", "no ws: or wss: URL"],
    ["ws:///ocpp", "ws:///ocpp", "no ws: or wss: URL"],
    ["ws://", "ws://", "no ws: or wss: URL"],
    ["ws://csms.example:99999/?t=s3cret", "***", "no ws: or wss: URL"],
    ["ws://u:s3/cret@csms.example", "***", "no ws: or wss: URL"],
    ["u:s3cret@csms.example", "***", "no ws: or wss: URL"],
    ["ws://csms.example/ocpp#s3cret", "ws://csms.example/ocpp#***", "fragment"],
    ["ws://csms.example/ocpp#", "ws://csms.example/ocpp#***", "fragment"],
    ["ws://csms.example/?t=s3cret#", "ws://csms.example/?***#***", "fragment"],
    ["ws://csms.example/CP1", "ws://csms.example/CP1", "ends in the identity"],
    ["ws://csms.example/ocpp/CP1/?t=s3cret", "ws://csms.example/ocpp/CP1/?***", "ends in the identity"],
    ["ws://csms.example/%43P1", "ws://csms.example/%43P1", "ends in the identity"]
  ] as const) {
    it.live(`[FIELD-K7] "${url}" fails when the layer is made, and no attempt is made`, () =>
      Effect.gen(function* () {
        const { attempts, error } = yield* failure(url)
        if (error._tag !== "InvalidUrl") return assert.fail(error._tag)
        assert.strictEqual(error.url, shown)
        assert.include(error.rule, rule)
        assert.strictEqual(error.message, `url: no station can connect to ${JSON.stringify(shown)}: ${error.rule}`)
        assert.strictEqual(attempts, 0)
      })
    )
  }

  it.live("[FIELD-K7] fails wherever in a list it stands", () =>
    Effect.gen(function* () {
      const { attempts, error } = yield* failure(["ws://a.example", "ws://b.example/CP1"])
      assert.deepInclude(error, { _tag: "InvalidUrl", url: "ws://b.example/CP1" })
      assert.strictEqual(attempts, 0)
    })
  )

  for (const identity of [".", ".."]) {
    it.live(`[CON-02] [FIELD-K7] is that of the identity "${identity}"`, () =>
      Effect.gen(function* () {
        const { attempts, error } = yield* failure("ws://csms.example/ocpp", identity)
        assert.deepInclude(error, { _tag: "InvalidIdentity", identity })
        assert.strictEqual(attempts, 0)
      })
    )
  }
})

describe("User and query of a URL", () => {
  it.live("[SEC-08] [FIELD-K7] are in no status, no error and no log", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      const seen: Array<unknown> = []
      const program = Effect.fnUntraced(function* (base: string) {
        const url = `${base.replace("//", "//s3cret-user:s3cret-word@")}/ocpp?token=s3cret-token`
        const { station } = yield* connect(url, {
          firstConnection: "retry",
          reconnect: Schedule.recurs(1)
        })
        yield* Stream.runForEach(station.status.pipe(Stream.takeUntil(({ _tag }) => _tag === "GaveUp")), (status) => {
          seen.push(status)
          const closed = status._tag === "Connected" ? station.close() : Effect.void
          return Effect.andThen(closed, Effect.logInfo("now", status))
        })
        seen.push(yield* Effect.exit(connect(url.replace("ws:", "http:"))))
        seen.push(yield* Effect.exit(connect(url)))
      })
      const { url } = yield* serve({ username: "any", accept: () => Effect.void })
      for (const base of ["ws://127.0.0.1:1", url]) {
        yield* Effect.scoped(program(base)).pipe(
          Effect.provide(layer),
          Effect.provideService(References.MinimumLogLevel, "All")
        )
      }
      const shown = [...lines, JSON.stringify(seen), inspect(seen, { depth: 20 })].join("\n")
      assert.include(shown, "/ocpp?***")
      assert.include(shown, "/ocpp/CP001?***")
      assert.notInclude(shown, "s3cret")
      assert.include(shown, "ConnectUnreachable")
      assert.include(shown, "ConnectionLost")
    })
  )
})
