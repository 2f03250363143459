/**
 * A WebSocket of `ws` as a transport.
 *
 * @internal
 */
import type { WebSocket } from "ws"
import type { Listener, Transport } from "../Transport.ts"

/** A WebSocket as a transport; it is paused until someone listens, so that no frame is lost. */
export class SocketTransport implements Transport {
  private readonly socket: WebSocket
  private listener: Listener | undefined = undefined
  private isAlive = true

  constructor(socket: WebSocket, onClosed?: (transport: SocketTransport) => void) {
    this.socket = socket
    const alive = (): void => {
      this.isAlive = true
    }
    socket.on("message", (data: Buffer, isBinary) => {
      this.isAlive = true
      if (isBinary) this.listener?.dropped("BinaryFrame")
      else this.listener?.frame(data.toString())
    })
    socket.on("ping", alive)
    socket.on("pong", alive)
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.listener?.dropped("OversizedFrame")
      else if (error.code?.startsWith("WS_ERR_") === true) this.listener?.dropped("InvalidFrame")
    })
    socket.on("close", (code, reason) => {
      this.listener?.closed(code, reason.toString())
      onClosed?.(this)
    })
  }

  send(frame: string): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false
    // `ws` writes bytes with fewer copies and system calls than text.
    this.socket.send(Buffer.from(frame), asText)
    return true
  }

  close(code: number, reason: string): void {
    this.socket.close(isSendable(code) ? code : 1000, cut(reason))
  }

  listen(listener: Listener): void {
    this.listener = listener
    if (this.socket.isPaused) this.socket.resume()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Cuts the connection if nothing has come since the last call, else pings. */
  keepAlive(): void {
    if (!this.isAlive) return this.socket.terminate()
    this.isAlive = false
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping()
  }

  terminate(): void {
    this.socket.terminate()
  }
}

const asText = { binary: false }

/** Cuts a close reason to the 123 bytes that it may have (RFC 6455 §5.5), never within a character. */
const cut = (reason: string): string => new TextDecoder().decode(Buffer.from(reason).subarray(0, 123), { stream: true })

/** Whether an endpoint may send a close code (RFC 6455 §7.4). */
const isSendable = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
