/**
 * Secrets by file, environment or prompt, for every user of a machine can read the arguments of a process.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Terminal from "effect/Terminal"
import { Prompt } from "effect/cli"
import { UsageError } from "./errors.ts"
import { type NamedFile, read } from "./files.ts"

/** Where a secret can be; `name` is that of the flag that has it as an argument. */
interface Sources {
  readonly name: string
  readonly argument: Option.Option<Redacted.Redacted>
  readonly file: Option.Option<NamedFile>
  readonly variable: string
  readonly prompt?: boolean | undefined
}

/** A secret, from the one place that the flags name, or else from the environment. */
export const secret = Effect.fnUntraced(function* ({ argument, file: path, name, prompt = false, variable }: Sources) {
  const named = [Option.isSome(argument), Option.isSome(path), prompt].filter(Boolean).length
  if (named > 1) {
    return yield* new UsageError({ message: `--${name} is given in more than one way` })
  }
  if (prompt) return yield* ask(name)
  const given = Option.isSome(argument)
    ? argument.value
    : Option.isSome(path)
      ? // Editors end a file with a new line, which is not meant.
        Redacted.make((yield* read(path.value)).replace(/\r?\n$/, ""))
      : undefined
  // An empty secret would let everyone in. It is given where a variable of a script is not set.
  if (given !== undefined && Redacted.value(given) === "") {
    const what = Option.isSome(path) ? `${path.value.flag}: ${JSON.stringify(path.value.path)}` : `--${name}: it`
    return yield* new UsageError({ message: `${what} is empty` })
  }
  const value = process.env[variable]
  return given ?? (value === undefined || value === "" ? undefined : Redacted.make(value))
})

/** Asks at the terminal, on stderr, for stdout is for what the command tells. */
const ask = Effect.fnUntraced(function* (name: string) {
  if (!process.stdin.isTTY) {
    return yield* new UsageError({ message: `--${name}-prompt needs a terminal; --${name}-file /dev/stdin does not` })
  }
  const terminal = yield* Terminal.Terminal
  const onStderr = {
    ...terminal,
    display: (text: string) =>
      Effect.sync(() => {
        process.stderr.write(text)
      })
  }
  return yield* Prompt.run(Prompt.Password({ message: name })).pipe(
    Effect.provideService(Terminal.Terminal, onStderr),
    Effect.catchTag("QuitError", () => Effect.fail(new UsageError({ message: `no ${name} was given` })))
  )
})
