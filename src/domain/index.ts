/**
 * What the versions of OCPP say, each in its own words: generic messages with rich types, and the typed clients and handlers
 * of both sides. An adapter of `effect-ocpp/adapter` puts them into the words of a version.
 *
 * @since 0.1.0
 */
export * from "./Authorization.ts"
export * from "./Availability.ts"
export * from "./BatterySwapping.ts"
export * from "./BidirectionalPowerTransfer.ts"
export * from "./CustomerInformation.ts"
export * from "./DataTransfer.ts"
export * from "./DataTypes.ts"
export * from "./DerControl.ts"
export * from "./DeviceModel.ts"
export * from "./Diagnostics.ts"
export * from "./DisplayMessage.ts"
export * from "./FirmwareManagement.ts"
export * from "./ISO15118CertificateManagement.ts"
export * from "./LocalAuthorizationListManagement.ts"
export * from "./Metering.ts"
export * from "./Monitoring.ts"
export * from "./NetworkProfiles.ts"
export * from "./Operations.ts"
export * from "./Payment.ts"
export * from "./Provisioning.ts"
export * from "./RemoteControl.ts"
export * from "./RemoteTrigger.ts"
export * from "./Reservation.ts"
export * from "./Security.ts"
export * from "./SmartCharging.ts"
export * from "./TariffAndCost.ts"
export * from "./Transactions.ts"
export * as Variable from "./Variable.ts"
