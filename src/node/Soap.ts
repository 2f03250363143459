/**
 * SOAP on Node.js: the server of a CSMS, and the connections of stations. It is apart from the rest of `effect-ocpp/node`, so
 * that who speaks JSON only loads no XML.
 *
 * @since 0.1.0
 */
export * as SoapClient from "./SoapClient.ts"
export * as SoapServer from "./SoapServer.ts"
