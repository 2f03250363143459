/**
 * Simulated stations, a simulated CSMS, and connections in memory.
 *
 * @since 0.1.0
 */
export * as Ledger from "./Ledger.ts"
export * as Link from "./Link.ts"
export * as MemoryNetwork from "./MemoryNetwork.ts"
export * from "./NotStarted.ts"
export * as Restartable from "./Restartable.ts"
export * from "./Simulation.ts"
export * from "./VirtualCsms.ts"
export * from "./VirtualStation.ts"
