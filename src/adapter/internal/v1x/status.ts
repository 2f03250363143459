/**
 * The status of a connector, or of the whole station, in the words of 1.x: one word for three questions.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V16 from "../../../v16/index.ts"
import { type BothWays, type Losses, type Note, under } from "../BothWays.ts"
import { table, type Table } from "../Table.ts"
import { instant } from "../values.ts"
import { type Dialect1x, evseOf, type Version } from "./common.ts"

type Answers = Pick<Domain.StatusNotificationRequest, "condition" | "occupancy" | "activity">

/** The words that both versions have. */
type Common = "Available" | "Reserved" | "Unavailable" | "Faulted"

/** A StatusNotification with the words of a version. */
type Told<Status extends string, Code extends string> = Pick<
  V16.StatusNotificationRequest,
  "connectorId" | "timestamp" | "info" | "vendorId" | "vendorErrorCode"
> & { readonly status: Status; readonly errorCode: Code }

/** What a version tells of a connector that is occupied, and of errors. */
export interface StatusWords<in out Occupied extends string, in out Code extends string> {
  /** `undefined`: it cannot be told, and why is in the losses. */
  readonly encode: (activity: Domain.Activity | undefined, losses: Losses) => Occupied | undefined
  readonly decode: (status: Occupied) => Pick<Answers, "activity">
  readonly notes: ReadonlyArray<Note>
  readonly code: BothWays<Code, Domain.ErrorCode>
}

export const statusNotification = <Occupied extends string, Code extends string>(
  dialect: Dialect1x,
  words: StatusWords<Occupied, Code>
): Table<Told<Occupied | Common, Code | "NoError">, Domain.StatusNotificationRequest> => {
  const code = under("error.code", words.code)
  // The words are those of the version.
  return table<Told<string, string>, Domain.StatusNotificationRequest>(({ field, together }) => [
    field("timestamp", "timestamp", instant),
    together({
      wire: ["connectorId", "status"],
      generic: ["evse", "condition", "occupancy", "activity"],
      decode: ({ connectorId, status }) => ({
        ...evseOf(connectorId),
        ...decoded(status as Occupied | Common, connectorId === 0, words)
      }),
      notes: [
        dialect.oneConnectorOnly,
        { path: "occupancy", fate: "refused if absent", why: isFree(dialect.version) },
        ...words.notes,
        { path: "occupancy", fate: "refused or left out", why: stationOnly(dialect) },
        { path: "activity", fate: "refused or left out", why: stationOnly(dialect) }
      ],
      encode: (generic, losses) => {
        const { evse = { id: 0 } } = generic
        const status =
          evse.id === 0 ? encodedOfStation(dialect, generic, losses) : encoded(dialect, generic, words, losses)
        return { ...dialect.connectorOf(evse, losses), ...(status === undefined ? {} : { status }) }
      }
    }),
    together({
      wire: ["errorCode", "info", "vendorId", "vendorErrorCode"],
      generic: ["error"],
      decode: ({ errorCode, info, vendorErrorCode, vendorId }, losses) => {
        const error = {
          ...(errorCode === "NoError" ? {} : { code: code.decode(errorCode as Code, losses) }),
          ...(info === undefined ? {} : { info }),
          ...(vendorId === undefined ? {} : { vendorId }),
          ...(vendorErrorCode === undefined ? {} : { vendorErrorCode })
        }
        return Object.keys(error).length === 0 ? {} : { error }
      },
      notes: code.notes ?? [],
      encode: ({ error: { code: told, ...more } = {} }, losses) => ({
        errorCode: told === undefined ? "NoError" : code.encode(told, losses),
        ...more
      })
    })
  ]) as unknown as Table<Told<Occupied | Common, Code | "NoError">, Domain.StatusNotificationRequest>
}

const decoded = <Occupied extends string>(
  status: Occupied | Common,
  isStation: boolean,
  words: Pick<StatusWords<Occupied, never>, "decode">
): Answers => {
  switch (status) {
    case "Unavailable":
      return { condition: "Unavailable" }
    case "Faulted":
      return { condition: "Faulted" }
    case "Available":
      // Of the whole station it says no more than that it works.
      return isStation ? { condition: "Operative" } : { condition: "Operative", occupancy: "Available" }
    case "Reserved":
      return { condition: "Operative", occupancy: "Reserved" }
    default:
      // It is none of the others.
      return { condition: "Operative", occupancy: "Occupied", ...words.decode(status as Occupied) }
  }
}

const isFree = (version: Version): string => `${version} tells of a connector that works whether it is free`

const stationOnly = ({ version }: Dialect1x): string =>
  `of the whole station ${version} tells only whether it works, and not what happens there`

/** The whole station is available if it works. That it is free says no more. */
const encodedOfStation = (
  dialect: Dialect1x,
  { activity, condition, occupancy = "Available" }: Domain.StatusNotificationRequest,
  losses: Losses
): Common => {
  if (condition !== "Operative") return condition
  if (occupancy !== "Available") losses.leaveOut(stationOnly(dialect), "occupancy")
  if (activity !== undefined) losses.leaveOut(stationOnly(dialect), "activity")
  return "Available"
}

/** What does not work comes first. */
const encoded = <Occupied extends string>(
  { version }: Dialect1x,
  { activity, condition, occupancy }: Domain.StatusNotificationRequest,
  words: Pick<StatusWords<Occupied, never>, "encode">,
  losses: Losses
): Occupied | Common | undefined => {
  if (condition !== "Operative") return condition
  if (occupancy === "Available" || occupancy === "Reserved") return occupancy
  if (occupancy !== undefined) return words.encode(activity, losses)
  losses.add(isFree(version), "occupancy")
  return undefined
}
