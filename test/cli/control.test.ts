/**
 * The control API of `ocpp csms`: who may use it, and what it answers.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Http from "node:http"
import * as control from "../../src/cli/control.ts"
import * as csmsApi from "../../src/cli/csmsApi.ts"
import { Endpoint } from "../../src/csms/index.ts"
import { VirtualCsms, type VirtualCsmsOptions } from "../../src/simulation/index.ts"
import { connectTo, registered } from "../support/csms.ts"
import { boot, time } from "../support/messages.ts"
import type { Raw } from "../support/raw.ts"
import { until } from "./support.ts"

interface Asked {
  readonly method?: string
  readonly headers?: Http.OutgoingHttpHeaders
  readonly body?: unknown
}

interface Answered {
  readonly status: number
  readonly headers: Http.IncomingHttpHeaders
  readonly body: any
}

/** Asks as no browser would, whatever the headers are. */
const ask = (url: string, { body, headers = {}, method = "GET" }: Asked = {}): Effect.Effect<Answered> =>
  Effect.callback((resume) => {
    const text = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body)
    const typed = text === undefined ? {} : { "content-type": "application/json" }
    const request = Http.request(url, { method, headers: { ...typed, ...headers } }, (response) => {
      let answer = ""
      response.on("data", (chunk) => {
        answer += String(chunk)
      })
      response.on("end", () => {
        const json: unknown = answer === "" ? undefined : JSON.parse(answer)
        resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, body: json }))
      })
    })
    request.on("error", (error) => resume(Effect.die(error)))
    request.end(text)
  })

/** A simulated CSMS behind its control API, and stations by hand. */
const serve = Effect.fnUntraced(function* (options: VirtualCsmsOptions = {}, token?: string) {
  const context = yield* Layer.build(
    control
      .layer(csmsApi.api, csmsApi.handlers, {
        port: 0,
        token: token === undefined ? undefined : Redacted.make(token)
      })
      .pipe(
        Layer.provideMerge(VirtualCsms.layer({ accept: registered(), ...options })),
        Layer.provide(Logger.layer([]))
      )
  )
  const { url } = Context.get(context, control.ControlApi)
  return {
    url,
    csms: Context.get(context, VirtualCsms),
    connect: connectTo(Context.get(context, Endpoint)),
    ask: (method: string, path: string, body?: unknown) => ask(`${url}${path}`, { method, body })
  }
})

let lastId = 0

/** What a station is answered. */
const answerTo = Effect.fnUntraced(function* (raw: Raw, action: string, payload: object) {
  yield* raw.send([2, String(++lastId), action, payload])
  const answer: any = yield* raw.next
  return answer
})

/** The first events of a stream, as its lines come. */
const events = (url: string, last: (line: string) => boolean) =>
  Effect.callback<ReadonlyArray<string>>((resume) => {
    const lines: Array<string> = []
    const request = Http.get(url, (response) => {
      response.on("data", (chunk) => {
        lines.push(...String(chunk).split("\n").filter(Boolean))
        if (!lines.some(last)) return
        request.destroy()
        resume(Effect.succeed(lines))
      })
    })
    request.on("error", () => {})
  })

const ids = ({ body }: Answered): ReadonlyArray<number> => body.map(({ id }: { readonly id: number }) => id)

const tag = (idTag: string, type?: string) => ({ idTag, ...(type === undefined ? {} : { type }) })

const start = (transaction: number) => ({ connectorId: 1, idTag: "A", meterStart: transaction, timestamp: time })

describe("The guard of the control API", () => {
  it.live("[FIELD-K12] refuses what a web page can send, and lets a program on this machine in", () =>
    Effect.gen(function* () {
      const { url } = yield* serve()
      const port = new URL(url).port
      const own = `127.0.0.1:${port}`
      const cases: ReadonlyArray<readonly [Asked, status: number, path?: string]> = [
        [{}, 200],
        [{ headers: { host: `localhost:${port}` } }, 200],
        [{ headers: { host: `[::1]:${port}` } }, 200],
        [{ headers: { host: "evil.example" } }, 403],
        [{ headers: { host: `127.0.0.1.evil.example:${port}` } }, 403],
        [{ headers: { origin: "https://evil.example" } }, 403],
        [{ headers: { origin: "null" } }, 403],
        [{ headers: { origin: `http://127.0.0.1:${Number(port) + 1}` } }, 403],
        [{ headers: { origin: `http://${own}` } }, 200],
        [{ headers: { "sec-fetch-site": "cross-site" } }, 403],
        [{ headers: { "sec-fetch-site": "same-site" } }, 403],
        [{ headers: { "sec-fetch-site": "none" } }, 200],
        [{ headers: { host: "evil.example" } }, 403, "/openapi.json"],
        [{ headers: { host: "evil.example" } }, 403, "/nothing"],
        [{ method: "OPTIONS", headers: { origin: "https://evil.example" } }, 403, "/idtags"]
      ]
      for (const [asked, status, path = "/stations"] of cases) {
        assert.strictEqual((yield* ask(`${url}${path}`, asked)).status, status, JSON.stringify([asked, path]))
      }
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K12] takes bodies of JSON only, and of 1 MiB at most", () =>
    Effect.gen(function* () {
      const { csms, url } = yield* serve()
      const put = (body: string, headers: Http.OutgoingHttpHeaders = {}) =>
        Effect.map(ask(`${url}/idtags`, { method: "PUT", headers, body }), ({ status }) => status)
      const tags = JSON.stringify({ default: "Blocked", tags: [] })
      assert.strictEqual(yield* put(tags, { "content-type": "text/plain" }), 415)
      assert.strictEqual(yield* put(tags, { "content-type": "application/x-www-form-urlencoded" }), 415)
      assert.strictEqual(yield* put(tags.padEnd(2 ** 20 + 1)), 413)
      assert.strictEqual(yield* put(tags.padEnd(2 ** 20 + 1), { "transfer-encoding": "chunked" }), 413)
      assert.strictEqual((yield* csms.ledger.authorize("A")).status, "Accepted")
      assert.strictEqual(yield* put(tags.padEnd(2 ** 20), { "content-type": "application/json; charset=utf-8" }), 200)
      assert.strictEqual((yield* csms.ledger.authorize("A")).status, "Blocked")
      assert.strictEqual(yield* put("{"), 400)
      assert.strictEqual(yield* put(""), 400)
    }).pipe(Effect.scoped)
  )

  it.live("asks for the bearer token, if there is one", () =>
    Effect.gen(function* () {
      const { url } = yield* serve({}, "s3cret")
      const withCredentials = (authorization?: string) =>
        ask(`${url}/stations`, authorization === undefined ? {} : { headers: { authorization } })
      assert.strictEqual((yield* withCredentials()).status, 401)
      assert.strictEqual((yield* withCredentials("Bearer guess")).status, 401)
      assert.strictEqual((yield* withCredentials("Bearer guess")).headers["www-authenticate"], "Bearer")
      assert.strictEqual((yield* withCredentials("Bearer S3cret")).status, 401)
      assert.strictEqual((yield* withCredentials("s3cret")).status, 401)
      for (const scheme of ["Bearer", "bearer", "BEARER"]) {
        assert.strictEqual((yield* withCredentials(`${scheme} s3cret`)).status, 200, scheme)
      }
      const headers = { authorization: "Bearer s3cret" }
      const { components, paths, security } = (yield* ask(`${url}/openapi.json`, { headers })).body
      assert.deepStrictEqual(components.securitySchemes, { token: { type: "http", scheme: "bearer" } })
      assert.deepStrictEqual([security, paths["/stations"].get.security], [[{ token: [] }], [{ token: [] }]])
    }).pipe(Effect.scoped)
  )
})

describe("The control API", () => {
  it.live("describes itself", () =>
    Effect.gen(function* () {
      const { ask: request } = yield* serve()
      assert.deepStrictEqual((yield* request("GET", "/health")).body, { status: "ok" })
      const { paths } = (yield* request("GET", "/openapi.json")).body
      assert.deepStrictEqual(
        Object.entries<object>(paths)
          .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
          .toSorted(),
        [
          "delete /stations/{id}/answers/{action}",
          "get /deviations",
          "get /events",
          "get /health",
          "get /idtags",
          "get /log",
          "get /stations",
          "get /transactions",
          "patch /idtags/{idTag}",
          "post /stations/{id}/call",
          "post /stations/{id}/close-stale",
          "post /stations/{id}/disconnect",
          "put /idtags",
          "put /stations/{id}/answers/{action}",
          "put /stations/{id}/boot"
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.live("says what is wrong with a request, and where", () =>
    Effect.gen(function* () {
      const { ask: request } = yield* serve()
      const cases: ReadonlyArray<readonly [method: string, path: string, body: unknown, named: string]> = [
        ["POST", "/stations/CP1/call", { action: "Reset", timeoutMs: 0 }, "timeoutMs"],
        ["POST", "/stations/CP1/call", { action: "Reset", timeoutMs: 1e12 }, "timeoutMs"],
        ["POST", "/stations/CP1/call", { action: "Reset", timeoutMs: 1.5 }, "timeoutMs"],
        ["POST", "/stations/CP1/call", { action: "Reset", timeout: 5 }, "timeout"],
        ["POST", "/stations/CP1/call", {}, "action"],
        ["PUT", "/idtags", { tags: [{ idTag: "A", status: "Perhaps" }] }, "status"],
        ["PATCH", "/idtags/A", { expiryDate: "tomorrow" }, "expiryDate"],
        ["PUT", "/stations/CP1/boot", { status: "Perhaps" }, "status"],
        ["PUT", "/stations/CP1/answers/Heartbeat", {}, "one of payload, error and silent"],
        ["PUT", "/stations/CP1/answers/Heartbeat", { payload: {}, silent: true }, "one of payload, error and silent"],
        ["PUT", "/stations/CP1/answers/Heartbeat", { payload: { currentTime: 5 } }, "currentTime"],
        ["PUT", "/stations/CP1/answers/Reset", { payload: {} }, "Reset"],
        ["PUT", "/idtags", { tags: [{ idTag: "A" }, { idTag: "B" }, { idTag: "a" }] }, '["tags"][2]["idTag"]'],
        ["PUT", "/idtags", { tags: [tag("A", "eMAID"), tag("A"), tag("a", "eMAID")] }, '["tags"][2]["idTag"]'],
        ["GET", "/transactions?limit=many", undefined, "limit"],
        ["GET", "/transactions?limit=100000", undefined, "limit"],
        ["GET", "/transactions?limit=1&limit=2", undefined, "limit"],
        ["GET", "/transactions?after=0x10", undefined, "after"],
        ["GET", "/transactions?after=", undefined, "after"],
        ["GET", "/transactions?stationID=CP1", undefined, "stationID"],
        ["GET", "/log?stationId=", undefined, "stationId"],
        ["GET", "/log?limit=1", undefined, "limit"],
        ["GET", "/events?from=1", undefined, "from"],
        ["GET", "/stations?connected", undefined, "connected"],
        ["GET", "/idtags?idTag=A", undefined, "idTag"],
        ["POST", "/stations/CP1/call?timeoutMs=5", { action: "ClearCache" }, "timeoutMs"]
      ]
      for (const [method, path, body, named] of cases) {
        const answer = yield* request(method, path, body)
        assert.strictEqual(answer.status, 400, `${method} ${path} ${JSON.stringify(body)}`)
        assert.include(answer.body.message, named)
      }
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K6] takes an identity however long it is", () =>
    Effect.gen(function* () {
      const { ask: request, connect } = yield* serve()
      const [present, absent] = ["p".repeat(250), "a".repeat(250)]
      yield* connect(present)
      assert.deepStrictEqual(yield* Effect.map(request("POST", `/stations/${absent}/disconnect`), ({ body }) => body), {
        message: `station "${absent}" is not connected`
      })
      assert.strictEqual((yield* request("POST", `/stations/${present}/disconnect`)).status, 200)
    }).pipe(Effect.scoped)
  )

  it.live("tells who may charge", () =>
    Effect.gen(function* () {
      const { ask: request } = yield* serve()
      assert.deepStrictEqual((yield* request("GET", "/idtags")).body, { tags: [] })
      const tags = [tag("A"), tag("A", "eMAID"), tag("B")]
      assert.strictEqual((yield* request("PUT", "/idtags", { default: "Unknown", tags })).status, 200)
      yield* request("PATCH", "/idtags/b", { status: "Blocked" })
      assert.deepStrictEqual((yield* request("GET", "/idtags")).body, {
        default: "Unknown",
        tags: [tag("A"), tag("A", "eMAID"), { idTag: "B", status: "Blocked" }]
      })
    }).pipe(Effect.scoped)
  )

  it.live("changes one idTag, and needs no default", () =>
    Effect.gen(function* () {
      const { ask: request, csms } = yield* serve()
      assert.strictEqual((yield* request("PUT", "/idtags", { tags: [{ idTag: "A/B", parentIdTag: "P" }] })).status, 200)
      assert.deepStrictEqual((yield* request("PATCH", "/idtags/a%2Fb", { status: "Blocked" })).body, {
        idTag: "A/B",
        status: "Blocked",
        parentIdTag: "P"
      })
      yield* request("PATCH", "/idtags/NEW", { status: "Invalid" })
      const known = { isKnown: true, isMasterPass: false }
      assert.deepStrictEqual(yield* csms.ledger.authorize("a/b"), { status: "Blocked", parentIdTag: "P", ...known })
      assert.deepStrictEqual(yield* csms.ledger.authorize("NEW"), { status: "Invalid", ...known })
      assert.deepStrictEqual(yield* csms.ledger.authorize("OTHER"), { status: "Accepted", ...known, isKnown: false })
      yield* request("PATCH", "/idtags/A%2FB", { status: null, parentIdTag: null })
      assert.deepStrictEqual(yield* csms.ledger.authorize("A/B"), { status: "Accepted", ...known })
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K9] changes an idTag of one type only if the type is said", () =>
    Effect.gen(function* () {
      const { ask: request, csms } = yield* serve()
      const tags = [
        { idTag: "A", type: "ISO14443", parentIdTag: "P" },
        { idTag: "A", type: "eMAID" }
      ]
      const status = (type?: string) => Effect.map(csms.ledger.authorize("A", type), (found) => found.status)
      const all = Effect.all([status("ISO14443"), status("eMAID"), status("Local"), status()])
      yield* request("PUT", "/idtags", { default: "Unknown", masterPassGroupId: "P", tags })
      const changed = yield* request("PATCH", "/idtags/a", { type: "ISO14443", status: "Blocked" })
      assert.deepStrictEqual(changed.body, { ...tags[0], status: "Blocked" })
      assert.deepStrictEqual(yield* all, ["Blocked", "Accepted", "Unknown", "Accepted"])
      yield* request("PATCH", "/idtags/A", { type: "Local", status: "Expired" })
      assert.deepStrictEqual(yield* all, ["Blocked", "Accepted", "Expired", "Expired"])
      yield* request("PATCH", "/idtags/A", { status: "Invalid" })
      assert.deepStrictEqual(yield* all, ["Invalid", "Invalid", "Invalid", "Invalid"])
      // What was said of groups stays.
      assert.isTrue((yield* csms.ledger.authorize("A", "ISO14443")).isMasterPass)
    }).pipe(Effect.scoped)
  )

  it.live("says how the next boot is answered, and only that one", () =>
    Effect.gen(function* () {
      const { ask: request, connect } = yield* serve()
      const { raw } = yield* connect("CP1")
      yield* request("PUT", "/stations/CP1/boot", { status: "Pending", interval: 7 })
      const answers = [yield* answerTo(raw, "BootNotification", boot), yield* answerTo(raw, "BootNotification", boot)]
      assert.deepStrictEqual(
        answers.map(([, , { interval, status }]) => [status, interval]),
        [
          ["Pending", 7],
          ["Accepted", 300]
        ]
      )
      assert.strictEqual((yield* request("GET", "/stations")).body[0].registration, "Accepted")
    }).pipe(Effect.scoped)
  )

  it.live("scripts the answers to a station, until that is taken back", () =>
    Effect.gen(function* () {
      const { ask: request, connect } = yield* serve()
      const { raw } = yield* connect("CP1")
      const path = "/stations/CP1/answers/Authorize"
      const put = (answer: unknown) => request("PUT", path, answer)
      const authorize = answerTo(raw, "Authorize", { idTag: "A" })
      yield* put({ payload: { idTagInfo: { status: "Blocked" } } })
      assert.deepStrictEqual((yield* authorize)[2], { idTagInfo: { status: "Blocked" } })
      yield* put({ error: { code: "InternalError", description: "the disk is full" } })
      assert.deepStrictEqual((yield* authorize).slice(2), ["InternalError", "the disk is full", {}])
      yield* put({ delayMs: 30 })
      yield* raw.send([2, "late", "Authorize", { idTag: "A" }])
      assert.deepStrictEqual(yield* raw.news, [])
      assert.deepStrictEqual(yield* until(raw.news, ({ length }) => length > 0), [
        [3, "late", { idTagInfo: { status: "Accepted" } }]
      ])
      yield* put({ silent: true })
      yield* raw.send([2, "silent", "Authorize", { idTag: "A" }])
      assert.strictEqual((yield* answerTo(raw, "Heartbeat", {}))[0], 3)
      yield* request("DELETE", path)
      assert.deepStrictEqual(yield* raw.next, [3, "silent", { idTagInfo: { status: "Accepted" } }])
      assert.deepStrictEqual((yield* authorize)[2], { idTagInfo: { status: "Accepted" } })
      // It is for one station only.
      yield* put({ payload: { idTagInfo: { status: "Blocked" } } })
      const other = yield* connect("CP2")
      const answer = yield* answerTo(other.raw, "Authorize", { idTag: "A" })
      assert.deepStrictEqual(answer[2], { idTagInfo: { status: "Accepted" } })
    }).pipe(Effect.scoped)
  )

  it.live("answers what was held in silence as the next answer says", () =>
    Effect.gen(function* () {
      const { ask: request, connect } = yield* serve()
      const { raw } = yield* connect("CP1")
      const put = (answer: unknown) => request("PUT", "/stations/CP1/answers/StartTransaction", answer)
      yield* put({ silent: true })
      // The second repeats the first.
      yield* raw.send([2, "held", "StartTransaction", start(1)])
      yield* raw.send([2, "again", "StartTransaction", start(1)])
      yield* put({ silent: true })
      assert.strictEqual((yield* put({ payload: { transactionId: "one" } })).status, 400)
      assert.strictEqual((yield* answerTo(raw, "Heartbeat", {}))[0], 3)
      yield* put({ payload: { transactionId: 7, idTagInfo: { status: "Invalid" } } })
      const answers = (yield* raw.news) as ReadonlyArray<any>
      assert.deepStrictEqual(
        answers.map(([, id, { transactionId }]) => [id, transactionId]),
        [
          ["held", 7],
          ["again", 7]
        ]
      )
      assert.deepStrictEqual((yield* request("GET", "/transactions")).body, [])
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K12] tells transactions in pages, and keeps the last ones only", () =>
    Effect.gen(function* () {
      const { ask: request, csms } = yield* serve({ maxTransactions: 5, firstTransactionId: 1 })
      for (let n = 1; n <= 7; n++) {
        yield* csms.ledger.start({
          stationId: n === 6 ? "CP2" : "CP1",
          connectorId: 1,
          idTag: "A",
          startTimestamp: time,
          meterStart: n
        })
      }
      const whole = yield* request("GET", "/transactions")
      assert.deepStrictEqual(ids(whole), [3, 4, 5, 6, 7])
      assert.isUndefined(whole.headers.link)
      const seen = []
      let next: string | undefined = "/transactions?stationId=CP1&limit=2"
      while (next !== undefined) {
        const page: Answered = yield* request("GET", next)
        seen.push(ids(page))
        next = /^<(.*)>; rel="next"$/.exec(page.headers.link?.toString() ?? "")?.[1]
      }
      assert.deepStrictEqual(seen, [
        [3, 4],
        [5, 7]
      ])
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K12] remembers frames and deviations up to a number of bytes", () =>
    Effect.gen(function* () {
      const { ask: request, connect } = yield* serve({ maxLogBytes: 100_000 })
      const { raw } = yield* connect("CP1")
      const data = "x".repeat(10_000)
      for (let n = 0; n < 30; n++) yield* answerTo(raw, "DataTransfer", { vendorId: "v", data, n })
      const log = (yield* request("GET", "/log")).body
      assert.isAtLeast(log.length, 6)
      assert.isBelow(JSON.stringify(log).length, 100_000)
      assert.isBelow(JSON.stringify((yield* request("GET", "/deviations")).body).length, 100_000)
      yield* raw.send([2, "big", "DataTransfer", { vendorId: "v", data: data.repeat(10) }])
      yield* raw.next
      assert.lengthOf((yield* request("GET", "/log")).body, 1)
    }).pipe(Effect.scoped)
  )

  it.live("streams what happens, from now on or after an event, and tells what is forgotten", () =>
    Effect.gen(function* () {
      const { connect, csms, url } = yield* serve()
      const { raw } = yield* connect("CP1")
      const after = yield* csms.lastEvent
      yield* answerTo(raw, "StartTransaction", start(1))
      yield* answerTo(raw, "Fly", {})
      yield* raw.close()
      const lines = yield* events(`${url}/events?after=${after}`, (line) => line.includes('"Disconnected"'))
      const told = lines.flatMap((line) => (line.startsWith("data: ") ? [JSON.parse(line.slice(6))] : []))
      assert.deepStrictEqual(
        told.map(({ dir, event, kind, type }) => [type, dir ?? event ?? kind].filter(Boolean).join(" ")),
        [
          "ready",
          "frame in",
          "transaction",
          "frame out",
          "frame in",
          "deviation UnknownAction",
          "frame out",
          "session Disconnected"
        ]
      )
      assert.strictEqual(told[2].transaction.meterStart, 1)
      assert.include(lines, `id: ${after + 7}`)
      const heard = events(`${url}/events?after=${after + 7}&stationId=CP2`, (line) => line.includes('"Connected"'))
      yield* connect("CP3")
      yield* connect("CP2")
      // Those of another station are left out.
      assert.deepStrictEqual(
        (yield* heard).filter((line) => line.startsWith("event")),
        ["event: ready", "event: session"]
      )
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K12] tells a reader how many events are not remembered any more", () =>
    Effect.gen(function* () {
      const { connect, url } = yield* serve({ maxLogBytes: 20_000 })
      const { raw } = yield* connect("CP1")
      for (let n = 0; n < 100; n++) yield* answerTo(raw, "Heartbeat", {})
      const lines = yield* events(`${url}/events?after=0`, (line) => line === "event: frame")
      const missed = lines.flatMap((line) => /^data: \{"type":"missed","count":(\d+)\}$/.exec(line)?.[1] ?? [])
      assert.lengthOf(missed, 1)
      const first = lines.flatMap((line) => /^id: (\d+)$/.exec(line)?.[1] ?? []).at(1)
      assert.strictEqual(Number(first), Number(missed[0]) + 1)
      yield* raw.close()
    }).pipe(Effect.scoped)
  )
})
