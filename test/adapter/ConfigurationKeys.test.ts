/**
 * The configuration keys of 1.6 and 1.5 as variables of 2.x: the tables, and that values survive the way there and back.
 */
import { assert, describe, expect, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { join } from "node:path"
import * as ConfigurationKeys from "../../src/adapter/ConfigurationKeys.ts"
import { Variable } from "../../src/domain/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16Standard from "../../src/v16/Standard.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201Standard from "../../src/v201/Standard.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21Standard from "../../src/v21/Standard.ts"
import * as V21 from "../../src/v21/index.ts"
import { accepts } from "../support/accepts.ts"
import { tableOf } from "../support/markdown.ts"
import * as Seeded from "../support/seeded.ts"

const seed = process.env["OCPP_TEST_SEED"] ?? "keys"

const { conversions, standard, standard15 } = ConfigurationKeys
const { find, fromVariables, keyOf, mappings, toVariables, variables } = standard

type Backed = ConfigurationKeys.KeyMapping | ConfigurationKeys.ConnectionMapping

const isBacked = (mapping: ConfigurationKeys.Mapping): mapping is Backed =>
  mapping._tag === "Key" || mapping._tag === "Connection"

const backed = mappings.filter(isBacked)

const targetsOf = (mapping: ConfigurationKeys.Mapping): ReadonlyArray<ConfigurationKeys.Target> =>
  mapping._tag === "VendorOnly"
    ? []
    : mapping._tag === "Derived"
      ? mapping.sources
      : mapping.zero === undefined
        ? [mapping.target]
        : [mapping.zero, mapping.target]

type StandardKey = Pick<V16Standard.StandardConfigurationKey, "access" | "type" | "unit">

const flag = { access: "RW", type: "boolean" } as const

/** The keys of Plug & Charge, and of costs on the display. */
const keysOfExtensions = {
  ISO15118PnCEnabled: flag,
  CentralContractValidationAllowed: flag,
  ContractValidationOffline: flag,
  CertSigningWaitMinimum: { access: "RW", type: "integer", unit: "seconds" },
  CertSigningRepeatTimes: { access: "RW", type: "integer", unit: "times" },
  CustomDisplayCostAndPrice: { access: "R", type: "boolean" },
  DefaultPrice: { access: "RW", type: "string" },
  CustomMultiLanguageMessages: { access: "R", type: "boolean" },
  SupportedLanguages: { access: "R", type: "CSL" },
  Language: { access: "RW", type: "string" },
  DefaultPriceText: { access: "RW", type: "string" },
  TimeOffset: { access: "RW", type: "string" },
  NextTimeOffsetTransitionDateTime: { access: "RW", type: "string" },
  TimeOffsetNextTransition: { access: "RW", type: "string" },
  CustomIdleFeeAfterStop: flag
} as const

const standardKeys: ReadonlyMap<string, StandardKey> = new Map<string, StandardKey>(
  Object.entries({ ...V16Standard.configurationKeys, ...keysOfExtensions })
)

interface Standard {
  readonly components: ReadonlyArray<string>
  readonly componentVariables: object
  readonly genericVariables: ReadonlyArray<V201Standard.StandardComponentVariable>
}

/** What the appendices say of a variable. */
const inAppendix = (
  { componentVariables, genericVariables }: Standard,
  { component, variable }: Variable.Address
): V201Standard.StandardComponentVariable | undefined => {
  const own = new Map<string, ReadonlyArray<V201Standard.StandardComponentVariable>>(Object.entries(componentVariables))
  return [...(own.get(component.name) ?? []), ...genericVariables].find(
    (row) =>
      row.variable === variable.name &&
      // It can be one for each of them.
      (row.instance === variable.instance ||
        row.instance === "<vendorId>" ||
        // P2 Referenced Components and Variables has it, the appendices have only the offset of today.
        (row.variable === "TimeOffset" && variable.instance === "NextTransition"))
  )
}

/** 2.0.1 has the variable only by the application note on costs, which its appendix does not know. */
const since21: ReadonlySet<string> = new Set(["Language", "SupportedLanguages"])

const address = (component: string | Variable.Component, variable: string, instance?: string): Variable.Address => ({
  component: typeof component === "string" ? { name: component } : component,
  variable: instance === undefined ? { name: variable } : { name: variable, instance }
})

const value = (at: Variable.Address, text: string, aspect: Variable.Aspect = "Actual"): Variable.Value => ({
  address: at,
  aspect,
  value: text
})

const ofConnector = (id: number, connectorId: number, variable: string): Variable.Address =>
  address({ name: "Connector", evse: { id, connectorId } }, variable)

/** What a translation gives: the values, and what was lost. */
const written = (key: string, text: string, connectors?: ConfigurationKeys.Connectors) => {
  const { lost, values } = Result.getOrThrow(toVariables(key, text, connectors))
  return {
    values: values.map((one) => `${Variable.text(one.address, one.aspect)}=${one.value}`),
    lost: lost.map(({ item }) => item)
  }
}

const read = (key: string, values: ReadonlyArray<Variable.Value>, connectors?: ConfigurationKeys.Connectors) => {
  const { lost, ...rest } = Result.getOrThrow(fromVariables(key, values, connectors))
  return { ...rest, lost: lost.map(({ item }) => item) }
}

const failureOf = <A, E>(result: Result.Result<A, E>): E =>
  Result.isFailure(result) ? result.failure : assert.fail("it did not fail")

describe("The table of configuration keys", () => {
  it("has each standard key once", () => {
    assert.sameMembers(
      mappings.map(({ key }) => key),
      [...standardKeys.keys()]
    )
  })

  it("names variables that 2.0.1 and 2.1 have, or that any component of theirs may have", () => {
    for (const mapping of mappings) {
      for (const target of targetsOf(mapping)) {
        for (const [version, appendix] of Object.entries({ "2.0.1": V201Standard, "2.1": V21Standard })) {
          const text = `${mapping.key}: ${Variable.text(target.address)} of ${version}`
          assert.include<string>(appendix.components, target.address.component.name, text)
          const isThere = inAppendix(appendix, target.address) !== undefined
          assert.strictEqual(isThere, version === "2.1" || !since21.has(mapping.key), text)
        }
        assert.isTrue(accepts(V201.GetVariableDataType, target.address), mapping.key)
      }
    }
  })

  it("has one key for each value of a variable", () => {
    const targets = backed.flatMap((mapping) =>
      targetsOf(mapping).map((target) => `${target.each ?? ""} ${Variable.key(target.address, target.aspect)}`)
    )
    assert.strictEqual(new Set(targets).size, targets.length)
  })

  it("converts by what both sides say of the type and the unit", () => {
    const units = { seconds: "s", "%": "Percent", Wh: "Wh", times: undefined } as const
    for (const { conversion, key, target } of backed) {
      const { type, unit } = standardKeys.get(key)!
      const { dataType, units: theirs = [] } = inAppendix(
        since21.has(key) ? V21Standard : V201Standard,
        target.address
      )!
      if (conversion === conversions.boolean) assert.deepStrictEqual([type, dataType], ["boolean", "boolean"], key)
      else if (conversion === conversions.integer) {
        assert.strictEqual(type, "integer", key)
        assert.include(["integer", "decimal"], dataType, key)
      } else assert.include(["string", "passwordString", "dateTime", "MemberList", "OptionList"], dataType, key)
      // The appendix leaves out some units that the text of the specification names.
      if (theirs.length > 0) assert.strictEqual(theirs.join(), units[unit ?? "times"], key)
    }
  })

  it("only derives what a CSMS of 1.6 cannot write, and leaves out what has no counterpart", () => {
    for (const { _tag, key } of mappings) {
      if (_tag === "Derived") assert.strictEqual(standardKeys.get(key)?.access, "R", key)
    }
    assert.deepStrictEqual(
      mappings.filter(({ _tag }) => _tag === "VendorOnly").map(({ key }) => key),
      [
        "BlinkRepeat",
        "SupportedFeatureProfilesMaxLength",
        "StopTransactionMaxMeterValues",
        "DefaultPrice",
        "DefaultPriceText",
        "CustomIdleFeeAfterStop"
      ]
    )
  })

  it(`[BLK-01] finds a key in any case, and its variables too (seed ${seed})`, () => {
    const random = Seeded.make(seed)
    const anyCase = (text: string): string =>
      Array.from(text, (char) => (random.next() < 0.5 ? char.toUpperCase() : char.toLowerCase())).join("")
    for (const mapping of mappings) {
      assert.strictEqual(Option.getOrUndefined(find(anyCase(mapping.key))), mapping)
      if (!isBacked(mapping)) continue
      const { address: at, aspect, each } = mapping.target
      const component = each === undefined ? at.component : { ...at.component, evse: { id: 3, connectorId: 1 } }
      const spelt = { component: { ...component, name: anyCase(component.name) }, variable: at.variable }
      assert.deepStrictEqual(keyOf(spelt, aspect), Option.some(mapping.key))
    }
    assert.deepStrictEqual(find("constructor"), Option.none())
  })

  it("has no key for a variable that none is backed by, nor for another of its values", () => {
    for (const [at, aspect] of [
      [address("ReservationCtrlr", "Available"), "Actual"],
      [address("SampledDataCtrlr", "TxEndedInterval"), "Actual"],
      [address("LocalAuthListCtrlr", "Entries"), "Actual"],
      [address("AuthCtrlr", "LocalPreAuthorize"), "Target"],
      [address("OCPPCommCtrlr", "MessageAttempts"), "Actual"],
      [address("Connector", "PhaseRotation"), "Actual"],
      [address({ name: "Connector", evse: { id: 1 } }, "PhaseRotation"), "Actual"],
      [address({ name: "AuthCtrlr", evse: { id: 1 } }, "LocalPreAuthorize"), "Actual"]
    ] as const) {
      assert.deepStrictEqual(keyOf(at, aspect), Option.none(), Variable.text(at, aspect))
    }
    assert.deepStrictEqual(keyOf(ofConnector(2, 1, "PhaseRotation")), Option.some("ConnectorPhaseRotation"))
    assert.deepStrictEqual(keyOf(address("ChargingStation", "PhaseRotation")), Option.some("ConnectorPhaseRotation"))
  })
})

describe("The table of 1.5", () => {
  it("has its keys, as it writes them", () => {
    assert.deepStrictEqual(standard15.mappings.map(({ key }) => key).toSorted(), [
      "BlinkRepeat",
      "ChargePointId",
      "ClockAlignedDataInterval",
      "ConnectionTimeOut",
      "HeartBeatInterval",
      "LightIntensity",
      "MeterValueSampleInterval",
      "MeterValuesAlignedData",
      "MeterValuesSampledData",
      "ProximityContactRetries",
      "ProximityLockRetries",
      "ResetRetries",
      "StopTxnAlignedData",
      "StopTxnSampledData"
    ])
    for (const mapping of standard15.mappings.filter(isBacked)) {
      const { address: at, aspect } = mapping.target
      assert.deepStrictEqual(
        keyOf(at, aspect).pipe(Option.map((key) => key.toLowerCase())),
        Option.some(mapping.key.toLowerCase())
      )
    }
  })

  it("reads measurands of 1.6, and writes none", () => {
    const at = address("SampledDataCtrlr", "TxUpdatedMeasurands")
    assert.deepStrictEqual(
      Result.map(standard15.toVariables("metervaluessampleddata", "SoC,Voltage.L1"), ({ lost, values }) => [
        values[0]?.value,
        lost.map(({ item }) => item)
      ]),
      Result.succeed(["SoC,Voltage", ["Voltage.L1"]])
    )
    assert.deepStrictEqual(
      standard15.fromVariables("MeterValuesSampledData", [value(at, "Voltage,SoC,Frequency,Power.Active.Import")]),
      Result.succeed({
        key: "MeterValuesSampledData",
        value: "Voltage,Power.Active.Import",
        lost: ["SoC", "Frequency"].map((item) => ({ item, reason: "1.5 has no such measurand" }))
      })
    )
  })

  it("takes keys of 1.6 and of a vendor beside its own", () => {
    const own = [...mappings.filter(({ key }) => key === "LocalAuthListEnabled"), ...standard15.mappings.slice(0, 1)]
    const keys = Result.getOrThrow(ConfigurationKeys.make(own, "1.5"))
    assert.lengthOf(keys.mappings, 15)
    assert.isTrue(Option.isSome(keys.find("localAuthListEnabled")))
    const { key } = failureOf(standard15.toVariables("LocalAuthListEnabled", "true"))
    assert.strictEqual(key, "LocalAuthListEnabled")
  })
})

describe("The documentation of the keys", () => {
  it("is made of the table", async () => {
    await expect(page()).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/configuration-keys.md"))
  })
})

// ---------------------------------------------------------------------------------------------------------------------
// values
// ---------------------------------------------------------------------------------------------------------------------

const shared = V16.Measurand.literals.filter((one) => V201.MeasurandEnumType.literals.some((other) => other === one))
const rotations = ["RST", "RTS", "SRT", "STR", "TRS", "TSR"]

const twice = (text: string): readonly [string, string] => [text, text]

/** Values of a key and of its variable that mean the same, each in a spelling that has to be read, and all of it. */
const pairs = (random: Seeded.Seeded): ReadonlyMap<ConfigurationKeys.Conversion, () => readonly [string, string]> => {
  const some = (words: ReadonlyArray<string>): ReadonlyArray<string> =>
    words.filter(() => random.next() < 0.4).toSorted(() => random.next() - 0.5)
  const list = (words: ReadonlyArray<string>): (() => readonly [string, string]) => {
    return () => twice(some(words).join(random.pick([",", ", ", " ,"])))
  }
  return new Map<ConfigurationKeys.Conversion, () => readonly [string, string]>([
    [conversions.text, () => twice(random.pick(["", "ACME", " ü,漢🔋 ", "true", "007", "A".repeat(500)]))],
    [conversions.list, list(["en", "nl", "de-CH", "ACME"])],
    [conversions.boolean, () => random.pick([twice("true"), twice("False"), ["TRUE", "true"]])],
    [
      conversions.integer,
      () => twice(random.pick(["0", "-0", "007", "+5", " 12 ", "-2147483648", "2147483647", "300.0", "900"]))
    ],
    [conversions.measurands, list(shared)],
    [conversions.measurands15, list(V15.Measurand.literals.filter((one) => one !== "Temperature"))],
    [conversions.fileTransferProtocols, list(["FTP", "FTPS", "HTTP", "HTTPS"])],
    [
      conversions.rateUnits,
      () =>
        random.pick([
          ["Current", "A"] as const,
          ["Power, current", "W,A"] as const,
          ["A,W", "A, W"] as const,
          twice("")
        ])
    ],
    [
      conversions.password,
      () => {
        const text = random.pick([
          "0123456789abcdef",
          "pässwort-1234567",
          "\uFEFFabcdefghijklmno",
          "🔋🔋🔋🔋",
          "*-_=:+|@.AZaz09*-_="
        ])
        const hexadecimal = Buffer.from(text).toString("hex")
        return [random.pick([hexadecimal, hexadecimal.toUpperCase()]), text] as const
      }
    ],
    [
      conversions.phaseRotation,
      () => {
        const rotation = random.pick([...rotations, ""])
        return [rotation === "" ? "Unknown" : rotation, rotation] as const
      }
    ]
  ])
}

/** The values of all variables of a key, with the same text. */
const valuesOf = ({ target, zero }: Backed, text: string): ReadonlyArray<Variable.Value> =>
  target.each === undefined
    ? [value(target.address, text, target.aspect)]
    : [
        value(zero!.address, text),
        ...[1, 2, 3].map((id) => value(ofConnector(id, 1, target.address.variable.name), text))
      ]

describe("The value of a key", () => {
  it(`is the same after the way to 2.x and back, and that of a variable after the way to 1.6 and back (seed ${seed})`, () => {
    const random = Seeded.make(seed)
    const generators = pairs(random)
    for (const mapping of backed) {
      const { conversion, key, target } = mapping
      for (let run = 0; run < 100; run++) {
        const [ofKey, ofVariable] = generators.get(conversion)!()
        const asKey = target.each === undefined ? ofKey : [0, 1, 2, 3].map((at) => `${at}.${ofKey}`).join(", ")
        const there = Result.getOrThrow(toVariables(key, asKey))
        const back = Result.getOrThrow(fromVariables(key, valuesOf(mapping, ofVariable)))
        assert.deepStrictEqual([there.lost, back.lost], [[], []], key)
        // Both are written in one way only.
        const again = Result.getOrThrow(fromVariables(key, there.values))
        const thereAgain = Result.getOrThrow(toVariables(key, back.value))
        assert.deepStrictEqual(Result.getOrThrow(toVariables(key, again.value)), there, `${key} ${asKey}`)
        assert.deepStrictEqual(Result.getOrThrow(fromVariables(key, thereAgain.values)), back, `${key} ${ofVariable}`)
        if (ofKey.toLowerCase() !== ofVariable.toLowerCase() || conversion === conversions.text) continue
        assert.strictEqual(again.value.toLowerCase(), back.value.toLowerCase(), key)
      }
    }
  })

  it(`is read or refused, whatever it is, and means the same whenever it is read again (seed ${seed})`, () => {
    const random = Seeded.make(seed)
    const generators = pairs(random)
    const pieces = [
      "0.",
      "1.",
      "2.RST",
      ",",
      " ",
      "x",
      "-",
      "+",
      ".0",
      "é",
      "\n",
      "\uD800",
      "Temperature",
      "Voltage.L1-N",
      "SFTP",
      "NotApplicable",
      "RSx",
      "FF"
    ]
    for (const mapping of backed) {
      const { conversion, key } = mapping
      for (let run = 0; run < 200; run++) {
        const [ofKey, ofVariable] = generators.get(conversion)!()
        const junk = Array.from({ length: random.integer(0, 4) }, () =>
          random.pick([...pieces, ofKey, ofVariable])
        ).join("")
        if (junk.length > 500) continue
        const there = toVariables(key, junk)
        if (Result.isSuccess(there) && there.success.values.length > 0) {
          const back = Result.getOrThrow(fromVariables(key, there.success.values))
          if (back.lost.length > 0) continue
          assert.deepStrictEqual(
            Result.getOrThrow(toVariables(key, back.value)).values,
            there.success.values,
            `${key} ${junk}`
          )
        }
        const back = fromVariables(key, valuesOf(mapping, junk))
        if (Result.isSuccess(back)) {
          const again = Result.getOrThrow(toVariables(key, back.success.value))
          if (again.lost.length > 0) continue
          assert.strictEqual(
            Result.getOrThrow(fromVariables(key, again.values)).value,
            back.success.value,
            `${key} ${junk}`
          )
        }
      }
    }
  })

  it("[BLK-01] is a boolean in any case, and written in lower case", () => {
    assert.deepStrictEqual(written("AuthorizeRemoteTxRequests", "TRUE").values, ["AuthCtrlr.AuthorizeRemoteStart=true"])
    assert.strictEqual(
      read("StopTransactionOnEVSideDisconnect", [value(address("TxCtrlr", "StopTxOnEVSideDisconnect"), "False")]).value,
      "false"
    )
    for (const wrong of ["1", "yes", ""]) {
      const error = failureOf(toVariables("reserveConnectorZeroSupported", wrong))
      assert.strictEqual(error._tag, "UnreadableValue")
      assert.strictEqual(error.message, `ReserveConnectorZeroSupported: "${wrong}" is not true or false`)
    }
  })

  it("is a whole number of 32 bits, as 2.x writes it", () => {
    assert.deepStrictEqual(written("HeartbeatInterval", "+0300").values, ["OCPPCommCtrlr.HeartbeatInterval=300"])
    for (const wrong of ["", "3 00", "300s", "3e2", "0x10", "2147483648", "1.5", "∞", "NaN", "9".repeat(400)]) {
      assert.strictEqual(failureOf(toVariables("HeartbeatInterval", wrong))._tag, "UnreadableValue", wrong)
    }
    const level = address("EnvironmentalLighting", "Percent")
    assert.strictEqual(read("LightIntensity", [value(level, "50.0")]).value, "50")
    assert.include(failureOf(fromVariables("LightIntensity", [value(level, "50.5")])).message, "a whole number")
  })

  it("is a list of measurands, of which those are told that the other side has not", () => {
    const key = "MeterValuesSampledData"
    const at = address("SampledDataCtrlr", "TxUpdatedMeasurands")
    assert.deepStrictEqual(
      written(key, "Energy.Active.Import.Register, voltage.L1, Voltage.L2-N, Temperature,,RPM,X"),
      {
        values: ["SampledDataCtrlr.TxUpdatedMeasurands=Energy.Active.Import.Register,Voltage"],
        lost: ["voltage.L1", "Voltage.L2-N", "Temperature", "RPM", "X"]
      }
    )
    assert.deepStrictEqual(read(key, [value(at, "SoC,Energy.Active.Net,Energy.Apparent.Import,soc")]), {
      key,
      value: "SoC",
      lost: ["Energy.Active.Net", "Energy.Apparent.Import"]
    })
    // Every one that both have, with every phase of 1.6, and no other.
    for (const measurand of V16.Measurand.literals) {
      const expected = shared.includes(measurand) ? measurand : ""
      const both = [V201.MeasurandEnumType, V21.MeasurandEnumType].every(({ literals }) =>
        literals.some((one) => one === measurand)
      )
      assert.strictEqual(both, expected !== "", measurand)
      assert.deepStrictEqual(written(key, measurand).values, [`${Variable.text(at)}=${expected}`])
      for (const phase of V16.Phase.literals) {
        assert.deepStrictEqual(written(key, `${measurand}.${phase}`).values, [`${Variable.text(at)}=${expected}`])
      }
    }
    for (const measurand of new Set([...V201.MeasurandEnumType.literals, ...V21.MeasurandEnumType.literals])) {
      const inBoth = shared.some((one) => one === measurand)
      const synonym = { "Current.Import.Offered": "Current.Offered", "Power.Import.Offered": "Power.Offered" }[
        measurand as string
      ]
      assert.strictEqual(read(key, [value(at, measurand)]).value, synonym ?? (inBoth ? measurand : ""), measurand)
    }
  })

  it("is a language, and the list of those that there are", () => {
    assert.deepStrictEqual(written("SupportedLanguages", "en, nl,,de-CH ,nl"), {
      values: ["DisplayMessageCtrlr.Language.valuesList=en,nl,de-CH"],
      lost: []
    })
    const at = address("DisplayMessageCtrlr", "Language")
    const values = [value(at, "nl"), value(at, "en,nl", "valuesList")]
    assert.strictEqual(read("SupportedLanguages", values).value, "en,nl")
    assert.strictEqual(read("Language", values).value, "nl")
  })

  it("is an offset of the clock, and another one from a time on", () => {
    const [offset, next] = [address("ClockCtrlr", "TimeOffset"), address("ClockCtrlr", "TimeOffset", "NextTransition")]
    const values = [value(offset, "-05:00"), value(next, "-04:00")]
    assert.strictEqual(read("TimeOffset", values).value, "-05:00")
    assert.strictEqual(read("TimeOffsetNextTransition", values).value, "-04:00")
    assert.deepStrictEqual(written("TimeOffsetNextTransition", "-04:00").values, [
      'ClockCtrlr.TimeOffset["NextTransition"]=-04:00'
    ])
  })

  it("is a list of units or protocols in the words of the other side", () => {
    assert.deepStrictEqual(written("ChargingScheduleAllowedChargingRateUnit", "Current, Power,Amp"), {
      values: ["SmartChargingCtrlr.RateUnit=A,W"],
      lost: ["Amp"]
    })
    const unit = address("SmartChargingCtrlr", "RateUnit")
    assert.strictEqual(read("ChargingScheduleAllowedChargingRateUnit", [value(unit, "W,A")]).value, "Power,Current")
    const protocols = address("OCPPCommCtrlr", "FileTransferProtocols")
    assert.deepStrictEqual(read("SupportedFileTransferProtocols", [value(protocols, "HTTPS,SFTP")]), {
      key: "SupportedFileTransferProtocols",
      value: "HTTPS",
      lost: ["SFTP"]
    })
    assert.deepStrictEqual(written("SupportedFileTransferProtocols", "SFTP,ftp,TFTP"), {
      values: ["OCPPCommCtrlr.FileTransferProtocols=SFTP,FTP"],
      lost: ["TFTP"]
    })
  })

  it("[SEC-03] is a password in hexadecimal digits, which is text in 2.x and never in an error", () => {
    const at = address("SecurityCtrlr", "BasicAuthPassword")
    assert.deepStrictEqual(written("AuthorizationKey", "30313233343536373839414243444546").values, [
      "SecurityCtrlr.BasicAuthPassword=0123456789ABCDEF"
    ])
    assert.strictEqual(read("authorizationkey", [value(at, "ü😀")]).value, "c3bcf09f9880")
    const secrets = ["0123456789ABCDEG", "30313", "", "ff".repeat(16), "c3", "41".repeat(21), "0123456789abcdef "]
    const texts = ["A".repeat(21), "", "\uD800", "ü".repeat(11)]
    const failures = [
      ...secrets.map((secret) => [secret, failureOf(toVariables("AuthorizationKey", `${secret}!`))] as const),
      ...secrets.slice(0, 6).map((secret) => [secret, failureOf(toVariables("AuthorizationKey", secret))] as const),
      ...texts.map((secret) => [secret, failureOf(fromVariables("AuthorizationKey", [value(at, secret)]))] as const)
    ]
    for (const [secret, error] of failures) {
      assert.strictEqual(error._tag, "UnreadableValue")
      if (secret !== "") assert.notInclude(`${error.message} ${JSON.stringify(error)} ${String(error)}`, secret)
    }
  })

  it("is a list of phase rotations, one variable for each connector", () => {
    const key = "ConnectorPhaseRotation"
    assert.deepStrictEqual(written(key, "0.RST, 1.rts, 2.Unknown,3.NotApplicable"), {
      values: [
        "ChargingStation.PhaseRotation=RST",
        "Connector[1,1].PhaseRotation=RTS",
        "Connector[2,1].PhaseRotation=",
        "Connector[3,1].PhaseRotation="
      ],
      lost: ["3.NotApplicable"]
    })
    const twoOfOne = [
      { id: 1, connectorId: 1 },
      { id: 1, connectorId: 2 }
    ]
    assert.deepStrictEqual(written(key, "2.TSR,1.RST", twoOfOne).values, [
      "Connector[1,2].PhaseRotation=TSR",
      "Connector[1,1].PhaseRotation=RST"
    ])
    const rotation = (connectorId: number, text: string): Variable.Value =>
      value(ofConnector(1, connectorId, "PhaseRotation"), text)
    const values = [
      rotation(3, "RST"),
      rotation(2, "RSx"),
      rotation(1, "TRS"),
      value(address("ChargingStation", "PhaseRotation"), "")
    ]
    assert.deepStrictEqual(read(key, values, twoOfOne), {
      key,
      value: "0.Unknown,1.TRS,2.Unknown",
      lost: ["Connector[1,3].PhaseRotation", "2.RSx"]
    })
    // Without a list of connectors each is the first of its EVSE.
    const ofEvses = [rotation(1, "TSR"), rotation(2, "RST"), value(ofConnector(0, 1, "PhaseRotation"), "RST")]
    assert.deepStrictEqual(read(key, ofEvses), {
      key,
      value: "1.TSR",
      lost: ["Connector[1,2].PhaseRotation", "Connector[0,1].PhaseRotation"]
    })
    for (const wrong of ["RST", "1.XYZ", "1.RST,1.RTS", "3.RST", "-1.RST", "1.", "9999999999.RST"]) {
      assert.strictEqual(failureOf(toVariables(key, wrong, twoOfOne))._tag, "UnreadableValue", wrong)
    }
    assert.strictEqual(failureOf(fromVariables(key, [rotation(1, "ABC")], twoOfOne))._tag, "UnreadableValue")
    assert.deepStrictEqual(
      variables(key, twoOfOne).map(({ address: at }) => Variable.text(at)),
      ["ChargingStation.PhaseRotation", "Connector[1,1].PhaseRotation", "Connector[1,2].PhaseRotation"]
    )
  })

  it("has 500 characters at most in 1.6", () => {
    const at = address("SecurityCtrlr", "OrganizationName")
    assert.strictEqual(read("CpoName", [value(at, "🔋".repeat(500))]).value, "🔋".repeat(500))
    const error = failureOf(fromVariables("CpoName", [value(at, "A".repeat(501))]))
    assert.include(error.message, "at most 500 characters")
    assert.isBelow(error.message.length, 200)
  })

  it("is read under the other name of LocalPreAuthorize, which is never written", () => {
    for (const name of ["LocalPreAuthorize", "LocalPreAuthorization", "localpreauthorization"]) {
      assert.deepStrictEqual(written(name, "true").values, ["AuthCtrlr.LocalPreAuthorize=true"])
      assert.strictEqual(
        read(name, [value(address("AuthCtrlr", "LocalPreAuthorize"), "true")]).key,
        "LocalPreAuthorize"
      )
    }
  })

  it("is not told without its variable, and another value of the variable is not it", () => {
    const entries = address("LocalAuthListCtrlr", "Entries")
    const error = failureOf(fromVariables("LocalAuthListMaxLength", [value(entries, "3")]))
    assert.strictEqual(error._tag, "MissingValue")
    assert.strictEqual(error.message, "LocalAuthListMaxLength needs LocalAuthListCtrlr.Entries.maxLimit")
    assert.strictEqual(
      read("LocalAuthListMaxLength", [value(entries, "3"), value(entries, "100", "maxLimit")]).value,
      "100"
    )
    assert.deepStrictEqual(written("MaxChargingProfilesInstalled", "10").values, [
      `SmartChargingCtrlr.Entries["ChargingProfiles"].maxLimit=10`
    ])
  })
})

const available = (component: string, text: string): Variable.Value => value(address(component, "Available"), text)

describe("A key that is computed", () => {
  it("NumberOfConnectors counts the connectors, and the greatest number of phase rotations is one more", () => {
    const some = [
      value(ofConnector(1, 1, "Available"), "true"),
      value(ofConnector(1, 1, "ConnectorType"), "cCCS2"),
      value(ofConnector(1, 2, "Available"), "true"),
      value(address({ name: "EVSE", evse: { id: 1 } }, "Available"), "true")
    ]
    assert.strictEqual(read("NumberOfConnectors", some).value, "2")
    assert.strictEqual(read("NumberOfConnectors", [], [{ id: 1, connectorId: 1 }]).value, "1")
    assert.strictEqual(read("ConnectorPhaseRotationMaxLength", some).value, "3")
    assert.strictEqual(failureOf(fromVariables("NumberOfConnectors", []))._tag, "MissingValue")
  })

  it("SupportedFeatureProfiles tells what every station of 2.x has, and which controllers this one has", () => {
    const key = "SupportedFeatureProfiles"
    assert.strictEqual(read(key, []).value, "Core,FirmwareManagement,RemoteTrigger")
    assert.strictEqual(
      read(key, [
        available("SmartChargingCtrlr", "true"),
        available("ReservationCtrlr", "false"),
        available("localauthlistctrlr", "True")
      ]).value,
      "Core,FirmwareManagement,LocalAuthListManagement,SmartCharging,RemoteTrigger"
    )
  })

  it("the greatest number of measurands is how many of the longest fit into the characters that there may be", () => {
    const at = address("SampledDataCtrlr", "TxUpdatedMeasurands")
    const limits = (list: string, limit?: string): ReadonlyArray<Variable.Value> => [
      value(at, list, "valuesList"),
      ...(limit === undefined ? [] : [value(at, limit, "maxLimit")])
    ]
    const key = "MeterValuesSampledDataMaxLength"
    for (const [list, limit, items] of [
      ["SoC,Voltage,Frequency", undefined, "3"],
      ["SoC,Voltage,Frequency", "21", "3"],
      ["SoC,Voltage,Frequency", "20", "2"],
      ["SoC,Voltage,Frequency", "17.0", "2"],
      ["SoC,Voltage,Frequency", "16", "1"],
      ["SoC,Voltage,Frequency", "8", "0"],
      ["Energy.Apparent.Import,SoC", "20", "1"]
    ] as const) {
      assert.strictEqual(read(key, limits(list, limit)).value, items, `${list} ${limit}`)
    }
    for (const unknown of [limits(""), limits("SoC", "many"), [value(at, "100", "maxLimit")]]) {
      assert.strictEqual(failureOf(fromVariables(key, unknown))._tag, "MissingValue")
    }
  })

  it("is not written, and one without a counterpart is neither written nor read; both say why", () => {
    for (const mapping of mappings) {
      if (isBacked(mapping)) continue
      const error = failureOf(toVariables(mapping.key, "1"))
      assert.strictEqual(error._tag, "NotMapped")
      if (mapping._tag === "Derived") continue
      assert.include(error.message, mapping.note)
      assert.include(failureOf(fromVariables(mapping.key, [])).message, mapping.note)
      assert.deepStrictEqual(variables(mapping.key, []), [])
    }
    assert.strictEqual(
      failureOf(toVariables("Vendor\nKey", "1")).message,
      "Vendor\\u000aKey has no variable: the key is not known"
    )
  })
})

const own = (
  key: string,
  at: Variable.Address,
  more: Partial<ConfigurationKeys.KeyMapping> = {}
): ConfigurationKeys.KeyMapping => ({
  _tag: "Key",
  key,
  target: { address: at, aspect: "Actual" },
  conversion: conversions.integer,
  ...more
})

describe("A mapping of one's own", () => {
  const blinks = address("BeaconLighting", "BlinkRepeat")

  it("is added to the standard ones, or replaces one", () => {
    const table = Result.getOrThrow(
      ConfigurationKeys.make([
        own("blinkRepeat", blinks),
        own("ACME.Limit", address("ACME", "Limit"), { secret: true })
      ])
    )
    assert.strictEqual(table.mappings.length, mappings.length + 1)
    assert.deepStrictEqual(table.keyOf(blinks), Option.some("blinkRepeat"))
    assert.deepStrictEqual(Result.getOrThrow(table.toVariables("acme.limit", "5")).values, [
      value(address("ACME", "Limit"), "5")
    ])
    assert.notInclude(failureOf(table.toVariables("acme.limit", "hunter2")).message, "hunter2")
    assert.deepStrictEqual(keyOf(blinks), Option.none())
    // The variable of a key that is mapped elsewhere is free for another.
    const swapped = ConfigurationKeys.make([
      own("ResetRetries", blinks),
      own("BlinkRepeat", address("OCPPCommCtrlr", "ResetRetries"))
    ])
    assert.deepStrictEqual(Result.getOrThrow(swapped).keyOf(blinks), Option.some("ResetRetries"))
  })

  it("is refused if it is ambiguous, with the names of both", () => {
    const evse = { id: 1, connectorId: 1 }
    for (const [first, second, list] of [
      ["BlinkRepeat", "blinkrepeat", [own("BlinkRepeat", blinks), own("blinkrepeat", address("ACME", "Blinks"))]],
      ["A", "B", [own("A", blinks), own("B", address("beaconlighting", "BLINKREPEAT"))]],
      ["ResetRetries", "A", [own("A", address("OCPPCommCtrlr", "ResetRetries"))]],
      ["SecurityProfile", "A", [own("A", address("SecurityCtrlr", "SecurityProfile"))]],
      ["LocalPreAuthorize", "LocalPreAuthorization", [own("LocalPreAuthorization", blinks)]],
      ["HeartbeatInterval", "A", [own("A", blinks, { aliases: ["heartbeatinterval"] })]],
      [
        "ConnectorPhaseRotation",
        "A",
        [
          own("A", blinks, {
            target: { address: address("Connector", "PhaseRotation"), aspect: "Actual", each: "Connector" }
          })
        ]
      ],
      ["ConnectorPhaseRotation", "A", [own("A", address({ name: "Connector", evse }, "PhaseRotation"))]],
      [
        "A",
        "B",
        [
          own("A", address({ name: "Connector", evse }, "X")),
          own("B", blinks, {
            target: {
              address: address("Connector", "X"),
              aspect: "Actual",
              each: "Connector"
            }
          })
        ]
      ]
    ] as const) {
      const error = failureOf(ConfigurationKeys.make(list))
      assert.deepStrictEqual([error._tag, error.first, error.second], ["AmbiguousMapping", first, second])
      assert.include(error.message, `${first} and ${second} are both mapped to `)
    }
  })
})

// ---------------------------------------------------------------------------------------------------------------------
// documentation
// ---------------------------------------------------------------------------------------------------------------------

const textOf = ({ address: at, aspect, each }: ConfigurationKeys.Target): string =>
  each === undefined
    ? Variable.text(at, aspect)
    : Variable.text({ ...at, component: { ...at.component, name: "Connector" } }, aspect).replace(
        "Connector",
        "Connector[*,*]"
      )

const rowsOf = ({ mappings: all }: ConfigurationKeys.ConfigurationKeys) =>
  all.map((mapping) => {
    const unit = standardKeys.get(Option.getOrUndefined(find(mapping.key))?.key ?? "")?.unit
    const { aliases = [], note } = mapping
    const conversion = isBacked(mapping)
      ? `${mapping.conversion.name}${unit === undefined ? "" : ` (${unit})`}`
      : mapping._tag === "Derived"
        ? "computed"
        : "–"
    return [
      [mapping.key, ...aliases].map((name) => `\`${name}\``).join(", "),
      mapping._tag,
      targetsOf(mapping)
        .map((target) => `\`${textOf(target)}\``)
        .join(", ") || "–",
      conversion,
      note ?? ""
    ]
  })

const columns = ["Key", "Class", "Variable", "Value", "What to know"]

const page = (): string => `# The configuration keys of 1.x as variables of 2.x

\`effect-ocpp/adapter/keys\` translates the configuration keys of OCPP 1.6 and 1.5 into variables of the device model of 2.0.1
and 2.1, and back, by these tables. Keys of a vendor can be added; two for one variable are refused.

## The classes

- \`Key\`: a variable backs the key. It is the actual value, unless \`maxLimit\` or \`valuesList\` stands behind the variable.
- \`Connection\`: the key is part of how the station connects. The variable tells its value, but may not be what sets it.
- \`Derived\`: the key can only be read, and is computed of these values.
- \`VendorOnly\`: the key has no counterpart. A vendor's own variable can be mapped to it.

## The values

- Booleans, numbers and words are read in any case and with blanks around them, and written in one way: \`true\`, \`300\`,
  \`Voltage,SoC\`. Seconds stay seconds, for both sides have the same units.
- What the other side has no word for is told as lost, with the reason: the measurands \`Temperature\` and \`RPM\`, which 2.x
  has not, those that only 2.x has (but \`Current.Import.Offered\` and \`Power.Import.Offered\`, which are \`Current.Offered\`
  and \`Power.Offered\` in 1.6), a measurand of one phase, a connector with less than three phases. It is for the caller
  to refuse the value for it.
- What cannot be read is refused with the key, the value and the rule that it breaks. The value of a secret is left out.
- A list for connectors, such as \`0.RST, 1.RST\`, is one variable for each of them. Which connector of which EVSE has which
  number in 1.6 is told by the caller; otherwise connector n is the first of EVSE n.

## The table

${tableOf(columns, rowsOf(standard))}

## The table of 1.5

\`standard15\` has the keys of 1.5. All of them but the last three are keys of 1.6; what a station of 1.5 has beside them, such
as keys of 1.6, can be added: \`ConfigurationKeys.make(own, "1.5")\`.

${tableOf(columns, rowsOf(standard15))}
`
