/**
 * A simulated CSMS: accepts boots or does not, decides by a list of idTags, keeps a ledger of transactions, and remembers what
 * passed on the wire.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Action from "../Action.ts"
import { type AnySession, Csms, type CsmsOptions } from "../csms/index.ts"
import type { Endpoint } from "../csms/Endpoint.ts"
import { Deviation, DeviationKind } from "../Deviation.ts"
import { type CallFailure, NotSent } from "../OcppError.ts"
import type { CallOptions } from "../Client.ts"
import type { BootAnswer } from "../Registration.ts"
import * as WireLog from "../json/WireLog.ts"
import type { StorageError } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import * as Options from "../internal/Options.ts"
import * as Ledger from "./Ledger.ts"
import * as csmsHandlers from "./internal/csmsHandlers.ts"
import { bytesOf, Recent } from "./internal/Recent.ts"

/**
 * A station that is or was connected; `protocol` is its sub-protocol, such as `ocpp1.6`.
 *
 * **Details**
 *
 * - `registration`: how its last BootNotification was answered; `assumed` if the CSMS has no record of that and takes it
 *   as accepted until it boots.
 *
 * @category models
 * @since 0.1.0
 */
export class StationState extends Schema.Opaque<StationState>()(
  Schema.Struct({
    id: Schema.String,
    protocol: Schema.String,
    connected: Schema.Boolean,
    registration: Schema.Literals(["Unregistered", "Pending", "Rejected", "Accepted", "assumed"])
  }).annotate({ identifier: "StationState" })
) {}

/**
 * A frame that passed, seen from the CSMS, without secrets.
 *
 * @category models
 * @since 0.1.0
 */
export class LogEntry extends Schema.Opaque<LogEntry>()(
  Schema.Struct({
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    dir: Schema.Literals(["in", "out"]),
    frame: Schema.String
  }).annotate({ identifier: "LogEntry" })
) {}

/**
 * A breach of the protocol by a station, or what looks like one.
 *
 * **Details**
 *
 * Beside the kinds of {@link Deviation} there is `UnknownTransaction`: a StopTransaction of 1.x whose transaction is not
 * open here. The station never got that number, or it has stopped the transaction before, or this CSMS has forgotten it.
 *
 * @category models
 * @since 0.1.0
 */
export class DeviationEntry extends Schema.Opaque<DeviationEntry>()(
  Schema.Struct({
    t: Timestamp.Timestamp,
    stationId: Schema.String,
    ...Deviation.fields,
    kind: Schema.Literals([...DeviationKind.literals, "UnknownTransaction"])
  }).annotate({ identifier: "DeviationEntry" })
) {}

/**
 * Options of a simulated CSMS.
 *
 * **Details**
 *
 * - `accept`: who may connect, and with which tolerance; by default everyone, with none.
 * - `username`: whose credentials `accept` is asked about, see `CsmsOptions`.
 * - `versions`: the versions that it speaks, of 1.5, 1.6, 2.0.1 and 2.1; by default all.
 * - `defaultVersion`: which of them it speaks with a station that offers no sub-protocol; by default that is sent away.
 * - `heartbeatInterval`: what stations are told, in seconds; by default 300.
 * - `boot`: how the BootNotification of a station is answered; by default `Accepted`. The interval in seconds is
 *   `heartbeatInterval` unless it says otherwise. Stations of 1.5 are told `Rejected` for `Pending`, which they lack.
 * - `firstTransactionId`: the first number of a transaction of 1.x; see {@link Ledger.LedgerOptions}.
 * - `maxTransactions`: how many transactions the ledger keeps; see {@link Ledger.LedgerOptions}.
 * - `maxStations`: how many stations are listed, by default 100,000. Beyond it, those that are not connected and came
 *   first are listed no more.
 * - `maxLogBytes`: how much memory the logged frames may take, by default 16 MiB, and the breaches of the protocol as much
 *   again. Of both the oldest go, and there are never more than 10,000.
 * - `onFrame`: is given every frame as it passes, without secrets.
 *
 * @category options
 * @since 0.1.0
 */
export interface VirtualCsmsOptions extends Ledger.LedgerOptions {
  readonly accept?: CsmsOptions["accept"] | undefined
  readonly username?: CsmsOptions["username"]
  readonly versions?: ReadonlyArray<string> | undefined
  readonly defaultVersion?: string | undefined
  readonly heartbeatInterval?: number | undefined
  readonly boot?: ((identity: string) => Effect.Effect<Partial<Omit<BootAnswer, "currentTime">>>) | undefined
  readonly maxStations?: number | undefined
  readonly maxLogBytes?: number | undefined
  readonly onFrame?: ((entry: LogEntry) => void) | undefined
}

/**
 * A simulated CSMS.
 *
 * @category services
 * @since 0.1.0
 */
export class VirtualCsms extends Context.Service<
  VirtualCsms,
  {
    /** The stations that are or were connected, in the order in which they first came. */
    readonly stations: Effect.Effect<ReadonlyArray<StationState>>
    /** Calls a station by the name of an action; `NotSent` with reason `NotSupported` if its version lacks it. */
    readonly call: (
      identity: string,
      action: string,
      payload: unknown,
      options?: CallOptions
    ) => Effect.Effect<unknown, CallFailure>
    /** Closes a station's connection; `false` if it is not connected. */
    readonly disconnect: (identity: string) => Effect.Effect<boolean>
    /** Who may charge, and which transactions there are. */
    readonly ledger: Ledger.Ledger
    /** The last 10,000 frames, or as many of them as there is room for, oldest first. */
    readonly log: (stationId?: string) => Effect.Effect<ReadonlyArray<LogEntry>>
    /** The last 10,000 breaches of the protocol, or as many of them as there is room for, oldest first. */
    readonly deviations: (stationId?: string) => Effect.Effect<ReadonlyArray<DeviationEntry>>
  }
>()("effect-ocpp/simulation/VirtualCsms") {
  /**
   * Makes a simulated CSMS. Like `Csms.layer`, it has no server of its own. With a `Storage`, which is read when the
   * layer is built, idTags, transactions, registrations and answers survive a restart.
   */
  static readonly layer = (
    options: VirtualCsmsOptions = {}
  ): Layer.Layer<VirtualCsms | Csms | Endpoint, StorageError> => Layer.unwrap(make(options))
}

const make = Effect.fnUntraced(function* (options: VirtualCsmsOptions) {
  const ledger = yield* Ledger.make(options)
  const mostBytes = bytesOf("maxLogBytes", options.maxLogBytes ?? 16 * 1024 * 1024)
  const records: Records = {
    ledger,
    maxStations: Options.count("maxStations", options.maxStations ?? 100_000, 1),
    log: new Recent(most, mostBytes),
    deviations: new Recent(most, mostBytes)
  }

  const onFrame = (entry: WireLog.Entry): void => {
    const logged = new LoggedFrame(entry)
    records.log.add(logged, logged.bytes)
    options.onFrame?.(logged.entry)
  }

  const stray: csmsHandlers.Stray = (identity, { meterStop, transactionId }) => {
    const message = `transaction ${transactionId}, which the station has stopped at ${meterStop} Wh, is not open here`
    return Effect.andThen(
      Effect.logWarning(message),
      report(records, identity, { kind: "UnknownTransaction", action: "StopTransaction", message, violations: [] })
    )
  }

  const all = csmsHandlers.make(ledger, (identity) => answerBoot(options, identity), stray)
  const known = all.map(({ protocol }) => protocol.version)
  const spoken = options.versions ?? known
  checkVersions("versions", spoken, known)
  if (options.defaultVersion !== undefined) checkVersions("defaultVersion", [options.defaultVersion], spoken)
  const handlers = all.filter(({ protocol }) => spoken.includes(protocol.version))
  const csmsLayer = Csms.layer({
    accept: options.accept ?? (() => Effect.void),
    username: options.username,
    handlers,
    defaultProtocol: handlers.find(({ protocol }) => protocol.version === options.defaultVersion)?.protocol
  }).pipe(Layer.provide(Layer.succeed(WireLog.WireLog, onFrame)))

  return Layer.effect(VirtualCsms, observe(records)).pipe(Layer.provideMerge(csmsLayer))
})

/** Throws a `RangeError` that names the option if there is no version, or one that is not among the known ones. */
const checkVersions = (option: string, versions: ReadonlyArray<string>, known: ReadonlyArray<string>): void => {
  const wrong = versions.find((version) => !known.includes(version))
  if (versions.length > 0 && wrong === undefined) return
  throw new RangeError(`${option}: one of ${known.join(", ")} is needed, not ${JSON.stringify(wrong ?? [])}`)
}

/** What a simulated CSMS remembers. */
interface Records {
  readonly ledger: Ledger.Ledger
  readonly maxStations: number
  readonly log: Recent<LoggedFrame>
  readonly deviations: Recent<NotedDeviation>
}

const most = 10_000

/** A deviation as JSON: its parts may be parts of a frame, which they would keep as a whole. */
interface NotedDeviation {
  readonly stationId: string
  readonly json: string
}

/** What an entry takes beside its text, in bytes. */
const overhead = 200

/** A frame as it passed; its secrets are taken out when it is shown, for few frames are. */
class LoggedFrame {
  readonly stationId: string
  private readonly time: number
  private readonly direction: "in" | "out"
  private readonly frame: string

  constructor({ direction, frame, identity, time }: WireLog.Entry) {
    this.stationId = identity
    this.time = time
    this.direction = direction
    this.frame = frame
  }

  get bytes(): number {
    return 2 * this.frame.length + overhead
  }

  get entry(): LogEntry {
    const { direction, frame, stationId, time } = this
    return { t: Timestamp.fromMillis(time), stationId, dir: direction, frame: WireLog.redact(frame) }
  }
}

const report = (
  { deviations }: Records,
  stationId: string,
  deviation: Omit<DeviationEntry, "t" | "stationId">
): Effect.Effect<void> =>
  Effect.map(Timestamp.now, (t) => {
    const json = JSON.stringify({ t, stationId, ...deviation })
    deviations.add({ stationId, json }, 2 * json.length + overhead)
  })

const answerBoot = Effect.fnUntraced(function* (
  { boot, heartbeatInterval = 300 }: VirtualCsmsOptions,
  identity: string
) {
  const currentTime = yield* Timestamp.now
  const decision = boot === undefined ? {} : yield* boot(identity)
  const answer: BootAnswer = { status: "Accepted", currentTime, interval: heartbeatInterval, ...decision }
  return answer
})

/** Remembers who comes and what they get wrong, and gives the service. */
const observe = Effect.fnUntraced(function* (records: Records) {
  const csms = yield* Csms
  const seen = new Map<string, StationState>()
  const remember = ({ identity, protocol, registration }: AnySession, connected: boolean): Effect.Effect<void> =>
    Effect.flatMap(registration, (standing) => {
      seen.set(identity, { id: identity, protocol: protocol.json.subprotocol, connected, registration: standing })
      return seen.size > records.maxStations ? forgetOne : Effect.void
    })

  /** The station that came first of those that are gone is listed no more. */
  const forgetOne = Effect.map(csms.connected, (sessions) => {
    const present = new Set(sessions.map(({ identity }) => identity))
    const gone = Array.from(seen.keys()).find((identity) => !present.has(identity))
    if (gone !== undefined) seen.delete(gone)
  })

  yield* csms.sessions.pipe(
    Stream.runForEach(({ session }) => remember(session, false)),
    Effect.forkScoped({ startImmediately: true })
  )
  yield* csms.deviations.pipe(
    Stream.runForEach(({ deviation, identity }) => report(records, identity, deviation)),
    Effect.forkScoped({ startImmediately: true })
  )

  return VirtualCsms.of({
    stations: Effect.gen(function* () {
      for (const station of seen.values()) seen.set(station.id, { ...station, connected: false })
      for (const session of yield* csms.connected) yield* remember(session, true)
      return Array.from(seen.values())
    }),
    call: Effect.fnUntraced(function* (identity, action, payload, callOptions) {
      const session = yield* csms.session(identity)
      if (Option.isNone(session)) return yield* new NotSent({ action, reason: "NotConnected" })
      const known = session.value.protocol.actions.find(({ name }) => name === action)
      if (known === undefined || !Action.isStartedBy(known, "csms")) {
        return yield* new NotSent({ action, reason: "NotSupported" })
      }
      return yield* session.value.call(known, payload, callOptions)
    }),
    disconnect: Effect.fnUntraced(function* (identity) {
      const session = yield* csms.session(identity)
      if (Option.isNone(session)) return false
      yield* session.value.close(1000, "disconnected by the operator")
      return true
    }),
    ledger: records.ledger,
    log: (stationId) => Effect.sync(() => records.log.of(stationId).map(({ entry }) => entry)),
    // What was written here is read.
    deviations: (stationId) =>
      Effect.sync(() => records.deviations.of(stationId).map(({ json }) => JSON.parse(json) as DeviationEntry))
  })
})
