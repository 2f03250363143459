/**
 * A storage in a file, by the SQLite that is part of Node.js.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { accessSync, closeSync, constants, openSync, realpathSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { crc32 } from "node:zlib"
import * as Options from "../internal/Options.ts"
import { checkStorable, Storage, type StorageChange, type StorageEntry, StorageError } from "../Storage.ts"

/**
 * Options of a storage in a file.
 *
 * **Details**
 *
 * - `filename`: the file, which is made for its owner alone if it is not there; its directory has to be, and takes a second file, with
 *   `-wal` at the end of its name, while the storage is in use.
 *
 * @category options
 * @since 0.1.0
 */
export interface StorageOptions {
  readonly filename: string
}

/**
 * Keeps everything in a file.
 *
 * **When to use**
 *
 * Use it for a station whose messages must survive a restart or a loss of power.
 *
 * **Details**
 *
 * - The whole file is checked when the layer is built, which takes some 5 µs per entry, and an entry again when it is
 *   read. A file that is damaged, of another program or of a newer version of this library is not used and not deleted.
 * - One layer at a time can use a file; another one, of this process or of another, gets `Locked` at once.
 * - When the scope closes, everything is in the one file. After a crash some of it may be in the `-wal` file beside it:
 *   they belong together, and are to be moved or copied together.
 *
 * **Gotchas**
 *
 * - A commit returns once the disk has it, and the process waits with it.
 * - On a full disk a removal may be `Full`, too: SQLite writes it down before it takes anything away.
 * - Node.js 22 prints an `ExperimentalWarning` when the layer is built.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: StorageOptions): Layer.Layer<Storage, StorageError> =>
  Layer.effect(Storage, make(resolve(options.filename)))

const make = Effect.fnUntraced(function* (path: string) {
  const attempt = <A>(evaluate: () => A): Effect.Effect<A, StorageError> =>
    Effect.try({ try: evaluate, catch: (cause) => errorOf(path, cause) })

  yield* attempt(() => inspect(path))
  const database = yield* Effect.acquireRelease(
    attempt(() => new (sqlite().DatabaseSync)(path)),
    // What is committed is safe even where closing fails.
    (opened) => Effect.ignore(attempt(() => opened.close()))
  )
  const statements = yield* attempt(() => open(path, database))

  return Storage.of({
    get: (space, key) =>
      attempt(() => {
        const row = statements.get.get(space, key)
        return row === undefined ? undefined : entryOf(path, row).value
      }),
    read: (space, { after, limit = 0x7fffffff } = {}) =>
      Effect.suspend(() => {
        const most = Options.count("limit", limit, 0)
        return attempt(() => {
          const rows =
            after === undefined ? statements.read.all(space, most) : statements.readAfter.all(space, after, most)
          return rows.map((row) => entryOf(path, row))
        })
      }),
    commit: (changes) =>
      Effect.suspend(() => {
        checkStorable(changes)
        return attempt(() => write(database, statements, changes))
      })
  })
})

const write = (database: DatabaseSync, statements: Statements, changes: ReadonlyArray<StorageChange>): void => {
  statements.begin.run()
  try {
    for (const { key, space, value } of changes) {
      if (value === undefined) statements.remove.run(space, key)
      else statements.write.run(space, key, value, checksum(space, key, value))
    }
    statements.commit.run()
  } catch (cause) {
    // SQLite has rolled back already after some of its errors.
    if (database.isTransaction) statements.rollback.run()
    throw cause
  }
}

// Not imported, so that it is loaded only where it is used.
const sqlite = () => process.getBuiltinModule("node:sqlite")

/** By which SQLite files of this library are known: "OCPP". */
const application = 0x4f435050

/** The version of the schema below. */
const version = 1

const schema = `
  BEGIN;
  CREATE TABLE entry (
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (space, key)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${application};
  PRAGMA user_version = ${version};
  COMMIT`

const prepare = (database: DatabaseSync) => ({
  all: database.prepare("SELECT * FROM entry"),
  get: database.prepare("SELECT * FROM entry WHERE space = ? AND key = ?"),
  read: database.prepare("SELECT * FROM entry WHERE space = ? ORDER BY key LIMIT ?"),
  readAfter: database.prepare("SELECT * FROM entry WHERE space = ? AND key > ? ORDER BY key LIMIT ?"),
  write: database.prepare("REPLACE INTO entry (space, key, value, checksum) VALUES (?, ?, ?, ?)"),
  remove: database.prepare("DELETE FROM entry WHERE space = ? AND key = ?"),
  begin: database.prepare("BEGIN"),
  commit: database.prepare("COMMIT"),
  rollback: database.prepare("ROLLBACK")
})

type Statements = ReturnType<typeof prepare>

/** Fails for a file that is not to be opened, because to open it may change it. */
const inspect = (path: string): void => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() === false) throw new Error("it is not a file")
  // SQLite's other files are beside what a link leads to.
  accessSync(dirname(found === undefined ? path : realpathSync(path)), constants.W_OK)
  // It holds id tokens and passwords, which are nobody else's business.
  if (found === undefined) return closeSync(openSync(path, "ax", 0o600))
  accessSync(path, constants.R_OK | constants.W_OK)
  // Reads the file as it is: takes no lock and looks at no other file.
  const database = new (sqlite().DatabaseSync)(`${pathToFileURL(path)}?immutable=1`, { readOnly: true })
  try {
    isNew(path, database)
  } catch (cause) {
    // What else is wrong, SQLite may put right from the files beside it.
    if (cause instanceof StorageError) throw cause
  } finally {
    database.close()
  }
}

const open = (path: string, database: DatabaseSync): Statements => {
  // A commit waits for the disk: with `fullfsync` for that of a Mac, too.
  database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")
  // Before there is a WAL, so that `inspect` sees it.
  if (isNew(path, database)) database.exec(schema)
  database.exec("PRAGMA journal_mode = WAL")
  const found = database.prepare("PRAGMA integrity_check(1)").get()?.integrity_check
  if (found !== "ok") throw failure(path, "Corrupt", `${found}`)
  const statements = prepare(database)
  for (const row of statements.all.iterate()) entryOf(path, row)
  return statements
}

/** Whether there is nothing in the file; fails if it is not a file of this version. */
const isNew = (path: string, database: DatabaseSync): boolean => {
  const header = database.prepare("SELECT * FROM pragma_application_id, pragma_user_version, pragma_page_count").get()
  if (header?.page_count === 0) return true
  if (header?.application_id !== application) throw failure(path, "Corrupt", "it is none of this library's")
  if (header.user_version !== version) {
    throw failure(path, "UnknownVersion", `${header.user_version} instead of ${version}`)
  }
  return false
}

/** The entry in a row, for SQLite does not notice when its text is damaged. */
const entryOf = (path: string, row: Record<string, unknown>): StorageEntry => {
  // The table is STRICT.
  const { key, space, value } = row as unknown as StorageEntry & { readonly space: string }
  if (checksum(space, key, value) === row.checksum) return { key, value }
  throw failure(path, "Corrupt", `the entry ${JSON.stringify(key)} of ${JSON.stringify(space)} is damaged`)
}

const checksum = (space: string, key: string, value: string): number => crc32(value, crc32(key, crc32(space)))

const errorOf = (path: string, cause: unknown): StorageError => {
  if (cause instanceof StorageError) return cause
  // SQLite and the functions of Node.js throw errors, and SQLite's have its extended result code.
  const { errcode, message } = cause as Error & { readonly errcode?: number }
  if (errcode === undefined) return failure(path, "Unavailable", message)
  return failure(path, reasons[errcode & 0xff] ?? "Unavailable", `${message} (SQLite ${errcode})`)
}

// SQLite says some things in several lines, and errors are logged.
const failure = (path: string, reason: StorageError["reason"], detail: string): StorageError =>
  new StorageError({ storage: path, reason, detail: detail.replaceAll(/\s+/g, " ") })

/**
 * By SQLite's result codes: ERROR, which is a statement that does not fit the table, BUSY, LOCKED, CORRUPT, FULL and
 * NOTADB.
 */
const reasons: Record<number, StorageError["reason"]> = {
  1: "Corrupt",
  5: "Locked",
  6: "Locked",
  11: "Corrupt",
  13: "Full",
  26: "Corrupt"
}
