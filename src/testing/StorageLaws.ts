/**
 * What a `Storage` has to keep: laws with which an implementation of one's own can be tested.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { Storage, type StorageChange, type StorageEntry, type StorageError } from "../Storage.ts"

/**
 * A storage does not keep a law: `law` is its name, `found` what the storage did, and what it should have done.
 *
 * @category errors
 * @since 0.1.0
 */
export class StorageLawBroken extends Schema.TaggedError<StorageLawBroken>()("StorageLawBroken", {
  law: Schema.String,
  found: Schema.String
}) {
  override get message(): string {
    return `the storage breaks the law "${this.law}": ${this.found}`
  }
}

/**
 * Something that every storage has to keep.
 *
 * **Details**
 *
 * - `name`: what it has to keep, as a sentence about a storage without its subject.
 * - `check`: fails if the storage in the layer does not keep it, or cannot be built. A defect of the storage, and an error
 *   where there should be none, break the law, too.
 *
 * @category models
 * @since 0.1.0
 */
export interface StorageLaw {
  readonly name: string
  readonly check: <E>(layer: Layer.Layer<Storage, E>) => Effect.Effect<void, StorageLawBroken | E>
}

/** Builds the storage, uses it, and closes it. */
type Open<E> = <A, E2>(use: (storage: Storage["Service"]) => Effect.Effect<A, E2>) => Effect.Effect<A, E | E2>

/** What was found wrong. */
class Wrong {
  readonly found: string
  constructor(found: string) {
    this.found = found
  }
}

/** What a law does: it has the spaces whose names begin with `space` to itself, and finds them empty. */
type Body = <E>(open: Open<Opening<E>>, space: string) => Effect.Effect<unknown, Wrong | StorageError | Opening<E>>

/** That the storage could not be built, which breaks no law. */
class Opening<E> {
  readonly error: E
  constructor(error: E) {
    this.error = error
  }
}

const law = (name: string, spaces: ReadonlyArray<string>, body: Body): StorageLaw => ({
  name,
  check: <E>(layer: Layer.Layer<Storage, E>) => {
    const space = `law ${name} `
    const open: Open<Opening<E>> = (use) =>
      Effect.scoped(
        Effect.flatMap(
          Effect.mapError(Layer.build(Layer.fresh(layer)), (error) => new Opening(error)),
          (context) => use(Context.get(context, Storage))
        )
      )
    const clear = open((storage) =>
      Effect.forEach(spaces, (suffix) => empty(storage, space + suffix), { discard: true })
    )
    return Effect.andThen(clear, body(open, space)).pipe(
      // What a law leaves is not to be in the way of anything.
      Effect.tap(() => clear),
      Effect.asVoid,
      Effect.catchCause((cause): Effect.Effect<never, StorageLawBroken | E> => {
        const reason = Cause.squash(cause)
        if (reason instanceof Opening) return Effect.fail(reason.error as E)
        if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
        return Effect.fail(
          new StorageLawBroken({ law: name, found: reason instanceof Wrong ? reason.found : `${reason}` })
        )
      })
    )
  }
})

/** Removes all that is in a space. */
const empty = (storage: Storage["Service"], space: string): Effect.Effect<void, StorageError> =>
  Effect.flatMap(storage.read(space), (entries) =>
    entries.length === 0 ? Effect.void : storage.commit(entries.map(({ key }) => remove(space, key)))
  )

const put = (space: string, key: string, value = `the value of ${key}`): StorageChange => ({ space, key, value })
const remove = (space: string, key: string): StorageChange => ({ space, key, value: undefined })

const keysOf = (entries: ReadonlyArray<StorageEntry>): ReadonlyArray<string> => entries.map(({ key }) => key)

/** A value as text that can be logged. */
const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "undefined"
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text
}

/** Fails if what was found is not what was expected. */
const same = (what: string, found: unknown, expected: unknown): Effect.Effect<void, Wrong> =>
  Effect.suspend(() =>
    JSON.stringify(found) === JSON.stringify(expected)
      ? Effect.void
      : Effect.fail(new Wrong(`${what} gave ${show(found)} instead of ${show(expected)}`))
  )

/** Fails if an effect does not die. */
const dies = (what: string, effect: Effect.Effect<unknown, StorageError>): Effect.Effect<void, Wrong> =>
  Effect.flatMap(Effect.exit(Effect.suspend(() => effect)), (exit) =>
    Exit.isFailure(exit) && Cause.hasDies(exit.cause)
      ? Effect.void
      : Effect.fail(new Wrong(`${what} ${Exit.isFailure(exit) ? "failed" : "succeeded"} and should have been a defect`))
  )

const pick = <A>(choices: ReadonlyArray<A>): Effect.Effect<A> =>
  Effect.map(Random.nextIntBetween(0, choices.length - 1), (index) => choices[index]!)

/** Keys by code points; by UTF-16 code units, by letters or by length their order would be another. */
const ordered = ["", "!", "B", "a", "a!", "aa", "b", "ä", "\ud7ff", "\ue000", "\uffff", "😀", "😀a", "😁", "\u{10ffff}"]

/** Texts that are changed where something is quoted, trimmed, normalised, or cut. */
const texts = [
  "",
  " ",
  "NULL",
  `'"\\;--%_?$1{}`,
  "\n\r\t\u2028\u007f",
  "äß漢😀\u{10ffff}\ufeff\ufffd",
  "a\u0308",
  "x".repeat(300_000)
]

/** Texts that no storage has to keep, for not all of them can. */
const unstorable = ["\ud800", "\udc00a", "a\u0000b"]

const basics: ReadonlyArray<StorageLaw> = [
  law("gives what was committed, and nothing where nothing was", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        yield* same("get of an unknown key", yield* storage.get(space, "k"), undefined)
        yield* same("read of an empty space", yield* storage.read(space), [])
        yield* storage.commit([put(space, "k", "v"), put(space, "empty", "")])
        yield* same("get", yield* storage.get(space, "k"), "v")
        yield* same("get of an empty value", yield* storage.get(space, "empty"), "")
        yield* same("get of a key that differs in case", yield* storage.get(space, "K"), undefined)
        const both = [
          { key: "empty", value: "" },
          { key: "k", value: "v" }
        ]
        yield* same("read", yield* storage.read(space), both)
      })
    )
  ),

  law("makes the changes of a commit in their order", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        yield* storage.commit([put(space, "a", "1"), put(space, "b", "1"), put(space, "a", "2"), remove(space, "b")])
        yield* same("read", yield* storage.read(space), [{ key: "a", value: "2" }])
        yield* storage.commit([remove(space, "a"), put(space, "a", "3"), remove(space, "none")])
        yield* same("read", yield* storage.read(space), [{ key: "a", value: "3" }])
        yield* storage.commit([])
        yield* same("read after a commit of nothing", yield* storage.read(space), [{ key: "a", value: "3" }])
        yield* storage.commit([remove(space, "a")])
        yield* same("read after the removal", yield* storage.read(space), [])
      })
    )
  ),

  law("keeps spaces apart", ["a", "ab", "A"], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        const [a, ab, A] = [`${space}a`, `${space}ab`, `${space}A`]
        yield* storage.commit([put(a, "bc", "1"), put(ab, "c", "2"), put(A, "bc", "3"), put(a, "", "4")])
        yield* storage.commit([remove(A, "bc"), remove(a, ""), remove(ab, "bc")])
        yield* same("read", yield* storage.read(a), [{ key: "bc", value: "1" }])
        yield* same("read", yield* storage.read(ab), [{ key: "c", value: "2" }])
        yield* same("read of the emptied space", yield* storage.read(A), [])
      })
    )
  ),

  law("keeps every text as it is, as value, key and name of a space", texts.slice(0, -1), (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        const short = texts.slice(0, -1)
        yield* storage.commit(texts.map((text, index) => put(space, `${index}`, text)))
        for (const [index, text] of texts.entries()) yield* same("get", yield* storage.get(space, `${index}`), text)
        yield* empty(storage, space)
        yield* storage.commit(short.map((text) => put(space + text, text, text)))
        for (const text of short) yield* same("get", yield* storage.get(space + text, text), text)
      })
    )
  )
]

const reading: ReadonlyArray<StorageLaw> = [
  law("reads in the order of the keys, by code points, however they came", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        for (let step = 0; step < ordered.length; step++) {
          yield* storage.commit([put(space, ordered[(step * 4) % ordered.length]!)])
        }
        yield* same("read", keysOf(yield* storage.read(space)), ordered)
        for (const [index, after] of ordered.entries()) {
          const [next] = yield* storage.read(space, { after, limit: 1 })
          yield* same(`read after ${show(after)}`, next?.key, ordered[index + 1])
        }
      })
    )
  ),

  law("reads page by page, also after a key that is gone", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        yield* storage.commit(["1", "3", "5", "7"].map((key) => put(space, key)))
        const page = Effect.fnUntraced(function* (
          after: string | undefined,
          limit: number | undefined,
          ...expected: ReadonlyArray<string>
        ) {
          const found = keysOf(yield* storage.read(space, { after, limit }))
          yield* same(`read after ${show(after)} with the limit ${limit}`, found, expected)
        })
        yield* page(undefined, 2, "1", "3")
        yield* page("3", 2, "5", "7")
        yield* page("7", 2)
        yield* page("0", 1, "1")
        yield* page("4", undefined, "5", "7")
        yield* page("", 9, "1", "3", "5", "7")
        yield* page(undefined, 0)
        yield* storage.commit([remove(space, "3"), remove(space, "1")])
        yield* page("1", undefined, "5", "7")
        yield* page("3", 1, "5")
      })
    )
  ),

  law("has a defect for a limit that is no whole number", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        yield* storage.commit([put(space, "a")])
        for (const limit of [-1, 0.5, NaN, Infinity]) {
          yield* dies(
            `read with the limit ${limit}`,
            Effect.suspend(() => storage.read(space, { limit }))
          )
        }
      })
    )
  ),

  law("does what a map does, whatever is committed and read", ["0", "1"], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        const model = [new Map<string, string>(), new Map<string, string>()]
        for (let step = 0; step < 150; step++) {
          const changes: Array<StorageChange> = []
          for (let count = yield* Random.nextIntBetween(0, 6); count > 0; count--) {
            const which = yield* Random.nextIntBetween(0, 1)
            const key = yield* pick(ordered)
            const isRemoval = (yield* Random.nextIntBetween(0, 2)) === 0
            changes.push(isRemoval ? remove(`${space}${which}`, key) : put(`${space}${which}`, key, `${step} ${count}`))
            if (isRemoval) model[which]!.delete(key)
            else model[which]!.set(key, `${step} ${count}`)
          }
          yield* storage.commit(changes)
          const after = yield* pick([undefined, ...ordered])
          const limit = yield* pick([undefined, 0, 1, 2, 5, 100])
          const first = after === undefined ? 0 : ordered.indexOf(after) + 1
          for (const [which, entries] of model.entries()) {
            const expected = ordered
              .slice(first)
              .flatMap((key) => (entries.has(key) ? [{ key, value: entries.get(key)! }] : []))
              .slice(0, limit)
            const found = yield* storage.read(`${space}${which}`, { after, limit })
            yield* same(`read after ${show(after)} with the limit ${limit}, in step ${step},`, found, expected)
            const key = yield* pick(ordered)
            const value = yield* storage.get(`${space}${which}`, key)
            yield* same(`get of ${show(key)} in step ${step}`, value, entries.get(key))
          }
        }
      })
    )
  )
]

const promises: ReadonlyArray<StorageLaw> = [
  law(
    "has a defect for text that is no well-formed Unicode or has U+0000, and commits nothing of it",
    [""],
    (open, space) =>
      open((storage) =>
        Effect.gen(function* () {
          yield* storage.commit([put(space, "there", "before")])
          for (const bad of unstorable) {
            for (const change of [put(space, "k", bad), put(space, bad, "v"), put(`${space}${bad}`, "k", "v")]) {
              const all = [put(space, "there", "after"), remove(space, "there"), put(space, "new"), change]
              yield* dies(
                `a commit with ${show(bad)}`,
                Effect.suspend(() => storage.commit(all))
              )
            }
          }
          yield* same("read after commits that were defects", yield* storage.read(space), [
            { key: "there", value: "before" }
          ])
          yield* storage.commit([put(space, "there", "after")])
          yield* same("get after a commit that followed", yield* storage.get(space, "there"), "after")
        })
      )
  ),

  law("shows a commit to everybody once it has succeeded", [""], (open, space) =>
    open((storage) =>
      Effect.forEach(
        Array.from({ length: 20 }, (_, index) => `${index}`),
        (key) =>
          Effect.gen(function* () {
            for (const value of ["1", "2", "3"]) {
              yield* storage.commit([put(space, key, value)])
              yield* same("get after a commit", yield* storage.get(space, key), value)
              const found = (yield* storage.read(space)).find((entry) => entry.key === key)
              yield* same("read after a commit", found?.value, value)
            }
            yield* storage.commit([remove(space, key)])
            yield* same("get after a removal", yield* storage.get(space, key), undefined)
          }),
        { concurrency: "unbounded", discard: true }
      )
    )
  ),

  law("makes every commit whole, also among others at the same time", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        const count = 40
        let isDone = false
        const check = Effect.flatMap(storage.read(space), (entries) => {
          const valueOf = (key: string) => entries.find((entry) => entry.key === key)?.value
          return same("read of the second of two keys that are written together", valueOf("second"), valueOf("first"))
        })
        const reader = yield* Effect.forkChild(
          Effect.repeat(Effect.andThen(check, Effect.yieldNow), { until: () => isDone }),
          { startImmediately: true }
        )
        yield* Effect.forEach(
          Array.from({ length: count }, (_, index) => `${index}`),
          (index) =>
            storage.commit([put(space, "first", index), put(space, `own ${index}`), put(space, "second", index)]),
          { concurrency: "unbounded", discard: true }
        )
        isDone = true
        yield* Fiber.join(reader)
        const entries = yield* storage.read(space)
        yield* same(`the number of entries after ${count} commits at once`, entries.length, count + 2)
        yield* check
      })
    )
  ),

  law("makes a commit whole or not at all if its caller is interrupted", [""], (open, space) =>
    open((storage) =>
      Effect.gen(function* () {
        for (let turn = 0; turn < 5; turn++) {
          const keys = Array.from({ length: 20 }, (_, index) => `${turn} ${index}`)
          const caller = yield* Effect.forkChild(storage.commit(keys.map((key) => put(space, key))), {
            startImmediately: true
          })
          for (let yielded = 0; yielded < turn; yielded++) yield* Effect.yieldNow
          yield* Fiber.interrupt(caller)
          // It may be done, and then it is done before the next one.
          yield* storage.commit([put(space, "next", `${turn}`)])
          const found = keysOf(yield* storage.read(space)).filter((key) => key.startsWith(`${turn} `)).length
          if (found !== 0) yield* same("the number of entries of a commit of 20 that was interrupted", found, 20)
        }
      })
    )
  ),

  law("keeps everything when it is opened again", [""], (open, space) =>
    Effect.gen(function* () {
      const rounds = ["0", "1", "2"]
      for (const round of rounds) {
        yield* open((storage) =>
          Effect.andThen(
            storage.commit([put(space, `kept ${round}`), put(space, "last", round), put(space, `gone ${round}`)]),
            storage.commit([remove(space, `gone ${round}`)])
          )
        )
        yield* open((storage) =>
          Effect.gen(function* () {
            const kept = rounds.slice(0, rounds.indexOf(round) + 1).map((one) => `kept ${one}`)
            yield* same("read after it was opened again", keysOf(yield* storage.read(space)), [...kept, "last"])
            yield* same("get after it was opened again", yield* storage.get(space, "last"), round)
          })
        )
      }
    })
  )
]

/**
 * All laws.
 *
 * **When to use**
 *
 * Use them to test a storage of your own, such as one in a database that several processes share: make a test of each.
 *
 * **Details**
 *
 * - The layer is built anew each time a law opens the storage, at least twice; what was committed has to be there again.
 *   Give `Layer.succeed` of one instance to test a storage that is not meant to survive.
 * - A law uses spaces of its own, whose names begin with `law `, and leaves them empty if it is kept.
 * - What they do in a random order is determined by `Random.withSeed`.
 *
 * **Gotchas**
 *
 * They cannot cut the power or fill the disk. That a commit which has succeeded survives that, and that one which fails is
 * there whole or not at all, is left to test with the means of your database.
 *
 * **Example** (Testing a storage)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { StorageLaws } from "effect-ocpp/testing"
 * import { test } from "node:test"
 * import { PostgresStorage } from "./PostgresStorage.ts"
 *
 * for (const { check, name } of StorageLaws.laws) {
 *   test(name, () => Effect.runPromise(check(PostgresStorage.layer)))
 * }
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const laws: ReadonlyArray<StorageLaw> = [...basics, ...reading, ...promises]
