import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Variable } from "../../src/domain/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { accepts } from "../support/accepts.ts"
import * as Seeded from "../support/seeded.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "variables"

const of = (component: Variable.Component, variable: Variable.VariableName): Variable.Address => ({
  component,
  variable
})

const names = [
  "A",
  "a",
  "B",
  "A.B",
  'A"',
  '"A"',
  "A[1]",
  "A[1,2]",
  "[",
  "",
  "\u202Ea",
  "a\nb",
  "\\u000a",
  "é",
  "漢",
  "x@*-"
]

const generate = (random: Seeded.Seeded): Variable.Address => {
  const named = (): Variable.VariableName =>
    random.next() < 0.5 ? { name: random.pick(names) } : { name: random.pick(names), instance: random.pick(names) }
  const id = random.integer(0, 2)
  const component = random.pick([
    named(),
    { ...named(), evse: { id } },
    { ...named(), evse: { id, connectorId: random.integer(0, 2) } }
  ])
  return of(component, named())
}

const lower = (name: string | undefined): string | null => name?.toLowerCase() ?? null

/** An address without the spelling of its names. */
const folded = (address: Variable.Address): string => {
  const { component, variable } = address
  return JSON.stringify([
    lower(component.name),
    lower(component.instance),
    component.evse?.id,
    component.evse?.connectorId,
    lower(variable.name),
    lower(variable.instance)
  ])
}

describe("The address of a variable", () => {
  it("is written as the specification writes it", () => {
    for (const [address, text] of [
      [of({ name: "AuthCtrlr" }, { name: "LocalPreAuthorize" }), "AuthCtrlr.LocalPreAuthorize"],
      [of({ name: "EVSE", evse: { id: 1 } }, { name: "Power" }), "EVSE[1].Power"],
      [of({ name: "EVSE", instance: "left", evse: { id: 1 } }, { name: "Power" }), `EVSE["left"][1].Power`],
      [of({ name: "Connector", evse: { id: 1, connectorId: 2 } }, { name: "Available" }), "Connector[1,2].Available"],
      [
        of({ name: "OCPPCommCtrlr" }, { name: "MessageAttempts", instance: "TransactionEvent" }),
        `OCPPCommCtrlr.MessageAttempts["TransactionEvent"]`
      ],
      [of({ name: "A.B" }, { name: "C\n" }), `"A.B"."C\\n"`]
    ] as const) {
      assert.strictEqual(Variable.text(address), text)
    }
    const entries = of({ name: "LocalAuthListCtrlr" }, { name: "Entries" })
    assert.strictEqual(Variable.text(entries, "maxLimit"), "LocalAuthListCtrlr.Entries.maxLimit")
    assert.strictEqual(Variable.text(entries, "Actual"), "LocalAuthListCtrlr.Entries")
  })

  it(`[BLK-01] has one key whatever the case of its names, and no other address has it (seed ${seed})`, () => {
    const random = Seeded.make(seed)
    const aspects = Variable.Aspect.literals
    const byKey = new Map<string, string>()
    for (let run = 0; run < 20_000; run++) {
      const address = generate(random)
      const aspect = random.pick(aspects)
      const key = Variable.key(address, aspect)
      const meant = `${folded(address)} ${aspect}`
      assert.strictEqual(byKey.get(key) ?? meant, meant, key)
      byKey.set(key, meant)
      // oxlint-disable-next-line no-control-regex -- these are what must not be there
      assert.notMatch(Variable.text(address, aspect), /[\u0000-\u001f\u202e]/)
    }
    assert.strictEqual(new Set(byKey.values()).size, byKey.size)
    assert.isAbove(byKey.size, 10_000)
  })

  it("[BLK-01] is equal to one in another case, and to no other", () => {
    const one = of({ name: "Connector", evse: { id: 1, connectorId: 1 } }, { name: "Available" })
    assert.isTrue(Variable.equals(one, of({ ...one.component, name: "CONNECTOR" }, { name: "available" })))
    assert.isFalse(Variable.equals(one, of({ ...one.component, evse: { id: 1 } }, one.variable)))
  })

  it("is sorted by component, EVSE and connector as numbers, and variable", () => {
    const sorted = [
      of({ name: "ChargingStation" }, { name: "Model" }),
      of({ name: "connector", evse: { id: 2, connectorId: 1 } }, { name: "Available" }),
      of({ name: "Connector", evse: { id: 2, connectorId: 1 } }, { name: "SupplyPhases" }),
      of({ name: "Connector", evse: { id: 2, connectorId: 2 } }, { name: "Available" }),
      of({ name: "Connector", evse: { id: 10, connectorId: 1 } }, { name: "Available" })
    ]
    assert.deepStrictEqual(sorted.toReversed().toSorted(Variable.Order), sorted)
  })

  it(`of 2.x is one of the domain, and back (seed ${seed})`, () => {
    const random = Seeded.make(seed)
    for (let run = 0; run < 500; run++) {
      const address = generate(random)
      assert.isTrue(Schema.is(Variable.Address)(address))
      for (const request of [V201.GetVariableDataType, V21.GetVariableDataType])
        assert.isTrue(accepts(request, address))
    }
    assert.deepStrictEqual(Variable.Attribute.literals, V201.AttributeEnumType.literals)
  })
})
