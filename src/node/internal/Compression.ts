/**
 * Compression of frames (RFC 7692), in a way that costs an idle connection nothing.
 *
 * @see P4 §3.3, P4-21 §3.4
 */
import type { PerMessageDeflateOptions, WebSocket } from "ws"

/** How `ws` compresses: each frame for itself, so that nothing has to be kept between two. */
export const settings: PerMessageDeflateOptions = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  threshold: 1024
}

/**
 * The first offer in a `Sec-WebSocket-Extensions` header that can be accepted. `ws` fails the handshake over any other,
 * where it may only be declined.
 */
export const acceptable = (header: string | undefined): string | undefined =>
  header
    ?.split(",")
    .map((offer) => offer.trim())
    .find(isAcceptable)

const isAcceptable = (offer: string): boolean => {
  const [name, ...parameters] = offer.split(";").map((part) => part.trim())
  const names = new Set(parameters.map((parameter) => parameter.split("=", 1)[0]))
  return (
    name === "permessage-deflate" &&
    names.size === parameters.length &&
    parameters.every((parameter) => acceptableParameter.test(parameter))
  )
}

// zlib has no window of 8 bits to compress with.
const acceptableParameter =
  /^(?:(?:server|client)_no_context_takeover|client_max_window_bits(?:="?(?:[89]|1[0-5])"?)?|server_max_window_bits="?(?:9|1[0-5])"?)$/

/**
 * Lets go of what zlib holds for a connection, some 300 KiB, as soon as it is not in use; `ws` itself keeps it to the
 * end.
 */
export const releaseWhenIdle = (socket: WebSocket): void => {
  // `ws` has no public way to the state of a connection's extension.
  const { _extensions } = socket as unknown as { readonly _extensions: { readonly "permessage-deflate"?: Deflate } }
  const deflate = _extensions["permessage-deflate"]
  const { client_no_context_takeover, server_no_context_takeover } = deflate?.params ?? {}
  if (deflate === undefined || client_no_context_takeover !== true || server_no_context_takeover !== true) return
  // A frame that is being compressed counts among what is buffered. None is being decompressed when one has just
  // arrived; a pong may come between the parts of one.
  socket.on("message", () => {
    if (socket.bufferedAmount === 0) deflate.cleanup()
  })
  socket.on("pong", () => {
    if (socket.bufferedAmount === 0 && deflate._inflate === null) deflate.cleanup()
  })
}

interface Deflate {
  readonly params: { readonly [parameter: string]: unknown } | null
  readonly _inflate: unknown
  readonly cleanup: () => void
}
