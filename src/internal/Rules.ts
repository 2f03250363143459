/**
 * The rules that a message can break, and the kinds of fault that let a breach of each through.
 */
import type { ToleratedKind } from "../Deviation.ts"

/** A rule that schemas have, and what a tolerance can do about a breach of it. */
export interface Rule {
  /** What the rule asks for. */
  readonly asks: string
  /** The kinds that let a breach through, each in the cases that its documentation names. */
  readonly kinds: ReadonlyArray<ToleratedKind>
  /** Why no kind lets the other breaches through, if there are others. */
  readonly refused?: string
}

/** A rule that a filter of a schema checks, on values that have the right type. */
interface Filter extends Rule {
  /** The kind by which a value that breaks the rule is kept as it came. */
  readonly keeps?: (value: unknown) => ToleratedKind | undefined
}

const keeps = (kind: ToleratedKind) => () => kind

const outOfRange: Filter = {
  asks: "A number is neither too small nor too large.",
  kinds: ["OutOfRange"],
  keeps: keeps("OutOfRange")
}

const integer: Filter = {
  asks: "A number is whole, and not beyond 2^53.",
  kinds: ["FractionForInteger", "NumberTooLarge"],
  keeps: (value) =>
    Number.isInteger(value) ? "NumberTooLarge" : Number.isFinite(value) ? "FractionForInteger" : undefined,
  refused:
    "A number beyond 2^53 that no number of JavaScript is, in a field that must be there: the nearest one is another number, and may be another's id."
}

/** By the type and the id of the filter; those of lists and of texts may have the same id. */
export const filters = new Map<string, Filter>([
  [
    "String effect/schema/isMaxCodePoints",
    { asks: "A text has no more characters than its limit.", kinds: ["TooLongText"], keeps: keeps("TooLongText") }
  ],
  [
    "String effect-ocpp/isTimestamp",
    {
      asks: "A time stamp is one of RFC 3339, with an offset.",
      kinds: ["LocalTime", "EmptyForAbsent"],
      refused:
        "A text that names no instant, such as a 30th of February or the hour 25: every instant in its place would be made up."
    }
  ],
  [
    "String effect-ocpp/isUri",
    { asks: "A location is an absolute URI.", kinds: ["InvalidUri"], keeps: keeps("InvalidUri") }
  ],
  [
    "Number effect/schema/isFinite",
    {
      asks: "A number is below 1.8e308, the largest of JavaScript.",
      kinds: ["NumberTooLarge"],
      refused: "In a field that must be there: there is no number of JavaScript to give."
    }
  ],
  ["Number effect/schema/isInt", integer],
  ["Number effect/schema/isGreaterThanOrEqualTo", outOfRange],
  ["Number effect/schema/isLessThanOrEqualTo", outOfRange],
  ["Number effect/schema/isBetween", outOfRange],
  [
    "Number effect/schema/isMultipleOf",
    { asks: "A limit has no more than one decimal.", kinds: ["TooManyDecimals"], keeps: keeps("TooManyDecimals") }
  ],
  [
    "Arrays effect/schema/isMinLength",
    {
      asks: "A list has items.",
      kinds: ["EmptyList", "EmptyForAbsent"],
      keeps: (value) => (Array.isArray(value) && value.length === 0 ? "EmptyList" : undefined)
    }
  ],
  [
    "Arrays effect/schema/isMaxLength",
    { asks: "A list has no more items than its limit.", kinds: ["TooLongList"], keeps: keeps("TooLongList") }
  ]
])

/** The rules that no filter checks. */
export const shapes = {
  message: {
    asks: "A message is an object.",
    kinds: [],
    refused: "What is no object has no fields that could be read."
  },
  required: {
    asks: "A field that must be there is there.",
    kinds: ["WrongCase", "MissingWrapper", "EmptyForAbsent"],
    refused: "A field that is not there under any name: every value in its place would be made up."
  },
  known: {
    asks: "A field is one that the object has.",
    kinds: ["ExtraField", "WrongCase", "MissingWrapper"]
  },
  notNull: {
    asks: "A value is not null.",
    kinds: ["NullForAbsent"],
    refused: "In a field that must be there, and in a list: every value in its place would be made up."
  },
  text: {
    asks: "A text is a text.",
    kinds: ["NumberForText", "BooleanForText", "ObjectForText", "EmptyForAbsent"],
    refused: "An object or a list elsewhere than in a vendor's own data: it is not known which text is meant."
  },
  number: {
    asks: "A number is a number.",
    kinds: ["TextForNumber", "EmptyForAbsent"],
    refused:
      "A text that is no decimal number or has more digits than a number of JavaScript, a boolean, an object, a list: it is not known which number is meant."
  },
  boolean: {
    asks: "A boolean is a boolean.",
    kinds: ["TextForBoolean", "NumberForBoolean", "EmptyForAbsent"],
    refused: "What is neither true or false nor 1 or 0: it is not known which of both is meant."
  },
  word: {
    asks: "A value of an enumeration is one of its words.",
    kinds: ["WrongCase", "UnknownValue", "EmptyForAbsent"],
    refused: "What is no text: it is not known which word is meant."
  },
  list: {
    asks: "A list is a list.",
    kinds: ["MissingWrapper", "EmptyForAbsent"],
    refused: "What is no object: a text may be one item or several that are written as one."
  },
  object: {
    asks: "An object is an object.",
    kinds: ["EmptyForAbsent"],
    refused: "What is no object has no fields that could be read."
  },
  json: {
    asks: "Where anything may be, there is a value of JSON.",
    kinds: [],
    refused: "A number of 1.8e308 or more, which JavaScript does not have; nothing else of JSON breaks this rule."
  }
} as const satisfies Record<string, Rule>
