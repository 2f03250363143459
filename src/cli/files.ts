/**
 * Files that flags name.
 */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import { Flag } from "effect/cli"
import { readFile } from "node:fs/promises"
import { getSystemErrorMessage } from "node:util"
import { UsageError } from "./errors.ts"
import { text } from "./options.ts"

/** A file, and the flag that names it, as it is written. */
export interface NamedFile {
  readonly flag: string
  readonly path: string
}

export const file = (name: string, description: string): Flag.Flag<Option.Option<NamedFile>> =>
  text(name).pipe(
    Flag.withMetavar("file"),
    Flag.withDescription(description),
    Flag.map((path) => ({ flag: `--${name}`, path })),
    Flag.optional
  )

/** The text of a file. */
export const read = ({ flag, path }: NamedFile): Effect.Effect<string, UsageError> =>
  Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: (error) => {
      // What `readFile` fails with.
      const { errno, message } = error as NodeJS.ErrnoException
      const why = errno === undefined ? message : getSystemErrorMessage(errno)
      return new UsageError({ message: `${flag}: ${JSON.stringify(path)} cannot be read: ${why}` })
    }
  })
