/**
 * The description of our services: it says the same as the official WSDL.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Action from "../../src/Action.ts"
import * as ServiceDescription from "../../src/soap/ServiceDescription.ts"
import { carriages, documentOf, ends, otherSide, samples, sides } from "../support/soap.ts"
import * as Wsdl from "../support/wsdl.ts"

const seed = process.env["SEED"] ?? "WSDL"

describe("The description of a service", () => {
  for (const carriage of carriages) {
    const { version } = carriage.protocol
    for (const side of sides) {
      it(`of the ${side} of ${version} takes what the official one takes, and refuses what that refuses (seed ${seed})`, async () => {
        const { called, caller } = ends(carriage, otherSide(side))
        const ours = ServiceDescription.write(carriage, side, "http://csms/?a=1&b")
        const documents = new Map<string, string>()
        for (const action of carriage.actions.filter((one) => Action.isStartedBy(one, otherSide(side)))) {
          for (const kind of ["request", "response"] as const) {
            const write = kind === "request" ? caller.writeRequest : called.writeResponse
            for (const [index, value] of samples(action[kind]!, `${seed} ${action.name} ${kind}`).entries()) {
              // One of each size.
              if (index % 6 !== 0) continue
              const sent = write(action.name, value, {})
              if (Result.isFailure(sent)) continue
              const text = documentOf(sent.success, called.namespace)
              const name = `${action.name}-${kind}-${index}`
              documents.set(`${name}.xml`, text)
              // Broken in one place.
              const elements = Array.from(text.matchAll(/<(\w+)>[^<]*<\/\1>/g), ([element]) => element)
              const element = elements[index % elements.length]
              if (element === undefined) continue
              documents.set(`${name}-without.xml`, text.replace(element, ""))
              documents.set(`${name}-twice.xml`, text.replace(element, element + element))
              documents.set(`${name}-other.xml`, text.replace(element, element.replace(/>[^<]*</, ">  <")))
              documents.set(`${name}-long.xml`, text.replace(element, element.replace("</", `${"x".repeat(300)}</`)))
            }
          }
        }
        const invalid = async (schema: string): Promise<ReadonlyArray<string>> => {
          const names = (await Wsdl.against(schema, documents)).map((line) => line.slice(0, line.indexOf(":")))
          return [...new Set(names)].toSorted()
        }
        const theirs = await invalid(Wsdl.schemaOf(version as Wsdl.Soap1x, side))
        assert.isAbove(theirs.length, 30)
        assert.deepStrictEqual(await invalid(Wsdl.schemaIn(ours, "x")), theirs)
      })
    }
  }
})
