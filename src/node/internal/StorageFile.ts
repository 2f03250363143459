/**
 * The file of a storage, with what lies beside it: SQLite's write-ahead log, and the anchor.
 */
import * as fs from "node:fs"
import { basename, dirname } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { crc32 } from "node:zlib"
import { type StorageChange, type StorageEntry, StorageError } from "../../Storage.ts"
import {
  anchorOf,
  readAnchor,
  StorageAnchor,
  type StorageHead,
  type Synced,
  syncDirectory,
  writeAnchor
} from "./StorageAnchor.ts"
import { codeOf, errorOf, failure } from "./storageFailure.ts"

// Not imported, so that it is loaded only where it is used.
const sqlite = () => process.getBuiltinModule("node:sqlite")

/** By which SQLite files of this library are known: "OCPP". */
const application = 0x4f435050

/** The number of the format below; format 1 has no `head`. */
const format = 2

const createEntry = `
  CREATE TABLE entry (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (space, key)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${application};`

/** Makes the table of one row that says what all entries together are. */
const createHead = ({ commits, entries, storage, sum }: StorageHead): string => `
  CREATE TABLE head (
    storage TEXT NOT NULL,
    commits INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;
  INSERT INTO head VALUES ('${storage}', ${commits}, ${entries}, ${sum});
  PRAGMA user_version = ${format};`

const prepare = (database: DatabaseSync) => ({
  get: database.prepare("SELECT * FROM entry WHERE space = ? AND key = ?"),
  read: database.prepare("SELECT * FROM entry WHERE space = ? ORDER BY key LIMIT ?"),
  readAfter: database.prepare("SELECT * FROM entry WHERE space = ? AND key > ? ORDER BY key LIMIT ?"),
  checksum: database.prepare("SELECT checksum FROM entry WHERE space = ? AND key = ?"),
  write: database.prepare("REPLACE INTO entry (space, key, value, checksum) VALUES (?, ?, ?, ?)"),
  remove: database.prepare("DELETE FROM entry WHERE space = ? AND key = ? RETURNING checksum"),
  head: database.prepare("UPDATE head SET commits = ?, entries = ?, sum = ?"),
  begin: database.prepare("BEGIN"),
  commit: database.prepare("COMMIT"),
  rollback: database.prepare("ROLLBACK"),
  checkpoint: database.prepare("PRAGMA wal_checkpoint(TRUNCATE)")
})

/** Opens a file. What is refused as corrupt is left as it is, and the error says what its user can do. */
export const openStorage = (path: string): StorageFile => {
  try {
    return new StorageFile(path)
  } catch (cause) {
    const error = errorOf(path, cause)
    if (error.reason !== "Corrupt") throw error
    const beginAnew = `move all files in ${dirname(path)} whose names begin with ${basename(path)} away to begin with nothing`
    throw failure(path, "Corrupt", `${error.detail}. Nothing was deleted: put a whole copy back, or ${beginAnew}`)
  }
}

/** What of a disk is quick, in milliseconds. */
const quick = 1

/** A file that is open, and nobody else's meanwhile. Everything that can fail throws. */
export class StorageFile {
  /** What the user is to know of how it was found. */
  readonly warnings: ReadonlyArray<string>
  private readonly files: Files
  private readonly database: DatabaseSync
  private readonly statements: ReturnType<typeof prepare>
  private head: StorageHead
  /** SQLite's write-ahead log. */
  private readonly log: number
  private anchor: StorageAnchor
  /** Whether the disk has failed, so that nobody knows what it has of the log. */
  private isInDoubt = false
  /** Whether the disk was quick the last time. */
  private isQuick = true

  constructor(path: string) {
    this.files = filesOf(path)
    const verified = inspect(this.files)
    this.database = new (sqlite().DatabaseSync)(path)
    let log: number | undefined
    try {
      const { head, warnings } = take(this.database, this.files, verified)
      this.head = head
      this.warnings = warnings
      this.statements = prepare(this.database)
      // Reading makes SQLite open its log.
      this.statements.checksum.get("", "")
      this.log = log = fs.openSync(this.files.log, "r+")
      // What the last process did not wait for, and the name of the log. The anchor says only what the disk has.
      syncDirectory(dirname(this.files.log))
      fs.fdatasyncSync(this.log)
      this.anchor = new StorageAnchor(this.files.main, head)
    } catch (cause) {
      if (log !== undefined) fs.closeSync(log)
      this.database.close()
      throw cause
    }
  }

  get(space: string, key: string): string | undefined {
    this.recover()
    const row = this.statements.get.get(space, key)
    return row === undefined ? undefined : entryOf(this.files.path, row).value
  }

  read(space: string, after: string | undefined, limit: number): ReadonlyArray<StorageEntry> {
    this.recover()
    const { read, readAfter } = this.statements
    const rows = after === undefined ? read.all(space, limit) : readAfter.all(space, after, limit)
    return rows.map((row) => entryOf(this.files.path, row))
  }

  /** Writes all changes or none. The disk has them once `sync` is done. */
  write(changes: ReadonlyArray<StorageChange>): void {
    this.recover()
    const { begin, commit, head, rollback } = this.statements
    begin.run()
    try {
      const next = this.apply(changes)
      head.run(next.commits, next.entries, next.sum)
      commit.run()
      this.head = next
    } catch (cause) {
      // SQLite has rolled back already after some of its errors.
      if (this.database.isTransaction) rollback.run()
      throw cause
    }
  }

  private apply(changes: ReadonlyArray<StorageChange>): StorageHead {
    const { checksum: find, remove, write } = this.statements
    let { commits, entries, storage, sum } = this.head
    for (const { key, space, value } of changes) {
      const before = (value === undefined ? remove : find).get(space, key)?.checksum
      if (before !== undefined) {
        entries--
        sum -= Number(before)
      }
      if (value === undefined) continue
      const added = checksum(space, key, value)
      write.run(space, key, value, added)
      entries++
      sum += added
    }
    commits++
    // A few commits of the largest size are far from what a number can hold.
    return { storage, commits, entries, sum: modulo(sum) }
  }

  /**
   * Waits for the disk to have all that was written, has the anchor tell so, and calls back. Until then, nothing may be
   * written or read; after that, `settled` is to be called.
   *
   * A quick disk is waited for here: to have another thread wait for it, and be told, takes as long as such a disk.
   */
  sync(synced: Synced): void {
    const start = performance.now()
    const done: Synced = (error) => {
      this.isInDoubt = error !== null
      synced(error)
    }
    const logged: Synced = (failed) => {
      this.isQuick = performance.now() - start < quick
      if (failed !== null) return done(failed)
      // What the anchor told before is on the disk first, so that there it is late by one commit at most.
      this.anchor.whenSynced((error) => done(error ?? thrownBy(() => this.anchor.write(this.head))))
    }
    if (this.isQuick) logged(thrownBy(() => fs.fdatasyncSync(this.log)))
    else fs.fdatasync(this.log, logged)
  }

  /** Begins to wait for the disk to have what the anchor tells, for which nobody else has to wait. */
  settled(): void {
    this.anchor.sync()
  }

  /** After a failure of the disk, has everything that SQLite holds written and waited for once more. */
  private recover(): void {
    if (!this.isInDoubt) return
    if (this.statements.checkpoint.get()?.busy !== 0) throw new Error("the disk has failed, and is not back yet")
    this.anchor.close()
    this.anchor = new StorageAnchor(this.files.main, this.head)
    this.isInDoubt = false
  }

  /** Closes what is open, and calls back. What is committed is safe even where that fails. */
  close(closed: () => void): void {
    this.anchor.whenSynced(() => {
      try {
        // Before SQLite closes, since some systems cannot remove a file that is open.
        fs.closeSync(this.log)
        this.anchor.close()
        this.database.close()
      } catch {
        // Nobody can do anything about it.
      }
      closed()
    })
  }
}

interface Files {
  /** As the user has named it. */
  readonly path: string
  /** Beside what a link leads to, as SQLite's own files are. */
  readonly main: string
  readonly log: string
  readonly index: string
  readonly anchor: string
}

const filesOf = (path: string): Files => {
  const main = fs.existsSync(path) ? fs.realpathSync(path) : path
  return { path, main, log: `${main}-wal`, index: `${main}-shm`, anchor: anchorOf(main) }
}

/** In bytes; no page of SQLite is smaller. */
const smallestPage = 512

const thrownBy = (evaluate: () => unknown): Error | null => {
  try {
    evaluate()
    return null
  } catch (cause) {
    // What Node.js throws.
    return cause as Error
  }
}

const sizeOf = (filename: string): number => fs.statSync(filename, { throwIfNoEntry: false })?.size ?? 0

// ---------------------------------------------------------------------------------------------------------------------
// what is found
// ---------------------------------------------------------------------------------------------------------------------

/**
 * Fails for a file that is not to be opened, because to open it may change it. Gives what the file holds if that had to
 * be found out already.
 */
const inspect = (files: Files): Found | undefined => {
  const { log, main, path } = files
  const found = fs.statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() === false) throw new Error("it is not a file")
  fs.accessSync(dirname(main), fs.constants.W_OK)
  // SQLite takes what is less than a page for a new file, and deletes the log beside it.
  if ((found?.size ?? 0) < smallestPage) refuseLoss(files)
  // It holds id tokens and passwords, which are nobody else's business.
  if (found === undefined) {
    fs.closeSync(fs.openSync(path, "ax", 0o600))
    return undefined
  }
  fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK)
  // Reads the file as it is: takes no lock and looks at no other file.
  reading(`${pathToFileURL(path)}?immutable=1`, (database) => {
    try {
      formatOf(files, database)
    } catch (cause) {
      // What else is wrong, SQLite may put right from the files beside it.
      if (cause instanceof StorageError) throw cause
    }
  })
  return sizeOf(log) === 0 ? undefined : verifyUnchanged(files)
}

const reading = <A>(location: string, use: (database: DatabaseSync) => A): A => {
  const database = new (sqlite().DatabaseSync)(location, { readOnly: true })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/** Fails if there was a storage where there is nothing in the file. */
const refuseLoss = (files: Files): void => {
  const { anchor, log, main, path } = files
  const said = readAnchor(main)
  if (sizeOf(log) > 0)
    throw failure(path, "Corrupt", `the file is missing or as good as empty, and ${log} holds a part of it`)
  if (said === "unreadable" || (said?.commits ?? 0) > 0) {
    throw failure(
      path,
      "Corrupt",
      `the file is missing or as good as empty, and ${anchor} tells that there was a storage`
    )
  }
}

/**
 * Verifies a file whose log is not empty. It is read only, because a connection that may write moves what it understands
 * of the log into the file when it closes, and deletes the rest.
 */
const verifyUnchanged = (files: Files): Found | undefined => {
  const hadIndex = fs.existsSync(files.index)
  try {
    return reading(files.path, (database) => {
      database.exec("BEGIN")
      return formatOf(files, database) === undefined ? undefined : verify(files, database)
    })
  } catch (cause) {
    // Some file systems have no shared memory, which this needs. Then it is verified when it is open.
    if (needsSharedMemory(cause)) return undefined
    throw cause
  } finally {
    if (!hadIndex) fs.rmSync(files.index, { force: true })
  }
}

/** READONLY, CANTOPEN, and the four of IOERR that are about shared memory. */
const needsSharedMemory = (cause: unknown): boolean => {
  const code = codeOf(cause) ?? 0
  return [8, 14].includes(code & 0xff) || ((code & 0xff) === 10 && code >> 8 >= 18 && code >> 8 <= 21)
}

const foreign = "it is a database of another program, or its beginning is damaged; give the storage a file of its own"

/** The number of its format, `undefined` if there is nothing in it; fails if it is not a file of this library. */
const formatOf = ({ path }: Files, database: DatabaseSync): number | undefined => {
  const header = database.prepare("SELECT * FROM pragma_application_id, pragma_user_version, pragma_page_count").get()
  if (header?.page_count === 0) return undefined
  if (header?.application_id !== application) throw failure(path, "Foreign", foreign)
  const found = Number(header.user_version)
  if (found >= 1 && found <= format) return found
  throw failure(path, "UnknownVersion", `it is of format ${found}, and this release reads formats 1 to ${format}`)
}

interface Found {
  /** What the file says of its entries. That of a file of format 1 is made here, and is not in the file. */
  readonly head: StorageHead
  readonly warnings: ReadonlyArray<string>
}

/** Checks everything: each entry, whether all are there, and whether the anchor knows of more. */
const verify = (files: Files, database: DatabaseSync): Found => {
  const { anchor, log, main, path } = files
  const { entries, sum } = readable(path, () => add(path, database))
  const said = readAnchor(main)
  const refuse = (detail: string) =>
    failure(path, "Corrupt", `${detail}; without ${anchor} it would be opened with what is left`)

  if (formatOf(files, database) === 1) {
    if (said === "unreadable" || (said?.commits ?? 0) > 0) throw refuse(`it is older than ${anchor}`)
    return { head: { storage: crypto.randomUUID(), commits: 0, entries, sum }, warnings: [] }
  }

  const rows = readable(path, () => database.prepare("SELECT * FROM head").all())
  // The table is STRICT.
  const head = { ...rows[0] } as unknown as StorageHead
  if (rows.length !== 1 || head.entries !== entries || head.sum !== sum) {
    throw failure(path, "Corrupt", `its ${entries} entries are not those that were committed`)
  }
  if (said === undefined || said === "unreadable") {
    const why = said === undefined ? "is missing" : "cannot be read"
    const warning = `${anchor} ${why}, so nobody knows whether what was committed last to ${path} is still there`
    return { head, warnings: [warning] }
  }
  if (said.storage !== head.storage) throw refuse(`it is another storage than that of ${anchor}`)
  if (said.commits > head.commits) {
    const found = `${entries} entries after ${head.commits} commits`
    const told = `${anchor} tells of ${said.entries} after ${said.commits}`
    throw refuse(`it holds ${found}, and ${told}: ${log} was lost or damaged, or this is an older copy`)
  }
  if (said.commits === head.commits && (said.sum !== head.sum || said.entries !== head.entries)) {
    throw refuse(`its entries are not those that ${anchor} tells of`)
  }
  return { head, warnings: [] }
}

/** How many entries there are, and the sum of their checksums; fails if anything in the file is damaged. */
const add = (path: string, database: DatabaseSync): Pick<StorageHead, "entries" | "sum"> => {
  const integrity = database.prepare("PRAGMA integrity_check(1)").get()?.integrity_check
  if (integrity !== "ok") throw failure(path, "Corrupt", `${integrity}`)
  let entries = 0
  let sum = 0
  for (const row of database.prepare("SELECT * FROM entry").iterate()) {
    entryOf(path, row)
    entries++
    sum += Number(row.checksum)
  }
  return { entries, sum: modulo(sum) }
}

/** Reads what was written here. Node.js has errors of its own, without a code, for values that never were. */
const readable = <A>(path: string, read: () => A): A => {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof StorageError || codeOf(cause) !== undefined) throw cause
    throw failure(path, "Corrupt", (cause as Error).message)
  }
}

/** The entry in a row, for SQLite does not notice when its text is damaged. */
const entryOf = (path: string, row: Record<string, unknown>): StorageEntry => {
  // The table is STRICT.
  const { key, space, value } = row as unknown as StorageEntry & { readonly space: string }
  if (checksum(space, key, value) === row.checksum) return { key, value }
  throw failure(path, "Corrupt", `the entry ${JSON.stringify(key)} of ${JSON.stringify(space)} is damaged`)
}

const checksum = (space: string, key: string, value: string): number => crc32(value, crc32(key, crc32(space)))

const modulo = (sum: number): number => ((sum % 2 ** 32) + 2 ** 32) % 2 ** 32

// ---------------------------------------------------------------------------------------------------------------------
// what is made of it
// ---------------------------------------------------------------------------------------------------------------------

/** Takes the file for this process alone, and makes it one of this format. Knows perhaps already what is in it. */
const take = (database: DatabaseSync, files: Files, verified: Found | undefined): Found => {
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")
  const found = formatOf(files, database) === undefined ? make(database, files) : keep(database, files, verified)
  // From here on `StorageFile.sync` waits for the disk at each commit; SQLite does so where it moves its log.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
  return found
}

/** Makes the tables. An anchor without commits comes first, so that no file is ever without one. */
const make = (database: DatabaseSync, files: Files): Found => {
  refuseLoss(files)
  const head = { storage: crypto.randomUUID(), commits: 1, entries: 0, sum: 0 }
  writeAnchor(files.main, { ...head, commits: 0 })
  // Before there is a log, so that `inspect` sees it.
  database.exec(`BEGIN; ${createEntry} ${createHead(head)} COMMIT`)
  return { head, warnings: [] }
}

/** Takes what is there; of format 1, with one more table. */
const keep = (database: DatabaseSync, files: Files, verified: Found | undefined): Found => {
  const isAsVerified = (): boolean => {
    const commits = formatOf(files, database) === 1 ? 0 : database.prepare("SELECT commits FROM head").get()?.commits
    return commits === verified?.head.commits
  }
  const found = verified !== undefined && isAsVerified() ? verified : verify(files, database)
  if (formatOf(files, database) === format) return found
  const head = { ...found.head, commits: 1 }
  writeAnchor(files.main, found.head)
  database.exec(`BEGIN; ${createHead(head)} COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  return { ...found, head }
}
