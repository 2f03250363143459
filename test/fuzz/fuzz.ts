/**
 * Runs targets on cases that a seed determines, and makes a case that fails small.
 */
/* oxlint-disable no-await-in-loop -- one case is tried at a time */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Seeded from "../support/seeded.ts"

/** Something to fuzz: how cases are made, and what holds for each of them. */
export interface Target<Case> {
  readonly name: string
  /** Makes a case, of what JSON can hold, from random choices alone. */
  readonly generate: (random: Seeded.Seeded) => Case
  /** Tries simpler and simpler cases. */
  readonly simpler: (failing: Case) => Simpler<Case>
  /** Starts what the cases run against; what a check throws, or fails with in its own time, is a failure. */
  readonly open: Effect.Effect<Check<Case>, unknown, Scope.Scope>
}

/** Gives cases to try one after the other, and is told of each whether it still fails, so that it goes on from there. */
export type Simpler<Case> = Generator<Case, void, boolean>

/** Cases leave nothing behind that another could see. */
export type Check<Case> = (tried: Case) => void | Promise<void>

/** A rule that does not hold; the rule tells failures apart, the detail does not. */
export class Violation extends Error {
  readonly rule: string

  constructor(rule: string, detail: unknown = "") {
    super(`${rule}${detail === "" ? "" : `: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`}`)
    this.rule = rule
  }
}

export const must: (holds: boolean, rule: string, detail?: () => unknown) => asserts holds = (holds, rule, detail) => {
  if (!holds) throw new Violation(rule, detail?.())
}

export interface Failure {
  readonly token: string
  readonly what: string
  /** The smallest case that was found to fail in the same way, and what it says. */
  readonly shrunk: unknown
  readonly says: string
}

/** Names a case: the target, the seed and the number of the case. */
export const tokenOf = (target: string, seed: string, index: number): string => `${target}:${seed}:${index}`

export const readToken = (
  token: string
): { readonly target: string; readonly seed: string; readonly index: number } => {
  const [, target, seed, index] = /^(\w+):(.*):(\d+)$/s.exec(token) ?? []
  if (target === undefined || seed === undefined) throw new Error(`${JSON.stringify(token)} is no replay token`)
  return { target, seed, index: Number(index) }
}

/** A target under way. */
export interface Fuzzing {
  readonly name: string
  /** Tries one case; the failure, if there is one, comes with the smallest case that fails in the same way. */
  readonly run: (index: number) => Promise<Failure | undefined>
  readonly caseOf: (index: number) => unknown
  readonly close: () => Promise<void>
}

/** Runs a target; `before` is told of each case before it is tried. */
export class Fuzzer<Case> implements Fuzzing {
  private readonly target: Target<Case>
  private readonly seed: string
  private readonly before: (index: number) => void
  private opened: Opened<Case> | undefined

  constructor(target: Target<Case>, seed: string, before: (index: number) => void = () => undefined) {
    this.target = target
    this.seed = seed
    this.before = before
  }

  get name(): string {
    return this.target.name
  }

  async run(index: number): Promise<Failure | undefined> {
    this.before(index)
    const tried = this.caseOf(index)
    const error = await this.attempt(tried)
    if (error === undefined) return undefined
    const token = tokenOf(this.target.name, this.seed, index)
    const { shrunk, says } = await this.shrink(tried, error, () => this.before(index))
    return { token, what: ruleOf(error), shrunk, says }
  }

  caseOf(index: number): Case {
    return this.target.generate(Seeded.make(tokenOf(this.target.name, this.seed, index)))
  }

  async close(): Promise<void> {
    const { opened } = this
    this.opened = undefined
    await opened?.close()
  }

  private async attempt(tried: Case): Promise<unknown> {
    try {
      const { check, stray } = (this.opened ??= await open(this.target))
      const checked = check(tried)
      if (checked !== undefined) await Promise.race([checked, stray.thrown])
      stray.check()
      return undefined
    } catch (error) {
      // A failure may have harmed what the next case would run against.
      await this.close().catch(() => undefined)
      return error ?? new Error("undefined was thrown")
    }
  }

  private async shrink(
    failing: Case,
    error: unknown,
    before: () => void
  ): Promise<{ readonly shrunk: Case; readonly says: string }> {
    const end = performance.now() + shrinkMillis
    const rule = ruleOf(error)
    let shrunk = failing
    let says = textOf(error)
    let found = true
    while (found) {
      found = false
      const candidates = this.target.simpler(shrunk)
      for (let next = candidates.next(); next.done !== true && performance.now() < end;) {
        before()
        const same = await this.attempt(next.value)
        const isSame = same !== undefined && ruleOf(same) === rule
        if (isSame) {
          found = true
          shrunk = next.value
          says = textOf(same)
        }
        next = candidates.next(isSame)
      }
    }
    return { shrunk, says }
  }
}

const shrinkMillis = 20_000

interface Opened<Case> {
  readonly check: Check<Case>
  readonly stray: Stray
  readonly close: () => Promise<void>
}

const open = async <Case>(target: Target<Case>): Promise<Opened<Case>> => {
  const scope = Scope.makeUnsafe()
  const stray = new Stray()
  const check = await Effect.runPromise(Scope.provide(target.open, scope))
  return {
    check,
    stray,
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      stray.stop()
    }
  }
}

/** What is thrown where nobody catches it. */
class Stray {
  /** Fails with the first of it. */
  readonly thrown: Promise<never>
  private readonly onError: (error: unknown) => void
  private first: Violation | undefined = undefined

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>()
    this.thrown = promise
    // Nobody may be waiting for it.
    promise.catch(() => undefined)
    this.onError = (error) => {
      this.first ??= new Violation("nobody caught an error", textOf(error))
      reject(this.first)
    }
    process.on("uncaughtException", this.onError)
    process.on("unhandledRejection", this.onError)
  }

  check(): void {
    if (this.first !== undefined) throw this.first
  }

  stop(): void {
    process.off("uncaughtException", this.onError)
    process.off("unhandledRejection", this.onError)
  }
}

const ruleOf = (error: unknown): string =>
  error instanceof Violation ? error.rule : (textOf(error).split("\n", 1)[0] ?? "")

const textOf = (error: unknown): string =>
  error instanceof Violation ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)

// ---- simpler cases

/** A list with fewer elements, and with simpler ones. */
export const simplerList = function* <A>(
  list: ReadonlyArray<A>,
  simpler: (element: A) => Simpler<A>
): Simpler<ReadonlyArray<A>> {
  let left = list
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length;) {
      const fewer = left.toSpliced(at, size)
      if (yield fewer) left = fewer
      else at += size
    }
  }
  for (const [at, element] of left.entries()) {
    const others = within(simpler(element), (other) => left.with(at, other))
    for (let next = others.next(); next.done !== true;) {
      const isSame = yield next.value
      if (isSame) left = next.value
      next = others.next(isSame)
    }
  }
}

/** A text with fewer characters. */
export const simplerText = function* (text: string): Simpler<string> {
  let left = text
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length;) {
      const fewer = left.slice(0, at) + left.slice(at + size)
      if (yield fewer) left = fewer
      else at += size
    }
  }
}

/** The same within something larger. */
export const within = function* <A, B>(simpler: Simpler<A>, put: (part: A) => B): Simpler<B> {
  for (let next = simpler.next(); next.done !== true;) next = simpler.next(yield put(next.value))
}
