/**
 * Numbers beyond those of JavaScript: whole numbers beyond 2^53, and decimals with more digits than a double has.
 *
 * JSON and OCPP set no bound to the digits of a number. A connection that is opened with `numbers: "exact"` gives such a
 * number as an `ExactNumber`, and writes it back with the same digits.
 *
 * @since 0.1.0
 */
import * as Digits from "./internal/Digits.ts"
import { ExactNumber, holds } from "./internal/WrittenNumber.ts"

/**
 * Which numbers a connection gives where a number of JavaScript does not hold all digits of the one that came.
 *
 * **Details**
 *
 * - `nearest`: the number of JavaScript that is nearest, and a deviation `RoundedNumber`. Where an integer is due, the
 *   message is refused, or the field is left out with the tolerance `NumberTooLarge`.
 * - `exact`: an {@link ExactNumber}, wherever it stands.
 *
 * @category options
 * @since 0.1.0
 */
export type Numbers = "nearest" | "exact"

export { ExactNumber } from "./internal/WrittenNumber.ts"

const pattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?$/

/**
 * The number that a text of JSON says: one of JavaScript if that holds all digits, or else an {@link ExactNumber}.
 *
 * **Details**
 *
 * It has the type `number`, for it is to be sent where one is due.
 *
 * **Gotchas**
 *
 * A text that is no number of JSON is a `RangeError`.
 *
 * **Example** (An id beyond 2^53 in a vendor's own data)
 *
 * ```ts
 * const data = { meter: ExactNumber.make("9223372036854775807") }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (text: string): number => {
  if (!pattern.test(text)) throw new RangeError("an ExactNumber is made of a number of JSON")
  const number = Number(text)
  // An ExactNumber stands where the types have a number, and only here is it given that type.
  return holds(number, text) ? number : (new ExactNumber(text) as unknown as number)
}

/**
 * Whether a value is an {@link ExactNumber}.
 *
 * @category guards
 * @since 0.1.0
 */
export const is = (value: unknown): value is ExactNumber => value instanceof ExactNumber

/**
 * What a text of JSON says, with an {@link ExactNumber} for each number that JavaScript cannot hold. Like `JSON.parse` it
 * throws a `SyntaxError` for what is no JSON.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (json: string): unknown => Digits.parse(json)

/**
 * All digits of a number, whether it is one of JavaScript or an {@link ExactNumber}.
 *
 * @category getters
 * @since 0.1.0
 */
export const text = (number: number): string => String(number)
