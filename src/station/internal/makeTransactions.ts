/**
 * Transactions as an application has them: numbered and named, over the storage of their messages.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Uuid from "../../internal/Uuid.ts"
import { NotSent } from "../../OcppError.ts"
import type { Delivery, Kind, Phase, Transaction, TransactionRules, Transactions } from "../../Transaction.ts"
import type { TransactionRecord, TransactionStore } from "./TransactionStore.ts"

/** The name of a transaction at the CSMS, as far as it is known. */
const nameOf = (
  { transactionIdOf }: TransactionRules,
  { answer, id }: TransactionRecord
): number | string | undefined => {
  if (transactionIdOf === undefined) return id
  return answer === undefined ? undefined : transactionIdOf(answer)
}

/** Names count without case, and by their text, for a number that JavaScript cannot hold is an object. */
const isSame = (one: number | string | undefined, other: number | string): boolean =>
  one?.toString().toLowerCase() === other.toString().toLowerCase()

/** `append` stores a message with the record that its transaction has from then on. */
export const makeTransactions = ({
  append,
  records,
  rules
}: {
  readonly rules: TransactionRules
  readonly records: TransactionStore
  readonly append: (
    phase: Phase,
    request: unknown,
    record: TransactionRecord
  ) => Effect.Effect<Delivery<unknown>, NotSent>
}): Transactions<Kind> => {
  const isInUse = (id: string): boolean =>
    records.get(id) !== undefined || records.ongoing.some((known) => isSame(known.id, id))

  const start = (id: string, given: unknown): Effect.Effect<TransactionRecord, NotSent> =>
    Effect.suspend(() => {
      if (isInUse(id)) return Effect.fail(refused("Started", "the transactionId is in use"))
      const record: TransactionRecord = { id, order: records.nextOrder, seqNo: 1, start: given }
      const request = rules.request("Started", given, { id, seqNo: 0, start: given })
      return Effect.as(append("Started", request, record), record)
    })

  const add = (id: string, phase: Phase, given: unknown): Effect.Effect<Delivery<unknown>, NotSent> =>
    Effect.suspend(() => {
      const record = records.get(id)
      if (record === undefined || record.hasEnded === true) {
        return Effect.fail(refused(phase, "the transaction has ended"))
      }
      const request = rules.request(phase, given, { id, seqNo: record.seqNo, start: record.start })
      const next = { ...record, seqNo: record.seqNo + 1 }
      return append(phase, request, phase === "Ended" ? { ...next, hasEnded: true } : next)
    })

  const refused = (phase: Phase, rule: string): NotSent =>
    new NotSent({
      action: rules.phases[phase].name,
      reason: "InvalidRequest",
      violations: [{ path: "", rule, code: "PropertyConstraintViolation" }]
    })

  const transactionOf = (record: TransactionRecord): Transaction<Kind> => {
    const { id } = record
    const answer = Deferred.await(records.startOf(id))
    const { missingTransactionId, transactionIdOf } = rules
    return {
      id,
      request: record.start,
      started: answer,
      transactionId:
        transactionIdOf === undefined
          ? Effect.succeed(id)
          : Effect.match(answer, {
              onSuccess: (given) => transactionIdOf(given) ?? missingTransactionId,
              onFailure: () => missingTransactionId
            }),
      update: (given) => add(id, "Updated", given),
      stop: (given) => add(id, "Ended", given)
    }
  }

  return {
    start: (given, options) => {
      const id = options?.id ?? rules.idOf(given)
      const naming = id === undefined ? Uuid.random : Effect.succeed(id)
      return Effect.map(
        Effect.flatMap(naming, (name) => start(name, given)),
        transactionOf
      )
    },
    ongoing: Effect.sync(() => records.ongoing.map(transactionOf)),
    find: (transactionId) =>
      Effect.sync(() => {
        const found = records.ongoing.find((record) => isSame(nameOf(rules, record), transactionId))
        return Option.map(Option.fromUndefinedOr(found), transactionOf)
      })
  }
}
