/**
 * Remote starts that a station of 1.x was asked for. Its StartTransaction does not tell by which of them it was asked, so
 * that a CSMS has to find that out: pure steps over what it remembers.
 */
import * as Schema from "effect/Schema"
import { IdTokenType } from "../../../domain/index.ts"
import * as Timestamp from "../../../Timestamp.ts"
import type * as V16 from "../../../v16/index.ts"

/**
 * A remote start that no start has answered yet.
 *
 * - `connectorId`: absent if the station chooses.
 * - `askedAt`: in milliseconds.
 */
export class AskedStart extends Schema.Opaque<AskedStart>()(
  Schema.Struct({
    idTag: Schema.String,
    type: IdTokenType,
    connectorId: Schema.optionalKey(Schema.Int),
    askedAt: Schema.Int
  })
) {}

/** What was asked for, by its remoteStartId. */
export type AskedStarts = ReadonlyMap<number, AskedStart>

/** What changes in it; `undefined` is for one that is forgotten. */
export type AskedChanges = ReadonlyMap<number, AskedStart | undefined>

/** How many are remembered of a station; those that were asked for first go. */
const most = 16

/**
 * How long after it was asked a station may begin, in milliseconds: 15 minutes. Stations give up long before, when no cable
 * is plugged in (ConnectionTimeOut, most often one to five minutes). What the driver begins later is something else.
 */
const patience = 900_000

/** How far the clock of a station may be behind, in milliseconds. What has begun before the question is no answer to it. */
const mostBehind = 300_000

/** How long one is remembered, in milliseconds: a day, for a start may be told late if the station was offline. */
const longest = 86_400_000

/** After a question: it takes the place of one for the same idTag at the same connector. */
export const afterAsking = (asked: AskedStarts, remoteStartId: number, start: AskedStart): AskedChanges => {
  const isReplaced = ({ askedAt, connectorId, idTag }: AskedStart): boolean =>
    start.askedAt - askedAt > longest ||
    (connectorId !== undefined && connectorId === start.connectorId && isSame(idTag, start.idTag))
  const others = Array.from(asked).filter(([id]) => id !== remoteStartId)
  const kept = others.filter(([, one]) => !isReplaced(one)).sort(([, one], [, other]) => other.askedAt - one.askedAt)
  const room = new Set(kept.slice(0, most - 1).map(([id]) => id))
  return new Map([
    ...others.flatMap(([id]) => (room.has(id) ? [] : [[id, undefined] as const])),
    [remoteStartId, start] as const
  ])
}

/** One that was refused, or that a start has answered, is forgotten. */
export const without = (remoteStartId: number): AskedChanges => new Map([[remoteStartId, undefined]])

/** The remote start that a start answers: the one for its connector, or else the last one that left the choice to the station. */
export const answeredBy = (
  asked: AskedStarts,
  { connectorId, idTag, timestamp }: Pick<V16.StartTransactionRequest, "connectorId" | "idTag" | "timestamp">,
  receivedAt: number
): number | undefined => {
  const told = Timestamp.toMillis(timestamp)
  const startedAt = told !== undefined && Timestamp.isPlausible(told, receivedAt) ? told : receivedAt
  const fitting = Array.from(asked).filter(
    ([, one]) =>
      isSame(one.idTag, idTag) &&
      (one.connectorId ?? connectorId) === connectorId &&
      startedAt >= one.askedAt - mostBehind &&
      Math.min(startedAt, receivedAt) <= one.askedAt + patience
  )
  fitting.sort(
    ([, one], [, other]) =>
      Number(other.connectorId !== undefined) - Number(one.connectorId !== undefined) || other.askedAt - one.askedAt
  )
  return fitting[0]?.[0]
}

/** Upper and lower case are the same in an idTag. */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
