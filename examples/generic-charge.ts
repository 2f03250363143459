// A station that names no version charges once: it authorizes, says what happens at its EVSE, and tells how much it was.
// Which version it speaks, the argument says.
//
//   node examples/generic-charge.ts 2.0.1                       or 1.5, 1.6, 2.1, against a simulated CSMS of its own
//   node examples/generic-charge.ts 2.0.1 ws://127.0.0.1:9000   against yours
//   node examples/generic-charge.ts 1.5 http://127.0.0.1:9002   over SOAP
import * as BigDecimal from "effect/BigDecimal"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Adapter } from "../src/adapter/index.ts"
import * as AdapterV15 from "../src/adapter/V15.ts"
import * as AdapterV16 from "../src/adapter/V16.ts"
import * as AdapterV201 from "../src/adapter/V201.ts"
import * as AdapterV21 from "../src/adapter/V21.ts"
import * as Domain from "../src/domain/index.ts"
import { Evses } from "../src/station/blocks/index.ts"
import { Station } from "../src/station/index.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import { connector, withCsms } from "./support.ts"

const idToken = { idToken: "321", type: "Central" } as const

/** What the meter reads, in Wh. */
const register = (wattHours: bigint, context: Domain.ReadingContext) =>
  Effect.map(DateTime.now, (now) => [Domain.energyRegister(now, BigDecimal.fromBigInt(wattHours), context)])

const charge = Effect.fnUntraced(function* (adapter: Adapter.Adapter) {
  const station = yield* Station
  const csms = yield* Domain.Csms
  const evse = (yield* Evses.make({ adapter, count: 1 })).all[0]!
  yield* station.accepted

  yield* evse.pluggedIn
  const { idTokenInfo } = yield* csms.authorize({ idToken })
  if (idTokenInfo.status !== "Accepted") return yield* Console.log(`${idToken.idToken} is ${idTokenInfo.status}`)
  yield* evse.authorized({ idToken })
  const transaction = yield* evse.started({ meterValue: yield* register(0n, "Transaction.Begin") })
  yield* evse.metered({ meterValue: yield* register(700n, "Sample.Periodic") })
  yield* evse.chargingStateChanged("SuspendedEV")
  yield* evse.ended({ stoppedReason: "Local", meterValue: yield* register(1500n, "Transaction.End") })
  yield* evse.unplugged

  // All of it is kept and will arrive, now or after an outage; only to say so here does it wait for the CSMS.
  yield* transaction.started
  yield* evse.told
  yield* Console.log(`charged 1500 Wh in transaction ${yield* transaction.transactionId}`)
}, Effect.scoped)

// ---- the only lines that name a version

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" }
const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } } as const
const identity = "CP001"

const programs = {
  "1.5": charge(AdapterV15.adapter).pipe(
    Effect.provide(AdapterV15.layer),
    Effect.provide(withCsms((url) => Station.layer(V15.protocol, { url, identity, boot: boot1x })))
  ),
  "1.6": charge(AdapterV16.adapter).pipe(
    Effect.provide(AdapterV16.layer),
    Effect.provide(withCsms((url) => Station.layer(V16.protocol, { url, identity, boot: boot1x })))
  ),
  "2.0.1": charge(AdapterV201.adapter).pipe(
    Effect.provide(AdapterV201.layer),
    Effect.provide(withCsms((url) => Station.layer(V201.protocol, { url, identity, boot: boot2x })))
  ),
  "2.1": charge(AdapterV21.adapter).pipe(
    Effect.provide(AdapterV21.layer),
    Effect.provide(withCsms((url) => Station.layer(V21.protocol, { url, identity, boot: boot2x })))
  )
}

const version = process.argv[2] ?? "1.6"
if (!Object.hasOwn(programs, version)) throw new TypeError(`the version is one of ${Object.keys(programs).join(", ")}`)

// It is one of the keys.
await Effect.runPromise(programs[version as keyof typeof programs].pipe(Effect.provide(connector)))
