/**
 * What the messages of 2.x have in common, in terms of the domain. The tables are written once, for 2.1, of which 2.0.1 has
 * a part; each says what 2.0.1 makes of the rest.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { type BothWays, openWords, type Refused, same, words } from "../BothWays.ts"
import { type FieldOptions, lacked, type Lacked, type Row, type Rows, table as tableOf, type Table } from "../Table.ts"

/** A version of 2.x, as the tables ask about it. */
export interface Dialect {
  readonly version: "2.0.1" | "2.1"
  /** Rows of what only 2.1 has, and what becomes of it in 2.0.1. */
  readonly since21: (fate: Lacked, why: string, ...rows: ReadonlyArray<Row>) => ReadonlyArray<Row>
  /** The options of a field that only 2.0.1 must have; `why` completes a sentence that begins with "2.0.1". */
  readonly needed201: (why: string) => FieldOptions
  /**
   * The words of an enumeration that are not the same in both: what becomes in 2.0.1 of those that came with 2.1, and in
   * both of those that 2.x lacks.
   */
  readonly words: <In201 extends string, In21 extends string, Generic extends string>(
    since21: { readonly [W in Exclude<Extract<Generic, In21>, In201>]: In201 | Refused },
    ...lacking: [Exclude<Generic, In21>] extends [never]
      ? []
      : [lacking: { readonly [W in Exclude<Generic, In21>]: In201 | Refused }]
  ) => BothWays<In21, Generic>
  /**
   * The words of an enumeration that is open in 2.1: 2.0.1 has those of a list only, and `why` says so. Neither version is
   * told the words of `refusals`.
   */
  readonly openWords: (
    in201: ReadonlyArray<string>,
    why: string,
    refusals?: { readonly [word: string]: string }
  ) => BothWays<string, string>
}

export const v201: Dialect = {
  version: "2.0.1",
  since21: (fate, why, ...rows) => rows.flatMap((row) => lacked(row, fate, why)),
  needed201: (why) => ({ needed: `2.0.1 ${why}` }),
  words: (since21, ...[lacking]) => open({ ...since21, ...lacking }),
  openWords: (in201, why, refusals = {}) => openWords(refusals, { words: in201, why })
}

export const v21: Dialect = {
  version: "2.1",
  since21: (_, __, ...rows) => rows,
  needed201: () => ({}),
  words: (_, ...[lacking]) => open({ ...lacking }),
  openWords: (_, __, refusals = {}) => openWords(refusals, undefined)
}

/** Makes `words` of a table whose types were checked already, by the parameters of `Dialect.words`. */
const open = <Wire extends string, Generic extends string>(encoded: object): BothWays<Wire, Generic> =>
  words<string, string>({ encoded: encoded as Record<string, string | Refused>, decoded: {} }) as unknown as BothWays<
    Wire,
    Generic
  >

/** Every message and data type of 2.x can have `customData`, for which the domain has no field. */
export interface Extensible {
  readonly customData?: V201.CustomDataType
}

export const table = <Wire extends Extensible, Generic extends object>(
  rowsOf: (rows: Rows<Wire, Generic>) => ReadonlyArray<Row>
): Table<Wire, Generic> =>
  tableOf<Wire, Generic>((rows) => [
    ...rowsOf(rows),
    // It is a field of every `Wire`, which the type of paths does not know.
    rows.dropped({ wire: "customData" as never }, "it is a vendor's own; a handler of the version gets it")
  ])

export const statusInfo = table<V21.StatusInfoType, Domain.StatusInfo>(({ field }) => [
  field("reasonCode", "reasonCode"),
  field("additionalInfo", "additionalInfo")
])

export const evse = table<V21.EVSEType, Domain.Evse>(({ field }) => [
  field("id", "id"),
  field("connectorId", "connectorId")
])

export const nothing = table<Extensible, {}>(() => [])

/** Stands for the response of a message that is never answered. */
export const unanswered: Table<void, void> = { ...same<void>(), rows: [] }

/** Whether it was done, and more about it: a response that has nothing else. */
export interface StatusResponse<Status> extends Extensible {
  readonly status: Status
  readonly statusInfo?: V21.StatusInfoType
}

export interface GenericStatusResponse<Status> {
  readonly status: Status
  readonly statusInfo?: Domain.StatusInfo
}

/** The table of a response that has a status, more about it, and nothing else. */
export const outcome = <Wire extends string, Generic extends string>(
  status: BothWays<Wire, Generic>
): Table<StatusResponse<Wire>, GenericStatusResponse<Generic>> =>
  table<StatusResponse<string>, GenericStatusResponse<string>>(({ field }) => [
    // The words are those of the mapping.
    field("status", "status", status as unknown as BothWays<string, string>),
    field("statusInfo", "statusInfo", statusInfo)
  ]) as unknown as Table<StatusResponse<Wire>, GenericStatusResponse<Generic>>
