/**
 * The standard names of 2.1. The counts are those of the rows in the appendices.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Standard from "../../src/v21/Standard.ts"
import type {
  StandardComponentName,
  StandardComponentVariable,
  StandardVariable,
  StandardVariableName
} from "../../src/v21/Standard.ts"
import * as V21 from "../../src/v21/index.ts"
import { accepts } from "../support/accepts.ts"

const variables: ReadonlyArray<readonly [string, StandardVariable]> = Object.entries(Standard.variables)
const byComponent: ReadonlyArray<readonly [string, ReadonlyArray<StandardComponentVariable>]> = Object.entries(
  Standard.componentVariables
)
const generic: ReadonlyArray<StandardComponentVariable> = Standard.genericVariables
const rows = [...generic, ...byComponent.flatMap(([, own]) => own)]

const assertDistinct = (names: ReadonlyArray<string>): void => assert.strictEqual(new Set(names).size, names.length)

const identity = ({ attributes = [], instance = "", variable }: StandardComponentVariable): string =>
  JSON.stringify([variable, instance, attributes])

describe("standard names of 2.1", () => {
  it("there are 79 components and 5 that have only variables, every one a legal component", () => {
    assert.strictEqual(Standard.components.length, 84)
    assertDistinct(Standard.components)
    for (const name of Standard.components) assert.isTrue(accepts(V21.ComponentType, { name }), name)
  })

  it("there are 241 variables, two of them listed twice, every one a legal variable", () => {
    assert.strictEqual(variables.length, 239)
    for (const [name] of variables) assert.isTrue(accepts(V21.VariableType, { name }), name)
  })

  it("there are 74 generic variables and 363 of components, every one a legal variable and none twice", () => {
    assert.strictEqual(generic.length, 74)
    assert.strictEqual(rows.length - generic.length, 363)
    assertDistinct(generic.map(identity))
    for (const [component, own] of byComponent) {
      assert.include<string>(Standard.components, component)
      assertDistinct(own.map(identity))
    }
    for (const { instance, variable } of rows) {
      const value = instance === undefined ? { name: variable } : { name: variable, instance }
      assert.isTrue(accepts(V21.VariableType, value), variable)
    }
    assert.strictEqual(rows.filter(({ required }) => required === true).length, 122)
    assert.strictEqual(rows.filter(({ required }) => required === "V2X").length, 8)
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
        assert.isTrue(accepts(V21.VariableCharacteristicsType, characteristics), name)
        if (unit !== undefined) used.add(unit)
      }
    }
    for (const unit of used) assert.include<string>(Standard.unitsOfMeasure, unit)
  })

  it("there are 34 units of measure, every one a legal unit", () => {
    assert.strictEqual(Standard.unitsOfMeasure.length, 34)
    assertDistinct(Standard.unitsOfMeasure)
    for (const unit of Standard.unitsOfMeasure) assert.isTrue(accepts(V21.UnitOfMeasureType, { unit }), unit)
  })

  it("there are 56 reason codes, every one a legal code", () => {
    assert.strictEqual(Standard.reasonCodes.length, 56)
    assertDistinct(Standard.reasonCodes)
    for (const reasonCode of Standard.reasonCodes)
      assert.isTrue(accepts(V21.StatusInfoType, { reasonCode }), reasonCode)
  })

  it("there are 21 security events, 16 of them critical, every one a legal type", () => {
    const events = Object.entries(Standard.securityEvents)
    assert.strictEqual(events.length, 21)
    assert.strictEqual(events.filter(([, { critical }]) => critical).length, 16)
    for (const [type] of events) {
      const notification = { type, timestamp: "2026-11-22T06:00:00Z" }
      assert.isTrue(accepts(V21.SecurityEventNotificationRequest, notification), type)
    }
  })

  it("there are 31 connector types, 11 identifier types, 4 sources of limits and 7 ways to sign, every one legal", () => {
    const lists = [
      [Standard.connectorTypes, 31, V21.ConnectorEnumStringType],
      [Standard.idTokenTypes, 11, V21.IdTokenEnumStringType],
      [Standard.chargingLimitSources, 4, V21.ChargingLimitSourceEnumStringType],
      [Object.keys(Standard.signingMethods), 7, V21.SigningMethodEnumStringType]
    ] as const
    for (const [names, count, schema] of lists) {
      assert.strictEqual(names.length, count)
      assertDistinct(names)
      for (const name of names) assert.isTrue(accepts(schema, name), name)
    }
  })

  it("there are 2 and 11 types of additional information, 22 brands and 9 kinds of payment, every one legal", () => {
    const types = [...Standard.additionalInfoTypes, ...Standard.adHocAdditionalInfoTypes]
    const values = [...Standard.paymentBrands, ...Standard.paymentRecognitions]
    assert.deepStrictEqual([Standard.additionalInfoTypes.length, Standard.adHocAdditionalInfoTypes.length], [2, 11])
    assert.deepStrictEqual([Standard.paymentBrands.length, Standard.paymentRecognitions.length], [22, 9])
    for (const names of [types, Standard.paymentBrands, Standard.paymentRecognitions]) assertDistinct(names)
    for (const type of types) assert.isTrue(accepts(V21.AdditionalInfoType, { additionalIdToken: "", type }), type)
    for (const additionalIdToken of values) {
      assert.isTrue(accepts(V21.AdditionalInfoType, { additionalIdToken, type: "PaymentBrand" }), additionalIdToken)
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
