/**
 * A WebSocket of `ws` as a transport.
 *
 * @internal
 */
import type { WebSocket } from "ws"
import type { Listener, Transport } from "../Transport.ts"
import * as Compression from "./Compression.ts"
import type { ConnectionSettings } from "./ConnectionOptions.ts"
import type { Watched } from "./KeepAlive.ts"

/** A WebSocket as a transport; it is paused until someone listens, so that no frame is lost. */
export class SocketTransport implements Transport, Watched {
  heardAt = 0
  pingedAt = 0
  slot = 0
  backlog = Infinity
  isStalled = false
  private readonly socket: WebSocket
  private readonly maxBufferedBytes: number
  private readonly clock: { readonly turn: number }
  private listener: Listener | undefined = undefined
  private isHeld = false
  private isClosing = false

  /** `onClosed` is called when the connection is gone and the listener knows it. */
  constructor(
    socket: WebSocket,
    { keepAlive, maxBufferedBytes }: ConnectionSettings,
    onClosed?: (transport: SocketTransport) => void
  ) {
    this.socket = socket
    this.maxBufferedBytes = maxBufferedBytes
    this.clock = keepAlive ?? stopped
    Compression.releaseWhenIdle(socket)
    const heard = (): void => {
      this.heardAt = this.clock.turn
    }
    socket.on("message", (data: Buffer, isBinary) => {
      this.heardAt = this.clock.turn
      if (isBinary) this.listener?.dropped("BinaryFrame")
      else this.listener?.frame(data.toString())
    })
    socket.on("ping", heard)
    socket.on("pong", heard)
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.listener?.dropped("OversizedFrame")
      else if (error.code?.startsWith("WS_ERR_") === true) this.listener?.dropped("InvalidFrame")
    })
    socket.on("close", (code, reason) => {
      keepAlive?.remove(this)
      this.listener?.closed(code, reason.toString())
      onClosed?.(this)
    })
  }

  get subprotocol(): string {
    return this.socket.protocol
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount
  }

  get isReading(): boolean {
    return !this.socket.isPaused
  }

  send(frame: string): boolean {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return false
    // `ws` writes bytes with fewer copies and system calls than text.
    const bytes = Buffer.from(frame)
    if (socket.bufferedAmount + bytes.length <= this.maxBufferedBytes) {
      socket.send(bytes, asText)
    } else {
      this.isStalled = true
      this.regulate()
      socket.send(bytes, asText, () => this.written())
    }
    return true
  }

  close(code: number, reason: string): void {
    this.isClosing = true
    this.socket.close(isSendable(code) ? code : 1000, cut(reason))
    this.regulate()
  }

  listen(listener: Listener): void {
    this.listener = listener
    this.regulate()
  }

  pause(): void {
    this.isHeld = true
    this.regulate()
  }

  resume(): void {
    this.isHeld = false
    this.regulate()
  }

  ping(): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping()
  }

  terminate(): void {
    this.socket.terminate()
  }

  /** Calls back once the connection is gone and the listener knows it, at once if it is. */
  onceClosed(gone: () => void): void {
    if (this.socket.readyState === this.socket.CLOSED) gone()
    else this.socket.once("close", gone)
  }

  // Every frame sent above the mark comes here, so the last of them finds no more waiting than the mark allows.
  private written(): void {
    if (this.socket.bufferedAmount > this.maxBufferedBytes) return
    this.isStalled = false
    this.backlog = Infinity
    this.regulate()
  }

  /** Reads or not, as whoever may want a pause has it; a closing one must read to see the peer's answer to the close. */
  private regulate(): void {
    const isPaused = !this.isClosing && (this.listener === undefined || this.isHeld || this.isStalled)
    if (isPaused === this.socket.isPaused) return
    if (isPaused) return this.socket.pause()
    this.heardAt = this.clock.turn
    this.socket.resume()
  }
}

const asText = { binary: false }

/** The clock of connections that are not looked after. */
const stopped = { turn: 0 }

/** Cuts a close reason to the 123 bytes that it may have (RFC 6455 §5.5), never within a character. */
const cut = (reason: string): string => new TextDecoder().decode(Buffer.from(reason).subarray(0, 123), { stream: true })

/** Whether an endpoint may send a close code (RFC 6455 §7.4). */
const isSendable = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
