/**
 * A charging station's connection to its CSMS, kept open.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type * as Handlers from "../Handlers.ts"
import type * as Protocol from "../Protocol.ts"
import type { StorageError } from "../Storage.ts"
import { connect, type Connected } from "./internal/connect.ts"
import type { ConnectError, Connector } from "./Connector.ts"
import { Outbox } from "./Outbox.ts"
import type { ServedVersion } from "./internal/StationBinding.ts"
import type { BootOf, ConnectionOptions, Offer, StationConnection, StationHandlerSource } from "./StationConnection.ts"

/**
 * Options of a station of one version.
 *
 * **Details**
 *
 * - `handlers`: what the CSMS may ask (`V16.stationHandlers({ … })`), or an effect that makes it; the rest is answered
 *   `NotSupported`. Both can use what the layer gives: `Station`, `Outbox`, and the version's `Csms` and `Transactions`.
 * - `boot`: what the station presents itself as, or an effect that gives it each time, for a reason that changes, such as
 *   `RemoteReset` after a Reset. It then registers by itself: it sends this BootNotification until the CSMS accepts it,
 *   lets nothing pass before that may not, and sends heartbeats from then on. A value that breaks its schema fails as
 *   `InvalidBoot`; what an effect gives is checked when it is sent, and logged.
 *
 * **Gotchas**
 *
 * Without `boot` the application registers the station, and nothing is held back. That suits tests and gateways.
 *
 * @see J16 §4.2, P2 B01, B02, B03
 * @category options
 * @since 0.1.0
 */
export interface StationOptions<
  out Source extends StationHandlerSource = Handlers.HandlerSet<string, never, "station">,
  out Boot = never
> extends ConnectionOptions {
  readonly handlers?: Source | undefined
  readonly boot?: Boot | Effect.Effect<Boot> | undefined
}

/**
 * Offers as {@link Station.negotiate} takes them: `handlers` and `boot` of each are of its version, and it has no other
 * key.
 *
 * @category options
 * @since 0.1.0
 */
export type CheckedOffers<Offers extends ReadonlyArray<Offer>> = {
  readonly [I in keyof Offers]: CheckedOffer<Offers[I]>
}

type CheckedOffer<O> = O extends Offer
  ? Offer<O["protocol"]> & {
      readonly [K in Exclude<keyof O, keyof Offer>]: "an offer has a protocol, handlers and boot, and nothing else"
    }
  : // From here the compiler takes what is offered.
    O

/**
 * The version that was agreed, of those offered, the typed calls and transactions of it, and what is stored of it.
 * `version` tells the members apart.
 *
 * @category models
 * @since 0.1.0
 */
export type Agreed<O extends Offer> = O extends {
  readonly protocol: Protocol.StationProtocol<
    infer Version,
    infer _CsmsId,
    infer CsmsClient,
    infer _TransactionsId,
    infer StationTransactions
  >
}
  ? {
      readonly version: Version
      readonly csms: CsmsClient
      readonly transactions: StationTransactions
      readonly outbox: Outbox["Service"]
    }
  : never

/**
 * The services that the handlers of an offer need, beyond those of the station itself.
 *
 * @category models
 * @since 0.1.0
 */
export type OfferRequirements<O extends Offer> = O extends {
  readonly handlers?: infer Source
  readonly protocol: Protocol.StationProtocol<
    string,
    infer CsmsId,
    infer _Csms,
    infer TransactionsId,
    infer _Transactions
  >
}
  ? Exclude<Handlers.SourceServices<Source>, CsmsId | TransactionsId | Station | Outbox | Scope.Scope>
  : never

/**
 * What the handlers of an offer can fail with when they are made.
 *
 * @category models
 * @since 0.1.0
 */
export type OfferError<O extends Offer> = O extends { readonly handlers?: infer Source }
  ? Handlers.SourceError<Source>
  : never

/**
 * A station's connection, typed by the versions that were offered.
 *
 * @category models
 * @since 0.1.0
 */
export interface Negotiated<out A> extends StationConnection {
  /**
   * What was agreed for the connection that is open, or was last; waits for the first one. A new connection can agree
   * on another version.
   */
  readonly agreed: Effect.Effect<A>
}

/**
 * A station's connection.
 *
 * @category services
 * @since 0.1.0
 */
export class Station extends Context.Service<Station, StationConnection>()("effect-ocpp/station/Station") {
  /**
   * Connects a station and keeps it connected; gives the typed calls to the CSMS.
   *
   * **Details**
   *
   * The layer is ready once the connection is, and fails if no endpoint can be reached. With `firstConnection: "retry"`
   * it is ready at once, for a station has to charge without its CSMS too. A connection that is lost, or not made yet,
   * is made in the background; until then calls fail as `NotSent`. After it the station stays accepted and does not
   * boot again, unless the CSMS has forgotten it.
   *
   * What belongs to a transaction (1.x: StartTransaction, StopTransaction and the MeterValues that have a transactionId;
   * 2.x: TransactionEvent) and security events are stored first and then delivered, as {@link Outbox} says, whichever way
   * they are sent: by the typed calls, which then wait for their answer however long it takes, or by the version's
   * `Transactions`. They are kept by the `Storage` that is provided to the layer, or in memory if none is.
   *
   * An identity that the version does not allow fails as `InvalidIdentity`, and a URL that no station can connect to, or
   * that ends in the identity already, as `InvalidUrl`, whatever `firstConnection` says; a `boot` that is no
   * BootNotification of the version fails as `InvalidBoot`.
   *
   * **Example** (A station of 1.6)
   *
   * ```ts
   * const StationLive = Station.layer(V16.protocol, {
   *   url: "ws://localhost:9000",
   *   identity: "CP001",
   *   boot: { chargePointVendor: "Vendor", chargePointModel: "Model" },
   *   handlers: V16.stationHandlersPartial({
   *     remoteStartTransaction: (request, csms) => Effect.succeed({ status: "Accepted" })
   *   })
   * }).pipe(Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP001.db" })]))
   *
   * const program = Effect.gen(function*() {
   *   const station = yield* Station
   *   const csms = yield* V16.Csms
   *   yield* station.accepted
   *   return yield* csms.authorize({ idTag: "321" })
   * })
   * ```
   */
  static readonly layer = <
    Version extends string,
    CsmsId,
    CsmsClient,
    TransactionsId,
    StationTransactions,
    Source extends StationHandlerSource<NoInfer<Version>> = never
  >(
    protocol: Protocol.StationProtocol<Version, CsmsId, CsmsClient, TransactionsId, StationTransactions>,
    options: StationOptions<Source, NoInfer<BootOf<CsmsClient>>>
  ): Layer.Layer<
    CsmsId | TransactionsId | Station | Outbox,
    ConnectError | StorageError | Handlers.SourceError<Source>,
    Connector | Exclude<Handlers.SourceServices<Source>, CsmsId | TransactionsId | Station | Outbox | Scope.Scope>
  > =>
    Layer.effectContext(
      Effect.map(
        typed<Handlers.SourceError<Source>, never>(connect([{ protocol, ...options }], options, servicesOf)),
        // The one version that is offered names the types of its services.
        ({ bindingOf }) => bindingOf(protocol).services as Context.Context<CsmsId | TransactionsId | Station | Outbox>
      )
    )

  /**
   * Connects a station that speaks several versions, offered in order of preference, and keeps it connected.
   *
   * **Details**
   *
   * A version that does not allow the identity of the station is not offered; if none does, it fails as
   * `InvalidIdentity`. It dies if a version is offered twice, or none.
   *
   * The offers may be put together in an array before. One that is given a type, such as
   * `Array<Offer<typeof V16.protocol, never>>`, says in it which handlers there may be.
   *
   * **Example** (2.0.1 where the CSMS has it, else 1.6)
   *
   * ```ts
   * const station = yield* Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol }], options)
   * const agreed = yield* station.agreed
   * if (agreed.version === "2.0.1") yield* agreed.csms.heartbeat({})
   * else yield* agreed.csms.authorize({ idTag: "321" })
   * ```
   *
   * @see J16 §3.1.2, P4-21 §3.1.2
   */
  static readonly negotiate = <const Offers extends ReadonlyArray<Offer>>(
    offers: CheckedOffers<Offers>,
    options: ConnectionOptions
  ): Effect.Effect<
    Negotiated<Agreed<Offers[number]>>,
    ConnectError | StorageError | OfferError<Offers[number]>,
    Connector | Scope.Scope | OfferRequirements<Offers[number]>
  > =>
    Effect.map(
      typed<OfferError<Offers[number]>, OfferRequirements<Offers[number]>>(
        // The type of the parameter is that of offers, with more said of what they have.
        Effect.suspend(() => connect(onceEach(offers as ReadonlyArray<Offer>), options, servicesOf))
      ),
      ({ agreed, bindingOf, connection }) =>
        Object.assign(connection, {
          agreed: Effect.map(agreed, (protocol) => {
            const { client, outbox, transactions } = bindingOf(protocol)
            // One of the offers, with what was made for it.
            return { version: protocol.version, csms: client, transactions, outbox } as Agreed<Offers[number]>
          })
        })
    )
}

/** Throws a `TypeError` if no version is offered, or one twice, for one of its sets of handlers would be lost. */
const onceEach = (offers: ReadonlyArray<Offer>): ReadonlyArray<Offer> => {
  if (offers.length === 0) throw new TypeError("offers: at least one version is needed, not []")
  const versions = offers.map(({ protocol }) => protocol.version)
  const twice = versions.find((version, index) => versions.indexOf(version) < index)
  if (twice === undefined) return offers
  throw new TypeError(`offers: OCPP ${twice} is offered twice; put its handlers together with Handlers.merge`)
}

/** What handlers and the application get of a version of a station. */
const servicesOf = (
  { client, outbox, protocol, transactions }: ServedVersion,
  connection: StationConnection
): Context.Context<never> => {
  // Every protocol of a version module is one for stations.
  const { Csms, Transactions } = protocol as Protocol.StationProtocol<string, unknown, unknown, unknown, unknown>
  return Context.empty().pipe(
    Context.add(Csms, client),
    Context.add(Transactions, transactions),
    Context.add(Station, Station.of(connection)),
    Context.add(Outbox, outbox)
  )
}

/** A station whose handlers fail with `E` when they are made, and need `R`: their types say so, which is not looked at. */
const typed = <E, R>(
  connecting: ReturnType<typeof connect>
): Effect.Effect<Connected, ConnectError | StorageError | E, Connector | Scope.Scope | R> =>
  connecting as Effect.Effect<Connected, ConnectError | StorageError | E, Connector | Scope.Scope | R>
