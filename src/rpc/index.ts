/**
 * OCPP-J: frames and the engine.
 *
 * @since 0.1.0
 */
export * as Frame from "./Frame.ts"
export * as Peer from "./Peer.ts"
export * as Telemetry from "./Telemetry.ts"
export * as WireLog from "./WireLog.ts"
