/**
 * A WebSocket of `ws` as a transport.
 */
import type { WebSocket } from "ws"
import type { Listener, Transport } from "../../Transport.ts"
import * as Compression from "./Compression.ts"
import type { SocketSettings } from "../SocketOptions.ts"
import type { Watched } from "./KeepAlive.ts"

/** A WebSocket as a transport; it is paused until someone listens, so that no frame is lost. */
export class SocketTransport implements Transport, Watched {
  heardAt = 0
  pingedAt = 0
  slot = 0
  backlog = Infinity
  isStalled = false
  private readonly socket: WebSocket
  private readonly settings: SocketSettings
  private readonly onClosed: ((transport: SocketTransport) => void) | undefined
  private listener: Listener | undefined = undefined
  private isHeld = false
  private isClosing = false
  private isPonging = false
  /** What the latest ping said that is to be answered once the pong before has left. */
  private unanswered: Buffer | undefined = undefined

  /** `onClosed` is called when the connection is gone and the listener knows it. */
  constructor(socket: WebSocket, settings: SocketSettings, onClosed?: (transport: SocketTransport) => void) {
    this.socket = socket
    this.settings = settings
    this.onClosed = onClosed
    Compression.releaseWhenIdle(socket)
    // `ws` gives its listeners the socket as `this`, so that all connections share them.
    ;(socket as Owned)[owner] = this
    socket.on("message", onMessage)
    socket.on("ping", onPing)
    socket.on("pong", onSignOfLife)
    socket.on("error", onError)
    socket.on("close", onClose)
  }

  received(data: Buffer, isBinary: boolean): void {
    this.heard()
    if (!isBinary) this.listener?.frame(data.toString())
    else if (this.listener?.binary === undefined) this.listener?.dropped("BinaryFrame")
    else this.listener.binary(data)
  }

  heard(): void {
    this.heardAt = this.settings.keepAlive?.turn ?? 0
  }

  /** A ping came. Of those that come while a pong waits to be written, only the latest is answered (RFC 6455 §5.5.3). */
  pinged(data: Buffer): void {
    this.heard()
    if (this.isPonging) this.unanswered = data
    else this.pong(data)
  }

  private pong(data: Buffer): void {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return
    this.isPonging = true
    socket.pong(data, undefined, () => {
      this.isPonging = false
      const next = this.unanswered
      this.unanswered = undefined
      if (next !== undefined) this.pong(next)
    })
  }

  failed({ code }: NodeJS.ErrnoException): void {
    if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") this.listener?.dropped("OversizedFrame")
    else if (code?.startsWith("WS_ERR_") === true) this.listener?.dropped("InvalidFrame")
  }

  gone(code: number, reason: string): void {
    this.settings.keepAlive?.remove(this)
    this.listener?.closed(code, reason)
    this.onClosed?.(this)
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
    if (socket.bufferedAmount + bytes.length <= this.settings.maxBufferedBytes) {
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
    if (this.socket.bufferedAmount > this.settings.maxBufferedBytes) return
    this.isStalled = false
    this.backlog = Infinity
    this.regulate()
  }

  /** Reads or not, as whoever may want a pause has it; a closing one must read to see the peer's answer to the close. */
  private regulate(): void {
    const isPaused = !this.isClosing && (this.listener === undefined || this.isHeld || this.isStalled)
    if (isPaused === this.socket.isPaused) return
    if (isPaused) return this.socket.pause()
    this.heard()
    this.socket.resume()
  }
}

const owner: unique symbol = Symbol("effect-ocpp/node/SocketTransport")

/** A WebSocket that knows its transport. */
interface Owned extends WebSocket {
  [owner]?: SocketTransport
}

function onMessage(this: Owned, data: Buffer, isBinary: boolean): void {
  this[owner]?.received(data, isBinary)
}

function onPing(this: Owned, data: Buffer): void {
  this[owner]?.pinged(data)
}

function onSignOfLife(this: Owned): void {
  this[owner]?.heard()
}

function onError(this: Owned, error: Error): void {
  this[owner]?.failed(error)
}

function onClose(this: Owned, code: number, reason: Buffer): void {
  this[owner]?.gone(code, reason.toString())
}

const asText = { binary: false }

/** Cuts a close reason to the 123 bytes that it may have (RFC 6455 §5.5), never within a character. */
const cut = (reason: string): string => new TextDecoder().decode(Buffer.from(reason).subarray(0, 123), { stream: true })

/** Whether an endpoint may send a close code (RFC 6455 §7.4). */
const isSendable = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
