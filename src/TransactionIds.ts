/**
 * The transaction ids that a CSMS gives to stations of 1.x.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Options from "./internal/Options.ts"
import { reading } from "./internal/Stored.ts"
import { checkFormat, Storage, StorageError } from "./Storage.ts"

/**
 * No number is left: all from 1 to the `greatest` were given.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransactionIdsSpent extends Schema.TaggedError<TransactionIdsSpent>()("TransactionIdsSpent", {
  greatest: Schema.Int
}) {
  override get message(): string {
    return `all transaction ids up to ${this.greatest} were given`
  }
}

/**
 * Where the numbers come from.
 *
 * **Details**
 *
 * - `greatest`: the greatest number, by default 2,147,483,647, which is the greatest that OCPP-S and many stations hold.
 * - `block`: how many numbers are taken from the storage at a time, by default 100. Those that are left when the process
 *   ends are never given.
 * - `lease`: takes so many numbers that follow each other from a place that several processes share, and gives the first
 *   of them: `(count) => …`, such as a sequence of a database. By default they come from the `Storage`, if there is one.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransactionIdOptions<out E = never, out R = never> {
  readonly greatest?: number | undefined
  readonly block?: number | undefined
  readonly lease?: ((count: number) => Effect.Effect<number, E, R>) | undefined
}

/**
 * Gives each transaction of 1.x a number of its own.
 *
 * **When to use**
 *
 * Use it in the handler of StartTransaction. A number must never be given twice, not even after a restart: what a station
 * sends late for an old transaction would count for another one.
 *
 * **Details**
 *
 * - The first number is that of the time in milliseconds, so that a CSMS that has lost its storage, or has none, does not
 *   begin with the numbers of an earlier run. After the `greatest` comes 1.
 * - With a `Storage` no number comes twice: a block is committed before a number of it is given.
 * - Without one, and without `lease`, a number can come again after some 24 days.
 *
 * **Example** (The answer to a StartTransaction)
 *
 * ```ts
 * startTransaction: () =>
 *   Effect.gen(function*() {
 *     const { next } = yield* TransactionIds
 *     return { transactionId: yield* Effect.orDie(next), idTagInfo: { status: "Accepted" } }
 *   })
 * ```
 *
 * @category services
 * @since 0.1.0
 */
export class TransactionIds extends Context.Service<
  TransactionIds,
  {
    /** A number that no transaction has. It fails if the storage or the lease does, or if no number is left. */
    readonly next: Effect.Effect<number, StorageError | TransactionIdsSpent>
  }
>()("effect-ocpp/TransactionIds") {
  /**
   * Gives numbers as the options say. What a `lease` fails with becomes a `StorageError`.
   */
  static readonly layer = <E = never, R = never>(
    options: TransactionIdOptions<E, R> = {}
  ): Layer.Layer<TransactionIds, StorageError, R> => Layer.effect(TransactionIds, make(options))
}

/** Numbers that were taken and not given yet. */
interface Block {
  readonly first: number
  readonly count: number
}

const make = Effect.fnUntraced(function* <E, R>(options: TransactionIdOptions<E, R>) {
  const greatest = yield* Effect.sync(() => Options.count("greatest", options.greatest ?? Options.longest, 1))
  const block = yield* Effect.sync(() => Options.count("block", options.block ?? 100, 1, greatest))
  const context = yield* Effect.context<R>()
  const storage = Option.getOrUndefined(yield* Effect.serviceOption(Storage))
  const { lease } = options
  const take: Effect.Effect<Block, StorageError | TransactionIdsSpent> =
    lease === undefined
      ? yield* fromStorage(storage, greatest, block)
      : Effect.map(
          Effect.suspend(() => lease(block)).pipe(
            Effect.provideContext(context),
            Effect.mapError((cause) => failed(`the lease has failed: ${String(cause)}`))
          ),
          (first) => ({ first, count: block })
        )
  let at: Block = { first: 1, count: 0 }
  const lock = Semaphore.makeUnsafe(1)
  const given = (): Effect.Effect<number, TransactionIdsSpent> => {
    const { count, first } = at
    at = { first: first + 1, count: count - 1 }
    return first <= greatest ? Effect.succeed(first) : Effect.fail(new TransactionIdsSpent({ greatest }))
  }
  return TransactionIds.of({
    next: lock.withPermit(
      Effect.suspend(() =>
        at.count > 0
          ? given()
          : Effect.flatMap(take, (taken) => {
              at = taken
              return given()
            })
      )
    )
  })
})

const place = { space: "transaction ids", key: "state" }

/** Where the numbers began, and how many were taken since. */
const State = Schema.Struct({ first: Schema.Int, taken: Schema.Int })

const decode = reading(State)

/** Takes blocks, and notes in the storage that they are taken. */
const fromStorage = Effect.fnUntraced(function* (
  storage: Storage["Service"] | undefined,
  greatest: number,
  block: number
) {
  const { key, space } = place
  if (storage !== undefined) yield* checkFormat(storage, "csms")
  const text = storage === undefined ? undefined : yield* storage.get(space, key)
  const stored = text === undefined ? undefined : Option.getOrUndefined(decode(text))
  if (text !== undefined && stored === undefined) {
    return yield* new StorageError({ storage: space, reason: "Corrupt", detail: `${key} cannot be read` })
  }
  const now = yield* Clock.currentTimeMillis
  let state = stored ?? { first: (now % greatest) + 1, taken: 0 }
  return Effect.suspend((): Effect.Effect<Block, StorageError | TransactionIdsSpent> => {
    const first = ((state.first - 1 + state.taken) % greatest) + 1
    const count = Math.min(block, greatest - state.taken, greatest - first + 1)
    if (count === 0) return Effect.fail(new TransactionIdsSpent({ greatest }))
    const next = { ...state, taken: state.taken + count }
    const committed = storage?.commit([{ ...place, value: JSON.stringify(next) }]) ?? Effect.void
    return Effect.map(committed, () => {
      state = next
      return { first, count }
    })
  })
})

const failed = (detail: string): StorageError =>
  new StorageError({ storage: place.space, reason: "Unavailable", detail })
