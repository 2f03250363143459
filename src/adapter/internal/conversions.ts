/**
 * The values of configuration keys and of variables, converted both ways.
 *
 * Both sides are read generously (blanks around a value, upper and lower case of words) and written in one way only, that
 * of their specification.
 */
import * as Result from "effect/Result"
import type { MeasurandEnumType } from "../../v201/DataTypes.ts"
import type { Measurand as Measurand15 } from "../../v15/Core.ts"
import type { Measurand, Phase } from "../../v16/Core.ts"
import type { Conversion, Converted, Lost } from "./KeyMapping.ts"
import { synonyms } from "./since21.ts"

type Convert = Conversion["toKey"]

const as = (value: string): Result.Result<Converted, string> => Result.succeed({ value, lost: [] })

const bothWays = (name: string, convert: Convert): Conversion => ({ name, toVariable: convert, toKey: convert })

/** Any text, unchanged. */
export const text: Conversion = bothWays("text", as)

export const boolean: Conversion = bothWays("boolean", (value) => {
  const word = value.trim().toLowerCase()
  return word === "true" || word === "false" ? as(word) : Result.fail("true or false")
})

/** Without plus sign and leading zeros, which 2.x does not allow. */
export const integer: Conversion = bothWays("integer", (value) => {
  const number = /^[+-]?\d{1,20}(?:\.0{1,6})?$/.test(value.trim()) ? Number(value) : Number.NaN
  // `| 0` is the number itself if it has 32 bits, and 0 for -0.
  return (number | 0) === number ? as(String(number | 0)) : Result.fail("a whole number of 32 bits")
})

/** What becomes of an item of a list: the word for it, if there is one, and why it is not the whole of it. */
type Item = (item: string) => { readonly word?: string | undefined; readonly reason?: string }

/** Items of no length are none, and words that come twice are written once. */
const eachItem =
  (convert: Item): Convert =>
  (value) => {
    const words = new Set<string>()
    const lost: Array<Lost> = []
    for (const item of itemsOf(value)) {
      const { reason, word } = convert(item)
      if (word !== undefined) words.add(word)
      if (reason !== undefined) lost.push({ item, reason })
    }
    return Result.succeed({ value: [...words].join(","), lost })
  }

/** The items of a comma-separated list. */
export const itemsOf = (value: string): ReadonlyArray<string> =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")

/** A list of any words. */
export const list: Conversion = bothWays(
  "list",
  eachItem((word) => ({ word }))
)

/** Words by how they may be written. */
const dictionary = (words: ReadonlyArray<readonly [read: string, written: string]>): ReadonlyMap<string, string> =>
  new Map(words.map(([read, written]) => [read.toLowerCase(), written]))

const oneOf = (words: ReadonlyArray<readonly [read: string, written: string]>, reason: string): Item => {
  const known = dictionary(words)
  return (item) => {
    const word = known.get(item.toLowerCase())
    return word === undefined ? { reason } : { word }
  }
}

const same = (words: ReadonlyArray<string>): ReadonlyArray<readonly [string, string]> =>
  words.map((word) => [word, word])

/** 1.6 has `Temperature` and `RPM` besides, 2.x others. */
const measurandNames = [
  "Current.Export",
  "Current.Import",
  "Current.Offered",
  "Energy.Active.Export.Interval",
  "Energy.Active.Export.Register",
  "Energy.Active.Import.Interval",
  "Energy.Active.Import.Register",
  "Energy.Reactive.Export.Interval",
  "Energy.Reactive.Export.Register",
  "Energy.Reactive.Import.Interval",
  "Energy.Reactive.Import.Register",
  "Frequency",
  "Power.Active.Export",
  "Power.Active.Import",
  "Power.Factor",
  "Power.Offered",
  "Power.Reactive.Export",
  "Power.Reactive.Import",
  "SoC",
  "Voltage"
] as const satisfies ReadonlyArray<Measurand & MeasurandEnumType>

const phases = ["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"] satisfies ReadonlyArray<Phase>

const measurandTo2x = oneOf(same(measurandNames), "2.x has no such measurand")
const measurandOfAPhase = oneOf(
  measurandNames.flatMap((measurand) => phases.map((phase) => [`${measurand}.${phase}`, measurand] as const)),
  ""
)

/** In 1.6 a phase can stand behind a measurand (§9.1.17), and it has one name where 2.1 has two. */
export const measurands: Conversion = {
  name: "measurands",
  toVariable: eachItem((item) => {
    const { word } = measurandOfAPhase(item)
    return word === undefined ? measurandTo2x(item) : { word, reason: "2.x has all phases of a measurand or none" }
  }),
  toKey: eachItem(oneOf([...same(measurandNames), ...Object.entries(synonyms)], "1.6 has no such measurand"))
}

/** What 1.6 has and 1.5 has not. */
const since16: ReadonlySet<string> = new Set([
  "Current.Offered",
  "Frequency",
  "Power.Factor",
  "Power.Offered",
  "SoC"
] satisfies ReadonlyArray<Exclude<(typeof measurandNames)[number], Measurand15>>)

/** The measurands of 1.5: all words of 1.6 are read, but only those of 1.5 are written. */
export const measurands15: Conversion = {
  ...measurands,
  name: "measurands of 1.5",
  toKey: eachItem(oneOf(same(measurandNames.filter((name) => !since16.has(name))), "1.5 has no such measurand"))
}

/** Many stations of 1.6 write the units of 2.x, which the errata sheet §3.88 calls the better ones. */
export const rateUnits: Conversion = {
  name: "`Current`, `Power` ↔ `A`, `W`",
  toVariable: eachItem(
    oneOf([["Current", "A"], ["Power", "W"], ...same(["A", "W"])], "2.x has no such unit of a charging rate")
  ),
  toKey: eachItem(
    oneOf(
      [
        ["A", "Current"],
        ["W", "Power"]
      ],
      "1.6 has no such unit of a charging rate"
    )
  )
}

export const fileTransferProtocols: Conversion = {
  name: "protocols",
  toVariable: eachItem(oneOf(same(["FTP", "FTPS", "HTTP", "HTTPS", "SFTP"]), "2.x has no such protocol")),
  toKey: eachItem(oneOf(same(["FTP", "FTPS", "HTTP", "HTTPS"]), "1.6 has no such protocol"))
}

const rotations = dictionary(same(["RST", "RTS", "SRT", "STR", "TRS", "TSR"]))

/** Where 1.6 says that it is unknown or not applicable, 2.x has an empty text for both. */
export const phaseRotation: Conversion = {
  name: "phase rotation; `Unknown` ↔ empty",
  toVariable: (value) => {
    const word = value.trim().toLowerCase()
    const rotation = word === "unknown" ? "" : rotations.get(word)
    if (rotation !== undefined) return as(rotation)
    return word === "notapplicable"
      ? Result.succeed({ value: "", lost: [{ item: value, reason: "in 2.x it is the same as unknown" }] })
      : Result.fail("RST, RTS, SRT, STR, TRS, TSR, NotApplicable or Unknown")
  },
  toKey: (value) => {
    const word = value.trim().toLowerCase()
    const rotation = word === "" ? "Unknown" : rotations.get(word)
    if (rotation !== undefined) return as(rotation)
    return /^[rstx]{3}$/.test(word)
      ? Result.succeed({ value: "Unknown", lost: [{ item: value, reason: "1.6 knows three connected phases only" }] })
      : Result.fail("three letters of R, S, T and x, or empty")
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** 1.6 has at most 20 bytes, as hexadecimal digits; whether a password is long enough is for the station to say. */
export const password: Conversion = {
  name: "hexadecimal ↔ text in UTF-8",
  toVariable: (value) => {
    const digits = value.trim()
    if (!/^(?:[\da-f]{2}){1,20}$/i.test(digits)) return Result.fail("hexadecimal digits of 1 to 20 bytes")
    const bytes = Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
    return Result.match(
      Result.try(() => utf8.decode(bytes)),
      { onFailure: () => Result.fail("bytes of UTF-8, for a password is text in 2.x"), onSuccess: as }
    )
  },
  toKey: (value) => {
    const bytes = new TextEncoder().encode(value)
    return value.isWellFormed() && bytes.length > 0 && bytes.length <= 20
      ? as(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""))
      : Result.fail("text of 1 to 20 bytes of UTF-8, as 1.6 has no longer passwords")
  }
}
