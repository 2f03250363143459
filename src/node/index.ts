/**
 * What runs on Node.js: WebSocket connections of stations, the WebSocket server of a CSMS, and a storage in a file.
 *
 * @since 0.1.0
 */
export * as SqliteStorage from "./SqliteStorage.ts"
export * as WebSocketClient from "./WebSocketClient.ts"
export * as WebSocketServer from "./WebSocketServer.ts"
