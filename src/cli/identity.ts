/**
 * How `ocpp csms` finds out which station a request is of.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Flag } from "effect/cli"
import * as Identity from "../Identity.ts"
import type { WebSocketServer } from "../node/index.ts"
import { UsageError } from "./errors.ts"
import type { NamedFile } from "./files.ts"
import { defaulted, list } from "./options.ts"

type IdentityOf = NonNullable<WebSocketServer.AttachOptions["identityOf"]>

export const identityFlags = {
  identityFrom: Flag.String("identity-from").pipe(
    Flag.withMetavar("sources"),
    defaulted(
      "what says which station a request is of: path, query:NAME, header:NAME, username or certificate; several, separated by commas, are asked in turn",
      "path"
    )
  ),
  defaultIdentity: Flag.String("default-identity").pipe(
    Flag.withMetavar("id"),
    Flag.withDescription("which station a request is of that does not say so; by default it is answered with 404"),
    Flag.optional
  )
}

/** What the flags say, or `undefined` if that is what servers do by themselves. */
export const identityOf = Effect.fnUntraced(function* (flags: {
  readonly identityFrom: string
  readonly defaultIdentity: Option.Option<string>
  readonly tlsClientCa: Option.Option<NamedFile>
}) {
  const names = list(flags.identityFrom)
  const fallback = Option.getOrUndefined(flags.defaultIdentity)
  if (flags.identityFrom === "path" && fallback === undefined) return undefined
  const flaw = fallback === undefined ? undefined : Identity.flaw(fallback, { maxLength: 255, colon: true })
  if (flaw !== undefined) return yield* new UsageError({ message: `--default-identity: ${flaw}` })
  if (names.includes("certificate") && Option.isNone(flags.tlsClientCa)) {
    return yield* new UsageError({ message: "--identity-from certificate takes --tls-client-ca" })
  }
  const sources: Array<IdentityOf> = []
  for (const name of names) {
    const source = sourceOf(name)
    if (source === undefined) {
      const known = "path, query:NAME, header:NAME, username, certificate"
      return yield* new UsageError({ message: `--identity-from: ${JSON.stringify(name)} is none of ${known}` })
    }
    sources.push(source)
  }
  const told: IdentityOf = (request) => {
    for (const source of sources) {
      const identity = source(request)
      if (identity) return identity
    }
    // A path that names something names no station in a way that this side understands.
    return names.includes("path") && /[^/]/.test(request.path) ? undefined : fallback
  }
  return told
})

const sourceOf = (name: string): IdentityOf | undefined => {
  const [, kind, of = ""] = /^(query|header):(.+)$/.exec(name) ?? [undefined, name]
  switch (kind) {
    case "path":
      return ({ path }) => Identity.fromPath(path)
    case "username":
      return ({ credentials }) => Option.getOrUndefined(credentials)?.username
    case "certificate":
      return ({ tls }) => tls?.certificate?.commonName
    case "query":
      return of === "" ? undefined : ({ query }) => query.get(of)
    case "header":
      return of === "" ? undefined : ({ headers }) => headers.get(of.toLowerCase())
    default:
      return undefined
  }
}
