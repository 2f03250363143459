/**
 * The primitive schemas that the messages of all versions are built from.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"

/**
 * Text of at most `max` Unicode code points, which is how JSON Schema counts `maxLength`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const text = (max: number): Schema.String => Schema.String.check(Schema.isMaxCodePoints(max))

/** Marks {@link Data}. */
const dataId = "effect-ocpp/isData"

/**
 * Text of any length in a form of a vendor's own, in which an object may stand as its JSON.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Data: Schema.String = Schema.String.annotate({ [dataId]: true })

/**
 * Whether a type is {@link Data}.
 *
 * @category guards
 * @since 0.1.0
 */
export const isData = (ast: SchemaAST.AST): boolean => ast.annotations?.[dataId] === true

/**
 * An integer that JavaScript represents exactly.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Integer: Schema.Number = Schema.Number.check(Schema.isInt({ toJsonSchema: () => ({ type: "integer" }) }))

/**
 * An integer that is not negative.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Natural: Schema.Number = Integer.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * A finite number.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Decimal: Schema.Number = Schema.Finite

/**
 * A number with at most one decimal, whatever its binary rounding.
 *
 * **Details**
 *
 * The official schemas of 1.6 say `multipleOf: 0.1`, which a naive division refuses for values such as 0.3.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Tenths: Schema.Number = Schema.Finite.check(Schema.isMultipleOf(0.1))

/**
 * An object without fields: the payload of the messages that carry nothing.
 *
 * **Gotchas**
 *
 * `Schema.Struct({})` would let any value through but `null`. The record below has no admissible key, so a field is
 * found, reported and left out as in every other closed object.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Empty = Schema.Record(
  Schema.String.check(
    Schema.makeFilter(() => false, {
      expected: "no key",
      representation: { id: "effect-ocpp/isNoKey", payload: null },
      toJsonSchema: () => ({})
    })
  ),
  Schema.Never
)
