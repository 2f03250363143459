/**
 * Stations that exchange batteries, which only 2.1 knows.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { idTokenOf } from "./idTokens.ts"

const battery = table<V21.BatteryDataType, Domain.BatteryData>(({ alike, field }) => [
  ...alike("evseId", "serialNumber", "soC", "soH", "vendorInfo"),
  field("productionDate", "productionDate", instant)
])

export const batterySwapping = (dialect: Dialect) => {
  const idToken = idTokenOf(dialect)
  return {
    BatterySwap: {
      request: table<V21.BatterySwapRequest, Domain.BatterySwapRequest>(({ alike, field }) => [
        ...alike("requestId", "eventType"),
        field("idToken", "idToken", idToken),
        field("batteryData", "batteryData", list(battery))
      ]),
      response: nothing
    },
    RequestBatterySwap: {
      request: table<V21.RequestBatterySwapRequest, Domain.RequestBatterySwapRequest>(({ field }) => [
        field("requestId", "requestId"),
        field("idToken", "idToken", idToken)
      ]),
      response: outcome(same<Domain.GenericStatus>())
    }
  }
}
