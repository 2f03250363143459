/**
 * The life cycle of a station, as the versions of a generation have it in common.
 */
import type { Action, OfSide } from "../Action.ts"
import type { BootAnswer, Lifecycle } from "../Registration.ts"

/** The actions that a life cycle is made of. */
export interface LifecycleActions {
  readonly boot: OfSide<"station">
  readonly heartbeat: OfSide<"station">
  /** Those by which a CSMS starts and stops a transaction. */
  readonly remote: ReadonlyArray<Action>
  /** Those by which a CSMS asks for a message by its name. */
  readonly triggers: ReadonlyArray<Action>
  /** Those by which a CSMS asks for a report, and what the station sends then. */
  readonly reports?: { readonly asks: ReadonlyArray<Action>; readonly message: Action }
  /** What a station sends if a trigger asks for a certificate. */
  readonly signCertificate?: Action
  /** Reads the response to `boot`. It has passed its schema. */
  readonly bootAnswer?: (response: unknown) => BootAnswer
}

const lifecycle = (actions: LifecycleActions, rejected: Lifecycle["rejected"]): Lifecycle => {
  const { boot, bootAnswer, heartbeat, remote, reports, signCertificate, triggers } = actions
  const byTrigger = (request: unknown): string => {
    // A request has passed its schema, so a trigger names a message.
    const { requestedMessage } = request as { readonly requestedMessage: string }
    // A trigger tells which certificate is meant, and so differs from the message.
    return signCertificate !== undefined && /^Sign\w+Certificate$/.test(requestedMessage)
      ? signCertificate.name
      : requestedMessage
  }
  const asks = new Map(triggers.map((action) => [action.name, byTrigger]))
  for (const action of reports?.asks ?? []) asks.set(action.name, () => reports!.message.name)
  return {
    // A response that has passed its schema has these fields, if the version does not say otherwise.
    boot: { action: boot, answer: bootAnswer ?? ((response) => response as BootAnswer) },
    heartbeat: {
      action: heartbeat,
      currentTime: (response) => (response as { readonly currentTime: string }).currentTime
    },
    asks,
    remote: { actions: new Set(remote.map(({ name }) => name)), refusal: { status: "Rejected" } },
    rejected
  }
}

/** @see J16 §4.2 */
export const lifecycle1x = (actions: LifecycleActions): Lifecycle => lifecycle(actions, "Silence")

/** @see P2 B02.FR.02, B02.FR.05, B03.FR.08 */
export const lifecycle2x = (actions: LifecycleActions): Lifecycle => lifecycle(actions, "SecurityError")
