/**
 * Messages against their official JSON Schemas.
 */
import { assert } from "@effect/vitest"
import type { ValidateFunction } from "ajv"
import { compiler, documents, type Version } from "./oracle.ts"

const known = new Map<string, ValidateFunction>()

const parts = { req: "Request", conf: "Response" }

const validatorOf = (version: Version, action: string, part: "req" | "conf"): ValidateFunction => {
  const id = version === "2.1" ? `urn:${action}${parts[part]}` : `urn:${action}.${part}`
  const found = known.get(`${version} ${id}`)
  if (found !== undefined) return found
  const { $id: _, ...document } = documents(version).find(({ $id }) => $id === id)!
  const validate = compiler().compile(document)
  known.set(`${version} ${id}`, validate)
  return validate
}

/** Fails unless a message satisfies the official schema. */
export const official = (version: Version, action: string, part: "req" | "conf", payload: unknown): void => {
  const validate = validatorOf(version, action, part)
  assert.isTrue(validate(payload), `${action}.${part} ${JSON.stringify(payload)}: ${JSON.stringify(validate.errors)}`)
}
