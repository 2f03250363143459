/**
 * The EVSEs of a station: say what happens at them, and the CSMS is told by the messages of its version, in their order.
 *
 * **When to use**
 *
 * Use for a station whose version does not matter. A controller says that a vehicle was plugged in, that a transaction has
 * started, or that the vehicle takes no more energy; which messages that makes, with which numbers and reasons, is known
 * here. What a transaction tells is stored first and then delivered, as `Domain.Transactions` says.
 *
 * **Example** (From coming to leaving)
 *
 * ```ts
 * const evses = yield* Evses.make({ adapter: AdapterV16.adapter, count: 2 })
 * const evse = evses.get(1)!
 * yield* evse.pluggedIn // StatusNotification
 * yield* evse.authorized({ idToken: { idToken: "321", type: "Central" } })
 * yield* evse.started({ meterValue }) // StartTransaction or TransactionEvent, and StatusNotification
 * yield* evse.chargingStateChanged("SuspendedEV") // StatusNotification or TransactionEvent
 * yield* evse.ended({ stoppedReason: "Local", meterValue })
 * yield* evse.unplugged
 * ```
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as Adapter from "../../adapter/Adapter.ts"
import * as Domain from "../../domain/index.ts"
import * as Uuid from "../../internal/Uuid.ts"
import { type CallFailure, NotSent } from "../../OcppError.ts"
import * as Timestamp from "../../Timestamp.ts"
import type { Delivery, Transaction } from "../../Transaction.ts"
import { Station } from "../Station.ts"
import type { StationConnection } from "../StationConnection.ts"
import {
  type EvseAuthorization,
  type Event,
  type EventInput,
  type EvseState,
  type Happening,
  type Status,
  statusOf,
  step,
  untouched
} from "./internal/steps.ts"

export type { EvseAuthorization, EvseSession, EventInput, EvseState } from "./internal/steps.ts"

/**
 * What was said cannot have happened: `rule` says why, such as that no transaction runs. Nothing was told of it.
 *
 * @category errors
 * @since 0.1.0
 */
export class CannotBe extends Schema.TaggedError<CannotBe>()("CannotBe", {
  evseId: Schema.Int,
  happening: Schema.String,
  rule: Schema.String
}) {
  override get message(): string {
    return `EVSE ${this.evseId}: ${this.happening} cannot be: ${this.rule}`
  }
}

/**
 * A transaction at an EVSE, in generic form.
 *
 * @category models
 * @since 0.1.0
 */
export interface EvseTransaction extends Transaction<Domain.TransactionKind> {}

/**
 * An EVSE with one connector. Say what happens, when it has happened.
 *
 * **Details**
 *
 * A session lasts from the vehicle's or driver's coming to the vehicle's leaving; transactions, which are what is billed, are
 * in it, one at a time.
 *
 * - `state`: what is known of it; a pure value.
 * - `transaction`: the one that runs.
 * - `pluggedIn`, `unplugged`: the cable. Who is unplugged without a transaction has left.
 * - `authorized`: who may charge, asked for here by `Domain.Csms` or the CSMS itself by a remote start. It is for the
 *   transaction that starts next, or is told in the one that runs if the version has a place for that, as 2.x has.
 * - `started`: a transaction starts. Who was authorized, by which remote start, and the reservation of the EVSE are told
 *   with it, and the reservation is used up. For 1.x `meterValue` needs the energy register in whole watt-hours.
 * - `metered`: readings of the transaction.
 * - `chargingStateChanged`: energy flows, or does not, and whose doing that is.
 * - `ended`: the transaction ends. `stoppedReason` is `Local` if it is left out. For 1.x `meterValue` needs the energy
 *   register with the context `Transaction.End`. The end is stored when it returns; what it gives waits for the answer.
 * - `resumed`: a transaction goes on that was running when the station went down, one of `ongoing` of
 *   `Domain.Transactions`. It tells nothing.
 * - `reserved`: it is kept free for a reservation, or no longer.
 * - `faulted`: it does not work, and why; or it works again.
 * - `availabilityChanged`: it was taken out of use, or put back. What goes on there may go on until its end.
 * - `told`: waits until the statuses told so far have been answered, or could not be sent.
 *
 * What is left out of a transaction's event is known here: the time is now, and the reason follows from what happened. It
 * fails as {@link CannotBe} if it cannot have happened, and as `NotSent` if it cannot be stored, or if the version cannot tell
 * it; the state is as before then.
 *
 * @category models
 * @since 0.1.0
 */
export interface Evse {
  readonly id: number
  readonly state: EvseState
  readonly transaction: EvseTransaction | undefined
  readonly pluggedIn: Effect.Effect<void, NotSent>
  readonly unplugged: Effect.Effect<void, NotSent>
  readonly authorized: (authorization: EvseAuthorization) => Effect.Effect<void, NotSent>
  readonly started: (
    input: EventInput & { readonly chargingState?: Domain.ChargingState | undefined }
  ) => Effect.Effect<EvseTransaction, NotSent | CannotBe>
  readonly metered: (input: EventInput) => Effect.Effect<void, NotSent | CannotBe>
  readonly chargingStateChanged: (
    chargingState: Domain.ChargingState,
    input?: EventInput
  ) => Effect.Effect<void, NotSent | CannotBe>
  readonly ended: (input: EventInput) => Effect.Effect<Delivery<Domain.TransactionKind["Stopped"]>, NotSent | CannotBe>
  readonly resumed: (transaction: EvseTransaction, chargingState: Domain.ChargingState) => Effect.Effect<void, CannotBe>
  readonly reserved: (reservationId: number | undefined, options?: StatusTelling) => Effect.Effect<void>
  readonly faulted: (error: Domain.ErrorInfo | undefined, options?: StatusTelling) => Effect.Effect<void>
  readonly availabilityChanged: (isOperative: boolean, options?: StatusTelling) => Effect.Effect<void>
  readonly told: Effect.Effect<void>
}

/**
 * Whether a status that has changed is told at once, which is the default. A handler of a request that changes it answers
 * first, and lets `notify` follow: `Reply.then(answer, evses.notify(1))`.
 *
 * @category options
 * @since 0.1.0
 */
export interface StatusTelling {
  readonly tell?: boolean | undefined
}

/**
 * The EVSEs of a station.
 *
 * **Details**
 *
 * - `get`: one by its number, from 1 on.
 * - `notify`: tells a status now, changed or not, as a CSMS can ask: that of an EVSE or, for 0, of the whole station.
 * - `availabilityChanged`: the whole station was taken out of use, or put back; its EVSEs are told apart.
 * - `introduced`: waits until the CSMS knows every status.
 *
 * @category models
 * @since 0.1.0
 */
export interface Evses {
  readonly all: ReadonlyArray<Evse>
  readonly get: (id: number) => Evse | undefined
  readonly notify: (id: number) => Effect.Effect<void, CallFailure>
  readonly availabilityChanged: (isOperative: boolean, options?: StatusTelling) => Effect.Effect<void>
  readonly introduced: Effect.Effect<void>
}

/**
 * What {@link make} needs to know: the adapter of the version that the station speaks, and how many EVSEs there are.
 *
 * @category options
 * @since 0.1.0
 */
export interface EvsesOptions {
  readonly adapter: Adapter.Adapter
  readonly count: number
}

/**
 * Makes the EVSEs of a station. From now on the CSMS is told every status when it has accepted the station and, when the
 * connection is there again, what has changed meanwhile, as of when it did (J16 §4.9; P2 B04, G01).
 *
 * **Gotchas**
 *
 * What it knows but for the transactions ends with the scope: after a restart say anew what is plugged in, out of use or
 * faulted, and end or resume the `ongoing` transactions.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function* ({ adapter, count }: EvsesOptions) {
  const station = yield* Station
  const reporter = new Reporter(adapter, yield* Domain.Csms, station, yield* Effect.scope)
  const transactions = yield* Domain.Transactions
  const whole = reporter.placeOf(0, { condition: "Operative" })
  const all = Array.from({ length: count }, (_, index) => new LiveEvse(index + 1, reporter, transactions))
  const places = [whole, ...all.map(({ place }) => place)]
  for (const work of reporter.works(places)) yield* Effect.forkScoped(work)
  const evses: Evses = {
    all,
    get: (id) => all[id - 1],
    notify: (id) => {
      const place = places[id]
      return place === undefined ? Effect.void : reporter.notify(place)
    },
    availabilityChanged: (isOperative, options) =>
      reporter.change(whole, { condition: isOperative ? "Operative" : "Unavailable" }, options),
    introduced: Deferred.await(reporter.introduced)
  }
  return evses
})

// ---- the status of places

/** The station as a whole, which is 0, or an EVSE, as the CSMS knows it. */
interface Place {
  readonly id: number
  /** What is told of it, but for when. */
  status: Omit<Domain.StatusNotificationRequest, "timestamp">
  /** What the version says of that; `undefined`: it does not tell it. */
  words: string | undefined
  /** When that has changed last; empty before. */
  changedAt: Timestamp.Timestamp | ""
  /** The words that the CSMS knows; `undefined` since it was told nothing, and `unsure` if an answer was lost. */
  told: string | undefined
  /** Waits until what was handed over last is answered, or could not be sent. */
  handedOver: Effect.Effect<void>
}

/** It equals the words of no status, so that the status is told again. */
const unsure = ""

/** Tells the status of places. */
class Reporter {
  /** Done once the CSMS knows every status. */
  readonly introduced = Deferred.makeUnsafe<void>()
  private readonly adapter: Adapter.Adapter
  private readonly csms: Domain.CsmsClient
  private readonly station: StationConnection
  private readonly scope: Scope.Scope
  private places: ReadonlyArray<Place> = []
  private isAccepted = false

  constructor(adapter: Adapter.Adapter, csms: Domain.CsmsClient, station: StationConnection, scope: Scope.Scope) {
    this.adapter = adapter
    this.csms = csms
    this.station = station
    this.scope = scope
  }

  placeOf(id: number, status: Status): Place {
    return { id, ...this.expressed(id, status), changedAt: "", told: undefined, handedOver: Effect.void }
  }

  /** The time for messages. */
  get now(): Effect.Effect<DateTime.Utc> {
    return Effect.map(this.station.now, instantOf)
  }

  /** Tell every status whenever the station is accepted, and what has changed whenever it is connected again. */
  works(places: ReadonlyArray<Place>): ReadonlyArray<Effect.Effect<void>> {
    this.places = places
    const reporting = Semaphore.makeUnsafe(1)
    const report = Effect.suspend(() => {
      const due = places
        .filter(({ told, words }) => told !== words)
        // They are in the one form of `Timestamp.now`.
        .sort((one, other) => (one.changedAt < other.changedAt ? -1 : Number(one.changedAt > other.changedAt)))
      const reported = Effect.forEach(due, (place) => Effect.ignore(this.notify(place)), { discard: true })
      return Effect.map(reported, () => this.introduceIfKnown())
    })
    const introduce = Effect.suspend(() => {
      for (const place of places) place.told = undefined
      return report
    })
    const connected = Stream.runForEach(this.station.status, ({ _tag }) =>
      _tag === "Connected" && this.isAccepted ? reporting.withPermit(report) : Effect.void
    )
    const registered = Stream.runForEach(this.station.registration, (status) => {
      this.isAccepted = status === "Accepted"
      return this.isAccepted ? reporting.withPermit(introduce) : Effect.void
    })
    return [connected, registered]
  }

  /** The CSMS knows every status, whoever has told the last one. */
  private introduceIfKnown(): void {
    if (this.isAccepted && this.places.every(({ told, words }) => told === words)) {
      Deferred.doneUnsafe(this.introduced, Exit.void)
    }
  }

  /** Takes on a status and, if the version has other words for it, tells the CSMS in the background. */
  change(place: Place, status: Status, { tell = true }: StatusTelling = {}): Effect.Effect<void> {
    return Effect.flatMap(this.station.now, (now) => {
      const { words } = place
      Object.assign(place, this.expressed(place.id, status))
      if (place.words === words) return Effect.void
      place.changedAt = now
      if (!tell) return Effect.void
      // It is in the queue of calls at once, so that what happens next is told after it.
      const telling = Effect.forkIn(Effect.ignore(this.notify(place)), this.scope, { startImmediately: true })
      return Effect.map(telling, (fiber) => {
        place.handedOver = Effect.asVoid(Fiber.await(fiber))
      })
    })
  }

  /** Tells the status of a place. What had not reached the CSMS is told as of when it was. */
  notify(place: Place): Effect.Effect<void, CallFailure> {
    return Effect.flatMap(this.station.now, (now) => {
      const { changedAt, status, told, words } = place
      if (words === undefined) return Effect.void
      const isNews = told !== undefined && told !== words && changedAt !== ""
      const knows = (known: string) =>
        Effect.sync(() => {
          place.told = known
          this.introduceIfKnown()
        })
      return this.csms.statusNotification({ ...status, timestamp: instantOf(isNews ? changedAt : now) }).pipe(
        Effect.asVoid,
        Effect.tap(knows(words)),
        Effect.tapError(({ _tag }) => {
          if (_tag === "NotSent") return Effect.void
          // A CSMS that answers with an error has been told the status.
          return knows(_tag === "Uncertain" ? unsure : words)
        }),
        Effect.onInterrupt(() => knows(unsure))
      )
    })
  }

  private expressed(id: number, status: Status): Pick<Place, "status" | "words"> {
    const whole = { ...status, ...(id === 0 ? {} : { evse: { id, connectorId: 1 } }) }
    const words = this.wordsOf(whole)
    if (words !== undefined || status.error === undefined) return { status: whole, words }
    // A version that has no place for the error can still tell that there is one.
    const { error: _, ...rest } = whole
    return { status: rest, words: this.wordsOf(rest) }
  }

  private wordsOf(status: Place["status"]): string | undefined {
    const encoded = Adapter.encode(this.adapter, Domain.StatusNotification, { ...status, timestamp: epoch })
    return Result.isSuccess(encoded) ? JSON.stringify(encoded.success.request) : undefined
  }
}

/** A time of the station, which can be told. */
const instantOf = (timestamp: Timestamp.Timestamp): DateTime.Utc =>
  DateTime.makeUnsafe(Timestamp.toMillis(timestamp) ?? 0)

const epoch = DateTime.makeUnsafe(0)

// ---- one EVSE

/** The transaction of which an event is stored, and the answer to its end. */
interface Stored {
  readonly transaction: EvseTransaction
  readonly ending?: Delivery<Domain.TransactionKind["Stopped"]>
}

class LiveEvse implements Evse {
  readonly id: number
  readonly place: Place
  state: EvseState = untouched
  transaction: EvseTransaction | undefined = undefined
  private readonly reporter: Reporter
  private readonly transactions: Domain.StationTransactions
  private readonly one = Semaphore.makeUnsafe(1)

  constructor(id: number, reporter: Reporter, transactions: Domain.StationTransactions) {
    this.id = id
    this.reporter = reporter
    this.transactions = transactions
    this.place = reporter.placeOf(id, statusOf(untouched))
  }

  get pluggedIn(): Evse["pluggedIn"] {
    return possible(this.inSession((sessionId) => ({ _tag: "PluggedIn", sessionId })))
  }

  get unplugged(): Evse["unplugged"] {
    return possible(this.happens({ _tag: "Unplugged" }))
  }

  authorized(authorization: EvseAuthorization): Effect.Effect<void, NotSent> {
    return possible(this.inSession((sessionId) => ({ _tag: "Authorized", sessionId, authorization })))
  }

  started({
    chargingState = "Charging",
    ...input
  }: EventInput & { readonly chargingState?: Domain.ChargingState | undefined }): ReturnType<Evse["started"]> {
    return Effect.map(
      this.inSession((sessionId) => ({ _tag: "Started", sessionId, chargingState, input })),
      // A start is an event.
      (stored) => stored!.transaction
    )
  }

  metered(input: EventInput): Effect.Effect<void, NotSent | CannotBe> {
    return Effect.asVoid(this.happens({ _tag: "Metered", input }))
  }

  chargingStateChanged(
    chargingState: Domain.ChargingState,
    input: EventInput = {}
  ): Effect.Effect<void, NotSent | CannotBe> {
    return Effect.asVoid(this.happens({ _tag: "ChargingStateChanged", chargingState, input }))
  }

  ended(input: EventInput): ReturnType<Evse["ended"]> {
    return Effect.map(
      this.happens({ _tag: "Ended", input }),
      // An end is an event, to which there is an answer.
      (stored) => stored!.ending!
    )
  }

  resumed(transaction: EvseTransaction, chargingState: Domain.ChargingState): Effect.Effect<void, CannotBe> {
    const resuming = this.inSession((sessionId) => ({ _tag: "Resumed", sessionId, chargingState }))
    const resumed = Effect.sync(() => {
      this.transaction = transaction
    })
    return resuming.pipe(Effect.andThen(resumed), Effect.catchTag("NotSent", Effect.die))
  }

  reserved(reservationId: number | undefined, options?: StatusTelling): Effect.Effect<void> {
    return Effect.orDie(Effect.asVoid(this.happens({ _tag: "Reserved", reservationId }, options)))
  }

  faulted(error: Domain.ErrorInfo | undefined, options?: StatusTelling): Effect.Effect<void> {
    return Effect.orDie(Effect.asVoid(this.happens({ _tag: "Faulted", error }, options)))
  }

  availabilityChanged(isOperative: boolean, options?: StatusTelling): Effect.Effect<void> {
    return Effect.orDie(Effect.asVoid(this.happens({ _tag: "AvailabilityChanged", isOperative }, options)))
  }

  get told(): Effect.Effect<void> {
    return Effect.suspend(() => this.place.handedOver)
  }

  /** What begins a session, if there is none. */
  private inSession(
    happening: (sessionId: string) => Happening
  ): Effect.Effect<Stored | undefined, NotSent | CannotBe> {
    return Effect.flatMap(Uuid.random, (id) => this.happens(happening(id)))
  }

  /**
   * One thing after the other: its event is stored, if it has one, then the state is that after it, and the status is told.
   */
  private happens(
    happening: Happening,
    options?: StatusTelling
  ): Effect.Effect<Stored | undefined, NotSent | CannotBe> {
    const taken = Effect.suspend((): Effect.Effect<Stored | undefined, NotSent | CannotBe> => {
      const next = step(this.state, happening)
      if (Result.isFailure(next)) {
        return Effect.fail(new CannotBe({ evseId: this.id, happening: happening._tag, rule: next.failure }))
      }
      const { event, state } = next.success
      const storing = event === undefined ? Effect.undefined : this.store(event)
      return Effect.tap(storing, () => {
        this.state = state
        const telling = this.reporter.change(this.place, statusOf(state), options)
        // What is stored leaves before the status, unless it has to wait.
        return event === undefined ? telling : Effect.andThen(Effect.yieldNow, telling)
      })
    })
    return this.one.withPermit(Effect.uninterruptible(taken))
  }

  /** Stores an event of the transaction. */
  private store({ eventType, input }: Event): Effect.Effect<Stored, NotSent> {
    return Effect.flatMap(this.reporter.now, (now): Effect.Effect<Stored, NotSent> => {
      const triggerReason = Domain.triggerReasonOf({ ...input, eventType })
      const told = { timestamp: now, ...input, triggerReason }
      if (eventType === "Started") {
        const starting = this.transactions.start({ ...told, evse: { id: this.id, connectorId: 1 } })
        return Effect.map(starting, (transaction) => {
          this.transaction = transaction
          return { transaction }
        })
      }
      // The step says that there is one.
      const transaction = this.transaction!
      if (eventType === "Updated") {
        const updating = Effect.asVoid(transaction.update(told))
        const updated = told.meterValue === undefined ? Effect.catch(updating, untellable) : updating
        return Effect.as(updated, { transaction })
      }
      return Effect.map(transaction.stop({ stoppedReason: "Local", ...told }), (ending) => {
        this.transaction = undefined
        return { transaction, ending }
      })
    })
  }
}

/** What is no reading, and what a version has no place for, is known here without being told. */
const untellable = (failure: NotSent): Effect.Effect<void, NotSent> =>
  failure.reason === "NotExpressible" ? Effect.void : Effect.fail(failure)

/** What is always possible. */
const possible = (happening: Effect.Effect<unknown, NotSent | CannotBe>): Effect.Effect<void, NotSent> =>
  Effect.asVoid(Effect.catchTag(happening, "CannotBe", Effect.die))
