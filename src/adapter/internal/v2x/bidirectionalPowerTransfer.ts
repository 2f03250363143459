/**
 * What vehicles may give back to the grid, and do for it, which only 2.1 knows.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { outcome, table } from "./common.ts"

export const bidirectionalPowerTransfer = () => ({
  NotifyAllowedEnergyTransfer: {
    request: table<V21.NotifyAllowedEnergyTransferRequest, Domain.NotifyAllowedEnergyTransferRequest>(({ alike }) =>
      alike("transactionId", "allowedEnergyTransfer")
    ),
    response: outcome(same<Domain.GenericStatus>())
  },
  AFRRSignal: {
    request: table<V21.AFRRSignalRequest, Domain.AFRRSignalRequest>(({ field }) => [
      field("timestamp", "timestamp", instant),
      field("signal", "signal")
    ]),
    response: outcome(same<Domain.GenericStatus>())
  }
})
