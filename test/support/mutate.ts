/**
 * Values made from the constraints of a JSON Schema: valid examples, and mutations of a valid value, with one fault
 * each or just without. A seed determines everything.
 */
import type { Constraints } from "./constraints.ts"
import * as Seeded from "./seeded.ts"

/** A valid value with one thing changed. */
export interface Mutation {
  readonly kind: Kind
  /** Where, as a JSON pointer. */
  readonly path: string
  /** Whether the value still is valid. */
  readonly valid: boolean
  readonly value: unknown
}

export type Kind = keyof typeof kinds

interface Format {
  readonly good: ReadonlyArray<string>
  readonly bad: ReadonlyArray<string>
}

/** Texts of the formats that everybody agrees on. */
export const formats: { readonly [name: string]: Format } = {
  "date-time": {
    good: [
      "2026-11-22T06:00:00Z",
      "2026-11-22T06:00:00.1Z",
      "2026-11-22T06:00:00.123456789Z",
      "2026-11-22T06:00:00+05:30",
      "2026-11-22T06:00:00.000-08:00",
      "2026-11-22T06:00:00-00:00",
      "2026-11-22T06:00:00+23:59",
      "2026-11-22t06:00:00z",
      "2024-02-29T23:59:59Z",
      "2000-02-29T00:00:00Z",
      "2016-12-31T23:59:60Z",
      "2017-01-01T00:59:60+01:00",
      "0000-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999Z"
    ],
    bad: [
      "",
      "now",
      "1763791200",
      "2026-11-22",
      "06:00:00Z",
      "2026-11-22T06:00:00",
      "2026-11-22T06:00:00.000",
      "2026-11-22T06:00Z",
      "2026-11-22T06:00:00.Z",
      "2026-11-22T06:00:00,5Z",
      "2026-11-22T6:00:00Z",
      "2026-02-30T06:00:00Z",
      "2025-02-29T06:00:00Z",
      "1900-02-29T06:00:00Z",
      "2026-00-22T06:00:00Z",
      "2026-13-22T06:00:00Z",
      "2026-11-00T06:00:00Z",
      "2026-11-31T06:00:00Z",
      "2026-11-22T24:00:00Z",
      "2026-11-22T06:60:00Z",
      "2026-11-22T06:00:60Z",
      "2026-11-22T06:00:61Z",
      "2026-11-22T06:00:00+24:00",
      "2026-11-22T06:00:00+01:60",
      "2026-11-22T06:00:00 Z",
      " 2026-11-22T06:00:00Z",
      "2026-11-22T06:00:00Z\n",
      "+002026-11-22T06:00:00Z",
      "26-11-22T06:00:00Z",
      "22.11.2026 06:00:00",
      "Sun, 22 Nov 2026 06:00:00 GMT"
    ]
  },
  uri: {
    good: [
      "ftp://user:password@host.example:21/dir/file.bin",
      "ftp://user:p%40ss@host/",
      "ftp://user:p@ss@host/",
      "https://host.example",
      "https://host/path?query=1&other=%20#part",
      "http://10.0.0.1:8080/a//b/",
      "http://[2001:db8::1]:8080/x",
      "http://[::ffff:10.0.0.1]/x",
      "http://[1:2:3:4:5:6:7:8]",
      "http://host:/",
      "file:///dir/file",
      "urn:example:firmware:1",
      "HTTPS://HOST/"
    ],
    bad: [
      "",
      "firmware.bin",
      "/dir/file",
      "//host/dir",
      "host.example/dir",
      "1ftp://host/dir",
      "ftp://host/a b",
      "ftp://host/%zz",
      "ftp://host/%2",
      "ftp://hôst/dir",
      "ftp://host/\u{1F50B}",
      "ftp://host/<dir>",
      "ftp://host\\dir",
      "http://[2001:db8::1/x",
      "http://[2001:db8:::1]/x",
      "http://[1:2:3:4:5:6:7]/",
      "http://[1:2:3:4:5:6:7:8:9]/",
      "http://[::g]/",
      "http://[::1.2.3]/"
    ]
  }
}

const astral = "\u{1F50B}"

/**
 * A valid value.
 *
 * `fields`: whether optional fields are there, `"all"`, `"none"` or by chance. With `"all"` no list is empty either.
 */
export const example = (
  constraints: Constraints,
  options: { readonly seed: string; readonly fields?: "all" | "none" | "some" }
): unknown => exampleFrom(constraints, Seeded.make(options.seed), options.fields ?? "some")

const exampleFrom = (
  constraints: Constraints,
  random: Seeded.Seeded,
  fields: "all" | "none" | "some",
  lists = 0
): unknown => {
  if (constraints.anyOf !== undefined) return exampleFrom(random.pick(constraints.anyOf), random, fields, lists)
  if (constraints.enum !== undefined) return random.pick(constraints.enum)
  switch (random.pick(constraints.type ?? ["string", "number", "boolean", "object", "array", "null"])) {
    case "string":
      return textExample(constraints, random)
    case "integer": {
      const [min, max] = range(constraints)
      return random.integer(Math.ceil(min), Math.floor(max))
    }
    case "number": {
      const [min, max] = range(constraints)
      const step = constraints.multipleOf ?? 0.01
      const steps = random.integer(Math.ceil(min / step), Math.floor(max / step))
      return rounded(steps * step, step)
    }
    case "boolean":
      return random.next() < 0.5
    case "null":
      return null
    case "array": {
      const min = Math.max(constraints.minItems ?? 0, fields === "all" ? 1 : 0)
      // With all fields, lists in lists would multiply to thousands of items.
      const spread = fields === "all" && lists > 0 ? 0 : 2
      const length = random.integer(min, Math.min(constraints.maxItems ?? min + spread, min + spread))
      return Array.from({ length }, () => exampleFrom(constraints.items ?? {}, random, fields, lists + 1))
    }
    case "object": {
      const required = constraints.required ?? []
      const entries = Object.entries(constraints.properties ?? {})
        .filter(([name]) => required.includes(name) || fields === "all" || (fields === "some" && random.next() < 0.5))
        .map(([name, property]) => [name, exampleFrom(property, random, fields, lists)] as const)
      return Object.fromEntries(entries)
    }
    default:
      throw new Error(`Unknown type: ${JSON.stringify(constraints.type)}`)
  }
}

const range = (constraints: Constraints): readonly [min: number, max: number] => {
  const min = constraints.minimum ?? constraints.exclusiveMinimum
  const max = constraints.maximum ?? constraints.exclusiveMaximum
  const step = constraints.type?.includes("integer") === true ? 1 : (constraints.multipleOf ?? 0.01)
  const from = min ?? Math.min(max ?? 0, 0) - 1000
  const to = max ?? Math.max(from, 0) + 1000
  return [
    constraints.exclusiveMinimum === undefined ? from : from + step,
    constraints.exclusiveMaximum === undefined ? to : to - step
  ]
}

/** A product without its binary rounding: as many decimals as the step has. */
const rounded = (product: number, step: number): number =>
  Number(product.toFixed(String(step).split(".")[1]?.length ?? 0))

const textExample = (constraints: Constraints, random: Seeded.Seeded): string => {
  if (constraints.pattern !== undefined) throw new Error("Not supported: an example of a pattern")
  if (constraints.format !== undefined) return random.pick(format(constraints).good)
  const min = constraints.minLength ?? 0
  const length = random.integer(min, Math.min(constraints.maxLength ?? min + 12, min + 12))
  const characters = ["a", "B", "0", " ", '"', "\\", "/", "é", "\u0000", "漢", astral]
  return Array.from({ length }, () => random.pick(characters)).join("")
}

const format = (constraints: Constraints): Format => {
  const texts = formats[constraints.format ?? ""]
  if (texts === undefined) throw new Error(`Unknown format: ${constraints.format}`)
  return texts
}

/** A place in a value, with what is asked of it. */
interface Site {
  readonly path: ReadonlyArray<string | number>
  readonly value: unknown
  readonly constraints: Constraints
}

const sites = (constraints: Constraints, value: unknown, path: Site["path"] = []): ReadonlyArray<Site> => {
  if (constraints.anyOf !== undefined) return []
  const here: Site = { path, value, constraints }
  if (Array.isArray(value)) {
    return [here, ...value.flatMap((item, index) => sites(constraints.items ?? {}, item, [...path, index]))]
  }
  if (isObject(value)) {
    return [
      here,
      ...Object.entries(value).flatMap(([name, field]) => {
        const property = constraints.properties?.[name]
        return property === undefined ? [] : sites(property, field, [...path, name])
      })
    ]
  }
  return [here]
}

const isObject = (u: unknown): u is { readonly [name: string]: unknown } =>
  typeof u === "object" && u !== null && !Array.isArray(u)

type Fields = { readonly [name: string]: unknown }

/** What can be put in the place of the value of a site; empty where the kind does not apply. */
type Change = (site: Site, random: Seeded.Seeded) => ReadonlyArray<unknown>

const onText =
  (change: (length: number) => ReadonlyArray<string>): Change =>
  ({ constraints, value }) =>
    typeof value === "string" &&
    constraints.maxLength !== undefined &&
    constraints.enum === undefined &&
    constraints.format === undefined &&
    constraints.pattern === undefined
      ? change(constraints.maxLength)
      : []

const onObject =
  (change: (value: Fields, constraints: Constraints) => ReadonlyArray<unknown>): Change =>
  (site) =>
    isObject(site.value) ? change(site.value, site.constraints) : []

const onList =
  (
    change: (value: ReadonlyArray<unknown>, constraints: Constraints, random: Seeded.Seeded) => ReadonlyArray<unknown>
  ): Change =>
  (site, random) =>
    Array.isArray(site.value) ? change(site.value, site.constraints, random) : []

const onNumber =
  (change: (constraints: Constraints) => ReadonlyArray<number | undefined>): Change =>
  (site) =>
    typeof site.value === "number" ? change(site.constraints).filter((changed) => changed !== undefined) : []

const without = (value: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))

/** With a field, whatever its name: `__proto__` is one like any other. */
const having = (value: Fields, name: string, field: unknown): Fields =>
  Object.fromEntries([...Object.entries(value), [name, field]])

const unknownNames = ["extra", "", "Extra", "__proto__", "constructor", "toString", "customData", "\u0000", "ünknown"]

const extend = (value: Fields, constraints: Constraints): ReadonlyArray<unknown> =>
  unknownNames.flatMap((name) =>
    Object.hasOwn(value, name) || Object.hasOwn(constraints.properties ?? {}, name)
      ? []
      : [having(value, name, "x"), having(value, name, null)]
  )

/** A value that is made only once it is picked: some lists are long. */
class Later {
  readonly make: () => unknown

  constructor(make: () => unknown) {
    this.make = make
  }
}

const lengthened = (
  value: ReadonlyArray<unknown>,
  length: number,
  constraints: Constraints,
  random: Seeded.Seeded
): Later =>
  new Later(() => {
    const item = exampleFrom(constraints.items ?? {}, random, "none")
    return Array.from({ length }, (_, index) => value[index] ?? item)
  })

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value

const isOfType = (value: unknown, types: ReadonlyArray<string>): boolean =>
  types.includes(typeOf(value)) || (typeof value === "number" && types.includes("number"))

const kinds = {
  "missing field": {
    valid: false,
    change: onObject((value, { required }) => (required ?? []).map((name) => without(value, name)))
  },
  "absent optional field": {
    valid: true,
    change: onObject((value, { properties, required }) =>
      Object.keys(properties ?? {})
        .filter((name) => Object.hasOwn(value, name) && required?.includes(name) !== true)
        .map((name) => without(value, name))
    )
  },
  "unknown field": {
    valid: false,
    change: onObject((value, constraints) =>
      constraints.additionalProperties === false ? extend(value, constraints) : []
    )
  },
  "field of an open object": {
    valid: true,
    change: onObject((value, constraints) =>
      constraints.additionalProperties === undefined ? extend(value, constraints) : []
    )
  },
  null: {
    valid: false,
    change: ({ constraints }) => (constraints.type === undefined || constraints.type.includes("null") ? [] : [null])
  },
  "wrong type": {
    valid: false,
    change: ({ constraints: { type }, value }) =>
      type === undefined
        ? []
        : ["x", "1", "true", "", 1, 1.5, true, false, {}, [], [value], ...(Array.isArray(value) ? value : [])].filter(
            (other) => !isOfType(other, type)
          )
  },
  "text too long": {
    valid: false,
    change: onText((max) => [
      "x".repeat(max + 1),
      astral.repeat(max + 1),
      "x".repeat(max) + astral,
      "e\u0301".repeat(max)
    ])
  },
  "text of full length": {
    valid: true,
    change: onText((max) => ["x".repeat(max), astral.repeat(max), "x".repeat(max - 1) + astral, "\ud83d".repeat(max)])
  },
  "empty text": {
    valid: true,
    change: ({ constraints, value }) =>
      typeof value === "string" &&
      constraints.enum === undefined &&
      constraints.format === undefined &&
      constraints.pattern === undefined &&
      constraints.minLength === undefined
        ? [""]
        : []
  },
  "text too short": {
    valid: false,
    change: ({ constraints: { minLength }, value }) =>
      typeof value === "string" && minLength !== undefined ? ["x".repeat(minLength - 1)] : []
  },
  "unknown enumeration value": {
    valid: false,
    change: ({ constraints: { enum: values }, value }) =>
      values === undefined || typeof value !== "string"
        ? []
        : [
            "",
            "Unknown",
            `${value} `,
            ` ${value}`,
            `${value}${astral}`,
            value.toLowerCase(),
            value.toUpperCase()
          ].filter((other) => !values.includes(other))
  },
  "other enumeration value": {
    valid: true,
    change: ({ constraints: { enum: values }, value }) => (values ?? []).filter((other) => other !== value)
  },
  "list too short": {
    valid: false,
    change: onList((value, { minItems }) => (minItems === undefined ? [] : [[], value.slice(0, minItems - 1)]))
  },
  "list too long": {
    valid: false,
    change: onList((value, constraints, random) =>
      constraints.maxItems === undefined ? [] : [lengthened(value, constraints.maxItems + 1, constraints, random)]
    )
  },
  "list of full length": {
    valid: true,
    change: onList((value, constraints, random) =>
      constraints.maxItems === undefined ? [] : [lengthened(value, constraints.maxItems, constraints, random)]
    )
  },
  "empty list": {
    valid: true,
    change: onList((_, { minItems }) => (minItems === undefined ? [[]] : []))
  },
  "list of one": {
    valid: true,
    change: onList((value, constraints, random) =>
      (constraints.minItems ?? 0) > 1 ? [] : [lengthened(value, 1, constraints, random)]
    )
  },
  "below minimum": {
    valid: false,
    change: onNumber(({ exclusiveMinimum, minimum }) => [
      minimum === undefined ? undefined : minimum - 1,
      exclusiveMinimum
    ])
  },
  "above maximum": {
    valid: false,
    change: onNumber(({ exclusiveMaximum, maximum }) => [
      maximum === undefined ? undefined : maximum + 1,
      exclusiveMaximum
    ])
  },
  "at the limit": {
    valid: true,
    change: onNumber(({ maximum, minimum }) => [minimum, maximum])
  },
  "bad format": {
    valid: false,
    change: ({ constraints, value }) =>
      typeof value === "string" && constraints.format !== undefined ? format(constraints).bad : []
  },
  "other format": {
    valid: true,
    change: ({ constraints, value }) =>
      typeof value === "string" && constraints.format !== undefined ? format(constraints).good : []
  },
  "no multiple": {
    valid: false,
    change: onNumber(({ multipleOf }) =>
      multipleOf === undefined ? [] : [0.5, 1.5, 10.1, 162.5, -0.1, 1e-7].map((factor) => factor * multipleOf)
    )
  },
  "other multiple": {
    valid: true,
    change: onNumber(({ maximum, minimum, multipleOf }) =>
      multipleOf === undefined || minimum !== undefined || maximum !== undefined
        ? []
        : [0, 1, 3, 7, -3, 17, 321, 1234567890123].map((factor) => rounded(factor * multipleOf, multipleOf))
    )
  }
} satisfies { readonly [kind: string]: { readonly valid: boolean; readonly change: Change } }

export const allKinds = Object.keys(kinds) as ReadonlyArray<Kind>

/**
 * The mutations of a valid value: every change at every position, of the items of a list at one of them; or, with `one`,
 * of every kind that applies one change at a random position. What is put into the value goes `through` a function.
 */
export const mutations = (
  constraints: Constraints,
  value: unknown,
  options: { readonly seed: string; readonly one?: boolean; readonly through?: (part: unknown) => unknown }
): ReadonlyArray<Mutation> => {
  const { through = (part) => part } = options
  const random = Seeded.make(options.seed)
  const places = sites(constraints, value)
  const distinct = options.one === true ? [] : representatives(places, random)
  return allKinds.flatMap((kind) => {
    const { change, valid } = kinds[kind]
    const changes =
      options.one === true
        ? oneChange(change, places, random)
        : distinct.flatMap((site) => change(site, random).map((changed) => ({ path: site.path, changed })))
    // Only what is picked is put together: a copy of a large value for every change would take most of the time.
    return changes.map(({ changed, path }): Mutation => ({
      kind,
      path: path.map((key) => `/${key}`).join(""),
      valid,
      value: replaced(value, path, through(changed instanceof Later ? changed.make() : changed))
    }))
  })
}

/** A change at the first site that it applies to, from a random one on. */
const oneChange = (
  change: Change,
  places: ReadonlyArray<Site>,
  random: Seeded.Seeded
): ReadonlyArray<{ readonly path: Site["path"]; readonly changed: unknown }> => {
  const start = random.integer(0, places.length - 1)
  for (let index = 0; index < places.length; index++) {
    const site = places[(start + index) % places.length]!
    const changes = change(site, random)
    if (changes.length > 0) return [{ path: site.path, changed: random.pick(changes) }]
  }
  return []
}

/** One of the sites that differ only in the items of lists that they are in. */
const representatives = (places: ReadonlyArray<Site>, random: Seeded.Seeded): ReadonlyArray<Site> => {
  const alike = Map.groupBy(places, ({ path }) =>
    path.map((key) => (typeof key === "number" ? "/*" : `/${key}`)).join("")
  )
  return [...alike.values()].map((group) => random.pick(group))
}

const replaced = (value: unknown, path: Site["path"], by: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item))
  if (!isObject(value)) throw new Error("Not a path of this value")
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name === key ? replaced(field, rest, by) : field])
  )
}
