// Sets of handlers with state and data of their own, and calls to every station that is connected.
import { Context, Effect, Ref } from "effect"
import { Exchange, Handlers, Timestamp } from "../src/index.ts"
import { Csms } from "../src/csms/index.ts"
import * as V16 from "../src/v16/index.ts"

class Tenant extends Context.Service<Tenant, { readonly name: string }>()("app/Tenant") {}

const transactions = Effect.gen(function* () {
  const numbers = yield* Ref.make(0)
  return V16.csmsHandlersPartial({
    // The third argument has the message id and the time of arrival.
    startTransaction: (_, session, { messageId }) =>
      Effect.gen(function* () {
        const tenant = yield* Tenant // of this station, as `accept` says below
        const transactionId = yield* Ref.updateAndGet(numbers, (number) => number + 1)
        yield* Effect.log(`${session.identity} of ${tenant.name} starts ${transactionId} with ${messageId}`)
        return { transactionId, idTagInfo: { status: "Accepted" } } as const
      })
  })
})

const basics = V16.csmsHandlersPartial({
  heartbeat: () => Effect.map(Timestamp.now, (currentTime) => ({ currentTime }))
})

export const CsmsLive = Csms.layer({
  accept: ({ identity }) => Effect.succeed({ data: Context.make(Tenant, { name: `owner of ${identity}` }) }),
  handlers: [
    transactions,
    // Around every handler of a set.
    Handlers.map(
      basics,
      (handle, action) => (request, session, exchange) =>
        Effect.withLogSpan(handle(request, session, exchange), action.name)
    )
  ]
})

export const resetAll = Effect.gen(function* () {
  const csms = yield* Csms
  for (const session of yield* csms.connected) {
    // The version of a session tells which calls there are.
    if (session.version === "1.6") {
      const { reset } = session.station
      const [{ status }, exchanges] = yield* Exchange.record(reset({ type: "Soft" }))
      yield* Effect.log(`${session.identity}: ${status}`, ...exchanges) // ids, times and tries
    } else if (session.version === "2.0.1") yield* session.station.reset({ type: "OnIdle" })
  }
})
