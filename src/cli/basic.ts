/**
 * Who may connect to `ocpp csms`, and with which password.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Flag } from "effect/cli"
import {
  type Acceptance,
  type Handshake,
  type HandshakeRefused,
  hasPassword,
  unauthorized,
  unknownStation
} from "../csms/index.ts"
import { UsageError } from "./errors.ts"
import { file, type NamedFile, read } from "./files.ts"

export const basicFlags = {
  basic: Flag.String("basic").pipe(
    Flag.withMetavar("id:password"),
    Flag.withDescription(
      "lets in a station with this password; may be repeated; also in OCPP_BASIC, one a line; by default all may come in"
    ),
    Flag.atLeast(0)
  ),
  basicFile: file("basic-file", "a file with one id:password a line, each as with --basic")
}

interface BasicFlags {
  readonly basic: ReadonlyArray<string>
  readonly basicFile: Option.Option<NamedFile>
}

/** Lets in the stations that the flags and the environment name, or all if these name none. */
export const acceptOf = Effect.fnUntraced(function* (flags: BasicFlags, acceptance: Acceptance) {
  const passwords = new Map<string, Redacted.Redacted>()
  for (const { pair, source } of yield* pairsOf(flags)) {
    const colon = pair.indexOf(":")
    if (colon <= 0 || colon === pair.length - 1) {
      // What is wrong with it may be its password.
      return yield* new UsageError({ message: `${source} is no id:password, of which neither may be empty` })
    }
    passwords.set(pair.slice(0, colon), Redacted.make(pair.slice(colon + 1)))
  }
  return (handshake: Handshake): Effect.Effect<Acceptance, HandshakeRefused> => {
    if (passwords.size === 0) return Effect.succeed(acceptance)
    const password = passwords.get(handshake.identity)
    if (password === undefined) return Effect.fail(unknownStation)
    return hasPassword(handshake, password) ? Effect.succeed(acceptance) : Effect.fail(unauthorized)
  }
})

/** The pairs, and how each is called in a message. */
const pairsOf = Effect.fnUntraced(function* ({ basic, basicFile }: BasicFlags) {
  const given = basic.map((pair, index) => ({ pair, source: `--basic: number ${index + 1} of ${basic.length}` }))
  const fromEnvironment = linesOf(process.env["OCPP_BASIC"] ?? "", "OCPP_BASIC: ")
  if (Option.isNone(basicFile)) return [...given, ...fromEnvironment]
  const { flag, path } = basicFile.value
  const named = linesOf(yield* read(basicFile.value), `${flag}: ${JSON.stringify(path)} `)
  // Everyone would be let in.
  if (named.length === 0) return yield* new UsageError({ message: `${flag}: ${JSON.stringify(path)} is empty` })
  return [...given, ...named, ...fromEnvironment]
})

const linesOf = (text: string, source: string) =>
  text
    .split(/\r?\n/)
    .map((pair, index) => ({ pair, source: `${source}line ${index + 1}` }))
    .filter(({ pair }) => pair !== "")
