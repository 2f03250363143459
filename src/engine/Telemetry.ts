/**
 * What is told of the protocol to those who watch it: metrics and spans.
 *
 * **Details**
 *
 * Metrics of Effect, with the attributes in brackets; `side` is the side that counts, `csms` or `station`:
 *
 * - `ocpp_connections` (side, version): open connections, a gauge.
 * - `ocpp_calls_waiting` (side, version): calls of this side that wait for their turn, a gauge.
 * - `ocpp_call_duration_seconds` (side, version, action, outcome): calls of this side on a connection, from sending to
 *   answer, a histogram. The outcome is `Success` or the tag of the failure; what was not sent counts with no time, and
 *   so does a SEND, which is not answered.
 * - `ocpp_request_duration_seconds` (side, version, action, outcome): requests of the peer from their arrival to the
 *   answer, a histogram. The outcome is `Success` or `CallError`; an action that the version does not have is not counted.
 * - `ocpp_deviations` (side, version, kind): breaches of the protocol by the peer, a counter.
 * - `ocpp_handshakes` (outcome): handshakes that a CSMS decided, a counter. The outcome is `accepted`, `no protocol`,
 *   the HTTP status of the refusal, or `undecided` if the station left first or the decision failed.
 * - `ocpp_takeovers` (outcome): connections with an identity that was connected already, a counter: `replaced` or
 *   `rejected`.
 * - `ocpp_reconnects` (outcome): attempts of a station to connect again, a counter: `connected` or `failed`.
 * - `ocpp_outbox_messages` (version): messages that a station has stored, a gauge.
 * - `ocpp_outbox_events` (version, outcome): what became of them, a counter: `Stored`, `Delivered`, `Failed`,
 *   `Discarded` or `Dropped`.
 *
 * Spans, where a tracer is installed:
 *
 * - `ocpp.call <action>`, of kind client: one try of a call of this side, its wait for its turn included.
 * - `ocpp.handle <action>`, of kind server: the handler of a request of the peer.
 *
 * Both have the attributes `ocpp.version`, `ocpp.action`, `ocpp.identity`, `ocpp.message_id` and `ocpp.outcome`.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"

/**
 * Which of them are made.
 *
 * **Details**
 *
 * - `metrics`: by default `false`, for nobody can tell whether they are read; they cost half a microsecond a message.
 * - `spans`: by default `true`, but without a tracer none are made, and nothing is spent on them.
 *
 * @category models
 * @since 0.1.0
 */
export interface TelemetrySettings {
  readonly metrics: boolean
  readonly spans: boolean
}

/**
 * Which metrics and spans are made.
 *
 * **When to use**
 *
 * Provide it to the layer of a station or a CSMS to turn metrics on or spans off.
 *
 * **Example** (A CSMS with metrics)
 *
 * ```ts
 * const Live = CsmsLive.pipe(Layer.provide(Layer.succeed(Telemetry.Enabled, { metrics: true, spans: true })))
 * ```
 *
 * @category references
 * @since 0.1.0
 */
export const Enabled: Context.Reference<TelemetrySettings> = Context.Reference<TelemetrySettings>(
  "effect-ocpp/engine/Telemetry/Enabled",
  {
    defaultValue: () => ({ metrics: false, spans: true })
  }
)

/** A metric that counts up, with what tells its series apart. */
type Counter = "ocpp_handshakes" | "ocpp_takeovers" | "ocpp_reconnects" | "ocpp_deviations" | "ocpp_outbox_events"

/** A metric that goes up and down. */
type Gauge = "ocpp_connections" | "ocpp_calls_waiting" | "ocpp_outbox_messages"

/** Counts what happens, each series of a metric made on first use. @internal */
export class Meter {
  private readonly context: Context.Context<never>
  private readonly attributes: Record<string, string>
  private readonly series = new Map<string, Map<string, Metric.Metric<number, unknown>>>()

  constructor(context: Context.Context<never>, attributes: Record<string, string>) {
    this.context = context
    this.attributes = attributes
  }

  count(name: Counter, key: "outcome" | "kind", value: string): void {
    this.of(name, value, () =>
      Metric.counter(name, { incremental: true, attributes: { ...this.attributes, [key]: value } })
    ).updateUnsafe(1, this.context)
  }

  change(name: Gauge, by: number): void {
    this.of(name, "", () => Metric.gauge(name, { attributes: this.attributes })).modifyUnsafe(by, this.context)
  }

  time(
    name: "ocpp_call_duration_seconds" | "ocpp_request_duration_seconds",
    action: string,
    outcome: string,
    millis: number
  ): void {
    this.of(outcome === "Success" ? name : `${name} ${outcome}`, action, () =>
      Metric.histogram(name, { boundaries, attributes: { ...this.attributes, action, outcome } })
    ).updateUnsafe(millis / 1000, this.context)
  }

  private of(name: string, value: string, make: () => Metric.Metric<number, unknown>): Metric.Metric<number, unknown> {
    let named = this.series.get(name)
    if (named === undefined) this.series.set(name, (named = new Map()))
    let metric = named.get(value)
    if (metric === undefined) named.set(value, (metric = make()))
    return metric
  }
}

/** From a millisecond to beyond the usual time-out of a call. */
const boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Counts for those who are present, unless it is turned off. @internal */
export const meter = (attributes: Record<string, string>): Effect.Effect<Meter | undefined> =>
  Effect.map(Effect.context<never>(), (context) =>
    Context.get(context, Enabled).metrics ? new Meter(onlyMetrics(context), attributes) : undefined
  )

/** What metrics look up with each update, and nothing else: it is found at once. */
const onlyMetrics = (context: Context.Context<never>): Context.Context<never> =>
  Context.makeUnsafe(
    new Map<string, unknown>([
      [Metric.MetricRegistry.key, Context.get(context, Metric.MetricRegistry)],
      [Metric.CurrentMetricAttributes.key, Context.get(context, Metric.CurrentMetricAttributes)]
    ])
  )

/** What a span is about. @internal */
export interface Subject {
  readonly kind: "client" | "server"
  readonly version: string
  readonly action: string
  readonly identity: string
}

/** Whether spans of requests would be seen by anyone. @internal */
export const isTraced = (context: Context.Context<never>): boolean =>
  Context.get(context, Enabled).spans && Context.get(context, Tracer.Tracer) !== Tracer.nativeTracer

/** Runs an effect in a span of its own, to which it may add. @internal */
export const traced = <A, E, R>(
  subject: Subject,
  evaluate: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const { action, identity, kind, version } = subject
  const attributes = { "ocpp.version": version, "ocpp.action": action, "ocpp.identity": identity }
  return Effect.useSpan(
    `ocpp.${kind === "client" ? "call" : "handle"} ${action}`,
    // What asks for a request is another process, whose span is not known here.
    { kind, attributes, root: kind === "server" },
    (span) =>
      Effect.onExit(evaluate(span), (exit) => Effect.sync(() => span.attribute("ocpp.outcome", outcomeOf(exit))))
  )
}

/** Runs a handler in a span of its own, as the parent of what it does. @internal */
export const handling = <A, E, R>(
  subject: Subject,
  messageId: string,
  handle: () => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  traced(subject, (span) => {
    span.attribute("ocpp.message_id", messageId)
    return Effect.withParentSpan(Effect.suspend(handle), span, { captureStackTrace: false })
  })

/** `Success`, the tag of a failure, or how else it ended. @internal */
export const outcomeOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "Success"
  const [reason] = exit.cause.reasons
  if (reason?._tag !== "Fail") return reason?._tag ?? "Interrupt"
  const { error } = reason
  return typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "Fail"
}
