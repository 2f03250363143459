/**
 * The metrics that `Telemetry` tells of.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { Enabled } from "../Telemetry.ts"

/** A metric that counts up, with what tells its series apart. */
type Counter = "ocpp_handshakes" | "ocpp_takeovers" | "ocpp_reconnects" | "ocpp_deviations" | "ocpp_outbox_events"

/** A metric that goes up and down. */
type Gauge = "ocpp_connections" | "ocpp_calls_waiting" | "ocpp_outbox_messages"

/** Counts what happens, each series of a metric made on first use. */
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

/** Counts for those who are present, unless it is turned off. */
export const makeMeter = (attributes: Record<string, string>): Effect.Effect<Meter | undefined> =>
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
