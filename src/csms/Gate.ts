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
import { Reply } from "../Reply.ts"
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
  /** Whether nothing is known of the station, on which it has not booted since. */
  private isUnknown: boolean
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

  /** Whether this request is the first that is handled only because nothing is known. */
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

  /** Who boots is not accepted before it is answered, whatever was assumed. */
  private isBooting(): void {
    if (!this.isUnknown) return
    this.become("Unregistered")
    this.record.status = "Unregistered"
  }

  /** What a station has charged is to be paid, however the station stands. */
  private endsOwn(action: string, request: () => unknown): boolean {
    const { phases, ends } = this.protocol.transactions
    if (action !== phases.Ended.name) return false
    const value = request()
    const transactionId = value === undefined ? undefined : ends(action, value)
    return transactionId !== undefined && this.record.owns(transactionId)
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

/** Tells which transactions the handled messages open and end, just before their answers go out. */
export const tellTransactions = <Version extends string, R>(
  { handlers, protocol }: HandlerSet<Version, R>,
  tell: {
    readonly opened: (peer: unknown, transactionId: number | string) => Effect.Effect<void>
    readonly ended: (peer: unknown, transactionId: number | string) => void
  }
): HandlerSet<Version, R> => {
  const { ends, opens, phases } = protocol.transactions
  const told = new Map(handlers)
  for (const { name } of new Set([phases.Started, phases.Ended])) {
    const handle = handlers.get(name)
    if (handle === undefined) continue
    told.set(name, (request, peer) =>
      Effect.flatMap(handle(request, peer), (answer) => {
        const ended = ends(name, request)
        if (ended !== undefined) tell.ended(peer, ended)
        const opened = opens(name, request, responseOf(answer))
        return opened === undefined ? Effect.succeed(answer) : Effect.as(tell.opened(peer, opened), answer)
      })
    )
  }
  return { protocol, handlers: told }
}

const responseOf = (answer: unknown): unknown => (answer instanceof Reply ? answer.response : answer)
