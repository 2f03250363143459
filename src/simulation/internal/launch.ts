/**
 * Sets a simulated station up, in the version that it speaks.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Adapter from "../../adapter/Adapter.ts"
import { adapter as v15 } from "../../adapter/V15.ts"
import { adapter as v16 } from "../../adapter/V16.ts"
import { adapter as v201 } from "../../adapter/V201.ts"
import { adapter as v21 } from "../../adapter/V21.ts"
import * as Domain from "../../domain/index.ts"
import * as MessageCheck from "../../MessageCheck.ts"
import type { StationProtocol } from "../../Protocol.ts"
import { Evses } from "../../station/blocks/index.ts"
import { InvalidBoot } from "../../station/Connector.ts"
import { Outbox } from "../../station/Outbox.ts"
import { Station, type StationOptions } from "../../station/Station.ts"
import type { BootOf } from "../../station/StationConnection.ts"
import { orMemory } from "../../Storage.ts"
import * as V15 from "../../v15/index.ts"
import * as V16 from "../../v16/index.ts"
import * as V201 from "../../v201/index.ts"
import * as V21 from "../../v21/index.ts"
import { Meters } from "./Meters.ts"
import { SimulatedStation } from "./SimulatedStation.ts"
import { type Parts, Simulated, stationHandlers } from "./stationHandlers.ts"
import { Transfers } from "./Transfers.ts"

/**
 * Options of a simulated station.
 *
 * **Details**
 *
 * - `version`: which version it speaks, by default 1.6.
 * - `connectors`: how many EVSEs it has, each with one connector; by default 1.
 * - `power`: what it charges with, in watts; by default 11,000.
 * - `sampleInterval`: how often it sends meter values while it charges, in seconds; by default 60.
 * - `boot`: what it presents itself as. Fails as `InvalidBoot` if the version cannot say it.
 *
 * @category options
 * @since 0.1.0
 */
export interface VirtualStationOptions extends Omit<StationOptions, "handlers" | "boot"> {
  readonly version?: "1.5" | "1.6" | "2.0.1" | "2.1" | undefined
  readonly connectors?: number | undefined
  readonly power?: number | undefined
  readonly sampleInterval?: number | undefined
  readonly boot?: Domain.BootNotificationRequest | undefined
}

/** Launches a station of a version. */
const launching = <Version extends string, CsmsId, CsmsClient extends object, TransactionsId, StationTransactions>(
  protocol: StationProtocol<Version, CsmsId, CsmsClient, TransactionsId, StationTransactions>,
  adapter: Adapter.Adapter<Version, unknown, TransactionsId>
) => {
  const shared = Adapter.handlers(adapter, stationHandlers)
  return Effect.fnUntraced(function* (options: VirtualStationOptions) {
    const {
      boot: presented = usual,
      connectors = 1,
      power = 11_000,
      sampleInterval = 60,
      version: _,
      ...rest
    } = options
    // Its meters are stored where its messages are, if these are stored at all.
    const meters = new Meters(yield* orMemory, options.identity)
    const boot = yield* bootOf(adapter, presented)
    const simulating = Deferred.makeUnsafe<Parts>()
    const handlers = Effect.gen(function* () {
      const { csms, transactions } = Adapter.agreed([adapter], {
        version: protocol.version,
        csms: yield* protocol.Csms,
        transactions: yield* protocol.Transactions
      })
      const generic = Context.make(Domain.Csms, csms).pipe(Context.add(Domain.Transactions, transactions))
      const evses = yield* Effect.provideContext(Evses.make({ adapter, count: connectors }), generic)
      const site = {
        csms,
        transactions,
        station: yield* Station,
        outbox: yield* Outbox,
        scope: yield* Effect.scope,
        evses,
        meters
      }
      const simulated = new SimulatedStation({ connectors, power, sampleInterval }, site)
      yield* simulated.begin
      const reboot = (reason: Domain.BootReason) => Effect.andThen(boot.because(reason), site.station.reboot)
      const transfers = new Transfers(simulated, reboot("FirmwareUpdate"))
      const again = { ...presented, reason: "Triggered" } as const
      const is2x = protocol.version.startsWith("2")
      const parts = { station: simulated, transfers, is2x, boot: again, reboot: reboot("RemoteReset") }
      yield* Deferred.succeed(simulating, parts)
      return shared
    })
    // It is what the version's schema has let through.
    const given = boot.encoded as Effect.Effect<BootOf<CsmsClient>>
    const context = yield* Effect.provideService(
      Layer.build(Station.layer(protocol, { ...rest, boot: given, handlers })),
      Simulated,
      simulating
    )
    const { station } = yield* Deferred.await(simulating)
    return { context: Context.pick(Station, Outbox)(context), station }
  })
}

const usual: Domain.BootNotificationRequest = {
  chargingStation: { vendorName: "effect-ocpp", model: "Virtual" }
}

/** What the station presents itself as in its version, and for which reason; 1.x does not tell the reason. */
const bootOf = Effect.fnUntraced(function* (adapter: Adapter.Adapter, presented: Domain.BootNotificationRequest) {
  const { version } = adapter.protocol
  let reason: Domain.BootReason = "PowerUp"
  const encode = () => Adapter.encode(adapter, Domain.BootNotification, { reason, ...presented })
  const first = encode()
  if (Result.isFailure(first)) return yield* new InvalidBoot({ version, violations: first.failure.violations })
  const { action, request } = first.success
  const written = MessageCheck.of(action.request).write(request)
  if (Result.isFailure(written)) return yield* new InvalidBoot({ version, violations: written.failure })
  return {
    // It was encoded once already, and only the reason has changed since.
    encoded: Effect.sync(() => Result.getOrThrow(encode()).request),
    because: (given: Domain.BootReason) =>
      Effect.sync(() => {
        reason = given
      })
  }
})

const launches = {
  "1.5": launching(V15.protocol, v15),
  "1.6": launching(V16.protocol, v16),
  "2.0.1": launching(V201.protocol, v201),
  "2.1": launching(V21.protocol, v21)
}

/** Launches a station of the version that the options name. */
export const launch = (options: VirtualStationOptions): ReturnType<(typeof launches)["1.6"]> =>
  launches[options.version ?? "1.6"](options)
