/**
 * The tables of the adapters: every field has a verdict, and what a version can say survives the way there and back.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as V15 from "../../src/adapter/V15.ts"
import * as V16 from "../../src/adapter/V16.ts"
import * as V201 from "../../src/adapter/V201.ts"
import * as V21 from "../../src/adapter/V21.ts"
import { sent } from "../support/proof.ts"
import * as Oracle from "../support/oracle.ts"
import type { Translation } from "../../src/adapter/Adapter.ts"
import { Losses } from "../../src/adapter/internal/BothWays.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Validation from "../../src/Validation.ts"
import { PlugAndCharge } from "../../src/v16/index.ts"
import type { Action, MessageSchema } from "../../src/Action.ts"

const adapters = [V15.adapter, V16.adapter, V201.adapter, V21.adapter]

const parts = ["request", "response"] as const

const fieldsOf = ({ ast }: MessageSchema): ReadonlyArray<string> =>
  SchemaAST.isObjects(ast) ? ast.propertySignatures.map(({ name }) => String(name)) : []

const headOf = (path: string): string => path.split(".")[0]!

/** The fields of messages that the domain has no place for: of vendors, and of 1.5. */
const dropped = new Set(["customData", "hash"])

/** Whether it is one of the messages of a transaction, which 1.x has in the same action. */
const isOfTransaction = (message: unknown): boolean =>
  Object.hasOwn(Object(message), "transactionId") && Object.hasOwn(Object(message), "connectorId")

/** Whether it gives a whole station a status that 1.x has for connectors only, which arrives, but is not sent. */
const isOfConnectors = (message: unknown): boolean => {
  const { connectorId, status }: { readonly connectorId?: unknown; readonly status?: unknown } = Object(message)
  return connectorId === 0 && status !== undefined && !["Available", "Unavailable", "Faulted"].includes(String(status))
}

/** Where numbers stand that the domain may not be able to hold. */
const beyond = /(?:reading\.value|trigger|duration|responseTime|hysteresisDelay|atEnergy|atPower)$/

/** Whether a request for customer information names several customers, which comes as one that names none. */
const namesSeveral = (message: unknown): boolean =>
  Object.hasOwn(Object(message), "requestId") &&
  ["idToken", "customerCertificate", "customerIdentifier"].filter((name) => Object.hasOwn(Object(message), name))
    .length > 1

/** What a message is after its way to the domain and back: times in UTC, nothing of vendors, and no object without a field. */
const normal = (value: unknown): unknown => {
  if (typeof value === "string") {
    // Without a hash it says no more.
    if (value === "HashError") return "Failed"
    const millis = Timestamp.toMillis(value)
    return millis === undefined ? value : Timestamp.fromMillis(millis)
  }
  if (typeof value === "number") return value + 0
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const isNothing =
        dropped.has(name) || (name === "modem" && Object.keys(field).every((key) => key === "customData"))
      return isNothing ? [] : [[name, normal(field)]]
    })
  )
}

const each = (
  run: (translation: Translation, part: (typeof parts)[number], name: string, version: string) => void
): void => {
  for (const { protocol, translations } of adapters) {
    for (const translation of translations) {
      for (const part of parts)
        // A SEND has no response.
        if (translation.action[part] !== undefined)
          run(
            translation,
            part,
            `the ${part} of ${translation.action.block}, ${translation.action.name} of ${protocol.version}`,
            protocol.version
          )
    }
  }
}

/** A generic message by what it means: numbers without regard to how they are held. */
const meaning = (value: unknown): unknown => {
  if (BigDecimal.isBigDecimal(value)) return BigDecimal.format(value)
  if (DateTime.isDateTime(value)) return DateTime.toEpochMillis(value)
  if (Array.isArray(value)) return value.map(meaning)
  if (typeof value !== "object" || value === null || Duration.isDuration(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, meaning(field)]))
}

const isPlugAndCharge = (action: Action): boolean => PlugAndCharge.extension.actions.includes(action)

/**
 * The official schema of a message, if there is one: there is none for 1.5 and for the extensions of 1.6. Plug & Charge has
 * the messages of 2.0.1.
 */
const officialOf = (of: string, { action }: Translation, part: (typeof parts)[number]) => {
  const version = isPlugAndCharge(action) ? "2.0.1" : of
  if (!Oracle.hasDocuments(version)) return undefined
  return Oracle.validator(version, Oracle.id(version, action, part))
}

describe("the tables", () => {
  each((translation, part, name, version) => {
    const { rows } = translation[part]
    const official = officialOf(version, translation, part)
    const satisfies = (message: unknown): void => {
      if (official !== undefined) assert.isTrue(official(sent(message)), JSON.stringify(official.errors))
      else assert.isTrue(version.startsWith("1."))
    }
    const schemas = { wire: translation.action[part]!, generic: translation.generic[part]! }

    it(`say of every field of ${name} what becomes of it`, () => {
      for (const side of ["wire", "generic"] as const) {
        const heads = rows.flatMap((row) => row[side].map(headOf))
        assert.sameMembers([...new Set(heads)], [...fieldsOf(schemas[side])], side)
      }
    })

    it.effect.prop(`carry ${name} there and back`, [schemas.wire], ([message]) =>
      Effect.sync(() => {
        const losses = new Losses()
        const generic = translation[part].decode(message, losses)
        if (isOfTransaction(message) || isOfConnectors(message) || namesSeveral(message)) return
        // A power of ten can be so large that nobody could compute with the number, and a span of time below any clock.
        if (losses.violations.some(({ path }) => beyond.test(path))) return
        assert.deepStrictEqual(losses.violations, [])
        assert.isTrue(Schema.is(schemas.generic)(generic), JSON.stringify(generic))
        const back = translation[part].encode(generic, losses)
        assert.deepStrictEqual(losses.violations, [])
        satisfies(back)
        // Readings have many forms that mean the same, and the messages of Plug & Charge are read in two.
        if (/"(?:sampledValue|values)"/.test(JSON.stringify(back)) || isPlugAndCharge(translation.action)) {
          assert.deepStrictEqual(meaning(translation[part].decode(back, losses)), meaning(generic))
        } else assert.deepStrictEqual(normal(back), normal(message))
      })
    )

    it.effect.prop(`carry whatever they take of ${name} as it is`, [schemas.generic], ([generic]) =>
      Effect.sync(() => {
        const losses = new Losses()
        const message = translation[part].encode(generic, losses)
        if (losses.violations.length > 0 || !Validation.is(schemas.wire)(message)) return
        satisfies(message)
        const back = translation[part].decode(message, losses)
        assert.deepStrictEqual(losses.violations, [])
        assert.deepStrictEqual(translation[part].encode(back, losses), message)
      })
    )
  })
})

describe("several actions for a generic one", () => {
  for (const { protocol, translations } of adapters) {
    for (const [{ name, request }, several] of Map.groupBy(translations, ({ generic }) => generic)) {
      if (several.length === 1) continue

      const chosen = (asked: unknown): Translation | undefined => several.find(({ isFor }) => isFor(asked))

      it.effect.prop(`take every ${name} that is sent in ${protocol.version}`, [request], ([asked]) =>
        Effect.sync(() => assert.isDefined(chosen(asked)))
      )

      for (const translation of several) {
        it.effect(`are sent for what came by them: ${translation.action.name} of ${protocol.version}`, () =>
          Effect.gen(function* () {
            const { name: seed, request: schema } = translation.action
            const came = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 100, seed })
            const asked = came.map((message) => translation.request.decode(message, new Losses()))
            // What is deleted is not known: `deleteCertificate` asks by the other one, and by this one only then.
            if (translation.action === PlugAndCharge.DeleteCertificate) return
            assert.include(asked.map(chosen), translation)
          })
        )
      }
    }
  }
})
