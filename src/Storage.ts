/**
 * Where a station or a CSMS keeps what must survive: texts under keys, in spaces of their own.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/**
 * The storage failed, and what it held is as it was.
 *
 * **Details**
 *
 * - `Corrupt`: the content cannot be read, or is none of this library's.
 * - `Locked`: another process uses it.
 * - `Full`: there is no room left.
 * - `UnknownVersion`: a newer version of this library has written it.
 * - `Unavailable`: it cannot be opened, read or written, for another reason.
 *
 * `storage` names the storage, such as its file; `detail` says what was found there.
 *
 * @category errors
 * @since 0.1.0
 */
export class StorageError extends Schema.TaggedError<StorageError>()("StorageError", {
  storage: Schema.String,
  reason: Schema.Literals(["Corrupt", "Locked", "Full", "UnknownVersion", "Unavailable"]),
  detail: Schema.String
}) {
  override get message(): string {
    return `the storage ${this.storage} ${explanations[this.reason]}: ${this.detail}`
  }
}

const explanations = {
  Corrupt: "is corrupt",
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
 * **Gotchas**
 *
 * An implementation of one's own has to keep two promises: a commit is done whole or not at all, and once it has
 * succeeded it survives a loss of power.
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
     * Entries of a space in the order of their keys, by UTF-16 code units: those after the key `after`, at most `limit`
     * of them.
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

const makeMemory: Effect.Effect<Storage["Service"]> = Effect.die("not there yet")
