/**
 * What a station has stored about a customer.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { below, type Losses, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { idTokenOf } from "./idTokens.ts"
import { hashData } from "./security.ts"

/** The fields that name a customer. */
type Named = Pick<V21.CustomerInformationRequest, "idToken" | "customerCertificate" | "customerIdentifier">

type IdTokens = ReturnType<typeof idTokenOf>

type Customer = Required<Domain.CustomerInformationRequest>["customer"]

/** All customers that a request names. A request is meant to name exactly one. */
const customersOf = (idToken: IdTokens, named: Named, losses: Losses): ReadonlyArray<Customer> => {
  const customers: Array<Customer> = []
  if (named.idToken !== undefined) customers.push({ _tag: "IdToken", idToken: idToken.decode(named.idToken, losses) })
  if (named.customerCertificate !== undefined) {
    customers.push({ _tag: "Certificate", certificate: hashData.decode(named.customerCertificate, losses) })
  }
  if (named.customerIdentifier !== undefined) {
    customers.push({ _tag: "Identifier", identifier: named.customerIdentifier })
  }
  return customers
}

const naming = (idToken: IdTokens, customer: Customer, losses: Losses): Named => {
  switch (customer._tag) {
    case "IdToken":
      return { idToken: losses.below("customer.idToken", () => idToken.encode(customer.idToken, losses)) }
    case "Certificate":
      return { customerCertificate: hashData.encode(customer.certificate, losses) }
    case "Identifier":
      return { customerIdentifier: customer.identifier }
  }
}

const requestOf = (dialect: Dialect) => {
  const idToken = idTokenOf(dialect)
  return table<V21.CustomerInformationRequest, Domain.CustomerInformationRequest>(({ field, together }) => [
    field("requestId", "requestId"),
    field("report", "report"),
    field("clear", "clear"),
    together({
      wire: ["idToken", "customerCertificate", "customerIdentifier"],
      generic: ["customer"],
      decode: (named, losses) => {
        const [customer, ...others] = customersOf(idToken, named, losses)
        return customer === undefined || others.length > 0 ? {} : { customer }
      },
      encode: ({ customer }, losses) => (customer === undefined ? {} : naming(idToken, customer, losses)),
      notes: [
        ...below("customer.idToken", idToken.notes),
        {
          path: "customer",
          fate: "changed",
          why: "a request that names several comes as one that names none; both are to be answered Invalid"
        }
      ]
    })
  ])
}

export const customerInformation = (dialect: Dialect) => ({
  CustomerInformation: {
    request: requestOf(dialect),
    response: outcome(same<Domain.CustomerInformationStatus>())
  },
  NotifyCustomerInformation: {
    request: table<V21.NotifyCustomerInformationRequest, Domain.NotifyCustomerInformationRequest>(
      ({ alike, field }) => [
        ...alike("requestId", "data", "seqNo", "tbc"),
        field("generatedAt", "generatedAt", instant)
      ]
    ),
    response: nothing
  }
})
