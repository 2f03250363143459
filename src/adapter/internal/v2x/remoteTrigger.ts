/**
 * Messages of the station on request.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { refused, same } from "../BothWays.ts"
import { type Dialect, evse, outcome, table } from "./common.ts"

export const remoteTrigger = ({ since21, words }: Dialect) => ({
  TriggerMessage: {
    request: table<V21.TriggerMessageRequest, Domain.TriggerMessageRequest>(({ field }) => [
      field(
        "requestedMessage",
        "requestedMessage",
        words<V201.MessageTriggerEnumType, V21.MessageTriggerEnumType, Domain.MessageTrigger>({
          CustomTrigger: refused("2.0.1 has a list of messages"),
          SignV2G20Certificate: refused("2.0.1 knows no certificates for ISO 15118-20")
        })
      ),
      ...since21("unsaid", "2.0.1 has a list of messages", field("customTrigger", "customTrigger")),
      field("evse", "evse", evse)
    ]),
    response: outcome(same<Domain.TriggerMessageStatus>())
  }
})
