/**
 * The smallest answer that satisfies a schema, for actions of which a simulation has nothing to say.
 */
import * as Effect from "effect/Effect"
import * as SchemaAST from "effect/SchemaAST"
import * as Handlers from "../../Handlers.ts"
import type { Protocol } from "../../Protocol.ts"
import * as Timestamp from "../../Timestamp.ts"

/** Handlers for all that a station may ask, each with the smallest valid answer. */
export const minimalHandlers = <Version extends string>(
  protocol: Protocol<Version>
): Handlers.HandlerSet<Version, never, "csms"> =>
  Handlers.make(protocol, "csms", ({ response }) => {
    const ast = response === undefined ? undefined : SchemaAST.toType(response.ast)
    return () => Effect.map(Timestamp.now, (now) => (ast === undefined ? undefined : smallest(ast, now)))
  })

/** Required fields only, the first of an enumeration, empty texts, zero, and now. */
const smallest = (ast: SchemaAST.AST, now: string): unknown => {
  switch (ast._tag) {
    case "Objects":
      return Object.fromEntries(
        ast.propertySignatures
          .filter(({ type }) => type.context?.isOptional !== true)
          .map(({ name, type }) => [name, smallest(type, now)])
      )
    case "Union":
      return ast.types[0] === undefined ? undefined : smallest(ast.types[0], now)
    case "Literal":
      return ast.literal
    case "Arrays":
      // A list with bounds has at least one element in every message of OCPP.
      return ast.checks === undefined ? [] : ast.rest.map((element) => smallest(element, now))
    case "String":
      return isTimestamp(ast) ? now : ""
    case "Number":
      return 0
    case "Boolean":
      return false
    case "Suspend":
      return smallest(ast.thunk(), now)
    default:
      return null
  }
}

const isTimestamp = (ast: SchemaAST.AST): boolean =>
  ast.checks?.some(({ annotations }) => annotations?.representation?.id === "effect-ocpp/isTimestamp") === true
