/**
 * Remote starts by a CSMS: what a station of 1.x is asked for is remembered before the question leaves, so that the start
 * that answers it can be told as one.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Domain from "../../../domain/index.ts"
import * as Home from "../../../internal/Home.ts"
import type { CallFailure } from "../../../OcppError.ts"
import { calling } from "../handling.ts"
import type { CallOf, Translation } from "../Translation.ts"
import { afterAsking, without } from "./AskedStarts.ts"
import { KnownTransactions } from "./KnownTransactions.ts"

/** Makes the call of its translation. */
export const remoteStart =
  (translation: Translation): CallOf =>
  (request, versioned, options, report) => {
    const call = calling(translation, request, versioned, options, report)
    // A caller gives the request of the action.
    const asked = request as Domain.RequestStartTransactionRequest
    const { remoteStartId } = asked
    const station = Home.residentOf(versioned)
    if (remoteStartId === undefined || station === undefined) return call
    const { identity, [Home.services]: services } = station
    const known = KnownTransactions.of(station)
    const remember = Effect.gen(function* () {
      const { evseId, idToken } = asked
      const start = {
        idTag: idToken.idToken,
        type: idToken.type,
        ...(evseId === undefined ? {} : { connectorId: evseId }),
        askedAt: yield* Clock.currentTimeMillis
      }
      const before = yield* known.get(identity)
      yield* known.change(identity, { asked: afterAsking(before.asked, remoteStartId, start) })
    })
    const forget = known.change(identity, { asked: without(remoteStartId) })
    return Effect.provideContext(remember, services).pipe(
      Effect.andThen(call),
      Effect.onExit((exit) => (isRefused(exit) ? Effect.provideContext(forget, services) : Effect.void))
    )
  }

/** Whether no start follows for sure. After a time-out, or an answer that cannot be read, one may. */
const isRefused = (exit: Exit.Exit<unknown, CallFailure>): boolean => {
  if (Exit.isSuccess(exit)) return (exit.value as Domain.RequestStartTransactionResponse).status === "Rejected"
  const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
  return failure?._tag === "CallError" || failure?._tag === "NotSent"
}
