/**
 * What the messages of 1.6 have in common, in terms of the domain.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import type { BothWays, Losses, Note } from "../BothWays.ts"
import { table, type Table } from "../Table.ts"

export const noPlace = "1.6 has no place for it"

export const noIso15118 = "1.6 knows no certificates for ISO 15118"

/** An idTag is a text and nothing else. */
export const idToken: BothWays<V16.IdToken, Domain.IdToken> = {
  notes: [
    { path: "type", fate: "changed", why: "it becomes Unknown; NoAuthorization is refused" },
    { path: "additionalInfo", fate: "refused or left out", why: noPlace }
  ],
  decode: (idTag) => ({ idToken: idTag, type: "Unknown" }),
  encode: ({ additionalInfo, idToken: text, type }, losses) => {
    if (type === "NoAuthorization") losses.add("1.6 has no charging without an idTag")
    if (additionalInfo !== undefined) losses.leaveOut(noPlace, "additionalInfo")
    if (Array.from(text).length > 20) losses.add("an idTag of 1.6 has at most 20 characters")
    return text
  }
}

/** The connector of an EVSE: it has the number of the EVSE in 1.6, and is its only one. */
export const connectorOf = (
  { connectorId = 1, id }: Domain.Evse,
  losses: Losses
): { readonly connectorId: number } | {} => {
  if (connectorId === 1) return { connectorId: id }
  losses.add(oneConnector, "evse.connectorId")
  return {}
}

/** Why a connector cannot be told. */
export const oneConnector = "an EVSE of 1.6 has one connector"

/** What `connectorOf` refuses, for the documentation. */
export const oneConnectorOnly: Note = { path: "evse.connectorId", fate: "refused", why: oneConnector }

/** An EVSE by its number, which is that of its connector; without one it is connector 0. */
export const byNumber = {
  wire: ["connectorId"],
  generic: ["evseId"],
  decode: ({ connectorId }: { readonly connectorId: number }) => (connectorId === 0 ? {} : { evseId: connectorId }),
  encode: ({ evseId = 0 }: { readonly evseId?: number }) => ({ connectorId: evseId })
} as const

/** The whole station is connector 0. */
export const evseOf = (connectorId: number): { readonly evse?: Domain.Evse } =>
  connectorId === 0 ? {} : { evse: { id: connectorId, connectorId: 1 } }

const notANumber = "a transaction of 1.6 has a number"

/** The number of a transaction, from its digits. */
export const transactionNumber: BothWays<number, string> = {
  notes: [{ path: "", fate: "refused", why: notANumber }],
  decode: String,
  encode: (text, losses) => {
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(number) || String(number) !== text) losses.add(notANumber)
    return number
  }
}

export const nothing = table<{}, {}>(() => [])

/** Whether it was done: 1.6 says no more about it. */
export const outcome = <Wire extends string, Generic extends string>(
  status: BothWays<Wire, Generic>
): Table<{ readonly status: Wire }, { readonly status: Generic; readonly statusInfo?: Domain.StatusInfo }> =>
  table<{ readonly status: string }, { readonly status: string; readonly statusInfo?: Domain.StatusInfo }>(
    ({ dropped, field }) => [
      // The words are those of the mapping.
      field("status", "status", status as unknown as BothWays<string, string>),
      dropped({ generic: "statusInfo" }, noPlace)
    ]
  ) as unknown as Table<
    { readonly status: Wire },
    { readonly status: Generic; readonly statusInfo?: Domain.StatusInfo }
  >
