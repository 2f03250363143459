/**
 * What a version has no word for, taken out of a message by the paths that tell it.
 */
import * as Arr from "effect/Array"
import type { Violation } from "../../OcppError.ts"

type Step = string | number

/**
 * A message without what is at fault: of a list the item, else the field. `undefined` if something is missing instead, or
 * the message itself is at fault.
 */
export const without = <A>(message: A, violations: ReadonlyArray<Violation>): A | undefined => {
  const places = new Map<string, ReadonlyArray<Step>>()
  for (const { path } of violations) {
    const steps = stepsOf(path)
    const place = placeOf(steps)
    // What a message is about cannot be left out of it.
    if (place.length === 0 || place[0] === "evse" || !isThere(message, place)) return undefined
    places.set(JSON.stringify(place), place)
  }
  // From the end on, so that the places before stay where they are.
  const ordered = Array.from(places.values()).sort(later)
  // Each step removes from a copy; the message itself stays whole.
  return ordered.reduce<unknown>((rest, place) => removed(rest, place), message) as A | undefined
}

const placeOf = (steps: ReadonlyArray<Step>): ReadonlyArray<Step> => {
  // A reading says the same without a signature.
  if (steps.at(-1) === "signedMeterValue") return steps
  const last = Arr.findLastIndex(steps, (step) => typeof step === "number")
  return last._tag === "Some" ? steps.slice(0, last.value + 1) : steps
}

/** `a.b[0].c` is a, b, 0 and c. */
const stepsOf = (path: string): ReadonlyArray<Step> =>
  Array.from(path.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, name]) => (index === undefined ? name! : Number(index)))

const isThere = (value: unknown, [step, ...rest]: ReadonlyArray<Step>): boolean =>
  step === undefined ||
  (typeof value === "object" && value !== null && Object.hasOwn(value, step) && isThere(Reflect.get(value, step), rest))

const later = (one: ReadonlyArray<Step>, other: ReadonlyArray<Step>): number => {
  for (const [index, step] of one.entries()) {
    const than = other[index]
    if (than === undefined || step === than) continue
    return typeof step === "number" && typeof than === "number" ? than - step : 0
  }
  return 0
}

/** A list that has nothing left goes, too. */
const removed = (value: unknown, [step, ...rest]: ReadonlyArray<Step>): unknown => {
  if (Array.isArray(value)) {
    const kept = rest.length === 0 ? undefined : removed(value[Number(step)], rest)
    const list = value.flatMap((item, index) => (index !== step ? [item] : kept === undefined ? [] : [kept]))
    return list.length === 0 ? undefined : list
  }
  const { [String(step)]: inner, ...others } = value as Record<string, unknown>
  const kept = rest.length === 0 ? undefined : removed(inner, rest)
  if (kept !== undefined) return { ...others, [String(step)]: kept }
  // Readings without a sample are none.
  return Array.isArray(inner) && "timestamp" in others && Object.keys(others).length === 1 ? undefined : others
}
