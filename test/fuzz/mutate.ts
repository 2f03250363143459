/**
 * Texts that are almost what they were: changed as JSON, whose values and keys are found even in text that is none, and
 * changed as text. A random source determines everything.
 */
import type { Seeded } from "../support/seeded.ts"

/** Changes a text at one to four places. */
export const mutate = (random: Seeded, text: string): string => {
  let mutated = text
  for (let left = random.pick([1, 1, 1, 2, 3, 4]); left > 0; left--) {
    mutated = random.next() < 0.6 ? changeJson(random, mutated) : changeText(random, mutated)
  }
  return mutated.length > longest ? mutated.slice(0, longest) : mutated
}

const longest = 400_000

/** A JSON value, or almost one, that readers stumble over. */
export const nasty = (random: Seeded): string => {
  const kind = random.next()
  if (kind < 0.02) return nested(random, random.pick([1000, 20_000, 100_000]))
  if (kind < 0.1) return nested(random, random.integer(1, 70))
  if (kind < 0.2) return `"${random.pick(["x", "\\u0041", "\u{1F50B}", "\\ud800", "é"]).repeat(length(random))}"`
  if (kind < 0.25) return `${random.pick(["", "-", "0.", "1e"])}${random.pick(["1", "9", "0"]).repeat(length(random))}`
  if (kind < 0.35) return `{${random.pick(keys)}:${random.pick(values)}}`
  return random.pick(values)
}

const nested = (random: Seeded, depth: number): string => {
  const [open, inner, close] = random.pick([
    ["[", "", "]"],
    ['{"a":', "1", "}"],
    ['[{"":', "{}", "}]"],
    ["[", "", ""]
  ])
  return open.repeat(depth) + inner + close.repeat(depth)
}

// Around the limits of ids, descriptions and most texts, and far beyond all.
const length = (random: Seeded): number =>
  random.pick([1, 20, 21, 35, 36, 37, 50, 51, 254, 255, 256, 257, 2500, 2501, random.integer(0, 300), 5000])

const words = (text: string): ReadonlyArray<string> => text.split(" ")

const values: ReadonlyArray<string> = [
  ...words(
    "null true false 0 1 -0 -1 2 3 4 5 6 7 1.5 2.0 0.1 1E2 1e400 -1e400 1e-400 9007199254740993 12345678901234567890 2147483648 1.10"
  ),
  ...words("-2147483649 00 0x10 +1 1. .5 NaN Infinity undefined [] {} [[]] [{}] [null] 'a'"),
  ...words(String.raw`"" "-1" "0" "1" "true" "null" "\ud800" "\udc00\ud800" "\u0000" "\u2028" "\" "\x41"`),
  ...words('"__proto__" "constructor" "toString" "hasOwnProperty" "2026-11-22T06:00:00Z" "2026-11-22T06:00:00"'),
  ...words('"9999-99-99T99:99:99Z" "+275760-09-13T00:00:00Z" {"length":4} {"toJSON":1} {"then":1} {"vendorId":"v"}'),
  ...words('{"__proto__":{"polluted":1}} {"constructor":{"prototype":{"polluted":1}}} {"__proto__":null}'),
  '" "',
  '"\\u12"',
  '"\n"',
  '"\u0000"',
  '"\u2028"',
  '"\ud800"',
  '"\ufeff"'
]

const keys: ReadonlyArray<string> = [
  ...words('"__proto__" "constructor" "prototype" "toString" "hasOwnProperty" "toJSON" "then" "length" "customData"'),
  ...words(String.raw`"" "0" "-1" "\ud800" "\u0000" "a.b" "a[0]"`),
  `"${"k".repeat(300)}"`
]

/** What may stand anywhere in a text. */
const tokens: ReadonlyArray<string> = [
  ...words(String.raw`{ } [ ] , : " \ ' \ud800 /* // [2, [3, [4, [5, [6, ]]]] }}}}`),
  ...Array.from(" \t\n\r\f\u00a0\ufeff\u0000\u2028\u{1F50B}"),
  "\ud800",
  "\udfff"
]

// ---- as JSON

interface Span {
  readonly start: number
  readonly end: number
  readonly isKey: boolean
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+/gs

/** Where values and keys stand in a text, as far as it looks like JSON. */
const spansOf = (text: string): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  const open: Array<number> = []
  for (const { 0: found, index } of text.matchAll(token)) {
    const end = index + found.length
    if (found === "[" || found === "{") open.push(index)
    else if (found === "]" || found === "}") spans.push({ start: open.pop() ?? 0, end, isKey: false })
    else if (found !== "," && found !== ":") {
      spans.push({ start: index, end, isKey: found[0] === '"' && /^\s*:/.test(text.slice(end, end + 8)) })
    }
  }
  return spans
}

const changeJson = (random: Seeded, text: string): string => {
  // To look at a large text again and again would take most of the time.
  const spans = text.length > 20_000 ? [] : spansOf(text)
  if (spans.length === 0) return changeText(random, text)
  const span = random.pick(spans)
  const { end, isKey, start } = span
  const own = text.slice(start, end)
  const put = (by: string): string => text.slice(0, start) + by + text.slice(end)
  if (isKey) {
    return random.pick([
      () => put(random.pick(keys)),
      () => put(own.toUpperCase()),
      () => put(`${random.pick(keys)}:${nasty(random)},${own}`),
      // The same key twice: the later one counts.
      () => put(`${own}:${nasty(random)},${own}`)
    ])()
  }
  const other = random.pick(spans)
  return random.pick([
    () => put(nasty(random)),
    () => put(nasty(random)),
    () => put(text.slice(other.start, other.end)),
    () => put(""),
    () => put(`${own},${own}`),
    () => put(`${own},${nasty(random)}`),
    () => put(`[${own}]`),
    () => put(`{${random.pick(keys)}:${own}}`),
    () => put(`"${own.replaceAll(/["\\]/g, "")}"`),
    () => put(own.replaceAll('"', "")),
    () => put(own.replace(/[[{]\s*"?/, (opening) => `${opening}${random.pick(keys)}:${nasty(random)},`)),
    () => text.slice(0, start).replace(/,\s*$/, "") + text.slice(end)
  ])()
}

// ---- as text

const changeText = (random: Seeded, text: string): string => {
  const at = random.integer(0, text.length)
  const end = Math.min(text.length, at + random.pick([1, 1, 1, 2, 3, 5, 10, 30, random.integer(0, text.length)]))
  const before = text.slice(0, at)
  const slice = text.slice(at, end)
  const after = text.slice(end)
  return random.pick([
    () => before + after,
    () => before + slice + slice + after,
    () => before + random.pick(tokens) + after,
    () => before + random.pick(tokens) + slice + after,
    () => before + String.fromCharCode(random.integer(0, 0xffff)) + after,
    () => before + nasty(random) + after,
    () => before + slice.replaceAll(/[a-z]/gi, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`) + after,
    () => before,
    () => after,
    () => text.replace(/^\[(\d)/, '["$1"'),
    () => text.replace(/^(\[\d,)"[^"]*"/, `$1${random.pick(["17", "-1", "1.50", "12345678901234567890", "1e400"])}`),
    () => text.replace(/,[^,]*\]$/, random.pick(["]", ",null]", ",[]]", ",{},{}]"])),
    () => text.replaceAll(",", `,${random.pick(["\u0000", "\n", "\u001f"])}`),
    () => `${random.pick(["", " ", "\ufeff", "\n", ")]}',\n"])}${text}${random.pick(["", " ", "\u0000", "]", text])}`
  ])()
}

/** A text that was never anything. */
export const noise = (random: Seeded): string =>
  Array.from({ length: random.integer(0, 40) }, () =>
    random.pick([random.pick(tokens), nasty(random), String.fromCharCode(random.integer(0, 255))])
  )
    .join("")
    .slice(0, longest)
