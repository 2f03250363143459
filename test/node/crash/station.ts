/**
 * A station that pulls its own plug: it works through a plan, and kills its process right before or right after a step
 * of a message's way through the storage and over the connection.
 *
 * `node test/node/crash/station.ts <life, as JSON>`; it tells on stdout what is stored, and what it did last.
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import { writeSync } from "node:fs"
import { SqliteStorage, WebSocketClient } from "../../../src/node/index.ts"
import { Connector } from "../../../src/station/Connector.ts"
import { Outbox, Station } from "../../../src/station/index.ts"
import { Storage, type StorageChange } from "../../../src/Storage.ts"
import type { Kind, Transactions } from "../../../src/Transaction.ts"
import type { Transport } from "../../../src/Transport.ts"
import * as V16 from "../../../src/v16/index.ts"
import * as V201 from "../../../src/v201/index.ts"
import { textOf } from "../../support/engine.ts"

/** What happens to a message: it is stored; it leaves; its answer comes; a failure is written; it is erased. */
export type Step = "append" | "send" | "answer" | "fail" | "acknowledge"

/** When a process ends: at the `nth` such step of the messages of transactions, or of other messages. */
export interface Kill {
  readonly step: Step
  readonly when: "before" | "after"
  readonly nth: number
  readonly of?: "others"
}

/** One run of the process. */
export interface Life {
  readonly version: "1.6" | "2.0.1"
  readonly url: string
  readonly identity: string
  readonly filename: string
  /** From 1 on. */
  readonly number: number
  readonly kill?: Kill | undefined
}

/** What it prints, one a line. */
export type Told =
  | { readonly _tag: "Stored"; readonly label: number; readonly isOffline: boolean }
  | { readonly _tag: "Killed"; readonly messageId: string }
  | { readonly _tag: "Done"; readonly steps: Readonly<Record<string, number>> }

// At once, for the process may be gone in a moment.
const print = (told: Told): void => void writeSync(1, `${JSON.stringify(told)}\n`)

// ---------------------------------------------------------------------------------------------------------------------
// the plug
// ---------------------------------------------------------------------------------------------------------------------

/** The actions that are stored; those of transactions are not security events. */
const storedActions = new Set([
  "StartTransaction",
  "MeterValues",
  "StopTransaction",
  "TransactionEvent",
  "SecurityEventNotification"
])

interface Seen {
  readonly messageId: string
  readonly attempts: number
  readonly isOther: boolean
}

class Plug {
  readonly steps: Record<string, number> = {}
  private readonly kill: Kill | undefined
  /** What was last written or read under a key. */
  private readonly seen = new Map<string, Seen>()
  /** Whether the messages that were sent are others, by their ids. */
  private readonly sent = new Map<string, boolean>()

  constructor(kill: Kill | undefined) {
    this.kill = kill
  }

  readonly storage = ({ commit, get, read }: Storage["Service"]): Storage["Service"] =>
    Storage.of({
      get,
      read: (space, options) =>
        Effect.tap(read(space, options), (entries) =>
          Effect.sync(() => {
            for (const { key, value } of entries) this.note({ space, key, value })
          })
        ),
      commit: (changes) =>
        Effect.suspend(() => {
          const steps = changes.flatMap((change) => this.stepOf(change))
          const pull = steps.map(({ of, step }) => this.at(step, of))
          for (const one of pull) one("before")
          return Effect.map(commit(changes), () => {
            for (const change of changes) this.note(change)
            for (const one of pull) one("after")
          })
        })
    })

  readonly transport = (inner: Transport, onClosed: () => void): Transport => ({
    close: (code, reason) => inner.close(code, reason),
    pause: () => inner.pause(),
    resume: () => inner.resume(),
    send: (frame) => {
      const [type, messageId, action] = JSON.parse(frame)
      if (type !== 2 || !storedActions.has(action)) return inner.send(frame)
      const isOther = action === "SecurityEventNotification"
      this.sent.set(messageId, isOther)
      const pull = this.at("send", { messageId, isOther })
      pull("before")
      const isSent = inner.send(frame)
      pull("after")
      return isSent
    },
    listen: (listener) =>
      inner.listen({
        frame: (frame) => {
          const [type, messageId] = JSON.parse(frame)
          const isOther = type === 2 ? undefined : this.sent.get(messageId)
          if (isOther === undefined) return listener.frame(frame)
          const pull = this.at("answer", { messageId, isOther })
          pull("before")
          listener.frame(frame)
          pull("after")
        },
        dropped: (kind) => listener.dropped(kind),
        closed: (code, reason) => {
          listener.closed(code, reason)
          onClosed()
        }
      })
  })

  private stepOf({ key, space, value }: StorageChange): ReadonlyArray<{ readonly step: Step; readonly of: Seen }> {
    const isOther = space.startsWith("message ")
    if (!isOther && !space.startsWith("transaction-message ")) return []
    const before = this.seen.get(`${space} ${key}`)
    if (value === undefined) return before === undefined ? [] : [{ step: "acknowledge", of: before }]
    const { attempts, messageId } = JSON.parse(value)
    if (attempts === before?.attempts) return []
    return [{ step: before === undefined ? "append" : "fail", of: { messageId, attempts, isOther } }]
  }

  private note({ key, space, value }: StorageChange): void {
    if (value === undefined) return void this.seen.delete(`${space} ${key}`)
    const { attempts, messageId } = JSON.parse(value)
    if (messageId === undefined) return
    this.seen.set(`${space} ${key}`, { messageId, attempts, isOther: space.startsWith("message ") })
  }

  /** Counts a step, and gives what kills at it. */
  private at(step: Step, { isOther, messageId }: Pick<Seen, "isOther" | "messageId">) {
    const name = isOther ? `${step} of others` : step
    const nth = (this.steps[name] ?? 0) + 1
    this.steps[name] = nth
    const { kill } = this
    const isIt = kill?.step === step && kill.nth === nth && (kill.of === "others") === isOther
    return (when: "before" | "after"): void => {
      if (!isIt || kill.when !== when) return
      print({ _tag: "Killed", messageId })
      process.kill(process.pid, "SIGKILL")
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// the connection, which can be held back
// ---------------------------------------------------------------------------------------------------------------------

class Cable {
  private readonly isUp = Latch.makeUnsafe(false)
  private readonly isDown = Latch.makeUnsafe(true)
  private transport: Transport | undefined = undefined

  get isOpen(): boolean {
    return this.transport !== undefined
  }

  readonly online = Effect.sync(() => this.isUp.openUnsafe())

  /** Closes the connection, and lets none be made; done once the station knows. */
  readonly offline = Effect.suspend(() => {
    this.isUp.closeUnsafe()
    this.transport?.close(1000, "")
    return this.isDown.await
  })

  readonly layer = (plug: Plug): Layer.Layer<Connector> =>
    Layer.effect(
      Connector,
      Effect.map(Connector, ({ connect }) =>
        Connector.of({
          connect: (options) =>
            Effect.map(Effect.andThen(this.isUp.await, connect(options)), (connection) => {
              const { subprotocol } = connection
              const transport = textOf(connection)
              this.isDown.closeUnsafe()
              this.transport = plug.transport(transport, () => {
                this.transport = undefined
                this.isDown.openUnsafe()
              })
              return { subprotocol, transport: this.transport }
            })
        })
      )
    ).pipe(Layer.provide(WebSocketClient.layer()))
}

// ---------------------------------------------------------------------------------------------------------------------
// the plan
// ---------------------------------------------------------------------------------------------------------------------

/** How a version says it. A label is a number that says which message of all it is. */
interface Words<K extends Kind> {
  readonly start: (label: number) => K["Start"]
  readonly update: (label: number) => K["Update"]
  readonly stop: (label: number, reason: "Local" | "PowerLoss") => K["Stop"]
  readonly labelOf: (start: K["Start"]) => number
}

const timestamp = "2026-11-22T06:00:00.000Z"

const words16: Words<V16.TransactionKind> = {
  start: (label) => ({ connectorId: 1, idTag: "TAG", meterStart: label, timestamp }),
  update: (label) => ({ meterValue: [{ timestamp, sampledValue: [{ value: String(label) }] }] }),
  stop: (label, reason) => ({ meterStop: label, timestamp, reason }),
  labelOf: ({ meterStart }) => meterStart
}

const event201 = (label: number, triggerReason: V201.TriggerReasonEnumType): V201.TransactionEventInput => ({
  timestamp,
  triggerReason,
  meterValue: [{ timestamp, sampledValue: [{ value: label }] }]
})

const words201: Words<V201.TransactionKind> = {
  start: (label) => event201(label, "Authorized"),
  update: (label) => event201(label, "MeterValuePeriodic"),
  stop: (label, reason) => ({
    ...event201(label, reason === "Local" ? "StopAuthorized" : "AbnormalCondition"),
    transactionInfo: { stoppedReason: reason }
  }),
  labelOf: ({ meterValue }) => meterValue?.[0]?.sampledValue[0]?.value ?? 0
}

/** In order of their labels: 100, 101, … 199 are of one transaction, and those of a life come before those of the next. */
const play = Effect.fnUntraced(function* <K extends Kind>(
  life: Life,
  cable: Cable,
  transactions: Transactions<K>,
  words: Words<K>,
  securityEvent: (label: number) => Effect.Effect<unknown, unknown>
) {
  const outbox = yield* Outbox
  const stored = <A, E>(label: number, store: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      // The connection may come while the disk is waited for.
      const isOffline = !cable.isOpen
      return Effect.map(store, (value) => {
        print({ _tag: "Stored", label, isOffline })
        return value
      })
    })
  const delivered = outbox
    .waiting()
    .pipe(Effect.repeat({ until: (waiting) => waiting === 0, schedule: Schedule.spaced("2 millis") }))

  const first = life.number * 1000
  if (life.number === 1) {
    yield* cable.online
    yield* (yield* Station).accepted
    // Each leaves at once; the CSMS refuses the second update for a while, and the third for ever.
    const one = yield* stored(first + 100, transactions.start(words.start(first + 100)))
    yield* Effect.exit(one.started)
    for (const label of [first + 101, first + 102, first + 103]) {
      yield* Effect.exit(yield* stored(label, one.update(words.update(label))))
    }
    yield* Effect.forkChild(securityEvent(first), { startImmediately: true })
    yield* Effect.exit(yield* stored(first + 199, one.stop(words.stop(first + 199, "Local"))))
    yield* delivered
    // A queue builds up, and more comes while it is delivered.
    yield* cable.offline
    const two = yield* stored(first + 200, transactions.start(words.start(first + 200)))
    for (const label of [first + 201, first + 202]) yield* stored(label, two.update(words.update(label)))
    yield* Effect.forkChild(securityEvent(first + 1), { startImmediately: true })
    yield* cable.online
    yield* Effect.exit(two.started)
    yield* stored(first + 203, two.update(words.update(first + 203)))
    yield* stored(first + 299, two.stop(words.stop(first + 299, "Local")))
  } else {
    // What a loss of power has interrupted ends first.
    for (const { request, stop } of yield* transactions.ongoing) {
      const label = words.labelOf(request) + 98
      yield* stored(label, stop(words.stop(label, "PowerLoss")))
    }
    yield* cable.online
    const { stop, update } = yield* stored(first + 100, transactions.start(words.start(first + 100)))
    yield* stored(first + 101, update(words.update(first + 101)))
    yield* stored(first + 199, stop(words.stop(first + 199, "Local")))
  }
  yield* delivered
})

// ---------------------------------------------------------------------------------------------------------------------
// the run
// ---------------------------------------------------------------------------------------------------------------------

const run = (life: Life): Effect.Effect<void, unknown> => {
  const plug = new Plug(life.kill)
  const cable = new Cable()
  const options = {
    url: life.url,
    identity: life.identity,
    firstConnection: "retry" as const,
    reconnect: Schedule.spaced("1 millis"),
    outbox: { attempts: 3, retryInterval: 3 }
  }
  const around = Layer.mergeAll(
    cable.layer(plug),
    Layer.effect(Storage, Effect.map(Storage, plug.storage)).pipe(
      Layer.provide(SqliteStorage.layer({ filename: life.filename }))
    )
  )
  const live16 = Station.layer(V16.protocol, {
    ...options,
    boot: { chargePointVendor: "Vendor", chargePointModel: "Model" }
  })
  const live201 = Station.layer(V201.protocol, {
    ...options,
    boot: { reason: "PowerUp", chargingStation: { vendorName: "Vendor", model: "Model" } }
  })
  const played =
    life.version === "1.6"
      ? Effect.gen(function* () {
          const csms = yield* V16.Csms
          yield* play(life, cable, yield* V16.Transactions, words16, (label) =>
            csms.securityEventNotification({ type: "SettingSystemTime", timestamp, techInfo: String(label) })
          )
        }).pipe(Effect.provide(live16))
      : Effect.gen(function* () {
          const csms = yield* V201.Csms
          yield* play(life, cable, yield* V201.Transactions, words201, (label) =>
            csms.securityEventNotification({ type: "SettingSystemTime", timestamp, techInfo: String(label) })
          )
        }).pipe(Effect.provide(live201))
  return Effect.andThen(
    Effect.provide(played, around),
    Effect.sync(() => print({ _tag: "Done", steps: plug.steps }))
  )
}

// What is printed is read line by line, and a station tells of its connections.
await Effect.runPromise(
  Effect.provideService(run(JSON.parse(process.argv[2] ?? "")), References.MinimumLogLevel, "Error")
)
