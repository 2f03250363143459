/**
 * What runs on Node.js: WebSocket and SOAP connections of stations, servers for a CSMS, and a storage in a file.
 *
 * @since 0.1.0
 */
export * as SoapClient from "./SoapClient.ts"
export * as SoapServer from "./SoapServer.ts"
export * as SqliteStorage from "./SqliteStorage.ts"
export * as WebSocketClient from "./WebSocketClient.ts"
export * as WebSocketServer from "./WebSocketServer.ts"
