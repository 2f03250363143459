/**
 * What the messages of 1.5 have in common, in terms of the domain.
 */
import { dialect } from "../v1x/common.ts"

export { nothing } from "../v1x/common.ts"

export const v15 = dialect("1.5")

export const { noPlace, outcome } = v15
