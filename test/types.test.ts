/**
 * What the compiler lets through and what it refuses. The proof is that this file compiles: each `@ts-expect-error`
 * marks a line that must not. Nothing here is run.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Adapter } from "../src/adapter/index.ts"
import { adapter as adapter15 } from "../src/adapter/V15.ts"
import { adapter as adapter16 } from "../src/adapter/V16.ts"
import { adapter as adapter201 } from "../src/adapter/V201.ts"
import { Csms, type Endpoint, type TransactionIds } from "../src/csms/index.ts"
import * as Domain from "../src/domain/index.ts"
import {
  CallError,
  type CallFailure,
  type InvalidResponse,
  type NotSent,
  Reply,
  type StorageError,
  Timestamp,
  type Transaction,
  type Uncertain
} from "../src/index.ts"
import { Gateway } from "../src/gateway/index.ts"
import type * as Handlers from "../src/Handlers.ts"
import {
  type ConnectError,
  type Connector,
  type InvalidUrl,
  type Offer,
  type Outbox,
  Station
} from "../src/station/index.ts"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"
import { core } from "./support/messages.ts"

class Tariffs extends Context.Service<Tariffs, { readonly perKwh: number }>()("test/Tariffs") {}
class Users extends Context.Service<Users, { readonly isKnown: boolean }>()("test/Users") {}

const proves = (title: string, program: (...args: ReadonlyArray<never>) => unknown): void => {
  it(title, () => {
    assert.isFunction(program)
  })
}

const address = { url: "ws://localhost", identity: "CP001" }

const boot1x = { chargePointVendor: "ACME", chargePointModel: "One" }

const boot2x = { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two" } } as const

describe("The typed calls of a station", () => {
  proves("have a method for each action that a station may start", (csms: V16.CsmsClient) => {
    expectTypeOf(csms.authorize({ idTag: "321" })).toEqualTypeOf<Effect.Effect<V16.AuthorizeResponse, CallFailure>>()
    return csms.dataTransfer({ vendorId: "x" }, { timeout: "5 seconds" })
  })

  proves("refuse what is no request", (csms: V16.CsmsClient) => [
    // @ts-expect-error -- a missing field
    csms.authorize({}),
    // @ts-expect-error -- an unknown field
    csms.authorize({ idTag: "321", foo: 1 }),
    // @ts-expect-error -- a wrong type
    csms.authorize({ idTag: 321 }),
    // @ts-expect-error -- null for an absent field
    csms.dataTransfer({ vendorId: "x", data: null }),
    // @ts-expect-error -- undefined for an absent field
    csms.dataTransfer({ vendorId: "x", data: undefined }),
    // @ts-expect-error -- a word that is not in the list
    csms.statusNotification({ connectorId: 1, errorCode: "NoError", status: "Broken" }),
    // @ts-expect-error -- an unknown option
    csms.heartbeat({}, { timeOut: "5 seconds" })
  ])

  proves("lack the actions of the other side, and those that do not exist", (csms: V16.CsmsClient) => [
    // @ts-expect-error -- a CSMS starts it
    csms.remoteStartTransaction,
    // @ts-expect-error -- nobody does
    csms.bootNotifications,
    // @ts-expect-error -- the method is in lower case
    csms.BootNotification
  ])

  proves("fail with a closed union, of which none can be forgotten", (csms: V16.CsmsClient) => {
    const handled = csms.heartbeat({}).pipe(
      Effect.catchTags({
        NotSent: (error: NotSent) => Effect.succeed(error.reason),
        Uncertain: (error: Uncertain) => Effect.succeed(error.messageId),
        CallError: (error: CallError) => Effect.succeed(error.code),
        InvalidResponse: (error: InvalidResponse) => Effect.succeed(error.payload)
      })
    )
    const partly = csms.heartbeat({}).pipe(
      Effect.catchTags({
        NotSent: () => Effect.void,
        Uncertain: () => Effect.void,
        CallError: () => Effect.void
      })
    )
    // @ts-expect-error -- InvalidResponse is left
    const forgotten: Effect.Effect<unknown> = partly
    const complete: Effect.Effect<unknown> = handled
    return [complete, forgotten]
  })
})

describe("The typed calls of a CSMS", () => {
  proves("are those that a CSMS may start", (station: V16.StationClient) => [
    station.remoteStartTransaction({ idTag: "321" }),
    station.dataTransfer({ vendorId: "x" }),
    // @ts-expect-error -- a station starts it
    station.bootNotification,
    // @ts-expect-error -- a wrong field
    station.remoteStartTransaction({ idToken: "321" })
  ])

  proves("are typed by the action too", () =>
    Effect.gen(function* () {
      const csms = yield* Csms
      const { status } = yield* csms.call("CP001", V16.RemoteStartTransaction, { idTag: "321" })
      expectTypeOf(status).toEqualTypeOf<"Accepted" | "Rejected">()
      // @ts-expect-error -- a field of another action
      yield* csms.call("CP001", V16.RemoteStartTransaction, { transactionId: 1 })
      // @ts-expect-error -- a station starts it
      yield* csms.call("CP001", V16.Heartbeat, {})
      // @ts-expect-error -- an action has no text for a name here
      yield* csms.call("CP001", "RemoteStartTransaction", { idTag: "321" })
    })
  )
})

describe("The sessions of a CSMS", () => {
  proves("are told apart by their version, which types their calls", () =>
    Effect.gen(function* () {
      const csms = yield* Csms
      for (const session of yield* csms.connected) {
        // @ts-expect-error -- in 2.0.1 it is `OnIdle`
        yield* session.station.reset({ type: "Soft" })
        // @ts-expect-error -- a station starts it
        yield* session.call(V16.Heartbeat, {})
        if (session.version === "1.6") {
          expectTypeOf(session.station).toEqualTypeOf<V16.StationClient>()
          yield* session.station.reset({ type: "Soft" })
        }
        if (session.version === "2.0.1") yield* session.station.reset({ type: "OnIdle" })
        // @ts-expect-error -- no such version
        if (session.version === "3.0") yield* session.close()
      }
    })
  )
})

describe("The handlers of a CSMS", () => {
  proves("get the request and the session, and give the response", () =>
    V16.csmsHandlers({
      ...core,
      authorize: (request, session) => {
        expectTypeOf(request).toEqualTypeOf<V16.AuthorizeRequest>()
        expectTypeOf(session).toEqualTypeOf<V16.StationSession>()
        return Effect.succeed({ idTagInfo: { status: request.idTag === "321" ? "Accepted" : "Invalid" } })
      }
    })
  )

  proves("may fail with a CallError, reply and go on, and need services", () => {
    const set = V16.csmsHandlers({
      ...core,
      heartbeat: (_, session) => Reply.then({ currentTime: "" }, session.station.clearCache({})),
      authorize: Effect.fnUntraced(function* ({ idTag }) {
        const { isKnown } = yield* Users
        if (idTag === "") return yield* new CallError({ code: "PropertyConstraintViolation" })
        return { idTagInfo: { status: isKnown ? "Accepted" : "Invalid" } } as const
      }),
      dataTransfer: () => Effect.map(Tariffs, ({ perKwh }) => ({ status: "Accepted", data: String(perKwh) }) as const)
    })
    expectTypeOf(requirement(set)).toEqualTypeOf<Users | Tariffs>()
  })

  proves("may reply in one branch and answer in the other", () => [
    V16.stationHandlersPartial({
      reset: ({ type }, csms) =>
        type === "Hard"
          ? Reply.then({ status: "Accepted" }, csms.heartbeat({}))
          : Effect.succeed({ status: "Rejected" })
    }),
    V16.stationHandlersPartial({
      reset: ({ type }, csms) =>
        Effect.suspend((): Handlers.Answer<V16.ResetResponse> =>
          type === "Hard"
            ? Reply.then({ status: "Accepted" }, csms.heartbeat({}))
            : Effect.succeed({ status: "Rejected" })
        )
    }),
    V16.stationHandlersPartial({
      reset: ({ type }, csms) =>
        Effect.gen(function* () {
          if (type === "Hard") return yield* Reply.then({ status: "Accepted" }, csms.heartbeat({}))
          return { status: "Rejected" }
        })
    }),
    V16.stationHandlersPartial({
      reset: Effect.fnUntraced(function* ({ type }, csms) {
        if (type === "Hard") return yield* Reply.thenDetached({ status: "Accepted" }, csms.heartbeat({}))
        return { status: "Rejected" }
      })
    })
  ])

  proves("need no `as const`", (isGood: boolean) => [
    V16.csmsHandlersPartial({
      authorize: Effect.fnUntraced(function* ({ idTag }) {
        if (idTag === "") return yield* new CallError({ code: "PropertyConstraintViolation" })
        return { idTagInfo: { status: isGood ? "Accepted" : "Invalid" } }
      }),
      bootNotification: () =>
        Effect.gen(function* () {
          return { status: "Accepted", currentTime: yield* Timestamp.now, interval: 300 }
        }),
      dataTransfer: () => Effect.map(Timestamp.now, (data) => ({ status: "Accepted", data })),
      startTransaction: () => Effect.as(Effect.void, { transactionId: 1, idTagInfo: { status: "Accepted" } })
    }),
    V201.stationHandlersPartial({
      clearCache: () => Effect.void.pipe(Effect.as({ status: "Accepted" })),
      getVariables: ({ getVariableData }) =>
        Effect.sync(() => ({
          getVariableResult: getVariableData.map(({ component, variable }) => ({
            component,
            variable,
            attributeStatus: "UnknownComponent"
          }))
        })),
      setVariables: Effect.fnUntraced(function* ({ setVariableData }) {
        yield* Effect.void
        return {
          setVariableResult: setVariableData.map(({ component, variable }) => ({
            component,
            variable,
            attributeStatus: isGood ? "Accepted" : "Rejected"
          }))
        }
      })
    })
  ])

  proves(
    "that fail with an error of the application say what the peer is told",
    (find: Effect.Effect<string, Error>) => [
      // @ts-expect-error -- another error
      V16.csmsHandlersPartial({ heartbeat: () => Effect.map(find, (currentTime) => ({ currentTime })) }),
      V16.csmsHandlersPartial({
        heartbeat: () =>
          find.pipe(
            Effect.map((currentTime) => ({ currentTime })),
            Effect.mapError(() => new CallError({ code: "GenericError" }))
          )
      }),
      V16.csmsHandlersPartial({
        authorize: Effect.fnUntraced(function* () {
          const found = yield* Effect.exit(find)
          return { idTagInfo: { status: found._tag === "Success" ? "Accepted" : "Invalid" } }
        })
      })
    ]
  )

  proves("of the Core profile must all be there", () => {
    const { heartbeat: _, ...rest } = core
    return [
      // @ts-expect-error -- Heartbeat has no handler
      V16.csmsHandlers({ ...rest }),
      V16.csmsHandlersPartial({ ...rest })
    ]
  })

  proves("are only those of actions that a station may start", () => [
    // @ts-expect-error -- there is no such action
    V16.csmsHandlers({ ...core, bootNotifications: () => Effect.succeed({}) }),
    // @ts-expect-error -- a CSMS starts it
    V16.csmsHandlers({ ...core, reset: () => Effect.succeed({ status: "Accepted" }) }),
    // @ts-expect-error -- there is no such action
    V16.csmsHandlersPartial({ bootNotifications: () => Effect.succeed({}) })
  ])

  proves("give a response of their action, or a CallError", () => [
    // @ts-expect-error -- a word that is not in the list
    V16.csmsHandlersPartial({ authorize: () => Effect.succeed({ idTagInfo: { status: "Perhaps" } }) }),
    // @ts-expect-error -- a missing field
    V16.csmsHandlersPartial({ bootNotification: () => Effect.succeed({ status: "Accepted" }) }),
    // @ts-expect-error -- another error
    V16.csmsHandlersPartial({ heartbeat: () => Effect.fail(new Error("no")) }),
    // @ts-expect-error -- no effect
    V16.csmsHandlersPartial({ heartbeat: () => ({ currentTime: "" }) }),
    // @ts-expect-error -- a reply with the response of another action
    V16.csmsHandlersPartial({ heartbeat: () => Reply.then({ status: "Accepted" }, Effect.void) }),
    V16.csmsHandlersPartial({
      // @ts-expect-error -- the field of another request
      dataTransfer: ({ idTag }) => Effect.succeed({ status: "Accepted", data: String(idTag) })
    })
  ])

  proves("bring their services into the layer, and nothing else", () => {
    const layer = Csms.layer({
      accept: () => Effect.asVoid(Users),
      handlers: [V16.csmsHandlersPartial({ heartbeat: () => Effect.map(Tariffs, () => ({ currentTime: "" })) })]
    })
    expectTypeOf(needs(layer)).toEqualTypeOf<Users | Tariffs>()
    expectTypeOf(
      needs(Csms.layer({ accept: () => Effect.void, handlers: [V16.csmsHandlers(core)] }))
    ).toEqualTypeOf<never>()
  })

  proves("find what accept attaches, and what the CSMS gives", () => {
    const handlers = V16.csmsHandlersPartial({
      heartbeat: () => Effect.as(Effect.all([Users, Csms]), { currentTime: "" })
    })
    const attached = Csms.layer({
      accept: () => Effect.succeed({ data: Context.make(Users, { isKnown: true }) }),
      handlers: [handlers]
    })
    expectTypeOf(needs(attached)).toEqualTypeOf<never>()
    expectTypeOf(needs(Csms.layer({ accept: () => Effect.void, handlers: [handlers] }))).toEqualTypeOf<Users>()
  })

  proves("can be made by an effect, whose needs and failures are those of the layer", () => {
    const layer = Csms.layer({
      accept: () => Effect.void,
      handlers: [
        Effect.gen(function* () {
          yield* Effect.addFinalizer(() => Effect.void)
          yield* Users
          if ((yield* Csms) === undefined) return yield* Effect.fail("no CSMS" as const)
          return V16.csmsHandlersPartial({ heartbeat: () => Effect.as(Tariffs, { currentTime: "" }) })
        }),
        V201.csmsHandlersPartial({})
      ]
    })
    expectTypeOf(layer).toEqualTypeOf<Layer.Layer<Csms | Endpoint, "no CSMS", Users | Tariffs>>()
  })

  proves("are not those of a station", () => [
    // @ts-expect-error -- what a station answers
    Csms.layer({ accept: () => Effect.void, handlers: [V16.stationHandlersPartial({})] }),
    // @ts-expect-error -- what a CSMS answers
    Station.layer(V16.protocol, { ...address, handlers: V16.csmsHandlersPartial({}) }),
    // @ts-expect-error -- those of another version
    Station.layer(V16.protocol, { ...address, handlers: V201.stationHandlersPartial({}) })
  ])

  proves("refuse a handshake with nothing but a status", () => [
    // @ts-expect-error -- another error
    Csms.layer({ accept: () => Effect.fail(new Error("no")), handlers: [] })
  ])
})

describe("A station's layer", () => {
  proves("gives the calls to the CSMS and needs a connector and the services of its handlers", () => {
    const plain = Station.layer(V16.protocol, address)
    expectTypeOf(plain).toEqualTypeOf<
      Layer.Layer<V16.Csms | V16.Transactions | Station | Outbox, ConnectError | StorageError, Connector>
    >()
    expectTypeOf(Station.layer(V21.protocol, { ...address, boot: boot2x })).toEqualTypeOf<
      Layer.Layer<V21.Csms | V21.Transactions | Station | Outbox, ConnectError | StorageError, Connector>
    >()
    const layer = Station.layer(V16.protocol, {
      ...address,
      handlers: V16.stationHandlersPartial({
        reset: () => Effect.succeed({ status: "Accepted" }),
        remoteStartTransaction: ({ idTag }, csms) => {
          expectTypeOf(csms).toEqualTypeOf<V16.CsmsClient>()
          return Reply.then({ status: idTag === "" ? "Rejected" : "Accepted" }, csms.authorize({ idTag }))
        },
        changeAvailability: Effect.fnUntraced(function* ({ type }) {
          yield* Tariffs
          return { status: type === "Operative" ? "Accepted" : "Scheduled" } as const
        })
      })
    })
    expectTypeOf(needs(layer)).toEqualTypeOf<Connector | Tariffs>()
  })

  proves("takes handlers that an effect makes, in its scope and with its services", () => {
    const layer = Station.layer(V16.protocol, {
      ...address,
      handlers: Effect.gen(function* () {
        yield* Effect.forkScoped(Effect.flatMap(V16.Csms, (csms) => csms.heartbeat({})))
        if (yield* Effect.map(Users, ({ isKnown }) => isKnown)) return yield* Effect.fail("unknown" as const)
        return V16.stationHandlersPartial({
          reset: () => Effect.as(Effect.all([Tariffs, Station]), { status: "Accepted" as const })
        })
      })
    })
    expectTypeOf(layer).toEqualTypeOf<
      Layer.Layer<
        V16.Csms | V16.Transactions | Station | Outbox,
        ConnectError | StorageError | "unknown",
        Connector | Users | Tariffs
      >
    >()
  })

  proves("takes handlers that were given a type", (record: V16.StationHandlers) => {
    const layer = Station.layer(V16.protocol, { ...address, handlers: V16.stationHandlers(record) })
    expectTypeOf(needs(layer)).toEqualTypeOf<Connector>()
  })

  proves("gives its handlers what it gives the application, whose services they do not need from elsewhere", () => {
    const layer = Station.layer(V16.protocol, {
      ...address,
      handlers: V16.stationHandlersPartial({
        remoteStartTransaction: Effect.fnUntraced(function* ({ connectorId = 1, idTag }) {
          const station = yield* Station
          const transactions = yield* V16.Transactions
          const request = { connectorId, idTag, meterStart: 0, timestamp: yield* station.now }
          return yield* Reply.then({ status: "Accepted" as const }, transactions.start(request).pipe(Effect.ignore))
        }),
        reset: () =>
          Effect.gen(function* () {
            yield* Tariffs
            return yield* Reply.then({ status: "Accepted" as const }, (yield* Station).reboot)
          })
      })
    })
    expectTypeOf(needs(layer)).toEqualTypeOf<Connector | Tariffs>()
  })

  proves("takes the BootNotification of its own version, and of no other", () => [
    Station.layer(V15.protocol, { ...address, boot: boot1x }),
    Station.layer(V16.protocol, { ...address, boot: boot1x }),
    Station.layer(V201.protocol, { ...address, boot: boot2x }),
    Station.layer(V21.protocol, { ...address, boot: boot2x }),
    // @ts-expect-error -- that of 2.x
    Station.layer(V15.protocol, { ...address, boot: boot2x }),
    // @ts-expect-error -- that of 2.x
    Station.layer(V16.protocol, { ...address, boot: boot2x }),
    // @ts-expect-error -- that of 1.x
    Station.layer(V201.protocol, { ...address, boot: boot1x }),
    // @ts-expect-error -- that of 1.x
    Station.layer(V21.protocol, { ...address, boot: boot1x }),
    // @ts-expect-error -- a missing field
    Station.layer(V16.protocol, { ...address, boot: { chargePointVendor: "ACME" } }),
    // @ts-expect-error -- an unknown field
    Station.layer(V16.protocol, { ...address, boot: { ...boot1x, reason: "PowerUp" } }),
    // @ts-expect-error -- a word that is not in the list
    Station.layer(V201.protocol, { ...address, boot: { ...boot2x, reason: "Boredom" } })
  ])

  proves("refuses handlers of no such action, of the other side, or for the CSMS", () => [
    // @ts-expect-error -- there is no such action
    V16.stationHandlersPartial({ remoteStart: () => Effect.succeed({ status: "Accepted" }) }),
    // @ts-expect-error -- a station starts it
    V16.stationHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: "" }) }),
    // @ts-expect-error -- a word that is not in the list
    V16.stationHandlersPartial({ reset: () => Effect.succeed({ status: "Perhaps" }) }),
    // @ts-expect-error -- another error
    V16.stationHandlersPartial({ reset: () => Effect.fail("no") }),
    // @ts-expect-error -- the rest of the Core profile is missing
    V16.stationHandlers({ reset: () => Effect.succeed({ status: "Accepted" }) })
  ])
})

describe("A station of several versions", () => {
  proves("takes for each version the BootNotification of that version", () => [
    Station.negotiate(
      [
        { protocol: V21.protocol, boot: boot2x },
        { protocol: V16.protocol, boot: boot1x }
      ],
      address
    ),
    Station.negotiate([{ protocol: V21.protocol, boot: boot2x }, { protocol: V16.protocol }], address),
    Station.negotiate(
      [
        { protocol: V21.protocol, boot: boot2x },
        // @ts-expect-error -- that of 2.x
        { protocol: V16.protocol, boot: boot2x }
      ],
      address
    ),
    // @ts-expect-error -- that of 1.x
    Station.negotiate([{ protocol: V201.protocol, boot: boot1x }], address),
    // @ts-expect-error -- a missing field
    Station.negotiate([{ protocol: V16.protocol, boot: { chargePointVendor: "ACME" } }], address),
    // @ts-expect-error -- an unknown field
    Station.negotiate([{ protocol: V16.protocol, boot: { ...boot1x, reason: "PowerUp" } }], address),
    Station.negotiate(
      [
        {
          protocol: V201.protocol,
          // @ts-expect-error -- an unknown field further in
          boot: { reason: "PowerUp", chargingStation: { vendorName: "ACME", model: "Two", modle: "Two" } }
        }
      ],
      address
    ),
    // @ts-expect-error -- an effect that gives that of 1.x
    Station.negotiate([{ protocol: V201.protocol, boot: Effect.succeed(boot1x) }], address)
  ])

  proves("takes for each version the handlers of that version, and nothing that an offer does not know", () => {
    const of16 = V16.stationHandlersPartial({})
    const of201 = V201.stationHandlersPartial({})
    return [
      Station.negotiate(
        [
          { protocol: V201.protocol, handlers: Effect.succeed(of201) },
          { protocol: V16.protocol, handlers: of16 }
        ],
        address
      ),
      // @ts-expect-error -- those of another version
      Station.negotiate([{ protocol: V201.protocol, handlers: of16 }], address),
      // @ts-expect-error -- an effect that makes those of another version
      Station.negotiate([{ protocol: V16.protocol, handlers: Effect.succeed(of201) }], address),
      // @ts-expect-error -- those of a CSMS
      Station.negotiate([{ protocol: V16.protocol, handlers: V16.csmsHandlersPartial({}) }], address),
      // @ts-expect-error -- a misspelt key
      Station.negotiate([{ protocol: V16.protocol, handler: of16 }], address),
      // @ts-expect-error -- an option of the station
      Station.negotiate([{ protocol: V16.protocol, firstConnection: "retry" }], address)
    ]
  })

  proves("takes offers and URLs that are put together while it runs", (urls: Array<string>, old: boolean) =>
    Effect.gen(function* () {
      const clearCache = () => Effect.as(Tariffs, { status: "Accepted" as const })
      const of16 = { protocol: V16.protocol, boot: boot1x, handlers: V16.stationHandlersPartial({ clearCache }) }
      const offers = [{ protocol: V201.protocol, boot: boot2x }, ...(old ? [of16] : [])]
      const connecting = Station.negotiate(offers, { url: urls, identity: "CP001" })
      expectTypeOf(neededBy(connecting)).toEqualTypeOf<Connector | Scope.Scope | Tariffs>()
      const agreed = yield* (yield* connecting).agreed
      if (agreed.version === "1.6") expectTypeOf(agreed.csms).toEqualTypeOf<V16.CsmsClient>()
      else expectTypeOf(agreed.csms).toEqualTypeOf<V201.CsmsClient>()

      const typed: Array<Offer<typeof V16.protocol, never> | Offer<typeof V21.protocol, never>> = []
      typed.push({ protocol: V21.protocol, boot: boot2x })
      // @ts-expect-error -- that of 1.x
      typed.push({ protocol: V21.protocol, boot: boot1x })
      const one = Station.negotiate(typed, address)
      expectTypeOf(neededBy(one)).toEqualTypeOf<Connector | Scope.Scope>()
      expectTypeOf((yield* (yield* one).agreed).version).toEqualTypeOf<"1.6" | "2.1">()

      const perhaps = [{ protocol: V16.protocol, ...(old ? { handlers: of16.handlers } : {}) }]
      expectTypeOf(neededBy(Station.negotiate(perhaps, address))).toEqualTypeOf<Connector | Scope.Scope | Tariffs>()

      const mixed = [{ protocol: V201.protocol, handlers: of16.handlers }]
      // @ts-expect-error -- those of another version
      Station.negotiate(mixed, address)
      const misspelt = [{ protocol: V16.protocol, handler: of16.handlers }]
      // @ts-expect-error -- a misspelt key
      Station.negotiate(misspelt, address)
    })
  )

  proves("is typed by what was agreed: its calls and its transactions", () =>
    Effect.gen(function* () {
      const handlers = V16.stationHandlersPartial({
        clearCache: () => Effect.andThen(Tariffs, Effect.as(V16.Transactions, { status: "Accepted" as const }))
      })
      const connecting = Station.negotiate([{ protocol: V201.protocol }, { protocol: V16.protocol, handlers }], address)
      expectTypeOf(failureOf(connecting)).toEqualTypeOf<ConnectError | StorageError>()
      expectTypeOf(neededBy(connecting)).toEqualTypeOf<Connector | Scope.Scope | Tariffs>()
      const agreed = yield* (yield* connecting).agreed
      expectTypeOf(agreed.outbox).toEqualTypeOf<Outbox["Service"]>()
      // @ts-expect-error -- it may be of 2.0.1
      agreed.transactions.start({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: "" })
      if (agreed.version === "1.6") {
        expectTypeOf(agreed.csms).toEqualTypeOf<V16.CsmsClient>()
        expectTypeOf(agreed.transactions).toEqualTypeOf<V16.StationTransactions>()
      } else {
        expectTypeOf(agreed.csms).toEqualTypeOf<V201.CsmsClient>()
        expectTypeOf(agreed.transactions).toEqualTypeOf<V201.StationTransactions>()
      }
    })
  )
})

describe("The transactions of a station", () => {
  proves(
    "of 1.x are numbered by the CSMS, of 2.x named by the station",
    (
      v15: Transaction.Transaction<V15.TransactionKind>,
      v16: Transaction.Transaction<V16.TransactionKind>,
      v201: Transaction.Transaction<V201.TransactionKind>,
      v21: Transaction.Transaction<V21.TransactionKind>
    ) => {
      expectTypeOf([v15.transactionId, v16.transactionId]).toEqualTypeOf<Array<Effect.Effect<number>>>()
      expectTypeOf([v201.transactionId, v21.transactionId]).toEqualTypeOf<Array<Effect.Effect<string>>>()
    }
  )

  proves(
    "take and give what their version has for a start, an update and an end",
    (v16: V16.StationTransactions, v201: V201.StationTransactions) =>
      Effect.gen(function* () {
        const transaction = yield* v16.start({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: "" })
        expectTypeOf(transaction.started).toEqualTypeOf<Effect.Effect<V16.StartTransactionResponse, CallFailure>>()
        const stopping = transaction.stop({ meterStop: 1, timestamp: "" })
        expectTypeOf(stopping).toEqualTypeOf<
          Effect.Effect<Effect.Effect<V16.StopTransactionResponse, CallFailure>, NotSent>
        >()
        yield* transaction.update({ meterValue: [] })
        // @ts-expect-error -- the connector is that of the start
        yield* transaction.update({ connectorId: 1, meterValue: [] })
        // @ts-expect-error -- the CSMS gives the number
        yield* transaction.stop({ transactionId: 1, meterStop: 1, timestamp: "" })
        // @ts-expect-error -- a missing field
        yield* v16.start({ connectorId: 1, idTag: "321", meterStart: 0 })

        const event = { triggerReason: "CablePluggedIn", timestamp: "" } as const
        const other = yield* v201.start({ ...event, transactionInfo: { chargingState: "EVConnected" } })
        expectTypeOf(other.started).toEqualTypeOf<Effect.Effect<V201.TransactionEventResponse, CallFailure>>()
        yield* other.update(event)
        // @ts-expect-error -- the station numbers the events
        yield* other.update({ ...event, seqNo: 1 })
        // @ts-expect-error -- the method says so
        yield* other.stop({ ...event, eventType: "Ended" })
        // @ts-expect-error -- a start of 1.6
        yield* v201.start({ connectorId: 1, idTag: "321", meterStart: 0, timestamp: "" })
      })
  )
})

declare const requirement: <R>(set: Handlers.HandlerSet<"1.6", R>) => R
declare const needs: <A, E, R>(layer: Layer.Layer<A, E, R>) => R
declare const failureOf: <A, E, R>(effect: Effect.Effect<A, E, R>) => E
declare const neededBy: <A, E, R>(effect: Effect.Effect<A, E, R>) => R

describe("The generic operations", () => {
  const handlers = Domain.csmsHandlersPartial({
    heartbeat: () => Effect.succeed({ currentTime: DateTime.nowUnsafe() })
  })

  proves("need what an adapter needs, on the side that needs it", () => {
    expectTypeOf(Adapter.handlers(adapter15, handlers)).toEqualTypeOf<
      Handlers.HandlerSet<"1.5", TransactionIds, "csms">
    >()
    expectTypeOf(Adapter.handlers(adapter16, handlers)).toEqualTypeOf<
      Handlers.HandlerSet<"1.6", TransactionIds, "csms">
    >()
    expectTypeOf(Adapter.handlers(adapter201, handlers)).toEqualTypeOf<Handlers.HandlerSet<"2.0.1", never, "csms">>()
    expectTypeOf(Adapter.handlers(adapter16, Domain.stationHandlersPartial({}))).toEqualTypeOf<
      Handlers.HandlerSet<"1.6", never, "station">
    >()
    expectTypeOf(
      Csms.layer({
        accept: () => Effect.void,
        handlers: [Adapter.handlers(adapter16, handlers), Adapter.handlers(adapter201, handlers)]
      })
    ).toEqualTypeOf<Layer.Layer<Csms | Endpoint, never, TransactionIds>>()
  })

  proves("refuse handlers that are missing, unknown or wrong, and sets that no adapter has seen", () => [
    // @ts-expect-error -- without the required ones
    Domain.csmsHandlers({}),
    // @ts-expect-error -- an action of one version
    Domain.csmsHandlersPartial({ startTransaction: () => Effect.succeed({}) }),
    // @ts-expect-error -- a time is no text here
    Domain.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: "2026-11-22T06:00:00Z" }) }),
    // @ts-expect-error -- generic handlers speak no version
    Csms.layer({ accept: () => Effect.void, handlers: [handlers] })
  ])

  proves("stand behind a gateway, which needs a way to the CSMS", () => {
    const options = { url: "", upstream: adapter201, versions: [adapter16, V15.protocol] }
    expectTypeOf(Gateway.layer(options)).toEqualTypeOf<
      Layer.Layer<Csms | Endpoint, InvalidUrl | StorageError, Connector>
    >()
    // @ts-expect-error -- a version by its name
    return Gateway.layer({ ...options, upstream: "2.0.1" })
  })

  proves("have typed calls", (csms: Csms["Service"]) => {
    const station = Adapter.station([adapter16, adapter201], csms, "CP001")
    expectTypeOf(station.reset({ type: "OnIdle" })).toEqualTypeOf<Effect.Effect<Domain.ResetResponse, CallFailure>>()
    // @ts-expect-error -- a word of 1.6
    return station.reset({ type: "Soft" })
  })
})

describe("The extensions of 1.6", () => {
  const { CostMessages, Extension, PlugAndCharge } = V16

  proves("have typed calls, of the side that may start them", (session: V16.StationSession, csms: V16.CsmsClient) => {
    const pnc = PlugAndCharge.stationClient(session)
    expectTypeOf(pnc.triggerMessage({})).toEqualTypeOf<
      Effect.Effect<V16.PlugAndCharge.TriggerMessageResponse, CallFailure>
    >()
    return [
      pnc.installCertificate({ certificateType: "V2GRootCertificate", certificate: "PEM" }),
      PlugAndCharge.csmsClient(csms).authorize({ idToken: "DE8AA1A2B3C4D5" }),
      // @ts-expect-error - the security extension has those of this type
      pnc.installCertificate({ certificateType: "CentralSystemRootCertificate", certificate: "PEM" }),
      // @ts-expect-error - a station asks for it
      pnc.authorize({ idToken: "DE8AA1A2B3C4D5" })
    ]
  })

  proves("have handlers, which one of DataTransfer is made of", () => {
    const atCsms = Extension.dataTransfer([
      PlugAndCharge.csmsHandlers({
        authorize: ({ idToken }) =>
          Effect.map(Users, ({ isKnown }) => ({
            idTokenInfo: { status: isKnown && idToken !== "" ? "Accepted" : "Unknown" }
          }))
      }),
      CostMessages.csmsHandlers({ connectorUnplugged: () => Effect.succeed({}) })
    ])
    const atStation = Extension.dataTransfer(
      [CostMessages.stationHandlers({ finalCost: (_, csms) => Effect.as(Effect.ignore(csms.heartbeat({})), {}) })],
      ({ vendorId }) => Effect.succeed({ status: vendorId === "com.example" ? "Accepted" : "UnknownVendorId" })
    )
    expectTypeOf(V16.csmsHandlersPartial({ dataTransfer: atCsms })).toEqualTypeOf<
      Handlers.HandlerSet<"1.6", Users, "csms">
    >()
    return [
      V16.stationHandlersPartial({ dataTransfer: atStation }),
      // @ts-expect-error - it is for a CSMS
      V16.stationHandlersPartial({ dataTransfer: atCsms }),
      // @ts-expect-error - a CSMS asks for it
      PlugAndCharge.csmsHandlers({ installCertificate: () => Effect.succeed({ status: "Accepted" }) }),
      // @ts-expect-error - the status is none of its statuses
      PlugAndCharge.stationHandlers({ installCertificate: () => Effect.succeed({ status: "Fine" }) })
    ]
  })
})
