/**
 * What a CSMS remembers of each station over connections and, with a `Storage`, over restarts: how its last
 * BootNotification was answered, and which transactions it has opened.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { escape } from "../Escape.ts"
import { Lru } from "../internal/Lru.ts"
import * as Options from "../internal/Options.ts"
import type { RegistrationStatus } from "../Registration.ts"
import { checkFormat, Storage, type StorageEntry } from "../Storage.ts"

/**
 * How a CSMS remembers which stations it has accepted.
 *
 * **Details**
 *
 * A station does not boot again when it reconnects. So the CSMS keeps a record of how it answered the last
 * BootNotification of each station: in memory, and also in the `Storage` that is provided to its layer, if there is
 * one. An answer is stored before it is sent, and the record is read each time the station connects, so that processes
 * which share a storage share the records. If the storage fails, that is logged and the CSMS goes by its memory.
 *
 * - `unknown`: how a station stands that `accept` has let in and of which there is no record, such as one that was
 *   accepted before the CSMS was restarted without a storage. `"assume"`, the default, takes it as accepted until it
 *   boots: its session says `assumed`, and its first request is told by an `Assumed` event and in the log. `"refuse"`
 *   answers everything but its BootNotification with a SecurityError, until it boots.
 * - `capacity`: how many stations are remembered in memory, by default 100,000. Beyond it a station that is not
 *   connected is forgotten. With a storage, its record is read again when it connects. Without one, accepted stations
 *   are forgotten first, because they are assumed to be accepted afterwards. If all others are not accepted, one of
 *   these is forgotten: this is logged, and from then on a station without a record is refused. With `"refuse"`,
 *   stations that are not accepted are forgotten first.
 *
 * **Gotchas**
 *
 * - With `"refuse"`, a station that was accepted before a restart without a storage is locked out until it is switched
 *   off and on: it does not know that it should boot, and its CSMS may not ask it to in 2.x (F06.FR.17).
 * - A storage keeps one small record of each identity that has booted, and never removes it. Let `accept` refuse
 *   identities that you do not know.
 *
 * @see J16 §4.2, P2 B01.FR.10, B03
 * @category options
 * @since 0.1.0
 */
export interface RegistrationSettings {
  readonly unknown?: "assume" | "refuse" | undefined
  readonly capacity?: number | undefined
}

/** What is known of a station, shared by its connections. @internal */
export class StationRecord {
  readonly identity: string
  /** How its last boot was answered, `Unregistered` if it was not answered; `undefined` if nothing is known. */
  status: RegistrationStatus | undefined = undefined
  /** The status that the storage has. */
  stored: RegistrationStatus | undefined = undefined
  /** Made on first use, for many stations have none. */
  transactions: Transactions | undefined = undefined

  constructor(identity: string) {
    this.identity = identity
  }

  /** Whether the station has opened a transaction, which may have ended lately. */
  owns(transactionId: number | string): boolean {
    return this.transactions?.has(JSON.stringify(transactionId)) === true
  }

  /** The last message of a transaction was handled. */
  ended(transactionId: number | string): void {
    this.transactions?.end(JSON.stringify(transactionId))
  }
}

/** The transactions that a station has opened, by their transaction ids as JSON; the oldest first. */
class Transactions {
  readonly open = new Set<string>()
  /** Those whose last message may come again. */
  readonly ended = new Set<string>()
  /** Those that were forgotten since the last commit, and are still in the storage. */
  readonly gone: Array<string> = []
  /** The number of the next one that is stored, which keeps their order. */
  order = 0

  has(id: string): boolean {
    return this.open.has(id) || this.ended.has(id)
  }

  add(id: string): void {
    this.open.add(id)
    this.trim(this.open, mostOpen)
  }

  end(id: string): void {
    if (!this.open.delete(id)) return
    this.ended.add(id)
    this.trim(this.ended, mostEnded)
  }

  private trim(ids: Set<string>, most: number): void {
    for (const id of ids) {
      if (ids.size <= most) return
      ids.delete(id)
      this.gone.push(id)
    }
  }
}

/** A station has a few connectors; what it never ends is not to fill the memory. */
const mostOpen = 64
const mostEnded = 4

/** What a tolerance lets through may be as long as a frame. */
const longestId = 255

/** The records in memory. */
class Memory {
  private readonly unknown: "assume" | "refuse"
  private readonly records: Lru<StationRecord>
  /** Whether a station that is not accepted is among those without a record. */
  private hasForgotten = false

  constructor({ capacity, unknown }: RegistrationSettings, isConnected: (identity: string) => boolean) {
    this.unknown = unknown ?? "assume"
    this.records = new Lru(Options.count("capacity", capacity ?? 100_000, 1), (records) => {
      // How many are connected is limited elsewhere.
      if (records.forget((record) => !isConnected(record.identity) && this.isSpare(record))) return
      if (records.forget(({ identity }) => !isConnected(identity))) this.hasForgotten = true
    })
  }

  get assumes(): boolean {
    return this.unknown === "assume" && !this.hasForgotten
  }

  /** The record of a station that connects. */
  of(identity: string): StationRecord {
    return this.records.use(identity, () => new StationRecord(identity))
  }

  /** A record has changed. It comes back if it was forgotten between the handshake and the connection. */
  keep(record: StationRecord): void {
    this.records.use(record.identity, () => record)
  }

  /** Whether a station stands the same without its record. */
  private isSpare({ status, stored }: StationRecord): boolean {
    return status === stored || (status === "Accepted") === this.assumes
  }
}

/** Dies if a later release has stored what this CSMS would read. Other failures are told by those who read. */
const refuseLaterFormat = (storage: Storage["Service"]): Effect.Effect<void> =>
  checkFormat(storage, "csms").pipe(
    Effect.catchCause((cause) => {
      const error = Option.getOrUndefined(Cause.findErrorOption(cause))
      return error?.reason === "UnknownVersion" ? Effect.die(error) : Effect.void
    })
  )

/**
 * Makes what a CSMS remembers. `isConnected` says whether a station is connected.
 *
 * @internal
 */
export const make = Effect.fnUntraced(function* (
  settings: RegistrationSettings,
  isConnected: (identity: string) => boolean
) {
  const memory = new Memory(settings, isConnected)
  const storage = Option.getOrUndefined(yield* Effect.serviceOption(Storage))
  if (storage !== undefined) yield* refuseLaterFormat(storage)

  const store = (record: StationRecord, changes: ReadonlyArray<Change>): Effect.Effect<boolean> => {
    if (storage === undefined) return Effect.succeed(false)
    const space = spaceOf(record.identity)
    // Suspended, for a storage of somebody else may throw.
    return Effect.suspend(() => storage.commit(changes.map(([key, value]) => ({ space, key, value })))).pipe(
      Effect.as(true),
      Effect.catchCause((cause) =>
        Effect.as(Effect.logError("what is known of the station could not be stored", cause), false)
      )
    )
  }

  /** Uses the memory, and tells if it is from now on too small to assume anything. */
  const remembering = <A>(use: () => A): Effect.Effect<A> =>
    Effect.suspend(() => {
      const { assumes } = memory
      const value = use()
      return Effect.as(assumes && !memory.assumes ? Effect.logError(overflow) : Effect.void, value)
    })

  const refresh = (record: StationRecord): Effect.Effect<void> => {
    if (storage === undefined) return Effect.void
    const { stored } = record
    return Effect.suspend(() => storage.read(spaceOf(record.identity))).pipe(
      Effect.flatMap((entries) => {
        const unreadable = load(record, entries, stored)
        return unreadable.length === 0 ? Effect.void : Effect.logError(`${unreadableText}: ${unreadable.join(", ")}`)
      }),
      Effect.catchCause((cause) => Effect.logError("what is known of the station could not be read", cause))
    )
  }

  const registrations: Registrations = {
    assumes: () => memory.assumes,

    of: (identity) =>
      Effect.tap(
        remembering(() => memory.of(identity)),
        refresh
      ),

    answered: (record, status) =>
      Effect.flatMap(
        Effect.suspend(() =>
          record.stored === status ? Effect.succeed(true) : store(record, [[statusKey, JSON.stringify(status)]])
        ),
        (isStored) => {
          record.status = status
          if (isStored) record.stored = status
          return remembering(() => memory.keep(record))
        }
      ),

    opened: (record, transactionId) =>
      Effect.suspend(() => {
        if (String(transactionId).length > longestId || record.owns(transactionId)) return Effect.void
        const transactions = (record.transactions ??= new Transactions())
        const id = JSON.stringify(transactionId)
        transactions.add(id)
        const changes: Array<Change> = [[transactionKey + id, JSON.stringify(transactions.order++)]]
        for (const gone of transactions.gone.splice(0)) changes.push([transactionKey + gone, undefined])
        return Effect.asVoid(store(record, changes))
      })
  }
  return registrations
})

/**
 * What a CSMS remembers of its stations. If the storage fails, that is logged and the memory decides.
 *
 * @internal
 */
export interface Registrations {
  /** Whether a station counts as accepted of which nothing is known. */
  readonly assumes: () => boolean
  /** What is known of a station that connects. */
  readonly of: (identity: string) => Effect.Effect<StationRecord>
  /** The BootNotification of a station is about to be answered. */
  readonly answered: (record: StationRecord, status: RegistrationStatus) => Effect.Effect<void>
  /** A message of a transaction is about to be answered. */
  readonly opened: (record: StationRecord, transactionId: number | string) => Effect.Effect<void>
}

const overflow =
  "too many stations are not accepted to remember all of them: from now on, stations without a record have to boot"

type Change = readonly [key: string, value: string | undefined]

/** A station has a space, which holds its status and its transactions, each of these with its place among them. */
const spaceOf = (identity: string): string => `station ${JSON.stringify(identity)}`
const statusKey = "registration"
const transactionKey = "transaction "

const decodeStatus = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Literals(["Pending", "Rejected", "Accepted"]))
)
const decodeOrder = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Int))

const unreadableText = "some of what is known of the station could not be read, and counts as not there"

/**
 * Takes what was read into a record of which `stored` was in the storage when the reading began. Gives the keys whose
 * values cannot be read.
 */
const load = (
  record: StationRecord,
  entries: ReadonlyArray<StorageEntry>,
  stored: RegistrationStatus | undefined
): ReadonlyArray<string> => {
  const places = new Map<string, number>()
  const unreadable: Array<string> = []
  let found: RegistrationStatus | undefined
  for (const { key, value } of entries) {
    const isStatus = key === statusKey
    const status = isStatus ? decodeStatus(value) : Option.none()
    const order = isStatus ? Option.none() : decodeOrder(value)
    if (Option.isSome(status)) found = status.value
    else if (Option.isSome(order)) places.set(key.slice(transactionKey.length), order.value)
    else unreadable.push(escape(JSON.stringify(key)))
  }
  // It was changed by another process, and not by this one meanwhile. Otherwise the memory is newer, if they differ.
  if (found !== undefined && found !== stored && record.stored === stored) record.stored = record.status = found
  if (places.size === 0) return unreadable
  const transactions = (record.transactions ??= new Transactions())
  for (const [id, place] of Array.from(places).toSorted(([, one], [, other]) => one - other)) {
    transactions.order = Math.max(transactions.order, place + 1)
    if (!transactions.has(id) && !transactions.gone.includes(id)) transactions.add(id)
  }
  return unreadable
}
