/**
 * Messages against their official JSON Schemas.
 */
import { assert } from "@effect/vitest"
import type { Ajv } from "ajv"
import { documents } from "./oracle.ts"
import { compiler } from "./proof.ts"

export type Version = "1.6" | "2.0.1"

const validators = new Map<string, ReturnType<Ajv["compile"]>>()

const validatorOf = (version: Version, action: string, part: "req" | "conf") => {
  const id = `urn:${action}.${part}`
  const known = validators.get(`${version} ${id}`)
  if (known !== undefined) return known
  const { $id: _, ...document } = documents(version).find(({ $id }) => $id === id)!
  const validate = compiler().compile(document)
  validators.set(`${version} ${id}`, validate)
  return validate
}

/** Fails unless a message satisfies the official schema. */
export const official = (version: Version, action: string, part: "req" | "conf", payload: unknown): void => {
  const validate = validatorOf(version, action, part)
  assert.isTrue(validate(payload), `${action}.${part} ${JSON.stringify(payload)}: ${JSON.stringify(validate.errors)}`)
}
