/**
 * The page of the documentation that says of every operation what each version makes of it.
 */
import { expect, it } from "@effect/vitest"
import { join } from "node:path"
import type { Action } from "../../src/Action.ts"
import type { Translation } from "../../src/adapter/Adapter.ts"
import * as Transactions15 from "../../src/adapter/internal/v15/transactions.ts"
import * as Transactions16 from "../../src/adapter/internal/v16/transactions.ts"
import * as V15 from "../../src/adapter/V15.ts"
import * as V16 from "../../src/adapter/V16.ts"
import * as V201 from "../../src/adapter/V201.ts"
import * as V21 from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"
import { CostMessages, PlugAndCharge } from "../../src/v16/index.ts"
import { tableOf } from "../support/markdown.ts"

const adapters = [V15.adapter, V16.adapter, V201.adapter, V21.adapter]

const code = (name: string): string => `\`${name}\``

/** The extension that has an action, if it is none of its version. */
const extensionOf = (action: Action) =>
  [PlugAndCharge.extension, CostMessages.extension].find(({ actions }) => actions.includes(action))

/** What a version makes of an operation: by which actions it is sent, and what becomes of their fields. */
interface Said {
  readonly version: string
  readonly actions: ReadonlyArray<string>
  readonly told: string
}

const saidOf = (
  { protocol: { version }, translations }: (typeof adapters)[number],
  operation: string
): ReadonlyArray<Said> => {
  const inOtherForm = otherForms.get(`${version} ${operation}`)
  const found = translations.filter(({ generic }) => generic.name === operation)
  return [
    ...(inOtherForm === undefined ? [] : [{ version, ...inOtherForm }]),
    ...found.map((one) => {
      const extension = extensionOf(one.action)
      const name = code(one.action.name)
      const whole = extension === undefined ? name : `${name} of ${code(extension.version)} in ${code("DataTransfer")}`
      return { version, actions: [extension === undefined ? name : `${name} ¹`], told: `${whole}:${notesOf(one)}` }
    })
  ]
}

/** What becomes of the fields: one line for each, with all that there is to say of it. */
const notesOf = (translation: Translation): string => {
  const lines = (["request", "response"] as const).flatMap((part) =>
    (translation[part].notes ?? [])
      .filter(({ path }) => !path.endsWith("customData"))
      .map(({ fate, path, why }) => ({ about: `${code(path)} of the ${part}, ${fate}`, why }))
  )
  return lines.length === 0 ? " all of it is carried." : linesOf(lines)
}

const linesOf = (notes: ReadonlyArray<{ readonly about: string; readonly why: string }>): string =>
  [...Map.groupBy(notes, ({ about }) => about)]
    .map(([about, all]) => `\n  - ${about}: ${all.map(({ why }) => why).join("; ")}`)
    .join("")

/** The page of the documentation that tells what does not survive. */
const page = (): string => {
  const operations = Domain.actions.map(({ from, name }) => ({
    name,
    from: { station: "a station", csms: "a CSMS", both: "either side" }[from],
    said: adapters.map((adapter) => saidOf(adapter, name))
  }))
  const overview = tableOf(
    ["Operation", "From", ...adapters.map(({ protocol: { version } }) => version)],
    operations.map(({ from, name, said }) => [
      `[${name}](#${name.toLowerCase()})`,
      from,
      ...said.map((one) => [...new Set(one.flatMap(({ actions }) => actions))].join(", "))
    ])
  )
  const details = operations.map(({ from, name, said }) =>
    [
      `## ${name}`,
      "",
      `From ${from}.`,
      "",
      ...said.flatMap((one, index) =>
        one.length === 0
          ? [`- ${adapters[index]!.protocol.version}: not supported.`]
          : one.map(({ told, version }) => `- ${version}, ${told}`)
      ),
      ""
    ].join("\n")
  )
  return `${introduction}${overview}\n\n${details.join("\n")}`
}

const eventsOf = ({
  responses: { withIdTag, withoutIdTag },
  start,
  stop,
  update
}: typeof Transactions15 | typeof Transactions16): Omit<Said, "version"> => {
  const parts = {
    StartTransaction: start,
    MeterValues: update,
    StopTransaction: stop,
    "StartTransactionResponse` and `StopTransactionResponse": withIdTag,
    MeterValuesResponse: withoutIdTag
  }
  const notes = Object.entries(parts).flatMap(([name, part]) =>
    (part.notes ?? []).map(({ fate, path, why }) => ({ about: `${code(path)} in ${code(name)}, ${fate}`, why }))
  )
  const asIn = "a CSMS gets them as events; a station tells\n  them by `Domain.Transactions`, as in all versions:"
  return {
    actions: ["StartTransaction", "MeterValues", "StopTransaction"].map(code),
    told: `\`StartTransaction\`, \`MeterValues\` and \`StopTransaction\`: ${asIn}${linesOf(notes)}`
  }
}

const gettingOf = (version: string): Omit<Said, "version"> => ({
  actions: [code("GetConfiguration")],
  told: [
    `one \`GetConfiguration\` for all that have a key, by [the table](configuration-keys.md):`,
    "  - what has no key is not asked for: it is `UnknownComponent` or `UnknownVariable`, or `NotSupportedAttributeType` if a",
    "    key has another attribute or characteristic of the variable",
    "  - a value that 2.x cannot say as a whole is `Rejected`; `statusInfo` says why",
    `  - a station tells a key as read-only if it is computed, or if \`isReadOnly\` says so; a key whose value ${version} cannot`,
    "    say as a whole has none in the answer, and that is logged",
    ...(version === "1.5"
      ? []
      : ["  - which connectors a station has, its handler is asked before: `Connector[n,1].Available`, from 1 on"])
  ].join("\n")
})

const settingOf = (version: string): Omit<Said, "version"> => ({
  actions: [code("ChangeConfiguration")],
  told: [
    `a \`ChangeConfiguration\` for each variable, in order:`,
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

/** What is no translation of one action into another: transactions and variables of 1.x. */
const otherForms: ReadonlyMap<string, Omit<Said, "version">> = new Map(
  Object.entries({ "1.5": Transactions15, "1.6": Transactions16 }).flatMap(([version, events]) => [
    [`${version} TransactionEvent`, eventsOf(events)] as const,
    [`${version} GetVariables`, gettingOf(version)] as const,
    [`${version} SetVariables`, settingOf(version)] as const
  ])
)

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

Times are instants: they are written in UTC with milliseconds, whatever the offset and the digits that came. What no message
can tell is refused everywhere: a time outside the years 0 to 9999, a span of time that is not of whole seconds (but in
monitors), a number that is not finite or has more than 400 digits.

In versions that have no empty lists, an empty list is left out where that means the same, and refused where it would mean
all.

Readings are exact decimals in units without a prefix: 1.5 kWh arrives as 1500 Wh, whatever unit and power of ten were
used. What a version leaves out as usual, such as the measurand, is there.

Where a version has several actions for an operation, the request decides which one is sent. Actions in \`DataTransfer\`
are those of two extensions of 1.6: Plug & Charge, and costs on the display. If the other side does not have the extension,
the call fails with a \`CallError\` whose code is \`NotImplemented\`.

Variables are configuration keys in 1.x, by a table of [the standard keys](configuration-keys.md), or of your own
(\`withKeys\` of \`effect-ocpp/adapter/v16\` and \`/v15\`). Keys without a variable are read and written in the words of the
version.

## The actions of each operation

Where a cell is empty, the version does not have the operation. The actions with ¹ are in \`DataTransfer\`.

`

it("the documentation has all that is left out or refused", async () => {
  await expect(page()).toMatchFileSnapshot(join(import.meta.dirname, "../../docs/generic.md"))
})
