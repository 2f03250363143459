/**
 * How many files the process may have open, of which each connection is one.
 */
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"

/** What the system lets the process have, where it says so, as Linux does. */
const limit = (): number | undefined => {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1")) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

/** What a process has open besides its connections. */
const others = 100

/** Warns if the system lets the process have fewer connections than it is to take. */
export const warnIfFew = (connections: number): Effect.Effect<void> =>
  Effect.suspend(() => {
    const files = limit()
    if (files === undefined || files >= connections + others) return Effect.void
    const most = Math.max(0, files - others)
    return Effect.logWarning(
      `the system lets this process open ${files} files, which is enough for some ${most} stations: raise the limit (ulimit -n)`
    )
  })
