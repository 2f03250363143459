// A station that names no version charges if its CSMS asks it to within a minute. The argument says which version it speaks;
// generic-support.ts has the versions.
//
//   node examples/generic-remote-charge.ts 2.0.1                       or 1.5, 1.6, 2.1, against a simulated CSMS, which asks
//   node examples/generic-remote-charge.ts 2.0.1 ws://127.0.0.1:9000   against yours, such as generic.ts
//   node examples/generic-remote-charge.ts 1.5 http://127.0.0.1:9002   over SOAP
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Adapter } from "../src/adapter/index.ts"
import * as Domain from "../src/domain/index.ts"
import { Evses } from "../src/station/blocks/index.ts"
import { Station } from "../src/station/index.ts"
import { register, run } from "./generic-support.ts"
import { remotely } from "./support.ts"

const remoteStart = Deferred.makeUnsafe<Domain.RequestStartTransactionRequest>()

const handlers = Domain.stationHandlersPartial({
  // It charges once.
  requestStartTransaction: (request) =>
    Effect.map(Deferred.succeed(remoteStart, request), (isFirst) => ({ status: isFirst ? "Accepted" : "Rejected" }))
})

const remoteCharge = Effect.fnUntraced(function* (adapter: Adapter.Adapter) {
  const station = yield* Station
  const evse = (yield* Evses.make({ adapter, count: 1 })).all[0]!
  yield* station.accepted
  yield* remotely((csms) =>
    Adapter.station([adapter], csms, "CP001").requestStartTransaction({
      remoteStartId: 1,
      idToken: { idToken: "Tag2", type: "Central" }
    })
  )

  const asked = yield* Deferred.await(remoteStart).pipe(Effect.timeoutOption("1 minute"))
  if (Option.isNone(asked)) return yield* Console.log("nobody asked it to charge")
  const { idToken, remoteStartId } = asked.value
  yield* Console.log(`asked to charge for ${idToken.idToken}`)

  yield* evse.authorized({ idToken, remoteStartId })
  yield* evse.pluggedIn
  const transaction = yield* evse.started({ meterValue: yield* register(0n, "Transaction.Begin") })
  const ended = yield* evse.ended({ stoppedReason: "Local", meterValue: yield* register(1500n, "Transaction.End") })
  yield* evse.unplugged

  // All of it is kept and will arrive, now or after an outage; only to say so here does it wait for the CSMS.
  yield* ended
  yield* evse.told
  yield* Console.log(`charged 1500 Wh in transaction ${yield* transaction.transactionId}`)
}, Effect.scoped)

await run(remoteCharge, handlers)
