/**
 * Simulated stations, a simulated CSMS, and connections in memory.
 *
 * @since 0.1.0
 */
export * as MemoryNetwork from "./MemoryNetwork.ts"
