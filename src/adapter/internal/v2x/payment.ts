/**
 * Drivers who pay at once, which only 2.1 knows.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { instant, seconds } from "../values.ts"
import { nothing, statusInfo, table } from "./common.ts"

const address = table<V21.AddressType, Domain.PostalAddress>(({ alike }) =>
  alike("name", "address1", "address2", "city", "postalCode", "country")
)

export const payment = () => ({
  NotifySettlement: {
    request: table<V21.NotifySettlementRequest, Domain.NotifySettlementRequest>(({ alike, field }) => [
      ...alike("transactionId", "pspRef", "status", "statusInfo", "settlementAmount", "receiptId", "receiptUrl"),
      field("settlementTime", "settlementTime", instant),
      field("vatCompany", "vatCompany", address),
      field("vatNumber", "vatNumber")
    ]),
    response: table<V21.NotifySettlementResponse, Domain.NotifySettlementResponse>(({ alike }) =>
      alike("receiptUrl", "receiptId")
    )
  },
  NotifyWebPaymentStarted: {
    request: table<V21.NotifyWebPaymentStartedRequest, Domain.NotifyWebPaymentStartedRequest>(({ field }) => [
      field("evseId", "evseId"),
      field("timeout", "timeout", seconds)
    ]),
    response: nothing
  },
  VatNumberValidation: {
    request: table<V21.VatNumberValidationRequest, Domain.VatNumberValidationRequest>(({ alike }) =>
      alike("vatNumber", "evseId")
    ),
    response: table<V21.VatNumberValidationResponse, Domain.VatNumberValidationResponse>(({ alike, field }) => [
      ...alike("status", "vatNumber", "evseId"),
      field("statusInfo", "statusInfo", statusInfo),
      field("company", "company", address)
    ])
  }
})
