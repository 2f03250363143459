/**
 * Transaction messages that come more than once: the handler runs once, and all of them get its answer.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Action, Side } from "../Action.ts"
import { Lru } from "../internal/Lru.ts"
import * as Options from "../internal/Options.ts"
import type { CallError } from "../OcppError.ts"
import * as Handlers from "../Handlers.ts"
import type { Protocol } from "../Protocol.ts"
import { Reply, responseOf } from "../Reply.ts"
import type { Session } from "../Session.ts"
import { Storage } from "../Storage.ts"
import * as Validation from "../Validation.ts"

/**
 * How a CSMS recognises transaction messages that a station sends again because it got no answer, under whatever
 * message id and over whatever connection.
 *
 * **Details**
 *
 * They are StartTransaction and StopTransaction of 1.x, and TransactionEvent of 2.x.
 *
 * - The handler runs for the first of them, and goes on if the connection is lost meanwhile. One that comes before it is
 *   done waits for the same answer; one that comes later gets it at once. What is to follow a `Reply.then` runs once,
 *   after the first answer that could be sent.
 * - A failure is no answer: if the handler fails, dies or gives an invalid response, it runs again for the next one.
 * - The last 16 answers to each station are remembered. A station sends its transaction messages in their order and
 *   repeats one before it goes on, so that one would do.
 * - With a `Storage` provided to the layer of the CSMS, the answers survive a restart: an answer is stored before it is
 *   sent. If that fails, it is sent and remembered nevertheless, and the failure is logged. If answers cannot be read
 *   back, that is logged too, and a message counts as new.
 * - `capacity`: for how many stations answers are remembered, by default 100,000; beyond it, the station is forgotten
 *   that was heard from least lately, or with a `Storage`, it is read back when it is heard from again.
 *
 * **Gotchas**
 *
 * - A CSMS that is killed after its handler has done its work and before the answer is stored runs it again.
 * - Each process has a memory of its own. Where a station may come back to another process, the database behind the
 *   handlers has to tell what it has already: by connector, idTag, timestamp and meterStart in 1.x, by transactionId and
 *   seqNo in 2.x.
 *
 * @see J16 §3.7, §4.8, §4.10, P2 E13
 * @category options
 * @since 0.1.0
 */
export interface DeduplicationSettings {
  readonly capacity?: number | undefined
}

/** What is known of the messages of a station, by what they are recognised by. */
class Recent {
  /** The answers that were given, the oldest first: each a response or a `Reply`. */
  readonly answers = new Map<string, unknown>()
  /** The handlers that have yet to answer. */
  readonly running = new Map<string, Fiber.Fiber<unknown, CallError>>()
  /** How many answers have been stored. */
  count = 0
  /** Whether what is stored has been read back; nothing is written before. */
  isRead = false
}

/** How many answers are remembered of a station. */
const most = 16

/**
 * Wraps handlers so that a repeated message gets the answer of the first. Handlers run in the scope that is given.
 *
 * @internal
 */
export const make = Effect.fnUntraced(function* (settings: DeduplicationSettings, scope: Scope.Scope) {
  const capacity = Options.count("capacity", settings.capacity ?? 100_000, 1)
  const archive = Option.getOrUndefined(
    Option.map(yield* Effect.serviceOption(Storage), (storage) => archiveIn(storage))
  )
  const stations = new Lru<Recent>(capacity, (all) => void all.forget(({ running }) => running.size === 0))

  const wrap = <R>(
    protocol: Protocol,
    action: Action,
    handle: Handlers.UntypedHandler<R>
  ): Handlers.UntypedHandler<R> => {
    const isResponse = action.response === undefined ? () => false : Validation.is(action.response)

    const handleNew = (identity: string, recent: Recent, key: string, handling: ReturnType<typeof handle>) =>
      Effect.flatMap(handling, (value) => {
        const response = responseOf(value)
        const answer = value instanceof Reply ? new Reply(response, once(value.afterwards), value.isDetached) : response
        // What is sent before it is stored would be unknown after a crash.
        return Effect.map(archive?.write(identity, recent, key, response) ?? Effect.void, () => {
          remember(recent, key, answer)
          return answer
        })
      })

    return (request, peer, exchange) => {
      const key = protocol.transactions.deduplicationKey(action.name, request)
      if (key === undefined) return handle(request, peer, exchange)
      // A CSMS gives its handlers the session.
      const { identity } = peer as Session
      // One step, so that nothing comes between the question whether it is known and the start of its handler.
      return Effect.contextWith((context) => {
        const recent = stations.use(identity, () => new Recent())
        const answer = recent.answers.get(key)
        if (answer !== undefined) return Effect.succeed(answer)
        const running = recent.running.get(key)
        if (running !== undefined) return Fiber.join(running)
        const handling = handleNew(
          identity,
          recent,
          key,
          Effect.suspend(() => handle(request, peer, exchange))
        )
        const fiber = Effect.runForkWith(context)(
          archive === undefined || recent.isRead
            ? handling
            : Effect.flatMap(archive.read(identity, recent), () => {
                const stored = recent.answers.get(key)
                // It may have been written by another release.
                return isResponse(responseOf(stored)) ? Effect.succeed(stored) : handling
              })
        )
        if (fiber.pollUnsafe() === undefined) {
          recent.running.set(key, fiber)
          fiber.addObserver(() => recent.running.delete(key))
          Fiber.runIn(fiber, scope)
        }
        return fiber.pollUnsafe() ?? Fiber.join(fiber)
      })
    }
  }

  return <Version extends string, R, S extends Side>(handlers: Handlers.HandlerSet<Version, R, S>) => {
    const { protocol } = handlers
    const phases = new Set(Object.values(protocol.transactions.phases))
    return Handlers.map(handlers, (handle, action) => (phases.has(action) ? wrap(protocol, action, handle) : handle))
  }
})

const remember = ({ answers }: Recent, key: string, answer: unknown): void => {
  answers.set(key, answer)
  if (answers.size <= most) return
  for (const oldest of answers.keys()) return void answers.delete(oldest)
}

/** The effect the first time, and nothing from then on. */
const once = (effect: Effect.Effect<void>): Effect.Effect<void> => {
  let next = effect
  return Effect.suspend(() => {
    const now = next
    next = Effect.void
    return now
  })
}

/**
 * Answers in a storage. Each station has a space, in which an answer replaces the one that was written so many before it.
 */
const archiveIn = (storage: Storage["Service"]) => ({
  write: (identity: string, recent: Recent, key: string, response: unknown): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (!recent.isRead) return Effect.void
      const at = recent.count++
      const value = JSON.stringify({ at, key, response })
      return storage.commit([{ space: spaceOf(identity), key: String(at % most), value }])
    }).pipe(
      Effect.catchCause((cause) =>
        Effect.logError("an answer could not be stored, and will not survive a restart", cause)
      )
    ),

  read: (identity: string, recent: Recent): Effect.Effect<void> =>
    // Suspended, for a storage of somebody else may throw.
    Effect.suspend(() => storage.read(spaceOf(identity))).pipe(
      Effect.flatMap((entries) => {
        // Another message may have come here first.
        if (recent.isRead) return Effect.void
        const decoded = entries.map(({ key, value }) => [key, decode(value)] as const)
        const stored = decoded.flatMap(([, one]) => Option.toArray(one)).toSorted((a, b) => a.at - b.at)
        const since = Array.from(recent.answers)
        recent.answers.clear()
        for (const { key, response } of stored) remember(recent, key, response)
        for (const [key, answer] of since) remember(recent, key, answer)
        recent.count = (stored.at(-1)?.at ?? -1) + 1
        recent.isRead = true
        const unreadable = decoded.filter(([, one]) => Option.isNone(one)).map(([key]) => JSON.stringify(key))
        return unreadable.length === 0
          ? Effect.void
          : Effect.logError(
              `some answers to a station could not be read back, and count as not given: ${unreadable.join(", ")}`
            )
      }),
      Effect.catchCause((cause) => Effect.logError("the answers to a station could not be read back", cause))
    )
})

/** What `write` writes. */
const Stored = Schema.Struct({ at: Schema.Int, key: Schema.String, response: Schema.Unknown })
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Stored))

const spaceOf = (identity: string): string => `answer ${JSON.stringify(identity)}`
