import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Deviation } from "../../src/Deviation.ts"
import * as Peer from "../../src/engine/Peer.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { time } from "../support/messages.ts"
import { settled, start } from "../support/time.ts"
import { overJson } from "../support/engine.ts"

/** A connection in the hands of the test, which sees when its other end stops reading. */
class Line implements Transport {
  readonly sent: Array<ReadonlyArray<unknown>> = []
  isPaused = false
  private listener: Listener | undefined = undefined

  send(frame: string): boolean {
    this.sent.push(JSON.parse(frame))
    return true
  }
  close(code: number, reason: string): void {
    this.listener?.closed(code, reason)
  }
  listen(listener: Listener): void {
    this.listener = listener
  }
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }

  receive(frame: unknown): void {
    this.listener?.frame(JSON.stringify(frame))
  }
}

interface Running {
  /** What the handler was asked, in the order in which handlers began. */
  readonly begun: Array<string>
  /** Lets the handler of a request answer. */
  readonly finish: (data: string) => Effect.Effect<void>
}

/** A CSMS whose handler of DataTransfer answers when it is told to, after a call to the station if asked for one. */
const open = Effect.fnUntraced(function* (requests: Peer.RequestSettings) {
  const begun: Array<string> = []
  const gates = new Map<string, Deferred.Deferred<void>>()
  const deviations: Array<Deviation> = []
  const line = new Line()
  const scope = yield* Effect.scope
  const engine = yield* Peer.make<Peer.Peer, never>({
    lifetime: scope,
    handlers: V16.csmsHandlersPartial({
      heartbeat: () => Effect.succeed({ currentTime: time }),
      dataTransfer: Effect.fnUntraced(function* ({ data = "", vendorId }, session) {
        begun.push(data)
        if (vendorId === "asks back") yield* Effect.orDie(session.call(V16.ClearCache, {}))
        const gate = Deferred.await(gates.get(data) ?? gates.set(data, Deferred.makeUnsafe()).get(data)!)
        if (vendorId === "holds on") yield* Effect.uninterruptible(gate)
        else if (vendorId !== "asks back") yield* gate
        return { status: "Accepted", data } as const
      })
    }),
    nextId: yield* Peer.makeIds,
    requests,
    observer: {
      identity: () => "CP001",
      deviation: (_, deviation) => deviations.push(deviation),
      closed: () => Effect.runFork(Scope.close(connection, Exit.void))
    }
  })
  const connection = Scope.forkUnsafe(scope)
  const peer = engine.open(overJson(line, V16.protocol), connection, (self) => self)
  peer.listen()
  const running: Running = {
    begun,
    finish: (data) =>
      Effect.suspend(() => {
        Deferred.doneUnsafe(gates.get(data)!, Exit.void)
        return settled
      })
  }
  return { ...running, line, peer, deviations }
})

const ask = (data: string, vendorId = "x"): unknown => [2, data, "DataTransfer", { vendorId, data }]
const answer = (data: string): unknown => [3, data, { status: "Accepted", data }]

describe("Many requests at a time", () => {
  it.effect("are handled side by side up to the bound, the others in the order in which they came", () =>
    Effect.gen(function* () {
      const { begun, finish, line } = yield* open({ concurrency: 2 })
      for (const data of ["a", "b", "c", "d"]) line.receive(ask(data))
      assert.deepStrictEqual(begun, ["a", "b"])
      yield* finish("b")
      assert.deepStrictEqual(begun, ["a", "b", "c"])
      yield* finish("c")
      assert.deepStrictEqual(begun, ["a", "b", "c", "d"])
      yield* finish("d")
      yield* finish("a")
      assert.deepStrictEqual(line.sent, [answer("b"), answer("c"), answer("d"), answer("a")])
    })
  )

  it.effect("are handled one after the other where the bound is 1", () =>
    Effect.gen(function* () {
      const { begun, finish, line } = yield* open({ concurrency: 1 })
      line.receive(ask("a"))
      line.receive([2, "beat", "Heartbeat", {}])
      line.receive(ask("b"))
      assert.deepStrictEqual(line.sent, [])
      yield* finish("a")
      assert.deepStrictEqual(line.sent, [answer("a"), [3, "beat", { currentTime: time }]])
      assert.deepStrictEqual(begun, ["a", "b"])
    })
  )

  it.effect("are 16 unless told otherwise", () =>
    Effect.gen(function* () {
      const { begun, line } = yield* open({})
      for (let index = 0; index < 20; index++) line.receive(ask(String(index)))
      assert.strictEqual(begun.length, 16)
    })
  )

  it.effect("stop the reading once too many wait, until half of them are gone", () =>
    Effect.gen(function* () {
      const { deviations, finish, line } = yield* open({ concurrency: 1, queueLimit: 4 })
      const asked = ["a", "b", "c", "d", "e"]
      for (const data of asked.slice(0, 4)) line.receive(ask(data))
      assert.isFalse(line.isPaused)
      line.receive(ask("e"))
      assert.isTrue(line.isPaused)
      yield* finish("a")
      assert.isTrue(line.isPaused)
      yield* finish("b")
      assert.isFalse(line.isPaused)
      for (const data of asked.slice(2)) yield* finish(data)
      assert.deepStrictEqual(line.sent, asked.map(answer))
      assert.deepStrictEqual(deviations, [])
    })
  )

  it.effect("may be no more than those that are handled", () =>
    Effect.gen(function* () {
      const { begun, finish, line } = yield* open({ concurrency: 1, queueLimit: 0 })
      line.receive(ask("a"))
      assert.isFalse(line.isPaused)
      line.receive(ask("b"))
      assert.isTrue(line.isPaused)
      yield* finish("a")
      assert.isFalse(line.isPaused)
      yield* finish("b")
      assert.isFalse(line.isPaused)
      assert.deepStrictEqual(begun, ["a", "b"])
    })
  )

  it.effect("lose none of those that were under way when the reading stopped", () =>
    Effect.gen(function* () {
      const { finish, line } = yield* open({ concurrency: 1, queueLimit: 1 })
      const asked = ["a", "b", "c", "d", "e"]
      for (const data of asked) line.receive(ask(data))
      assert.isTrue(line.isPaused)
      for (const data of asked) yield* finish(data)
      assert.deepStrictEqual(line.sent, asked.map(answer))
    })
  )

  it.effect("never stop the reading while an answer is awaited: they are refused, so that nothing stands still", () =>
    Effect.gen(function* () {
      const { deviations, line } = yield* open({ concurrency: 2, queueLimit: 2 })
      for (const data of ["a", "b", "c", "d", "e"]) line.receive(ask(data, "asks back"))
      yield* settled
      assert.isFalse(line.isPaused)
      assert.deepStrictEqual(line.sent.slice(1), [[4, "e", "GenericError", "too many requests are waiting", {}]])
      assert.deepStrictEqual(
        deviations.map(({ action, kind, messageId }) => [kind, action, messageId]),
        [["TooManyRequests", "DataTransfer", "e"]]
      )
      for (let calls = 0; calls < 4; calls++) {
        line.receive([3, line.sent.findLast(([type]) => type === 2)?.[1], { status: "Accepted" }])
        yield* settled
      }
      assert.deepStrictEqual(
        line.sent.filter(([type]) => type === 3),
        ["a", "b", "c", "d"].map(answer)
      )
    })
  )

  it.effect("let a call of this side through: the reading goes on for its answer and stops again after it", () =>
    Effect.gen(function* () {
      const { line, peer } = yield* open({ concurrency: 1, queueLimit: 1 })
      for (const data of ["a", "b"]) line.receive(ask(data))
      assert.isTrue(line.isPaused)
      const call = yield* start(peer.call(V16.ClearCache, {}))
      assert.isFalse(line.isPaused)
      line.receive([3, line.sent[0]?.[1], { status: "Accepted" }])
      assert.deepStrictEqual(yield* Fiber.join(call), { status: "Accepted" })
      assert.isTrue(line.isPaused)
    })
  )

  it.effect("are forgotten with the connection, those that wait as well as those that run", () =>
    Effect.gen(function* () {
      const { begun, line } = yield* open({ concurrency: 1 })
      for (const data of ["a", "b"]) line.receive(ask(data))
      line.close(1000, "")
      yield* settled
      assert.deepStrictEqual(begun, ["a"])
      assert.deepStrictEqual(line.sent, [])
    })
  )

  it.effect("stop nothing once the connection is closed from here: its end is read", () =>
    Effect.gen(function* () {
      const { finish, line, peer } = yield* open({ concurrency: 1, queueLimit: 1 })
      for (const data of ["a", "b"]) line.receive(ask(data, "holds on"))
      assert.isTrue(line.isPaused)
      peer.close(1000, "")
      assert.isFalse(line.isPaused)
      yield* finish("a")
    })
  )

  it.effect("of the kind that is not answered count as well", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const begun: Array<number> = []
      const line = new Line()
      const engine = yield* Peer.make<Peer.Peer, never>({
        lifetime: yield* Effect.scope,
        handlers: V21.csmsHandlersPartial({
          notifyPeriodicEventStream: ({ pending }) =>
            Effect.andThen(
              Effect.sync(() => begun.push(pending)),
              Deferred.await(gate)
            )
        }),
        nextId: yield* Peer.makeIds,
        requests: { concurrency: 1, queueLimit: 2 },
        observer: { identity: () => "CP001", deviation: () => undefined, closed: () => undefined }
      })
      engine.open(overJson(line, V21.protocol), yield* Effect.scope, (self) => self).listen()
      for (const pending of [0, 1, 2]) {
        line.receive([
          6,
          `s${pending}`,
          "NotifyPeriodicEventStream",
          { id: 1, pending, basetime: time, data: [{ t: 0, v: "1" }] }
        ])
      }
      assert.deepStrictEqual(begun, [0])
      assert.isTrue(line.isPaused)
      yield* Deferred.succeed(gate, undefined)
      yield* settled
      assert.deepStrictEqual(begun, [0, 1, 2])
      assert.isFalse(line.isPaused)
    })
  )
})
