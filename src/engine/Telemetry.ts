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
 * - `ocpp_deviations_total` (side, version, kind): breaches of the protocol by the peer, a counter.
 * - `ocpp_handshakes_total` (outcome): handshakes that a CSMS decided, a counter. The outcome is `accepted`, `no protocol`,
 *   the HTTP status of the refusal, or `undecided` if the station left first or the decision failed.
 * - `ocpp_takeovers_total` (outcome): connections with an identity that was connected already, a counter: `replaced` or
 *   `rejected`.
 * - `ocpp_reconnects_total` (outcome): attempts of a station to connect again, a counter: `connected` or `failed`.
 * - `ocpp_outbox_messages` (version): messages that a station has stored, a gauge.
 * - `ocpp_outbox_events_total` (version, outcome): what became of them, a counter: `Stored`, `Delivered`, `Failed`,
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
