import type { Message } from "../../src/Action.ts"
import * as Validation from "../../src/Validation.ts"

/** Our verdict on a value: whether a message of this schema is received as it is. */
export const accepts = (schema: Message, value: unknown): boolean => Validation.is(schema)(value)
