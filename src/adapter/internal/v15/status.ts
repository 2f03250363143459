/**
 * The status of a connector of 1.5, which does not tell what happens there.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V15 from "../../../v15/index.ts"
import { words } from "../BothWays.ts"
import { statusNotification } from "../v1x/status.ts"
import { v15 } from "./common.ts"

const code = words<Exclude<V15.ChargePointErrorCode, "NoError">, Domain.ErrorCode>({
  encoded: {
    EVCommunicationError: "Mode3Error",
    InternalError: "OtherError",
    LocalListConflict: "OtherError",
    OverVoltage: "OtherError"
  },
  decoded: { Mode3Error: "EVCommunicationError" }
})

export const connectorStatus = statusNotification<"Occupied", Exclude<V15.ChargePointErrorCode, "NoError">>(v15, {
  decode: () => ({}),
  notes: [
    {
      path: "occupancy, activity",
      fate: "dropped",
      why: "1.5 does not tell what happens at a connector, nor whether one that does not work is free"
    }
  ],
  encode: () => "Occupied",
  code
})
