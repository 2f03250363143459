/**
 * Registration at the CSMS's end of a connection: what a station may send and get, and how that is learnt from what the
 * handlers answer.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { Action, Failure, Request, Response } from "../Action.ts"
import type { Caller, CallOptions, HandlerSet, Protocol, UntypedHandler } from "../Protocol.ts"
import { Registration, type RegistrationStatus } from "../Registration.ts"
import { responseOf } from "../Reply.ts"
import * as Check from "../rpc/Check.ts"
import type { Admission } from "../rpc/Peer.ts"
import * as Validation from "../Validation.ts"
import type { StationRecord } from "./Registrations.ts"

const boot = "BootNotification"

/** Makes the calls to a station, and notes what they ask for. The engine asks it what may pass. */
export class Gate extends Registration implements Caller {
  readonly record: StationRecord
  private readonly peer: Caller
  private readonly protocol: Protocol
  /** Whether neither a record, nor the application, nor a boot on this connection tells how the station stands. */
  private isUnknown: boolean
  /** Whether a request was handled for want of a record. */
  private hasRelied = false

  /** `said` is how the application says that the station stands. */
  constructor(
    peer: Caller,
    protocol: Protocol,
    record: StationRecord,
    said: RegistrationStatus | undefined,
    assumes: boolean
  ) {
    const known = said ?? record.status
    super(protocol.registration, known ?? (assumes ? "Accepted" : "Unregistered"))
    this.peer = peer
    this.protocol = protocol
    this.record = record
    this.isUnknown = known === undefined
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
  admits(action: string, request: () => unknown): Admission {
    if (action === boot) this.isBooting()
    if (this.lets("station", action) || this.endsOwn(action, request)) return "Pass"
    return this.isUnknown ? "NotKnown" : "NotAccepted"
  }

  /** Whether this request is the first that is handled for want of a record. */
  relies(action: string): boolean {
    if (this.hasRelied || action === boot || this.standing !== "assumed") return false
    return (this.hasRelied = true)
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
export const tellBoots = <Version extends string, R>(
  { handlers, protocol }: HandlerSet<Version, R>,
  tell: (peer: unknown, status: RegistrationStatus) => Effect.Effect<void>
): HandlerSet<Version, R> => {
  const handle = handlers.get(boot)
  const response = protocol.actions.find(({ name }) => name === boot)?.response
  if (handle === undefined || response === undefined) return { protocol, handlers }
  const check = Check.lazy(response)
  const told: UntypedHandler<R> = (request, peer) =>
    Effect.flatMap(handle(request, peer), (answer) => {
      const given = responseOf(answer)
      // An invalid answer does not go out: the station gets an error in its place.
      if (!check.accepts(given)) return Effect.succeed(answer)
      return Effect.as(tell(peer, protocol.bootAnswer(given).status), answer)
    })
  return { protocol, handlers: new Map([...handlers, [boot, told]]) }
}

/** Is told of the transactions of a station by the messages that were handled, just before these are answered. */
export interface TransactionObserver {
  readonly opened: (peer: unknown, transactionId: number | string) => Effect.Effect<void>
  readonly ended: (peer: unknown, transactionId: number | string) => Effect.Effect<void>
}

/** Tells an observer which transactions the handled messages open and end. */
export const tellTransactions = <Version extends string, R>(
  { handlers, protocol }: HandlerSet<Version, R>,
  { ended, opened }: TransactionObserver
): HandlerSet<Version, R> => {
  const { phaseOf, phases, transactionId } = protocol.transactions
  const told = new Map(handlers)
  // A MeterValues of 1.x names a number, but does not prove that the station got it.
  for (const { name } of new Set([phases.Started, phases.Ended])) {
    const handle = handlers.get(name)
    if (handle === undefined) continue
    told.set(name, (request, peer) =>
      Effect.flatMap(handle(request, peer), (answer) => {
        const phase = phaseOf(name, request)
        const id = phase === undefined ? undefined : transactionId(phase, request, responseOf(answer))
        if (id === undefined) return Effect.succeed(answer)
        return Effect.as(phase === "Ended" ? ended(peer, id) : opened(peer, id), answer)
      })
    )
  }
  return { protocol, handlers: told }
}
