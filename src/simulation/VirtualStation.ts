/**
 * A simulated charging station of OCPP 1.6: boots, sends heartbeats, charges, and answers everything a CSMS may ask.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallFailure } from "../OcppError.ts"
import type { ConnectError, Connector } from "../station/Connector.ts"
import { Outbox } from "../station/Outbox.ts"
import { Station, type StationOptions } from "../station/Station.ts"
import { orMemory, type StorageError } from "../Storage.ts"
import * as V16 from "../v16/index.ts"
import { Meters } from "./internal/Meters.ts"
import type { NotStarted } from "./NotStarted.ts"
import { ChargePoint } from "./internal/virtualStationV16.ts"

/**
 * Options of a simulated station.
 *
 * **Details**
 *
 * - `connectors`: how many it has, by default 1.
 * - `power`: what it charges with, in watts; by default 11,000.
 * - `sampleInterval`: how often it sends MeterValues while it charges, in seconds; by default 60.
 * - `boot`: what it presents itself as.
 *
 * @category options
 * @since 0.1.0
 */
export interface VirtualStationOptions extends Omit<StationOptions, "handlers" | "boot"> {
  readonly connectors?: number | undefined
  readonly power?: number | undefined
  readonly sampleInterval?: number | undefined
  readonly boot?: V16.BootNotificationRequest | undefined
}

/**
 * A simulated station.
 *
 * **Details**
 *
 * It claims the feature profiles Core, LocalAuthListManagement, RemoteTrigger, Reservation and SmartCharging: it charges
 * with no more than its charging profiles let it, and its reservations expire. Configuration keys that change nothing
 * are read-only. What belongs to other profiles is answered `Rejected` or `NotSupported`.
 *
 * It tells the status of all its connectors when it is accepted and, when it is connected again, of those that have changed
 * it meanwhile (J16 §4.9).
 *
 * @category services
 * @since 0.1.0
 */
export class VirtualStation extends Context.Service<
  VirtualStation,
  {
    /** Waits until the CSMS has accepted the station and knows the status of its connectors. */
    readonly accepted: Effect.Effect<void>
    /** Charges as a driver with a card does: authorizes and starts; gives the transaction id. */
    readonly start: (connectorId: number, idTag: string) => Effect.Effect<number, CallFailure | NotStarted>
    /** Ends the transaction of a connector, if there is one. */
    readonly stop: (connectorId: number, reason?: V16.Reason) => Effect.Effect<void, CallFailure>
  }
>()("effect-ocpp/simulation/VirtualStation") {
  /**
   * Connects a simulated station and boots it in the background.
   */
  static readonly layer = (
    options: VirtualStationOptions
  ): Layer.Layer<
    VirtualStation | Station | Outbox | V16.Csms | V16.Transactions,
    ConnectError | StorageError,
    Connector
  > => Layer.effectContext(make(options))
}

const make = Effect.fnUntraced(function* (options: VirtualStationOptions) {
  const { boot, connectors = 1, power = 11_000, sampleInterval = 60, ...connection } = options
  const presented = boot ?? { chargePointVendor: "effect-ocpp", chargePointModel: "Virtual" }
  // Its meters are stored where its messages are, if these are stored at all.
  const storage = yield* orMemory
  const chargePoint = new ChargePoint({ connectors, power, sampleInterval }, presented, yield* Effect.scope)
  const handlers = V16.stationHandlers(chargePoint.handlers())
  const context = yield* Layer.build(Station.layer(V16.protocol, { ...connection, boot: presented, handlers }))
  const site = {
    csms: Context.get(context, V16.Csms),
    transactions: Context.get(context, V16.Transactions),
    station: Context.get(context, Station),
    outbox: Context.get(context, Outbox),
    meters: new Meters(storage, options.identity)
  }
  yield* Effect.forkScoped(chargePoint.work(site))
  return Context.add(
    context,
    VirtualStation,
    VirtualStation.of({
      accepted: Deferred.await(chargePoint.accepted),
      start: chargePoint.start,
      stop: (connectorId, reason = "Local") => chargePoint.stop(connectorId, reason)
    })
  )
})
