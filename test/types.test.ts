/**
 * What the compiler lets through and what it refuses. The proof is that this file compiles: each `@ts-expect-error`
 * marks a line that must not. Nothing here is run.
 */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Csms } from "../src/csms/index.ts"
import {
  CallError,
  type CallFailure,
  type InvalidResponse,
  type NotSent,
  Reply,
  type Session,
  type Uncertain
} from "../src/index.ts"
import type * as Protocol from "../src/Protocol.ts"
import { type ConnectError, type Connector, Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import { core } from "./support/messages.ts"

class Tariffs extends Context.Service<Tariffs, { readonly perKwh: number }>()("test/Tariffs") {}
class Users extends Context.Service<Users, { readonly isKnown: boolean }>()("test/Users") {}

const proves = (title: string, program: (...args: ReadonlyArray<never>) => unknown): void => {
  it(title, () => {
    assert.isFunction(program)
  })
}

const address = { url: "ws://localhost", identity: "CP001" }

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
      // @ts-expect-error -- an action has no text for a name here
      yield* csms.call("CP001", "RemoteStartTransaction", { idTag: "321" })
    })
  )
})

describe("The handlers of a CSMS", () => {
  proves("get the request and the session, and give the response", () =>
    V16.handlers({
      ...core,
      authorize: (request, session) => {
        expectTypeOf(request).toEqualTypeOf<V16.AuthorizeRequest>()
        expectTypeOf(session).toEqualTypeOf<Session<V16.StationClient>>()
        return Effect.succeed({ idTagInfo: { status: request.idTag === "321" ? "Accepted" : "Invalid" } })
      }
    })
  )

  proves("may fail with a CallError, reply and go on, and need services", () => {
    const set = V16.handlers({
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

  proves("of the Core profile must all be there", () => {
    const { heartbeat: _, ...rest } = core
    return [
      // @ts-expect-error -- Heartbeat has no handler
      V16.handlers({ ...rest }),
      V16.handlersPartial({ ...rest })
    ]
  })

  proves("are only those of actions that a station may start", () => [
    // @ts-expect-error -- there is no such action
    V16.handlers({ ...core, bootNotifications: () => Effect.succeed({}) }),
    // @ts-expect-error -- a CSMS starts it
    V16.handlers({ ...core, reset: () => Effect.succeed({ status: "Accepted" }) }),
    // @ts-expect-error -- there is no such action
    V16.handlersPartial({ bootNotifications: () => Effect.succeed({}) })
  ])

  proves("give a response of their action, or a CallError", () => [
    // @ts-expect-error -- a word that is not in the list
    V16.handlersPartial({ authorize: () => Effect.succeed({ idTagInfo: { status: "Perhaps" } }) }),
    // @ts-expect-error -- a missing field
    V16.handlersPartial({ bootNotification: () => Effect.succeed({ status: "Accepted" }) }),
    // @ts-expect-error -- another error
    V16.handlersPartial({ heartbeat: () => Effect.fail(new Error("no")) }),
    // @ts-expect-error -- no effect
    V16.handlersPartial({ heartbeat: () => ({ currentTime: "" }) }),
    // @ts-expect-error -- a reply with the response of another action
    V16.handlersPartial({ heartbeat: () => Reply.then({ status: "Accepted" }, Effect.void) }),
    // @ts-expect-error -- the field of another request
    V16.handlersPartial({ dataTransfer: ({ idTag }) => Effect.succeed({ status: "Accepted", data: String(idTag) }) })
  ])

  proves("bring their services into the layer, and nothing else", () => {
    const layer = Csms.layer({
      accept: () => Effect.asVoid(Users),
      handlers: [V16.handlersPartial({ heartbeat: () => Effect.map(Tariffs, () => ({ currentTime: "" })) })]
    })
    expectTypeOf(needs(layer)).toEqualTypeOf<Users | Tariffs>()
    expectTypeOf(
      needs(Csms.layer({ accept: () => Effect.void, handlers: [V16.handlers(core)] }))
    ).toEqualTypeOf<never>()
  })

  proves("refuse a handshake with nothing but a status", () => [
    // @ts-expect-error -- another error
    Csms.layer({ accept: () => Effect.fail(new Error("no")), handlers: [] })
  ])
})

describe("A station's layer", () => {
  proves("gives the calls to the CSMS and needs a connector and the services of its handlers", () => {
    const plain = Station.layer(V16.protocol, address)
    expectTypeOf(plain).toEqualTypeOf<Layer.Layer<V16.Csms | Station, ConnectError, Connector>>()
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

  proves("takes handlers that were given a type", (record: V16.StationHandlers) => {
    const layer = Station.layer(V16.protocol, { ...address, handlers: V16.stationHandlers(record) })
    expectTypeOf(needs(layer)).toEqualTypeOf<Connector>()
  })

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

declare const requirement: <R>(set: Protocol.HandlerSet<"1.6", R>) => R
declare const needs: <A, E, R>(layer: Layer.Layer<A, E, R>) => R
