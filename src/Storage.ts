/**
 * Where a station or a CSMS keeps what must survive: texts under keys, in spaces of their own.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Options from "./internal/Options.ts"

/**
 * The storage failed. Nothing was read; what was to be committed is there whole or not at all.
 *
 * **Details**
 *
 * - `Corrupt`: the content cannot be read, or is not complete.
 * - `Foreign`: it is no storage of this library, and was left as it is.
 * - `Locked`: another process uses it.
 * - `Full`: there is no room left, and nothing was committed.
 * - `UnknownVersion`: a newer version of this library has written it.
 * - `Unavailable`: it cannot be opened, read or written, for another reason. A commit may be done nevertheless, as when a
 *   disk or a connection fails in the middle of it; to commit the same changes once more does no harm.
 *
 * `storage` names the storage, such as its file; `detail` says what was found there.
 *
 * @category errors
 * @since 0.1.0
 */
export class StorageError extends Schema.TaggedError<StorageError>()("StorageError", {
  storage: Schema.String,
  reason: Schema.Literals(["Corrupt", "Foreign", "Locked", "Full", "UnknownVersion", "Unavailable"]),
  detail: Schema.String
}) {
  override get message(): string {
    return `the storage ${this.storage} ${explanations[this.reason]}: ${this.detail}`
  }
}

const explanations = {
  Corrupt: "is corrupt",
  Foreign: "is not this library's",
  Locked: "is in use",
  Full: "is full",
  UnknownVersion: "has an unknown version",
  Unavailable: "is not available"
}

/**
 * A text and its key.
 *
 * @category models
 * @since 0.1.0
 */
export interface StorageEntry {
  readonly key: string
  readonly value: string
}

/**
 * Something to write: `value` replaces what is under the key, `undefined` removes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface StorageChange {
  readonly space: string
  readonly key: string
  readonly value: string | undefined
}

/**
 * A storage.
 *
 * **When to use**
 *
 * Provide one to the layer of a station, so that its messages survive a restart: `SqliteStorage.layer` of
 * `effect-ocpp/node` keeps a file; `Storage.layerMemory` keeps nothing beyond the process.
 *
 * **Details**
 *
 * One storage can serve many stations: what is theirs is in spaces of their own.
 *
 * What an implementation of one's own has to promise; `StorageLaws` of `effect-ocpp/testing` are tests for it:
 *
 * - A commit is done whole or not at all, whatever becomes of its caller, and of other commits at the same time.
 * - Once it has succeeded, everybody reads it, and it survives a loss of power.
 * - What is read was committed. A storage of which a part is lost is not opened as if it were whole.
 *
 * **Gotchas**
 *
 * - To commit text that is no well-formed Unicode or has U+0000 in it is a defect: such text would not be kept as it is.
 *   `JSON.stringify` writes none.
 * - A `limit` that is no whole number is a defect.
 *
 * @category services
 * @since 0.1.0
 */
export class Storage extends Context.Service<
  Storage,
  {
    /** What is under a key. */
    readonly get: (space: string, key: string) => Effect.Effect<string | undefined, StorageError>
    /**
     * Entries of a space in the order of their keys, by code points, which is the order of their UTF-8 bytes: those
     * after the key `after`, there or not, at most `limit` of them.
     */
    readonly read: (
      space: string,
      options?: { readonly after?: string | undefined; readonly limit?: number | undefined }
    ) => Effect.Effect<ReadonlyArray<StorageEntry>, StorageError>
    /** Writes all changes or none, in their order. */
    readonly commit: (changes: ReadonlyArray<StorageChange>) => Effect.Effect<void, StorageError>
  }
>()("effect-ocpp/Storage") {
  /**
   * A storage in the memory of the process, for tests and simulations.
   */
  static readonly layerMemory: Layer.Layer<Storage> = Layer.effect(
    Storage,
    Effect.suspend(() => makeMemory)
  )
}

/** Throws a `TypeError` that names the entry whose text one storage or another would change. @internal */
export const checkStorable = (changes: ReadonlyArray<StorageChange>): void => {
  for (const { key, space, value = "" } of changes) {
    if ([space, key, value].every((text) => text.isWellFormed() && !text.includes("\0"))) continue
    throw new TypeError(`${JSON.stringify([space, key])}: well-formed Unicode without U+0000 is needed`)
  }
}

/**
 * The formats of what is stored, by kind. A release that changes one raises its number, writes that under the kind into
 * the space below, and reads the numbers before it, too. Where nothing is written, the number is 1.
 */
const formats = { outbox: 1, csms: 1, ledger: 1, gateway: 1, soap: 1, readModel: 1 }

const formatSpace = "format"

/** Fails as `UnknownVersion` if a later release has written this kind of content, which then is left as it is. @internal */
export const checkFormat = (
  storage: Storage["Service"],
  kind: keyof typeof formats
): Effect.Effect<void, StorageError> =>
  Effect.flatMap(
    Effect.suspend(() => storage.get(formatSpace, kind)),
    (found = "1") => {
      const known = formats[kind]
      if (Number(found) <= known) return Effect.void
      const detail = `its ${kind} is of format ${JSON.stringify(found)}, and this release reads formats up to ${known}`
      return Effect.fail(new StorageError({ storage: kind, reason: "UnknownVersion", detail }))
    }
  )

const makeMemory: Effect.Effect<Storage["Service"]> = Effect.sync(() => {
  const spaces = new Map<string, Space>()
  return Storage.of({
    get: (space, key) => Effect.sync(() => spaces.get(space)?.get(key)),
    read: (space, options = {}) =>
      Effect.sync(() => {
        const limit = Options.count("limit", options.limit ?? 0x7fffffff, 0)
        return spaces.get(space)?.read(options.after, limit) ?? []
      }),
    commit: (changes) =>
      Effect.sync(() => {
        checkStorable(changes)
        for (const { key, space, value } of changes) {
          const into = spaces.get(space) ?? new Space()
          if (value === undefined) into.remove(key)
          else into.set(key, value)
          if (into.size === 0) spaces.delete(space)
          else spaces.set(space, into)
        }
      })
  })
})

/** The storage that is present, or a new one in memory. @internal */
export const orMemory: Effect.Effect<Storage["Service"]> = Effect.flatMap(
  Effect.serviceOption(Storage),
  Option.match({ onNone: () => makeMemory, onSome: Effect.succeed })
)

/** Texts by key, for keys that come in ascending order and go from the front, most of them. */
class Space {
  private readonly values = new Map<string, string>()
  /** In order; those before `first` are removed. */
  private readonly keys: Array<string> = []
  private first = 0

  get size(): number {
    return this.values.size
  }

  get(key: string): string | undefined {
    return this.values.get(key)
  }

  read(after: string | undefined, limit: number): ReadonlyArray<StorageEntry> {
    const from = after === undefined ? this.first : this.indexAfter(after)
    return this.keys.slice(from, from + limit).map((key) => ({ key, value: this.values.get(key)! }))
  }

  set(key: string, value: string): void {
    if (!this.values.has(key)) this.keys.splice(this.indexAfter(key), 0, key)
    this.values.set(key, value)
  }

  remove(key: string): void {
    if (!this.values.delete(key)) return
    if (key !== this.keys[this.first]) this.keys.splice(this.indexAfter(key) - 1, 1)
    // Moves the others up only now and then, for that takes as long as there are many.
    else if (++this.first > this.keys.length / 2) this.first -= this.keys.splice(0, this.first).length
  }

  /** Where the keys begin that come after this one. */
  private indexAfter(key: string): number {
    let low = this.first
    let high = this.keys.length
    if (low < high && compare(this.keys[high - 1]!, key) < 0) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.keys[middle]!, key) > 0) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** By code points; `<` goes by UTF-16 code units, and puts the others before U+E000. */
const compare = (a: string, b: string): number => {
  let at = 0
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1)
}
