/**
 * OCPP-J: messages as JSON text.
 *
 * @since 0.1.0
 */
export * as Frame from "./Frame.ts"
export * as FrameRules from "./FrameRules.ts"
export * as JsonCarrier from "./JsonCarrier.ts"
export * as WireLog from "./WireLog.ts"
