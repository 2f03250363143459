/**
 * The endpoint at which the CSMS calls stations over SOAP.
 */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Http from "node:http"
import { timingSafeEqual } from "node:crypto"
import * as Envelope from "../../soap/Envelope.ts"
import * as Fault from "../../soap/Fault.ts"
import { refusal, type SoapCarrier } from "../../soap/SoapCarrier.ts"
import type { SoapCodec } from "../../soap/SoapCodec.ts"
import * as AddressBlocks from "./AddressBlocks.ts"
import type { HttpAnswer } from "./SoapEndpoint.ts"
import { readBasic } from "./UpgradeRequest.ts"

interface SoapCalleeOptions {
  readonly codecs: ReadonlyArray<SoapCodec>
  readonly nextId: () => string
  /** From where calls may come; from anywhere by default. */
  readonly from: ReadonlyArray<string> | undefined
  readonly password: Redacted.Redacted<string> | undefined
}

export class SoapCallee {
  private readonly of: SoapCalleeOptions
  private readonly mayCall: (address: string) => boolean
  private readonly byIdentity = new Map<string, SoapCarrier>()

  constructor(options: SoapCalleeOptions) {
    this.of = options
    const { from } = options
    const blocks = from === undefined ? undefined : AddressBlocks.make("listen.from", from)
    this.mayCall = (address) => blocks === undefined || blocks.has(AddressBlocks.plain(address))
  }

  /** A station is connected; what it returns ends that. */
  add(identity: string, carrier: SoapCarrier): () => void {
    this.byIdentity.set(identity, carrier)
    return () => {
      if (this.byIdentity.get(identity) === carrier) this.byIdentity.delete(identity)
    }
  }

  /** Takes an envelope that was posted. */
  take(request: Http.IncomingMessage, text: string, answer: (answer: HttpAnswer) => void): void {
    const envelope = Envelope.parse(text)
    const { header } = envelope
    const { identity } = header
    if (!this.isCsms(request, identity ?? "")) {
      const fault = this.fault(header, "SecurityError", "the credentials are missing or wrong")
      return answer({ ...fault, status: 401, headers: { "www-authenticate": 'Basic realm="ocpp"' } })
    }
    if (envelope._tag === "NoEnvelope") return answer(this.fault(header, envelope.fault, envelope.flaw))
    if (identity === undefined) {
      return answer(this.fault(header, "ProtocolError", "the header chargeBoxIdentity is missing"))
    }
    const carrier = this.byIdentity.get(identity)
    if (carrier === undefined)
      return answer(this.fault(header, "IdentityMismatch", "no station of this identity is connected"))
    carrier.receive(envelope, answer)
  }

  private isCsms({ headers, socket }: Http.IncomingMessage, identity: string): boolean {
    const { password } = this.of
    if (!this.mayCall(socket.remoteAddress ?? "")) return false
    if (password === undefined) return true
    const given = readBasic(headers.authorization, identity)
    if (Option.isNone(given)) return false
    const wanted = Buffer.from(Redacted.value(password))
    const bytes = Redacted.value(given.value.password)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }

  private fault(header: Envelope.Header, code: string, reason: string): HttpAnswer {
    return refusal(this.of.codecs[0]!, header, Fault.fromCode(code, reason), this.of.nextId())
  }
}
