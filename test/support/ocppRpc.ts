/** Stations that are not ours: clients of `ocpp-rpc`. */
import type { RPCClient } from "ocpp-rpc"

export type Options = ConstructorParameters<typeof RPCClient>[0]

/** All that its types ask for; strict, and without any waiting that a test would notice. */
export const optionsOf = (options: Pick<Options, "identity"> & Partial<Options>): Options => ({
  password: null,
  protocols: ["ocpp1.6"],
  strictMode: true,
  strictModeValidators: [],
  reconnect: false,
  maxReconnects: 10,
  backoff: { initialDelay: 5, maxDelay: 50, factor: 2, randomisationFactor: 0 },
  callTimeoutMs: 1000,
  pingIntervalMs: 30_000,
  deferPingsOnActivity: false,
  respondWithDetailedErrors: false,
  callConcurrency: 1,
  maxBadMessages: Infinity,
  wsOpts: {},
  headers: {},
  ...options
})
