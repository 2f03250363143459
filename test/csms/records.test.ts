/**
 * What a CSMS remembers of its stations over connections and restarts, and what it does about one that it does not
 * know.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import { type SessionEvent } from "../../src/csms/index.ts"
import { Storage } from "../../src/Storage.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import * as Transport from "../../src/Transport.ts"
import { logs } from "../node/support.ts"
import { type AnyOptions, csmsOf, handshake } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import { Raw } from "../support/raw.ts"
import * as Seeded from "../support/seeded.ts"
import { faulty } from "../support/storage.ts"
import { collect, settled, start as begin } from "../support/time.ts"
import { responseTo, v15, v16, v201, v21, type Version, versions } from "../support/versions.ts"

/** Whatever is logged below is meant to be. */
const quiet = Effect.provideService(References.MinimumLogLevel, "None")

interface Options extends AnyOptions {
  readonly storage?: Storage["Service"]
  readonly firstNumber?: number
}

/** A CSMS that answers each start of a transaction with the next number, by default from 7. */
const open = Effect.fnUntraced(function* (
  version: Version,
  { firstNumber = 7, handlers, storage, ...options }: Options = {}
) {
  let lastNumber = firstNumber - 1
  const started = () => Effect.sync(() => ({ ...responseTo(version, "StartTransaction"), transactionId: ++lastNumber }))
  const scope = yield* Scope.fork(yield* Effect.scope)
  const making = csmsOf(version, { ...options, handlers: { StartTransaction: started, ...handlers } }).pipe(
    Scope.provide(scope)
  )
  const made = yield* storage === undefined ? making : Effect.provideService(making, Storage, storage)
  const events: ReadonlyArray<SessionEvent> = yield* collect(made.csms.sessions).pipe(Scope.provide(scope))
  return { ...made, events, stop: Scope.close(scope, Exit.void) }
})

type World = Effect.Success<ReturnType<typeof open>>

/** These come, are answered like this when they boot, and go, one after the other. */
const visit = Effect.fnUntraced(function* (world: World, answers: Readonly<Record<string, string>>) {
  for (const [name, answer] of Object.entries(answers)) {
    const { raw } = yield* world.connect(name)
    yield* world.boot(raw, answer)
    yield* raw.close()
  }
})

/** How a station stands that connects now. */
const standing = Effect.fnUntraced(function* (world: World, identity?: string) {
  const { session } = yield* world.connect(identity)
  return yield* session.registration
})

// ---- transactions, by the versions that name them in the one way and the other

const event = (eventType: string, seqNo: number, transactionId = "T1") => ({
  eventType,
  timestamp: time,
  triggerReason: "CablePluggedIn",
  seqNo,
  transactionInfo: { transactionId }
})

interface Messages {
  readonly start: readonly [action: string, payload: object]
  readonly stop: (transactionId: number) => readonly [action: string, payload: object]
}

const messagesOf = ({ is2x, stores }: Version): Messages =>
  is2x
    ? {
        start: ["TransactionEvent", event("Started", 0, "T7")],
        stop: (transactionId) => ["TransactionEvent", event("Ended", 1, `T${transactionId}`)]
      }
    : {
        start: ["StartTransaction", stores["StartTransaction"]!],
        stop: (transactionId) => ["StopTransaction", { ...stores["StopTransaction"], transactionId }]
      }

const refused = "SecurityError"

// ---------------------------------------------------------------------------------------------------------------------

describe("A station of which there is no record", () => {
  for (const version of versions) {
    it.effect(`[REG-06] [FIELD-K14] of ${version.name} is told of once, when it relies on being accepted`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logs()
        yield* Effect.gen(function* () {
          const world = yield* open(version)
          const { raw, session } = yield* world.connect()
          assert.strictEqual(yield* session.registration, "assumed")
          assert.deepStrictEqual(lines, [])
          for (const [action, payload] of [...Object.entries(version.sends), ...Object.entries(version.stores)]) {
            assert.isObject(yield* world.ask(raw, action, payload), action)
          }
          assert.strictEqual(yield* session.registration, "assumed")
          assert.deepStrictEqual(
            world.events.map(({ _tag }) => _tag),
            ["Connected", "Assumed"]
          )
          assert.strictEqual(world.events[1]?.session, session)
          assert.deepStrictEqual(world.deviations, [])
          assert.lengthOf(lines, 1)
          assert.match(lines[0]!, /level=INFO .*no record of the station.*ocpp\.identity=CP001/)
        }).pipe(Effect.provide(layer))
      })
    )

    it.effect(`[REG-06] of ${version.name} is not told of if it boots first`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logs()
        yield* Effect.gen(function* () {
          const world = yield* open(version)
          const { raw, session } = yield* world.connect()
          yield* world.boot(raw, "Accepted")
          yield* world.ask(raw, "Heartbeat", {})
          assert.strictEqual(yield* session.registration, "Accepted")
          assert.deepStrictEqual(
            world.events.map(({ _tag }) => _tag),
            ["Connected"]
          )
          assert.deepStrictEqual(lines, [])
        }).pipe(Effect.provide(layer))
      })
    )

    it.effect(`[REG-06] [FIELD-K14] of ${version.name} is not blamed where it is refused`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logs()
        yield* Effect.gen(function* () {
          const world = yield* open(version, { registration: { unknown: "refuse" } })
          const { raw } = yield* world.connect()
          yield* raw.send([2, "1", "Heartbeat", {}])
          assert.deepStrictEqual(yield* raw.next, [4, "1", refused, "no registration of the station is on record", {}])
          assert.match(lines.join("\n"), /level=WARN .*"a request was refused: NotAccepted, Heartbeat, no registration/)
          // Once its boot was answered, it has to know.
          yield* world.boot(raw, "Rejected")
          const { raw: again } = yield* world.connect()
          assert.strictEqual(yield* world.ask(again, "Heartbeat", {}), refused)
          assert.lengthOf(lines, 2)
          assert.match(lines[1]!, /the peer broke the protocol: NotAccepted, Heartbeat, the station is not accepted/)
        }).pipe(Effect.provide(layer))
      })
    )
  }

  it.effect("[REG-06] stands as accept says, which is no assumption", () =>
    Effect.gen(function* () {
      for (const registration of ["Accepted", "Pending", "Rejected", "Unregistered"] as const) {
        const world = yield* open(v201, { accept: () => ({ registration }) })
        const { raw, session } = yield* world.connect()
        yield* world.ask(raw, "Heartbeat", {})
        assert.strictEqual(yield* session.registration, registration)
        assert.deepStrictEqual(
          world.events.map(({ _tag }) => _tag),
          ["Connected"]
        )
      }
    }).pipe(quiet)
  )

  it.effect("[REG-06] is not accepted any more once it boots, on this connection and on the next", () =>
    Effect.gen(function* () {
      const answer = yield* Deferred.make<object>()
      const world = yield* open(v16, { handlers: { BootNotification: () => Deferred.await(answer) } })
      const { raw } = yield* world.connect()
      assert.isObject(yield* world.ask(raw, "Heartbeat", {}))
      yield* raw.send([2, "boot", "BootNotification", v16.boot])
      assert.strictEqual(yield* world.ask(raw, "Heartbeat", {}), refused)
      yield* raw.close()
      const { raw: again, session } = yield* world.connect()
      assert.strictEqual(yield* session.registration, "Unregistered")
      assert.strictEqual(yield* world.ask(again, "Heartbeat", {}), refused)
      yield* Deferred.succeed(answer, v16.answer("Accepted", 300))
    }).pipe(quiet)
  )
})

// ---------------------------------------------------------------------------------------------------------------------

describe("The end of a transaction", () => {
  for (const version of versions) {
    const { start, stop } = messagesOf(version)

    for (const status of [...version.refusals, "Unregistered"] as const) {
      it.effect(`[REG-06] of ${version.name} is handled if its station opened it, though that is ${status}`, () =>
        Effect.gen(function* () {
          const world = yield* open(version, {
            accept: () => (status === "Unregistered" ? { registration: status } : {})
          })
          const { raw } = yield* world.connect()
          yield* world.boot(raw, "Accepted")
          yield* world.ask(raw, ...start)
          if (status !== "Unregistered") yield* world.boot(raw, status)
          const { raw: again, session } = yield* world.connect()
          const { raw: other } = yield* world.connect("CP002")
          yield* world.boot(other, version.refusals[0]!)
          assert.strictEqual(yield* session.registration, status)

          world.handled.length = 0
          // A number is its own station's only, and nobody else has this one.
          assert.strictEqual(yield* world.ask(other, ...stop(7)), refused)
          assert.strictEqual(yield* world.ask(again, ...stop(8)), refused)
          if (!version.is2x) assert.strictEqual(yield* world.ask(again, ...stop(-1)), refused)
          assert.strictEqual(yield* world.ask(again, ...start), refused)
          assert.strictEqual(yield* world.ask(again, "Heartbeat", {}), refused)
          assert.deepStrictEqual(world.handled, [])
          assert.isObject(yield* world.ask(again, ...stop(7)))
          // Its answer was lost.
          assert.isObject(yield* world.ask(again, ...stop(7)))
          assert.deepStrictEqual(world.handled, [stop(7)[0]])
          assert.strictEqual(yield* session.registration, status)
        }).pipe(quiet)
      )
    }

    it.effect(`[REG-06] of ${version.name} is looked at as a whole before it may pass`, () =>
      Effect.gen(function* () {
        const world = yield* open(version)
        const { raw } = yield* world.connect()
        yield* world.boot(raw, "Accepted")
        yield* world.ask(raw, ...start)
        yield* world.boot(raw, "Rejected")
        world.handled.length = 0
        const [action, payload] = stop(7)
        for (const broken of [{}, null, [], 7, "7", { ...payload, extra: 1 }, { ...payload, timestamp: "now" }]) {
          assert.strictEqual(yield* world.ask(raw, action, broken), refused, JSON.stringify(broken))
        }
        assert.deepStrictEqual(world.handled, [])
      }).pipe(quiet)
    )
  }

  it.effect("[REG-06] is read with the tolerance of its station", () =>
    Effect.gen(function* () {
      const world = yield* open(v16, { accept: () => ({ tolerance: Tolerance.lenient }) })
      const { raw } = yield* world.connect()
      yield* world.boot(raw, "Accepted")
      yield* world.ask(raw, ...messagesOf(v16).start)
      yield* world.boot(raw, "Rejected")
      const stop = { transactionId: "7", meterStop: 1, timestamp: time }
      assert.isObject(yield* world.ask(raw, "StopTransaction", stop))
      assert.strictEqual(yield* world.ask(raw, "StopTransaction", { ...stop, transactionId: "8" }), refused)
    }).pipe(quiet)
  )

  it.effect("[REG-06] of 2.x is handled if only an update of it has come", () =>
    Effect.gen(function* () {
      for (const version of [v201, v21]) {
        const world = yield* open(version)
        const { raw } = yield* world.connect()
        yield* world.ask(raw, "TransactionEvent", event("Updated", 3))
        yield* world.boot(raw, "Pending")
        assert.strictEqual(yield* world.ask(raw, "TransactionEvent", event("Updated", 4)), refused)
        assert.isObject(yield* world.ask(raw, "TransactionEvent", event("Ended", 5)))
      }
    }).pipe(quiet)
  )

  it.effect("[REG-06] [TX-08] of 1.x is not handled because the station has told a number in its MeterValues", () =>
    Effect.gen(function* () {
      for (const version of [v15, v16]) {
        const world = yield* open(version)
        const { raw } = yield* world.connect()
        yield* world.boot(raw, "Accepted")
        yield* world.ask(raw, "MeterValues", { ...version.stores["MeterValues"], transactionId: 7 })
        yield* world.boot(raw, "Rejected")
        assert.strictEqual(yield* world.ask(raw, ...messagesOf(version).stop(7)), refused)
      }
    }).pipe(quiet)
  )

  it.effect("[REG-06] is handled whether repeated messages are recognised or not", () =>
    Effect.gen(function* () {
      const world = yield* open(v15, { deduplication: false })
      const { raw } = yield* world.connect()
      yield* world.boot(raw, "Accepted")
      for (let times = 0; times < 3; times++) yield* world.ask(raw, ...messagesOf(v15).start)
      yield* world.boot(raw, "Rejected")
      for (const number of [7, 8, 9]) assert.isObject(yield* world.ask(raw, ...messagesOf(v15).stop(number)))
      assert.strictEqual(yield* world.ask(raw, ...messagesOf(v15).stop(10)), refused)
    }).pipe(quiet)
  )

  it.effect("[REG-06] is handled of the last 64 that are open and the last 4 that have ended", () =>
    Effect.gen(function* () {
      for (const stored of [undefined, yield* faulty("station ")]) {
        const options = stored === undefined ? {} : { storage: stored.storage }
        const world = yield* open(v16, { deduplication: false, ...options })
        const { raw } = yield* world.connect()
        const { start, stop } = messagesOf(v16)
        yield* world.boot(raw, "Accepted")
        for (let number = 7; number <= 80; number++) yield* world.ask(raw, ...start)
        for (let number = 71; number <= 80; number++) yield* world.ask(raw, ...stop(number))
        const { raw: again } = yield* world.connect()
        yield* world.boot(again, "Rejected")
        const handledOf = (from: number, to: number) =>
          Effect.map(
            Effect.forEach(
              Array.from({ length: to - from + 1 }, (_, index) => from + index),
              (number) =>
                Effect.map(world.ask(again, ...stop(number)), (answer) => (answer === refused ? [] : [number]))
            ),
            (numbers) => numbers.flat()
          )
        assert.deepStrictEqual(yield* handledOf(71, 80), [77, 78, 79, 80])
        const open64 = yield* handledOf(7, 70)
        assert.deepStrictEqual([open64.length, open64[0], open64.at(-1)], [54, 17, 70])
        // What has gone is taken out with the next that comes.
        yield* world.boot(again, "Accepted")
        yield* world.ask(again, ...start)
        if (stored !== undefined) assert.lengthOf(yield* stored.entries, 1 + 4 + 1)
      }
    }).pipe(quiet)
  )
})

// ---------------------------------------------------------------------------------------------------------------------

/** Another CSMS on the same storage, once the first has stopped. */
const restarted = (version: Version, before: World, options: Options) =>
  Effect.andThen(before.stop, open(version, options))

describe("A CSMS that is restarted", () => {
  for (const version of versions) {
    const { start, stop } = messagesOf(version)

    for (const status of ["Accepted", ...version.refusals] as const) {
      it.effect(`[REG-06] [FIELD-K14] with a storage knows a station of ${version.name} that was ${status}`, () =>
        Effect.gen(function* () {
          const { storage } = yield* faulty("")
          const before = yield* open(version, { storage })
          const { raw } = yield* before.connect()
          yield* before.boot(raw, "Accepted")
          yield* before.ask(raw, ...start)
          yield* before.boot(raw, status)

          const after = yield* restarted(version, before, { storage })
          const { raw: again, session } = yield* after.connect()
          assert.strictEqual(yield* session.registration, status)
          const heartbeat = yield* after.ask(again, "Heartbeat", {})
          if (status === "Accepted") assert.isObject(heartbeat)
          else assert.strictEqual(heartbeat, refused)
          assert.isObject(yield* after.ask(again, ...stop(7)))
          if (status !== "Accepted") assert.strictEqual(yield* after.ask(again, ...stop(8)), refused)
          assert.deepStrictEqual(
            after.events.map(({ _tag }) => _tag),
            ["Connected"]
          )
        }).pipe(quiet)
      )

      it.effect(`[REG-06] [FIELD-K14] without one assumes that a station of ${version.name} is accepted`, () =>
        Effect.gen(function* () {
          const before = yield* open(version)
          const { raw } = yield* before.connect()
          yield* before.boot(raw, status)

          const after = yield* restarted(version, before, {})
          const { raw: again, session } = yield* after.connect()
          assert.strictEqual(yield* session.registration, "assumed")
          for (const [action, payload] of [["Heartbeat", {}] as const, start, stop(7)]) {
            assert.isObject(yield* after.ask(again, action, payload), action)
          }
          yield* after.boot(again, status)
          assert.strictEqual(yield* session.registration, status)
        }).pipe(quiet)
      )
    }
  }

  it.effect("[REG-06] keeps stations apart, whatever they are called", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const names = ["A", "a", "A ", 'A"', "A/B", "registration", "__proto__", "🔌"]
      const before = yield* open(v16, { storage })
      for (const [index, name] of names.entries()) {
        const { raw } = yield* before.connect(name)
        yield* before.boot(raw, ["Accepted", "Pending", "Rejected"][index % 3]!)
      }
      const after = yield* restarted(v16, before, { storage })
      const found = yield* Effect.forEach(names, (name) => standing(after, name))
      assert.deepStrictEqual(
        found,
        names.map((_, index) => (["Accepted", "Pending", "Rejected"] as const)[index % 3]!)
      )
    }).pipe(quiet)
  )

  it.effect("[REG-06] has stored an answer before it is sent, and an equal one only once", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const world = yield* open(v201, { storage })
      const { raw, session } = yield* world.connect()
      const gate = yield* Deferred.make<void>()
      state.gate = Deferred.await(gate)
      yield* raw.send([2, "boot", "BootNotification", v201.boot])
      assert.deepStrictEqual(raw.received, [])
      assert.strictEqual(yield* session.registration, "Unregistered")
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual((yield* raw.next)[1], "boot")
      assert.strictEqual(yield* session.registration, "Accepted")
      assert.strictEqual(state.commits, 1)
      for (let times = 0; times < 3; times++) yield* world.boot(raw, "Accepted")
      assert.strictEqual(state.commits, 1)
      yield* world.boot(raw, "Pending")
      assert.strictEqual(state.commits, 2)
    }).pipe(quiet)
  )

  it.effect("[REG-06] goes by its memory while the storage fails, and stores what it could not at the next boot", () =>
    Effect.gen(function* () {
      const { state, storage } = yield* faulty("")
      const before = yield* open(v16, { storage })
      const { raw } = yield* before.connect()
      yield* before.boot(raw, "Accepted")
      state.failCommits = state.failReads = true
      yield* before.boot(raw, "Rejected")
      assert.strictEqual(yield* standing(before), "Rejected")
      assert.strictEqual(yield* standing(before, "CP002"), "assumed")
      // What the storage has is older.
      state.failReads = false
      assert.strictEqual(yield* standing(before), "Rejected")
      state.failCommits = false
      const { raw: again } = yield* before.connect()
      yield* before.boot(again, "Rejected")
      assert.strictEqual(yield* standing(yield* restarted(v16, before, { storage })), "Rejected")
    }).pipe(quiet)
  )

  it.effect("[REG-06] says in the log when the storage fails or holds what it cannot read", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      yield* Effect.gen(function* () {
        const { spaces, state, storage } = yield* faulty("station ")
        const before = yield* open(v16, { storage })
        const { raw } = yield* before.connect()
        state.failCommits = true
        yield* before.boot(raw, "Rejected")
        assert.match(lines.splice(0).join("\n"), /level=ERROR .*could not be stored.*the disk is gone/s)
        state.failCommits = false
        yield* before.boot(raw, "Rejected")
        const [space] = spaces
        yield* storage.commit([{ space: space!, key: "registration", value: '"Perhaps"' }])
        const after = yield* restarted(v16, before, { storage })
        assert.strictEqual(yield* standing(after), "assumed")
        assert.match(lines.splice(0).join("\n"), /level=ERROR .*could not be read.*ocpp\.identity=CP001/s)
        state.failReads = true
        assert.strictEqual(yield* standing(after, "CP002"), "assumed")
        assert.match(lines.join("\n"), /level=ERROR .*could not be read.*the disk is gone.*ocpp\.identity=CP002/s)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("[REG-06] [FIELD-K13] goes by its memory, and says so in the log, while the storage throws", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      yield* Effect.gen(function* () {
        const { state, storage } = yield* faulty("")
        const world = yield* open(v16, { storage })
        state.throws = true
        const { raw } = yield* world.connect()
        assert.match(lines.splice(0).join("\n"), /level=ERROR .*could not be read.*this storage has a bug/s)
        yield* world.boot(raw, "Rejected")
        assert.match(lines.splice(0).join("\n"), /level=ERROR .*could not be stored.*this storage has a bug/s)
        assert.strictEqual(yield* standing(world), "Rejected")
        state.throws = false
        yield* world.boot((yield* world.connect()).raw, "Rejected")
        assert.strictEqual(yield* standing(yield* restarted(v16, world, { storage })), "Rejected")
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("[REG-06] [FIELD-K13] uses what it can read of a record of which it cannot read all", () =>
    Effect.gen(function* () {
      const { layer, lines } = logs()
      yield* Effect.gen(function* () {
        const { spaces, storage } = yield* faulty("station ")
        const before = yield* open(v16, { storage })
        yield* before.boot((yield* before.connect()).raw, "Rejected")
        const [space] = spaces
        yield* storage.commit([{ space: space!, key: "transaction 1", value: "null" }])
        assert.strictEqual(yield* standing(yield* restarted(v16, before, { storage })), "Rejected")
        assert.match(lines.join("\n"), /level=ERROR .*could not be read, and counts as not there: .*transaction 1/s)
      }).pipe(Effect.provide(layer))
    })
  )

  it.effect("[REG-06] does not take an older record for a newer one, whichever is read or written last", () =>
    Effect.gen(function* () {
      const { spaces, state, storage } = yield* faulty("station ")
      const world = yield* open(v16, { storage })
      const { raw } = yield* world.connect()
      yield* world.boot(raw, "Accepted")
      // Another process has changed it, this one reads that slowly, and answers a boot meanwhile.
      const [space] = spaces
      yield* storage.commit([{ space: space!, key: "registration", value: '"Pending"' }])
      const gate = yield* Deferred.make<void>()
      state.gate = Deferred.await(gate)
      const coming = yield* begin(world.connect())
      state.gate = Effect.void
      yield* world.boot(raw, "Rejected")
      yield* Deferred.succeed(gate, undefined)
      const { session } = yield* Fiber.join(coming)
      assert.strictEqual(yield* session.registration, "Rejected")
    }).pipe(quiet)
  )

  it.effect("[REG-06] shares its records with the others on the same storage", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const one = yield* open(v16, { storage })
      const other = yield* open(v16, { storage })
      const { start, stop } = messagesOf(v16)
      for (const [here, there, status] of [
        [one, other, "Accepted"],
        [other, one, "Rejected"],
        [one, other, "Pending"],
        [other, one, "Accepted"],
        [one, other, "Rejected"]
      ] as const) {
        const { raw } = yield* here.connect()
        yield* here.boot(raw, "Accepted")
        yield* here.ask(raw, ...start)
        yield* here.boot(raw, status)
        yield* raw.close()
        const { raw: again, session } = yield* there.connect()
        assert.strictEqual(yield* session.registration, status)
        assert.isObject(yield* there.ask(again, ...stop(7)))
        yield* again.close()
      }
    }).pipe(quiet)
  )
})

describe("The transactions in a storage", () => {
  it.effect("[REG-06] are written when they begin, and not again", () =>
    Effect.gen(function* () {
      const { entries, state, storage } = yield* faulty("station ")
      const world = yield* open(v201, { storage, deduplication: false })
      const { raw } = yield* world.connect()
      const commits = Effect.fnUntraced(function* (...sent: ReadonlyArray<object>) {
        const before = state.commits
        for (const each of sent) yield* world.ask(raw, "TransactionEvent", each)
        return state.commits - before
      })
      assert.strictEqual(yield* commits(event("Started", 0, "T1")), 1)
      assert.strictEqual(yield* commits(event("Updated", 1, "T1"), event("Updated", 2, "T1")), 0)
      assert.strictEqual(yield* commits(event("Ended", 3, "T1"), event("Ended", 3, "T1")), 0)
      assert.strictEqual(yield* commits(event("Ended", 3, "T2")), 0)
      assert.strictEqual(yield* commits(event("Updated", 2, "T3")), 1)
      assert.lengthOf(yield* entries, 2)
    })
  )

  it.effect("[REG-06] keep their order over restarts: the oldest has to go", () =>
    Effect.gen(function* () {
      const { storage } = yield* faulty("")
      const { start, stop } = messagesOf(v16)
      const options = { storage, deduplication: false } as const
      const runOf = Effect.fnUntraced(function* (from: number, to: number) {
        const world = yield* open(v16, { ...options, firstNumber: from })
        const { raw } = yield* world.connect()
        yield* world.boot(raw, "Accepted")
        for (let number = from; number <= to; number++) yield* world.ask(raw, ...start)
        yield* world.stop
      })
      yield* runOf(7, 70)
      yield* runOf(71, 72)
      yield* runOf(73, 73)
      const world = yield* open(v16, options)
      const { raw } = yield* world.connect()
      yield* world.boot(raw, "Rejected")
      const answers = yield* Effect.forEach([7, 8, 9, 10, 11, 70, 71, 72, 73], (number) =>
        Effect.map(world.ask(raw, ...stop(number)), (answer) => answer !== refused)
      )
      assert.deepStrictEqual(answers, [false, false, false, true, true, true, true, true, true])
    }).pipe(quiet)
  )
})

// ---------------------------------------------------------------------------------------------------------------------

describe("The memory of a CSMS", () => {
  it.effect("[REG-06] forgets accepted stations first, those that connected least lately", () =>
    Effect.gen(function* () {
      const world = yield* open(v16, { registration: { capacity: 3 } })
      yield* visit(world, { A: "Rejected", B: "Accepted", C: "Pending", D: "Accepted" })
      const found = yield* Effect.forEach(["A", "C", "D"], (name) => standing(world, name))
      assert.deepStrictEqual(found, ["Rejected", "Pending", "Accepted"])
      assert.strictEqual(yield* standing(world, "B"), "assumed")
    }).pipe(quiet)
  )

  it.effect("[REG-06] assumes nothing any more once it had to forget a station that is not accepted", () => {
    const { layer, lines } = logs()
    return Effect.gen(function* () {
      const world = yield* open(v16, { registration: { capacity: 2 } })
      yield* visit(world, { A: "Rejected", B: "Rejected", C: "Rejected" })
      for (const [name, status] of [
        ["B", "Rejected"],
        ["C", "Rejected"],
        ["A", "Unregistered"],
        ["D", "Unregistered"]
      ] as const) {
        const { raw, session } = yield* world.connect(name)
        assert.strictEqual(yield* session.registration, status, name)
        assert.strictEqual(yield* world.ask(raw, "Heartbeat", {}), refused)
        yield* raw.close()
      }
      const said = lines.filter((line) => line.includes("too many stations are not accepted"))
      assert.lengthOf(said, 1)
      // From now on it is the accepted ones that would be missed.
      yield* visit(world, { E: "Accepted", F: "Rejected", G: "Rejected" })
      assert.strictEqual(yield* standing(world, "E"), "Accepted")
    }).pipe(Effect.provide(layer))
  })

  it.effect("[REG-06] forgets accepted stations last where nothing is assumed", () =>
    Effect.gen(function* () {
      const world = yield* open(v16, { registration: { capacity: 2, unknown: "refuse" } })
      yield* visit(world, { A: "Accepted", B: "Rejected", C: "Rejected" })
      assert.strictEqual(yield* standing(world, "A"), "Accepted")
    }).pipe(quiet)
  )

  it.effect("[REG-06] forgets no station that is connected", () =>
    Effect.gen(function* () {
      const world = yield* open(v16, { registration: { capacity: 1 } })
      const { start, stop } = messagesOf(v16)
      const { raw } = yield* world.connect("A")
      yield* world.boot(raw, "Accepted")
      yield* world.ask(raw, ...start)
      yield* world.connect("B")
      const { raw: again } = yield* world.connect("A")
      yield* world.boot(again, "Rejected")
      assert.isObject(yield* world.ask(again, ...stop(7)))
    }).pipe(quiet)
  )

  it.effect("[REG-06] forgets no answer to a station that was forgotten while it connected", () =>
    Effect.gen(function* () {
      const world = yield* open(v16, { registration: { capacity: 1 } })
      const { agreed } = yield* world.endpoint.accept(handshake("A"))
      yield* world.endpoint.accept(handshake("B"))
      const [station, own] = yield* Transport.makePair
      assert.isDefined(agreed?.connect(own))
      const raw = new Raw(station)
      yield* world.boot(raw, "Rejected")
      yield* raw.close()
      assert.strictEqual(yield* standing(world, "A"), "Rejected")
    }).pipe(quiet)
  )

  const seed = "records"
  it.effect(`[REG-06] never assumes what it has answered otherwise, seed "${seed}"`, () =>
    Effect.gen(function* () {
      const { integer, pick } = Seeded.make(seed)
      const tally = { assumed: 0, refused: 0, accepted: 0 }
      for (let round = 0; round < 200; round++) {
        const storage = round % 2 === 0 ? undefined : (yield* faulty("")).storage
        const version = pick(versions)
        const options = { registration: { capacity: integer(1, 4) }, ...(storage === undefined ? {} : { storage }) }
        let world = yield* open(version, options)
        const answered = new Map<string, string>()
        for (let step = 0; step < 30; step++) {
          const name = pick(["A", "B", "C", "D", "E", "F"])
          const { raw, session } = yield* world.connect(name)
          const last = answered.get(name)
          const now = yield* session.registration
          const isHandled = typeof (yield* world.ask(raw, "Heartbeat", {})) === "object"
          const context = `round ${round}, step ${step}: ${name}, answered ${last}, is ${now}`
          assert.strictEqual(isHandled, now === "assumed" || now === "Accepted", context)
          if (last === undefined) assert.include(["assumed", "Unregistered"], now, context)
          else if (last === "Accepted") assert.include(["assumed", "Accepted", "Unregistered"], now, context)
          else assert.include([last, "Unregistered"], now, context)
          if (storage !== undefined) assert.strictEqual(now, last ?? "assumed", context)
          tally[now === "assumed" ? "assumed" : isHandled ? "accepted" : "refused"]++
          if (integer(0, 2) > 0) {
            const status = pick(["Accepted", ...version.refusals])
            yield* world.boot(raw, status)
            answered.set(name, status)
          }
          if (integer(0, 3) > 0) yield* raw.close()
          if (storage !== undefined && integer(0, 9) === 0) world = yield* restarted(version, world, options)
        }
        yield* world.stop
        yield* settled
      }
      for (const [kind, count] of Object.entries(tally)) assert.isAbove(count, 100, kind)
    }).pipe(quiet)
  )
})
