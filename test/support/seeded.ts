/** Random choices that a seed determines. */
export interface Seeded {
  /** A number from 0 up to, not including, 1. */
  readonly next: () => number
  /** An integer from `min` to `max`, both included. */
  readonly integer: (min: number, max: number) => number
  readonly pick: <A>(choices: ReadonlyArray<A>) => A
}

export const make = (seed: string): Seeded => {
  let state = 0x811c9dc5
  for (const character of seed) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    integer,
    pick: (choices) => {
      if (choices.length === 0) throw new Error("Nothing to pick from")
      return choices[integer(0, choices.length - 1)]!
    }
  }
}
