/**
 * Messages of the station on request.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { same } from "../BothWays.ts"
import { evse, outcome, table } from "./common.ts"

export const remoteTrigger = [
  translation(
    Domain.TriggerMessage,
    V201.TriggerMessage,
    table(({ field }) => [field("requestedMessage", "requestedMessage"), field("evse", "evse", evse)]),
    outcome(same<Domain.TriggerMessageStatus>())
  )
]
