/**
 * Which endpoint a station tries next, and whether it waits before.
 *
 * A round tries each endpoint a number of times, with waits between the attempts at the same one, and goes on to the
 * next at once. After a wait comes the next round. What worked last begins each round but the first.
 */
import * as Arr from "effect/Array"

/** Where a station is in its rounds; an endpoint is an `E`. */
export interface Rotation<out E> {
  /** All endpoints, by priority. */
  readonly order: Arr.NonEmptyReadonlyArray<E>
  /** The one to try, and those that follow it in this round. */
  readonly left: Arr.NonEmptyReadonlyArray<E>
  /** How many attempts at the one to try have failed in this round. */
  readonly failures: number
  /** The one that worked last. */
  readonly worked: E | undefined
}

/** A plan after an attempt. */
export interface Next<out E> {
  readonly plan: Rotation<E>
  /** Whether to wait before the next attempt. */
  readonly waits: boolean
  /** Whether each endpoint has failed as often as it may. */
  readonly hasFailed: boolean
}

/** The first round goes by priority. */
export const start = <E>(order: Arr.NonEmptyReadonlyArray<E>, worked?: E): Rotation<E> => ({
  order,
  left: order,
  failures: 0,
  worked
})

/**
 * Goes on after an attempt that failed, or after a connection, which worked or did not.
 *
 * - `attempts`: how often an endpoint is tried in a round.
 * - `isAllowed`: whether an endpoint may be in another round; what worked may.
 */
export const next = <E>(
  plan: Rotation<E>,
  outcome: { readonly hasWorked: boolean; readonly attempts: number; readonly isAllowed: (endpoint: E) => boolean }
): Next<E> => {
  const { attempts, hasWorked, isAllowed } = outcome
  const [tried, ...others] = plan.left
  const failures = plan.failures + 1
  if (!hasWorked && failures < attempts) return { plan: { ...plan, failures }, waits: true, hasFailed: false }
  const worked = hasWorked ? tried : plan.worked
  const follow = (left: Arr.NonEmptyReadonlyArray<E>): Rotation<E> => ({ ...plan, left, worked, failures: 0 })
  if (!hasWorked && Arr.isReadonlyArrayNonEmpty(others)) {
    return { plan: follow(others), waits: false, hasFailed: false }
  }
  const order = plan.order.filter(isAllowed)
  const round = worked !== undefined && order.includes(worked) ? [worked, ...order.filter((e) => e !== worked)] : order
  return { plan: follow(Arr.isReadonlyArrayNonEmpty(round) ? round : [tried]), waits: true, hasFailed: !hasWorked }
}
