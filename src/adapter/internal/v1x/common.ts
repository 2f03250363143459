/**
 * What the messages of 1.5 and 1.6 have in common, in terms of the domain. The modules of this folder load no version: they
 * are typed by the messages of 1.6, and get the actions of a version where they need them.
 */
import type * as Schema from "effect/Schema"
import type * as Action from "../../../Action.ts"
import type * as Domain from "../../../domain/index.ts"
import type { BothWays, Losses, Note } from "../BothWays.ts"
import { table, type Table } from "../Table.ts"

/** A version of 1.x. */
export type Version = "1.5" | "1.6"

/** What a version of 1.x has for an action of 1.6, with the same messages. */
export type Alike<A extends Action.Action> = Action.Action<
  A["name"],
  A["from"],
  string,
  Schema.Codec<Action.Request<A>, unknown>,
  Schema.Codec<Action.Response<A>, unknown>
>

/** What both versions write alike, with the reasons in the name of one of them. */
export interface Dialect1x {
  readonly version: Version
  readonly noPlace: string
  /** Why Authorize has no contract certificates. */
  readonly noContracts: string
  /** An idTag, which is a text and nothing else. */
  readonly idToken: BothWays<string, Domain.IdToken>
  /** The connector of an EVSE: it has the number of the EVSE in 1.x, and is its only one. */
  readonly connectorOf: (evse: Domain.Evse, losses: Losses) => { readonly connectorId: number } | {}
  /** Why a connector cannot be told. */
  readonly oneConnector: string
  /** What `connectorOf` refuses, for the documentation. */
  readonly oneConnectorOnly: Note
  /** The number of a transaction, from its digits. */
  readonly transactionNumber: BothWays<number, string>
  /** Whether it was done: 1.x says no more about it. */
  readonly outcome: <Wire extends string, Generic extends string>(
    status: BothWays<Wire, Generic>
  ) => Table<{ readonly status: Wire }, { readonly status: Generic; readonly statusInfo?: Domain.StatusInfo }>
}

export const dialect = (version: Version, noContracts = `${version} knows no contract certificates`): Dialect1x => {
  const noPlace = `${version} has no place for it`
  const oneConnector = `an EVSE of ${version} has one connector`
  return {
    version,
    noPlace,
    noContracts,
    idToken: idTokenOf(version, noPlace),
    connectorOf: ({ connectorId = 1, id }, losses) => {
      if (connectorId === 1) return { connectorId: id }
      losses.add(oneConnector, "evse.connectorId")
      return {}
    },
    oneConnector,
    oneConnectorOnly: { path: "evse.connectorId", fate: "refused", why: oneConnector },
    transactionNumber: transactionNumberOf(`a transaction of ${version} has a number`),
    outcome: <Wire extends string, Generic extends string>(status: BothWays<Wire, Generic>) =>
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
  }
}

const idTokenOf = (version: Version, noPlace: string): BothWays<string, Domain.IdToken> => {
  const noToken = `${version} has no charging without an idTag`
  const tooLong = `an idTag of ${version} has at most 20 characters`
  return {
    notes: [
      { path: "", fate: "refused", why: `NoAuthorization: ${noToken}` },
      { path: "", fate: "refused", why: tooLong },
      { path: "type", fate: "changed", why: "it becomes Unknown" },
      { path: "additionalInfo", fate: "refused or left out", why: noPlace }
    ],
    decode: (idTag) => ({ idToken: idTag, type: "Unknown" }),
    encode: ({ additionalInfo, idToken: text, type }, losses) => {
      if (type === "NoAuthorization") losses.add(noToken)
      if (additionalInfo !== undefined) losses.leaveOut(noPlace, "additionalInfo")
      if (Array.from(text).length > 20) losses.add(tooLong)
      return text
    }
  }
}

const transactionNumberOf = (notANumber: string): BothWays<number, string> => ({
  notes: [{ path: "", fate: "refused", why: notANumber }],
  decode: String,
  encode: (text, losses) => {
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(number) || String(number) !== text) losses.add(notANumber)
    return number
  }
})

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

export const nothing = table<{}, {}>(() => [])
