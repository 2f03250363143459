/**
 * OCPP 1.6 as XML: what its WSDLs say that its messages do not. The WSDLs do not have the security extension.
 *
 * @see OCPP 1.6 WSDL, CentralSystemService and ChargePointService
 * @since 0.1.0
 */
import type { SoapCarriage } from "../Protocol.ts"
import { actions, protocol } from "./Protocol.ts"

/**
 * How OCPP 1.6 is carried by OCPP-S.
 *
 * @category protocol
 * @since 0.1.0
 */
export const carriage: SoapCarriage = {
  protocol,
  actions: actions.filter(({ block }) => block !== "Security"),
  namespaces: { csms: "urn://Ocpp/Cs/2015/10/", station: "urn://Ocpp/Cp/2015/10/" },
  types: {
    ChargingSchedule: { filled: ["chargingSchedulePeriod"] },
    GetDiagnosticsRequest: { order: ["location", "startTime", "stopTime", "retries", "retryInterval"] },
    IdTagInfo: { order: ["status", "expiryDate", "parentIdTag"] },
    MeterValue: { filled: ["sampledValue"] },
    StartTransactionRequest: { order: ["connectorId", "idTag", "timestamp", "meterStart", "reservationId"] },
    StartTransactionResponse: { order: ["transactionId", "idTagInfo"] },
    StatusNotificationRequest: {
      order: ["connectorId", "status", "errorCode", "info", "timestamp", "vendorId", "vendorErrorCode"]
    },
    StopTransactionRequest: {
      order: ["transactionId", "idTag", "timestamp", "meterStop", "reason", "transactionData"]
    },
    UnitOfMeasure: { words: { Celcius: "Celsius" } },
    UpdateFirmwareRequest: { order: ["retrieveDate", "location", "retries", "retryInterval"] }
  }
}
