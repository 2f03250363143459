/**
 * The upgrade requests of an HTTP server, shared out by path among those that are attached to it.
 */
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import { pathOf } from "./UpgradeRequest.ts"

type Server = Http.Server | Https.Server

export type OnUpgrade = (request: Http.IncomingMessage, socket: Duplex, head: Buffer) => void

/** What takes the requests at and below a prefix, and what those get that nobody takes. */
export interface Route {
  readonly take: OnUpgrade
  readonly stray: OnUpgrade
}

/** The path that an option says, as a prefix; throws a `RangeError` if it is none. */
export const prefixOf = (path: string): string => {
  if (!/^\/[^?#]*$/.test(path)) throw new RangeError(`path: ${JSON.stringify(path)} does not start with "/"`)
  return path.replace(/\/+$/, "")
}

/** Takes the upgrade requests at and below a prefix. What it returns gives them back. */
export const add = (server: Server, prefix: string, route: Route): (() => void) => {
  const routes = byServer.get(server) ?? new Routes(server)
  return routes.add(prefix, route)
}

const byServer = new WeakMap<Server, Routes>()

class Routes {
  private readonly server: Server
  private readonly byPrefix = new Map<string, Route>()

  constructor(server: Server) {
    this.server = server
    byServer.set(server, this)
    // Every listener of an event gets it, and most answer an upgrade that they do not know with 404, into the socket of a
    // station. So what is taken here must not become an event, whoever listened first.
    const emit: (event: string, ...args: Array<unknown>) => boolean = server.emit.bind(server)
    server.emit = (event: string, ...args: Array<unknown>): boolean =>
      // The arguments of this event are those that Node.js documents.
      (event === "upgrade" && this.take(...(args as Parameters<OnUpgrade>))) || emit(event, ...args)
  }

  add(prefix: string, route: Route): () => void {
    if (this.byPrefix.has(prefix)) throw new RangeError(`path: "${prefix}/" of this server is taken`)
    this.byPrefix.set(prefix, route)
    // Without a listener Node.js would take an upgrade for a plain request.
    if (this.byPrefix.size === 1) this.server.on("upgrade", this.leave)
    return () => {
      this.byPrefix.delete(prefix)
      if (this.byPrefix.size === 0) this.server.off("upgrade", this.leave)
    }
  }

  private take(...[request, socket, head]: Parameters<OnUpgrade>): boolean {
    const path = pathOf(request)
    let longest: string | undefined
    for (const prefix of this.byPrefix.keys()) {
      const isBelow = path === prefix || path.startsWith(`${prefix}/`)
      if (isBelow && prefix.length >= (longest?.length ?? 0)) longest = prefix
    }
    if (longest === undefined) return false
    this.byPrefix.get(longest)?.take(request, socket, head)
    return true
  }

  private readonly leave: OnUpgrade = (...upgrade) => {
    // Another listener of the application may want it; if there is none, nobody would ever answer.
    if (this.server.listenerCount("upgrade") > 1) return
    const [route] = this.byPrefix.values()
    route?.stray(...upgrade)
  }
}
