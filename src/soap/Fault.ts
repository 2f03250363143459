/**
 * The faults of OCPP-S, and the error codes of the library that they stand for.
 *
 * @see S16 §4, S16e §3
 * @since 0.1.0
 */

/**
 * A refusal as SOAP says it.
 *
 * **Details**
 *
 * - `code`: who is at fault, in the words of SOAP 1.2; `VersionMismatch` answers an envelope of another version.
 * - `subcode`: one of those of OCPP, or whatever the peer has sent; empty where there is none.
 * - `reason`: what is wrong, for people.
 * - `details`: what else the refusal says, as in a CALLERROR of OCPP-J.
 *
 * @category models
 * @since 0.1.0
 */
export interface Fault {
  readonly code: "Sender" | "Receiver" | "VersionMismatch" | "MustUnderstand" | "DataEncodingUnknown"
  readonly subcode: string
  readonly reason: string
  readonly details: Record<string, unknown>
}

/**
 * The fault for an error code of the library.
 *
 * **Details**
 *
 * SOAP has one sub-code, `ProtocolError`, for all ways in which a message breaks the protocol, and knows no action that is
 * not implemented, but only one that is not supported. What is none of them is an `InternalError`.
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromCode = (code: string, reason = "", details: Record<string, unknown> = {}): Fault => {
  const [side, subcode] = byCode.get(code) ?? internalError
  return { code: side, subcode, reason: reason === "" ? subcode : reason, details }
}

/**
 * The error code that a fault stands for: its sub-code, whichever that is, or else what its code says of it.
 *
 * @category conversions
 * @since 0.1.0
 */
export const toCode = ({ code, subcode }: Pick<Fault, "code" | "subcode">): string => {
  if (subcode === "IdentityMismatch") return "SecurityError"
  if (subcode !== "") return subcode
  return code === "Sender" || code === "VersionMismatch" ? "ProtocolError" : "InternalError"
}

type Codes = readonly [code: Fault["code"], subcode: string]

const internalError: Codes = ["Receiver", "InternalError"]
const protocolError: Codes = ["Sender", "ProtocolError"]
const notSupported: Codes = ["Receiver", "NotSupported"]

const byCode: ReadonlyMap<string, Codes> = new Map<string, Codes>([
  ["SecurityError", ["Sender", "SecurityError"]],
  ["IdentityMismatch", ["Sender", "IdentityMismatch"]],
  ["VersionMismatch", ["VersionMismatch", ""]],
  ["NotImplemented", notSupported],
  ["NotSupported", notSupported],
  ["ProtocolError", protocolError],
  ["FormatViolation", protocolError],
  ["PropertyConstraintViolation", protocolError],
  ["OccurrenceConstraintViolation", protocolError],
  ["TypeConstraintViolation", protocolError],
  ["MessageTypeNotSupported", protocolError],
  ["RpcFrameworkError", protocolError]
])
