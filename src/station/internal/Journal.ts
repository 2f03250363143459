/**
 * Writes the changes of an outbox to its storage, one after the other.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Storage, StorageChange, StorageError } from "../../Storage.ts"

export class Journal {
  private readonly storage: Storage["Service"]
  private readonly identity: string
  private readonly lock = Semaphore.makeUnsafe(1)
  /** What has happened and could not be written yet. */
  private owed: ReadonlyArray<StorageChange> = []

  constructor(storage: Storage["Service"], identity: string) {
    this.storage = storage
    this.identity = identity
  }

  /** Makes one change at a time: each is computed from what the last has left. */
  exclusively<A, E>(change: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.uninterruptible(this.lock.withPermit(change))
  }

  /** Writes what is to happen; it does not happen if it cannot be written. */
  write(changes: ReadonlyArray<StorageChange>): Effect.Effect<void, StorageError> {
    return Effect.suspend(() => {
      const all = this.owed.length === 0 ? changes : [...this.owed, ...changes]
      return all.length === 0 ? Effect.void : this.storage.commit(all)
    }).pipe(
      Effect.andThen(
        Effect.sync(() => {
          this.owed = []
        })
      )
    )
  }

  /** Writes what has happened. What cannot be written now is written with the next change. */
  note(changes: ReadonlyArray<StorageChange>): Effect.Effect<void> {
    return Effect.catch(this.write(changes), (error) => {
      this.owed = [...this.owed, ...changes]
      return Effect.logError(`${this.identity} goes on without having written it: ${error.message}`)
    })
  }
}
