/**
 * What the messages of 2.0.1 have in common, in terms of the domain.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type { BothWays } from "../BothWays.ts"
import { type Row, type Rows, table as tableOf, type Table } from "../Table.ts"

/** What all messages and data types of 2.x have, and what the domain has not. */
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

export const statusInfo = table<V201.StatusInfoType, Domain.StatusInfo>(({ field }) => [
  field("reasonCode", "reasonCode"),
  field("additionalInfo", "additionalInfo")
])

export const evse = table<V201.EVSEType, Domain.Evse>(({ field }) => [
  field("id", "id"),
  field("connectorId", "connectorId")
])

export const nothing = table<Extensible, {}>(() => [])

/** Whether it was done, and more about it. */
interface Outcome<Status> extends Extensible {
  readonly status: Status
  readonly statusInfo?: V201.StatusInfoType
}

interface GenericOutcome<Status> {
  readonly status: Status
  readonly statusInfo?: Domain.StatusInfo
}

/** The responses that have nothing else, of which most have the same words in both. */
export const outcome = <Wire extends string, Generic extends string>(
  status: BothWays<Wire, Generic>
): Table<Outcome<Wire>, GenericOutcome<Generic>> =>
  table<Outcome<string>, GenericOutcome<string>>(({ field }) => [
    // The words are those of the mapping.
    field("status", "status", status as unknown as BothWays<string, string>),
    field("statusInfo", "statusInfo", statusInfo)
  ]) as unknown as Table<Outcome<Wire>, GenericOutcome<Generic>>
