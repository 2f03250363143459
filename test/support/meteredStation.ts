/**
 * A station written by hand on the EVSEs of `effect-ocpp/station/blocks`. Its meters count in kWh, keep what they read when
 * the power is cut, and tell currents and voltages as well; its books have every transaction.
 */
import { assert } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { Adapter } from "../../src/adapter/index.ts"
import * as AdapterV15 from "../../src/adapter/V15.ts"
import * as AdapterV16 from "../../src/adapter/V16.ts"
import * as AdapterV201 from "../../src/adapter/V201.ts"
import * as AdapterV21 from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"
import * as Handlers from "../../src/Handlers.ts"
import type { StationProtocol } from "../../src/Protocol.ts"
import { Reply } from "../../src/Reply.ts"
import { Evses } from "../../src/station/blocks/index.ts"
import { Outbox, Station } from "../../src/station/index.ts"
import type { BootOf, StationConnection } from "../../src/station/StationConnection.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"

/** A transaction in the books of the station; registers are in Wh, times in milliseconds. */
export interface Booked {
  readonly evseId: number
  readonly idToken: string
  readonly startedAt: number
  readonly begin: number
  endedAt?: number
  end?: number
}

/** The meter of an EVSE, in Wh, and the transaction that it counts for. */
interface Meter {
  register: number
  charging: Booked | undefined
}

/** What a station keeps beside its storage when the power is cut: its meters and its books. */
export class Hardware {
  readonly books: Array<Booked> = []
  private readonly meters = new Map<number, Meter>()

  meter(evseId: number): Meter {
    const meter = this.meters.get(evseId) ?? { register: 0, charging: undefined }
    this.meters.set(evseId, meter)
    return meter
  }

  /** What is there when the power comes back, whatever becomes of what was going on. */
  copy(): Hardware {
    const copied = new Hardware()
    for (const booked of this.books) copied.books.push({ ...booked })
    for (const [evseId, { charging, register }] of this.meters) {
      const at = charging === undefined ? -1 : this.books.indexOf(charging)
      copied.meters.set(evseId, { register, charging: copied.books[at] })
    }
    return copied
  }

  /** Puts the books right after a power cut: what was not stored has not happened. */
  settle(evseId: number, isStored: boolean): void {
    const meter = this.meter(evseId)
    const { charging } = meter
    assert(charging !== undefined || !isStored, "a transaction is stored that is not in the books")
    if (charging === undefined) return
    if (isStored) {
      delete charging.end
      delete charging.endedAt
      return
    }
    meter.charging = undefined
    if (charging.endedAt === undefined) this.books.splice(this.books.indexOf(charging), 1)
  }
}

const reading = (value: BigDecimal.BigDecimal, unit: string) => ({ _tag: "Measured", value, unit }) as const

const kiloWattHours = (register: number, context: Domain.ReadingContext): Domain.SampledValue => ({
  measurand: "Energy.Active.Import.Register",
  context,
  location: "Outlet",
  reading: reading(BigDecimal.make(BigInt(register), 3), "kWh")
})

const sampled = (measurand: Domain.Measurand, text: string, unit: string, phase?: Domain.Phase) => ({
  measurand,
  context: "Sample.Periodic" as const,
  location: "Outlet" as const,
  ...(phase === undefined ? {} : { phase }),
  reading: reading(BigDecimal.fromStringUnsafe(text), unit)
})

/** What the station tells once in a while, beside the register; 1.5 has no phases. */
const electrical = (version: string) => [
  sampled("Current.Import", "15.75", "A", version === "1.5" ? undefined : "L1"),
  sampled("Voltage", "229.8", "V", version === "1.5" ? undefined : "L1-N"),
  sampled("Power.Active.Import", "3.61935", "kW")
]

/** A station at work. */
export class MeteredStation {
  readonly evses: Evses.Evses
  readonly csms: Domain.CsmsClient
  readonly transactions: Domain.StationTransactions
  readonly connection: StationConnection
  readonly outbox: Outbox["Service"]
  private readonly version: string
  private readonly hardware: Hardware

  constructor(
    version: string,
    hardware: Hardware,
    evses: Evses.Evses,
    csms: Domain.CsmsClient,
    transactions: Domain.StationTransactions,
    connection: StationConnection,
    outbox: Outbox["Service"]
  ) {
    this.version = version
    this.hardware = hardware
    this.evses = evses
    this.csms = csms
    this.transactions = transactions
    this.connection = connection
    this.outbox = outbox
  }

  /** Starts a transaction for somebody who has been authorized. */
  readonly start = Effect.fnUntraced({ self: this }, function* (evseId: number, by: Evses.EvseAuthorization) {
    const evse = this.evses.get(evseId)!
    const meter = this.hardware.meter(evseId)
    yield* evse.pluggedIn
    yield* evse.authorized(by)
    const now = yield* Clock.currentTimeMillis
    const meterValue = readAt(now, kiloWattHours(meter.register, "Transaction.Begin"))
    meter.charging = { evseId, idToken: by.idToken.idToken, startedAt: now, begin: meter.register }
    this.hardware.books.push(meter.charging)
    yield* evse.started({ timestamp: DateTime.makeUnsafe(now), meterValue })
  })

  /** Whether a transaction goes on that the CSMS calls so. */
  readonly isRunning = (transactionId: string): Effect.Effect<boolean> =>
    Effect.map(this.transactions.find(transactionId), Option.isSome)

  /** Lets so many watt-hours flow. */
  charge(evseId: number, wattHours: number): void {
    const meter = this.hardware.meter(evseId)
    if (meter.charging !== undefined) meter.register += wattHours
  }

  readonly sample = Effect.fnUntraced({ self: this }, function* (evseId: number) {
    const { register } = this.hardware.meter(evseId)
    const now = yield* Clock.currentTimeMillis
    const meterValue = readAt(now, kiloWattHours(register, "Sample.Periodic"), ...electrical(this.version))
    yield* this.evses.get(evseId)!.metered({ meterValue })
  })

  /** The vehicle takes no more energy, or does again. */
  readonly suspend = (evseId: number, isSuspended: boolean) =>
    this.evses.get(evseId)!.chargingStateChanged(isSuspended ? "SuspendedEV" : "Charging")

  readonly stop = Effect.fnUntraced({ self: this }, function* (evseId: number, stoppedReason: Domain.StoppedReason) {
    const evse = this.evses.get(evseId)!
    const meter = this.hardware.meter(evseId)
    const { charging, register } = meter
    if (charging === undefined || charging.endedAt !== undefined) return
    const now = yield* Clock.currentTimeMillis
    Object.assign(charging, { endedAt: now, end: register })
    const meterValue = readAt(now, kiloWattHours(register, "Transaction.End"))
    yield* evse.ended({ timestamp: DateTime.makeUnsafe(now), stoppedReason, meterValue })
    meter.charging = undefined
    yield* evse.unplugged
  })

  /** Goes on with what was running when the power was cut; some vehicles have left since, as `hasLeft` says. */
  readonly resume = Effect.fnUntraced(
    { self: this },
    function* (ongoing: ReadonlyArray<Evses.EvseTransaction>, hasLeft: () => boolean) {
      for (const evse of this.evses.all) {
        const transaction = ongoing.find(({ request }) => request.evse?.id === evse.id)
        this.hardware.settle(evse.id, transaction !== undefined)
        if (transaction === undefined) continue
        // Without power no energy has flowed.
        yield* evse.resumed(transaction, "SuspendedEVSE")
        if (hasLeft()) yield* this.stop(evse.id, "PowerLoss")
        else yield* evse.chargingStateChanged("Charging")
      }
    }
  )
}

const readAt = (now: number, ...sampledValue: ReadonlyArray<Domain.SampledValue>) => [
  { timestamp: DateTime.makeUnsafe(now), sampledValue }
]

const handlersOf = (station: MeteredStation) =>
  Domain.stationHandlers({
    changeAvailability: () => Effect.succeed({ status: "Rejected" }),
    clearCache: () => Effect.succeed({ status: "Rejected" }),
    getVariables: ({ variables }) =>
      Effect.succeed({ results: variables.map((one) => ({ ...one, status: "UnknownComponent" as const })) }),
    reset: () => Effect.succeed({ status: "Rejected" }),
    unlockConnector: () => Effect.succeed({ status: "UnlockFailed" }),
    requestStartTransaction: ({ evseId = 1, idToken, remoteStartId }) =>
      station.evses.get(evseId)?.state.session === undefined
        ? Reply.thenDetached({ status: "Accepted" }, station.start(evseId, { idToken, remoteStartId }))
        : Effect.succeed({ status: "Rejected" }),
    requestStopTransaction: ({ transactionId }) =>
      Effect.gen(function* () {
        const found = yield* station.transactions.find(transactionId)
        const evseId = Option.getOrUndefined(found)?.request.evse?.id
        if (evseId === undefined) return { status: "Rejected" }
        return yield* Reply.thenDetached({ status: "Accepted" }, station.stop(evseId, "Remote"))
      })
  })

/** `handlers`: what the station can do more. */
export interface Launch {
  readonly identity: string
  readonly hardware: Hardware
  readonly hasLeft: () => boolean
  readonly handlers?: (station: MeteredStation) => Partial<Domain.StationHandlers>
}

const launching =
  <Version extends string, CsmsId, CsmsClient, TransactionsId, StationTransactions>(
    protocol: StationProtocol<Version, CsmsId, CsmsClient, TransactionsId, StationTransactions>,
    adapter: Adapter.Adapter<Version, unknown, TransactionsId>,
    boot: BootOf<CsmsClient>
  ) =>
  ({ handlers: more = () => ({}), hardware, hasLeft, identity }: Launch) =>
    Effect.gen(function* () {
      const launched = Deferred.makeUnsafe<MeteredStation>()
      const handlers = Effect.gen(function* () {
        const generic = yield* Layer.build(Adapter.layerOf(adapter, protocol.Csms))
        const evses = yield* Effect.provideContext(Evses.make({ adapter, count: 2 }), generic)
        const transactions = Context.get(generic, Domain.Transactions)
        const station = new MeteredStation(
          adapter.protocol.version,
          hardware,
          evses,
          Context.get(generic, Domain.Csms),
          transactions,
          yield* Station,
          yield* Outbox
        )
        yield* station.resume(yield* transactions.ongoing, hasLeft).pipe(Effect.orDie)
        yield* Deferred.succeed(launched, station)
        const all = Handlers.merge(handlersOf(station), Domain.stationHandlersPartial(more(station)))
        return Adapter.handlers(adapter, all)
      })
      const reconnect = Schedule.spaced("5 minutes")
      const options = { url: "ws://csms", identity, boot, handlers, firstConnection: "retry", reconnect } as const
      yield* Layer.build(Station.layer(protocol, options))
      return yield* Deferred.await(launched)
    })

const boot1x = { chargePointVendor: "ACME", chargePointModel: "Metered" } as const
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Metered" } } as const

/** Launches such a station with two EVSEs, by version. */
export const launch = {
  "1.5": launching(V15.protocol, AdapterV15.adapter, boot1x),
  "1.6": launching(V16.protocol, AdapterV16.adapter, boot1x),
  "2.0.1": launching(V201.protocol, AdapterV201.adapter, boot2x),
  "2.1": launching(V21.protocol, AdapterV21.adapter, boot2x)
}
