/**
 * Transaction messages that come again and again while connections are lost, handlers fail and the CSMS restarts, beside
 * a model of what has to become of them.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { CallError } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import { Storage } from "../../src/Storage.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { time } from "../support/messages.ts"
import type { Raw } from "../support/raw.ts"
import { settled } from "../support/time.ts"

/** How a handler ends. */
const ends = ["ok", "ok", "ok", "then", "fail", "die", "invalid"] as const
type End = (typeof ends)[number]

type Command =
  | { readonly _tag: "Send"; readonly station: number; readonly message: number }
  /** The oldest handler that is running ends, or the one so many after it. */
  | { readonly _tag: "Finish"; readonly which: number; readonly end: End }
  /** A station loses its connection, and makes another; or the other replaces the first. */
  | { readonly _tag: "Reconnect"; readonly station: number; readonly isLost: boolean }
  | { readonly _tag: "Restart" }

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const commands: Arbitrary.Arbitrary<ReadonlyArray<Command>> = Arbitrary.array(
  Arbitrary.map(
    Arbitrary.schema(
      Schema.Struct({ kind: between(0, 99), station: between(0, 1), message: between(0, 19), which: between(0, 20) })
    ),
    ({ kind, message, station, which }): Command => {
      if (kind < 50) return { _tag: "Send", station, message }
      if (kind < 88) return { _tag: "Finish", which: message % 3, end: ends[which % ends.length]! }
      if (kind < 97) return { _tag: "Reconnect", station, isLost: which % 2 === 0 }
      return { _tag: "Restart" }
    }
  ),
  { maxLength: 80 }
)

const identities = ["A", "B"]

/** A run of a handler, in the model. */
interface Run {
  readonly number: number
  readonly station: number
  readonly message: number
  readonly waiting: Array<Waiting>
  /** Whether something is to follow its answer yet. */
  follows: boolean
}

interface Waiting {
  readonly line: Array<string>
  readonly id: string
}

/** What has to happen. A line is what a station has received over a connection. */
class Model {
  lines: ReadonlyArray<Array<Array<string>>> = identities.map(() => [])
  answered: ReadonlyArray<Array<Run>> = identities.map(() => [])
  running: Array<Run> = []
  runs = 0
  followed: Array<number> = []
  interrupted = 0

  connect(station: number): void {
    this.lines[station]!.push([])
  }

  private isOpen(line: Array<string>): boolean {
    return this.lines.some((own) => own.at(-1) === line)
  }

  send(station: number, message: number, id: string): void {
    const line = this.lines[station]!.at(-1)!
    const isThis = (run: Run): boolean => run.station === station && run.message === message
    const known = this.answered[station]!.find(isThis)
    if (known !== undefined) return this.tell(known, [{ line, id }])
    const running = this.running.find(isThis)
    if (running !== undefined) return void running.waiting.push({ line, id })
    this.running.push({ number: ++this.runs, station, message, waiting: [{ line, id }], follows: false })
  }

  finish(which: number, end: End): void {
    const [run] = this.running.splice(which, 1)
    if (run === undefined) return
    if (end === "ok" || end === "then") {
      run.follows = end === "then"
      this.answered[run.station]!.push(run)
      return this.tell(run, run.waiting)
    }
    const code = end === "fail" ? "GenericError" : "InternalError"
    for (const { id, line } of run.waiting) if (this.isOpen(line)) line.push(`${id}: ${code}`)
  }

  private tell(run: Run, waiting: ReadonlyArray<Waiting>): void {
    for (const { id, line } of waiting) {
      if (!this.isOpen(line)) continue
      line.push(`${id}: ${run.number}`)
      if (run.follows) this.followed.push(run.number)
      run.follows = false
    }
  }

  restart(isStored: boolean): void {
    this.interrupted += this.running.length
    this.running = []
    if (!isStored) this.answered = identities.map(() => [])
    for (const run of this.answered.flat()) run.follows = false
    for (const station of identities.keys()) this.connect(station)
  }
}

interface Version {
  readonly action: string
  readonly subprotocol: string
  readonly request: (message: number) => object
  /** The number of the run in an answer. */
  readonly runOf: (answer: Record<string, unknown>) => unknown
}

const versions = {
  "1.6": {
    action: "StartTransaction",
    subprotocol: "ocpp1.6",
    request: (meterStart: number) => ({ connectorId: 1, idTag: "A", timestamp: time, meterStart }),
    runOf: ({ transactionId }: Record<string, unknown>) => transactionId
  },
  "2.0.1": {
    action: "TransactionEvent",
    subprotocol: "ocpp2.0.1",
    request: (seqNo: number) => ({
      eventType: "Updated",
      triggerReason: "MeterValuePeriodic",
      timestamp: time,
      seqNo,
      transactionInfo: { transactionId: "T1" }
    }),
    runOf: ({ totalCost }: Record<string, unknown>) => totalCost
  }
} satisfies Record<string, Version>

const world = Effect.fnUntraced(function* (version: Version, isStored: boolean, list: ReadonlyArray<Command>) {
  const model = new Model()
  const open: Array<{ readonly number: number; readonly end: Deferred.Deferred<End> }> = []
  const followed: Array<number> = []
  let runs = 0
  let interrupted = 0

  /** A handler that ends as it is told; `response` is its answer. */
  const handle = <A>(response: (run: number) => A) =>
    Effect.suspend((): Effect.Effect<A | Reply<A>, CallError> => {
      const number = ++runs
      const end = Deferred.makeUnsafe<End>()
      open.push({ number, end })
      return Deferred.await(end).pipe(
        Effect.onInterrupt(() => Effect.sync(() => interrupted++)),
        Effect.flatMap((how): Effect.Effect<A | Reply<A>, CallError> => {
          switch (how) {
            case "ok":
              return Effect.succeed(response(number))
            case "then":
              return Effect.succeed(
                new Reply(
                  response(number),
                  Effect.sync(() => followed.push(number))
                )
              )
            case "fail":
              return Effect.fail(new CallError({ code: "GenericError" }))
            case "die":
              return Effect.die("a bug")
            case "invalid":
              // A handler whose types are not kept.
              return Effect.succeed({ none: 1 } as A)
          }
        })
      )
    })

  const handlers = [
    V16.csmsHandlersPartial({
      startTransaction: () => handle((transactionId) => ({ transactionId, idTagInfo: { status: "Accepted" } as const }))
    }),
    V201.csmsHandlersPartial({ transactionEvent: () => handle((totalCost) => ({ totalCost })) })
  ]

  const storage = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
  const serve = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const made = makeCsms({
      handlers,
      requests: { concurrency: 1000 },
      // Nobody lets time pass while a connection is taken over.
      takeoverLimit: { swaps: 1000 }
    }).pipe(Scope.provide(scope))
    const { connect } = yield* isStored ? Effect.provideService(made, Storage, storage) : made
    return { connect, stop: Scope.close(scope, Exit.void) }
  })
  let csms = yield* serve
  const raws: ReadonlyArray<Array<Raw>> = identities.map(() => [])
  const connect = Effect.fnUntraced(function* (station: number) {
    raws[station]!.push((yield* csms.connect(identities[station]!, version.subprotocol)).raw)
  })

  let ids = 0
  const perform = Effect.fnUntraced(function* (command: Command) {
    switch (command._tag) {
      case "Send": {
        const { message, station } = command
        const id = String(++ids)
        model.send(station, message, id)
        return yield* raws[station]!.at(-1)!.send([2, id, version.action, version.request(message)])
      }
      case "Finish": {
        const { end, which } = command
        model.finish(which, end)
        const [run] = open.splice(which, 1)
        return run === undefined ? undefined : yield* Deferred.succeed(run.end, end)
      }
      case "Reconnect": {
        const { isLost, station } = command
        model.connect(station)
        if (isLost) yield* raws[station]!.at(-1)!.close()
        return yield* connect(station)
      }
      case "Restart":
        model.restart(isStored)
        yield* csms.stop
        open.length = 0
        csms = yield* serve
        return yield* Effect.forEach(identities.keys(), connect)
    }
  })

  const received = ({ received: texts }: Raw): Array<string> =>
    texts.map((text) => {
      const [type, id, third] = JSON.parse(text)
      return `${id}: ${type === 3 ? version.runOf(third) : third}`
    })

  const compare = Effect.map(settled, () => {
    assert.deepStrictEqual(
      { runs, followed, interrupted, lines: raws.map((own) => own.map((raw) => sorted(received(raw)))) },
      {
        runs: model.runs,
        followed: model.followed,
        interrupted: model.interrupted,
        lines: model.lines.map((own) => own.map(sorted))
      }
    )
  })

  for (const station of identities.keys()) {
    model.connect(station)
    yield* connect(station)
  }
  for (const command of list) yield* perform(command)
  yield* compare
  model.restart(isStored)
  yield* csms.stop
  assert.strictEqual(interrupted, model.interrupted)
})

const sorted = (line: ReadonlyArray<string>): ReadonlyArray<string> => line.toSorted()

const options = { arbitrary: { runs: 100, size: 80 } }

for (const [name, version] of Object.entries(versions)) {
  describe(`Messages of ${name} that come again get what the model says`, () => {
    for (const isStored of [false, true]) {
      it.effect.prop(
        `[TX-08] ${isStored ? "from a CSMS with a storage" : "from a CSMS that forgets when it restarts"}`,
        [commands],
        ([list]) => world(version, isStored, list).pipe(Effect.provideService(References.MinimumLogLevel, "None")),
        options
      )
    }
  })
}
