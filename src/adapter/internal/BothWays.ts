/**
 * How what a version writes and what the domain says translate into each other: pure pairs of functions, made from tables
 * of which documentation and tests are made, too.
 */
import * as Result from "effect/Result"
import type { Violation } from "../../OcppError.ts"

/** What could not be carried, with the paths of the generic message. */
export class Losses {
  readonly violations: Array<Violation> = []
  /** Whether the message says the rest as it is meant, so that it can be sent without what was lost. */
  isRestSaid = true

  /** Something cannot be carried, and why; without it the message would say something else. */
  add(rule: string, path = ""): void {
    this.isRestSaid = false
    this.leaveOut(rule, path)
  }

  /** Something cannot be carried, and why; the message can do without it. */
  leaveOut(rule: string, path = ""): void {
    this.violations.push({ path, rule, code: "NotSupported" })
  }

  /** Translates something, of which what cannot be carried is below a field. */
  below<A>(name: string | number, translate: () => A): A {
    const from = this.violations.length
    const translated = translate()
    for (let at = from; at < this.violations.length; at++) {
      const step = typeof name === "number" ? `[${name}]` : name
      const violation = this.violations[at]!
      const { path } = violation
      this.violations[at] = {
        ...violation,
        path: path === "" || path.startsWith("[") ? step + path : `${step}.${path}`
      }
    }
    return translated
  }
}

/**
 * Translates a message as a whole; fails with all that cannot be carried. Where what the message can do without may be left
 * out, `leftOut` gets that.
 */
export const whole = <A, B>(
  translate: (value: A, losses: Losses) => B,
  value: A,
  leftOut?: Array<Violation>
): Result.Result<B, ReadonlyArray<Violation>> => {
  const losses = new Losses()
  const translated = translate(value, losses)
  const { isRestSaid, violations } = losses
  if (violations.length === 0) return Result.succeed(translated)
  if (leftOut === undefined || !isRestSaid) return Result.fail(violations)
  leftOut.push(...violations)
  return Result.succeed(translated)
}

/** What does not survive, for the documentation: of which field of the generic message, how, and why. */
export interface Note {
  readonly path: string
  readonly fate: "dropped" | "left out" | "refused" | "refused if absent" | "refused or left out" | "changed"
  readonly why: string
}

/** Notes on what is below a field. */
export const below = (name: string, notes: ReadonlyArray<Note> = []): ReadonlyArray<Note> =>
  notes.map((note) => ({ ...note, path: note.path === "" ? name : `${name}.${note.path}` }))

/** Notes on what comes back as another word. */
export const changes = ({ notes = [] }: { readonly notes?: ReadonlyArray<Note> | undefined }): ReadonlyArray<Note> =>
  notes.filter(({ fate }) => fate === "changed")

/**
 * A translation both ways. What cannot be carried is added to the losses; what is given back then counts for nothing.
 *
 * - `decode`: what a version wrote, as the domain says it. The version's schema has let it through.
 * - `encode`: what the domain says, as a version writes it.
 * - `notes`: what does not survive.
 */
export interface BothWays<in out Wire, in out Generic> {
  readonly notes?: ReadonlyArray<Note> | undefined
  readonly decode: (wire: Wire, losses: Losses) => Generic
  readonly encode: (generic: Generic, losses: Losses) => Wire
}

/** A translation of what is at a path of the generic message. */
export const under = <Wire, Generic>(path: string, item: BothWays<Wire, Generic>): BothWays<Wire, Generic> => ({
  notes: below(path, item.notes),
  decode: (wire, losses) => losses.below(path, () => item.decode(wire, losses)),
  encode: (generic, losses) => losses.below(path, () => item.encode(generic, losses))
})

/** What both write alike. */
export const same = <A>(): BothWays<A, A> => identity as BothWays<A, A>

const identity: BothWays<unknown, unknown> = { decode: (value) => value, encode: (value) => value }

/** A list of what is translated alike. */
export const list = <Wire, Generic>(
  item: BothWays<Wire, Generic>
): BothWays<ReadonlyArray<Wire>, ReadonlyArray<Generic>> => ({
  notes: item.notes,
  decode: (values, losses) => each(values, item.decode, losses),
  encode: (values, losses) => each(values, item.encode, losses)
})

const each = <A, B>(
  values: ReadonlyArray<A>,
  translate: (value: A, losses: Losses) => B,
  losses: Losses
): ReadonlyArray<B> => values.map((value, index) => losses.below(index, () => translate(value, losses)))

/** What a version has once and the domain in a list. */
export const only = <Wire, Generic>(
  item: BothWays<Wire, Generic>,
  why: string
): BothWays<Wire, ReadonlyArray<Generic>> => ({
  notes: [{ path: "", fate: "refused", why }, ...(item.notes ?? [])],
  decode: (value, losses) => each([value], item.decode, losses),
  encode: (values, losses) => {
    if (values.length !== 1) losses.add(why)
    // An empty list was added to the losses above, so nobody uses the `undefined` that it gives.
    return each(values, item.encode, losses)[0]!
  }
})

/** Why a word cannot be carried. */
export class Refused {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}

export const refused = (why: string): Refused => new Refused(why)

/**
 * The words of an enumeration. Those that both have mean the same; it is said what becomes of those that one side lacks.
 * A word that is none of either, which a tolerant connection lets through, stays as it is.
 */
export const words = <Wire extends string, Generic extends string>(table: {
  readonly encoded: { readonly [G in Exclude<Generic, Wire>]: Wire | Refused }
  readonly decoded: { readonly [W in Exclude<Wire, Generic>]: Generic }
}): BothWays<Wire, Generic> => {
  const decoded = new Map(Object.entries<string>(table.decoded))
  const encoded = new Map(Object.entries<string | Refused>(table.encoded))
  const notes = Array.from(encoded).flatMap(([generic, wire]): ReadonlyArray<Note> => {
    if (wire instanceof Refused) return [{ path: "", fate: "refused", why: `${generic}: ${wire.why}` }]
    return decoded.get(wire) === generic ? [] : [{ path: "", fate: "changed", why: `${generic} becomes ${wire}` }]
  })
  const arriving = Array.from(decoded).flatMap(([wire, generic]): ReadonlyArray<Note> =>
    (encoded.get(generic) ?? generic) === wire
      ? []
      : [{ path: "", fate: "changed", why: `${wire} arrives as ${generic}` }]
  )
  return {
    notes: [...notes, ...arriving],
    // A word that is not in the table is one of both types, or of none, about which nothing can be done here.
    decode: (wire) => (decoded.get(wire) ?? wire) as Generic,
    encode: (generic, losses) => {
      const wire = encoded.get(generic) ?? generic
      if (wire instanceof Refused) losses.add(wire.why)
      return wire as Wire
    }
  }
}

/** The only words that a version knows, and why others are refused. */
interface Closed {
  readonly words: ReadonlyArray<string>
  readonly why: string
}

/**
 * Words that are written alike; those of `refusals` are not sent, nor those that a version does not know. 2.1 does not tell
 * upper and lower case apart in them; a version that knows only its own gets these as it writes them.
 */
export const openWords = (
  refusals: { readonly [word: string]: string },
  closed: Closed | undefined
): BothWays<string, string> => {
  const reasons = new Map(Object.entries(refusals))
  const known = closed && new Map(closed.words.map((word) => [word.toLowerCase(), word]))
  return {
    notes: [
      ...Array.from(reasons, ([word, why]): Note => ({ path: "", fate: "refused", why: `${word}: ${why}` })),
      ...(closed === undefined ? [] : [{ path: "", fate: "refused", why: `others: ${closed.why}` } as const])
    ],
    decode: (word) => word,
    encode: (word, losses) => {
      const told = known === undefined ? word : known.get(word.toLowerCase())
      const why = reasons.get(word) ?? (told === undefined ? closed?.why : undefined)
      if (why !== undefined) losses.add(why)
      return told ?? word
    }
  }
}
