/**
 * Remote control: what an operator does at a station from afar.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * Asks the station to unlock a connector, for a cable that is stuck.
 *
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorRequest extends Schema.Opaque<UnlockConnectorRequest>()(
  Schema.Struct({
    evseId: Schema.Int,
    connectorId: Schema.Int
  }).annotate({ identifier: "UnlockConnectorRequest" })
) {}

/**
 * Whether a connector is unlocked, or why not.
 *
 * @category schemas
 * @since 0.1.0
 */
export const UnlockStatus = Schema.Literals([
  "Unlocked",
  "UnlockFailed",
  "OngoingAuthorizedTransaction",
  "UnknownConnector",
  "NotSupported"
]).annotate({ identifier: "UnlockStatus" })
/**
 * A value of {@link UnlockStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type UnlockStatus = typeof UnlockStatus.Type

/**
 * Whether the connector is unlocked, or why not.
 *
 * @category messages
 * @since 0.1.0
 */
export class UnlockConnectorResponse extends Schema.Opaque<UnlockConnectorResponse>()(
  Schema.Struct({
    status: UnlockStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "UnlockConnectorResponse" })
) {}

/**
 * Asks the station to unlock a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const UnlockConnector = Action.make("UnlockConnector", {
  from: "csms",
  block: "RemoteControl",
  request: UnlockConnectorRequest,
  response: UnlockConnectorResponse
})
