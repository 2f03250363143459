/**
 * A CSMS that is killed, or stopped for a new version of itself, under stations that are not ours and charge over real
 * sockets: `ocpp-rpc` in every version. They reconnect and do not boot again.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { RPCClient } from "ocpp-rpc"
import { optionsOf } from "../support/ocppRpc.ts"
import { type Version, versions } from "../support/stations.ts"
import { directory } from "../support/storage.ts"
import { csms, run, start, until } from "./support.ts"

const time = "2026-11-28T06:00:00.000Z"

const [, v16, v201] = versions as [Version, Version, Version]

/** A station of theirs; `call` gives the response, or the code of the error. */
const theirStation = Effect.fnUntraced(function* (ws: string, identity: string, version: Version) {
  const client = new RPCClient(
    optionsOf({
      endpoint: ws,
      identity,
      protocols: [version.protocol.json.subprotocol],
      strictMode: false,
      reconnect: true,
      maxReconnects: Infinity,
      callTimeoutMs: 30_000,
      backoff: { initialDelay: 20, maxDelay: 100, factor: 2, randomisationFactor: 0 }
    })
  )
  yield* Effect.acquireRelease(
    Effect.promise(() => client.connect()),
    () => Effect.promise(() => client.close({ force: true }))
  )
  const call = (action: string, payload: object): Effect.Effect<any> =>
    Effect.promise(() => client.call(action, payload).catch((error) => error.rpcErrorCode ?? error))
  return { call, identity, version, boot: call("BootNotification", version.boot) }
})

type Station = Effect.Success<ReturnType<typeof theirStation>>

const event = (eventType: string, seqNo: number, transactionId: string, value: number) => ({
  eventType,
  seqNo,
  timestamp: time,
  triggerReason: "Authorized",
  transactionInfo: { transactionId },
  meterValue: [{ timestamp: time, sampledValue: [{ value }] }]
})

/** Gives the transaction id. */
const begin = Effect.fnUntraced(function* ({ call, identity, version }: Station, meterStart = 0) {
  if (version.name.startsWith("2")) {
    const id = `T${meterStart} of ${identity}`
    yield* call("TransactionEvent", event("Started", 0, id, meterStart))
    return id
  }
  const request = { connectorId: 1, idTag: "TAG", meterStart, timestamp: time }
  const { transactionId } = yield* call("StartTransaction", request)
  assert.isNumber(transactionId)
  return transactionId as number
})

const update = ({ call, version }: Station, id: number | string) =>
  typeof id === "string"
    ? call("TransactionEvent", event("Updated", 1, id, 5))
    : call("MeterValues", { ...version.stores["MeterValues"], transactionId: id })

const end = ({ call }: Station, id: number | string) =>
  typeof id === "string"
    ? call("TransactionEvent", event("Ended", 2, id, 10))
    : call("StopTransaction", { transactionId: id, meterStop: 10, timestamp: time })

const portOf = ({ ws }: { readonly ws: string }): string => new URL(ws).port

const standings = ({ request }: { readonly request: (method: string, path: string) => Effect.Effect<any> }) =>
  Effect.map(request("GET", "/stations"), ({ body }) =>
    Object.fromEntries(
      body.map(({ connected, id, registration }: any): [string, string] => [id, connected ? registration : "gone"])
    )
  )

describe("Stations that are not ours", () => {
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    for (const isStored of [true, false]) {
      const flags = isStored ? "with --state" : "without --state"

      it.live(`[FIELD-K14] [REG-06] charge on through ${signal} and a new start of ocpp csms ${flags}`, () =>
        Effect.gen(function* () {
          const state = isStored ? ["--state", join(yield* directory, "csms.db")] : []
          const before = yield* csms(...state)
          const stations = yield* Effect.forEach(versions, (version) => theirStation(before.ws, version.name, version))
          const ids: Array<number | string> = []
          for (const station of stations) {
            yield* station.boot
            ids.push(yield* begin(station))
          }
          yield* before.running.stop(signal)

          const after = yield* csms(...state, "--port", portOf(before), "--control-port", "0")
          yield* until(standings(after), (found) => Object.keys(found).length === versions.length)
          const standing = isStored ? "Accepted" : "assumed"
          assert.deepStrictEqual(
            yield* standings(after),
            Object.fromEntries(versions.map(({ name }) => [name, standing]))
          )
          for (const [index, station] of stations.entries()) {
            const id = ids[index]!
            assert.isString((yield* station.call("Heartbeat", {})).currentTime, station.identity)
            assert.deepStrictEqual(yield* update(station, id), {}, station.identity)
            assert.deepStrictEqual(yield* end(station, id), {}, station.identity)
            assert.notInclude(ids, yield* begin(station, 10))
          }

          const log = (yield* after.request("GET", "/log")).body
          assert.isFalse(log.some(({ frame }: { readonly frame: string }) => frame.includes("BootNotification")))
          const ended = (yield* after.request("GET", "/transactions")).body
            .filter(({ meterStop }: any) => meterStop === 10)
            .map(({ meterStart, stationId, transactionId }: any) => [stationId, transactionId, meterStart])
          const stray = (yield* after.request("GET", "/deviations")).body.map(({ kind, stationId }: any) => [
            kind,
            stationId
          ])
          if (isStored) {
            assert.sameDeepMembers(
              ended,
              versions.map(({ name }, index) => [name, ids[index], 0])
            )
            assert.deepStrictEqual(stray, [])
          } else {
            // What it was before, this CSMS has not heard.
            assert.sameDeepMembers(
              ended,
              versions.slice(2).map(({ name }) => [name, `T0 of ${name}`, 5])
            )
            assert.deepStrictEqual(stray, [
              ["UnknownTransaction", "1.5"],
              ["UnknownTransaction", "1.6"]
            ])
          }
          const { stderr } = yield* after.running.stop("SIGTERM")
          assert.notInclude(stderr, "broke the protocol")
          assert.strictEqual(stderr.match(/is not open here/g)?.length ?? 0, stray.length)
          assert.strictEqual(stderr.match(/no record of the station/g)?.length ?? 0, isStored ? 0 : versions.length)
        }).pipe(Effect.scoped)
      )
    }
  }

  for (const isStored of [true, false]) {
    it.live(
      `[FIELD-K14] [REG-06] that were not accepted are ${isStored ? "not" : "taken as"} accepted after a kill ${isStored ? "with" : "without"} a storage`,
      () =>
        Effect.gen(function* () {
          const file = isStored ? join(yield* directory, "csms.db") : ""
          const serve = Effect.fnUntraced(function* (port: string) {
            const running = yield* start("test/cli/registering.ts", port, file)
            return { running, ws: yield* running.line((line) => line.startsWith("ws://")) }
          })
          const before = yield* serve("0")
          const stations = yield* Effect.forEach(
            versions.flatMap((version) => version.refusals.map((status) => [version, status] as const)),
            ([version, status]) => theirStation(before.ws, `${status} ${version.name}`, version)
          )
          const ids: Array<number | string> = []
          for (const station of stations) {
            // The first boot of a station is accepted, and the next is as its name says.
            assert.strictEqual((yield* station.boot).status, "Accepted")
            ids.push(yield* begin(station))
            assert.strictEqual((yield* station.boot).status, station.identity.split(" ")[0])
            assert.strictEqual(yield* station.call("Heartbeat", {}), "SecurityError")
          }
          yield* before.running.stop("SIGKILL")

          yield* serve(portOf(before))
          for (const [index, station] of stations.entries()) {
            const heartbeat = yield* station.call("Heartbeat", {})
            if (isStored) assert.strictEqual(heartbeat, "SecurityError", station.identity)
            else assert.isString(heartbeat.currentTime, station.identity)
            if (isStored) assert.strictEqual(yield* update(station, ids[index]!), "SecurityError", station.identity)
            assert.deepStrictEqual(yield* end(station, ids[index]!), {}, station.identity)
            yield* station.boot
            assert.isString((yield* station.call("Heartbeat", {})).currentTime)
          }
        }).pipe(Effect.scoped)
    )
  }
})

describe("ocpp csms --state", () => {
  it.live("[FIELD-K14] keeps idTags, and begins no number anew", () =>
    Effect.gen(function* () {
      const state = join(yield* directory, "csms.db")
      const numbers: Array<number> = []
      const before = yield* csms("--state", state)
      const tags = { default: "Invalid", tags: [{ idTag: "TAG", status: "Blocked" }] }
      yield* before.request("PUT", "/idtags", tags)
      const station = yield* theirStation(before.ws, "CP1", v16)
      yield* station.boot
      numbers.push(Number(yield* begin(station)))
      yield* before.running.stop("SIGKILL")

      const after = yield* csms("--state", state, "--port", portOf(before), "--control-port", "0")
      const authorize = (idTag: string) =>
        Effect.map(station.call("Authorize", { idTag }), ({ idTagInfo }) => idTagInfo.status)
      assert.deepStrictEqual([yield* authorize("tag"), yield* authorize("other")], ["Blocked", "Invalid"])
      // A repetition is one, also after the restart.
      numbers.push(Number(yield* begin(station)), Number(yield* begin(station, 1)))
      assert.deepStrictEqual(
        numbers.map((number) => number - numbers[0]!),
        [0, 0, 1]
      )
      assert.isAbove(numbers[0]!, 1)
      assert.deepStrictEqual(
        (yield* after.request("GET", "/transactions")).body.map(({ id, transactionId }: any) => [id, transactionId]),
        [
          [1, numbers[0]],
          [2, numbers[2]]
        ]
      )
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K14] is for one process at a time, and the next goes on where it ended", () =>
    Effect.gen(function* () {
      const state = join(yield* directory, "csms.db")
      const one = yield* csms("--state", state)
      const station = yield* theirStation(one.ws, "CP1", v201)
      yield* station.boot
      const id = yield* begin(station)
      const early = yield* run("csms", "--port", "0", "--state", state)
      assert.strictEqual(early.code, 1)
      assert.match(early.stderr, /^ocpp: the storage [^\n]*csms\.db is in use: [^\n]*\n$/)
      assert.strictEqual(early.stdout, "")
      assert.deepStrictEqual(yield* update(station, id), {})
      assert.strictEqual((yield* one.running.stop("SIGTERM")).code, 0)
      const two = yield* csms("--state", state, "--port", portOf(one), "--control-port", "0")
      assert.deepStrictEqual(yield* end(station, id), {})
      const [transaction, ...others] = (yield* two.request("GET", "/transactions")).body
      assert.deepStrictEqual([transaction.meterStart, transaction.meterStop, others], [0, 10, []])
    }).pipe(Effect.scoped)
  )

  it.live("[FIELD-K10] --json writes JSON to stdout and nothing else, whatever is logged", () =>
    Effect.gen(function* () {
      const { running, ws } = yield* csms("--json")
      const station = yield* theirStation(ws, "CP1", v16)
      yield* station.call("Heartbeat", {})
      yield* station.call("Authorize", {})
      const { stderr, stdout } = yield* running.stop("SIGTERM")
      for (const line of stdout.split("\n")) JSON.parse(line)
      assert.include(stderr, "INFO")
      assert.include(stderr, "WARN")
    }).pipe(Effect.scoped)
  )
})
