/**
 * Bare `ws` and `JSON`: the least that a correct client does (unique ids, a table of pending calls, a time-out for each)
 * and less than a correct server does (no error handling, handlers that answer at once).
 */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { WebSocket, WebSocketServer } from "ws"
import { type Action, type Contender, repeating, respond } from "../contender.ts"

export interface Validator {
  readonly request: (action: Action, payload: unknown) => boolean
  readonly response: (action: Action, payload: unknown) => boolean
}

export const make = (validator: Validator): Contender => ({
  serve: async () => {
    const server = new WebSocketServer({
      port: 0,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: () => "ocpp1.6"
    })
    server.on("connection", (socket) => {
      socket.on("error", () => socket.terminate())
      socket.on("message", (data: Buffer) => {
        const [, id, action, request] = JSON.parse(data.toString())
        if (!validator.request(action, request)) {
          return socket.send(JSON.stringify([4, id, "FormationViolation", "", {}]))
        }
        const response = respond(action)
        if (!validator.response(action, response)) {
          return socket.send(JSON.stringify([4, id, "InternalError", "", {}]))
        }
        socket.send(JSON.stringify([3, id, response]))
      })
    })
    await once(server, "listening")
    // A TCP server that listens has an address of this kind.
    return (server.address() as AddressInfo).port
  },

  connect: async (port, identity) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, ["ocpp1.6"], { perMessageDeflate: false })
    await once(socket, "open")
    const pending = new Map<string, Pending>()
    let count = 0
    socket.on("message", (data: Buffer) => {
      const [type, id, payload] = JSON.parse(data.toString())
      const call = pending.get(id)
      if (call === undefined) return
      pending.delete(id)
      clearTimeout(call.timer)
      if (type === 3 && validator.response(call.action, payload)) call.resolve(payload)
      else call.reject(new Error(`${call.action} was answered ${data.toString()}`))
    })
    return repeating((action, request) => {
      if (!validator.request(action, request)) return Promise.reject(new Error(`${action} is invalid`))
      const id = `${identity}-${++count}`
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id)
          reject(new Error(`${action} was not answered`))
        }, 30_000)
        pending.set(id, { action, timer, resolve, reject })
        socket.send(JSON.stringify([2, id, action, request]))
      })
    })
  }
})

interface Pending {
  readonly action: Action
  readonly timer: NodeJS.Timeout
  readonly resolve: (response: unknown) => void
  readonly reject: (error: Error) => void
}

export const contender = make({ request: () => true, response: () => true })
