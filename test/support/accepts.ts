import type { MessageSchema } from "../../src/Action.ts"
import * as Validation from "../../src/Validation.ts"

/** Our verdict on a value: whether a message of this schema is received as it is. */
export const accepts = (schema: MessageSchema, value: unknown): boolean => Validation.is(schema)(value)
