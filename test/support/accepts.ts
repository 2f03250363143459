import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Message } from "../../src/Action.ts"

/** Our verdict on a value: whether a message of this schema is received as it is. */
export const accepts = (schema: Message, value: unknown): boolean => {
  const known = decoders.get(schema)
  const decode = known ?? Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  if (known === undefined) decoders.set(schema, decode)
  return Result.isSuccess(decode(value))
}

const decoders = new WeakMap<Message, (value: unknown) => Result.Result<unknown, Schema.SchemaError>>()
