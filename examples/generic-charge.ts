// A station that names no version charges once: it authorizes, says what happens at its EVSE, and tells how much it was.
// The argument says which version it speaks; generic-support.ts has the versions.
//
//   node examples/generic-charge.ts 2.0.1                       or 1.5, 1.6, 2.1, against a simulated CSMS of its own
//   node examples/generic-charge.ts 2.0.1 ws://127.0.0.1:9000   against yours
//   node examples/generic-charge.ts 1.5 http://127.0.0.1:9002   over SOAP
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { Adapter } from "../src/adapter/index.ts"
import * as Domain from "../src/domain/index.ts"
import { Evses } from "../src/station/blocks/index.ts"
import { Station } from "../src/station/index.ts"
import { register, run } from "./generic-support.ts"

const idToken = { idToken: "321", type: "Central" } as const

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
  const ended = yield* evse.ended({ stoppedReason: "Local", meterValue: yield* register(1500n, "Transaction.End") })
  yield* evse.unplugged

  // All of it is kept and will arrive, now or after an outage; only to say so here does it wait for the CSMS.
  yield* ended
  yield* evse.told
  yield* Console.log(`charged 1500 Wh in transaction ${yield* transaction.transactionId}`)
}, Effect.scoped)

await run(charge)
