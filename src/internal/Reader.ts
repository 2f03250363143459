/**
 * The reading of a message that is not as its schema asks: part by part, with what is wrong in each.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import type { MessageSchema } from "../Action.ts"
import { closed, compile, filtersOf, idOf, isInt, isInteger, isObject, isOpen } from "./Check.ts"
import type { ToleratedKind } from "../Deviation.ts"
import { absent, append, excess, explain, filtered, most, noObject, rounded } from "./Explain.ts"
import type { Violation } from "../OcppError.ts"
import { type Breach, breaching, inRightCase, repairsOf, wordsOf } from "./Repair.ts"
import { ExactNumber, isDecimal, WrittenNumber } from "./WrittenNumber.ts"

interface Told {
  readonly kind: ToleratedKind | "RoundedNumber"
  readonly violation: Violation
}

/** What became of a value. */
export interface Read {
  readonly value: unknown
  readonly tolerated: ReadonlyArray<Told>
  readonly violations: ReadonlyArray<Violation>
  /** Whether a number was read as text, for which its digits are needed as they were written. */
  readonly asksForDigits: boolean
}

/**
 * Reads a value, with what is wrong in it, in the order of the schema: the faults of the kinds that are tolerated, and
 * the others. What is right is kept as it is; the value is never changed.
 */
export const read = (ast: SchemaAST.AST, value: unknown, kinds: ReadonlySet<ToleratedKind>): Read => {
  if (!isObject(value)) return { value, tolerated: [], violations: [noObject], asksForDigits: false }
  const reading = new Reading(kinds)
  const message = readerOf(ast)(value, reading)
  const { asksForDigits, tolerated, violations } = reading
  return { value: message, tolerated, violations, asksForDigits }
}

/** One reading of one value. */
class Reading {
  readonly kinds: ReadonlySet<ToleratedKind>
  /** Where the reading is. */
  readonly path: Array<string | number> = []
  readonly tolerated: Array<Told> = []
  readonly violations: Array<Violation> = []
  asksForDigits = false

  constructor(kinds: ReadonlySet<ToleratedKind>) {
    this.kinds = kinds
  }

  /** Whether enough is known to be wrong: the rest of the value needs no reading. */
  get isOver(): boolean {
    return this.violations.length >= most
  }

  at(...keys: ReadonlyArray<string | number>): string {
    return [...this.path, ...keys].reduce<string>(append, "")
  }

  violate(violations: ReadonlyArray<Violation>): void {
    for (const violation of violations) {
      if (this.isOver) return
      this.violations.push(violation)
    }
  }

  /** Of the many faults that a message may have, the first ones are told, and the first of every kind. */
  tolerate(kind: Told["kind"], violation: () => Violation): void {
    if (this.tolerated.length < most || !this.tolerated.some((other) => other.kind === kind)) {
      this.tolerated.push({ kind, violation: violation() })
    }
  }

  /** Takes back the violations that an attempt has met; the value is refused for not being as it was attempted. */
  attempt<A>(run: () => A): A | undefined {
    const before = this.violations.length
    const result = run()
    if (this.violations.length === before) return result
    this.violations.length = before
    return undefined
  }
}

/** Gives back the value as it is to be; where it gives back one that is wrong, it has said so. */
type Reader = (value: unknown, reading: Reading) => unknown

const readers = new WeakMap<SchemaAST.AST, Reader>()

const readerOf = (ast: SchemaAST.AST): Reader => {
  const known = readers.get(ast)
  if (known !== undefined) return known
  const reader = makeReader(ast)
  readers.set(ast, reader)
  return reader
}

const makeReader = (ast: SchemaAST.AST): Reader => {
  if (ast.encoding !== undefined) return rewritten(ast, ast.encoding)
  switch (ast._tag) {
    case "Suspend":
      return (value, reading) => readerOf(ast.thunk())(value, reading)
    case "Objects":
      return object(ast)
    case "Arrays":
      return list(ast)
    case "Number":
      return numeric(ast)
    case "Declaration":
    case "Unknown":
    case "Any":
      return open(ast)
    default:
      return leaf(ast)
  }
}

/** A part that is spelt in another way than its type: the type is read in what the spelling stands for. */
const rewritten = (ast: SchemaAST.AST, encoding: SchemaAST.Encoding): Reader => {
  const spelling = Schema.make<MessageSchema>(new SchemaAST.Unknown(undefined, undefined, encoding))
  const rewrite = Schema.decodeUnknownResult(spelling, closed)
  const reader = readerOf(SchemaAST.toType(ast))
  return (value, reading) => {
    const meant = rewrite(value)
    return Result.isSuccess(meant) ? reader(meant.success, reading) : refuse(ast, value, reading)
  }
}

const refuse = (ast: SchemaAST.AST, value: unknown, reading: Reading): unknown => {
  if (!reading.isOver) reading.violate(explain(ast, value, reading.at()))
  return value
}

const leaf = (ast: SchemaAST.AST): Reader => {
  const check = compile(ast)
  const repairs = repairsOf(ast)
  const keep = keeping(ast)
  return (value, reading) => {
    if (check(value)) return value
    for (const { kind, of } of repairs) {
      if (!reading.kinds.has(kind)) continue
      if (kind === "NumberForText" || kind === "ObjectForText") reading.asksForDigits ||= hasDigits(value)
      const repaired = of(value)
      if (repaired === undefined) continue
      // What is put right may have another fault, with which it is kept.
      const kept = check(repaired) ? none : keep(repaired, reading)
      if (kept === undefined) continue
      reading.tolerate(kind, () => theFault(ast, value, reading.at()))
      for (const other of kept) reading.tolerate(other.kind, other.fault)
      return repaired
    }
    const kept = keep(value, reading)
    if (kept === undefined) return refuse(ast, asNumber(value), reading)
    for (const { fault, kind } of kept) reading.tolerate(kind, fault)
    return value
  }
}

/** Whether there may be digits in a value of which more were written. */
const hasDigits = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "object" && value !== null)

const asNumber = (value: unknown): unknown => (value instanceof WrittenNumber ? value.nearest : value)

interface Kept {
  readonly kind: ToleratedKind
  readonly fault: () => Violation
}

const none: ReadonlyArray<Kept> = []

/** Finds the kinds by which a value is kept as it came; `undefined` if one of its faults has none that is tolerated. */
const keeping = (ast: SchemaAST.AST): ((value: unknown, reading: Reading) => ReadonlyArray<Kept> | undefined) => {
  if (wordsOf(ast) !== undefined) {
    return (value, reading) =>
      typeof value === "string" && reading.kinds.has("UnknownValue")
        ? [{ kind: "UnknownValue", fault: () => theFault(ast, value, reading.at()) }]
        : undefined
  }
  const type = ast._tag === "String" ? "string" : ast._tag === "Number" ? "number" : undefined
  const breachesOf = breaching(ast)
  return (value, reading) => (typeof value === type ? allKept(breachesOf(value), reading) : undefined)
}

const allKept = (breaches: ReadonlyArray<Breach>, reading: Reading): ReadonlyArray<Kept> | undefined => {
  const kept: Array<Kept> = []
  for (const { filter, kind } of breaches) {
    if (kind === undefined || !reading.kinds.has(kind)) return undefined
    kept.push({ kind, fault: () => filtered(filter, reading.at()) })
  }
  return kept.length > 0 ? kept : undefined
}

/** A number is read as the nearest one of JavaScript, or as it was written; where that makes a difference, it is told. */
const numeric = (ast: SchemaAST.Number): Reader => {
  const readNumber = leaf(ast)
  const integer = filtersOf(ast).find((filter) => idOf(filter) === isInt)
  const whole = wholeOf(ast)
  return (value, reading) => {
    if (!(value instanceof WrittenNumber)) return readNumber(value, reading)
    if (value instanceof ExactNumber) return whole(value, reading)
    const { nearest } = value
    if (value.isRounded) {
      // Beyond 2^53 the nearest whole number is another one, and may be another's id.
      if (integer !== undefined && !(Math.abs(nearest) <= Number.MAX_SAFE_INTEGER)) {
        reading.violate([filtered(integer, reading.at())])
        return value
      }
      reading.tolerate("RoundedNumber", () => rounded(reading.at()))
    }
    return readNumber(nearest, reading)
  }
}

/** Where anything may be, numbers are read as everywhere. */
const open = (ast: SchemaAST.AST): Reader => {
  const check = compile(ast)
  const isJson = ast._tag === "Declaration"
  return (value, reading) => {
    if (isJson && check(value)) return value
    let hasExact = false
    const settled = replaced(value, reading.path, (part) => {
      if (part instanceof ExactNumber) hasExact = true
      else if (part instanceof WrittenNumber) {
        if (part.isRounded) reading.tolerate("RoundedNumber", () => rounded(reading.at()))
        return part.nearest
      }
      return part
    })
    if (!isJson) return settled
    // What an exact number stands for is a number of JSON.
    const plain = hasExact ? replaced(settled, [], (part) => (part instanceof ExactNumber ? 0 : part)) : settled
    return check(plain) ? settled : refuse(ast, plain, reading)
  }
}

// What is nested more deeply comes from no codec.
const deepest = 1000

/** A value without the fields that are `undefined`, which is no JSON; itself if it has none. */
export const present = (value: unknown): unknown => replaced(value, [], (part) => (part === undefined ? leftOut : part))

/** What a field becomes that is left out; in a list it is `undefined` again. */
const leftOut = Symbol("left out")

/** A value with other parts, or itself if none becomes another. A part of itself stays as it is. */
const replaced = (
  value: unknown,
  path: Array<string | number>,
  of: (part: unknown) => unknown,
  made = new Map<object, unknown>()
): unknown => {
  const other = of(value)
  if (other !== value || typeof value !== "object" || value === null || value instanceof WrittenNumber) return other
  if (made.has(value)) return made.get(value)
  made.set(value, value)
  if (path.length > deepest) return value
  const inside = (part: unknown, key: string | number): unknown => {
    path.push(key)
    const become = replaced(part, path, of, made)
    path.pop()
    return become
  }
  const become = Array.isArray(value) ? inItems(value, inside) : inFields(value as Fields, inside)
  made.set(value, become)
  return become
}

const inItems = (list: ReadonlyArray<unknown>, of: (part: unknown, index: number) => unknown): unknown => {
  const items = list.map((part, index) => {
    const item = of(part, index)
    return item === leftOut ? undefined : item
  })
  return items.some((item, index) => item !== list[index]) ? items : list
}

const inFields = (fields: Fields, of: (part: unknown, name: string) => unknown): unknown => {
  const entries = Object.entries(fields).map(([name, part]) => [name, of(part, name)] as const)
  return entries.some(([name, part]) => part !== fields[name])
    ? Object.fromEntries(entries.filter(([, part]) => part !== leftOut))
    : fields
}

/** What is wrong with a value as a whole. */
const theFault = (ast: SchemaAST.AST, value: unknown, path: string): Violation =>
  explain(ast, value, path).find((violation) => violation.path === path) ?? {
    path,
    rule: "is empty",
    code: "OccurrenceConstraintViolation"
  }

/** A value whose parts are right passes the filters of the whole too, or it is said which not. */
const wholeOf = (ast: SchemaAST.AST): Reader => {
  const breachesOf = breaching(ast)
  return (value, reading) => {
    for (const { filter, kind } of breachesOf(value)) {
      const fault = filtered(filter, reading.at())
      if (kind !== undefined && reading.kinds.has(kind)) reading.tolerate(kind, () => fault)
      else reading.violate([fault])
    }
    return value
  }
}

const list = (ast: SchemaAST.Arrays): Reader => {
  const [item, ...others] = ast.rest
  if (ast.elements.length > 0 || item === undefined || others.length > 0) return leaf(ast)
  const element = readerOf(item)
  const whole = wholeOf(ast)
  const readList = (value: ReadonlyArray<unknown>, reading: Reading): unknown => {
    const before = reading.violations.length
    let changed: Array<unknown> | undefined
    for (let index = 0; index < value.length && !reading.isOver; index++) {
      reading.path.push(index)
      const part = element(value[index], reading)
      reading.path.pop()
      if (part !== value[index]) (changed ??= value.slice())[index] = part
    }
    return reading.violations.length > before ? value : whole(changed ?? value, reading)
  }
  return (value, reading) => {
    if (Array.isArray(value)) return readList(value, reading)
    if (isFields(value) && reading.kinds.has("MissingWrapper") && resolved(item)._tag === "Objects") {
      const wrapped = reading.attempt(() => {
        reading.tolerate("MissingWrapper", () => theFault(ast, value, reading.at()))
        return readList([value], reading)
      })
      if (wrapped !== undefined) return wrapped
    }
    return refuse(ast, asNumber(value), reading)
  }
}

/** Whether a value is an object of JSON. */
const isFields = (value: unknown): value is Fields => isObject(value) && !(value instanceof WrittenNumber)

const resolved = (ast: SchemaAST.AST): SchemaAST.AST => (ast._tag === "Suspend" ? resolved(ast.thunk()) : ast)

interface Field {
  readonly name: string
  readonly type: SchemaAST.AST
  readonly isRequired: boolean
  readonly accepts: (value: unknown) => boolean
  readonly reader: Reader
}

type Fields = Readonly<Record<string, unknown>>
type Entry = readonly [name: string, value: unknown]

const object = (ast: SchemaAST.Objects): Reader => {
  const rest = ast.indexSignatures[0]
  if (ast.indexSignatures.length > 1 || (rest !== undefined && !isOpen(rest))) return leaf(ast)
  const fields: Array<Field> = []
  for (const { name, type } of ast.propertySignatures) {
    if (typeof name !== "string") return leaf(ast)
    const isRequired = type.context?.isOptional !== true
    fields.push({ name, type, isRequired, accepts: compile(type), reader: readerOf(type) })
  }
  const names = new Set(fields.map(({ name }) => name))
  const other = rest === undefined || rest.type._tag === "Never" ? undefined : readerOf(rest.type)
  const settle = settling(fields)
  const whole = wholeOf(ast)
  return (value, reading) => {
    if (!isFields(value)) return refuse(ast, asNumber(value), reading)
    const before = reading.violations.length
    const others: Array<string> = []
    for (const name in value) {
      if (names.has(name)) continue
      // Whatever is tolerated, a message has not so many fields that it does not know: to read on would cost too much.
      if (other === undefined && others.length === mostUnknown) return refuseAll(value, others, reading)
      others.push(name)
    }
    const settled = other === undefined && others.length > 0 ? settle(value, others, reading) : nothing
    let changed: Map<string, Entry | undefined> | undefined
    for (const field of fields) {
      const name = Object.hasOwn(value, field.name) ? field.name : settled.renamed.get(field.name)
      if (name !== undefined) {
        const given = value[name]
        reading.path.push(name)
        const part = readField(field, given, reading)
        reading.path.pop()
        if (part !== given || name !== field.name) {
          ;(changed ??= new Map()).set(name, part === undefined ? undefined : [field.name, part])
        }
      } else if (field.isRequired && !settled.added.has(field.name) && !reading.isOver) {
        reading.violate([absent(reading.at(field.name))])
      }
    }
    if (other !== undefined) {
      for (const name of others) {
        if (reading.isOver) break
        reading.path.push(name)
        const part = other(value[name], reading)
        reading.path.pop()
        if (part !== value[name]) (changed ??= new Map()).set(name, [name, part])
      }
    }
    if (reading.violations.length > before) return value
    return whole(changed === undefined && settled === nothing ? value : rebuilt(value, settled, changed), reading)
  }
}

/** In one object, in number of fields. */
const mostUnknown = 1000

const refuseAll = (value: unknown, names: ReadonlyArray<string>, reading: Reading): unknown => {
  reading.violate(names.slice(0, most).map((name) => excess(reading.at(name))))
  return value
}

/** Gives back `undefined` for a field that is to be left out. */
const readField = (field: Field, value: unknown, reading: Reading): unknown => {
  if (!field.isRequired && isEmpty(value) && !field.accepts(value)) {
    const kind = value === null ? "NullForAbsent" : "EmptyForAbsent"
    if (reading.kinds.has(kind)) {
      reading.tolerate(kind, () => theFault(field.type, value, reading.at()))
      return undefined
    }
  }
  if (!field.isRequired && reading.kinds.has("NumberTooLarge")) {
    const isText = typeof value === "string" && isDecimal(value) && reading.kinds.has("TextForNumber")
    if (isTooLarge(field.type, isText ? new WrittenNumber(value) : value)) {
      reading.tolerate("NumberTooLarge", () => theFault(field.type, asNumber(value), reading.at()))
      return undefined
    }
  }
  return field.reader(value, reading)
}

/** Whether a value is a number that no number of JavaScript is, beyond those that are. */
const isTooLarge = (type: SchemaAST.AST, value: unknown): boolean => {
  if (type._tag !== "Number" || value instanceof ExactNumber) return false
  const number = asNumber(value)
  if (typeof number !== "number" || Number.isNaN(number)) return false
  if (!Number.isFinite(number)) return true
  const isBeyond = isInteger(type) && Math.abs(number) > Number.MAX_SAFE_INTEGER
  return isBeyond && value instanceof WrittenNumber && value.isRounded
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0)

// `Object.fromEntries` makes own fields of all names, `__proto__` among them.
const rebuilt = (value: Fields, { added, gone }: Settled, changed?: ReadonlyMap<string, Entry | undefined>): Fields => {
  const entries: Array<Entry> = []
  for (const name of Object.keys(value)) {
    if (gone.has(name)) continue
    const entry = changed?.has(name) === true ? changed.get(name) : ([name, value[name]] as const)
    if (entry !== undefined) entries.push(entry)
  }
  return Object.fromEntries([...entries, ...added])
}

/** What becomes of the fields that a type does not have. */
interface Settled {
  /** The names of the type for those that have the right name in another case. */
  readonly renamed: ReadonlyMap<string, string>
  readonly gone: ReadonlySet<string>
  /** The fields of the type that were made of them. */
  readonly added: ReadonlyMap<string, unknown>
}

const nothing: Settled = { renamed: new Map(), gone: new Set(), added: new Map() }

const settling = (
  fields: ReadonlyArray<Field>
): ((value: Fields, others: ReadonlyArray<string>, reading: Reading) => Settled) => {
  const rightCase = inRightCase(fields.map(({ name }) => name))
  const wrappersOf = findingWrappers(fields)
  return (value, others, reading) => {
    const renamed = new Map<string, string>()
    const gone = new Set<string>()
    const added = new Map<string, unknown>()
    if (reading.kinds.has("WrongCase")) {
      for (const [name, [given, ...more]] of Map.groupBy(others, rightCase)) {
        if (name === undefined || given === undefined || more.length > 0 || Object.hasOwn(value, name)) continue
        renamed.set(name, given)
        reading.tolerate("WrongCase", () => excess(reading.at(given)))
      }
    }
    const known = new Set(renamed.values())
    const left = others.filter((name) => !known.has(name))
    if (reading.kinds.has("MissingWrapper")) {
      const isThere = (name: string): boolean => Object.hasOwn(value, name) || renamed.has(name)
      for (const { field, within } of wrappersOf(isThere, left)) {
        reading.path.push(field.name)
        const wrapped = reading.attempt(() => {
          reading.tolerate("MissingWrapper", () => absent(reading.at()))
          return field.reader(Object.fromEntries(within.map((name) => [name, value[name]])), reading)
        })
        reading.path.pop()
        if (wrapped === undefined) continue
        added.set(field.name, wrapped)
        for (const name of within) gone.add(name)
      }
    }
    for (const name of left) {
      if (reading.isOver) break
      if (gone.has(name)) continue
      if (reading.kinds.has("ExtraField")) {
        reading.tolerate("ExtraField", () => excess(reading.at(name)))
        gone.add(name)
      } else {
        reading.violate([excess(reading.at(name))])
      }
    }
    return { renamed, gone, added }
  }
}

interface Wrapper {
  readonly field: Field
  /** Those of the fields that a type does not have that belong into this one. */
  readonly within: ReadonlyArray<string>
}

/** Finds the required objects that are not there, while all that they require stands in their place. */
const findingWrappers = (
  fields: ReadonlyArray<Field>
): ((isThere: (name: string) => boolean, others: ReadonlyArray<string>) => ReadonlyArray<Wrapper>) => {
  const candidates = fields.flatMap((field) => {
    const { type } = field
    if (type._tag !== "Objects" || type.encoding !== undefined) return []
    const names = new Set<PropertyKey>(type.propertySignatures.map(({ name }) => name))
    const required = type.propertySignatures.filter((inner) => inner.type.context?.isOptional !== true)
    return required.length > 0 ? [{ field, names, required: required.map(({ name }) => name) }] : []
  })
  if (!candidates.some(({ field }) => field.isRequired)) return () => []
  return (isThere, others) => {
    const given = new Set<PropertyKey>(others)
    const found = candidates.filter(
      ({ field, required }) => !isThere(field.name) && required.every((name) => given.has(name))
    )
    return found
      .map(({ field, names }) => ({ field, within: others.filter((name) => names.has(name)) }))
      .filter(
        ({ field, within }) =>
          field.isRequired &&
          // What may belong into two of them belongs into none.
          found.every((rival) => rival.field === field || !within.some((name) => rival.names.has(name)))
      )
  }
}
