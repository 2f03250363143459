/**
 * Registration at the CSMS's end of a connection: what a station may send and get, and how that is learnt from what the
 * handlers answer.
 */
import * as Effect from "effect/Effect"
import type { Action, Failure, Request, Response, Side } from "../../Action.ts"
import type { Caller, CallOptions } from "../../Client.ts"
import type { Permission } from "../../engine/Peer.ts"
import * as Handlers from "../../Handlers.ts"
import type { Protocol } from "../../Protocol.ts"
import { Registration, type RegistrationStatus } from "../../Registration.ts"
import { responseOf } from "../../Reply.ts"
import * as Validation from "../../Validation.ts"
import type { StationRecord } from "../Registrations.ts"

/** Makes the calls to a station, and notes what they ask for. The engine asks it what may pass. */
export class Gate extends Registration implements Caller {
  readonly record: StationRecord
  private readonly peer: Caller
  private readonly protocol: Protocol
  /** Whether neither a record, nor the application, nor a boot on this connection tells how the station stands. */
  private isUnknown: boolean
  /** Whether a request was handled for want of a record. */
  private hasRelied = false
  /** Whether anything tells how the station stands: a record, the application, its boot, or a request under an assumption. */
  hasProved: boolean

  /** `said` is how the application says that the station stands. */
  constructor(
    peer: Caller,
    protocol: Protocol,
    record: StationRecord,
    said: RegistrationStatus | undefined,
    assumes: boolean
  ) {
    const known = said ?? record.status
    super(protocol.lifecycle, known ?? (assumes ? "Accepted" : "Unregistered"))
    this.peer = peer
    this.protocol = protocol
    this.record = record
    this.isUnknown = known === undefined
    this.hasProved = known !== undefined && known !== "Unregistered"
  }

  /** How the station stands, and whether that is only assumed. */
  get standing(): RegistrationStatus | "assumed" {
    return this.isUnknown && this.status === "Accepted" ? "assumed" : this.status
  }

  override become(status: RegistrationStatus): void {
    this.isUnknown = false
    super.become(status)
  }

  /** Whether a request of the station may be handled. */
  mayHandle(action: string, request: () => unknown): Permission {
    if (this.boots(action)) this.isBooting()
    if (!this.hasProved && this.lets("station", action)) this.hasProved = request() !== undefined
    if (this.lets("station", action) || this.endsOwn(action, request)) return "Granted"
    return this.isUnknown ? "NotKnown" : "NotAccepted"
  }

  /** Whether this request is the first valid one that is handled for want of a record. */
  relies(action: string, request: () => unknown): boolean {
    if (this.hasRelied || this.boots(action) || this.standing !== "assumed") return false
    return (this.hasRelied = request() !== undefined)
  }

  call<A extends Action>(
    action: A,
    request: Request<A>,
    options?: CallOptions
  ): Effect.Effect<Response<A>, Failure<A>> {
    return Effect.suspend(() => {
      // What breaks its schema is not sent, and so asks for nothing.
      if (this.status === "Pending" && Validation.is(action.request)(request)) this.note(action.name, request)
      return this.peer.call(action, request, options)
    })
  }

  private boots(action: string): boolean {
    return action === this.protocol.lifecycle.boot.action.name
  }

  /** A BootNotification has come in: the station counts as unregistered until it is answered, not as assumed. */
  private isBooting(): void {
    if (!this.isUnknown) return
    this.become("Unregistered")
    this.record.status = "Unregistered"
  }

  /** Whether a request ends a transaction that this station has opened. It is handled whatever the status, for billing. */
  private endsOwn(action: string, request: () => unknown): boolean {
    const { phaseOf, phases, transactionId } = this.protocol.transactions
    // Other requests need not be read.
    if (action !== phases.Ended.name) return false
    const value = request()
    if (value === undefined || phaseOf(action, value) !== "Ended") return false
    const id = transactionId("Ended", value)
    return id !== undefined && this.record.owns(id)
  }
}

/** Tells how the handler of BootNotification has answered, just before the answer goes out. */
export const tellBoots = <Version extends string, R, S extends Side>(
  handlers: Handlers.HandlerSet<Version, R, S>,
  tell: (peer: unknown, status: RegistrationStatus) => Effect.Effect<void>
): Handlers.HandlerSet<Version, R, S> => {
  const { boot } = handlers.protocol.lifecycle
  return Handlers.map(handlers, (handle, action) =>
    action !== boot.action
      ? handle
      : (request, peer, exchange) =>
          Effect.tap(handle(request, peer, exchange), (answer) => tell(peer, boot.answer(responseOf(answer)).status))
  )
}

/** Is told of the transactions of a station by the messages that were handled, just before these are answered. */
export interface TransactionObserver {
  readonly opened: (peer: unknown, transactionId: number | string) => Effect.Effect<void>
  readonly ended: (peer: unknown, transactionId: number | string) => Effect.Effect<void>
}

/** Tells an observer which transactions the handled messages open and end. */
export const tellTransactions = <Version extends string, R, S extends Side>(
  handlers: Handlers.HandlerSet<Version, R, S>,
  { ended, opened }: TransactionObserver
): Handlers.HandlerSet<Version, R, S> => {
  const { phaseOf, phases, transactionId } = handlers.protocol.transactions
  return Handlers.map(handlers, (handle, action) =>
    // A MeterValues of 1.x names a number, but does not prove that the station got it.
    action !== phases.Started && action !== phases.Ended
      ? handle
      : (request, peer, exchange) =>
          Effect.tap(handle(request, peer, exchange), (answer) => {
            const phase = phaseOf(action.name, request)
            const id = phase === undefined ? undefined : transactionId(phase, request, responseOf(answer))
            if (id === undefined) return Effect.void
            return phase === "Ended" ? ended(peer, id) : opened(peer, id)
          })
  )
}
