/**
 * What made a station send an event of a transaction: 2.x asks for it, and 1.6 does not tell.
 */
import type * as Domain from "../../domain/index.ts"

/** What ended a transaction, by the reason that is told. */
const ofEnds: Readonly<Record<Domain.StoppedReason, Domain.TriggerReason>> = {
  DeAuthorized: "Deauthorized",
  EmergencyStop: "AbnormalCondition",
  EnergyLimitReached: "EnergyLimitReached",
  EVDisconnected: "EVDeparted",
  GroundFault: "AbnormalCondition",
  HardReset: "ResetCommand",
  ImmediateReset: "ResetCommand",
  Local: "StopAuthorized",
  LocalOutOfCredit: "Deauthorized",
  MasterPass: "StopAuthorized",
  Other: "AbnormalCondition",
  OvercurrentFault: "AbnormalCondition",
  PowerLoss: "AbnormalCondition",
  PowerQuality: "AbnormalCondition",
  Reboot: "ResetCommand",
  Remote: "RemoteStop",
  ReqEnergyTransferRejected: "Deauthorized",
  SOCLimitReached: "EnergyLimitReached",
  SoftReset: "ResetCommand",
  StoppedByEV: "ChargingStateChanged",
  TimeLimitReached: "TimeLimitReached",
  Timeout: "EVConnectTimeout",
  UnlockCommand: "UnlockCommand"
}

/** What made the station read its meter. */
const ofReadings: Readonly<Record<Domain.ReadingContext, Domain.TriggerReason>> = {
  "Interruption.Begin": "ChargingStateChanged",
  "Interruption.End": "ChargingStateChanged",
  Other: "MeterValuePeriodic",
  "Sample.Clock": "MeterValueClock",
  "Sample.Periodic": "MeterValuePeriodic",
  "Transaction.Begin": "MeterValuePeriodic",
  "Transaction.End": "MeterValuePeriodic",
  Trigger: "Trigger"
}

/** What is told, or what follows from the rest of the event. */
export const triggerReason = ({
  eventType,
  meterValue = [],
  remoteStartId,
  stoppedReason = "Local",
  triggerReason: told
}: Domain.TransactionEventRequest): Domain.TriggerReason => {
  if (told !== undefined) return told
  if (eventType === "Started") return remoteStartId === undefined ? "Authorized" : "RemoteStart"
  if (eventType === "Ended") return ofEnds[stoppedReason]
  const context = meterValue[0]?.sampledValue[0]?.context
  return context === undefined ? "ChargingStateChanged" : ofReadings[context]
}
