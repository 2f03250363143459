/**
 * Stores messages, sends them in their order, and forgets them once they are answered.
 *
 * @internal
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as Action from "../Action.ts"
import { Recorder } from "../Exchange.ts"
import * as Options from "../internal/Options.ts"
import { type CallFailure, NotSent, type Violation } from "../OcppError.ts"
import type { Caller, CallOptions } from "../Client.ts"
import type { Protocol } from "../Protocol.ts"
import type * as Telemetry from "../engine/Telemetry.ts"
import type { Storage, StorageChange, StorageError } from "../Storage.ts"
import type { Delivery, Kind, Phase, Transactions } from "../Transaction.ts"
import * as Validation from "../Validation.ts"
import { Lane, type Message } from "./Lane.ts"
import { Outbox, type OutboxEvent, type OutboxOptions, type StoredMessage } from "./Outbox.ts"
import { makeTransactions } from "./makeTransactions.ts"
import { type Record, Records } from "./Records.ts"

/** How messages leave. */
export interface Exits {
  /** Open while a connection of this version is open and the CSMS has accepted the station. */
  readonly ready: Latch.Latch
  /** Whether an action may leave now. */
  readonly lets: (action: string) => boolean
  /** Names the connection that is open; empty if none is. */
  readonly link: () => string
  /** Waits until a connection is no longer open. */
  readonly lost: (link: string) => Effect.Effect<void>
  readonly call: Caller<"station">["call"]
}

/** What the station has of an outbox. */
export interface StationOutbox {
  readonly outbox: Outbox["Service"]
  readonly transactions: Transactions<Kind>
  /** Calls the CSMS, by way of the storage if the message has to arrive; else `undefined`. */
  readonly take: (
    action: Action.Action,
    request: unknown,
    options: CallOptions | undefined
  ) => Effect.Effect<unknown, CallFailure> | undefined
}

interface Settings {
  readonly attempts: number
  readonly retryInterval: number
  readonly limit: number
  readonly queueAll: boolean
}

const defaults: Settings = { attempts: 3, retryInterval: 60_000, limit: 10_000, queueAll: false }

/** What timers go up to, in milliseconds. */
const longest = 0x7fffffff

/** How long a message waits that could not leave although the way was open. */
const breath = Duration.seconds(1)

/** Makes the outbox of a station for one version, and delivers from it in the background. */
export const makeOutbox = Effect.fnUntraced(function* (options: {
  readonly identity: string
  readonly protocol: Protocol
  readonly storage: Storage["Service"]
  readonly exits: Exits
  readonly nextId: () => string
  readonly meter: Telemetry.Meter | undefined
  readonly settings: OutboxOptions | undefined
}) {
  const { exits, identity, meter, nextId, protocol, storage } = options
  const rules = protocol.transactions
  const space = (name: string): string => `${name} ${protocol.version} ${identity}`
  const clock = yield* Clock.Clock
  const now = (): number => clock.currentTimeMillisUnsafe()
  const events = yield* PubSub.sliding<OutboxEvent>(1024)
  const ofTransaction = new Map<string, number>()
  const records = new Records(storage, space("transaction"))
  const transactionLane = new Lane(storage, space("transaction-message"))
  const otherLane = new Lane(storage, space("message"))
  const lanes = [transactionLane, otherLane]
  let settings = settingsOf(options.settings ?? {}, defaults)
  /** How many messages there must be for room to be made again, when all that was left could not be dropped. */
  let leastForRoom = 0

  // ---- what is counted and told

  const count = ({ transaction }: Message, by: 1 | -1): void => {
    meter?.change("ocpp_outbox_messages", by)
    if (transaction === undefined) return
    const left = (ofTransaction.get(transaction) ?? 0) + by
    if (left === 0) ofTransaction.delete(transaction)
    else ofTransaction.set(transaction, left)
  }

  const tell = (event: OutboxEvent): void => {
    meter?.count("ocpp_outbox_events", "outcome", event._tag)
    PubSub.publishUnsafe(events, event)
  }

  const resolve = ({ key, phase, transaction }: Message, lane: Lane, exit: Exit.Exit<unknown, CallFailure>): void => {
    const waiter = lane.waiters.get(key)
    lane.waiters.delete(key)
    if (waiter !== undefined) Deferred.doneUnsafe(waiter.delivery, exit)
    // Of a start that came as a typed call, nothing is kept.
    if (phase !== "Started" || records.get(transaction) === undefined) return
    Deferred.doneUnsafe(records.startOf(transaction!), exit)
  }

  // ---- what is written

  // One change at a time: each is computed from what the last has left.
  const lock = Semaphore.makeUnsafe(1)
  const exclusively = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.uninterruptible(lock.withPermit(effect))

  /** What has happened and could not be written yet. */
  let owed: ReadonlyArray<StorageChange> = []

  const write = (changes: ReadonlyArray<StorageChange>): Effect.Effect<void, StorageError> =>
    Effect.suspend(() => storage.commit(owed.length === 0 ? changes : [...owed, ...changes])).pipe(
      Effect.andThen(
        Effect.sync(() => {
          owed = []
        })
      )
    )

  /** Writes what is so, whether it can be written or not. */
  const note = (changes: ReadonlyArray<StorageChange>): Effect.Effect<void> =>
    Effect.catch(write(changes), (error) => {
      owed = [...owed, ...changes]
      return Effect.logError(`${identity} goes on without having written it: ${error.message}`)
    })

  const stored = (): number => transactionLane.count + otherLane.count

  // ---- what comes in

  const store = Effect.fnUntraced(function* (
    lane: Lane,
    action: Action.Action,
    messageId: string,
    request: unknown,
    of: Pick<Message, "transaction" | "phase">,
    record: Record | undefined
  ) {
    const storedAt = now()
    const isClaimed = lane.count === 0 && exits.ready.isOpen()
    const message: Message = {
      key: lane.nextKey,
      messageId,
      action: action.name,
      request,
      ...of,
      storedAt,
      link: exits.link(),
      attempts: 0,
      // What can leave at once is written once.
      ...(isClaimed ? { claimedAt: storedAt } : {})
    }
    const changes = [lane.write(message), ...(record === undefined ? [] : [records.write(record)])]
    yield* write(changes).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Full",
        (full) => Effect.flatMap(makeRoom, (made) => (made ? write(changes) : Effect.fail(full)))
      ),
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logError(`${identity} could not store a ${action.name}: ${error.message}`),
          new NotSent({ action: action.name, reason: "NotStored" })
        )
      )
    )
    const delivery = Deferred.makeUnsafe<unknown, CallFailure>()
    lane.waiters.set(message.key, { delivery, recorder: yield* Recorder })
    if (record !== undefined) records.set(record)
    count(message, 1)
    lane.added(message)
    if (isClaimed) lane.claimed = message.key
    tell({ _tag: "Stored", message: shown(message) })
    if (stored() <= settings.limit) leastForRoom = 0
    else if (stored() > leastForRoom) {
      yield* Effect.catch(makeRoom, (error) => Effect.logError(`${identity} could not make room: ${error.message}`))
      // Where nothing is left that can be dropped, to look for it each time would take too long.
      leastForRoom = stored() > settings.limit ? Math.ceil(stored() * 1.1) : 0
    }
    return Deferred.await(delivery)
  })

  /** Drops the first, third, fifth … of what may be dropped. Whether there was any. */
  const makeRoom: Effect.Effect<boolean, StorageError> = Effect.suspend(() =>
    // Events of transactions go last (P2 §2.1.9 QueueAllMessages).
    Effect.flatMap(makeRoomIn(otherLane), (made) => (made ? Effect.succeed(true) : makeRoomIn(transactionLane)))
  )

  const isDroppable = ({ action, phase }: Message): boolean =>
    phase === undefined ? !rules.events.has(action) : phase === "Updated"

  const makeRoomIn = (lane: Lane): Effect.Effect<boolean, StorageError> => {
    const turn = new Map<string, boolean>()
    const dropped: Array<Message> = []
    return lane
      .scan((messages) => {
        for (const message of messages) {
          if (!isDroppable(message) || message.key === lane.sending) continue
          const transaction = message.transaction ?? ""
          const isDropped = turn.get(transaction) ?? true
          turn.set(transaction, !isDropped)
          if (isDropped) dropped.push(message)
        }
      })
      .pipe(
        Effect.andThen(Effect.suspend(() => write(dropped.map((message) => lane.erase(message))))),
        Effect.map(() => {
          lane.removed(dropped)
          // The next one need not wait for one that is gone.
          lane.stirred.openUnsafe()
          for (const message of dropped) {
            count(message, -1)
            tell({ _tag: "Dropped", message: shown(message) })
            resolve(message, lane, Exit.fail(new NotSent({ action: message.action, reason: "QueueFull" })))
          }
          return dropped.length > 0
        })
      )
  }

  // ---- what goes out

  /** What belongs to no transaction is sent as it is. */
  const completed = (phase: Phase | undefined, request: unknown, at: Parameters<typeof rules.deliver>[1]): unknown =>
    phase === undefined ? request : rules.deliver(request, at)

  const delivered = (message: Message): unknown => {
    const record = message.phase === "Started" ? undefined : records.get(message.transaction)
    const name =
      record === undefined || rules.named === undefined
        ? undefined
        : record.answer === undefined
          ? rules.nameless
          : rules.named(record.answer)
    return completed(message.phase, message.request, { name, offline: message.link !== exits.link() })
  }

  const actions = new Map(
    protocol.actions
      .filter((action) => Action.isStartedBy(action, "station"))
      .map((action) => [action.name, action] as const)
  )

  /** The message is over: it was answered, or it is given up. */
  const settle = (lane: Lane, message: Message, exit: Exit.Exit<unknown, CallFailure>): Effect.Effect<void> =>
    exclusively(
      Effect.suspend(() => {
        const { phase, transaction } = message
        const record = records.get(transaction)
        const answered =
          record === undefined || phase !== "Started"
            ? undefined
            : Exit.isSuccess(exit)
              ? { ...record, answer: exit.value }
              : { ...record, isUnanswered: true }
        const isOver = record !== undefined && phase === "Ended"
        const next = exits.ready.isOpen() ? lane.second : undefined
        const claimed = next === undefined || isDue(next) ? next : undefined
        const changes = [lane.erase(message)]
        if (answered !== undefined) changes.push(records.write(answered))
        if (isOver) changes.push(records.erase(record.id))
        // What leaves next is written with what has left.
        if (claimed !== undefined) changes.push(lane.write({ ...claimed, claimedAt: now() }))
        return Effect.map(note(changes), () => {
          count(message, -1)
          lane.removedFirst()
          if (claimed !== undefined) lane.claimed = claimed.key
          resolve(message, lane, exit)
          if (answered !== undefined) records.set(answered)
          if (isOver) records.delete(record.id)
        })
      })
    )

  /** The first of a lane has changed. */
  const change = (lane: Lane, message: Message): Effect.Effect<void> =>
    exclusively(Effect.map(note([lane.write(message)]), () => lane.changed(message)))

  /** Takes the first of a lane to send it, if it is its time. */
  const claim = (lane: Lane): Effect.Effect<Message | Duration.Duration, StorageError> =>
    exclusively(
      Effect.gen(function* () {
        const message = yield* lane.first
        if (message === undefined) return Duration.zero
        if (!isDue(message)) {
          // The clock was set back since: the wait begins anew, but only once.
          if ((message.failedAt ?? 0) > now()) lane.changed({ ...message, failedAt: now() })
          return pauseOf(message)
        }
        const claimed = { ...message, claimedAt: now() }
        lane.sending = message.key
        if (lane.claimed !== message.key) yield* note([lane.write(claimed)])
        lane.claimed = undefined
        lane.changed(claimed)
        return claimed
      })
    )

  /** The first of a lane is sent, and told apart by what comes of it. */
  const send = Effect.fnUntraced(function* (lane: Lane, claimed: Message) {
    const link = exits.link()
    const action = actions.get(claimed.action)
    const recorder = lane.waiters.get(claimed.key)?.recorder
    const recording = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      recorder === undefined ? call : Effect.provideService(call, Recorder, recorder)
    const exit: Exit.Exit<unknown, CallFailure> =
      action === undefined
        ? Exit.fail(new NotSent({ action: claimed.action, reason: "NotSupported" }))
        : yield* Effect.exit(recording(exits.call(action, delivered(claimed), { messageId: claimed.messageId })))
    if (Exit.isSuccess(exit)) {
      yield* settle(lane, claimed, exit)
      return tell({ _tag: "Delivered", message: shown(claimed) })
    }
    const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
    if (failure === undefined) return yield* exit
    if (isHopeless(failure)) {
      yield* settle(lane, claimed, Exit.fail(failure))
      return tell({ _tag: "Discarded", message: shown(claimed), failure })
    }
    // What was not sent, or lost with its connection, or came to a CSMS that does not know the station, has not failed.
    if (isLoss(failure)) return yield* exits.lost(link)
    if (exits.link() !== link || !exits.ready.isOpen()) return
    if (!isFailure(failure)) return yield* Effect.sleep(breath)
    const failed: Message = { ...claimed, attempts: claimed.attempts + 1, failedAt: now() }
    const isLast = failed.attempts >= settings.attempts
    if (!isLast) {
      yield* change(lane, failed)
      tell({ _tag: "Failed", message: shown(failed), failure, nextAttempt: settings.retryInterval * failed.attempts })
    }
    if (failure._tag === "Uncertain") {
      // Perhaps the connection was dead: if it is lost before the next attempt would be due, this one does not count.
      const isLost = yield* Effect.raceFirst(
        Effect.as(Effect.sleep(pauseOf(failed)), false),
        Effect.as(exits.lost(link), true)
      )
      if (isLost) return yield* isLast ? Effect.void : change(lane, claimed)
    }
    if (!isLast) return
    yield* settle(lane, failed, Exit.fail(failure))
    tell({ _tag: "Discarded", message: shown(failed), failure })
  })

  /** How long a message waits for its next attempt. */
  const pauseOf = ({ attempts, failedAt }: Message): Duration.Duration => {
    const pause = Math.min(settings.retryInterval * attempts, longest)
    // The clock may have been set since: the wait is never longer than it was at first.
    return Duration.millis(failedAt === undefined ? 0 : Math.min(pause, Math.max(0, failedAt + pause - now())))
  }

  const isDue = (message: Message): boolean => Duration.toMillis(pauseOf(message)) === 0

  const deliver = (lane: Lane): Effect.Effect<void> =>
    Effect.gen(function* () {
      yield* lane.filled.await
      yield* exits.ready.await
      lane.stirred.closeUnsafe()
      const claimed = yield* claim(lane)
      yield* Duration.isDuration(claimed)
        ? Effect.raceFirst(Effect.sleep(claimed), lane.stirred.await)
        : send(lane, claimed)
    }).pipe(
      Effect.catch((error) =>
        Effect.andThen(
          Effect.logError(`${identity} cannot read what it has stored: ${error.message}`),
          Effect.sleep(breath)
        )
      ),
      Effect.ensuring(
        Effect.sync(() => {
          lane.sending = undefined
        })
      )
    )

  // ---- what is there from before

  yield* records.open
  for (const lane of lanes) yield* lane.open((message) => count(message, 1))
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      meter?.change("ocpp_outbox_messages", -stored())
      // What is stored is delivered by the next one who opens it, but nobody here hears of it any more.
      for (const lane of lanes) {
        for (const { delivery } of lane.waiters.values()) Deferred.doneUnsafe(delivery, Exit.interrupt())
      }
      records.close()
    })
  )
  for (const lane of lanes) yield* Effect.forkScoped(Effect.forever(deliver(lane)), { startImmediately: true })

  // ---- what the application uses

  const append = (
    lane: Lane,
    action: Action.Action,
    request: unknown,
    of: Pick<Message, "transaction" | "phase">,
    messageId = nextId(),
    record?: Record
  ): Effect.Effect<Delivery<unknown>, NotSent> => {
    const name = record === undefined || of.phase === "Started" ? undefined : rules.nameless
    const violations = violationsOf(action, completed(of.phase, request, { name, offline: true }))
    return violations.length > 0
      ? Effect.fail(new NotSent({ action: action.name, reason: "InvalidRequest", violations }))
      : store(lane, action, messageId, request, of, record)
  }

  const take: StationOutbox["take"] = (action, request, callOptions) => {
    const lane = laneOf(action.name, request)
    return lane === undefined
      ? undefined
      : Effect.flatten(
          exclusively(
            Effect.suspend(() => append(lane, action, request, placed(action.name, request), callOptions?.messageId))
          )
        )
  }

  const placed = (action: string, request: unknown) => ({
    phase: rules.phaseOf(action, request),
    transaction: rules.idOf(request)
  })

  const isOfLifecycle = (action: string): boolean =>
    action === protocol.lifecycle.boot.action.name || action === protocol.lifecycle.heartbeat.action.name

  const laneOf = (action: string, request: unknown): Lane | undefined => {
    if (rules.phaseOf(action, request) !== undefined) return transactionLane
    if (rules.events.has(action)) return otherLane
    if (!settings.queueAll || isOfLifecycle(action)) return undefined
    // What the CSMS asks for before it accepts the station leaves at once.
    const isFree = exits.ready.isOpen() ? otherLane.count === 0 : exits.lets(action)
    return isFree ? undefined : otherLane
  }

  const transactions = makeTransactions({
    rules,
    records,
    exclusively,
    append: (phase, request, record) =>
      append(transactionLane, rules.phases[phase], request, { phase, transaction: record.id }, nextId(), record)
  })

  const outbox = Outbox.of({
    waiting: (transaction) =>
      Effect.sync(() =>
        transaction === undefined
          ? stored()
          : typeof transaction === "string"
            ? (ofTransaction.get(transaction) ?? 0)
            : records
                .named((answer) => rules.named?.(answer) === transaction)
                .reduce((sum, { id }) => sum + (ofTransaction.get(id) ?? 0), 0)
      ),
    events: Stream.fromPubSub(events),
    configure: (changed) =>
      Effect.sync(() => {
        settings = settingsOf(changed, settings)
        for (const lane of lanes) lane.stirred.openUnsafe()
      })
  })

  const made: StationOutbox = { outbox, transactions, take }
  return made
})

const settingsOf = (changed: OutboxOptions, from: Settings): Settings => ({
  attempts: Options.count("attempts", changed.attempts ?? from.attempts, 1),
  retryInterval: Options.millis("retryInterval", changed.retryInterval ?? from.retryInterval, 0),
  limit: Options.count("limit", changed.limit ?? from.limit, 1),
  queueAll: changed.queueAll ?? from.queueAll
})

const shown = ({ action, attempts, messageId, phase, storedAt, transaction }: Message): StoredMessage => ({
  messageId,
  action,
  transaction,
  phase,
  storedAt,
  attempts
})

/** Whether the CSMS has failed to process a message, as opposed to not having had the chance. */
const isFailure = (failure: CallFailure): boolean => failure._tag !== "NotSent"

/** Whether the connection has closed, of which the station may be told only now. */
const isLoss = (failure: CallFailure): boolean =>
  "reason" in failure && (failure.reason === "ConnectionLost" || failure.reason === "NotConnected")

/** Whether a message can never be sent. */
const isHopeless = (failure: CallFailure): boolean =>
  failure._tag === "NotSent" && (failure.reason === "InvalidRequest" || failure.reason === "NotSupported")

const checks = new WeakMap<Action.Action, (request: unknown) => ReadonlyArray<Violation>>()

const violationsOf = (action: Action.Action, request: unknown): ReadonlyArray<Violation> => {
  let check = checks.get(action)
  if (check === undefined) checks.set(action, (check = Validation.violations(action.request)))
  return check(request)
}
