/**
 * A station that loses nothing, of 1.6 or 2.x, on a network and with a CSMS written by hand, and a storage that fails
 * when it is told to.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { CallFailure, NotSent } from "../../src/OcppError.ts"
import type { CallOptions } from "../../src/Client.ts"
import { Simulation, type SimulationError } from "../../src/simulation/Simulation.ts"
import { Connector, ConnectUnreachable } from "../../src/station/Connector.ts"
import type { Outbox } from "../../src/station/Outbox.ts"
import type { OutboxEvent } from "../../src/station/StoredMessage.ts"
import type { ConnectionOptions, StationConnection } from "../../src/station/StationConnection.ts"
import { Storage, type StorageChange, StorageError } from "../../src/Storage.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import type { Delivery, Kind, Transaction } from "../../src/Transaction.ts"
import * as Transport from "../../src/Transport.ts"
import type * as V16 from "../../src/v16/index.ts"
import type * as V201 from "../../src/v201/index.ts"
import { standUp } from "./station.ts"
import { settled, start } from "./time.ts"
import type { Version } from "./versions.ts"

/** Runs a test in virtual time, without what the station logs. */
export const simulate = <A, E>(
  program: Effect.Effect<A, E, Simulation | Scope.Scope>,
  seed?: string
): Effect.Effect<A, E | SimulationError> =>
  Simulation.run(program, { seed }).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

/** Lets time pass, and what is under way then arrive. */
export const pass = TestClock.adjust

// ---------------------------------------------------------------------------------------------------------------------
// the storage
// ---------------------------------------------------------------------------------------------------------------------

/** A storage in memory that fails when it is told to, and of which a copy can be made at any moment. */
export class TestStorage {
  /** What commits fail with, while it is set. */
  failure: StorageError["reason"] | undefined = undefined
  /** How many of them fail before it is set no more. */
  failing = Infinity
  /** What every reading fails with, while it is set. */
  readFailure: StorageError["reason"] | undefined = undefined
  /** How many entries there is room for; a commit that makes them more fails as `Full`. */
  room = Infinity
  /** How long a commit takes, in milliseconds; a power cut before its end leaves nothing of it. */
  latency = 0
  /** How long it takes to get an entry, in milliseconds. */
  readLatency = 0
  /** How often something was asked of it in vain. */
  failures = 0
  private readonly spaces = new Map<string, Map<string, string>>()

  /** How many entries there are. */
  get size(): number {
    return Array.from(this.spaces.values()).reduce((sum, entries) => sum + entries.size, 0)
  }

  /** What another process finds, now that the power is cut. */
  copy(): TestStorage {
    const copied = new TestStorage()
    for (const [space, entries] of this.spaces) copied.spaces.set(space, new Map(entries))
    return copied
  }

  readonly layer: Layer.Layer<Storage> = Layer.succeed(
    Storage,
    Storage.of({
      get: (space, key) =>
        Effect.tap(
          this.reading(() => this.spaces.get(space)?.get(key)),
          () => (this.readLatency === 0 ? Effect.void : Effect.sleep(this.readLatency))
        ),
      read: (space, { after, limit } = {}) =>
        this.reading(() =>
          Array.from(this.spaces.get(space) ?? [], ([key, value]) => ({ key, value }))
            .filter(({ key }) => after === undefined || key > after)
            .toSorted((a, b) => (a.key < b.key ? -1 : 1))
            .slice(0, limit)
        ),
      commit: (changes) =>
        Effect.andThen(
          Effect.suspend(() => (this.latency === 0 ? Effect.void : Effect.sleep(this.latency))),
          Effect.suspend(() => this.commitNow(changes))
        )
    })
  )

  private commitNow(changes: ReadonlyArray<StorageChange>): Effect.Effect<void, StorageError> {
    const grown = this.growthBy(changes)
    const isFull = grown > 0 && this.size + grown > this.room
    const reason = this.failure ?? (isFull ? "Full" : undefined)
    if (this.failure !== undefined && --this.failing === 0) this.failure = undefined
    if (reason !== undefined) return this.fail(reason)
    for (const { key, space, value } of changes) {
      const entries = this.spaces.get(space) ?? new Map<string, string>()
      this.spaces.set(space, entries)
      if (value === undefined) entries.delete(key)
      else entries.set(key, value)
    }
    return Effect.void
  }

  /** How many more entries there would be. */
  private growthBy(changes: ReadonlyArray<StorageChange>): number {
    const before = new Map<string, boolean>()
    const after = new Map<string, boolean>()
    for (const { key, space, value } of changes) {
      const name = JSON.stringify([space, key])
      before.set(name, this.spaces.get(space)?.has(key) ?? false)
      after.set(name, value !== undefined)
    }
    return Array.from(after, ([name, is]) => Number(is) - Number(before.get(name))).reduce((sum, each) => sum + each, 0)
  }

  private reading<A>(read: () => A): Effect.Effect<A, StorageError> {
    return Effect.suspend(() => (this.readFailure === undefined ? Effect.sync(read) : this.fail(this.readFailure)))
  }

  private fail(reason: StorageError["reason"]): Effect.Effect<never, StorageError> {
    this.failures++
    return Effect.fail(new StorageError({ storage: "test", reason, detail: "as it was told" }))
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// the CSMS
// ---------------------------------------------------------------------------------------------------------------------

/** A CALL that came to the CSMS. */
export interface Call {
  /** In milliseconds. */
  readonly at: number
  /** The number of the connection. */
  readonly link: number
  readonly messageId: string
  readonly action: string
  readonly payload: { readonly [field: string]: unknown }
  /** What it is, and what the meter read: `Started 100`, `Updated 150`, `Ended 200`; else the action. */
  readonly label: string
  readonly transactionId: unknown
  readonly seqNo: unknown
  readonly offline: unknown
}

/** How the CSMS answers: as it should, never, with an error, or with something else. */
export type Answer = "well" | "never" | { readonly error: string } | { readonly result: unknown }

/** Is told of what happens at the CSMS before it does. */
export interface CsmsObserver {
  readonly connected?: (link: number) => void
  readonly closed?: (link: number) => void
  readonly called?: (call: Call) => void
  readonly answered?: (call: Call, answer: Exclude<Answer, "never" | "well">) => void
}

/** A CSMS by hand: records what comes, and answers as it is told. */
export class TestCsms {
  readonly calls: Array<Call> = []
  /** How many connections there were. */
  links = 0
  isReachable = true
  /** Whether it knows that the station has booted; until then it answers everything else with a SecurityError. */
  knowsStation = true
  /** What it answers to idTags in 1.6. */
  idTagStatus: V16.AuthorizationStatus = "Accepted"
  answer: (call: Call) => Answer = () => "well"
  private readonly observer: CsmsObserver
  private readonly numbers = new Map<string, number>()
  private readonly sends = new Map<number, (frame: unknown) => void>()
  private closeNow: ((code: number) => void) | undefined = undefined

  constructor(observer: CsmsObserver = {}) {
    this.observer = observer
  }

  get isConnected(): boolean {
    return this.closeNow !== undefined
  }

  /** What came of transactions and security events. */
  get stored(): ReadonlyArray<Call> {
    return this.calls.filter(({ label }) => label.includes(" "))
  }

  /** Their labels, in order. */
  get labels(): ReadonlyArray<string> {
    return this.stored.map(({ label }) => label)
  }

  /** Their labels with the second in which they came. */
  get times(): ReadonlyArray<string> {
    return this.stored.map(({ at, label }) => `${label} at ${at / 1000}`)
  }

  /** The calls with one of these labels. */
  labelled(...labels: ReadonlyArray<string>): ReadonlyArray<Call> {
    return this.calls.filter(({ label }) => labels.includes(label))
  }

  /** Breaks the connection at hand, or closes it with another code. */
  cut(code = 1006): void {
    this.closeNow?.(code)
  }

  goOffline(): void {
    this.isReachable = false
    this.cut()
  }

  /** Sends an answer that was held back, if its connection is still there. */
  reply(call: Call, answer: Answer): void {
    const { action, link, messageId, payload } = call
    const send = this.sends.get(link)
    if (answer === "never" || send === undefined) return
    const given = answer === "well" ? { result: this.resultOf(action, payload, call.at) } : answer
    this.observer.answered?.(call, given)
    send("error" in given ? [4, messageId, given.error, "", {}] : [3, messageId, given.result])
  }

  readonly connector = (subprotocol: string): Layer.Layer<Connector> =>
    Layer.succeed(
      Connector,
      Connector.of({
        connect: ({ url }) =>
          Effect.gen({ self: this }, function* () {
            if (!this.isReachable) return yield* new ConnectUnreachable({ url, code: "ECONNREFUSED" })
            const clock = yield* Clock.Clock
            const [station, csms] = yield* Transport.makePair
            this.accept(csms, () => clock.currentTimeMillisUnsafe())
            yield* Effect.addFinalizer(() => Effect.sync(() => station.close(1000, "")))
            return { subprotocol, transport: station }
          })
      })
    )

  private accept(transport: Transport.Transport, now: () => number): void {
    const link = ++this.links
    const end = (): void => {
      if (!this.sends.delete(link)) return
      this.closeNow = undefined
      this.observer.closed?.(link)
    }
    this.sends.set(link, (frame) => transport.send(JSON.stringify(frame)))
    this.closeNow = (code) => {
      end()
      transport.close(code, "")
    }
    this.observer.connected?.(link)
    transport.listen({
      frame: (text) => {
        const [type, messageId, action, payload] = JSON.parse(text)
        if (type === 2) this.take(callOf({ at: now(), link, messageId, action, payload }))
      },
      dropped: () => undefined,
      closed: end
    })
  }

  private take(call: Call): void {
    this.calls.push(call)
    this.observer.called?.(call)
    if (call.action === "BootNotification") this.knowsStation = true
    this.reply(call, this.knowsStation ? this.answer(call) : { error: "SecurityError" })
  }

  private resultOf(action: string, payload: Call["payload"], at: number): unknown {
    const currentTime = Timestamp.fromMillis(at)
    switch (action) {
      case "BootNotification":
        return { status: "Accepted", currentTime, interval: 86_400 }
      case "Heartbeat":
        return { currentTime }
      case "DataTransfer":
        return { status: "Accepted" }
      case "Authorize":
        return "idToken" in payload
          ? { idTokenInfo: { status: "Accepted" } }
          : { idTagInfo: { status: this.idTagStatus } }
      case "StartTransaction":
        return { transactionId: this.numberOf(payload), idTagInfo: { status: this.idTagStatus } }
      default:
        return {}
    }
  }

  /** The number of a 1.6 transaction, the same for the same start. */
  private numberOf({ connectorId, meterStart }: Call["payload"]): number {
    const key = JSON.stringify([connectorId, meterStart])
    const number = this.numbers.get(key) ?? 101 + this.numbers.size
    this.numbers.set(key, number)
    return number
  }
}

const callOf = (frame: Pick<Call, "at" | "link" | "messageId" | "action" | "payload">): Call => {
  const { action, payload } = frame
  const { offline, seqNo, transactionId, transactionInfo } = payload as {
    readonly [field: string]: unknown
    readonly transactionInfo?: { readonly transactionId: unknown }
  }
  return {
    ...frame,
    label: labelOf(action, payload),
    transactionId: transactionInfo?.transactionId ?? transactionId,
    seqNo,
    offline
  }
}

const labelOf = (action: string, payload: Call["payload"]): string => {
  switch (action) {
    case "StartTransaction":
      return `Started ${String(payload["meterStart"])}`
    case "MeterValues":
      return `Updated ${meterOf(payload)}`
    case "StopTransaction":
      return `Ended ${String(payload["meterStop"])}`
    case "TransactionEvent":
      return `${String(payload["eventType"])} ${meterOf(payload)}`
    case "SecurityEventNotification":
      return `Security ${String(payload["type"])}`
    default:
      return action
  }
}

const meterOf = (payload: Call["payload"]): string => {
  // What the stations below send.
  const { meterValue } = payload as { readonly meterValue: ReadonlyArray<V201.MeterValueType | V16.MeterValue> }
  return String(meterValue[0]?.sampledValue[0]?.value)
}

// ---------------------------------------------------------------------------------------------------------------------
// the station
// ---------------------------------------------------------------------------------------------------------------------

/** A transaction of any version, told by what the meter reads. */
export interface Charging {
  readonly id: string
  readonly transactionId: Effect.Effect<number | string>
  readonly started: Delivery<unknown>
  /** `more` is added to the request. */
  readonly update: (meter: number, more?: object) => Effect.Effect<Delivery<unknown>, NotSent>
  readonly stop: (meter: number, more?: object) => Effect.Effect<Delivery<unknown>, NotSent>
}

/** A station of 1.6 or 2.x. */
export interface Site {
  readonly connection: StationConnection
  readonly outbox: Outbox["Service"]
  readonly events: ReadonlyArray<OutboxEvent>
  readonly start: (connector: number, meter: number, more?: object) => Effect.Effect<Charging, NotSent>
  readonly ongoing: Effect.Effect<ReadonlyArray<Charging>>
  /** The one that the CSMS calls so. */
  readonly find: (transactionId: number | string) => Effect.Effect<Charging | undefined>
  /** The typed calls, by their names. */
  readonly call: (method: string, request: unknown, options?: CallOptions) => Effect.Effect<unknown, CallFailure>
  /** Reports a security event. */
  readonly report: (type: string) => Effect.Effect<unknown, CallFailure>
  readonly authorize: (idTag?: string) => Effect.Effect<unknown, CallFailure>
}

/** `takesOut`: whether what is set aside is taken out at once. */
export type SiteOptions = Partial<ConnectionOptions> & { readonly takesOut?: boolean }

/** What a station gives to the transactions of its version, by what the meter reads; `authorize` by an idTag. */
interface Requests {
  readonly start: (connector: number, meter: number, timestamp: string) => object
  readonly update: (meter: number, timestamp: string) => object
  readonly stop: (meter: number, timestamp: string) => object
  readonly authorize: (idTag: string) => object
}

const requests1x: Requests = {
  start: (connectorId, meterStart, timestamp) => ({ connectorId, idTag: "TAG", meterStart, timestamp }),
  update: (meter, timestamp) => ({ meterValue: [{ timestamp, sampledValue: [{ value: String(meter) }] }] }),
  stop: (meterStop, timestamp) => ({ meterStop, timestamp }),
  authorize: (idTag) => ({ idTag })
}

const requests15: Requests = {
  ...requests1x,
  update: (meter, timestamp) => ({ values: [{ timestamp, values: [{ value: String(meter) }] }] })
}

const meterValue = (meter: number, timestamp: string) => [{ timestamp, sampledValue: [{ value: meter }] }]

const requests2x: Requests = {
  start: (id, meter, timestamp) => ({
    timestamp,
    triggerReason: "CablePluggedIn",
    evse: { id },
    idToken: { idToken: "TAG", type: "Central" },
    meterValue: meterValue(meter, timestamp)
  }),
  update: (meter, timestamp) => ({
    timestamp,
    triggerReason: "MeterValuePeriodic",
    meterValue: meterValue(meter, timestamp)
  }),
  stop: (meter, timestamp) => ({
    timestamp,
    triggerReason: "EVDeparted",
    transactionInfo: { stoppedReason: "EVDisconnected" },
    meterValue: meterValue(meter, timestamp)
  }),
  authorize: (idToken) => ({ idToken: { idToken, type: "Central" } })
}

/** Starts a station, which works as long as the scope is open; without a storage, messages are in memory only. */
export const siteOf = Effect.fnUntraced(function* (
  { boot, is2x, protocol }: Version,
  connector: Layer.Layer<Connector>,
  storage: Layer.Layer<Storage> | undefined,
  { takesOut = false, ...options }: SiteOptions
) {
  const of1x = protocol.version === "1.5" ? requests15 : requests1x
  const requests = is2x ? requests2x : of1x
  const { csms, outbox, station, transactions } = yield* standUp(
    protocol,
    { boot, firstConnection: "retry", reconnect: Schedule.spaced("10 seconds"), ...options },
    storage === undefined ? connector : Layer.merge(connector, storage)
  ).pipe(Effect.orDie)
  const events: Array<OutboxEvent> = []
  yield* start(
    Stream.runForEach(outbox.events, (event) => {
      events.push(event)
      return takesOut && event._tag === "SetAside" ? outbox.takeOut(event.message.messageId) : Effect.void
    })
  )
  yield* settled
  const chargingOf = ({ id, started, stop, transactionId, update }: Transaction<Kind>): Charging => ({
    id,
    started,
    transactionId,
    update: (meter, more) =>
      Effect.flatMap(Timestamp.now, (time) => update({ ...requests.update(meter, time), ...more })),
    stop: (meter, more) => Effect.flatMap(Timestamp.now, (time) => stop({ ...requests.stop(meter, time), ...more }))
  })
  const call: Site["call"] = (method, request, callOptions) => Effect.suspend(() => csms[method]!(request, callOptions))
  const site: Site = {
    connection: station,
    outbox,
    events,
    start: (connectorId, meter, more) =>
      Effect.flatMap(Timestamp.now, (time) =>
        Effect.map(transactions.start({ ...requests.start(connectorId, meter, time), ...more }), chargingOf)
      ),
    ongoing: Effect.map(transactions.ongoing, (all) => all.map(chargingOf)),
    find: (transactionId) =>
      Effect.map(transactions.find(transactionId), (found) => Option.getOrUndefined(Option.map(found, chargingOf))),
    call,
    report: (type) =>
      Effect.flatMap(Timestamp.now, (timestamp) => call("securityEventNotification", { type, timestamp })),
    authorize: (idTag = "TAG") => call("authorize", requests.authorize(idTag))
  }
  return site
})

/** A station that can be restarted, its storage and its CSMS. */
export interface Scene {
  readonly csms: TestCsms
  /** The storage of the station that is there now. */
  readonly storage: TestStorage
  /** The station that is there now. */
  readonly site: Site
  /** Cuts the power; nothing is lost that was written. */
  readonly powerOff: Effect.Effect<void>
  readonly powerOn: Effect.Effect<void>
  /** Both, with no time in between. */
  readonly restart: Effect.Effect<void>
}

/** Starts a station, and lets it connect and boot if it can. */
export const open = Effect.fnUntraced(function* (
  version: Version,
  options: SiteOptions & { readonly csms?: TestCsms } = {}
) {
  const { csms = new TestCsms(), ...settings } = options
  const outer = yield* Effect.scope
  let storage = new TestStorage()
  let scope = yield* Scope.fork(outer)
  let site: Site
  const powerOff = Effect.suspend(() => {
    storage = storage.copy()
    csms.cut()
    return Scope.close(scope, Exit.void)
  })
  const powerOn = Effect.gen(function* () {
    scope = yield* Scope.fork(outer)
    site = yield* Scope.provide(
      siteOf(version, csms.connector(version.protocol.json.subprotocol), storage.layer, settings),
      scope
    )
    yield* pass(0)
  })
  yield* powerOn
  const scene: Scene = {
    csms,
    get storage() {
      return storage
    },
    get site() {
      return site
    },
    powerOff,
    powerOn,
    restart: Effect.andThen(powerOff, powerOn)
  }
  return scene
})
