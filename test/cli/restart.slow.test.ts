/**
 * A CSMS that is killed, or stopped for a new version of itself, under stations that are not ours and charge over real
 * sockets: `ocpp-rpc` in every version. They reconnect and do not boot again.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { directory } from "../support/storage.ts"
import { v16, versions } from "../support/versions.ts"
import { csms, start, until } from "./support.ts"
import { begin, end, portOf, theirStation, update } from "./theirStation.ts"

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
})
