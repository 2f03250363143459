/**
 * The proof that the messages of a version are those of the official JSON Schemas, of which `ocpp-rpc` carries a copy:
 * the same constraints, and the same verdicts on values that are valid and on values with one fault.
 */
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type * as Action from "../../src/Action.ts"
import * as Validation from "../../src/Validation.ts"
import { accepts } from "./accepts.ts"
import * as Constraints from "./constraints.ts"
import * as Mutate from "./mutate.ts"
import * as Oracle from "./oracle.ts"

/** What is to be proven. */
export interface Version {
  readonly name: Oracle.Version
  /** The exports of the version's module. */
  readonly module: { readonly actions: ReadonlyArray<Action.Action> }
  /** How many actions each block has. */
  readonly blocks: { readonly [block: string]: number }
  /** What the station may start, either side DataTransfer, the CSMS the rest. */
  readonly startedByStation: ReadonlyArray<string>
  /** The kinds of mutation that no message has a place for. */
  readonly inapplicable: ReadonlyArray<Mutate.Kind>
  /** Values on which we and the validators differ, and why. */
  readonly differences: ReadonlyArray<Difference>
}

/** Values that one side takes and the other does not, each as a part of a message. */
export interface Difference {
  readonly reason: string
  readonly id: string
  readonly of: (part: unknown) => unknown
  readonly values: ReadonlyArray<unknown>
  /** Our verdict; the validators' is the opposite. */
  readonly ours: boolean
}

/** What a proof is made of, for what a version proves beyond it. */
export interface Materials {
  readonly seed: string
  readonly actions: ReadonlyArray<Action.Action>
  /** Every message of ours with the constraints of its official schema, by the id of that. */
  readonly messages: ReadonlyMap<string, Message>
}

export interface Message {
  readonly schema: Action.MessageSchema
  readonly official: Constraints.Constraints
}

const isAction = (u: unknown): u is Action.Action =>
  typeof u === "object" && u !== null && ["name", "from", "block", "request", "response"].every((key) => key in u)

const isObject = (u: unknown): u is Constraints.JsonObject => typeof u === "object" && u !== null && !Array.isArray(u)

const parts = ({ request, response }: Action.Action): ReadonlyArray<["request" | "response", Action.MessageSchema]> =>
  response === undefined
    ? [["request", request]]
    : [
        ["request", request],
        ["response", response]
      ]

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder("utf-8", { fatal: true }) }

/** What arrives when a value is sent: through JSON text and UTF-8. */
export const sent = (value: unknown): unknown =>
  JSON.parse(utf8.decoder.decode(utf8.encoder.encode(JSON.stringify(value))))

/**
 * Whether JSON can carry the names in a value here: V8 13.6 (Node 24) reads the name `"\\n"` as `"\\"` once it has read
 * `"\\"` in the same place of another object, so names with a backslash are left out.
 */
const isReadable = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  Object.entries(value).every(([name, field]) => !name.includes("\\") && isReadable(field))

export const show = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

/** What we and the validators differ in, whatever the version: a message with a time stamp and one with an integer. */
export const differencesOfEveryVersion = (
  timestamp: Pick<Difference, "id" | "of">,
  integer: Pick<Difference, "id" | "of">
): ReadonlyArray<Difference> => [
  {
    ...timestamp,
    reason: "RFC 3339 wants T between date and time, and a colon in the offset",
    ours: false,
    values: ["2026-11-22 06:00:00Z", "2026-11-22\n06:00:00Z", "2026-11-22T06:00:00+0100", "2026-11-22T06:00:00+01"]
  },
  {
    ...timestamp,
    reason: "a day has no hour 24, not for a leap second either",
    ours: false,
    values: ["2016-12-31T24:29:60+00:30"]
  },
  {
    ...integer,
    reason: "beyond 2^53 the number is no longer the one that was sent",
    ours: false,
    values: [2 ** 53, -(2 ** 53), 1e21]
  }
]

/** Asserts that the engine reads a value exactly if it is valid, and finds the faults where the schema finds them. */
const namesThePathsThatTheSchemaNames = (id: string, schema: Action.MessageSchema) => {
  const read = Validation.decode(schema)
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error", errors: "all" })
  const format = SchemaIssue.makeFormatterStandardSchemaV1()
  return ({ kind, path, valid, value }: Mutate.Mutation): void => {
    const ours = read(value)
    const theirs = decode(value)
    const what = `${id}, ${kind} at "${path}"\n${show(value)}`
    assert.strictEqual(Result.isSuccess(ours), valid, what)
    // A message that is no object is one fault, whatever the schema makes of it.
    if (Result.isSuccess(ours) || Result.isSuccess(theirs) || (path === "" && !isObject(value))) return
    const issues = format(theirs.failure.issue).issues.map((issue) => pathOf(issue.path ?? []))
    assert.sameMembers(
      ours.failure.map((violation) => violation.path),
      issues,
      what
    )
  }
}

/** The path of a standard issue as our violations write it. */
const pathOf = (segments: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  segments
    .map((segment) => (typeof segment === "object" ? segment.key : segment))
    .reduce<string>(
      (path, key) =>
        typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`,
      ""
    )

/** Declares the tests of a version, and hands out what they are made of. */
export const prove = (version: Version): Materials => {
  const { differences, inapplicable, module, name } = version
  const seed = process.env["OCPP_TEST_SEED"] ?? `ocpp${name}`

  // ours

  const exported = Object.entries<unknown>(module)
  const actions = exported.map(([, value]) => value).filter(isAction)
  const messages = new Map(
    actions.flatMap((action) => parts(action).map(([part, schema]) => [Oracle.id(name, action, part), schema] as const))
  )

  // theirs

  const documents = Oracle.documents(name)
  const official = new Map(documents.map((document) => [document.$id, Constraints.ofJsonSchema(document)]))
  const oracleAccepts = (id: string, value: unknown): boolean => Oracle.validator(name, id)!(value)

  // both

  let equal = 0
  const verdicts = { valid: 0, invalid: 0 }
  const kinds = new Map<Mutate.Kind, number>()

  /** Both sides say the same of a value that arrived, and what is expected. */
  const agree = (
    id: string,
    schema: Action.MessageSchema,
    received: unknown,
    expected: boolean,
    what: string
  ): void => {
    const theirs = oracleAccepts(id, received)
    const ours = accepts(schema, received)
    if (ours !== expected || theirs !== expected) {
      assert.fail(
        `${id}, seed "${seed}", ${what}: expected ${expected}, ours ${ours}, oracle ${theirs}\n${show(received)}`
      )
    }
    verdicts[expected ? "valid" : "invalid"]++
  }

  /** Of a value that arrived: that which is changed arrives the same way. */
  const agreeOnMutations = (
    id: string,
    schema: Action.MessageSchema,
    received: unknown,
    options: { readonly seed: string; readonly one?: true },
    also: (mutation: Mutate.Mutation) => void = () => {}
  ): void => {
    for (const mutation of Mutate.mutations(official.get(id)!, received, { ...options, through: sent })) {
      agree(id, schema, mutation.value, mutation.valid, `${mutation.kind} at "${mutation.path}" (${options.seed})`)
      also(mutation)
      kinds.set(mutation.kind, (kinds.get(mutation.kind) ?? 0) + 1)
    }
  }

  describe(`messages of ${name}`, () => {
    it(`there are ${Object.values(version.blocks).reduce((a, b) => a + b)} actions, each under its own name and in its block`, () => {
      for (const [exportName, action] of exported) if (isAction(action)) assert.strictEqual(action.name, exportName)
      const blocks = Map.groupBy(actions, ({ block }) => block)
      assert.deepStrictEqual(
        Object.fromEntries([...blocks].map(([block, members]) => [block, members.length])),
        version.blocks
      )
      assert.sameMembers([...module.actions], actions)
    })

    it("the station starts what the specification says, either side DataTransfer, the CSMS the rest", () => {
      const startedBy = (side: Action.Action["from"]) =>
        actions.filter(({ from }) => from === side).map((action) => action.name)
      assert.sameMembers(startedBy("station"), [...version.startedByStation])
      assert.sameMembers(startedBy("both"), ["DataTransfer"])
      assert.strictEqual(startedBy("csms").length, actions.length - version.startedByStation.length - 1)
    })

    it("a named schema carries its own name as identifier", () => {
      const named = exported.filter(([, value]) => Schema.isSchema(value))
      for (const [schemaName, schema] of named) {
        assert.strictEqual(Schema.toJsonSchemaDocument(schema as Schema.Top).schema["$ref"], `#/$defs/${schemaName}`)
      }
      assert.isAbove(named.length, messages.size)
    })
  })

  describe("constraints", () => {
    it("the oracle has every message of ours, and no other", () => {
      assert.sameMembers([...messages.keys()], [...official.keys()])
    })

    for (const [id, theirs] of official) {
      it(`${id} asks the same as the official schema`, () => {
        const schema = messages.get(id)
        assert.isDefined(schema)
        assert.deepStrictEqual(Constraints.ofSchema(schema!), theirs)
        equal++
      })
    }

    it("the comparison sees every constraint of the official schemas", () => {
      for (const document of documents) {
        for (const [pointer, weaker] of Constraints.weakened(document)) {
          assert.notDeepEqual(Constraints.ofJsonSchema(weaker), official.get(document.$id), `${document.$id}${pointer}`)
        }
      }
    })

    it("every data type of the official schemas is exported under its name, with the same constraints", () => {
      const types = documents.flatMap(({ definitions }) =>
        isObject(definitions)
          ? Object.keys(definitions).map((type) => [type, { $ref: `#/definitions/${type}`, definitions }] as const)
          : []
      )
      const own = new Map(exported)
      for (const [type, document] of types) {
        const schema = own.get(type)
        assert.isTrue(Schema.isSchema(schema), type)
        assert.deepStrictEqual(Constraints.ofSchema(schema as Schema.Top), Constraints.ofJsonSchema(document), type)
      }
    })

    afterAll(() => console.log(`constraints of ${name}: ${equal} of ${official.size} official schemas equal`))
  })

  describe("verdicts", () => {
    for (const [id, schema] of messages) {
      it.effect(`${id}: what we generate is valid, passes through unchanged, and is refused once it has a fault`, () =>
        Effect.gen(function* () {
          const named = namesThePathsThatTheSchemaNames(id, schema)
          const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })
          const encode = Schema.encodeEffect(schema)
          const samples = yield* Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 12, seed: `${seed} ${id}` })
          for (const [index, sample] of samples.filter(isReadable).entries()) {
            const received = sent(sample)
            agree(id, schema, received, true, `sample ${index}`)
            assert.strictEqual(JSON.stringify(received), JSON.stringify(sample))
            assert.deepStrictEqual(yield* decode(received), received)
            assert.deepStrictEqual(yield* encode(received), received)
            const options = { seed: `${seed} ${id} sample ${index}`, one: true } as const
            agreeOnMutations(id, schema, received, options, index < 4 ? named : undefined)
          }
        })
      )

      it(`${id}: what the official schema allows is valid, and every single fault is refused`, () => {
        const constraints = official.get(id)!
        for (const fields of ["none", "all"] as const) {
          const value = sent(Mutate.example(constraints, { seed: `${seed} ${id} ${fields}`, fields }))
          agree(id, schema, value, true, `example with ${fields} of the optional fields`)
          agreeOnMutations(id, schema, value, { seed: `${seed} ${id} ${fields}` })
        }
        for (let index = 0; index < 12; index++) {
          const value = sent(Mutate.example(constraints, { seed: `${seed} ${id} ${index}` }))
          agree(id, schema, value, true, `example ${index}`)
          agreeOnMutations(id, schema, value, { seed: `${seed} ${id} example ${index}`, one: true })
        }
      })
    }

    it("every kind of mutation applies, but those of constraints that this version has not", () => {
      const applied = [...official].flatMap(([id, constraints]) =>
        Mutate.mutations(constraints, Mutate.example(constraints, { seed: id, fields: "all" }), { seed, one: true })
      )
      assert.sameMembers(
        [...new Set(applied.map(({ kind }) => kind))],
        Mutate.allKinds.filter((kind) => !inapplicable.includes(kind))
      )
    })

    afterAll(() => {
      const counts = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ")
      console.log(
        `verdicts of ${name}: seed "${seed}", ${verdicts.valid} valid, ${verdicts.invalid} invalid; ${counts}`
      )
    })
  })

  describe("deliberate differences from the validators", () => {
    for (const { id, of, ours, reason, values } of differences) {
      it(`${reason}`, () => {
        for (const value of values) {
          assert.strictEqual(accepts(messages.get(id)!, sent(of(value))), ours, `ours: ${value}`)
          assert.strictEqual(oracleAccepts(id, sent(of(value))), !ours, `oracle: ${value}`)
        }
      })
    }
  })

  return {
    seed,
    actions,
    messages: new Map([...messages].map(([id, schema]) => [id, { schema, official: official.get(id)! }]))
  }
}
