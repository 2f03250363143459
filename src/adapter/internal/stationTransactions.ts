/**
 * The transactions of a station in generic form, over those of its version: these store all messages and all that has to
 * be known of a transaction, so that nothing has to be remembered here.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Domain from "../../domain/index.ts"
import type { NotSent, Violation } from "../../OcppError.ts"
import type { Delivery, Kind, Transaction, Transactions } from "../../Transaction.ts"
import type { Report } from "./Translation.ts"
import { type BothWays, Losses, whole } from "./BothWays.ts"
import { checked, notExpressible, reported, understood } from "./handling.ts"

/** The message by which a version tells a phase of a transaction, and the answer to it. */
export interface PhaseWords<in out Request, in out Response> {
  readonly request: BothWays<Request, Domain.TransactionEventInput>
  readonly response: Pick<BothWays<Response, Domain.TransactionEventResponse>, "decode">
  /** Whether there is anything in an event for which the version has a message; without it, there is. */
  readonly isTold?: ((given: Domain.TransactionEventInput) => boolean) | undefined
}

/** The words of a version for all phases. */
export interface TransactionWords<in out K extends Kind> {
  readonly start: PhaseWords<K["Start"], K["Started"]>
  readonly update: PhaseWords<K["Update"], K["Updated"]>
  readonly stop: PhaseWords<K["Stop"], K["Stopped"]>
}

/** The transactions of a station of a version, and the generic ones that are made of them, once for each. */
export interface GenericTransactions<out Own> {
  readonly service: Context.Key<Own, unknown>
  /** `report` is told what is left out of a message, if anything may be. */
  readonly from: (versioned: unknown, report?: Report) => Domain.StationTransactions
}

/** Says how the transactions of a version are told in generic form. */
export const stationTransactions = <Own, K extends Kind>(
  service: Context.Key<Own, Transactions<K>>,
  words: TransactionWords<K>
): GenericTransactions<Own> => ({
  service,
  // `versioned` is what `service` gives.
  from: (versioned, report) => genericOf(words, versioned as Transactions<K>, report)
})

const genericOf = <K extends Kind>(
  { start, stop, update }: TransactionWords<K>,
  versioned: Transactions<K>,
  report: Report | undefined
): Domain.StationTransactions => {
  const transactionOf = (transaction: Transaction<K>): Transaction<Domain.TransactionKind> => ({
    id: transaction.id,
    transactionId: Effect.map(transaction.transactionId, String),
    // It was encoded by the same table, so nothing is lost on the way back.
    request: start.request.decode(transaction.request, new Losses()),
    started: delivered(start, transaction.started),
    update: (given) => told(update, given, transaction.update, report),
    stop: (given) => told(stop, given, transaction.stop, report)
  })
  return {
    start: (given, options) =>
      Effect.map(
        Effect.flatMap(encoded(start, given, report), (request) => versioned.start(request, options)),
        transactionOf
      ),
    ongoing: Effect.map(versioned.ongoing, (all) => all.map(transactionOf)),
    find: (transactionId) =>
      // Names are compared by their text, which for a number is its digits, however many there are.
      Effect.map(versioned.find(transactionId as K["Id"]), Option.map(transactionOf))
  }
}

const told = <Request, Response>(
  words: PhaseWords<Request, Response>,
  given: Domain.TransactionEventInput,
  tell: (request: Request) => Effect.Effect<Delivery<Response>, NotSent>,
  report: Report | undefined
): Effect.Effect<Delivery<Domain.TransactionEventResponse>, NotSent> =>
  Effect.flatMap(encoded(words, given, report), (request) =>
    words.isTold?.(given) === false
      ? Effect.succeed(nothingSaid)
      : Effect.map(tell(request), (delivery) => delivered(words, delivery))
  )

const nothingSaid: Delivery<Domain.TransactionEventResponse> = Effect.succeed({})

const action = Domain.TransactionEvent.name

const encoded = <Request>(
  { request }: Pick<PhaseWords<Request, never>, "request">,
  given: Domain.TransactionEventInput,
  report: Report | undefined
): Effect.Effect<Request, NotSent> =>
  Effect.suspend(() => {
    // Its place in the transaction gives it the rest.
    const event = checked(Domain.TransactionEvent, { eventType: "Updated", transactionId: "", seqNo: 0, ...given })
    if (Result.isFailure(event)) return Effect.fail(event.failure)
    const leftOut: Array<Violation> | undefined = report && []
    const message = whole(request.encode, given, leftOut)
    return Result.isSuccess(message)
      ? Effect.as(reported(action, leftOut ?? [], report), message.success)
      : Effect.fail(notExpressible(action, message.failure))
  })

const delivered = <Response>(
  { response }: Pick<PhaseWords<never, Response>, "response">,
  delivery: Delivery<Response>
): Delivery<Domain.TransactionEventResponse> =>
  Effect.flatMap(delivery, (payload) => understood(action, response.decode, payload))
