/**
 * The status of a connector of 1.6, which tells what happens there.
 */
import type * as Domain from "../../../domain/index.ts"
import { same } from "../BothWays.ts"
import { statusNotification } from "../v1x/status.ts"
import { v16 } from "./common.ts"

const whatHappens = "1.6 tells what happens at a connector that is occupied"

export const connectorStatus = statusNotification<Domain.Activity, Domain.ErrorCode>(v16, {
  decode: (status) => ({ activity: status }),
  notes: [
    { path: "occupancy, activity", fate: "dropped", why: "of what does not work they are not told" },
    { path: "activity", fate: "refused if absent", why: whatHappens }
  ],
  encode: (activity, losses) => {
    if (activity === undefined) losses.add(whatHappens, "activity")
    return activity
  },
  code: same()
})
