/**
 * OCPP 2.1: the messages, data types and actions of all functional blocks. What 2.1 leaves as it was is that of
 * `../v201`.
 *
 * @since 0.1.0
 */
export * from "./Security.ts"
export * from "./Provisioning.ts"
export * from "./Authorization.ts"
export * from "./LocalAuthorizationListManagement.ts"
export * from "./Transactions.ts"
export * from "./RemoteControl.ts"
export * from "./Availability.ts"
export * from "./Reservation.ts"
export * from "./TariffAndCost.ts"
export * from "./MeterValues.ts"
export * from "./SmartCharging.ts"
export * from "./FirmwareManagement.ts"
export * from "./ISO15118CertificateManagement.ts"
export * from "./Diagnostics.ts"
export * from "./DisplayMessage.ts"
export * from "./DataTransfer.ts"
export * from "./BidirectionalPowerTransfer.ts"
export * from "./DERControl.ts"
export * from "./BatterySwapping.ts"
export * from "./DataTypes.ts"
export * from "./Protocol.ts"
