/**
 * Values that are stored as JSON.
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Digits from "./Digits.ts"

/** Reads a stored value, with all digits of its numbers; none if the text is no JSON or no such value. */
export const reading = <A>(schema: Schema.Codec<A, unknown>): ((text: string) => Option.Option<A>) => {
  const decode = Schema.decodeUnknownOption(schema)
  return (text) => Option.flatMap(Result.getSuccess(Result.try(() => Digits.parse(text))), (value) => decode(value))
}
