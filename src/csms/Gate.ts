/**
 * Registration at the CSMS's end of a connection: what is sent to a station, and how the station comes to be accepted.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { Action, Failure, Request, Response } from "../Action.ts"
import type { Caller, CallOptions, HandlerSet, UntypedHandler } from "../Protocol.ts"
import { Registration, type RegistrationRules, type RegistrationStatus } from "../Registration.ts"
import { Reply } from "../Reply.ts"
import * as Validation from "../Validation.ts"
import * as Check from "../rpc/Check.ts"

/** Makes the calls to a station, and notes what they ask for. The engine asks it what may pass. */
export class Gate extends Registration implements Caller {
  private readonly peer: Caller

  constructor(peer: Caller, rules: RegistrationRules, status: RegistrationStatus) {
    super(rules, status)
    this.peer = peer
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
}

const boot = "BootNotification"

/** Tells how the handler of BootNotification has answered, just before the answer goes out. */
export const tellBoots = <Version extends string, R>(
  { handlers, protocol }: HandlerSet<Version, R>,
  tell: (peer: unknown, status: RegistrationStatus) => void
): HandlerSet<Version, R> => {
  const handle = handlers.get(boot)
  const response = protocol.actions.find(({ name }) => name === boot)?.response
  if (handle === undefined || response === undefined) return { protocol, handlers }
  const check = Check.lazy(response)
  const told: UntypedHandler<R> = (request, peer) =>
    Effect.map(handle(request, peer), (answer) => {
      const given: unknown = answer instanceof Reply ? answer.response : answer
      // An invalid answer does not go out: the station gets an error in its place.
      if (check.accepts(given)) tell(peer, protocol.bootAnswer(given).status)
      return answer
    })
  return { protocol, handlers: new Map([...handlers, [boot, told]]) }
}
