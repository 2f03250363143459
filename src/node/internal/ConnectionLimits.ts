/**
 * How many connections there may be.
 */
import * as Options from "../../internal/Options.ts"

export interface ConnectionLimitOptions {
  readonly maxConnections?: number | undefined
  readonly maxConnectionsPerAddress?: number | undefined
}

export class ConnectionLimits {
  private readonly most: number
  private readonly mostPerAddress: number
  private readonly byAddress = new Map<string | undefined, number>()
  private total = 0

  constructor(options: ConnectionLimitOptions) {
    this.most = Options.count("maxConnections", options.maxConnections ?? 65_536, 1)
    this.mostPerAddress = Options.count("maxConnectionsPerAddress", options.maxConnectionsPerAddress ?? 16_384, 1)
  }

  /** Counts a connection, or tells the HTTP status to refuse it with. */
  enter(address: string | undefined): 429 | 503 | undefined {
    const fromAddress = this.byAddress.get(address) ?? 0
    if (this.total >= this.most) return 503
    if (address !== undefined && fromAddress >= this.mostPerAddress) return 429
    this.total++
    this.byAddress.set(address, fromAddress + 1)
    return undefined
  }

  leave(address: string | undefined): void {
    const left = (this.byAddress.get(address) ?? 0) - 1
    this.total--
    if (left > 0) this.byAddress.set(address, left)
    else this.byAddress.delete(address)
  }
}
