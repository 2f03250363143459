/**
 * The way between a station of one version and a CSMS of another: generic handlers towards both, made once over the list of
 * the generic actions.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as Action from "../../Action.ts"
import * as Adapter from "../../adapter/Adapter.ts"
import * as Client from "../../Client.ts"
import { HandshakeRefused } from "../../csms/Handshake.ts"
import * as Domain from "../../domain/index.ts"
import * as Handlers from "../../Handlers.ts"
import { CallError, type CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import { Signal } from "../../internal/Signal.ts"
import type { StationProtocol } from "../../Protocol.ts"
import { Connector, type Connection } from "../../station/Connector.ts"
import type { ConnectionStatus } from "../../station/ConnectionStatus.ts"
import type { ConnectionOptions } from "../../station/StationConnection.ts"
import { Outbox } from "../../station/Outbox.ts"
import { Station } from "../../station/Station.ts"
import { Storage } from "../../Storage.ts"
import type { TransactionIds } from "../../TransactionIds.ts"
import { tellChargingState, withActivity } from "./activities.ts"
import { answered } from "./commands.ts"
import { completed, completedResponse, type Knowledge, explicit } from "./completion.ts"
import { type Books, tellEvent } from "./events.ts"
import { isLost, refusalOf } from "./failures.ts"
import type { LinkOpener, Links } from "./Links.ts"
import { named } from "./names.ts"
import { toCsms, toStation } from "./numbers.ts"
import { isReport, reporting, type ReportRequest } from "./reports.ts"
import { linkOf } from "./StationLink.ts"
import { calling, Translated, type TranslatedCsms } from "./Translated.ts"

type GenericList = Action.ActionList<"generic">

/** A request with all that the other version asks for; an `InternalError` if there is no number for it. */
const whole = (
  action: Action.Action,
  request: unknown,
  receivedAt: number,
  knowledge: Knowledge
): Effect.Effect<unknown, CallError> =>
  Effect.catch(completed(action, request, receivedAt, knowledge), (error) =>
    Effect.andThen(
      Effect.logError(`a ${action.name} gets no number`, error),
      Effect.fail(new CallError({ code: "InternalError" }))
    )
  )

/** What is answered to stations of a version. */
export const frontHandlers = (
  adapter: Adapter.Adapter,
  books: Books,
  knowledge: Knowledge
): Handlers.HandlerSet<string, TransactionIds, "csms"> => {
  const generic = Handlers.make<"generic", "csms", never, GenericList>(Domain.operations, "csms", (action) => {
    // It is one of those that stations start.
    const asked = action as Action.OfSide<"station">
    return (request, peer, exchange) => {
      // The adapter gives generic handlers a session.
      const session = peer as Domain.StationSession
      const csms = Context.getUnsafe(session.data, Translated)
      const tell = Effect.fnUntraced(function* (told: unknown) {
        const given = yield* whole(action, told, exchange.receivedAt, knowledge)
        if (csms.hasEvents && action === Domain.StatusNotification) {
          yield* tellChargingState(csms, given as Domain.StatusNotificationRequest)
        }
        return action === Domain.TransactionEvent
          ? yield* tellEvent(csms, books, exchange.identity, given as Domain.TransactionEventRequest)
          : yield* calling(csms, asked, withActivity(csms, action, given))
      })
      return toCsms(books, exchange.identity, action, request, tell).pipe(
        Effect.map((response) => explicit(action, response, knowledge.idTokenType)),
        Effect.catch((failure: CallFailure) =>
          Effect.andThen(isLost(failure) ? linkOf(session).closed : Effect.void, refusalOf(failure))
        )
      )
    }
  })
  // What an adapter needs of a CSMS is the numbers of its transactions.
  return Adapter.handlers(adapter as Adapter.Adapter<string, TransactionIds>, generic)
}

/** What is answered to a CSMS of a version, for stations of others. */
const stationHandlers = (
  upstream: Adapter.Adapter,
  fronts: ReadonlyArray<Adapter.Adapter>,
  links: Links,
  books: Books,
  knowledge: Knowledge
): Handlers.HandlerSet<string, never, "station"> => {
  const generic = Handlers.make<"generic", "station", never, GenericList>(Domain.operations, "station", (action) => {
    // It is one of those that a CSMS starts.
    const asked = action as Action.OfSide<"csms">
    return (request, _, { identity, receivedAt }) => {
      const call = Effect.gen(function* () {
        const session = yield* links.find(identity)?.front ?? Effect.never
        const adapter = fronts.find(({ protocol }) => protocol === session.protocol)!
        const csms = Context.getUnsafe(session.data, Translated)
        if (adapter.inventory !== undefined && isReport(action)) {
          // A request that comes with the action of a report is a request for a report.
          return yield* reporting(csms, request as ReportRequest, Adapter.inventory(adapter, session))
        }
        const known = yield* named(csms, action, request)
        const complete = yield* whole(action, known, receivedAt, knowledge)
        const ask = (given: unknown) =>
          Adapter.caller(adapter, session).call(asked, given as never) as Effect.Effect<unknown, CallFailure>
        const answer = yield* toStation(books, identity, action, known, complete, ask)
        return completedResponse(action, complete, answer)
      })
      return Effect.map(answered(action, call), (response) =>
        // The reply to a request for a report has a status and what is told after it: no tokens and no profiles.
        response instanceof Reply ? response : explicit(action, response, knowledge.idTokenType)
      )
    }
  })
  return Adapter.handlers(upstream as Adapter.Adapter<string, never>, generic)
}

/** Makes what opens the way to the CSMS. */
export const opener = Effect.fnUntraced(function* (
  upstream: Adapter.Adapter,
  fronts: ReadonlyArray<Adapter.Adapter>,
  links: Links,
  books: Books,
  knowledge: Knowledge,
  {
    offline,
    ...settings
  }: Pick<ConnectionOptions, "url" | "calls" | "outbox" | "requests"> & {
    readonly offline: Domain.AuthorizationStatus | undefined
  }
) {
  const context = yield* Effect.context<Connector | Storage>()
  // Every protocol of a version module is one of stations.
  const protocol = upstream.protocol as StationProtocol<string, unknown, object, unknown, unknown>
  const options = {
    ...settings,
    outbox: { ...settings.outbox, queueAll: offline !== undefined },
    handlers: stationHandlers(upstream, fronts, links, books, knowledge),
    numbers: "exact",
    // A link is of one connection, unless it outlasts that.
    reconnect: offline === undefined ? Schedule.recurs(0) : undefined
  } as const
  const open: LinkOpener["open"] = (link, connection, credentials) =>
    Effect.gen(function* () {
      const { identity, scope } = link
      const connector = first(connection, offline === undefined ? undefined : Context.get(context, Connector))
      const station = Station.layer(protocol, {
        ...options,
        identity,
        credentials: Effect.succeed(credentials),
        firstConnection: connection === undefined ? "retry" : "fail"
      })
      const services = yield* Layer.build(station).pipe(
        Scope.provide(scope),
        Effect.provideContext(Context.add(context, Connector, connector)),
        Effect.mapError(({ message }) => new HandshakeRefused({ status: 503, reason: message }))
      )
      const { close, status: statuses } = Context.get(services, Station)
      const outbox = Context.get(services, Outbox)
      const agreed = Adapter.agreed([upstream], {
        version: protocol.version,
        csms: Context.get(services, protocol.Csms),
        transactions: Context.get(services, protocol.Transactions)
      })
      const isOffline = new Signal(connection === undefined)
      const follow = Stream.runForEach(statuses, (status) => {
        isOffline.set(status._tag !== "Connected")
        const end = endOf(status, offline !== undefined)
        return end === undefined ? Effect.void : links.inBackground(link.close(end.code, end.reason))
      })
      yield* Effect.forkIn(follow, scope, { startImmediately: true })
      const waiting = Effect.zipWith(outbox.waiting(), outbox.setAside, (all, { length }) => all - length)
      return {
        upstream: {
          close,
          delivered: waiting.pipe(
            Effect.repeat({ schedule: Schedule.spaced("1 second"), until: (count) => count === 0 }),
            Effect.timeoutOption("1 minute"),
            Effect.asVoid
          )
        },
        services: Context.make(
          Translated,
          translatedCsms(upstream, agreed, {
            outbox,
            scope,
            offline: offline === undefined ? undefined : { status: offline, isSo: isOffline }
          })
        ) as Context.Context<never>
      }
    })
  const opened: LinkOpener = { outlasts: offline !== undefined, open }
  return opened
})

/** A CSMS, of which nothing is known yet but what its version has, for as long as the scope is open. */
const translatedCsms = (
  { translations }: Adapter.Adapter,
  { csms, transactions }: ReturnType<typeof Adapter.agreed>,
  {
    offline,
    outbox,
    scope
  }: { readonly outbox: Outbox["Service"]; readonly scope: Scope.Scope } & Pick<TranslatedCsms, "offline">
): TranslatedCsms => ({
  call: Client.callerOf(csms).call,
  transactions,
  hasEvents: translations.some(({ generic }) => generic === Domain.TransactionEvent),
  activities: new Map(),
  untold: new Set(),
  oneEvent: Semaphore.makeUnsafe(1),
  inBackground: (effect) => Effect.forkIn(effect, scope, { startImmediately: true }),
  written: outbox.written,
  omitted: new Set(),
  offline
})

/** Gives a connection that is there already, and then those of a connector, or none. */
const first = (
  connection: Connection | undefined,
  connector: Connector["Service"] | undefined
): Connector["Service"] => {
  let given = connection
  return Connector.of({
    connect: (to) =>
      Effect.suspend(() => {
        const made = given
        given = undefined
        return made === undefined ? (connector?.connect(to) ?? Effect.never) : Effect.succeed(made)
      })
  })
}

/** How the link has ended, if it has. One that outlasts its connection ends when the CSMS does not let the station in. */
const endOf = (
  status: ConnectionStatus,
  outlasts: boolean
): { readonly code: number; readonly reason: string } | undefined => {
  if (status._tag !== "GaveUp" && status._tag !== "Disconnected") return undefined
  const { error } = status
  if (!outlasts) return error._tag === "ConnectionLost" ? error : { code: 1011, reason: "" }
  const isRefused = error._tag === "ConnectRefused" && error.status < 500
  return isRefused ? { code: 1008, reason: "the CSMS refuses the station" } : undefined
}
