/**
 * The spans that `Telemetry` tells of.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"
import { escape } from "../../Escape.ts"
import { Enabled } from "../Telemetry.ts"

/** What a span is about. */
export interface Subject {
  readonly kind: "client" | "server"
  readonly version: string
  readonly action: string
  readonly identity: string
}

/** Whether spans of requests would be seen by anyone. */
export const isTraced = (context: Context.Context<never>): boolean =>
  Context.get(context, Enabled).spans && Context.get(context, Tracer.Tracer) !== Tracer.nativeTracer

/** Runs an effect in a span of its own, to which it may add. */
export const traced = <A, E, R>(
  subject: Subject,
  evaluate: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const { action, identity, kind, version } = subject
  const attributes = { "ocpp.version": version, "ocpp.action": action, "ocpp.identity": escape(identity) }
  return Effect.useSpan(
    `ocpp.${kind === "client" ? "call" : "handle"} ${action}`,
    // What asks for a request is another process, whose span is not known here.
    { kind, attributes, root: kind === "server" },
    (span) =>
      Effect.onExit(evaluate(span), (exit) => Effect.sync(() => span.attribute("ocpp.outcome", outcomeOf(exit))))
  )
}

/** Runs a handler in a span of its own, as the parent of what it does. */
export const handling = <A, E, R>(
  subject: Subject,
  messageId: string,
  handle: () => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  traced(subject, (span) => {
    span.attribute("ocpp.message_id", escape(messageId))
    return Effect.withParentSpan(Effect.suspend(handle), span, { captureStackTrace: false })
  })

/** `Success`, the tag of a failure, or how else it ended. */
export const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "Success"
  const [reason] = exit.cause.reasons
  if (reason?._tag !== "Fail") return reason?._tag ?? "Interrupt"
  const { error } = reason
  return typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Fail"
}
