/**
 * Transactions, and what a CSMS asks of them.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { type BothWays, list, same } from "../BothWays.ts"
import type { TransactionWords } from "../stationTransactions.ts"
import { instant, seconds } from "../values.ts"
import { type Dialect, evse, outcome, statusInfo, table } from "./common.ts"
import { idTokenInfoOf, idTokenOf, messageOf } from "./idTokens.ts"
import { meterValueOf } from "./metering.ts"
import { profileOf } from "./smartCharging.ts"
import { costDetails } from "./tariffAndCost.ts"

const limit = table<V21.TransactionLimitType, Domain.TransactionLimit>(({ alike, field }) => [
  ...alike("maxCost", "maxEnergy", "maxSoC"),
  field("maxTime", "maxTime", seconds)
])

/** In 2.x `Reboot` is one that the station began itself, and `UnlockCommand` a trigger: it is no reason to stop. */
const stoppedReasonOf = ({ words }: Dialect) =>
  words<V201.ReasonEnumType, V21.ReasonEnumType, Domain.StoppedReason>(
    { ReqEnergyTransferRejected: "Other" },
    { HardReset: "ImmediateReset", SoftReset: "ImmediateReset", UnlockCommand: "Other" }
  )

/** 2.0.1 is told the nearest reason that it knows, so that no event is refused because of its reason. */
const triggerReasonOf = ({ words }: Dialect) =>
  words<V201.TriggerReasonEnumType, V21.TriggerReasonEnumType, Domain.TriggerReason>({
    CostLimitReached: "EnergyLimitReached",
    LimitSet: "ChargingRateChanged",
    OperationModeChanged: "ChargingRateChanged",
    RunningCost: "MeterValuePeriodic",
    SoCLimitReached: "EnergyLimitReached",
    TariffChanged: "MeterValuePeriodic",
    TariffNotAccepted: "Deauthorized",
    TxResumed: "ChargingStateChanged"
  })

const eventOf = (dialect: Dialect) => {
  const { since21, version } = dialect
  return table<V21.TransactionEventRequest, Domain.TransactionEventRequest>(({ alike, field }) => [
    field("eventType", "eventType"),
    field("timestamp", "timestamp", instant),
    field("triggerReason", "triggerReason", triggerReasonOf(dialect), {
      needed: `${version} asks what made the station send it`
    }),
    field("seqNo", "seqNo", undefined, { needed: `${version} counts the events of a transaction` }),
    field("offline", "offline"),
    field("numberOfPhasesUsed", "numberOfPhasesUsed"),
    field("cableMaxCurrent", "cableMaxCurrent"),
    field("reservationId", "reservationId"),
    field("transactionInfo.transactionId", "transactionId"),
    field("transactionInfo.chargingState", "chargingState"),
    field("transactionInfo.timeSpentCharging", "timeSpentCharging", seconds),
    field("transactionInfo.stoppedReason", "stoppedReason", stoppedReasonOf(dialect)),
    field("transactionInfo.remoteStartId", "remoteStartId"),
    field("evse", "evse", evse),
    field("idToken", "idToken", idTokenOf(dialect)),
    field("meterValue", "meterValue", list(meterValueOf(dialect))),
    ...since21(
      "omissible",
      "2.0.1 has no place for it",
      field("transactionInfo.operationMode", "operationMode"),
      field("transactionInfo.transactionLimit", "transactionLimit", limit),
      ...alike("preconditioningStatus", "evseSleep"),
      field("transactionInfo.tariffId", "tariffId"),
      field("costDetails", "costDetails", costDetails)
    )
  ])
}

/** An event without what its place in the transaction gives it. */
const inputOf = ({
  decode,
  encode
}: ReturnType<typeof eventOf>): BothWays<V21.TransactionEventInput, Domain.TransactionEventInput> => ({
  decode: ({ transactionInfo, ...rest }, losses) => {
    const info = { ...transactionInfo, transactionId: "" }
    const placed = { ...rest, eventType: "Updated", seqNo: 0, transactionInfo: info } as const
    const { eventType: _, seqNo: __, transactionId: ___, ...given } = decode(placed, losses)
    return given
  },
  encode: (given, losses) => {
    const placed = { ...given, eventType: "Updated", seqNo: 0, transactionId: "" } as const
    const { eventType: _, seqNo: __, transactionInfo, ...rest } = encode(placed, losses)
    const { transactionId: ___, ...info } = transactionInfo
    return { ...rest, transactionInfo: info }
  }
})

const eventResponseOf = (dialect: Dialect) => {
  const message = messageOf(dialect)
  return table<V21.TransactionEventResponse, Domain.TransactionEventResponse>(({ field }) => [
    field("totalCost", "totalCost"),
    field("chargingPriority", "chargingPriority"),
    field("idTokenInfo", "idTokenInfo", idTokenInfoOf(dialect)),
    field("updatedPersonalMessage", "updatedPersonalMessage", message),
    ...dialect.since21(
      "dropped",
      "it is for a display",
      field("updatedPersonalMessageExtra", "updatedPersonalMessageExtra", list(message))
    ),
    ...dialect.since21(
      "omissible",
      "2.0.1 does not limit a transaction",
      field("transactionLimit", "transactionLimit", limit)
    )
  ])
}

const startRequestOf = (dialect: Dialect) => {
  const idToken = idTokenOf(dialect)
  return table<V21.RequestStartTransactionRequest, Domain.RequestStartTransactionRequest>(({ field }) => [
    field("idToken", "idToken", idToken),
    field("remoteStartId", "remoteStartId", undefined, { needed: `${dialect.version} asks for it` }),
    field("evseId", "evseId"),
    field("groupIdToken", "groupIdToken", idToken),
    field("chargingProfile", "chargingProfile", profileOf(dialect))
  ])
}

export const transactions = (dialect: Dialect) => ({
  TransactionEvent: { request: eventOf(dialect), response: eventResponseOf(dialect) },
  RequestStartTransaction: {
    request: startRequestOf(dialect),
    response: table<V21.RequestStartTransactionResponse, Domain.RequestStartTransactionResponse>(({ field }) => [
      field("status", "status"),
      field("statusInfo", "statusInfo", statusInfo),
      field("transactionId", "transactionId")
    ])
  },
  RequestStopTransaction: {
    request: table<V21.RequestStopTransactionRequest, Domain.RequestStopTransactionRequest>(({ field }) => [
      field("transactionId", "transactionId")
    ]),
    response: outcome(same<Domain.RequestStartStopStatus>())
  },
  GetTransactionStatus: {
    request: table<V21.GetTransactionStatusRequest, Domain.GetTransactionStatusRequest>(({ alike }) =>
      alike("transactionId")
    ),
    response: table<V21.GetTransactionStatusResponse, Domain.GetTransactionStatusResponse>(({ alike }) =>
      alike("ongoingIndicator", "messagesInQueue")
    )
  }
})

/** How a station tells its transactions. The start, the updates and the end are all the same message in 2.x. */
export const transactionWords = ({
  request,
  response
}: ReturnType<typeof transactions>["TransactionEvent"]): TransactionWords<V21.TransactionKind> => {
  const told = { request: inputOf(request), response }
  return { start: told, update: told, stop: told }
}
