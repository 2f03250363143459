import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { type Entry, redact, WireLog } from "../../src/rpc/WireLog.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { core, time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

describe("WireLog", () => {
  it.effect("is given every frame of a station, both ways, bad ones too", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { csms, raw } = yield* station({
        handlers: { reset: () => Effect.succeed({ status: "Accepted" }) }
      }).pipe(Effect.provideService(WireLog, (entry) => void log.push(entry)))
      yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("2 seconds")
      yield* raw.send([3, id, { currentTime: time }])
      yield* raw.send("nonsense")
      yield* raw.send([2, "1", "Reset", { type: "Soft" }])
      yield* raw.send([2, "2", "Fly", {}])
      assert.deepStrictEqual(log, [
        { identity: "CP001", direction: "out", time: 0, frame: `[2,"${id}","Heartbeat",{}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: `[3,"${id}",{"currentTime":"${time}"}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: "nonsense" },
        { identity: "CP001", direction: "in", time: 2000, frame: `[2,"1","Reset",{"type":"Soft"}]` },
        { identity: "CP001", direction: "out", time: 2000, frame: `[3,"1",{"status":"Accepted"}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: `[2,"2","Fly",{}]` },
        { identity: "CP001", direction: "out", time: 2000, frame: `[4,"2","NotImplemented","",{}]` }
      ])
    })
  )

  it.effect("is given the frames of every station of a CSMS", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { connect, csms } = yield* makeCsms({ handlers: [V16.handlers(core)] }).pipe(
        Effect.provideService(WireLog, (entry) => void log.push(entry))
      )
      const first = yield* connect("CP001")
      yield* connect("CP002")
      yield* first.raw.send([2, "1", "Heartbeat", {}])
      yield* start(csms.call("CP002", V16.ClearCache, {}))
      assert.deepStrictEqual(
        log.map(({ direction, identity }) => [identity, direction]),
        [
          ["CP001", "in"],
          ["CP001", "out"],
          ["CP002", "out"]
        ]
      )
    })
  )

  it.effect("is given a call that is made the moment a station is connected", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { connect, csms } = yield* makeCsms({ handlers: [V16.handlers(core)] }).pipe(
        Effect.provideService(WireLog, (entry) => void log.push(entry))
      )
      yield* csms.sessions.pipe(
        Stream.filter(({ _tag }) => _tag === "Connected"),
        Stream.runForEach(({ session }) => Effect.ignore(csms.call(session.identity, V16.ClearCache, {}))),
        start
      )
      yield* settled
      const { raw } = yield* connect("CP001")
      yield* raw.nextCall("ClearCache")
      assert.deepStrictEqual(
        log.map(({ direction, identity }) => [identity, direction]),
        [["CP001", "out"]]
      )
    })
  )
})

describe("A WireLog that throws", () => {
  it.effect("does not hold up the connection", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({
        handlers: { reset: () => Effect.succeed({ status: "Accepted" }) }
      }).pipe(
        Effect.provideService(WireLog, () => {
          throw new Error("disk full")
        })
      )
      const call = yield* start(csms.heartbeat({}))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.strictEqual(outcome(call), "ok")
      yield* raw.send([2, "1", "Reset", { type: "Soft" }])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
    })
  )
})

describe("redact", () => {
  for (const [title, frame, redacted] of [
    [
      "[SEC-08] the AuthorizationKey that is set",
      `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"secret"}]`,
      `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]`
    ],
    [
      "[SEC-08] the AuthorizationKey, whatever the order and the case, for keys have none",
      `[2,"1","ChangeConfiguration",{"value":"secret","key":"authorizationkey"}]`,
      `[2,"1","ChangeConfiguration",{"value":"***","key":"authorizationkey"}]`
    ],
    [
      "[SEC-08] the AuthorizationKey that is read",
      `[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"secret"},{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]`,
      `[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"***"},{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]`
    ],
    [
      "[SEC-08] the BasicAuthPassword that is set",
      `[2,"1","SetVariables",{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"secret"}]}]`,
      `[2,"1","SetVariables",{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"***"}]}]`
    ],
    [
      "[SEC-08] every field that is a password by its name",
      `[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"user":"u","password":"secret"},"apn":{"apnPassword":"secret"},"basicAuthPassword":{"a":"secret"}}}]`,
      `[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"user":"u","password":"***"},"apn":{"apnPassword":"***"},"basicAuthPassword":"***"}}]`
    ],
    [
      "[SEC-08] the PIN of a SIM and the key of a VPN",
      `[2,"1","SetNetworkProfile",{"connectionData":{"apn":{"apn":"a","simPin":1234},"vpn":{"server":"s","user":"u","key":"secret"}}}]`,
      `[2,"1","SetNetworkProfile",{"connectionData":{"apn":{"apn":"a","simPin":"***"},"vpn":{"server":"s","user":"u","key":"***"}}}]`
    ],
    [
      "[SEC-08] the password in a URL",
      `[2,"1","GetDiagnostics",{"location":"ftp://user:secret@host/a@b"}]`,
      `[2,"1","GetDiagnostics",{"location":"ftp://user:***@host/a@b"}]`
    ],
    [
      "nothing else",
      `[2,"1","DataTransfer",{"vendorId":"x","data":"y"}]`,
      `[2,"1","DataTransfer",{"vendorId":"x","data":"y"}]`
    ],
    ["[SEC-08] all of what is not JSON", `[2,"1","secret`, "(14 characters that are not JSON)"]
  ] as const) {
    it(`masks ${title}`, () => {
      assert.strictEqual(redact(frame), redacted)
    })
  }

  it("takes any text, however deep", () => {
    for (const text of ["", "[".repeat(100_000), `[2,"1","Reset",${"[".repeat(100_000)}${"]".repeat(100_000)}]`]) {
      assert.isString(redact(text))
    }
  })

  it("keeps a field called __proto__ a field", () => {
    assert.strictEqual(redact(`[{"__proto__":{"password":"secret"}}]`), `[{"__proto__":{"password":"***"}}]`)
  })
})
