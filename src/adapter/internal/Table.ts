/**
 * The translation of a message or of a data type, as a table: one row for each field that either side has.
 */
import { type BothWays, type Losses, type Note, same, under } from "./BothWays.ts"

/** A row, with the paths of the fields that it is about. */
export interface Row {
  readonly wire: ReadonlyArray<string>
  readonly generic: ReadonlyArray<string>
  readonly notes: ReadonlyArray<Note>
  readonly decode?: ((wire: unknown, into: object, losses: Losses) => void) | undefined
  readonly encode?: ((generic: unknown, into: object, losses: Losses) => void) | undefined
}

/** A mapping with the table that it was made from. */
export interface Table<in out Wire, in out Generic> extends BothWays<Wire, Generic> {
  readonly rows: ReadonlyArray<Row>
}

/** What has fields of its own: no list, no time, no quantity. */
type Nested<T> = T extends ReadonlyArray<unknown> | { readonly pipe: unknown } ? never : T extends object ? T : never

type Steps<T> = keyof T & string

/** The path of a field, such as `modem.iccid`. */
export type Path<T> = {
  readonly [K in Steps<T>]:
    | K
    | {
        readonly [L in Steps<Nested<NonNullable<T[K]>>>]:
          | `${K}.${L}`
          | `${K}.${L}.${Steps<Nested<NonNullable<Nested<NonNullable<T[K]>>[L]>>>}`
      }[Steps<Nested<NonNullable<T[K]>>>]
}[Steps<T>]

/** What is at a path, if it is there. */
export type At<T, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T
    ? At<NonNullable<T[K]>, Rest>
    : never
  : P extends keyof T
    ? Exclude<T[P], undefined>
    : never

/** The path, if what is there is the same in both. */
type Alike<Wire, Generic, P extends string> = [At<Wire, P>] extends [At<Generic, P>]
  ? [At<Generic, P>] extends [At<Wire, P>]
    ? P
    : never
  : never

/** Makes the rows of a table, whose paths and mappings are checked against the types of both messages. */
export interface Rows<Wire, Generic> {
  /**
   * A field of each. `needed` says why the version must have it, where the domain need not; `empty` what the version would
   * understand if an empty list were left out, which is therefore refused.
   */
  readonly field: <const W extends Path<Wire>, const G extends Path<Generic>>(
    wire: W,
    generic: G,
    ...more: [At<Wire, W>] extends [At<Generic, G>]
      ? [At<Generic, G>] extends [At<Wire, W>]
        ? [mapping?: BothWays<At<Wire, W>, At<Generic, G>> | undefined, options?: FieldOptions]
        : [mapping: BothWays<At<Wire, W>, At<Generic, G>>, options?: FieldOptions]
      : [mapping: BothWays<At<Wire, W>, At<Generic, G>>, options?: FieldOptions]
  ) => Row
  /** Fields that both have, and write alike. */
  readonly alike: <const Names extends ReadonlyArray<Path<Wire> & Path<Generic>>>(
    ...names: { readonly [I in keyof Names]: Names[I] & Alike<Wire, Generic, Names[I]> }
  ) => ReadonlyArray<Row>
  /** A field that the version lacks: what has it cannot be said. */
  readonly unsaid: (generic: Path<Generic>, why: string) => Row
  /**
   * A field that the version lacks, without which the message says the rest as it is meant: it cannot be said, or is left
   * out where the user has chosen that.
   */
  readonly omissible: (generic: Path<Generic>, why: string) => Row
  /** A field that one side lacks and that is left out, because nothing depends on it. */
  readonly dropped: (field: { readonly wire: Path<Wire> } | { readonly generic: Path<Generic> }, why: string) => Row
  /** Fields that only together mean the same. */
  readonly together: (fields: {
    readonly wire: ReadonlyArray<Path<Wire>>
    readonly generic: ReadonlyArray<Path<Generic>>
    readonly decode: (wire: Wire, losses: Losses) => Partial<Generic>
    readonly encode: (generic: Generic, losses: Losses) => Partial<Wire>
    readonly notes?: ReadonlyArray<Note>
  }) => Row
}

export interface FieldOptions {
  readonly needed?: string | undefined
  readonly empty?: string | undefined
}

/** Makes a mapping of a table. */
export const table = <Wire extends object, Generic extends object>(
  rowsOf: (rows: Rows<Wire, Generic>) => ReadonlyArray<Row>
): Table<Wire, Generic> => {
  // The rows are checked against the types when they are made.
  const rows = rowsOf(makers as Rows<Wire, Generic>)
  const decoders = rows.flatMap(({ decode = [] }) => decode)
  const encoders = rows.flatMap(({ encode = [] }) => encode)
  return {
    rows,
    notes: rows.flatMap(({ notes }) => notes),
    decode: (wire, losses) => {
      const into = {}
      for (const decode of decoders) decode(wire, into, losses)
      return into as Generic
    },
    encode: (generic, losses) => {
      const into = {}
      for (const encode of encoders) encode(generic, into, losses)
      return into as Wire
    }
  }
}

type AnyPair = BothWays<unknown, unknown>

const makers = {
  field: (wire: string, generic: string, mapping?: AnyPair, { empty, needed }: FieldOptions = {}): Row => {
    const from = place(wire)
    const to = place(generic)
    const { decode, encode, notes = [] } = mapping === undefined ? same<unknown>() : under(generic, mapping)
    return {
      wire: [wire],
      generic: [generic],
      notes: [...absent(generic, needed), ...emptied(generic, empty), ...notes],
      decode: (message, into, losses) => {
        const value = from.get(message)
        if (value !== undefined) to.set(into, decode(value, losses))
      },
      encode: (message, into, losses) => {
        const value = to.get(message)
        if (empty !== undefined && Array.isArray(value) && value.length === 0) losses.add(ofEmpty(empty), generic)
        if (value !== undefined) from.set(into, encode(value, losses))
        else if (needed !== undefined) losses.add(needed, generic)
      }
    }
  },
  alike: (...names: ReadonlyArray<string>): ReadonlyArray<Row> => names.map((name) => makers.field(name, name)),
  unsaid: (generic: string, why: string): Row => lacking(generic, "refused", (losses) => losses.add(why, generic), why),
  omissible: (generic: string, why: string): Row =>
    lacking(generic, "refused or left out", (losses) => losses.leaveOut(why, generic), why),
  dropped: (field: { readonly wire?: string; readonly generic?: string }, why: string): Row => ({
    wire: field.wire === undefined ? [] : [field.wire],
    generic: field.generic === undefined ? [] : [field.generic],
    notes: [{ path: field.generic ?? field.wire ?? "", fate: "dropped", why }]
  }),
  together: ({
    decode,
    encode,
    generic,
    notes = [],
    wire
  }: Pick<Row, "wire" | "generic"> & {
    readonly notes?: ReadonlyArray<Note>
    readonly decode: (wire: unknown, losses: Losses) => object
    readonly encode: (generic: unknown, losses: Losses) => object
  }): Row => ({
    wire,
    generic,
    notes,
    decode: (message, into, losses) => void Object.assign(into, decode(message, losses)),
    encode: (message, into, losses) => void Object.assign(into, encode(message, losses))
  })
}

/** What becomes of a message without a field that the version must have. */
const absent = (path: string, needed: string | undefined): ReadonlyArray<Note> =>
  needed === undefined ? [] : [{ path, fate: "refused if absent", why: needed }]

/** What becomes of an empty list that means something else than none. */
const emptied = (path: string, meaning: string | undefined): ReadonlyArray<Note> =>
  meaning === undefined ? [] : [{ path, fate: "refused", why: ofEmpty(meaning) }]

const ofEmpty = (meaning: string): string => `an empty list would mean ${meaning}`

/** What becomes of a generic field for which a version has none. */
export type Lacked = "unsaid" | "omissible" | "dropped"

/** The rows for the generic fields of another row, for a version that lacks them. */
export const lacked = ({ generic }: Row, fate: Lacked, why: string): ReadonlyArray<Row> =>
  generic.map((path) => (fate === "dropped" ? makers.dropped({ generic: path }, why) : makers[fate](path, why)))

/** What the version lacks. */
const lacking = (generic: string, fate: Note["fate"], lose: (losses: Losses) => void, why: string): Row => {
  const { get } = place(generic)
  return {
    wire: [],
    generic: [generic],
    notes: [{ path: generic, fate, why }],
    encode: (message, _, losses) => {
      if (get(message) !== undefined) lose(losses)
    }
  }
}

type Fields = Record<string, unknown>

/** Reads and writes what is at a path. */
const place = (path: string): { get: (from: unknown) => unknown; set: (into: object, value: unknown) => void } => {
  const steps = path.split(".")
  const last = steps.pop()!
  if (steps.length === 0) {
    return { get: (from) => (from as Fields)[last], set: (into, value) => void ((into as Fields)[last] = value) }
  }
  return {
    get: (from) => {
      let at: unknown = from
      for (const step of steps) {
        at = (at as Fields)[step]
        if (at === undefined) return undefined
      }
      return (at as Fields)[last]
    },
    set: (into, value) => {
      let at = into as Fields
      for (const step of steps) at = (at[step] ??= {}) as Fields
      at[last] = value
    }
  }
}
