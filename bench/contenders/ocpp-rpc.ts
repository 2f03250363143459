/** `ocpp-rpc` with its strict mode, which validates with `ajv`, at both ends. */
import type { AddressInfo } from "node:net"
import { RPCClient, RPCServer } from "ocpp-rpc"
import { actions, type Contender, repeating, respond } from "../contender.ts"

const protocols = ["ocpp1.6"]

export const contender: Contender = {
  serve: async () => {
    const server = new RPCServer({ protocols, strictMode: true, wssOptions: { perMessageDeflate: false } })
    server.on("client", (client: RPCClient) => {
      for (const action of actions) client.handle(action, async () => respond(action))
    })
    const http = await server.listen(0)
    // A TCP server that listens has an address of this kind.
    return (http.address() as AddressInfo).port
  },

  connect: async (port, identity) => {
    const options = {
      endpoint: `ws://127.0.0.1:${port}`,
      identity,
      protocols,
      strictMode: true,
      wsOpts: { perMessageDeflate: false }
    }
    // Its types require every option; at run time all but the identity have defaults.
    const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0])
    await client.connect()
    return repeating((action, request) => client.call(action, request))
  }
}
