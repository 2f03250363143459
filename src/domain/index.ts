/**
 * What all versions of OCPP have in common, each in its own words: generic messages with rich types, and the typed clients
 * and handlers of both sides. An adapter of `effect-ocpp/adapter` puts them into the words of a version.
 *
 * @since 0.1.0
 */
export * from "./Authorization.ts"
export * from "./Availability.ts"
export * from "./DataTransfer.ts"
export * from "./DataTypes.ts"
export * from "./DeviceModel.ts"
export * from "./Diagnostics.ts"
export * from "./FirmwareManagement.ts"
export * from "./LocalAuthorizationListManagement.ts"
export * from "./Metering.ts"
export * from "./Operations.ts"
export * from "./Provisioning.ts"
export * from "./ReadModel.ts"
export * from "./RemoteControl.ts"
export * from "./RemoteTrigger.ts"
export * from "./Reservation.ts"
export * from "./Security.ts"
export * from "./SmartCharging.ts"
export * as StationState from "./StationState.ts"
export * from "./TariffAndCost.ts"
export * from "./Transactions.ts"
export * as Variable from "./Variable.ts"
