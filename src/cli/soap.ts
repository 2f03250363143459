/**
 * The flags of the commands that serve stations over SOAP, and the server that they ask for.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Flag } from "effect/cli"
import { SoapServer } from "../node/Soap.ts"
import * as AddressBlocks from "../node/internal/AddressBlocks.ts"
import { UsageError } from "./errors.ts"
import { defaulted, list, port } from "./options.ts"
import * as versions from "./versions.ts"

export const soapFlags = {
  soapPort: port("soap-port").pipe(
    Flag.withDescription("the port that stations of 1.5 and 1.6 post to over SOAP; by default there is none"),
    Flag.optional
  ),
  soapAllow: Flag.String("soap-allow").pipe(
    Flag.withMetavar("blocks"),
    defaulted(
      "addresses and blocks, separated by commas, at which stations may be called though they are loopback or private",
      "127.0.0.0/8,::1"
    )
  )
}

/** The SOAP server that the flags ask for; an empty layer where they ask for none. */
export const soapOf = Effect.fnUntraced(function* (
  flags: { readonly soapPort: Option.Option<number>; readonly soapAllow: string; readonly host: string },
  { spoken, tls }: { readonly spoken: ReadonlyArray<string>; readonly tls: SoapServer.SoapServerOptions["tls"] }
) {
  const { host, soapPort } = flags
  const allow = list(flags.soapAllow)
  yield* Effect.try({
    try: () => AddressBlocks.make("--soap-allow", allow),
    catch: (error) => new UsageError({ message: (error as RangeError).message })
  })
  if (Option.isNone(soapPort)) return Layer.empty
  const carriages = versions.overSoap.filter(({ protocol }) => spoken.includes(protocol.version))
  if (carriages.length === 0) {
    return yield* new UsageError({
      message: "--soap-port: none of --versions is spoken over SOAP, but 1.5 and 1.6 are"
    })
  }
  return SoapServer.layer({ versions: carriages, port: soapPort.value, host, tls, callbacks: { allow } })
})

/** The URL of the SOAP server; `undefined` where none is provided. */
export const soapUrl = Effect.map(Effect.serviceOption(SoapServer.Service), (server) =>
  Option.getOrUndefined(Option.map(server, ({ url }) => url))
)
