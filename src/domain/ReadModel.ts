/**
 * The read model: what a CSMS knows of its stations, kept in a `Storage` from the requests that its generic handlers get.
 *
 * **Example** (A CSMS that knows what was charged)
 *
 * ```ts
 * const handlers = Domain.ReadModel.observed(Domain.csmsHandlers({ … }))
 * const CsmsLive = Csms.layer({ accept: () => Effect.void, handlers: [Adapter.handlers(v16, handlers)] }).pipe(
 *   Layer.provideMerge(Domain.ReadModel.layer()),
 *   Layer.provide(SqliteStorage.layer({ filename: "csms.db" }))
 * )
 * const charged = Effect.flatMap(Domain.ReadModel, (model) => model.transactions("CP001"))
 * ```
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type * as Stream from "effect/Stream"
import type * as Action from "../Action.ts"
import { escape } from "../Escape.ts"
import type { ReceivedRequest } from "../Exchange.ts"
import * as Handlers from "../Handlers.ts"
import { Broadcast } from "../internal/Broadcast.ts"
import { Lru } from "../internal/Lru.ts"
import * as Options from "../internal/Options.ts"
import { checkFormat, orMemory, type Storage, type StorageChange, StorageError } from "../Storage.ts"
import { StatusNotification, type StatusNotificationRequest } from "./Availability.ts"
import { MeterValues, type MeterValuesRequest } from "./Metering.ts"
import { NotifyEvent, type NotifyEventRequest } from "./Monitoring.ts"
import type { StationSession } from "./Operations.ts"
import { BootNotification, type BootNotificationRequest } from "./Provisioning.ts"
import * as StationState from "./StationState.ts"
import { TransactionEvent, type TransactionEventRequest } from "./Transactions.ts"

/**
 * Options of a read model.
 *
 * **Details**
 *
 * - `endedTransactions`: how many transactions of a station are kept that have ended, those that were heard of last; by
 *   default 100. A station's sessions reach back as far.
 * - `capacity`: of how many stations the state is in memory beside the storage, by default 1000. That of a station beyond
 *   them is read when it tells something.
 *
 * @category options
 * @since 0.1.0
 */
export interface ReadModelOptions {
  readonly endedTransactions?: number | undefined
  readonly capacity?: number | undefined
}

/**
 * Something has changed and is stored.
 *
 * @category models
 * @since 0.1.0
 */
export type ReadModelChange =
  | { readonly _tag: "Station"; readonly identity: string; readonly station: StationState.Station }
  | { readonly _tag: "Status"; readonly identity: string; readonly status: StationState.EvseStatus }
  | { readonly _tag: "Transaction"; readonly identity: string; readonly transaction: StationState.TransactionRecord }

/**
 * What a CSMS knows of its stations. It has no tariffs, and decides nothing.
 *
 * **When to use**
 *
 * Use where a CSMS needs to know what is charged, and has no database of its own for it, or feeds one from `changes`.
 *
 * **Details**
 *
 * - `observed` wraps handlers. A request is taken in and stored before its handler gets it, and so before its answer
 *   leaves. A handler that reads the transaction of its request finds it up to date.
 * - If the storage fails, the handler does not run and the request is answered with an InternalError, which is logged.
 *   Stations send messages of transactions again.
 * - If the storage does not return, the request is answered with an InternalError after `requests.timeout`, and so are later
 *   requests of that station, for each is written as a whole before the next one begins.
 * - A request that comes again changes nothing. Events of a transaction may come late and in any order; see
 *   {@link StationState}.
 * - The layer keeps its state in the `Storage` that is provided to it or, without one, in memory as long as it lives.
 *   It fails if a later release has written the state.
 *
 * **Gotchas**
 *
 * - A storage keeps an entry of each identity that has told something, and never removes it. Let `accept` refuse
 *   identities that you do not know.
 * - Processes that share a storage share the read model as long as a station is connected to one of them at a time. Each
 *   is told the changes that come through itself.
 *
 * @category services
 * @since 0.1.0
 */
export class ReadModel extends Context.Service<
  ReadModel,
  {
    /**
     * Takes in and stores what a station tells, as `observed` does. `source`, such as its session, is what it comes by: the
     * stored state is read again when it comes by another one.
     */
    readonly record: (identity: string, event: StationState.Event, source?: object) => Effect.Effect<void, StorageError>
    /** All stations that have told something, by identity. */
    readonly stations: Effect.Effect<ReadonlyMap<string, StationState.Station>, StorageError>
    readonly station: (identity: string) => Effect.Effect<Option.Option<StationState.Station>, StorageError>
    /** The status of each EVSE, by its number; that of the whole station is `0`. */
    readonly status: (identity: string) => Effect.Effect<ReadonlyArray<StationState.EvseStatus>, StorageError>
    /** The transactions of a station, the earliest first. */
    readonly transactions: (
      identity: string
    ) => Effect.Effect<ReadonlyArray<StationState.TransactionRecord>, StorageError>
    readonly transaction: (
      identity: string,
      transactionId: string
    ) => Effect.Effect<Option.Option<StationState.TransactionRecord>, StorageError>
    /** The charging sessions of a station, the earliest first. */
    readonly sessions: (identity: string) => Effect.Effect<ReadonlyArray<StationState.ChargingSession>, StorageError>
    /** What changes from now on. A slow reader misses the oldest changes beyond 1024. */
    readonly changes: Stream.Stream<ReadModelChange>
  }
>()("effect-ocpp/domain/ReadModel") {
  /** A read model in the `Storage` that is present. */
  static readonly layer = (options: ReadModelOptions = {}): Layer.Layer<ReadModel, StorageError> =>
    Layer.effect(ReadModel, make(options))

  /**
   * Wraps generic handlers of a CSMS, so that the read model takes in what stations tell. What has no handler is not taken in:
   * a station of 2.x may tell the status of its connectors by NotifyEvent only, so have a handler for that, too.
   */
  static readonly observed = <R>(
    handlers: Handlers.HandlerSet<"generic", R, "csms", Action.ActionList<"generic">>
  ): Handlers.HandlerSet<"generic", R | ReadModel, "csms", Action.ActionList<"generic">> =>
    Handlers.map(handlers, (handle: Handlers.UntypedHandler<R>, action): Handlers.UntypedHandler<R | ReadModel> => {
      const eventOf = events.get(action)
      if (eventOf === undefined) return handle
      const observe = Effect.fnUntraced(function* (request: unknown, peer: unknown, { receivedAt }: ReceivedRequest) {
        const { record } = yield* ReadModel
        // The handlers of a CSMS get sessions, and requests that satisfy the schemas of their actions.
        const { identity, version } = peer as StationSession
        const told = { ...eventOf(request as never), receivedAt: DateTime.makeUnsafe(receivedAt), version }
        yield* Effect.orDie(record(identity, told, peer as StationSession))
      })
      return (request, peer, exchange) =>
        Effect.andThen(
          observe(request, peer, exchange),
          Effect.suspend(() => handle(request, peer, exchange))
        )
    })
}

type Told<E = StationState.Event> = E extends unknown ? Omit<E, "receivedAt" | "version"> : never

/** What of the requests of stations is taken in, and as what. */
const events = new Map<Action.Action, (request: never) => Told>([
  [BootNotification, (request: BootNotificationRequest): Told => ({ _tag: "BootNotification", request })],
  [StatusNotification, (request: StatusNotificationRequest): Told => ({ _tag: "StatusNotification", request })],
  [TransactionEvent, (request: TransactionEventRequest): Told => ({ _tag: "TransactionEvent", request })],
  [NotifyEvent, (request: NotifyEventRequest): Told => ({ _tag: "NotifyEvent", request })],
  [MeterValues, (request: MeterValuesRequest): Told => ({ _tag: "MeterValues", request })]
])

/** What is in memory of a station. */
class Kept {
  readonly lock = Semaphore.makeUnsafe(1)
  /** What the storage has; `undefined`: it has to be read. */
  state: StationState.StationState | undefined = undefined
  /** By what the last event came; it is not held, for it may be a connection that is over. */
  source: WeakRef<object> | undefined = undefined
  users = 0

  /** The state, if it is sure to be what the storage has. */
  stateFor(source: object | undefined): StationState.StationState | undefined {
    if (source !== this.source?.deref()) this.state = undefined
    this.source = source && new WeakRef(source)
    return this.state
  }
}

const make = Effect.fnUntraced(function* (options: ReadModelOptions) {
  const storage = yield* orMemory
  yield* checkFormat(storage, "readModel")
  const ended = Options.count("endedTransactions", options.endedTransactions ?? 100, 1)
  const stations = new Lru<Kept>(Options.count("capacity", options.capacity ?? 1000, 1), (all) =>
    all.forget(({ users }) => users === 0)
  )
  const changes = new Broadcast<ReadModelChange>()

  const take = Effect.fnUntraced(function* (
    identity: string,
    kept: Kept,
    event: StationState.Event,
    source: object | undefined
  ) {
    const state = kept.stateFor(source) ?? (yield* load(storage, identity))
    const next = StationState.apply(state, event, { ended })
    // What is being written is written and told, whole, before the next event is looked at.
    yield* Effect.uninterruptible(keep(identity, kept, state, next))
  })

  const keep = Effect.fnUntraced(function* (
    identity: string,
    kept: Kept,
    state: StationState.StationState,
    next: StationState.StationState
  ) {
    // If the commit fails, the storage may have the old state or the new one, so it is read again before the next event.
    kept.state = undefined
    if (next !== state) yield* storage.commit(changesOf(identity, state, next))
    kept.state = next
    for (const change of toldOf(identity, state, next)) changes.tell(change)
  })

  const read = <A>(identity: string, query: (state: StationState.StationState) => A) =>
    Effect.map(load(storage, identity), query)

  return ReadModel.of({
    record: (identity, event, source) =>
      apart(
        Effect.acquireUseRelease(
          Effect.sync(() => {
            const kept = stations.use(identity, () => new Kept())
            kept.users++
            return kept
          }),
          (kept) => kept.lock.withPermit(take(identity, kept, event, source)),
          (kept) => Effect.sync(() => kept.users--)
        )
      ),
    stations: Effect.suspend(() => loadStations(storage)),
    station: (identity) => read(identity, StationState.station),
    status: (identity) => read(identity, StationState.status),
    transactions: (identity) => read(identity, StationState.transactions),
    transaction: (identity, transactionId) =>
      Effect.map(loadEntry(storage, placeOf(identity, StationState.transactionKey(transactionId))), (entry) =>
        StationState.transaction(new Map(entry), transactionId)
      ),
    sessions: (identity) => read(identity, StationState.sessions),
    changes: changes.stream
  })
})

/** Who is interrupted while this runs does not wait for it, though a part that cannot be interrupted goes on. */
const apart = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(effect, { startImmediately: true }), (fiber) =>
      Effect.onInterrupt(restore(Fiber.join(fiber)), () => Effect.forkDetach(Fiber.interrupt(fiber)))
    )
  )

// ---- what is told

/** The entries that are new or have changed. */
const newIn = (state: StationState.StationState, next: StationState.StationState) =>
  Array.from(next).filter(([key, entry]) => state.get(key) !== entry)

const toldOf = (
  identity: string,
  state: StationState.StationState,
  next: StationState.StationState
): ReadonlyArray<ReadModelChange> => {
  const entries = newIn(state, next).map(([, entry]) => entry)
  if (entries.length === 0) return []
  const before = StationState.status(state)
  const statuses = StationState.status(next).filter((status) => {
    const known = before.find(({ evseId }) => evseId === status.evseId)
    const isTold = entries.some((entry) => "evseId" in entry && entry.evseId === status.evseId)
    return isTold || known?.activity !== status.activity || known?.transactionId !== status.transactionId
  })
  return [
    ...entries.flatMap((entry): ReadonlyArray<ReadModelChange> => {
      if (entry._tag === "Station") return [{ _tag: "Station", identity, station: entry.station }]
      if (entry._tag !== "Transaction") return []
      const found = StationState.transaction(next, entry.transactionId)
      return Option.isNone(found) ? [] : [{ _tag: "Transaction", identity, transaction: found.value }]
    }),
    ...statuses.map((status): ReadonlyArray<ReadModelChange>[number] => ({ _tag: "Status", identity, status }))
  ]
}

// ---- the storage

/** The entries of all stations themselves are in one space, and all others of a station in a space of its own. */
const stationsSpace = "read model stations"
const spaceOf = (identity: string): string => `read model ${JSON.stringify(identity)}`

interface Place {
  readonly space: string
  readonly key: string
}

const placeOf = (identity: string, key: string): Place =>
  key === StationState.stationKey
    ? { space: stationsSpace, key: JSON.stringify(identity) }
    : { space: spaceOf(identity), key }

const codec = Schema.fromJsonString(Schema.toCodecJson(StationState.Entry))
const encode = Schema.encodeSync(codec)
const decode = Schema.decodeUnknownOption(codec)

const changeAt = ({ key, space }: Place, value: string | undefined): StorageChange => ({ space, key, value })

const changesOf = (
  identity: string,
  state: StationState.StationState,
  next: StationState.StationState
): ReadonlyArray<StorageChange> => [
  ...newIn(state, next).map(([key, entry]) => changeAt(placeOf(identity, key), encode(entry))),
  ...Array.from(state.keys())
    .filter((key) => !next.has(key))
    .map((key) => changeAt(placeOf(identity, key), undefined))
]

const entryOf = ({ key, space }: Place, value: string): Effect.Effect<StationState.Entry, StorageError> =>
  Option.match(decode(value), {
    onNone: () =>
      Effect.fail(new StorageError({ storage: space, reason: "Corrupt", detail: `${escape(key)} cannot be read` })),
    onSome: Effect.succeed
  })

/** An entry and its key, if it is there. */
const loadEntry = Effect.fnUntraced(function* (storage: Storage["Service"], place: Place) {
  const value = yield* storage.get(place.space, place.key)
  return value === undefined ? [] : [[place.key, yield* entryOf(place, value)] as const]
})

const load = Effect.fnUntraced(function* (storage: Storage["Service"], identity: string) {
  const space = spaceOf(identity)
  const own = yield* loadEntry(storage, placeOf(identity, StationState.stationKey))
  const others = yield* Effect.forEach(yield* storage.read(space), ({ key, value }) =>
    Effect.map(entryOf({ space, key }, value), (entry) => [key, entry] as const)
  )
  const state: StationState.StationState = new Map([
    ...own.map(([, entry]) => [StationState.stationKey, entry] as const),
    ...others
  ])
  return state
})

const loadStations = Effect.fnUntraced(function* (storage: Storage["Service"]) {
  const all = yield* Effect.forEach(yield* storage.read(stationsSpace), ({ key, value }) =>
    Effect.map(entryOf({ space: stationsSpace, key }, value), (entry) =>
      // Every key of this space was written by this module as JSON text.
      entry._tag === "Station" ? [[JSON.parse(key) as string, entry.station] as const] : []
    )
  )
  const stations: ReadonlyMap<string, StationState.Station> = new Map(all.flat())
  return stations
})
