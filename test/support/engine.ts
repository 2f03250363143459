/**
 * The parts of a connection, for tests that put them together by hand.
 */
import type { OfSide, Side } from "../../src/Action.ts"
import * as Handlers from "../../src/Handlers.ts"
import * as JsonCarrier from "../../src/json/JsonCarrier.ts"
import type { Protocol } from "../../src/Protocol.ts"
import type { Connection } from "../../src/station/Connector.ts"
import type { Tolerance } from "../../src/Tolerance.ts"
import type { Transport } from "../../src/Transport.ts"

/** A carrier of messages over a transport of text, for CP001. */
export const overJson = (transport: Transport, { json }: Protocol, tolerance?: Tolerance) =>
  JsonCarrier.make({ framing: json.framing }).carry(transport, "CP001", tolerance)

/** A set of handlers from a map by action. */
export const handlersOf = <const S extends Side, R = never>(
  protocol: Protocol,
  side: S,
  handlers: ReadonlyMap<string, Handlers.UntypedHandler<R>>
) => Handlers.make(protocol, side, ({ name }) => handlers.get(name))

/** The name of the method that a typed client has for an action. */
export const methodOf = (action: string): string => `${action.charAt(0).toLowerCase()}${action.slice(1)}`

/** The transport of a connection that carries text. */
export const textOf = (connection: Connection): Transport => {
  if ("transport" in connection) return connection.transport
  throw new Error("the connection carries no text")
}

/** An action as one that a CSMS may start, whether it is or not. */
export const asOfCsms = (action: object): OfSide<"csms"> => action as OfSide<"csms">
