/**
 * The engine: messages in, messages out, whatever carries them.
 *
 * @since 0.1.0
 */
export * as Carrier from "./Carrier.ts"
export * as MemoryPair from "./MemoryPair.ts"
export * as Message from "./Message.ts"
export * as Peer from "./Peer.ts"
export * as Telemetry from "./Telemetry.ts"
