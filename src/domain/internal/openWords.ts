/**
 * Enumerations that are open: 2.1 has them as texts with a list of standard words.
 */
import * as Schema from "effect/Schema"

/** A schema of a text that is a word of a list or, where both sides have agreed on it, another one. */
export const openWords = <const Words extends ReadonlyArray<string>>(
  words: Words
  // `string & {}` is any text; an editor suggests the words beside it.
): Schema.Codec<Words[number] | (string & {})> => Schema.Union([Schema.Literals(words), Schema.String])
