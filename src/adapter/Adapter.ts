/**
 * An adapter: it puts the generic operations into the words of a version of OCPP, and back.
 *
 * **Example** (A CSMS for stations of two versions)
 *
 * ```ts
 * const handlers = Domain.csmsHandlers({ … })
 * const CsmsLive = Csms.layer({
 *   accept: () => Effect.void,
 *   handlers: [Adapter.handlers(v16, handlers), Adapter.handlers(v201, handlers)]
 * })
 * ```
 *
 * @since 0.1.0
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type * as Action from "../Action.ts"
import * as Client from "../Client.ts"
import type { Deviation } from "../Deviation.ts"
import * as Domain from "../domain/index.ts"
import * as Handlers from "../Handlers.ts"
import * as Memo from "../internal/Memo.ts"
import * as MessageCheck from "../MessageCheck.ts"
import { type CallFailure, NotSent } from "../OcppError.ts"
import type { Protocol } from "../Protocol.ts"
import type { Session } from "../Session.ts"
import { adapted, calling, checked, encodedBy, type Encoded, logged, notSupported } from "./internal/handling.ts"
import type { GenericTransactions } from "./internal/stationTransactions.ts"
import type {
  CallOf,
  Extensions,
  HandlersOf,
  Inventory,
  InventoryOf,
  Report,
  Translation
} from "./internal/Translation.ts"

export type { Encoded } from "./internal/handling.ts"
export type { GenericTransactions } from "./internal/stationTransactions.ts"
export type {
  CallOf,
  Extensions,
  HandlersOf,
  Inventory,
  InventoryOf,
  KeyLeftOut,
  Translation
} from "./internal/Translation.ts"

/**
 * An adapter for a version: `adapter` of `effect-ocpp/adapter/v16` and of the other versions. A CSMS needs the services
 * `Needs` for it; a station has the services `Own` of its version.
 *
 * @category models
 * @since 0.1.0
 */
export interface Adapter<out Version extends string = string, out Needs = unknown, out Own = unknown> {
  readonly protocol: Protocol<Version>
  readonly translations: ReadonlyArray<Translation>
  /** Handlers of a CSMS for the actions of the version of which several make one generic action, or one makes several. */
  readonly csmsHandlers?: HandlersOf<Needs> | undefined
  /** The same for a station. */
  readonly stationHandlers?: HandlersOf<never> | undefined
  /** The generic calls of a CSMS that take no call of the version, or more than one, by their actions. */
  readonly calls?: ReadonlyMap<string, CallOf> | undefined
  /** Carries those messages of the version that are no actions of its protocol, but of extensions. */
  readonly extensions?: Extensions | undefined
  /** Reads all variables of a station, where the version has them as configuration keys; absent: it has reports. */
  readonly inventory?: InventoryOf | undefined
  readonly transactions: GenericTransactions<Own>
  /** Reports what is left out of a message; absent: nothing is left out, and the message is refused. */
  readonly leftOut?: Report | undefined
}

/**
 * An adapter that leaves out of a message what the version has no place for, instead of refusing the message, as long as the
 * message says the rest as it is meant. The page of the generic operations lists these fields as "refused or left out".
 *
 * **Details**
 *
 * `report` is told what was left out, before the message is sent, as a deviation of the kind `LeftOut`; by default it is
 * logged as a warning.
 *
 * **Example** (Readings without their signatures, for 1.6)
 *
 * ```ts
 * const v16 = Adapter.leavingOut(AdapterV16.adapter, (deviation) => Effect.logInfo(deviation.message))
 * ```
 *
 * @category adapters
 * @since 0.1.0
 */
export const leavingOut = <Version extends string, Needs, Own>(
  adapter: Adapter<Version, Needs, Own>,
  report: (deviation: Deviation) => Effect.Effect<void> = logged
): Adapter<Version, Needs, Own> => ({ ...adapter, leftOut: report })

const byGeneric = Memo.perObject(({ translations }: Adapter): ReadonlyMap<Action.Action, ReadonlyArray<Translation>> =>
  Map.groupBy(translations, ({ generic }) => generic)
)

const byAction = Memo.perObject(
  ({ translations }: Adapter): ReadonlyMap<Action.Action, Translation> =>
    new Map(translations.map((one) => [one.action, one]))
)

// ---- calls

const translationOf = (adapter: Adapter, generic: Action.Action, request: unknown): Translation | undefined =>
  byGeneric(adapter)
    .get(generic)
    ?.find(({ isFor }) => isFor(request))

/**
 * Puts a generic request into the words of a version, without sending it. It fails as a call would: as `NotSent`, if the
 * request breaks its schema (`InvalidRequest`), if the version has no such action (`NotSupported`), or if the request says
 * something that it cannot carry (`NotExpressible`).
 *
 * **Gotchas**
 *
 * What a version has no single action for cannot be put this way: variables and the events of transactions in 1.6.
 *
 * @category constructors
 * @since 0.1.0
 */
export const encode = <A extends Action.Action>(
  adapter: Adapter,
  generic: A,
  request: Action.Request<A>
): Result.Result<Encoded, NotSent> => {
  const given = checked(generic, request)
  if (Result.isFailure(given)) return Result.fail(given.failure)
  const found = translationOf(adapter, generic, given.success)
  return found === undefined
    ? Result.fail(lacking(adapter, generic))
    : encodedBy(found, given.success, adapter.leftOut !== undefined)
}

const lacking = ({ protocol: { version } }: Adapter, { name }: Action.Action): NotSent =>
  notSupported(name, `OCPP ${version} has no such operation`)

/**
 * Makes generic calls of the calls of a version.
 *
 * **Details**
 *
 * A call fails as `NotSent` if the request breaks its schema (`InvalidRequest`), if the version has no such action
 * (`NotSupported`), or if the request says something that it cannot carry (`NotExpressible`); `violations` names the fields
 * and why.
 *
 * @category constructors
 * @since 0.1.0
 */
export const caller = <const S extends Action.Side>(
  adapter: Adapter,
  versioned: Client.Caller<S>
): Client.Caller<S> => {
  const carrying = adapter.extensions?.caller(versioned) ?? versioned
  return {
    call: <A extends Action.OfSide<S>>(generic: A, request: Action.Request<A>, options?: Client.CallOptions) =>
      Effect.suspend(() => {
        const given = checked(generic, request)
        if (Result.isFailure(given)) return Effect.fail(given.failure)
        // Only a CSMS has such calls.
        const several = adapter.calls?.get(generic.name)?.(
          given.success,
          versioned as Client.Caller<"csms">,
          options,
          adapter.leftOut
        )
        if (several !== undefined) return several
        const found = translationOf(adapter, generic, given.success)
        if (found === undefined) return Effect.fail(lacking(adapter, generic))
        return calling(found, given.success, carrying, options, adapter.leftOut)
      }) as Effect.Effect<Action.Response<A>, Action.Failure<A>>
  }
}

const csmsClient = Client.make<Domain.CsmsClient, "station">(Domain.operations, "station")
const stationClient = Client.make<Domain.StationClient, "csms">(Domain.operations, "csms")

/**
 * Makes the generic CSMS and transactions of those that a station of a version has. The modules of the versions have it as
 * `layer`; this is for an adapter of one's own, such as one of {@link leavingOut}. `key` is the version's `Csms`.
 *
 * **Example** (For 1.6, without the signatures of readings)
 *
 * ```ts
 * const layer = Adapter.layerOf(Adapter.leavingOut(AdapterV16.adapter), V16.Csms)
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerOf = <Id, Own>(
  adapter: Adapter<string, unknown, Own>,
  key: Context.Key<Id, unknown>
): Layer.Layer<Domain.Csms | Domain.Transactions, never, Id | Own> =>
  Layer.merge(
    Layer.effect(
      Domain.Csms,
      Effect.map(key, (client) => csmsClient(caller(adapter, Client.callerOf(client))))
    ),
    Layer.effect(
      Domain.Transactions,
      Effect.map(adapter.transactions.service, (own) => transactionsOf(adapter, own))
    )
  )

/**
 * The generic CSMS and transactions of a station of several versions, for the one that was agreed.
 *
 * **Example** (2.0.1 where the CSMS has it, else 1.6)
 *
 * ```ts
 * const station = yield* Station.negotiate(
 *   [
 *     { protocol: V201.protocol, handlers: Adapter.handlers(v201, handlers), boot: … },
 *     { protocol: V16.protocol, handlers: Adapter.handlers(v16, handlers), boot: … }
 *   ],
 *   options
 * )
 * const { csms, transactions } = Adapter.agreed([v16, v201], yield* station.agreed)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const agreed = <const Adapters extends ReadonlyArray<Adapter>>(
  adapters: Adapters,
  versioned: {
    readonly version: NoInfer<Adapters[number]["protocol"]["version"]>
    readonly csms: object
    readonly transactions: unknown
  }
): { readonly csms: Domain.CsmsClient; readonly transactions: Domain.StationTransactions } => {
  // The types say that there is one.
  const adapter = adapters.find(({ protocol }) => protocol.version === versioned.version)!
  return {
    csms: clients(adapter)(versioned.csms),
    transactions: transactionsOf(adapter, versioned.transactions)
  }
}

/**
 * The generic calls to a station, by its identity. They fail as `NotSent` while it is not connected, and if there is no
 * adapter for the version that it speaks.
 *
 * **Example** (A reset, whatever the station speaks)
 *
 * ```ts
 * const csms = yield* Csms
 * yield* Adapter.station([v16, v201], csms, "CP001").reset({ type: "OnIdle" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const station = (
  adapters: ReadonlyArray<Adapter>,
  csms: { readonly session: (identity: string) => Effect.Effect<Option.Option<Session>> },
  identity: string
): Domain.StationClient =>
  stationClient({
    call: (generic, request, options) =>
      Effect.flatMap(csms.session(identity), (found) => {
        if (Option.isNone(found)) return Effect.fail(new NotSent({ action: generic.name, reason: "NotConnected" }))
        const adapter = adapters.find(({ protocol }) => protocol.version === found.value.version)
        return adapter === undefined
          ? Effect.fail(notSupported(generic.name, `there is no adapter for OCPP ${found.value.version}`))
          : caller(adapter, found.value).call(generic, request, options)
      })
  })

/**
 * All variables of a station of 1.x, by its session: what GetConfiguration tells, in one answer. A station of 2.x is asked by
 * `getBaseReport`, and tells them in parts by `NotifyReport`; here it fails as `NotSent` (`NotSupported`).
 *
 * **Details**
 *
 * What the station tells and no variable says is in `leftOut`, each key with the reason:
 *
 * - keys that have no variable: those of a vendor that the table does not have, those without a counterpart, and those that
 *   2.x computes of other variables, such as `NumberOfConnectors` and `SupportedFeatureProfiles`;
 * - keys with a value that is not what it has to be, such as `abc` for a number, or that 2.x has no word for, such as a
 *   measurand of one phase: all of the value is left out, as `getVariables` rejects all of it;
 * - a list of connectors that names none;
 * - other values of a variable that was told before, because the station tells a key twice.
 *
 * **Example** (What is not among the variables)
 *
 * ```ts
 * const { leftOut, variables } = yield* Adapter.inventory(v16, session)
 * const unsaid = leftOut.filter(({ hasVariable }) => hasVariable)
 * // [{ key: "ConnectionTimeOut", value: "abc", …, reason: "its value is not a whole number of 32 bits" }]
 * ```
 *
 * @category calls
 * @since 0.1.0
 */
export const inventory = (
  adapter: Adapter,
  session: Client.Caller<"csms">,
  options?: Client.CallOptions
): Effect.Effect<Inventory, CallFailure> =>
  adapter.inventory?.(session, options) ??
  Effect.fail(
    notSupported(Domain.GetBaseReport.name, `OCPP ${adapter.protocol.version} tells its variables by getBaseReport`)
  )

// ---- handlers

/**
 * Makes handlers for a version of generic ones. Actions of the version that mean no generic one have no handler: merge the
 * set with one of the version to add them, or override what the version is to answer in its own way.
 *
 * **Details**
 *
 * - A response that breaks its schema, or says something that the version cannot carry, becomes an `InternalError`, and is
 *   logged.
 * - `exchange.action` is the name that the version has for it.
 * - Those of a station have `Domain.Transactions`.
 *
 * **Gotchas**
 *
 * 1.6 has some operations, such as an `authorize` by contract, in extensions that DataTransfer carries. With a handler of one
 * the set handles DataTransfer in 1.6. Handle the messages of other vendors by the generic `dataTransfer`: a handler of
 * DataTransfer of the version is a `HandlersConflict`, and one that overrides it gets the messages of the extensions, too.
 *
 * **Example** (One action in the words of a version)
 *
 * ```ts
 * Handlers.merge(Adapter.handlers(v16, handlers), V16.csmsHandlersPartial({ startTransaction: … }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const handlers = <Version extends string, Needs, Own, R, const S extends Action.Side>(
  adapter: Adapter<Version, Needs, Own>,
  generic: Handlers.HandlerSet<"generic", R, S, Action.ActionList<"generic">>
): Handlers.HandlerSet<Version, Services<R, S, Needs, Own>, S> => {
  const peerOf = generic.side === "csms" ? sessions(adapter) : clients(adapter)
  const ownOf: HandlersOf<Needs> | undefined = generic.side === "csms" ? adapter.csmsHandlers : adapter.stationHandlers
  const given = Handlers.map(generic, MessageCheck.handlerOf).handlers
  const own = ownOf?.(given, peerOf, adapter.leftOut)
  const translated = (action: Action.Action) => {
    const found = byAction(adapter).get(action)
    const handler = found === undefined ? undefined : given.get(found.generic.name)
    return found === undefined || handler === undefined ? undefined : adapted(found, handler, peerOf, adapter.leftOut)
  }
  const { extensions } = adapter
  return Handlers.make(adapter.protocol, generic.side, (action) => {
    const usual = own?.get(action.name) ?? translated(action)
    const made = action === extensions?.action ? extensions.handler(generic.side, translated, usual) : usual
    const provided = made === undefined || generic.side === "csms" ? made : withTransactions(made, adapter)
    // Handlers of a CSMS need the services that the adapter needs; handlers of a station need the adapter's own.
    return provided as Handlers.UntypedHandler<Services<R, S, Needs, Own>> | undefined
  })
}

/** What handlers of a version need that are made of generic ones. */
type Services<R, S, Needs, Own> = S extends "csms"
  ? R | Needs
  : Exclude<R, Domain.Transactions> | (Domain.Transactions extends R ? Own : never)

/** Gives a handler the generic transactions of its station; what follows its answer has the services of the handler. */
const withTransactions =
  <R>(handler: Handlers.UntypedHandler<R>, adapter: Adapter): Handlers.UntypedHandler<unknown> =>
  (request, peer, exchange) => {
    const answer = handler(request, peer, exchange)
    if (Exit.isExit(answer)) return answer
    // A bare connection without a station has no such service; its handlers run without it.
    return Effect.flatMap(Effect.serviceOption(adapter.transactions.service), (own) =>
      Option.isNone(own)
        ? answer
        : Effect.provideService(answer, Domain.Transactions, transactionsOf(adapter, own.value))
    )
  }

/** The generic client of a station's own, made once for each. */
const clients = Memo.perObject((adapter: Adapter) =>
  Memo.perObject((client: object) => csmsClient(caller(adapter, Client.callerOf(client))))
)

/** The generic transactions of a station's own, made once for each. */
const transactions = Memo.perObject(({ leftOut, transactions: { from } }: Adapter) =>
  Memo.perObject((own: object) => from(own, leftOut))
)

const transactionsOf = (adapter: Adapter, own: unknown): Domain.StationTransactions =>
  // Those of every version are an object.
  transactions(adapter)(own as object)

/** The generic session of one of a version, made once for each. */
const sessions = Memo.perObject((adapter: Adapter) =>
  Memo.perObject((session: object) => new GenericSession(adapter, session as Session))
)

class GenericSession implements Domain.StationSession {
  private readonly session: Session
  readonly station: Domain.StationClient
  readonly call: Domain.StationSession["call"]

  constructor(adapter: Adapter, session: Session) {
    this.session = session
    const { call } = caller(adapter, session)
    this.call = call
    this.station = stationClient({ call })
  }

  get identity(): string {
    return this.session.identity
  }

  get version(): string {
    return this.session.version
  }

  get protocol(): Protocol {
    return this.session.protocol
  }

  get form(): Session["form"] {
    return this.session.form
  }

  get registration(): Session["registration"] {
    return this.session.registration
  }

  get data(): Context.Context<never> {
    return this.session.data
  }

  get drain(): Effect.Effect<void> {
    return this.session.drain
  }

  get scope(): Scope.Scope {
    return this.session.scope
  }

  close(code?: number, reason?: string): Effect.Effect<void> {
    return this.session.close(code, reason)
  }
}
