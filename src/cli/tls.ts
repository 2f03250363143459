/**
 * TLS of `ocpp csms` and `ocpp gateway`, from files in PEM.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { createPrivateKey, X509Certificate } from "node:crypto"
import type { WebSocketServer } from "../node/index.ts"
import { UsageError } from "./errors.ts"
import { file, type NamedFile, read } from "./files.ts"

export const tlsFlags = {
  tlsCert: file("tls-cert", "the certificate of the server, in PEM; stations then connect to wss:"),
  tlsKey: file("tls-key", "the key of that certificate, in PEM"),
  tlsClientCa: file("tls-client-ca", "stations must present a certificate that one of these, in PEM, has signed")
}

/** What the flags say of TLS, or `undefined` if there is none. */
export const tlsOf = Effect.fnUntraced(function* ({
  tlsCert,
  tlsClientCa,
  tlsKey
}: {
  readonly tlsCert: Option.Option<NamedFile>
  readonly tlsKey: Option.Option<NamedFile>
  readonly tlsClientCa: Option.Option<NamedFile>
}) {
  const [given] = [tlsCert, tlsKey, tlsClientCa].flatMap((named) => Option.toArray(named))
  if (given === undefined) return undefined
  if (Option.isNone(tlsCert) || Option.isNone(tlsKey)) {
    return yield* new UsageError({ message: `${given.flag}: TLS takes both --tls-cert and --tls-key` })
  }
  const cert = yield* certificates(tlsCert.value)
  const key = yield* read(tlsKey.value)
  const ca = Option.isNone(tlsClientCa) ? undefined : yield* certificates(tlsClientCa.value)
  const privateKey = yield* parsed(tlsKey.value, "a private key in PEM without a passphrase", () =>
    createPrivateKey(key)
  )
  if (!new X509Certificate(cert).checkPrivateKey(privateKey)) return yield* wrong(tlsKey.value, "the key of --tls-cert")
  const tls: WebSocketServer.ServerOptions["tls"] = { cert, key: Redacted.make(key), ca }
  return tls
})

/** Reads certificates, of which the first at least must be one. */
export const certificates = Effect.fnUntraced(function* (named: NamedFile) {
  const text = yield* read(named)
  yield* parsed(named, "a certificate in PEM", () => new X509Certificate(text))
  return text
})

const parsed = <A>(named: NamedFile, what: string, parse: () => A): Effect.Effect<A, UsageError> =>
  Effect.try({ try: parse, catch: () => wrong(named, what) })

const wrong = ({ flag, path }: NamedFile, what: string): UsageError =>
  new UsageError({ message: `${flag}: ${JSON.stringify(path)} is not ${what}` })
