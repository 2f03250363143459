/**
 * Values that are stored as JSON.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Storage, StorageError } from "../Storage.ts"
import * as Digits from "./Digits.ts"

/** Reads a stored value, with all digits of its numbers; none if the text is no JSON or no such value. */
export const reading = <A>(schema: Schema.Codec<A, unknown>): ((text: string) => Option.Option<A>) => {
  const decode = Schema.decodeUnknownOption(schema)
  return (text) => Option.flatMap(Result.getSuccess(Result.try(() => Digits.parse(text))), (value) => decode(value))
}

/**
 * The formats of what is stored, by kind. A release that changes one raises its number, writes that under the kind into
 * the space below, and reads the numbers before it, too. Where nothing is written, the number is 1.
 */
const formats = { outbox: 1, csms: 1, ledger: 1 }

const space = "format"

/** Fails as `UnknownVersion` if a later release has written this kind of content, which then is left as it is. */
export const checkFormat = (
  storage: Storage["Service"],
  kind: keyof typeof formats
): Effect.Effect<void, StorageError> =>
  Effect.flatMap(
    Effect.suspend(() => storage.get(space, kind)),
    (found = "1") => {
      const known = formats[kind]
      if (Number(found) <= known) return Effect.void
      const detail = `its ${kind} is of format ${JSON.stringify(found)}, and this release reads formats up to ${known}`
      return Effect.fail(new StorageError({ storage: kind, reason: "UnknownVersion", detail }))
    }
  )
