/**
 * What the messages of 1.6 have in common, in terms of the domain.
 */
import { dialect } from "../v1x/common.ts"

export { nothing } from "../v1x/common.ts"

/** Why a message of 1.6 itself is not the one for it. */
export const byPlugAndCharge = "Plug & Charge has messages of its own for it"
export const bySecurity = "the security extension has messages of its own for it"

export const v16 = dialect("1.6", byPlugAndCharge)

export const { connectorOf, noPlace, oneConnectorOnly, outcome, transactionNumber } = v16

export const noIso15118_20 = "1.6 has nothing of ISO 15118-20"
export const noVehicleMakers = "1.6 knows no roots of the makers of vehicles"
