/**
 * OCPP-S: messages as XML in SOAP envelopes.
 *
 * @since 0.1.0
 */
export * as Envelope from "./Envelope.ts"
export * as Fault from "./Fault.ts"
export * as ServiceDescription from "./ServiceDescription.ts"
export * as SoapCarrier from "./SoapCarrier.ts"
export * as SoapCodec from "./SoapCodec.ts"
