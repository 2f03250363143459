/**
 * How a station connects, in which versions, and what is known of its connection.
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Schedule from "effect/Schedule"
import type * as Stream from "effect/Stream"
import type { Caller } from "../Client.ts"
import type { Deviation } from "../Deviation.ts"
import type * as Peer from "../engine/Peer.ts"
import type { Numbers } from "../ExactNumber.ts"
import type * as Handlers from "../Handlers.ts"
import type * as Protocol from "../Protocol.ts"
import type { RegistrationStatus } from "../Registration.ts"
import type { Timestamp } from "../Timestamp.ts"
import type { Tolerance } from "../Tolerance.ts"
import type { ConnectionLost, ConnectionStatus } from "./ConnectionStatus.ts"
import type { ClientTls, ConnectError } from "./Connector.ts"
import type { NetworkProfiles } from "./NetworkProfiles.ts"
import type { OutboxOptions } from "./OutboxOptions.ts"

/**
 * How a station connects.
 *
 * **Details**
 *
 * - `url`: the endpoint of the CSMS, or several in order of priority; the percent-encoded identity is added to its path,
 *   before the query if it has one. User and query are shown nowhere. With {@link NetworkProfiles} the CSMS itself can say
 *   where the station connects.
 * - `password`: sent as HTTP Basic credentials with the identity as user name.
 * - `credentials`: the same and the TLS of the station, asked for before each attempt to connect, so that a password or a
 *   certificate that was renewed is used from the next connection on (WP §2.3, P2 A01, A02). What it gives goes before
 *   `password`; a password of a network profile goes before both.
 * - `calls`: time-out, retries and queue of the calls to the CSMS.
 * - `requests`: how many requests of the CSMS are handled at a time, and how many wait.
 * - `tolerance`: what is let through of what the CSMS gets wrong, by default nothing.
 * - `numbers`: what a number becomes that JavaScript cannot hold, by default the `nearest` one.
 * - `reconnect`: the waits before each further attempt, by default {@link Reconnect.schedule}. Its input is why there
 *   is no connection; when it ends, so do the attempts.
 * - `firstConnection`: `"fail"`, the default, fails if no endpoint can be reached at first, with what the last one failed
 *   with; `"retry"` goes on like after a loss.
 * - `connectTimeout`: how long a handshake may take, by default 10 seconds.
 * - `outbox`: how stored messages are delivered.
 * - `timestamps`: whose time `Station.now` gives, by default that of the station. A time of the CSMS that cannot be true,
 *   such as one of the year 9999, is not taken over but told as a deviation (`ImpossibleTime`) and in the log.
 *
 * With several endpoints each attempt is a round: first the one whose connection held last, then the others in order of
 * priority, each once and without a wait between them, until one connects. So each is tried as often as the schedule
 * says. A connection that works is never given up for an endpoint of higher priority. They are taken for the same CSMS;
 * on another network profile the station boots again.
 *
 * A success starts the schedule anew: a connection on which the CSMS has sent anything, or that has lasted 10 seconds.
 * A CSMS that accepts and closes at once is met with growing waits, and with the next endpoint.
 *
 * **Gotchas**
 *
 * The waits of a schedule of one's own are all that keeps the station from trying without a pause.
 *
 * @see P4 §5.3, P4-21 §5.4, P2 B10
 * @category options
 * @since 0.1.0
 */
export interface ConnectionOptions {
  readonly url: string | ReadonlyArray<string> | NetworkProfiles
  readonly identity: string
  readonly password?: Redacted.Redacted<string | Uint8Array> | undefined
  readonly credentials?: Effect.Effect<StationCredentials> | undefined
  readonly calls?: Peer.CallSettings | undefined
  readonly requests?: Peer.RequestSettings | undefined
  readonly tolerance?: Tolerance | undefined
  readonly numbers?: Numbers | undefined
  readonly reconnect?: Schedule.Schedule<unknown, ConnectError | ConnectionLost> | undefined
  readonly firstConnection?: "fail" | "retry" | undefined
  readonly connectTimeout?: Duration.Input | undefined
  readonly outbox?: OutboxOptions | undefined
  readonly timestamps?: "station" | "csms" | undefined
}

/**
 * What a station proves itself with.
 *
 * @category options
 * @since 0.1.0
 */
export interface StationCredentials {
  readonly password?: Redacted.Redacted<string | Uint8Array> | undefined
  readonly tls?: ClientTls | undefined
}

/**
 * Handlers of a station: a set for a version, or an effect that makes one in the scope of the station.
 *
 * @category options
 * @since 0.1.0
 */
export type StationHandlerSource<Version extends string = string> = Handlers.HandlerSource<Version, "station">

/**
 * A version that a station offers, what the CSMS may ask in it, and what the station presents itself as; `handlers` and
 * `boot` as in {@link StationOptions}.
 *
 * @category options
 * @since 0.1.0
 */
export interface Offer<
  out P extends Protocol.Protocol = Protocol.Protocol,
  out Source extends StationHandlerSource<P["version"]> = StationHandlerSource<P["version"]>
> {
  readonly protocol: P
  readonly handlers?: Source | undefined
  readonly boot?: OfferedBoot<P> | undefined
}

/**
 * What a station of a version may present itself as, or an effect that gives it.
 *
 * @category models
 * @since 0.1.0
 */
export type OfferedBoot<P extends Protocol.Protocol> = P extends {
  readonly Csms: Context.Key<infer _, infer CsmsClient>
}
  ? BootOf<CsmsClient> | Effect.Effect<BootOf<CsmsClient>>
  : unknown

/**
 * The BootNotification that a version has, by the type of its client.
 *
 * @category models
 * @since 0.1.0
 */
export type BootOf<CsmsClient> = CsmsClient extends {
  readonly bootNotification: (request: infer Request, ...rest: never) => unknown
}
  ? Request
  : never

/**
 * What is known of a station's connection.
 *
 * @category models
 * @since 0.1.0
 */
export interface StationConnection {
  readonly identity: string
  /** How the connection stands now, then each change; ends with the station. */
  readonly status: Stream.Stream<ConnectionStatus>
  /** Breaches of the protocol by the CSMS from now on; a slow reader misses the oldest beyond 1,024. */
  readonly deviations: Stream.Stream<Deviation>
  /**
   * How the station stands with its CSMS now, then each answer to a BootNotification. After `Accepted` the status of
   * every connector is due.
   */
  readonly registration: Stream.Stream<RegistrationStatus>
  /** Waits until the station is connected and accepted. */
  readonly accepted: Effect.Effect<void>
  /**
   * Calls the CSMS by an action, in the version of the connection, or of the last one; what has to arrive is stored first,
   * as with the typed calls. `NotSent` with reason `NotSupported` if that version lacks the action.
   */
  readonly call: Caller<"station">["call"]
  /**
   * Closes the connection that is open, with a WebSocket close code, by default 1000. The station connects again as after
   * a loss; close its layer to end it.
   */
  readonly close: (code?: number, reason?: string) => Effect.Effect<void>
  /**
   * Starts anew, as after a reset: closes the connection, connects at once, also in a wait for the next attempt and when the
   * station has given up, and boots. What is stored stays. Within 10 seconds of the last time it waits as after a loss, or
   * until they have passed if it has given up.
   */
  readonly reboot: Effect.Effect<void>
  /** How often heartbeats are sent while nothing else is: as the CSMS or the station has said last; 0 is once a day. */
  readonly heartbeatInterval: Effect.Effect<Duration.Duration>
  /** Changes how often heartbeats are sent, as the CSMS can ask; 0 stops them but for one a day. */
  readonly setHeartbeatInterval: (interval: Duration.Input) => Effect.Effect<void>
  /** How far the clock of the CSMS is ahead, as it was last told a time that can be true. */
  readonly clockOffset: Effect.Effect<Option.Option<Duration.Duration>>
  /** The time for messages: that of the station or, with `timestamps: "csms"`, that of the CSMS. */
  readonly now: Effect.Effect<Timestamp>
}
