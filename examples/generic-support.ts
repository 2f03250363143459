// What the programs that name no version share: the versions, one of which the argument names, and a meter.
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Adapter } from "../src/adapter/index.ts"
import * as AdapterV15 from "../src/adapter/V15.ts"
import * as AdapterV16 from "../src/adapter/V16.ts"
import * as AdapterV201 from "../src/adapter/V201.ts"
import * as AdapterV21 from "../src/adapter/V21.ts"
import * as Domain from "../src/domain/index.ts"
import type { Action, Handlers, Protocol, StorageError } from "../src/index.ts"
import { type BootOf, type ConnectError, type Connector, Station } from "../src/station/index.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import { connector, type Target, withCsms } from "./support.ts"

/** What the meter reads, in Wh. */
export const register = (wattHours: bigint, context: Domain.ReadingContext) =>
  Effect.map(DateTime.now, (now) => [Domain.energyRegister(now, BigDecimal.fromBigInt(wattHours), context)])

type StationHandlers = Handlers.HandlerSet<"generic", never, "station", Action.ActionList<"generic">>

type Services = Station | Domain.Csms | Domain.Transactions

/** The adapter of a version, and a station that speaks it. */
const speaking = <Version extends string, CsmsId, CsmsClient, Own, OwnTransactions>(
  protocol: Protocol.StationProtocol<Version, CsmsId, CsmsClient, Own, OwnTransactions>,
  adapter: Adapter.Adapter<Version, unknown, Own>,
  boot: BootOf<NoInfer<CsmsClient>>
) => ({
  adapter,
  station: (url: string, generic: StationHandlers): Layer.Layer<Services, ConnectError | StorageError, Connector> =>
    Layer.provideMerge(
      Adapter.layerOf(adapter, protocol.Csms),
      Station.layer(protocol, { url, identity: "CP001", boot, handlers: Adapter.handlers(adapter, generic) })
    )
})

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" }
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } } as const

/** The only lines that name a version. */
const versions = {
  "1.5": speaking(V15.protocol, AdapterV15.adapter, boot1x),
  "1.6": speaking(V16.protocol, AdapterV16.adapter, boot1x),
  "2.0.1": speaking(V201.protocol, AdapterV201.adapter, boot2x),
  "2.1": speaking(V21.protocol, AdapterV21.adapter, boot2x)
}

/** Runs a program at a station of the version that the argument names. Its handlers answer what the CSMS asks. */
export const run = <E>(
  program: (adapter: Adapter.Adapter) => Effect.Effect<void, E, Services | Target>,
  handlers: StationHandlers = Domain.stationHandlersPartial({})
): Promise<void> => {
  const version = process.argv[2] ?? "1.6"
  if (!Object.hasOwn(versions, version))
    throw new TypeError(`the version is one of ${Object.keys(versions).join(", ")}`)
  // It is one of the keys.
  const { adapter, station } = versions[version as keyof typeof versions]
  const live = withCsms((url) => station(url, handlers)).pipe(Layer.provide(connector))
  return Effect.runPromise(Effect.provide(program(adapter), live))
}
