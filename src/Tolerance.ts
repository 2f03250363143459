/**
 * Reading the messages of peers that get details wrong.
 *
 * A tolerance is the set of the kinds of fault that are let through, one by one; what has another fault is refused as
 * ever. What is let through is put right where that can be done without doubt, and every fault is told.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "./Action.ts"
import { ToleratedKind } from "./Deviation.ts"
import type { Violation } from "./OcppError.ts"
import { compile, takeMet } from "./internal/Check.ts"
import { read } from "./internal/Reader.ts"
import { filters, type Rule, shapes } from "./internal/Rules.ts"

/**
 * The kinds of fault that are let through; {@link ToleratedKind} says what becomes of each, and {@link rules} which of
 * them help against a breach of which rule.
 *
 * **Gotchas**
 *
 * - A message that was let through has the type of its schema but for what is kept as it came: with `UnknownValue` a
 *   text may be none of its enumeration, with `TooLongText` it may be longer than its limit, with `FractionForInteger` a
 *   number may have decimals. Code that handles every value of an enumeration needs a default for that.
 * - `LocalTime` takes a time without an offset for UTC, whatever the clock of the peer shows, and one without seconds for
 *   the beginning of its minute.
 *
 * @category models
 * @since 0.1.0
 */
export interface Tolerance extends ReadonlySet<ToleratedKind> {}

/**
 * A tolerance of some kinds.
 *
 * **Example** (All kinds but one)
 *
 * ```ts
 * Tolerance.of(ToleratedKind.literals.filter((kind) => kind !== "LocalTime"))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const of = (kinds: Iterable<ToleratedKind>): Tolerance => new Set(kinds)

/**
 * Lets nothing through.
 *
 * @category constructors
 * @since 0.1.0
 */
export const strict: Tolerance = of([])

/**
 * Lets all kinds through.
 *
 * @category constructors
 * @since 0.1.0
 */
export const lenient: Tolerance = of(ToleratedKind.literals)

export type { Rule } from "./internal/Rules.ts"

/**
 * The rules that the schemas of all versions have, with the kinds that let a breach of each through.
 *
 * **Details**
 *
 * - `asks`: what the rule asks for.
 * - `kinds`: the kinds that let a breach through, each in the cases that its documentation names.
 * - `refused`: what else breaks the rule, and why no kind lets that through.
 *
 * @category constants
 * @since 0.1.0
 */
export const rules: ReadonlyArray<Rule> = [...new Set<Rule>([...Object.values(shapes), ...filters.values()])].map(
  ({ asks, kinds, refused }) => (refused === undefined ? { asks, kinds } : { asks, kinds, refused })
)

/**
 * A fault that was let through: its kind, and how it breaks the schema; or a number that was rounded.
 *
 * @category models
 * @since 0.1.0
 */
export interface Tolerated {
  readonly kind: ToleratedKind | "RoundedNumber"
  readonly violation: Violation
}

/**
 * A message with the faults that were let through in it.
 *
 * **Details**
 *
 * Of many faults the first 32 are told, and the first of every kind in any case. Their paths are those of the value that
 * came.
 *
 * @category models
 * @since 0.1.0
 */
export interface Decoded {
  readonly value: unknown
  readonly tolerated: ReadonlyArray<Tolerated>
}

/**
 * What a payload is with the digits of its numbers, for a codec whose payloads were text.
 *
 * **Details**
 *
 * It is given the payload, and gives back a copy of it in which objects stand for numbers: with `lossy` for those of
 * which a number of JavaScript does not hold all digits, with `all` for those too that JavaScript writes in another way.
 * If there are none it gives back the payload itself.
 *
 * @category models
 * @since 0.1.0
 */
export type Digits = (payload: unknown, which: "lossy" | "all") => unknown

/**
 * Reads a value as a message, with the faults that a tolerance lets through, or says in which other ways it breaks the
 * schema: the first 32 of them.
 *
 * **Details**
 *
 * A valid message passes through as it is, at the cost of `Validation.decode`. One that has to be put right is
 * made anew; the value that came is never changed.
 *
 * **Gotchas**
 *
 * - Where a schema takes one of several types, other than the words of an enumeration, nothing is let through.
 * - Without `digits` a number that becomes text is written as JavaScript writes it, and one beyond 2^53 does not become
 *   text.
 *
 * @category validation
 * @since 0.1.0
 */
export const decode = (
  schema: MessageSchema
): ((value: unknown, tolerance: Tolerance, digits?: Digits) => Result.Result<Decoded, ReadonlyArray<Violation>>) => {
  const accepts = compile(SchemaAST.toType(schema.ast))
  return (value, tolerance, digits) => {
    takeMet()
    const isValid = accepts(value)
    if (isValid && (digits === undefined || !takeMet())) return Result.succeed({ value, tolerated: none })
    const given = digits === undefined ? value : digits(value, "lossy")
    if (isValid && given === value) return Result.succeed({ value, tolerated: none })
    let reading = read(schema.ast, given, tolerance)
    if (reading.asksForDigits && digits !== undefined) reading = read(schema.ast, digits(value, "all"), tolerance)
    const { tolerated, value: message, violations } = reading
    return violations.length > 0 ? Result.fail(violations) : Result.succeed<Decoded>({ value: message, tolerated })
  }
}

const none: ReadonlyArray<Tolerated> = []
