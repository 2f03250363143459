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

const pairs = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar("id:password"), Flag.withDescription(description), Flag.atLeast(0))

export const basicFlags = {
  basic: pairs(
    "basic",
    "lets in a station with this password; may be repeated; also in OCPP_BASIC, one a line; by default all may come in"
  ),
  basicFile: file("basic-file", "a file with one id:password a line, each as with --basic")
}

export const upstreamBasicFlags = {
  upstreamBasic: pairs(
    "upstream-basic",
    "the password of a station at the CSMS; may be repeated; also in OCPP_UPSTREAM_BASIC, one a line; by default the one that the station presents"
  ),
  upstreamBasicFile: file("upstream-basic-file", "a file with one id:password a line, each as with --upstream-basic")
}

interface BasicFlags {
  readonly basic: ReadonlyArray<string>
  readonly basicFile: Option.Option<NamedFile>
}

/** The passwords that flags and the environment name, by identity. `flag` and `variable` are what these are called. */
const passwordsOf = Effect.fnUntraced(function* (given: BasicFlags, flag: string, variable: string) {
  const passwords = new Map<string, Redacted.Redacted>()
  for (const { pair, source } of yield* pairsOf(given, flag, variable)) {
    const colon = pair.indexOf(":")
    if (colon <= 0 || colon === pair.length - 1) {
      // What is wrong with it may be its password.
      return yield* new UsageError({ message: `${source} is no id:password, of which neither may be empty` })
    }
    passwords.set(pair.slice(0, colon), Redacted.make(pair.slice(colon + 1)))
  }
  return passwords
})

/** Lets in the stations that the flags and the environment name, or all if these name none. */
export const acceptOf = Effect.fnUntraced(function* (flags: BasicFlags, acceptance: Acceptance) {
  const passwords = yield* passwordsOf(flags, "--basic", "OCPP_BASIC")
  return (handshake: Handshake): Effect.Effect<Acceptance, HandshakeRefused> => {
    if (passwords.size === 0) return Effect.succeed(acceptance)
    const password = passwords.get(handshake.identity)
    if (password === undefined) return Effect.fail(unknownStation)
    return hasPassword(handshake, password) ? Effect.succeed(acceptance) : Effect.fail(unauthorized)
  }
})

/** The passwords of stations at the CSMS of a gateway. */
export const upstreamPasswordsOf = ({
  upstreamBasic,
  upstreamBasicFile
}: {
  readonly upstreamBasic: ReadonlyArray<string>
  readonly upstreamBasicFile: Option.Option<NamedFile>
}) => passwordsOf({ basic: upstreamBasic, basicFile: upstreamBasicFile }, "--upstream-basic", "OCPP_UPSTREAM_BASIC")

/** The pairs, and how each is called in a message. */
const pairsOf = Effect.fnUntraced(function* ({ basic, basicFile }: BasicFlags, flagName: string, variable: string) {
  const given = basic.map((pair, index) => ({ pair, source: `${flagName}: number ${index + 1} of ${basic.length}` }))
  const fromEnvironment = linesOf(process.env[variable] ?? "", `${variable}: `)
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
