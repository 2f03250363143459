/**
 * Transaction messages that come more than once: the handler runs once, and all of them get its answer.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Action, Side } from "../Action.ts"
import type { ReceivedRequest } from "../Exchange.ts"
import * as Handlers from "../Handlers.ts"
import * as Alarms from "../internal/Alarms.ts"
import { digest } from "../internal/Digest.ts"
import * as Options from "../internal/Options.ts"
import type { CallError } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import { Reply, responseOf } from "../Reply.ts"
import { Storage } from "../Storage.ts"
import * as Timestamp from "../Timestamp.ts"
import type { Phase } from "../Transaction.ts"
import * as Validation from "../Validation.ts"
import { Archive, type GivenAnswer, Memory } from "./internal/Answers.ts"

/**
 * How a CSMS recognises transaction messages that a station sends again, because it got no answer or because it replays
 * what it has stored.
 *
 * **Details**
 *
 * They are StartTransaction and StopTransaction of 1.x, and TransactionEvent of 2.x. One is a repetition if it comes from
 * the same station and all of its payload is the same, but for `offline` of 2.x and the order of the fields. Message id
 * and connection do not matter.
 *
 * - The handler runs for the first of them, and goes on if the connection is lost meanwhile. One that comes before it is
 *   done waits for the same answer; one that comes later gets it at once. What is to follow a `Reply.then` runs once,
 *   after the first answer that could be sent.
 * - A failure is no answer: if the handler fails, dies, gives an invalid response or is interrupted for it takes longer
 *   than `requests.timeout`, it runs again for the next one.
 * - A station whose clock was never set gives many messages the same time stamp. So one whose time stamp cannot be true,
 *   by `Timestamp.isPlausible`, is known again only as long as it can be no other one: the start and the updates of a
 *   transaction until its end has come, the end until a start with the same transaction id is handled. In 1.x, an end
 *   whose transaction id the CSMS has not given, such as -1, counts as that of each of these starts, and is known again
 *   until the next start is handled.
 * - The last answers to each station are remembered: at least `answers` of them, by default 10,000, as many as a station
 *   stores; as long as they take no more than half of `bytes`, by default 4 MiB. At most there are twice as many, and as
 *   many bytes.
 * - With a `Storage` provided to the layer of the CSMS, answers are kept there and not in memory, and survive a restart: an
 *   answer is stored before it is sent, in one commit. If that fails, it is sent and remembered in memory nevertheless,
 *   and the failure is logged. If the storage cannot be read, that is logged too, and a message counts as new.
 * - Without one, the answers to all stations take no more than `totalBytes` of memory, by default 256 MiB. Beyond it, a
 *   station to which there are many gives up older ones for those that come, down to 16; then the station is forgotten
 *   that was heard from least lately. The same goes for more than `capacity` stations, by default 100,000.
 * - `except`: versions whose messages are handed to the handlers each time they come, as suits a relay; by default none.
 *
 * **Gotchas**
 *
 * - A CSMS that is killed after its handler has done its work and before the answer is stored runs it again when the
 *   message comes again: once for each such kill. The same goes for a handler that is interrupted after its work is done.
 *   The database behind the handlers can tell, by all that is in the message.
 * - Processes that share a storage see each other's answers once these are stored. While one of them handles a message,
 *   the other takes it for new. What could not be stored, and what is to follow a `Reply.then`, only its own process knows.
 *   Without a storage each process has a memory of its own.
 * - MeterValues of 1.x is handled each time it comes.
 * - If a station without a clock loses power in a transaction and never ends it, it may begin the next one with the same
 *   message, which is taken as a repetition.
 * - A storage keeps up to `bytes` for each identity that has sent such messages, and never removes them all. Let `accept`
 *   refuse identities that you do not know.
 *
 * @see J16 §3.7, §4.8, §4.10, P2 E13
 * @category options
 * @since 0.1.0
 */
export interface DeduplicationSettings {
  readonly answers?: number | undefined
  readonly bytes?: number | undefined
  readonly totalBytes?: number | undefined
  readonly capacity?: number | undefined
  readonly except?: ReadonlyArray<string> | undefined
}

/**
 * What the connections of a CSMS tell of themselves.
 *
 * @internal
 */
export interface Witness {
  /** Whether the station has opened a transaction. */
  readonly owns: (peer: unknown, transactionId: number | string) => boolean
  /** A message with a time stamp that cannot be true is about to be handled. */
  readonly untimed: (peer: unknown, exchange: ReceivedRequest) => void
}

/**
 * Wraps handlers so that a repeated message gets the answer of the first. Handlers run in the scope that is given, and are
 * interrupted after `timeout` milliseconds.
 *
 * @internal
 */
export const make = Effect.fnUntraced(function* (
  settings: DeduplicationSettings,
  limits: { readonly scope: Scope.Scope; readonly timeout: number }
) {
  const answers = yield* answersOf(settings)
  const running = new Running(Alarms.of(yield* Effect.context()), limits)
  const followed = new Followed()

  const wrap = <R>(
    protocol: Protocol,
    action: Action,
    handle: Handlers.UntypedHandler<R>,
    witness: Witness
  ): Handlers.UntypedHandler<R> => {
    const isResponse = action.response === undefined ? () => false : Validation.is(action.response)
    const read = readerOf(protocol, action, witness)
    return (request, peer, exchange) => {
      const message = read(request, exchange.receivedAt)
      if (message === undefined) return handle(request, peer, exchange)
      const { identity } = exchange
      const at = `${message.key} ${identity}`
      const handling = Effect.flatMap(
        Effect.suspend(() => {
          if (message.isUntimed) witness.untimed(peer, exchange)
          return handle(request, peer, exchange)
        }).pipe(
          // The transaction is over at the station, whatever its end is answered with.
          Effect.onExit((exit) =>
            message.phase === "Ended" && Exit.isFailure(exit)
              ? answers.note(identity, message.answered(peer, undefined).marks)
              : Effect.void
          )
        ),
        (value) =>
          // What is sent before it is stored would be unknown after a crash.
          Effect.map(answers.add(identity, message.answered(peer, responseOf(value))), () => followed.once(at, value))
      )
      // One step, so that nothing comes between the question whether it is known and the start of its handler.
      return Effect.contextWith((context) => {
        const earlier = running.get(at)
        if (earlier !== undefined) return Fiber.join(earlier)
        const known = answers.remembered(identity, message.key)
        if (known !== undefined) return Effect.succeed(followed.get(at) ?? known)
        const fiber = Effect.runForkWith(context)(
          answers.stored === undefined
            ? handling
            : // It may have been written by another release.
              Effect.flatMap(answers.stored(identity, message.key), (response) =>
                isResponse(response) ? Effect.succeed(followed.get(at) ?? response) : handling
              )
        )
        return fiber.pollUnsafe() ?? Fiber.join(running.add(at, fiber))
      })
    }
  }

  return <Version extends string, R, S extends Side>(
    handlers: Handlers.HandlerSet<Version, R, S>,
    witness: Witness
  ) => {
    const { protocol } = handlers
    if (settings.except?.includes(protocol.version) === true) return handlers
    const phases = new Set(Object.values(protocol.transactions.phases))
    return Handlers.map(handlers, (handle, action) =>
      phases.has(action) ? wrap(protocol, action, handle, witness) : handle
    )
  }
})

/** The handlers that have yet to answer, by message and station. */
class Running {
  private readonly fibers = new Map<string, Fiber.Fiber<unknown, CallError>>()
  private readonly alarms: Alarms.Alarms
  private readonly scope: Scope.Scope
  private readonly timeout: number

  constructor(alarms: Alarms.Alarms, limits: { readonly scope: Scope.Scope; readonly timeout: number }) {
    this.alarms = alarms
    this.scope = limits.scope
    this.timeout = limits.timeout
  }

  get(at: string): Fiber.Fiber<unknown, CallError> | undefined {
    return this.fibers.get(at)
  }

  add(at: string, fiber: Fiber.Fiber<unknown, CallError>): Fiber.Fiber<unknown, CallError> {
    this.fibers.set(at, fiber)
    const over = (): void => {
      if (this.fibers.get(at) === fiber) this.fibers.delete(at)
    }
    fiber.addObserver(over)
    Alarms.limit(this.alarms, fiber, this.timeout, () => {
      // The next one does not wait for a handler that cannot be interrupted.
      over()
      fiber.interruptUnsafe()
    })
    return Fiber.runIn(fiber, this.scope)
  }
}

/** Answers that something is to follow once they could be sent, by message and station. */
class Followed {
  private readonly replies = new Map<string, Reply<unknown>>()

  get(at: string): Reply<unknown> | undefined {
    return this.replies.get(at)
  }

  /** Sees to it that what is to follow an answer does so once. */
  once(at: string, value: unknown): unknown {
    this.replies.delete(at)
    if (!(value instanceof Reply)) return value
    let isDue = true
    const afterwards = Effect.suspend(() => {
      if (!isDue) return Effect.void
      isDue = false
      if (this.replies.get(at) === reply) this.replies.delete(at)
      return value.afterwards
    })
    const reply: Reply<unknown> = new Reply(value.response, afterwards, value.isDetached)
    this.replies.set(at, reply)
    for (const oldest of this.replies.keys()) {
      if (this.replies.size <= mostFollowed) break
      this.replies.delete(oldest)
    }
    return reply
  }
}

/** How many answers are kept that could not be sent yet. */
const mostFollowed = 10_000

/** The answers of a CSMS: in its storage if it has one, and in memory if not or if that fails. */
const answersOf = Effect.fnUntraced(function* (settings: DeduplicationSettings) {
  const limits = {
    answers: Options.count("answers", settings.answers ?? 10_000, 1),
    bytes: Options.count("bytes", settings.bytes ?? 4 * 1_048_576, 1)
  }
  const memory = new Memory({
    limits,
    stations: Options.count("capacity", settings.capacity ?? 100_000, 1),
    total: Options.count("totalBytes", settings.totalBytes ?? 256 * 1_048_576, 1, Number.MAX_SAFE_INTEGER)
  })
  const archive = Option.getOrUndefined(
    Option.map(yield* Effect.serviceOption(Storage), (storage) => new Archive(storage, limits))
  )
  /** Notes what has happened at a station with no answer that is kept. */
  const note = (identity: string, marks: ReadonlyArray<string>): Effect.Effect<void> =>
    Effect.suspend(() => {
      memory.note(identity, marks)
      return archive?.note(identity, marks) ?? Effect.void
    }).pipe(Effect.catchCause((cause) => Effect.logError("the end of a transaction could not be noted", cause)))
  const remember = (identity: string, answer: GivenAnswer): Effect.Effect<void> =>
    Effect.sync(() => memory.add(identity, answer)).pipe(
      // What has no form in JSON cannot be sent either, which the engine finds out.
      Effect.catchCause((cause) => Effect.logError("an answer could not be remembered", cause))
    )
  return {
    note,
    remembered: (identity: string, key: string): unknown => memory.find(identity, key),
    stored:
      archive &&
      ((identity: string, key: string): Effect.Effect<unknown> =>
        Effect.catchCause(archive.find(identity, key), (cause) =>
          Effect.logError("the answers to a station could not be read back", cause)
        )),
    add: (identity: string, answer: GivenAnswer): Effect.Effect<void> =>
      archive === undefined
        ? remember(identity, answer)
        : archive.add(identity, answer).pipe(
            Effect.andThen(Effect.sync(() => memory.note(identity, answer.marks))),
            Effect.catchCause((cause) =>
              Effect.andThen(
                Effect.logError("an answer could not be stored, and will not survive a restart", cause),
                remember(identity, answer)
              )
            )
          )
  }
})

/** Reads what a message is known again by, and as what its answer is kept. */
const readerOf = ({ transactions }: Protocol, { name }: Action, { owns }: Witness) => {
  // What the station names itself, it names alike each time.
  const isKnown = (phase: Phase, peer: unknown, id: number | string): boolean =>
    transactions.transactionIdOf === undefined || phase === "Started" || owns(peer, id)

  return (request: unknown, receivedAt: number) => {
    const content = transactions.repeatable(name, request)
    const phase = transactions.phaseOf(name, request)
    if (content === undefined || phase === undefined) return undefined
    const key = digest([name, content])
    const time = Timestamp.toMillis(content.timestamp)
    const isTimed = Timestamp.isPlausible(time, receivedAt)
    return {
      key,
      phase,
      isUntimed: !isTimed && !Timestamp.agree(time, receivedAt),
      answered: (peer: unknown, response: unknown): GivenAnswer => {
        const id = transactions.transactionId(phase, request, response)
        const own = id === undefined || !isKnown(phase, peer, id) ? undefined : digest(id)
        return { key, response, marks: marksOf(phase, own), until: isTimed ? undefined : untilOf(phase, own) }
      }
    }
  }
}

/** What happens when a message of a transaction is handled; an `id` is one that the CSMS knows. */
const marksOf = (phase: Phase, id: string | undefined): ReadonlyArray<string> => {
  if (phase === "Updated") return []
  if (id === undefined) return [phase]
  return phase === "Started" ? [phase, `${phase} ${id}`] : [`${phase} ${id}`]
}

/** After what an equal message is another one, if its time stamp does not tell. */
const untilOf = (phase: Phase, id: string | undefined): ReadonlyArray<string> => {
  if (phase === "Ended") return [id === undefined ? "Started" : `Started ${id}`]
  return id === undefined ? ["Ended"] : ["Ended", `Ended ${id}`]
}
