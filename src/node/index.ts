/**
 * What runs on Node.js: WebSocket connections of stations and the WebSocket server of a CSMS.
 *
 * @since 0.1.0
 */
export * as WebSocketClient from "./WebSocketClient.ts"
export * from "./WebSocketServer.ts"
