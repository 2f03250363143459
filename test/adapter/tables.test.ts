/**
 * The tables of the adapters: every field has a verdict, and what a version can say survives the way there and back.
 */
import { assert, describe, expect, it } from "@effect/vitest"
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
import { join } from "node:path"
import { sent } from "../support/proof.ts"
import * as Oracle from "../support/oracle.ts"
import type { Translation } from "../../src/adapter/Adapter.ts"
import { Losses } from "../../src/adapter/internal/BothWays.ts"
import * as Transactions15 from "../../src/adapter/internal/v15/transactions.ts"
import * as Transactions16 from "../../src/adapter/internal/v16/transactions.ts"
import * as Domain from "../../src/domain/index.ts"
import * as Timestamp from "../../src/Timestamp.ts"
import * as Validation from "../../src/Validation.ts"
import { CostMessages, PlugAndCharge } from "../../src/v16/index.ts"
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

/** The extension that has an action, if it is none of its version. */
const extensionOf = (action: Action) =>
  [PlugAndCharge.extension, CostMessages.extension].find(({ actions }) => actions.includes(action))

const isPlugAndCharge = (action: Action): boolean => extensionOf(action) === PlugAndCharge.extension

/**
 * The official schema of a message, if there is one: there is none for 1.5 and for the extensions of 1.6. Plug & Charge has
 * the messages of 2.0.1.
 */
const officialOf = (of: string, { action }: Translation, part: (typeof parts)[number]) => {
  const version = isPlugAndCharge(action) ? "2.0.1" : of
  if (!Oracle.hasDocuments(version)) return undefined
  return Oracle.validator(version, Oracle.id(version, action, part))
}

const code = (name: string): string => `\`${name}\``

const messageOf = (action: Action): string => {
  const extension = extensionOf(action)
  const name = code(action.name)
  return extension === undefined ? name : `${name} of ${code(extension.version)} in ${code("DataTransfer")}`
}

/** The page of the documentation that tells what does not survive. */
const page = (): string =>
  introduction +
  Domain.actions
    .map(({ from, name }) => {
      const sender = { station: "a station", csms: "a CSMS", both: "either side" }[from]
      const versions = adapters.flatMap(({ protocol: { version }, translations }) => {
        const found = translations.filter(({ generic }) => generic.name === name)
        const told = [
          ...inOtherForm(version, name),
          ...found.map((one) => `- ${version}, ${messageOf(one.action)}:${notesOf(one)}`)
        ]
        return told.length === 0 ? [`- ${version}: not supported.`] : told
      })
      return [`## ${name}`, "", `From ${sender}.`, "", ...versions, ""].join("\n")
    })
    .join("\n")

const transactions = new Map(Object.entries({ "1.5": Transactions15, "1.6": Transactions16 }))

/** What is no translation of one action into another: transactions and variables of 1.x. */
const inOtherForm = (version: string, name: string): ReadonlyArray<string> => {
  const events = transactions.get(version)
  if (events === undefined) return []
  if (name === "TransactionEvent") return [eventsOf(version, events)]
  return name === "GetVariables" || name === "SetVariables" ? [variablesOf(version)[name]] : []
}

const eventsOf = (
  version: string,
  { responses: { withIdTag, withoutIdTag }, start, stop, update }: typeof Transactions15 | typeof Transactions16
): string =>
  [
    `- ${version}, \`StartTransaction\`, \`MeterValues\` and \`StopTransaction\`: a CSMS gets them as events; a station tells`,
    "  them by `Domain.Transactions`, as in all versions:",
    ...Object.entries({
      StartTransaction: start,
      MeterValues: update,
      StopTransaction: stop,
      "StartTransactionResponse` and `StopTransactionResponse": withIdTag,
      MeterValuesResponse: withoutIdTag
    }).flatMap(([name, { notes }]) =>
      (notes ?? []).map(({ fate, path, why }) => `  - ${code(path)} in ${code(name)}, ${fate}: ${why}`)
    )
  ].join("\n")

const variablesOf = (version: string) => ({
  GetVariables: [
    `- ${version}, one \`GetConfiguration\` for all that have a key, by [the table](configuration-keys.md):`,
    "  - what has no key is not asked for: it is `UnknownComponent` or `UnknownVariable`, or `NotSupportedAttributeType` if a",
    "    key has another attribute or characteristic of the variable",
    "  - a value that 2.x cannot say as a whole is `Rejected`; `statusInfo` says why",
    `  - a station tells a key as read-only if it is computed, or if \`isReadOnly\` says so; a key whose value ${version} cannot`,
    "    say as a whole has none in the answer, and that is logged",
    ...(version === "1.5"
      ? []
      : ["  - which connectors a station has, its handler is asked before: `Connector[n,1].Available`, from 1 on"])
  ].join("\n"),
  SetVariables: [
    `- ${version}, a \`ChangeConfiguration\` for each variable, in order:`,
    `  - what has no key is answered as above, and a value that ${version} cannot say as a whole is \`Rejected\`; neither is sent,`,
    "    and `statusInfo` says why",
    "  - a call that fails fails the whole as it did, and the variables before it may have been set",
    ...(version === "1.5"
      ? ["  - `RebootRequired`, changed: it becomes `Accepted`"]
      : [
          "  - one connector of a list, such as `ConnectorPhaseRotation`, is set in the list that `GetConfiguration` tells"
        ]),
    "  - a station sets all variables of a key at once, and answers the worst that became of one of them; a value that 2.x",
    "    cannot say as a whole is `Rejected`, and its handler does not get it"
  ].join("\n")
})

const notesOf = (translation: Translation): string => {
  const notes = parts.flatMap((part) =>
    (translation[part].notes ?? [])
      .filter(({ path }) => !path.endsWith("customData"))
      .map(({ fate, path, why }) => `\n  - ${code(path)} of the ${part}, ${fate}: ${why}`)
  )
  return notes.length === 0 ? " all of it is carried." : notes.join("")
}

const introduction = `# The generic operations in the words of the versions

With \`effect-ocpp/domain\` a CSMS or a station is written once for several versions of OCPP; the adapters of
\`effect-ocpp/adapter\` put its calls and answers into the words of the version of a connection. This is what becomes of what
a version has no word for. All other fields are carried, or converted to what means the same.

- **Dropped**: it is left out, for nothing depends on it. \`customData\` of 2.x is dropped everywhere; handlers of the version
  get it.
- **Changed**: what comes back is another word or value, the nearest that the version has.
- **Refused**: a call that has it fails as \`NotSent\` with the reason \`NotExpressible\`, before anything is sent; an answer
  that has it becomes an \`InternalError\`, and is logged.
- **Refused if absent**: a message without it is refused in the same way, for the version needs it.
- **Left out**: the message goes without it, and a warning is logged; with \`Adapter.leavingOut\` it is reported as a deviation
  (\`LeftOut\`).
- **Refused or left out**: it is refused or, with \`Adapter.leavingOut\`, left out and reported as a deviation (\`LeftOut\`),
  for the message says the rest as it is meant.
- **Not supported**: the version has no such operation. A call fails as \`NotSent\` with the reason \`NotSupported\`, before
  anything is sent, and a handler for it is never asked.

Times are instants: they are written in UTC with milliseconds, whatever the offset and the digits that came.

Readings are exact decimals in units without a prefix: 1.5 kWh arrives as 1500 Wh, whatever unit and power of ten were
used. What a version leaves out as usual, such as the measurand, is there.

Where a version has several actions for an operation, the request decides which one is sent. Actions in \`DataTransfer\`
are those of two extensions of 1.6: Plug & Charge, and costs on the display. If the other side does not have the extension,
the call fails with a \`CallError\` whose code is \`NotImplemented\`.

Variables are configuration keys in 1.x, by a table of [the standard keys](configuration-keys.md), or of your own
(\`withKeys\` of \`effect-ocpp/adapter/v16\` and \`/v15\`). Keys without a variable are read and written in the words of the
version.

`

it("the documentation has all that is left out or refused", async () => {
  await expect(page()).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/generic.md"))
})

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
        if (isOfTransaction(message) || namesSeveral(message)) return
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
