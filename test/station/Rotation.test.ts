import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Rotation from "../../src/station/internal/Rotation.ts"

interface Attempt {
  readonly at: string
  /** Whether there was a wait before it. */
  readonly waited: boolean
  /** Whether all had failed as often as they may. */
  readonly hasFailed: boolean
}

/** What is tried while attempts end like this: whether each led to a connection that worked. */
const attemptsOf = (
  start: Rotation.Rotation<string>,
  attempts: number,
  outcomes: ReadonlyArray<boolean>,
  isAllowed: (endpoint: string, step: number) => boolean = () => true
): ReadonlyArray<Attempt> => {
  const tried: Array<Attempt> = [{ at: start.left[0], waited: false, hasFailed: false }]
  let plan = start
  for (const [step, hasWorked] of outcomes.entries()) {
    const next = Rotation.next(plan, { hasWorked, attempts, isAllowed: (endpoint) => isAllowed(endpoint, step) })
    plan = next.plan
    tried.push({ at: plan.left[0], waited: next.waits, hasFailed: next.hasFailed })
  }
  return tried
}

type Order = readonly [string, ...Array<string>]

/** All of them, beginning with the one that worked last. */
const beginningWith = (first: string | undefined, order: Order): Order =>
  first === undefined ? order : [first, ...order.filter((other) => other !== first)]

/** The same in the words of the specification: round after round, until one works. */
const expected = (
  order: Order,
  lastWorked: string | undefined,
  attempts: number,
  outcomes: ReadonlyArray<boolean>
): ReadonlyArray<Attempt> => {
  const tried: Array<Attempt> = []
  let worked = lastWorked
  let round = order
  let hasFailed = false
  while (tried.length <= outcomes.length) {
    let hasWorked = false
    for (const [place, at] of round.entries()) {
      for (let attempt = 0; attempt < attempts && !hasWorked; attempt++) {
        const isFirstOfAll = tried.length === 0
        const isFirstOfRound = place === 0 && attempt === 0
        tried.push({
          at,
          waited: !isFirstOfAll && (isFirstOfRound || attempt > 0),
          hasFailed: isFirstOfRound && hasFailed
        })
        hasWorked = outcomes[tried.length - 1] === true
        if (hasWorked) worked = at
      }
    }
    hasFailed = !hasWorked
    round = beginningWith(worked, order)
  }
  return tried.slice(0, outcomes.length + 1)
}

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const order = Arbitrary.map(Arbitrary.schema(between(1, 4)), (size): Order => [
  "a",
  ...["b", "c", "d"].slice(0, size - 1)
])
const attempts = Arbitrary.schema(between(1, 4))
/** Most attempts fail. */
const outcomes = Arbitrary.array(
  Arbitrary.map(Arbitrary.schema(between(0, 9)), (number) => number === 0),
  { minLength: 20, maxLength: 60 }
)
const lastWorked = Arbitrary.schema(Schema.Literals(["a", "b", "none"]))

const arbitrary = { runs: 500, seed: 1 }

describe("A plan", () => {
  it.prop(
    "B10.FR.03, B10.FR.07, B10.FR.08: goes by priority, then round after round, what worked last before the others",
    [order, attempts, outcomes, lastWorked],
    ([endpoints, count, results, last]) => {
      const worked = endpoints.find((endpoint) => endpoint === last)
      assert.deepStrictEqual(
        attemptsOf(Rotation.start(endpoints, worked), count, results),
        expected(endpoints, worked, count, results)
      )
    },
    { arbitrary }
  )

  it.prop(
    "[CON-07] never tries an endpoint again without a wait",
    [order, attempts, outcomes],
    ([endpoints, count, results]) => {
      const waitedFor = new Set(endpoints)
      for (const { at, waited } of attemptsOf(Rotation.start(endpoints), count, results)) {
        if (waited) for (const endpoint of endpoints) waitedFor.add(endpoint)
        assert.isTrue(waitedFor.delete(at), at)
      }
    },
    { arbitrary }
  )

  it.prop(
    "B10.FR.09: leaves no endpoint out for longer than two rounds",
    [order, attempts, outcomes],
    ([endpoints, count, results]) => {
      const failures = results.map(() => false)
      const all = attemptsOf(Rotation.start(endpoints), count, [...results, ...failures, ...failures])
      const longest = 2 * count * endpoints.length
      for (let from = results.length; from + longest <= all.length; from++) {
        const tried = new Set(all.slice(from, from + longest).map(({ at }) => at))
        assert.strictEqual(tried.size, endpoints.length)
      }
    },
    { arbitrary }
  )

  it.prop(
    "[SEC-01] tries nothing any more that is not allowed any more, and all that is",
    [order, attempts, outcomes, Arbitrary.schema(between(0, 20))],
    ([endpoints, count, results, step]) => {
      const [kept] = endpoints
      const removedAt = results.indexOf(true, step)
      if (removedAt < 0) return
      const before = attemptsOf(Rotation.start(endpoints), count, results.slice(0, removedAt))
      const working = before.at(-1)!.at
      const isAllowed = (endpoint: string, at: number): boolean =>
        at < removedAt || endpoint === working || endpoint === kept
      const failures = Array.from({ length: 40 }, () => false)
      const all = attemptsOf(
        Rotation.start(endpoints),
        count,
        [...results.slice(0, removedAt + 1), ...failures],
        isAllowed
      )
      const tried = all.slice(removedAt + 1).map(({ at }) => at)
      assert.deepStrictEqual(new Set(tried), new Set([working, kept]))
    },
    { arbitrary }
  )
})
