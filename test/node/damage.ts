/**
 * Files of a storage as a process leaves them that ends or is killed, and what can happen to such files.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage, type StorageEntry } from "../../src/Storage.ts"
import type { Seeded } from "../support/seeded.ts"
import { directory } from "../support/storage.ts"

const suffixes = ["", "-wal", "-anchor"] as const
export type Suffix = (typeof suffixes)[number]

/** The files that belong together at one moment; the log is missing when nobody uses them. */
export type Files = Readonly<Partial<Record<Suffix, Buffer>>>

export interface Moment {
  readonly files: Files
  /** All that has been committed. */
  readonly entries: ReadonlyArray<StorageEntry>
}

/** What was written into a directory, by its name there. */
const filesIn = (path: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]))

const take = (filename: string): Files =>
  Object.fromEntries(
    Object.entries(filesIn(join(filename, ".."))).map(([name, bytes]) => [name.replace("storage.db", ""), bytes])
  )

/**
 * A storage at several moments of its life: while it is in use, with a log that grows, moves into the file and begins
 * anew; and last, when it is closed.
 */
export const live = Effect.fnUntraced(function* ({ integer }: Seeded) {
  const filename = join(yield* directory, "storage.db")
  const known = new Map<string, string>()
  const moments: Array<Moment> = []
  const look = (): void => {
    const entries = Array.from(known, ([key, value]) => ({ key, value })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
    moments.push({ files: take(filename), entries })
  }
  for (let life = 0; life < 2; life++) {
    yield* Effect.gen(function* () {
      const storage = yield* Storage
      for (let moment = 0; moment < 3; moment++) {
        for (let commit = 0; commit < 30; commit++) {
          const changes = Array.from({ length: integer(1, 4) }, () => {
            const key = `${integer(0, 99)}`.padStart(2, "0")
            const isRemoval = integer(0, 3) === 0
            // Its length makes the log begin anew once in a while.
            const value = isRemoval ? undefined : `${moments.length} ${commit} ${"x".repeat(integer(0, 20_000))}`
            return { space: "s", key, value }
          })
          yield* storage.commit(changes)
          for (const { key, value } of changes) {
            if (value === undefined) known.delete(key)
            else known.set(key, value)
          }
        }
        look()
      }
    }).pipe(Effect.provide(SqliteStorage.layer({ filename }), { local: true }))
    look()
  }
  return moments
})

/** One thing that has happened to one of the files. */
export interface Damage {
  readonly name: string
  readonly files: Files
}

/** One bit or some are others, the end is missing, or it is empty, gone, or as it was earlier. */
export const inflict = ({ integer, pick }: Seeded, moments: ReadonlyArray<Moment>, at: number): Damage => {
  const { files } = moments[at]!
  const suffix = pick(suffixes.filter((one) => files[one] !== undefined))
  const whole = files[suffix]!
  const on = (name: string, bytes: Buffer | undefined): Damage => ({
    name: `moment ${at}, storage.db${suffix} of ${whole.length} bytes: ${name}`,
    files: Object.fromEntries(Object.entries({ ...files, [suffix]: bytes }).filter(([, kept]) => kept !== undefined))
  })
  const flip = (count: number): Damage => {
    const bytes = Buffer.from(whole)
    const flipped = Array.from({ length: count }, () => {
      // A third of them where the file begins, since most depends on that.
      const position = integer(0, 2) === 0 ? integer(0, Math.min(600, bytes.length - 1)) : integer(0, bytes.length - 1)
      const bit = integer(0, 7)
      bytes[position] = bytes[position]! ^ (1 << bit)
      return `${position}.${bit}`
    })
    return on(`bits ${flipped.join(", ")}`, bytes)
  }
  const cut = (length: number): Damage => on(`only ${length} bytes`, whole.subarray(0, length))
  switch (whole.length === 0 ? 7 : integer(0, 7)) {
    case 0:
    case 1:
    case 2:
      return flip(1)
    case 3:
      return flip(integer(2, 20))
    case 4:
      return cut(integer(0, whole.length - 1))
    case 5:
      return cut(pick([0, 1, 4096, whole.length - 1].filter((length) => length < whole.length)))
    case 6: {
      const then = integer(0, at)
      return on(`as at moment ${then}`, moments[then]!.files[suffix])
    }
    default:
      return on("gone", undefined)
  }
}

/** Opens files, and gives what came of it; fails if that is a lie. */
export const open = Effect.fnUntraced(function* ({ entries }: Moment, { files, name }: Damage) {
  const path = join(yield* directory, "of damage")
  mkdirSync(path)
  const filename = join(path, "storage.db")
  for (const [suffix, bytes] of Object.entries(files)) writeFileSync(filename + suffix, bytes)
  const before = filesIn(path)
  const warnings: Array<string> = []
  const logger = Logger.make<unknown, void>(({ message }) => void warnings.push(String(message)))
  const outcome = yield* Effect.flatMap(Storage, ({ read }) => read("s")).pipe(
    Effect.provide(SqliteStorage.layer({ filename }), { local: true }),
    Effect.provide(Logger.layer([logger]), { local: true }),
    Effect.result
  )
  if (outcome._tag === "Failure") {
    assert.include(
      ["Corrupt", "Foreign", "UnknownVersion"],
      outcome.failure.reason,
      `${name}: ${outcome.failure.message}`
    )
    const after = filesIn(path)
    // SQLite removes a log in which there is nothing.
    for (const [file, bytes] of Object.entries(before)) {
      assert.isTrue((after[file] ?? Buffer.alloc(0)).equals(bytes), `${name}: ${file} has changed`)
    }
    assert.includeMembers(Object.keys(before), Object.keys(after), name)
    rmSync(path, { recursive: true })
    return "refused"
  }
  const isWhole =
    outcome.success.length === entries.length &&
    outcome.success.every(({ key, value }, index) => key === entries[index]!.key && value === entries[index]!.value)
  assert.isTrue(isWhole, `${name}: ${outcome.success.length} entries of ${entries.length}, ${warnings.join()}`)
  rmSync(path, { recursive: true })
  return warnings.length > 0 ? "warned" : "whole"
}, Effect.scoped)

/** Damages files so often, and counts what came of it. */
export const survey = Effect.fnUntraced(function* (seeded: Seeded, times: number) {
  const moments = yield* live(seeded)
  const counts = { refused: 0, warned: 0, whole: 0 }
  for (let count = 0; count < times; count++) {
    const at = count % moments.length
    const moment = moments[at]!
    counts[yield* open(moment, inflict(seeded, moments, at))]++
  }
  // What nobody has touched is no reason for anything.
  for (const moment of moments)
    assert.strictEqual(yield* open(moment, { name: "untouched", files: moment.files }), "whole")
  return counts
}, Effect.scoped)
