/**
 * OCPP 1.6 with the security extension: every message, data type and action.
 *
 * @since 0.1.0
 */
export * from "./Core.ts"
export * from "./FirmwareManagement.ts"
export * from "./LocalAuthListManagement.ts"
export * from "./RemoteTrigger.ts"
export * from "./Reservation.ts"
export * from "./Security.ts"
export * from "./SmartCharging.ts"
export * from "./DataTypes.ts"
export * from "./Protocol.ts"
export * as CostMessages from "./CostMessages.ts"
export * as Extension from "./Extension.ts"
export * as PlugAndCharge from "./PlugAndCharge.ts"
