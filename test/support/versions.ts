/**
 * The versions of OCPP, in one table for all tests that are about more than one of them. What is said of their messages
 * here is read from the specification, not from the code.
 */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "../../src/Client.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import type * as Protocol from "../../src/Protocol.ts"
import type { Kind, Transactions } from "../../src/Transaction.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { boot as boot1x, time } from "./messages.ts"

type Call = (request: unknown, options?: CallOptions) => Effect.Effect<unknown, CallFailure>

/** The typed calls of any version, without their types. */
export interface AnyCalls {
  readonly bootNotification: Call
  readonly [method: string]: Call
}

/** A version without the types of its messages, which are what its own tests are about. */
type AnyProtocol = Protocol.StationProtocol<string, unknown, AnyCalls, unknown, Transactions<Kind>>

/** A request of the CSMS that asks for a message of the station: the request, and the action of the message. */
export type Ask = readonly [action: string, request: object, asksFor: string]

/** What a version calls its messages, and what it lets pass when. */
export interface Version {
  readonly name: string
  readonly is2x: boolean
  readonly protocol: AnyProtocol
  /** A BootNotification. */
  readonly boot: object
  /** What a CSMS can say of a station that it does not accept. */
  readonly refusals: ReadonlyArray<"Pending" | "Rejected">
  /** What the CSMS answers to a BootNotification; the interval is 300 seconds unless it is given. */
  readonly answer: (status: string, interval?: number, currentTime?: string) => object
  /** Requests of a station that are sent at once or not at all. */
  readonly sends: Readonly<Record<string, object>>
  /** Requests of a station that are stored first. */
  readonly stores: Readonly<Record<string, object>>
  readonly asks: ReadonlyArray<Ask>
  /** Requests of a CSMS that start and stop a transaction. */
  readonly remote: Readonly<Record<string, object>>
  /** What a station that was rejected does with requests. */
  readonly rejected: "Silence" | "SecurityError"
}

const idToken = { idToken: "321", type: "Central" }

const sends1x = {
  Authorize: { idTag: "321" },
  DataTransfer: { vendorId: "x" },
  DiagnosticsStatusNotification: { status: "Idle" },
  FirmwareStatusNotification: { status: "Installed" },
  Heartbeat: {},
  StatusNotification: { connectorId: 1, errorCode: "NoError", status: "Available" }
}

const stores1x = {
  StartTransaction: { connectorId: 1, idTag: "321", meterStart: 0, timestamp: time },
  MeterValues: { connectorId: 1, transactionId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: "1" }] }] },
  StopTransaction: { transactionId: 1, meterStop: 1, timestamp: time }
}

const remote1x = { RemoteStartTransaction: { idTag: "321" }, RemoteStopTransaction: { transactionId: 1 } }

const sends2x = {
  Authorize: { idToken },
  DataTransfer: { vendorId: "x" },
  FirmwareStatusNotification: { status: "Idle" },
  Heartbeat: {},
  LogStatusNotification: { status: "Idle" },
  MeterValues: { evseId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: 1 }] }] },
  NotifyReport: { requestId: 1, generatedAt: time, seqNo: 0 },
  PublishFirmwareStatusNotification: { status: "Idle" },
  SignCertificate: { csr: "x" },
  StatusNotification: { timestamp: time, connectorStatus: "Available", evseId: 1, connectorId: 1 }
}

const stores2x = {
  TransactionEvent: {
    eventType: "Started",
    timestamp: time,
    triggerReason: "CablePluggedIn",
    seqNo: 0,
    transactionInfo: { transactionId: "T1" }
  },
  SecurityEventNotification: { type: "SettingSystemTime", timestamp: time }
}

const remote2x = {
  RequestStartTransaction: { remoteStartId: 1, idToken },
  RequestStopTransaction: { transactionId: "T1" }
}

const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "Vendor", model: "Model" } }

const trigger = (requestedMessage: string, asksFor = requestedMessage): Ask => [
  "TriggerMessage",
  { requestedMessage },
  asksFor
]

const extended = (requestedMessage: string, asksFor = requestedMessage): Ask => [
  "ExtendedTriggerMessage",
  { requestedMessage },
  asksFor
]

const asks2x: ReadonlyArray<Ask> = [
  trigger("FirmwareStatusNotification"),
  trigger("Heartbeat"),
  trigger("LogStatusNotification"),
  trigger("MeterValues"),
  trigger("PublishFirmwareStatusNotification"),
  trigger("SignChargingStationCertificate", "SignCertificate"),
  trigger("SignCombinedCertificate", "SignCertificate"),
  trigger("SignV2GCertificate", "SignCertificate"),
  trigger("StatusNotification"),
  ["GetBaseReport", { requestId: 1, reportBase: "FullInventory" }, "NotifyReport"],
  ["GetReport", { requestId: 1 }, "NotifyReport"]
]

const answer = (status: string, interval = 300, currentTime = time): object => ({ status, interval, currentTime })

// What it loses is types; `AnyProtocol` asks nothing else of it.
const untyped = (protocol: Protocol.Protocol): AnyProtocol => protocol as unknown as AnyProtocol

export const v15: Version = {
  name: "1.5",
  is2x: false,
  protocol: untyped(V15.protocol),
  boot: boot1x,
  refusals: ["Rejected"],
  answer: (status, heartbeatInterval = 300, currentTime = time) => ({ status, heartbeatInterval, currentTime }),
  sends: { ...sends1x, DiagnosticsStatusNotification: { status: "Uploaded" } },
  stores: {
    ...stores1x,
    MeterValues: { connectorId: 1, transactionId: 1, values: [{ timestamp: time, values: [{ value: "1" }] }] }
  },
  asks: [],
  remote: remote1x,
  rejected: "Silence"
}

export const v16: Version = {
  name: "1.6",
  is2x: false,
  protocol: untyped(V16.protocol),
  boot: boot1x,
  refusals: ["Pending", "Rejected"],
  answer,
  sends: { ...sends1x, LogStatusNotification: { status: "Idle" }, SignCertificate: { csr: "x" } },
  stores: { ...stores1x, SecurityEventNotification: { type: "SettingSystemTime", timestamp: time } },
  asks: [
    trigger("DiagnosticsStatusNotification"),
    trigger("FirmwareStatusNotification"),
    trigger("Heartbeat"),
    trigger("StatusNotification"),
    extended("FirmwareStatusNotification"),
    extended("Heartbeat"),
    extended("LogStatusNotification"),
    extended("SignChargePointCertificate", "SignCertificate"),
    extended("StatusNotification")
  ],
  remote: remote1x,
  rejected: "Silence"
}

export const v201: Version = {
  name: "2.0.1",
  is2x: true,
  protocol: untyped(V201.protocol),
  boot: boot2x,
  refusals: ["Pending", "Rejected"],
  answer,
  sends: sends2x,
  stores: stores2x,
  asks: asks2x,
  remote: remote2x,
  rejected: "SecurityError"
}

export const v21: Version = {
  name: "2.1",
  is2x: true,
  protocol: untyped(V21.protocol),
  boot: boot2x,
  refusals: ["Pending", "Rejected"],
  answer,
  sends: sends2x,
  stores: stores2x,
  asks: [...asks2x, trigger("SignV2G20Certificate", "SignCertificate")],
  remote: remote2x,
  rejected: "SecurityError"
}

/** All of them, from the oldest on. */
export const versions: ReadonlyArray<Version> = [v15, v16, v201, v21]

/** The least that a CSMS answers to a request of a station. */
export const responseTo = (version: Version, action: string): object => {
  switch (action) {
    case "BootNotification":
      return version.answer("Accepted", 0)
    case "Authorize":
      return version.is2x ? { idTokenInfo: { status: "Accepted" } } : { idTagInfo: { status: "Accepted" } }
    case "StartTransaction":
      return { transactionId: 1, idTagInfo: { status: "Accepted" } }
    case "Heartbeat":
      return { currentTime: time }
    case "DataTransfer":
    case "SignCertificate":
      return { status: "Accepted" }
    default:
      return {}
  }
}
