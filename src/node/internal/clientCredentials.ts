/**
 * What a client presents: its TLS and its HTTP Basic credentials.
 */
import * as Redacted from "effect/Redacted"
import type { ClientTls } from "../../station/Connector.ts"

export const tlsOf = ({
  ca,
  cert,
  key
}: ClientTls): { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } => ({
  ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
  ...(cert === undefined ? {} : { cert: Buffer.from(cert) }),
  ...(key === undefined ? {} : { key: Buffer.from(Redacted.value(key)) })
})

export const basic = (identity: string, password: Redacted.Redacted<string | Uint8Array>): string =>
  `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(Redacted.value(password))]).toString("base64")}`
