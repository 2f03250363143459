/**
 * The metrics that `Telemetry` tells of.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { Enabled } from "../Telemetry.ts"

/** What a help text says of metrics that count up; their names end in `_total`. */
const counters = {
  ocpp_handshakes: "Handshakes that the CSMS decided",
  ocpp_takeovers: "Connections with an identity that was connected already",
  ocpp_reconnects: "Attempts of the station to connect again",
  ocpp_deviations: "Breaches of the protocol by the peer",
  ocpp_outbox_events: "What became of stored messages"
}

/** The same of metrics that go up and down. */
const gauges = {
  ocpp_connections: "Open connections",
  ocpp_calls_waiting: "Calls of this side that wait for their turn",
  ocpp_outbox_messages: "Messages that the station has stored"
}

/** The same of durations. */
const histograms = {
  ocpp_call_duration_seconds: "Calls of this side, from sending to answer",
  ocpp_request_duration_seconds: "Requests of the peer, from their arrival to the answer"
}

/** Counts what happens, each series of a metric made on first use. */
export class Meter {
  private readonly context: Context.Context<never>
  private readonly attributes: Record<string, string>
  private readonly series = new Map<string, Map<string, Metric.Metric<number, unknown>>>()

  constructor(context: Context.Context<never>, attributes: Record<string, string>) {
    this.context = context
    this.attributes = attributes
  }

  count(name: keyof typeof counters, key: "outcome" | "kind", value: string): void {
    this.of(name, value, () =>
      Metric.counter(`${name}_total`, {
        description: counters[name],
        incremental: true,
        attributes: { ...this.attributes, [key]: value }
      })
    ).updateUnsafe(1, this.context)
  }

  change(name: keyof typeof gauges, by: number): void {
    this.of(name, "", () =>
      Metric.gauge(name, { description: gauges[name], attributes: this.attributes })
    ).modifyUnsafe(by, this.context)
  }

  time(name: keyof typeof histograms, action: string, outcome: string, millis: number): void {
    this.of(outcome === "Success" ? name : `${name} ${outcome}`, action, () =>
      Metric.histogram(name, {
        description: histograms[name],
        boundaries,
        attributes: { ...this.attributes, action, outcome }
      })
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
