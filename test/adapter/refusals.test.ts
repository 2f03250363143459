/**
 * What the adapters refuse is on the page of the generic operations, which is made of the notes of the tables.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { MessageSchema } from "../../src/Action.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { type BothWays, Losses, type Note } from "../../src/adapter/internal/BothWays.ts"
import * as Transactions15 from "../../src/adapter/internal/v15/transactions.ts"
import * as Transactions16 from "../../src/adapter/internal/v16/transactions.ts"
import { adapter as v15 } from "../../src/adapter/V15.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"

/** The rules of values, which hold wherever there is one, and which the page says once. */
const general = new Set([
  "a time stamp tells the years 0 to 9999 only",
  "a whole number of seconds is needed",
  "a number of seconds is needed",
  "the number has too many digits",
  "it has too many digits"
])

const isOf = ({ fate, path, why }: Note, field: string, rule: string): boolean => {
  if (!path.split(", ").includes(field)) return false
  return fate === "refused if absent" ? why === rule : fate.startsWith("refused") || fate === "left out"
}

/** The refusals of a table that none of its notes tells. */
const untold = Effect.fnUntraced(function* (
  name: string,
  {
    encode,
    notes = []
  }: Pick<BothWays<never, unknown>, "notes"> & {
    readonly encode: (generic: unknown, losses: Losses) => unknown
  },
  generic: MessageSchema,
  isFor: (message: unknown) => boolean = () => true
) {
  const found = new Set<string>()
  for (const message of yield* Arbitrary.sampleEffect(Arbitrary.schema(generic), { count: 200, seed: name })) {
    if (!isFor(message)) continue
    const losses = new Losses()
    encode(message, losses)
    for (const { path, rule } of losses.violations) {
      const field = path.replaceAll(/\[\d+\]/g, "")
      if (!general.has(rule) && !notes.some((note) => isOf(note, field, rule))) found.add(`${field}: ${rule}`)
    }
  }
  return [...found]
})

const adapters: ReadonlyArray<Adapter.Adapter> = [v15, v16, v201, v21]

describe("whatever is refused has a note", () => {
  for (const { protocol, translations } of adapters) {
    for (const { action, generic, isFor, request, response } of translations) {
      const name = `${action.block}, ${action.name} of ${protocol.version}`
      it.effect(`in the request of ${name}`, () =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* untold(name, request, generic.request, isFor), [])
        })
      )
      // A SEND has no response.
      if (generic.response === undefined) continue
      const { response: schema } = generic
      it.effect(`in the response of ${name}`, () =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* untold(name, response, schema), [])
        })
      )
    }
  }

  for (const [version, { responses, start, stop, update }] of [
    ["1.5", Transactions15],
    ["1.6", Transactions16]
  ] as const) {
    it.effect(`in the transactions of ${version}`, () =>
      Effect.gen(function* () {
        const { request, response } = Domain.TransactionEvent
        for (const [phase, table] of Object.entries({ start, stop, update })) {
          assert.deepStrictEqual(yield* untold(phase, table as never, request), [], phase)
        }
        for (const [phase, table] of Object.entries(responses)) {
          assert.deepStrictEqual(yield* untold(phase, table as never, response), [], phase)
        }
      })
    )
  }
})

describe("a limit with two decimals", () => {
  it("is refused for 1.6, and told as it is in 2.x", () => {
    const profile = {
      id: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Relative",
      chargingSchedule: [
        { id: 1, chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: Duration.zero, limit: 16.15 }] }
      ]
    } as const
    const [refused, ...told] = [v16, v201, v21].map((adapter) =>
      Adapter.encode(adapter, Domain.SetChargingProfile, { evseId: 1, chargingProfile: profile })
    )
    assert.deepStrictEqual(
      refused!.pipe(Result.flip, Result.getOrThrow, ({ violations = [] }) =>
        violations.map(({ path, rule }) => `${path}: ${rule}`)
      ),
      ["chargingProfile.chargingSchedule[0].chargingSchedulePeriod[0].limit: 1.6 has one decimal"]
    )
    for (const one of told) assert.include(JSON.stringify(Result.getOrThrow(one).request), '"limit":16.15')
  })
})
