/**
 * What a station has stored about a customer.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { below, type Losses, same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { instant } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"
import { idToken } from "./idTokens.ts"
import { hashData } from "./security.ts"

/** The fields that name a customer. */
type Named = Pick<V201.CustomerInformationRequest, "idToken" | "customerCertificate" | "customerIdentifier">

type Customer = Required<Domain.CustomerInformationRequest>["customer"]

/** The customers that are named, of which there is to be one. */
const customersOf = (named: Named, losses: Losses): ReadonlyArray<Customer> => {
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

const naming = (customer: Customer, losses: Losses): Named => {
  switch (customer._tag) {
    case "IdToken": {
      const before = losses.violations.length
      const token = idToken.encode(customer.idToken, losses)
      losses.within(before, "customer.idToken")
      return { idToken: token }
    }
    case "Certificate":
      return { customerCertificate: hashData.encode(customer.certificate, losses) }
    case "Identifier":
      return { customerIdentifier: customer.identifier }
  }
}

const request = table<V201.CustomerInformationRequest, Domain.CustomerInformationRequest>(({ field, together }) => [
  field("requestId", "requestId"),
  field("report", "report"),
  field("clear", "clear"),
  together({
    wire: ["idToken", "customerCertificate", "customerIdentifier"],
    generic: ["customer"],
    decode: (named, losses) => {
      const [customer, ...others] = customersOf(named, losses)
      return customer === undefined || others.length > 0 ? {} : { customer }
    },
    encode: ({ customer }, losses) => (customer === undefined ? {} : naming(customer, losses)),
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

export const customerInformation = [
  translation(
    Domain.CustomerInformation,
    V201.CustomerInformation,
    request,
    outcome(same<Domain.CustomerInformationStatus>())
  ),
  translation(
    Domain.NotifyCustomerInformation,
    V201.NotifyCustomerInformation,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("data", "data"),
      field("generatedAt", "generatedAt", instant),
      field("seqNo", "seqNo"),
      field("tbc", "tbc")
    ]),
    nothing
  )
]
