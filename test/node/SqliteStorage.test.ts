/**
 * What the file of a storage survives, and what is refused. What a storage does is in `Storage.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { spawnSync } from "node:child_process"
import fs, {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { join, relative } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { vi } from "vitest"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage, type StorageChange, type StorageEntry, type StorageError } from "../../src/Storage.ts"
import { start } from "../cli/support.ts"
import * as Seeded from "../support/seeded.ts"
import { directory } from "../support/storage.ts"
import { settled } from "../support/time.ts"
import { survey } from "./damage.ts"
import { logs } from "./support.ts"

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
  for (const suffix of ["", "-wal", "-anchor"]) {
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix)
  }
}

describe("The file of a storage", () => {
  it.effect("[TX-07] keeps everything when it is opened again, and is one file and its anchor when it is closed", () =>
    Effect.gen(function* () {
      const path = yield* directory
      const filename = join(path, "storage.db")
      yield* using(filename, ({ commit }) => commit(changes))
      assert.sameMembers(readdirSync(path), ["storage.db", "storage.db-anchor"])
      const reopened = yield* using(relative(process.cwd(), filename), (storage) =>
        Effect.gen(function* () {
          const entries = yield* storage.read("s")
          yield* storage.commit([change(0, "other"), { ...change(1), value: undefined }, change(200)])
          assert.sameMembers(readdirSync(path), ["storage.db", "storage.db-anchor", "storage.db-wal"])
          return entries
        })
      )
      assert.isTrue(isWhole(reopened))
      assert.sameMembers(readdirSync(path), ["storage.db", "storage.db-anchor"])
      const entries = yield* using(filename, ({ read }) => read("s"))
      assert.deepStrictEqual(
        entries.map(({ value }) => value),
        ["other", ...changes.slice(2).map(({ value }) => value), change(200).value]
      )
    })
  )

  it.effect("[TX-07] has SQLite wait for the disk where it moves what it has committed", () =>
    Effect.gen(function* () {
      const opened = yield* connections
      const pragmas = yield* using(yield* newFile, () =>
        Effect.sync(() =>
          ["journal_mode", "synchronous", "fullfsync"].map((name) => opened.at(-1)?.prepare(`PRAGMA ${name}`).get())
        )
      )
      assert.deepStrictEqual(
        pragmas.map((row) => Object.values(row ?? {})),
        [["wal"], [1], [1]]
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
      rmSync(`${filename}-anchor`)
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
      assert.sameMembers(readdirSync(join(filename, "..")), ["storage.db", "storage.db-anchor"])
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
    "has 100 zeros in the middle": (filename) => edit(filename, (bytes) => bytes.fill(0, 17_000, 17_100)),
    "has a page of zeros": (filename) => edit(filename, (bytes) => bytes.fill(0, 16_384, 20_480)),
    "has a page twice": (filename) => edit(filename, (bytes) => bytes.copy(bytes, 16_384, 20_480, 24_576)),
    "has another digit in a value": (filename) =>
      edit(filename, (bytes) => {
        bytes[bytes.indexOf(`"index":77`) + 8] = 0x31
      }),
    "lacks an entry that somebody else has deleted": (filename) => {
      const database = new DatabaseSync(filename)
      database.exec("DELETE FROM entry WHERE key = '077'")
      database.close()
    },
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
        assert.include(["whole", "Corrupt", "Foreign", "UnknownVersion"], outcome, told)
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
        assert.strictEqual(error.reason, "Foreign")
        assert.include(
          error.message,
          `the storage ${filename} is not this library's: it is a database of another program`
        )
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
        "PRAGMA user_version = 3; PRAGMA wal_checkpoint",
        crashed(`${path}/temporary`, filename)
      )
      const before = contents(path)
      const error = yield* refusal(filename)
      assert.strictEqual(error.reason, "UnknownVersion")
      assert.strictEqual(
        error.message,
        `the storage ${filename} has an unknown version: it is of format 3, and this release reads formats 1 to 2`
      )
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
      for (const suffix of ["", "-anchor"]) chmodSync(filename + suffix, 0o666)
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

/** A storage as a crash leaves it: 200 entries in the file, and one more, with the number 200, in the log. */
const crashedFile = Effect.gen(function* () {
  const from = yield* fullFile
  const filename = join(yield* directory, "storage.db")
  yield* using(from, ({ commit }) => Effect.map(commit([change(200)]), () => crashed(from, filename)()))
  return filename
})

/** Opens a file; gives how many entries there are, and what was logged. */
const opened = Effect.fnUntraced(function* (filename: string) {
  const { layer, lines } = logs()
  const entries = yield* Effect.provide(
    using(filename, ({ read }) => read("s")),
    layer
  )
  return { count: entries.length, lines }
})

describe("A file of which something is lost", () => {
  it.effect("[FIELD-K13] opens after a crash with all that was committed, and without a word", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* opened(yield* crashedFile), { count: 201, lines: [] })
    })
  )

  const losses: Record<string, readonly [lose: (filename: string) => void, why: RegExp]> = {
    "the log is gone": [
      (filename) => rmSync(`${filename}-wal`),
      /: it holds 200 entries after 2 commits, and \S+-anchor tells of 201 after 3: \S+storage\.db-wal was lost or damaged/
    ],
    "the log is empty": [(filename) => truncateSync(`${filename}-wal`), /-anchor tells of 201 after 3: /],
    "the log lacks its end": [
      (filename) => truncateSync(`${filename}-wal`, readFileSync(`${filename}-wal`).length - 1),
      /-anchor tells of 201 after 3: /
    ],
    "a bit of the log is another": [
      (filename) =>
        edit(`${filename}-wal`, (bytes) => {
          bytes[5000]! ^= 1
        }),
      /-anchor tells of 201 after 3: /
    ],
    "the file is gone": [
      (filename) => rmSync(filename),
      /the file is missing or as good as empty, and \S+storage\.db-wal holds a part of it/
    ],
    "the file is empty": [
      (filename) => truncateSync(filename),
      /the file is missing or as good as empty, and \S+storage\.db-wal holds a part of it/
    ],
    "the file and the log are gone": [
      (filename) => ["", "-wal"].forEach((suffix) => rmSync(filename + suffix)),
      /the file is missing or as good as empty, and \S+storage\.db-anchor tells that there was a storage/
    ]
  }
  for (const [loss, [lose, why]] of Object.entries(losses)) {
    it.effect(`[FIELD-K13] is refused and left as it is if ${loss}`, () =>
      Effect.gen(function* () {
        const filename = yield* crashedFile
        lose(filename)
        const before = contents(join(filename, ".."))
        const error = yield* refusal(filename)
        assert.strictEqual(error.reason, "Corrupt")
        assert.match(error.message, why)
        assert.include(error.message, "Nothing was deleted: put a whole copy back, or move all files in ")
        const after = contents(join(filename, ".."))
        // SQLite removes a log in which there is nothing.
        assert.deepStrictEqual({ "storage.db-wal": "", ...after }, { "storage.db-wal": "", ...before })
      })
    )
  }

  it.effect("[FIELD-K13] is refused if another storage, or an older copy of it, has taken its place", () =>
    Effect.gen(function* () {
      const filename = yield* fullFile
      const copy = readFileSync(filename)
      yield* using(filename, ({ commit }) => commit([change(1, "newer")]))
      writeFileSync(filename, copy)
      assert.match((yield* refusal(filename)).message, /-anchor tells of 200 after 3: .* or this is an older copy/)
      copyFileSync(yield* fullFile, filename)
      assert.match((yield* refusal(filename)).message, /it is another storage than that of \S+storage\.db-anchor;/)
      copyFileSync(join(import.meta.dirname, "..", "fixtures", "storage-1", "station-1.6.db"), filename)
      assert.match((yield* refusal(filename)).message, /it is older than \S+storage\.db-anchor;/)
    })
  )

  it.effect("[FIELD-K13] opens with what is left, and a warning, once its anchor is removed as the error says", () =>
    Effect.gen(function* () {
      const filename = yield* crashedFile
      rmSync(`${filename}-wal`)
      assert.include(
        (yield* refusal(filename)).message,
        `without ${filename}-anchor it would be opened with what is left`
      )
      rmSync(`${filename}-anchor`)
      const { count, lines } = yield* opened(filename)
      assert.strictEqual(count, 200)
      assert.lengthOf(lines, 1)
      assert.match(
        lines[0] ?? "",
        /WARN.*storage\.db-anchor is missing, so nobody knows whether what was committed last/
      )
      assert.deepStrictEqual(yield* opened(filename), { count: 200, lines: [] })
      writeFileSync(`${filename}-anchor`, "nonsense")
      assert.match((yield* opened(filename)).lines.join(), /storage\.db-anchor cannot be read/)
    })
  )

  it.live("[FIELD-K13] never opens as if nothing had happened, whatever becomes of it, its log or its anchor", () =>
    Effect.gen(function* () {
      const counts = yield* Effect.onError(survey(Seeded.make(seed), 24), () => Effect.logError(`seed ${seed}`))
      assert.isAbove(counts.refused, 4)
    })
  )
})

/**
 * How often a disk is waited for from now on, which is quick or seems to be slow; `fails` makes it fail, and a slow one
 * waits for the `gate`.
 */
const disk = Effect.fnUntraced(function* (speed: "quick" | "slow") {
  const state = { waits: 0, fails: false, gate: Latch.makeUnsafe(true) }
  const { fdatasync, fdatasyncSync } = fs
  const broken = new Error("the disk is gone")
  let now = 0
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      vi.spyOn(fs, "fdatasync").mockImplementation((file, done) => {
        state.waits++
        if (state.fails) setImmediate(done, broken)
        else fdatasync(file, (error) => void Effect.runFork(Effect.map(state.gate.await, () => done(error))))
      })
      vi.spyOn(fs, "fdatasyncSync").mockImplementation((file) => {
        state.waits++
        if (state.fails) throw broken
        fdatasyncSync(file)
      })
      vi.spyOn(performance, "now").mockImplementation(() => (now += speed === "quick" ? 0 : 10))
      syncBuiltinESMExports()
    }),
    () =>
      Effect.sync(() => {
        vi.restoreAllMocks()
        syncBuiltinESMExports()
      })
  )
  return state
})

describe("Commits at the same time", () => {
  const all = { concurrency: "unbounded", discard: true } as const

  for (const speed of ["quick", "slow"] as const) {
    it.live(`[TX-07] wait once for a ${speed} disk, and each is done when the disk is`, () =>
      Effect.gen(function* () {
        const filename = yield* newFile
        const state = yield* disk(speed)
        yield* using(filename, (storage) =>
          Effect.gen(function* () {
            yield* storage.commit([change(199)])
            state.waits = 0
            yield* Effect.forEach(changes.slice(0, 40), (one) => storage.commit([one]), all)
            // For the log and for the anchor.
            assert.strictEqual(state.waits, 2)
            assert.lengthOf(yield* storage.read("s"), 41)
            state.waits = 0
            for (const one of changes.slice(40, 50)) yield* storage.commit([one])
            assert.strictEqual(state.waits, 20)
          })
        )
      }).pipe(Effect.scoped)
    )

    it.live(`[FIELD-K13] fail while a ${speed} disk fails, and go on when it is back`, () =>
      Effect.gen(function* () {
        const filename = yield* fullFile
        const state = yield* disk(speed)
        yield* using(filename, (storage) =>
          Effect.gen(function* () {
            yield* storage.commit([change(200)])
            state.fails = true
            const error = yield* Effect.flip(storage.commit([change(201)]))
            assert.strictEqual(error.reason, "Unavailable")
            assert.include(error.message, "the disk is gone")
            state.fails = false
            yield* storage.commit([change(201), change(202)])
            yield* storage.commit([change(203)])
          })
        )
        assert.deepStrictEqual(yield* opened(filename), { count: 204, lines: [] })
      }).pipe(Effect.scoped)
    )
  }

  it.live(
    "[FIELD-K13] succeed while the anchor of the last one is on its way to the disk, but not before it is there",
    () =>
      Effect.gen(function* () {
        // Of a quick disk only the anchor is waited for in the background.
        const state = yield* disk("quick")
        const filename = yield* newFile
        yield* using(filename, (storage) =>
          Effect.gen(function* () {
            state.gate.closeUnsafe()
            yield* Effect.addFinalizer(() => state.gate.open)
            yield* storage.commit([change(0)])
            // It tells already what was committed, for a process that is killed now.
            assert.include(readFileSync(`${filename}-anchor`, "latin1"), `"commits":2,"entries":1,`)
            const next = yield* Effect.forkChild(storage.commit([change(1)]), { startImmediately: true })
            yield* settled
            assert.isUndefined(next.pollUnsafe())
            state.gate.openUnsafe()
            yield* Fiber.join(next)
          }).pipe(Effect.scoped)
        )
      }).pipe(Effect.scoped)
  )

  it.live("fail each for a reason of its own", () =>
    Effect.gen(function* () {
      const databases = yield* connections
      yield* using(yield* newFile, (storage) =>
        Effect.gen(function* () {
          yield* storage.commit([change(0, "x".repeat(50_000))])
          yield* storage.commit([{ ...change(0), value: undefined }])
          databases.at(-1)?.exec("PRAGMA max_page_count = 1")
          const small = changes.slice(1, 9).map((one) => [one])
          const huge = [change(0, "whole or not at all"), change(300, "x".repeat(100_000))]
          const results = yield* Effect.forEach(
            [...small.slice(0, 4), huge, ...small.slice(4)],
            (one) => Effect.result(storage.commit(one)),
            { concurrency: "unbounded" }
          )
          assert.deepStrictEqual(
            results.map((result) => (result._tag === "Failure" ? result.failure.reason : "done")),
            ["done", "done", "done", "done", "Full", "done", "done", "done", "done"]
          )
          assert.deepStrictEqual(
            (yield* storage.read("s")).map(({ key }) => key),
            small.map(([one]) => one!.key)
          )
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("are seen by nobody before the disk has them, and by everybody afterwards", () =>
    Effect.gen(function* () {
      const state = yield* disk("slow")
      yield* using(yield* newFile, (storage) =>
        Effect.scoped(
          Effect.gen(function* () {
            yield* storage.commit([change(1)])
            yield* settled
            state.gate.closeUnsafe()
            yield* Effect.addFinalizer(() => state.gate.open)
            state.waits = 0
            const commit = yield* Effect.forkChild(storage.commit([change(0)]), { startImmediately: true })
            assert.isUndefined(yield* storage.get("s", "000"))
            yield* Effect.repeat(Effect.yieldNow, { until: () => state.waits > 0 })
            const read = yield* Effect.forkChild(storage.get("s", "000"), { startImmediately: true })
            yield* settled
            assert.deepStrictEqual([commit.pollUnsafe(), read.pollUnsafe()], [undefined, undefined])
            state.gate.openUnsafe()
            assert.strictEqual(yield* Fiber.join(read), change(0).value)
            yield* Fiber.join(commit)
          })
        )
      )
    }).pipe(Effect.scoped)
  )

  it.live("are done whole if who asks is interrupted, or the storage is closed at once", () =>
    Effect.gen(function* () {
      const filename = yield* newFile
      yield* using(filename, (storage) =>
        Effect.gen(function* () {
          const commit = yield* Effect.forkChild(storage.commit(changes.slice(0, 100)), { startImmediately: true })
          yield* Fiber.interrupt(commit)
          assert.lengthOf(yield* storage.read("s"), 100)
          yield* Effect.forkDetach(storage.commit(changes.slice(100)), { startImmediately: true })
        })
      )
      assert.isTrue(isWhole(yield* using(filename, ({ read }) => read("s"))))
    }).pipe(Effect.scoped)
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
