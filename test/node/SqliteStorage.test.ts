/**
 * What the file of a storage survives, and what is refused. What a storage does is in `Storage.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { join, relative } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { vi } from "vitest"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage, type StorageChange, type StorageEntry, type StorageError } from "../../src/Storage.ts"
import { start } from "../cli/support.ts"
import * as Seeded from "../support/seeded.ts"
import { directory } from "../support/storage.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "storage"

/** A file that is not there yet, in a directory of its own. */
const newFile = Effect.map(directory, (path) => join(path, "storage.db"))

/** Opens a file, does something, and closes it. */
const using = <A, E, R>(
  filename: string,
  use: (storage: Storage["Service"]) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | StorageError, Exclude<R, Storage>> =>
  Effect.provide(Effect.flatMap(Storage, use), SqliteStorage.layer({ filename }), { local: true })

const refusal = (filename: string): Effect.Effect<StorageError> =>
  Effect.orDie(Effect.flip(using(filename, () => Effect.void)))

/** The connections to which SQL is sent from now on, to ask SQLite itself. */
const connections = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => vi.spyOn(DatabaseSync.prototype, "exec")),
    (spy) => Effect.sync(() => spy.mockRestore())
  ),
  // The method is called on nothing else.
  ({ mock }) => mock.contexts as ReadonlyArray<unknown> as ReadonlyArray<DatabaseSync>
)

const change = (index: number, value = JSON.stringify({ index, text: "x".repeat(index) })): StorageChange => ({
  space: "s",
  key: `${index}`.padStart(3, "0"),
  value
})

const changes = Array.from({ length: 200 }, (_, index) => change(index))

/** A file with all that. */
const fullFile = Effect.tap(newFile, (filename) => using(filename, ({ commit }) => commit(changes)))

const isWhole = (entries: ReadonlyArray<StorageEntry>): boolean =>
  entries.length === changes.length &&
  entries.every(({ key, value }, index) => key === changes[index]?.key && value === changes[index]?.value)

/** Every file in a directory, byte for byte. */
const contents = (path: string): Record<string, string> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "latin1")]))

const edit = (filename: string, how: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(filename)
  how(bytes)
  writeFileSync(filename, bytes)
}

/** Makes a database of somebody else with one table; `end` is done before it is closed. */
const foreign = (filename: string, sql: string, end: (database: DatabaseSync) => void = () => {}): void => {
  const database = new DatabaseSync(filename)
  database.exec(`${sql}; CREATE TABLE theirs (value); INSERT INTO theirs VALUES ('theirs')`)
  end(database)
  database.close()
}

/** Copies a database as a crash would leave it: what was committed last is not yet in the main file. */
const crashed = (from: string, to: string) => (): void => {
  copyFileSync(from, to)
  copyFileSync(`${from}-wal`, `${to}-wal`)
}

describe("The file of a storage", () => {
  it.effect("[TX-07] keeps everything when it is opened again, and is one file when it is closed", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const filename = join(path, "storage.db")
      yield* using(filename, ({ commit }) => commit(changes))
      assert.deepStrictEqual(readdirSync(path), ["storage.db"])
      const reopened = yield* using(relative(process.cwd(), filename), (storage) =>
        Effect.gen(function* () {
          const entries = yield* storage.read("s")
          yield* storage.commit([change(0, "other"), { ...change(1), value: undefined }, change(200)])
          assert.sameMembers(readdirSync(path), ["storage.db", "storage.db-wal"])
          return entries
        })
      )
      assert.isTrue(isWhole(reopened))
      assert.deepStrictEqual(readdirSync(path), ["storage.db"])
      const entries = yield* using(filename, ({ read }) => read("s"))
      assert.deepStrictEqual(
        entries.map(({ value }) => value),
        ["other", ...changes.slice(2).map(({ value }) => value), change(200).value]
      )
    })
  )

  it.effect("[TX-07] waits for the disk at every commit", () =>
    Effect.gen(function* () {
      const opened = yield* connections
      const pragmas = yield* using(yield* newFile, () =>
        Effect.sync(() =>
          ["journal_mode", "synchronous", "fullfsync"].map((name) => opened.at(-1)?.prepare(`PRAGMA ${name}`).get())
        )
      )
      assert.deepStrictEqual(
        pragmas.map((row) => Object.values(row ?? {})),
        [["wal"], [2], [1]]
      )
    })
  )

  it.effect("is new if it is empty", () =>
    Effect.gen(function* () {
      const filename = yield* newFile
      writeFileSync(filename, "")
      yield* using(filename, ({ commit }) => commit(changes))
      assert.isTrue(isWhole(yield* using(filename, ({ read }) => read("s"))))
    })
  )

  it.effect("is new if a crash left it half made", () =>
    Effect.gen(function* () {
      const filename = yield* fullFile
      // SQLite writes the first page before the others, and its journal says that there was none before.
      truncateSync(filename, 4096)
      const journal = Buffer.alloc(512)
      journal.write("d9d505f920a163d7", "hex")
      journal.writeUInt32BE(512, 20)
      journal.writeUInt32BE(4096, 24)
      writeFileSync(`${filename}-journal`, journal)
      assert.deepStrictEqual(yield* using(filename, ({ read }) => read("s")), [])
      yield* using(filename, ({ commit }) => commit(changes))
      assert.isTrue(isWhole(yield* using(filename, ({ read }) => read("s"))))
      assert.deepStrictEqual(readdirSync(join(filename, "..")), ["storage.db"])
    })
  )

  const damages: Record<string, (filename: string, bytes: number) => void> = {
    "is text": (filename) => writeFileSync(filename, "Dear diary,\n".repeat(1000)),
    "is two bytes": (filename) => writeFileSync(filename, "SQ"),
    "has only its first 20 bytes": (filename) => truncateSync(filename, 20),
    "has only its first page": (filename) => truncateSync(filename, 4096),
    "has only its first half": (filename, bytes) => truncateSync(filename, bytes / 2),
    "lacks its last byte": (filename, bytes) => truncateSync(filename, bytes - 1),
    "begins with zeros": (filename) => edit(filename, (bytes) => bytes.fill(0, 0, 100)),
    "has 100 zeros in the middle": (filename) => edit(filename, (bytes) => bytes.fill(0, 9000, 9100)),
    "has a page of zeros": (filename) => edit(filename, (bytes) => bytes.fill(0, 8192, 12_288)),
    "has a page twice": (filename) => edit(filename, (bytes) => bytes.copy(bytes, 8192, 12_288, 16_384)),
    "has another digit in a value": (filename) =>
      edit(filename, (bytes) => {
        bytes[bytes.indexOf(`"index":77`) + 8] = 0x31
      }),
    "has another table": (filename) => {
      const database = new DatabaseSync(filename)
      database.exec("DROP TABLE entry")
      database.close()
    }
  }
  for (const [damage, inflict] of Object.entries(damages)) {
    it.effect(`is refused and left as it is if it ${damage}`, () =>
      Effect.gen(function* () {
        const filename = yield* fullFile
        inflict(filename, readFileSync(filename).length)
        const before = contents(join(filename, ".."))
        const error = yield* refusal(filename)
        assert.strictEqual(error.reason, "Corrupt", error.message)
        assert.include(error.message, `${filename} is corrupt: `)
        assert.notInclude(error.message, "\n")
        assert.deepStrictEqual(contents(join(filename, "..")), before)
      })
    )
  }

  it.effect("never gives anything else than what was committed, whatever byte of it is another", () =>
    Effect.gen(function* () {
      const { integer } = Seeded.make(seed)
      const filename = yield* fullFile
      const whole = readFileSync(filename)
      for (let count = 0; count < 200; count++) {
        // A third of them where the file begins, since most depends on that.
        const at = integer(0, count % 3 === 0 ? 500 : whole.length - 1)
        const damaged = Buffer.from(whole)
        damaged[at] = (damaged[at]! + integer(1, 255)) % 256
        writeFileSync(filename, damaged)
        const outcome = yield* using(filename, ({ read }) => read("s")).pipe(
          Effect.match({
            onSuccess: (entries) => (isWhole(entries) ? "whole" : "something else"),
            onFailure: ({ reason }) => reason
          })
        )
        const told = `seed ${seed}: byte ${at} was ${whole[at]} and is ${damaged[at]}`
        assert.include(["whole", "Corrupt", "UnknownVersion"], outcome, told)
        if (outcome !== "whole") assert.isTrue(readFileSync(filename).equals(damaged), told)
      }
    })
  )

  it.effect("is Corrupt where it is read or written if it is damaged while it is in use", () =>
    Effect.gen(function* () {
      const filename = yield* newFile
      // More than SQLite keeps in memory.
      const large = change(5, JSON.stringify("x".repeat(8_000_000)))
      yield* using(filename, ({ commit }) => commit([1, 2, 3, 4].map((index) => change(index, "before"))))
      yield* using(filename, ({ commit }) => commit([large]))
      yield* using(filename, (storage) =>
        Effect.gen(function* () {
          edit(filename, (bytes) => bytes.write("y", 4_000_000))
          const error = yield* Effect.flip(storage.get("s", "005"))
          assert.strictEqual(error.reason, "Corrupt")
          assert.include(error.message, `"005" of "s"`)
          assert.strictEqual((yield* Effect.flip(storage.read("s"))).reason, "Corrupt")
          assert.lengthOf(yield* storage.read("s", { limit: 4 }), 4)

          // Where it says on which page the text goes on.
          edit(filename, (bytes) => bytes.writeUInt32BE(0xffffffff, 4096 * 1000))
          const replacing = storage.commit([change(1, "after"), { ...large, value: "small" }])
          assert.strictEqual((yield* Effect.flip(replacing)).reason, "Corrupt")
          assert.strictEqual(yield* storage.get("s", "001"), "before")
          yield* storage.commit([change(2, "after")])
          assert.strictEqual(yield* storage.get("s", "001"), "before")
          assert.strictEqual(yield* storage.get("s", "002"), "after")
        })
      )
    })
  )

  it.effect("is refused and left as it is if it is another program's, or a crash of it left it", () =>
    Effect.gen(function* () {
      const path = yield* directory
      // All that means something in a URL.
      const [clean, marked, left] = ["theirs 100%.db", "theirs?mode=memory.db", "theirs#%41.db"].map((name) =>
        join(path, name)
      ) as [string, string, string]
      foreign(clean, "SELECT 1")
      foreign(marked, "PRAGMA application_id = 1; PRAGMA user_version = 1; CREATE TABLE entry (space, key, value)")
      foreign(`${path}/temporary`, "PRAGMA journal_mode = WAL", crashed(`${path}/temporary`, left))
      const before = contents(path)
      assert.hasAllKeys(before, [
        "temporary",
        ...[clean, marked, left, `${left}-wal`].map((file) => relative(path, file))
      ])
      for (const filename of [clean, marked, left]) {
        const error = yield* refusal(filename)
        assert.strictEqual(error.message, `the storage ${filename} is corrupt: it is none of this library's`)
      }
      assert.deepStrictEqual(contents(path), before)
    })
  )

  it.effect("is refused and left as it is if a newer version of this library wrote it", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const filename = join(path, "newer.db")
      yield* using(`${path}/temporary`, ({ commit }) => commit(changes))
      foreign(
        `${path}/temporary`,
        "PRAGMA user_version = 2; PRAGMA wal_checkpoint",
        crashed(`${path}/temporary`, filename)
      )
      const before = contents(path)
      const error = yield* refusal(filename)
      assert.strictEqual(error.reason, "UnknownVersion")
      assert.strictEqual(error.message, `the storage ${filename} has an unknown version: 2 instead of 1`)
      assert.deepStrictEqual(contents(path), before)
    })
  )

  it.live("is Locked at once while it is in use, for this process and for others", () =>
    Effect.gen(function* () {
      const filename = yield* fullFile
      const elsewhere = Effect.gen(function* () {
        const child = yield* start("test/node/storageProcess.ts", "try", filename)
        return (yield* child.ended).stdout
      })
      yield* using(filename, (storage) =>
        Effect.gen(function* () {
          const error = yield* refusal(filename)
          assert.strictEqual(error.reason, "Locked")
          assert.include(error.message, `the storage ${filename} is in use: database is locked`)
          assert.strictEqual(yield* elsewhere, error.message)
          yield* storage.commit([change(200)])
          assert.strictEqual(yield* elsewhere, error.message)
          assert.isTrue(isWhole(yield* storage.read("s", { limit: 200 })))
        })
      )
      assert.strictEqual(yield* elsewhere, "it can be used")
      assert.strictEqual(yield* using(filename, ({ get }) => get("s", "200")), change(200).value)
    }).pipe(Effect.scoped)
  )

  it.effect("keeps what it has when the disk is full, and goes on when it no longer is", () =>
    Effect.gen(function* () {
      const filename = yield* fullFile
      const opened = yield* connections
      yield* using(filename, (storage) =>
        Effect.gen(function* () {
          // SQLite's own limit has the same result as a disk without room.
          opened.at(-1)?.exec("PRAGMA max_page_count = 1")
          const huge = change(300, "x".repeat(100_000))
          const error = yield* Effect.flip(
            storage.commit([change(0, "other"), { ...change(1), value: undefined }, huge])
          )
          assert.strictEqual(error.reason, "Full")
          assert.include(error.message, `the storage ${filename} is full: database or disk is full`)
          assert.isTrue(isWhole(yield* storage.read("s")))
          yield* storage.commit([change(199, "smaller"), { ...change(198), value: undefined }])
          opened.at(-1)?.exec("PRAGMA max_page_count = 1000000")
          yield* storage.commit([change(198), change(199), huge])
        })
      )
      const entries = yield* using(filename, ({ read }) => read("s"))
      assert.isTrue(isWhole(entries.slice(0, 200)))
      assert.strictEqual(entries[200]?.value.length, 100_000)
    })
  )

  it.live("is Unavailable with the reason if it cannot be opened or written", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const filename = join(path, "storage.db")
      yield* using(filename, ({ commit }) => commit(changes))
      mkdirSync(join(path, "directory"))
      const cases: ReadonlyArray<readonly [string, RegExp]> = [
        [join(path, "directory"), /it is not a file/],
        ["", /it is not a file/],
        [join(path, "none", "storage.db"), /ENOENT/],
        [join(filename, "storage.db"), /ENOTDIR/]
      ]
      const before = contents(join(path, "directory"))
      for (const [wrong, why] of cases) {
        const error = yield* refusal(wrong)
        assert.strictEqual(error.reason, "Unavailable")
        assert.include(error.message, `the storage ${wrong === "" ? process.cwd() : wrong} is not available: `)
        assert.match(error.message, why)
      }
      assert.deepStrictEqual(contents(join(path, "directory")), before)

      const unprivileged = Effect.fnUntraced(function* (file: string) {
        const child = yield* start("test/node/storageProcess.ts", "tryUnprivileged", file)
        return (yield* child.ended).stdout
      })
      const bytes = readFileSync(filename)
      for (const [directoryMode, fileMode] of [
        [0o777, 0o444],
        [0o555, 0o666],
        [0o777, 0o222]
      ] as const) {
        chmodSync(path, directoryMode)
        chmodSync(filename, fileMode)
        assert.match(yield* unprivileged(filename), /is not available: EACCES: permission denied/)
      }
      chmodSync(path, 0o777)
      chmodSync(filename, 0o666)
      assert.isTrue(readFileSync(filename).equals(bytes))

      // Where a link is does not matter.
      const link = join(path, "directory", "link.db")
      symlinkSync(filename, link)
      chmodSync(join(path, "directory"), 0o555)
      assert.strictEqual(yield* unprivileged(link), "it can be used")
      chmodSync(join(path, "directory"), 0o777)
      assert.isTrue(isWhole(yield* using(filename, ({ read }) => read("s"))))
    }).pipe(Effect.scoped)
  )

  it.effect("is Unavailable once it is closed", () =>
    Effect.gen(function* () {
      const storage = yield* using(yield* fullFile, Effect.succeed)
      for (const use of [storage.get("s", "1"), storage.read("s"), storage.commit(changes), storage.commit([])]) {
        assert.strictEqual((yield* Effect.flip(Effect.asVoid<unknown, StorageError, never>(use))).reason, "Unavailable")
      }
    })
  )
})

describe("effect-ocpp/node", () => {
  it("does not load SQLite before it is used", () => {
    const script = `
      const loaded = () => process.moduleLoadList.some((name) => /sqlite/i.test(name))
      import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../src/node/index.ts")).href)}).then(() => {
        console.log(loaded())
        process.getBuiltinModule("node:sqlite")
        console.log(loaded())
      })`
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" })
    assert.strictEqual(stdout, "false\ntrue\n")
  })
})
