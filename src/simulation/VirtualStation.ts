/**
 * A simulated charging station of OCPP 1.6, 2.0.1 or 2.1: boots, sends heartbeats, charges, and answers what a CSMS may ask.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CallFailure } from "../OcppError.ts"
import type * as Domain from "../domain/index.ts"
import type { ConnectError, Connector } from "../station/Connector.ts"
import type { Outbox } from "../station/Outbox.ts"
import type { Station } from "../station/Station.ts"
import type { StorageError } from "../Storage.ts"
import { launch, type VirtualStationOptions } from "./internal/launch.ts"
import type { NotStarted } from "./NotStarted.ts"

export type { VirtualStationOptions } from "./internal/launch.ts"

/**
 * A simulated station. It is written once, on the generic operations, so that it does the same in every version.
 *
 * **Details**
 *
 * It has local lists, remote triggers, reservations that expire, and smart charging: it charges with no more than its
 * charging profiles let it. It tells how updates of firmware and uploads of logs go, without transferring anything.
 * Variables, which are configuration keys in 1.6, are read-only if they change nothing. What it has not, such as an
 * authorization cache or certificates, is answered `Rejected`, `NotFound` or `NotSupported`.
 *
 * It tells the status of all its EVSEs when it is accepted and, when it is connected again, of those that have changed
 * meanwhile (J16 §4.9).
 *
 * **Gotchas**
 *
 * Of 2.x it has no reports, monitors, display messages, contract certificates or network profiles yet, and of 2.1 neither
 * tariffs nor what is for discharging: these requests are answered `NotSupported`. Charging profiles that ask for more than
 * limits in time, as they can in 2.1, are rejected.
 *
 * @category services
 * @since 0.1.0
 */
export class VirtualStation extends Context.Service<
  VirtualStation,
  {
    /** Waits until the CSMS has accepted the station and knows the status of its EVSEs. */
    readonly accepted: Effect.Effect<void>
    /**
     * Charges as a driver with a card does: authorizes, plugs in and starts; gives the transaction id, which is a number
     * of digits in 1.6. A text is a token of the type `Central`.
     */
    readonly start: (
      evseId: number,
      idToken: string | Domain.IdToken
    ) => Effect.Effect<string, CallFailure | NotStarted>
    /** Ends the transaction of an EVSE, if there is one, and unplugs the vehicle. */
    readonly stop: (evseId: number, reason?: Domain.StoppedReason) => Effect.Effect<void, CallFailure>
  }
>()("effect-ocpp/simulation/VirtualStation") {
  /**
   * Connects a simulated station and boots it in the background.
   */
  static readonly layer = (
    options: VirtualStationOptions
  ): Layer.Layer<VirtualStation | Station | Outbox, ConnectError | StorageError, Connector> =>
    Layer.effectContext(
      Effect.map(launch(options), ({ context, station }) =>
        Context.add(
          context,
          VirtualStation,
          VirtualStation.of({
            accepted: station.site.evses.introduced,
            start: (evseId, idToken) =>
              station.start(evseId, typeof idToken === "string" ? { idToken, type: "Central" } : idToken),
            stop: (evseId, reason = "Local") => station.stop(evseId, reason)
          })
        )
      )
    )
}
