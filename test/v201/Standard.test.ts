/**
 * The standard names of 2.0.1. The counts are those of the rows in the appendices.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Standard from "../../src/v201/Standard.ts"
import type {
  StandardComponentName,
  StandardComponentVariable,
  StandardVariable,
  StandardVariableName
} from "../../src/v201/Standard.ts"
import * as V201 from "../../src/v201/index.ts"
import { accepts } from "../support/accepts.ts"

const variables: ReadonlyArray<readonly [string, StandardVariable]> = Object.entries(Standard.variables)
const byComponent: ReadonlyArray<readonly [string, ReadonlyArray<StandardComponentVariable>]> = Object.entries(
  Standard.componentVariables
)
const generic: ReadonlyArray<StandardComponentVariable> = Standard.genericVariables
const rows = [...generic, ...byComponent.flatMap(([, own]) => own)]

const assertDistinct = (names: ReadonlyArray<string>): void => assert.strictEqual(new Set(names).size, names.length)

const identity = ({
  attributes = [],
  instance = "",
  variable
}: StandardComponentVariable & { readonly attributes?: ReadonlyArray<string> }): string =>
  JSON.stringify([variable, instance, attributes])

describe("standard names of 2.0.1", () => {
  it("there are 73 components and one that has only variables, every one a legal component", () => {
    assert.strictEqual(Standard.components.length, 74)
    assertDistinct(Standard.components)
    for (const name of Standard.components) assert.isTrue(accepts(V201.ComponentType, { name }), name)
  })

  it("there are 90 variables, every one a legal variable", () => {
    assert.strictEqual(variables.length, 90)
    for (const [name] of variables) assert.isTrue(accepts(V201.VariableType, { name }), name)
  })

  it("there are 69 generic variables and 180 of components, every one a legal variable and none twice", () => {
    assert.strictEqual(generic.length, 69)
    assert.strictEqual(rows.length - generic.length, 180)
    assertDistinct(generic.map(identity))
    for (const [component, own] of byComponent) {
      assert.include<string>(Standard.components, component)
      assertDistinct(own.map(identity))
    }
    for (const { instance, variable } of rows) {
      const value = instance === undefined ? { name: variable } : { name: variable, instance }
      assert.isTrue(accepts(V201.VariableType, value), variable)
    }
    assert.strictEqual(rows.filter(({ required }) => required === true).length, 64)
  })

  it("data types and units are legal characteristics, and the units are standard ones", () => {
    const used = new Set<string>()
    for (const [name, { dataType, units = [] }] of [...variables, ...rows.map((row) => [row.variable, row] as const)]) {
      const reported = dataType === "identifierString" || dataType === "passwordString" ? "string" : dataType
      for (const unit of [undefined, ...units]) {
        const characteristics = {
          dataType: reported,
          supportsMonitoring: false,
          ...(unit === undefined ? {} : { unit })
        }
        assert.isTrue(accepts(V201.VariableCharacteristicsType, characteristics), name)
        if (unit !== undefined) used.add(unit)
      }
    }
    for (const unit of used) assert.include<string>(Standard.unitsOfMeasure, unit)
  })

  it("there are 33 units of measure, every one a legal unit", () => {
    assert.strictEqual(Standard.unitsOfMeasure.length, 33)
    assertDistinct(Standard.unitsOfMeasure)
    for (const unit of Standard.unitsOfMeasure) assert.isTrue(accepts(V201.UnitOfMeasureType, { unit }), unit)
  })

  it("there are 43 reason codes, every one a legal code", () => {
    assert.strictEqual(Standard.reasonCodes.length, 43)
    assertDistinct(Standard.reasonCodes)
    for (const reasonCode of Standard.reasonCodes)
      assert.isTrue(accepts(V201.StatusInfoType, { reasonCode }), reasonCode)
  })

  it("there are 20 security events, 15 of them critical, every one a legal type", () => {
    const events = Object.entries(Standard.securityEvents)
    assert.strictEqual(events.length, 20)
    assert.strictEqual(events.filter(([, { critical }]) => critical).length, 15)
    for (const [type] of events) {
      const notification = { type, timestamp: "2026-11-22T06:00:00Z" }
      assert.isTrue(accepts(V201.SecurityEventNotificationRequest, notification), type)
    }
  })

  it("the types know the names", () => {
    const component: StandardComponentName = "CustomizationCtrlr"
    const variable: StandardVariableName = "CustomImplementationEnabled"
    assert.include<string>(
      Standard.componentVariables[component].map((row) => row.variable),
      variable
    )
    // @ts-expect-error - the standard abbreviates
    const unknown: StandardComponentName = "CustomizationController"
    assert.notInclude<string>(Standard.components, unknown)
  })
})
