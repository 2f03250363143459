/**
 * OCPP 1.5: every message, data type and action.
 *
 * @since 0.1.0
 */
export * from "./Core.ts"
export * from "./FirmwareManagement.ts"
export * from "./LocalAuthListManagement.ts"
export * from "./Reservation.ts"
export * from "./DataTypes.ts"
export * from "./Protocol.ts"
