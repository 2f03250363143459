/**
 * Reading the messages of peers that get details wrong.
 *
 * A tolerance is the set of the kinds of fault that are let through, one by one; what has another fault is refused as
 * ever. What is let through is put right where that can be done without doubt, and every fault is told.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { MessageSchema } from "./Action.ts"
import { ToleratedKind } from "./Deviation.ts"
import type { Violation } from "./OcppError.ts"
import { read } from "./internal/Reader.ts"
import * as Validation from "./Validation.ts"

/**
 * The kinds of fault that are let through; {@link ToleratedKind} says what becomes of each.
 *
 * **Gotchas**
 *
 * - A message that was let through has the type of its schema but for what is kept as it came: with `UnknownValue` a
 *   text may be none of its enumeration, with `TooLongText` it may be longer than its limit. Code that handles every
 *   value of an enumeration needs a default for that.
 * - `LocalTime` takes a time without an offset for UTC, whatever the clock of the peer shows.
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

/**
 * A fault that was let through: its kind, and how it breaks the schema.
 *
 * @category models
 * @since 0.1.0
 */
export interface Tolerated {
  readonly kind: ToleratedKind
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
 * Reads a value as a message, with the faults that a tolerance lets through, or says in which other ways it breaks the
 * schema: the first 32 of them.
 *
 * **Details**
 *
 * A valid message passes through as it is, at the cost of {@link Validation.decode}. One that has to be put right is
 * made anew; the value that came is never changed.
 *
 * **Gotchas**
 *
 * Where a schema takes one of several types, other than the words of an enumeration, nothing is let through.
 *
 * @category validation
 * @since 0.1.0
 */
export const decode = (
  schema: MessageSchema
): ((value: unknown, tolerance: Tolerance) => Result.Result<Decoded, ReadonlyArray<Violation>>) => {
  const accepts = Validation.is(schema)
  return (value, tolerance) => {
    if (accepts(value)) return Result.succeed({ value, tolerated: none })
    const { tolerated, value: message, violations } = read(schema.ast, value, tolerance)
    return violations.length > 0 ? Result.fail(violations) : Result.succeed({ value: message, tolerated })
  }
}

const none: ReadonlyArray<Tolerated> = []
