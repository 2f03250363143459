/**
 * Messages against their official JSON Schemas.
 */
import { assert } from "@effect/vitest"
import { validator, type Version } from "./oracle.ts"

const parts = { req: "Request", conf: "Response" }

/** Fails unless a message satisfies the official schema. */
export const official = (version: Version, action: string, part: "req" | "conf", payload: unknown): void => {
  const validate = validator(version, version === "2.1" ? `urn:${action}${parts[part]}` : `urn:${action}.${part}`)!
  assert.isTrue(validate(payload), `${action}.${part} ${JSON.stringify(payload)}: ${JSON.stringify(validate.errors)}`)
}
