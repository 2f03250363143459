/**
 * The upgrade requests of an HTTP server, shared out by path among those that are attached to it.
 */
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import { pathOf, refuse } from "./UpgradeRequest.ts"

type Server = Http.Server | Https.Server

export type OnUpgrade = (request: Http.IncomingMessage, socket: Duplex, head: Buffer) => void

/** The path that an option says, as a prefix; throws a `RangeError` if it is none. */
export const prefixOf = (path: string): string => {
  if (!/^\/[^?#]*$/.test(path)) throw new RangeError(`path: ${JSON.stringify(path)} does not start with "/"`)
  return path.replace(/\/+$/, "")
}

/** Takes the upgrade requests at and below a prefix. What it returns gives them back. */
export const add = (server: Server, prefix: string, onUpgrade: OnUpgrade): (() => void) => {
  const routes = byServer.get(server) ?? new Routes(server)
  return routes.add(prefix, onUpgrade)
}

const byServer = new WeakMap<Server, Routes>()

class Routes {
  private readonly server: Server
  private readonly byPrefix = new Map<string, OnUpgrade>()

  constructor(server: Server) {
    this.server = server
    byServer.set(server, this)
    server.on("upgrade", this.dispatch)
  }

  add(prefix: string, onUpgrade: OnUpgrade): () => void {
    if (this.byPrefix.has(prefix)) throw new RangeError(`path: "${prefix}/" of this server is taken`)
    this.byPrefix.set(prefix, onUpgrade)
    return () => {
      this.byPrefix.delete(prefix)
      if (this.byPrefix.size > 0) return
      byServer.delete(this.server)
      this.server.off("upgrade", this.dispatch)
    }
  }

  private readonly dispatch: OnUpgrade = (request, socket, head) => {
    const path = pathOf(request)
    let longest: string | undefined
    for (const prefix of this.byPrefix.keys()) {
      const isBelow = path === prefix || path.startsWith(`${prefix}/`)
      if (isBelow && prefix.length >= (longest?.length ?? 0)) longest = prefix
    }
    if (longest !== undefined) return this.byPrefix.get(longest)?.(request, socket, head)
    // Another listener of the application may want it; if there is none, nobody would ever answer.
    if (this.server.listenerCount("upgrade") > 1) return
    socket.on("error", socket.destroy)
    refuse(socket, 404)
  }
}
