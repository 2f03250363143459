/**
 * The messages of 2.0.1 against the official JSON Schemas.
 */
import { assert, describe, it } from "@effect/vitest"
import * as V201 from "../../src/v201/index.ts"
import { accepts } from "../support/accepts.ts"
import { customDataIsTheOneExtension } from "../support/customData.ts"
import { differencesOfEveryVersion, prove } from "../support/proof.ts"

const { messages } = prove({
  name: "2.0.1",
  module: V201,
  blocks: {
    Authorization: 2,
    Availability: 3,
    DataTransfer: 1,
    Diagnostics: 10,
    DisplayMessage: 4,
    FirmwareManagement: 5,
    ISO15118CertificateManagement: 4,
    LocalAuthorizationListManagement: 2,
    MeterValues: 1,
    Provisioning: 9,
    RemoteControl: 4,
    Reservation: 3,
    Security: 4,
    SmartCharging: 9,
    TariffAndCost: 1,
    Transactions: 2
  },
  startedByStation: [
    "Authorize",
    "BootNotification",
    "ClearedChargingLimit",
    "FirmwareStatusNotification",
    "Get15118EVCertificate",
    "GetCertificateStatus",
    "Heartbeat",
    "LogStatusNotification",
    "MeterValues",
    "NotifyChargingLimit",
    "NotifyCustomerInformation",
    "NotifyDisplayMessages",
    "NotifyEVChargingNeeds",
    "NotifyEVChargingSchedule",
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyReport",
    "PublishFirmwareStatusNotification",
    "ReportChargingProfiles",
    "ReservationStatusUpdate",
    "SecurityEventNotification",
    "SignCertificate",
    "StatusNotification",
    "TransactionEvent"
  ],
  inapplicable: ["empty list", "no multiple", "other multiple", "text too short"],
  differences: differencesOfEveryVersion(
    { id: "urn:Heartbeat.conf", of: (currentTime) => ({ currentTime }) },
    { id: "urn:CancelReservation.req", of: (reservationId) => ({ reservationId }) }
  )
})

describe("rules", () => {
  it("there are 128 messages, and every request has a response", () => {
    assert.strictEqual(messages.size, 128)
    assert.isTrue(V201.actions.every(({ response }) => response !== undefined))
  })

  customDataIsTheOneExtension(messages, {
    objects: 328,
    anything: ["urn:DataTransfer.req/data", "urn:DataTransfer.conf/data"]
  })

  it("an EVSE and a connector are any integers in the official schemas, and so they are here", () => {
    for (const id of [0, -1]) {
      assert.isTrue(
        accepts(V201.ChangeAvailabilityRequest, { operationalStatus: "Operative", evse: { id, connectorId: id } })
      )
      assert.isTrue(accepts(V201.ResetRequest, { type: "OnIdle", evseId: id }))
    }
  })
})
