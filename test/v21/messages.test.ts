/**
 * The messages of 2.1 against the official JSON Schemas.
 */
import { assert, describe, it } from "@effect/vitest"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { accepts } from "../support/accepts.ts"
import * as Constraints from "../support/constraints.ts"
import { customDataIsTheOneExtension } from "../support/customData.ts"
import { differencesOfEveryVersion, prove } from "../support/proof.ts"

const { actions, messages } = prove({
  name: "2.1",
  module: V21,
  blocks: {
    Authorization: 5,
    Availability: 3,
    BatterySwapping: 2,
    BidirectionalPowerTransfer: 2,
    DERControl: 6,
    DataTransfer: 1,
    Diagnostics: 15,
    DisplayMessage: 4,
    FirmwareManagement: 5,
    ISO15118CertificateManagement: 5,
    LocalAuthorizationListManagement: 2,
    MeterValues: 1,
    Provisioning: 9,
    RemoteControl: 4,
    Reservation: 3,
    Security: 4,
    SmartCharging: 13,
    TariffAndCost: 5,
    Transactions: 2
  },
  startedByStation: [
    "Authorize",
    "BatterySwap",
    "BootNotification",
    "ClearedChargingLimit",
    "ClosePeriodicEventStream",
    "FirmwareStatusNotification",
    "Get15118EVCertificate",
    "GetCertificateChainStatus",
    "GetCertificateStatus",
    "Heartbeat",
    "LogStatusNotification",
    "MeterValues",
    "NotifyChargingLimit",
    "NotifyCustomerInformation",
    "NotifyDERAlarm",
    "NotifyDERStartStop",
    "NotifyDisplayMessages",
    "NotifyEVChargingNeeds",
    "NotifyEVChargingSchedule",
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyPeriodicEventStream",
    "NotifyPriorityCharging",
    "NotifyReport",
    "NotifySettlement",
    "OpenPeriodicEventStream",
    "PublishFirmwareStatusNotification",
    "PullDynamicScheduleUpdate",
    "ReportChargingProfiles",
    "ReportDERControl",
    "ReservationStatusUpdate",
    "SecurityEventNotification",
    "SignCertificate",
    "StatusNotification",
    "TransactionEvent",
    "VatNumberValidation"
  ],
  inapplicable: ["empty list", "no multiple", "other multiple", "text too short"],
  differences: differencesOfEveryVersion(
    { id: "urn:HeartbeatResponse", of: (currentTime) => ({ currentTime }) },
    { id: "urn:GetDERControlRequest", of: (requestId) => ({ requestId }) }
  )
})

/** Where an enumeration of 2.0.1 is any text in 2.1. */
const opened = (
  before: Constraints.Constraints,
  after: Constraints.Constraints | undefined,
  path: string
): ReadonlyArray<readonly [path: string, Constraints.Constraints]> => [
  ...(before.enum !== undefined && after !== undefined && after.enum === undefined ? [[path, after] as const] : []),
  ...Object.entries(before.properties ?? {}).flatMap(([name, property]) =>
    opened(property, after?.properties?.[name], `${path}.${name}`)
  ),
  ...(before.items === undefined ? [] : opened(before.items, after?.items, path))
]

const enumerations = (module: object): ReadonlyArray<string> =>
  Object.keys(module).filter((name) => name.endsWith("EnumType"))

describe("rules", () => {
  it("[SCH-05] NotifyPeriodicEventStream is the only SEND: 91 actions have 181 messages", () => {
    assert.deepStrictEqual(
      actions.filter(({ response }) => response === undefined).map(({ name }) => name),
      ["NotifyPeriodicEventStream"]
    )
    assert.strictEqual(messages.size, 181)
  })

  it("[SCH-05] three enumerations of 2.0.1 are gone, and what had their type takes any text of 20 characters", () => {
    const kept = new Set(enumerations(V21))
    const gone = enumerations(V201).filter((name) => !kept.has(name))
    assert.sameMembers(gone, ["ChargingLimitSourceEnumType", "ConnectorEnumType", "IdTokenEnumType"])
    for (const text of [
      V21.ChargingLimitSourceEnumStringType,
      V21.ConnectorEnumStringType,
      V21.IdTokenEnumStringType
    ]) {
      assert.deepStrictEqual(Constraints.ofSchema(text), { type: ["string"], maxLength: 20 })
    }
  })

  it("[SCH-05] no other field of a message was an enumeration and is open now", () => {
    const places = V201.actions.flatMap((before) => {
      const after = actions.find(({ name }) => name === before.name)!
      return [
        ...opened(Constraints.ofSchema(before.request), Constraints.ofSchema(after.request), `${before.name}Request`),
        ...opened(
          Constraints.ofSchema(before.response),
          Constraints.ofSchema(after.response!),
          `${before.name}Response`
        )
      ]
    })
    for (const [path, after] of places) assert.deepStrictEqual(after, { type: ["string"], maxLength: 20 }, path)
    assert.sameMembers(
      places.map(([path]) => path),
      [
        "AuthorizeRequest.idToken.type",
        "AuthorizeResponse.idTokenInfo.groupIdToken.type",
        "ClearedChargingLimitRequest.chargingLimitSource",
        "CustomerInformationRequest.idToken.type",
        "GetChargingProfilesRequest.chargingProfile.chargingLimitSource",
        "NotifyChargingLimitRequest.chargingLimit.chargingLimitSource",
        "ReportChargingProfilesRequest.chargingLimitSource",
        "RequestStartTransactionRequest.groupIdToken.type",
        "RequestStartTransactionRequest.idToken.type",
        "ReserveNowRequest.connectorType",
        "ReserveNowRequest.groupIdToken.type",
        "ReserveNowRequest.idToken.type",
        "SendLocalListRequest.localAuthorizationList.idToken.type",
        "SendLocalListRequest.localAuthorizationList.idTokenInfo.groupIdToken.type",
        "TransactionEventRequest.idToken.type",
        "TransactionEventResponse.idTokenInfo.groupIdToken.type"
      ]
    )
  })

  it("[SCH-05] a text that is no standard value is refused in 2.0.1 and taken in 2.1", () => {
    for (const [value, before, after] of [
      ["VIN", false, true],
      ["Local", true, true],
      ["Vendor.Own", false, true],
      ["x".repeat(21), false, false]
    ] as const) {
      const idToken = { idToken: { idToken: "04E91C5A", type: value } }
      assert.strictEqual(accepts(V201.AuthorizeRequest, idToken), before, value)
      assert.strictEqual(accepts(V21.AuthorizeRequest, idToken), after, value)
    }
  })

  customDataIsTheOneExtension(messages, {
    objects: 693,
    anything: ["urn:DataTransferRequest/data", "urn:DataTransferResponse/data"]
  })

  it("an EVSE is not negative, as the official schemas say", () => {
    assert.isTrue(accepts(V21.ResetRequest, { type: "OnIdle", evseId: 0 }))
    assert.isFalse(accepts(V21.ResetRequest, { type: "OnIdle", evseId: -1 }))
  })
})
