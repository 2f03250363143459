/**
 * The HTTP module of Node.js.
 */

// Not imported: to offer all that it exports, an import evaluates its `WebSocket` too, and with that loads all of `fetch`.
export const http = process.getBuiltinModule("node:http")
