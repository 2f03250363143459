/** Bare `ws` and `JSON`, and `ajv` over every request and response at both ends, with the schemas of `ocpp-rpc`. */
import { Ajv, type ValidateFunction } from "ajv"
import addFormats from "ajv-formats"
import { createRequire } from "node:module"
import { actions } from "../contender.ts"
import { make } from "./ws-json.ts"

const schemas: ReadonlyArray<{ readonly $id: string }> = createRequire(import.meta.url)(
  "ocpp-rpc/lib/schemas/ocpp1_6.json"
)
const ajv = new Ajv({ strict: false })
addFormats.default(ajv)

const compile = (kind: "req" | "conf"): ReadonlyMap<string, ValidateFunction> =>
  new Map(
    actions.map((action) => {
      // This version of `ajv` takes the ids for malformed URNs.
      const { $id: _, ...schema } = schemas.find(({ $id }) => $id === `urn:${action}.${kind}`)!
      return [action, ajv.compile(schema)]
    })
  )

const requests = compile("req")
const responses = compile("conf")

export const contender = make({
  request: (action, payload) => requests.get(action)?.(payload) === true,
  response: (action, payload) => responses.get(action)?.(payload) === true
})
