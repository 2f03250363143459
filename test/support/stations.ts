/**
 * Stations of every version that register themselves, on a network written by hand. What is said of their messages here
 * is read from the specification, not from the code.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type CallFailure, Reply } from "../../src/index.ts"
import type { CallOptions } from "../../src/Client.ts"
import type { UntypedHandler } from "../../src/Handlers.ts"
import type * as Protocol from "../../src/Protocol.ts"
import { Outbox } from "../../src/station/Outbox.ts"
import { Station } from "../../src/station/Station.ts"
import type { ConnectionOptions } from "../../src/station/StationConnection.ts"
import { Storage } from "../../src/Storage.ts"
import type { Transactions } from "../../src/Transaction.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { endpoint, Network } from "./station.ts"
import { collect, settled } from "./time.ts"
import { handlersOf } from "./engine.ts"

export const time = "2026-11-22T06:00:00.000Z"

type Call = (request: unknown, options?: CallOptions) => Effect.Effect<unknown, CallFailure>

/** The typed calls of any version, without their types. */
export interface AnyCalls {
  readonly bootNotification: Call
  readonly [method: string]: Call
}

type AnyProtocol = Protocol.StationProtocol<string, unknown, AnyCalls, unknown, AnyTransactions>

type AnyTransactions = Transactions<{
  readonly Start: unknown
  readonly Started: unknown
  readonly Update: unknown
  readonly Updated: unknown
  readonly Stop: unknown
  readonly Stopped: unknown
  readonly Id: never
}>

/** A request of the CSMS that asks for a message of the station: the request, and the action of the message. */
export type Ask = readonly [action: string, request: object, asksFor: string]

/** What the tests of registration need to know of a version. */
export interface Version {
  readonly name: string
  readonly protocol: AnyProtocol
  readonly boot: object
  /** What a CSMS can say of a station that it does not accept. */
  readonly refusals: ReadonlyArray<"Pending" | "Rejected">
  /** What the CSMS answers to a BootNotification. */
  readonly answer: (status: string, interval: number, currentTime?: string) => object
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
  MeterValues: { connectorId: 1, meterValue: [{ timestamp: time, sampledValue: [{ value: "1" }] }] },
  StopTransaction: { transactionId: 1, meterStop: 1, timestamp: time }
}

const remote1x = { RemoteStartTransaction: { idTag: "321" }, RemoteStopTransaction: { transactionId: 1 } }

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" }

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

const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } }

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

const answer = (status: string, interval: number, currentTime = time): object => ({ status, interval, currentTime })

// The types of a version are what its own tests are about.
const untyped = (protocol: Protocol.Protocol): AnyProtocol => protocol as unknown as AnyProtocol

export const versions: ReadonlyArray<Version> = [
  {
    name: "1.5",
    protocol: untyped(V15.protocol),
    boot: boot1x,
    refusals: ["Rejected"],
    answer: (status, heartbeatInterval, currentTime = time) => ({ status, heartbeatInterval, currentTime }),
    sends: { ...sends1x, DiagnosticsStatusNotification: { status: "Uploaded" } },
    stores: {
      ...stores1x,
      MeterValues: { connectorId: 1, values: [{ timestamp: time, values: [{ value: "1" }] }] }
    },
    asks: [],
    remote: remote1x,
    rejected: "Silence"
  },
  {
    name: "1.6",
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
  },
  {
    name: "2.0.1",
    protocol: untyped(V201.protocol),
    boot: boot2x,
    refusals: ["Pending", "Rejected"],
    answer,
    sends: sends2x,
    stores: stores2x,
    asks: asks2x,
    remote: remote2x,
    rejected: "SecurityError"
  },
  {
    name: "2.1",
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
]

/** The least that a CSMS answers to a request of a station. */
export const responseTo = (version: Version, action: string): object => {
  const is1x = version.name.startsWith("1.")
  switch (action) {
    case "BootNotification":
      return version.answer("Accepted", 0)
    case "Authorize":
      return is1x ? { idTagInfo: { status: "Accepted" } } : { idTokenInfo: { status: "Accepted" } }
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

const methodOf = (action: string): string => `${action[0]!.toLowerCase()}${action.slice(1)}`

interface Options extends Partial<ConnectionOptions> {
  /** What a handler does once its answer is on the wire, by the action. */
  readonly afterwards?: (action: string, request: object, csms: AnyCalls) => Effect.Effect<unknown, CallFailure>
  readonly storage?: Storage["Service"]
}

/**
 * Connects CP001, which presents itself unless `boot` is `undefined`, and answers `Accepted` to whatever has a status.
 * `handled` is what reached its handlers; `call` starts a call.
 */
export const station = Effect.fnUntraced(function* (
  { boot, protocol }: { readonly protocol: AnyProtocol; readonly boot: object | undefined },
  { afterwards = () => Effect.void, storage, ...options }: Options = {},
  network: Network = new Network()
) {
  const handled: Array<string> = []
  const handle = (action: string): readonly [string, UntypedHandler] => [
    action,
    (request, csms) => {
      handled.push(action)
      // A request is an object, and the second argument of a station's handler is its client.
      return Reply.then({ status: "Accepted" }, Effect.ignore(afterwards(action, request as object, csms as AnyCalls)))
    }
  ]
  const handlers = new Map(protocol.actions.filter(({ from }) => from !== "station").map(({ name }) => handle(name)))
  const context = yield* Layer.build(
    Station.layer(protocol, {
      url: endpoint,
      identity: "CP001",
      // Every version has a BootNotification of its own.
      boot: boot as never,
      handlers: handlersOf(protocol, "station", handlers),
      ...options
    }).pipe(
      Layer.provide(network.layer),
      Layer.provide(storage === undefined ? Storage.layerMemory : Layer.succeed(Storage, storage))
    )
  )
  const csms = Context.get(context, protocol.Csms)
  const service = Context.get(context, Station)
  const registrations = yield* collect(service.registration)
  const deviations = yield* collect(service.deviations)
  return {
    network,
    get raw() {
      return network.raw
    },
    station: service,
    outbox: Context.get(context, Outbox),
    csms,
    handled,
    registrations,
    deviations,
    call: (action: string, request: unknown) => Effect.suspend(() => csms[methodOf(action)]!(request))
  }
})

/** The same, accepted by its CSMS with this heartbeat interval in seconds. */
export const acceptedStation = Effect.fnUntraced(function* (
  version: Version,
  interval: number,
  options?: Options,
  network?: Network
) {
  const made = yield* station(version, options, network)
  const { raw } = made
  yield* raw.send([3, yield* raw.nextCall("BootNotification"), version.answer("Accepted", interval)])
  yield* settled
  return made
})

/** With a clock that can be set, and that tells how long it has slept each time, in milliseconds. */
export const observed = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const real = yield* Clock.Clock
  const clock = { ahead: 0, sleeps: new Array<number>() }
  const spy: Clock.Clock = Object.create(real, {
    currentTimeMillisUnsafe: { value: () => real.currentTimeMillisUnsafe() + clock.ahead },
    sleep: {
      value: (duration: Duration.Duration) => {
        clock.sleeps.push(Duration.toMillis(duration))
        return real.sleep(duration)
      }
    }
  })
  return { ...(yield* Effect.provideService(effect, Clock.Clock, spy)), clock }
})
