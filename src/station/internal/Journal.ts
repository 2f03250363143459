/**
 * Writes what an outbox has in memory to its storage, soon after it has changed: all that has changed meanwhile, in one
 * commit. So memory is ahead of the storage, never behind it.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Storage, StorageError } from "../../Storage.ts"

interface Change {
  readonly space: string
  readonly key: string
  /** What is written of the entry when the time has come: its text, or `undefined` if it is gone. */
  readonly text: () => string | undefined
}

/** Changes that are to hold only if they can be written. */
interface Intention {
  readonly done: () => void
  readonly undo: () => void
  readonly resume: (end: Effect.Effect<void, StorageError>) => void
}

/** What is written together, and who waits for it. */
interface Batch {
  readonly changes: ReadonlyMap<string, Change>
  readonly intentions: ReadonlyArray<Intention>
  readonly readers: ReadonlyArray<() => void>
}

/** After this long it is tried again to write what could not be written. */
const retryPause = Duration.seconds(10)

export class Journal {
  private readonly storage: Storage["Service"] | undefined
  private readonly identity: string
  private readonly run: (effect: Effect.Effect<void>) => void
  private readonly makeRoom: () => boolean
  /** What has changed since it was written, by space and key. */
  private changes = new Map<string, Change>()
  private intentions: Array<Intention> = []
  private readers: Array<() => void> = []
  private isWriting = false
  private isRetryDue = false
  private isClosed = false

  /**
   * - `storage`: without one nothing is written.
   * - `run`: runs an effect in the background.
   * - `makeRoom`: gives up something when the storage is full, and says whether there was anything.
   */
  constructor(of: {
    readonly storage: Storage["Service"] | undefined
    readonly identity: string
    readonly run: (effect: Effect.Effect<void>) => void
    readonly makeRoom: () => boolean
  }) {
    this.storage = of.storage
    this.identity = of.identity
    this.run = of.run
    this.makeRoom = of.makeRoom
  }

  /** Whether anything is written at all. */
  get isKept(): boolean {
    return this.storage !== undefined
  }

  /** Takes in that an entry has changed; it is written soon, and if that fails with the next change or after a while. */
  changed(space: string, key: string, text: () => string | undefined): void {
    if (this.storage === undefined) return
    this.changes.set(`${space} ${key}`, { space, key, text })
    this.write()
  }

  /**
   * Waits until all that has changed is written. If that fails, `undo` takes the changes back that go with this
   * intention, and so it is with all that were intended later, the last one first. `done` and `undo` are called before
   * anybody hears of it.
   */
  intended(done: () => void, undo: () => void): Effect.Effect<void, StorageError> {
    return Effect.uninterruptible(
      Effect.callback<void, StorageError>((resume) => {
        this.intentions.push({ done, undo, resume })
        this.write()
      })
    )
  }

  /** Waits until all that has changed is written, or could not be. */
  get written(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if ((this.changes.size === 0 || this.isClosed) && !this.isWriting) return Effect.void
      return Effect.callback<void>((resume) => {
        this.readers.push(() => resume(Effect.void))
        this.write()
      })
    })
  }

  /** Writes what is left, and then no more. */
  get close(): Effect.Effect<void> {
    return Effect.andThen(
      this.written,
      Effect.sync(() => {
        this.isClosed = true
      })
    )
  }

  private write(): void {
    if (this.isWriting || this.isClosed) return
    this.isWriting = true
    // What changes at the same moment is in the same commit.
    this.run(Effect.uninterruptible(Effect.andThen(Effect.yieldNow, this.writing)))
  }

  private get writing(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const batch: Batch = { changes: this.changes, intentions: this.intentions, readers: this.readers }
      this.changes = new Map()
      this.intentions = []
      this.readers = []
      return Effect.matchEffect(this.commit(batch.changes), {
        onSuccess: () => this.succeeded(batch),
        onFailure: (error) => this.failed(batch, error)
      })
    })
  }

  private commit(changes: Batch["changes"]): Effect.Effect<void, StorageError> {
    const { identity, storage } = this
    if (storage === undefined || changes.size === 0) return Effect.void
    return Effect.suspend(() =>
      storage.commit(Array.from(changes.values(), ({ key, space, text }) => ({ space, key, value: text() })))
    ).pipe(
      Effect.catchDefect((defect) =>
        Effect.andThen(
          Effect.logError("the storage has thrown an exception", Cause.die(defect)),
          new StorageError({ storage: identity, reason: "Unavailable", detail: "it has thrown an exception" })
        )
      )
    )
  }

  private succeeded({ intentions, readers }: Batch): Effect.Effect<void> {
    const { size } = this.changes
    for (const { done } of intentions) done()
    const ended = intentions.map(
      ({ resume }) =>
        () =>
          resume(Effect.void)
    )
    // What follows from them is written before anybody goes on.
    if (this.changes.size > size) this.readers.unshift(...ended)
    else for (const goOn of ended) goOn()
    for (const goOn of readers) goOn()
    return this.changes.size + this.intentions.length + this.readers.length > 0 ? this.writing : this.rest
  }

  private failed({ changes, intentions, readers }: Batch, error: StorageError): Effect.Effect<void> {
    for (const [name, change] of changes) if (!this.changes.has(name)) this.changes.set(name, change)
    const isFull = error.reason === "Full" && intentions.length > 0
    if (isFull && this.makeRoom()) {
      this.intentions.unshift(...intentions)
      this.readers.unshift(...readers)
      return this.writing
    }
    // What was intended meanwhile builds upon what has failed.
    const failed = [...intentions, ...this.intentions.splice(0)]
    for (const { undo } of failed.toReversed()) undo()
    for (const { resume } of failed) resume(Effect.fail(error))
    const waiting = [...readers, ...this.readers.splice(0)]
    if (isFull) {
      // Without what finds no room, the rest may.
      this.readers = waiting
      return this.writing
    }
    for (const goOn of waiting) goOn()
    const told =
      failed.length > 0
        ? Effect.void
        : Effect.logError(`${this.identity} goes on without having written it: ${error.message}`)
    return Effect.andThen(told, this.rest)
  }

  /** Writes nothing until something else changes or, if something is left, for a while. */
  private get rest(): Effect.Effect<void> {
    return Effect.sync(() => {
      this.isWriting = false
      if (this.changes.size === 0 || this.isRetryDue) return
      this.isRetryDue = true
      this.run(
        Effect.map(Effect.sleep(retryPause), () => {
          this.isRetryDue = false
          if (this.changes.size > 0) this.write()
        })
      )
    })
  }
}
