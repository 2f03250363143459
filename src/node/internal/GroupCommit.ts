/**
 * Commits in groups: what is asked for in one turn of the event loop, or while the disk is waited for, shares one
 * transaction and one wait for the disk.
 */
import type { StorageChange, StorageError } from "../../Storage.ts"
import type { StorageFile } from "./StorageFile.ts"
import { errorOf, failure } from "./storageFailure.ts"

/** How many commits share a transaction at most, so that the process can do something else in between. */
const most = 256

type Done = (error: StorageError | undefined) => void

interface Request {
  readonly changes: ReadonlyArray<StorageChange>
  readonly done: Done
}

export class GroupCommit {
  private readonly path: string
  private readonly file: StorageFile
  private requests: Array<Request> = []
  private readers: Array<() => void> = []
  private isRunning = false
  private isClosed = false
  private onIdle: (() => void) | undefined = undefined
  /** Whether there is nothing in the file that the disk may not have yet. */
  isSettled = true

  constructor(path: string, file: StorageFile) {
    this.path = path
    this.file = file
  }

  /** Asks for changes, all or none. They are made whatever becomes of the one who asks. */
  commit(changes: ReadonlyArray<StorageChange>, done: Done): void {
    if (this.isClosed) return done(failure(this.path, "Unavailable", "it is closed"))
    this.requests.push({ changes, done })
    if (this.isRunning) return
    this.isRunning = true
    this.next()
  }

  /** Calls back once what is being committed is settled. */
  whenSettled(done: () => void): void {
    if (this.isSettled) done()
    else this.readers.push(done)
  }

  /** Does what was asked for, closes the file, and calls back. */
  close(closed: () => void): void {
    this.isClosed = true
    const close = () => this.file.close(closed)
    if (this.isRunning) this.onIdle = close
    else close()
  }

  /** Makes the next group at the end of this turn, which may ask for more before. */
  private next(): void {
    setImmediate(() => {
      const group = this.requests.splice(0, most)
      const errors = this.write(group)
      if (!errors.includes(undefined)) return this.end(group, errors)
      this.isSettled = false
      this.file.sync((error) => this.end(group, errors, error === null ? undefined : errorOf(this.path, error)))
    })
  }

  private end(
    group: ReadonlyArray<Request>,
    errors: ReadonlyArray<StorageError | undefined>,
    all?: StorageError
  ): void {
    this.isSettled = true
    for (const reader of this.readers.splice(0)) reader()
    group.forEach(({ done }, index) => done(errors[index] ?? all))
    if (all === undefined && errors.includes(undefined)) this.file.settled()
    if (this.requests.length > 0) return this.next()
    this.isRunning = false
    this.onIdle?.()
  }

  /** What became of each request. If they cannot be made together, each is made alone, so that none fails for another. */
  private write(group: ReadonlyArray<Request>): ReadonlyArray<StorageError | undefined> {
    const together = this.attempt(group.flatMap(({ changes }) => changes))
    if (together === undefined) return group.map(() => undefined)
    return group.length === 1 ? [together] : group.map(({ changes }) => this.attempt(changes))
  }

  private attempt(changes: ReadonlyArray<StorageChange>): StorageError | undefined {
    try {
      this.file.write(changes)
      return undefined
    } catch (cause) {
      return errorOf(this.path, cause)
    }
  }
}
