/**
 * What the messages of 1.6 have in common, in terms of the domain.
 */
import { dialect } from "../v1x/common.ts"

export { nothing } from "../v1x/common.ts"

export const v16 = dialect("1.6")

export const { connectorOf, noPlace, oneConnectorOnly, outcome, transactionNumber } = v16

export const noIso15118 = "1.6 knows no certificates for ISO 15118"
