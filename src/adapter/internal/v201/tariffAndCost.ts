/**
 * What charging costs.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { translation } from "../Translation.ts"
import { nothing, table } from "./common.ts"

export const tariffAndCost = [
  translation(
    Domain.CostUpdated,
    V201.CostUpdated,
    table(({ field }) => [field("transactionId", "transactionId"), field("totalCost", "totalCost")]),
    nothing
  )
]
