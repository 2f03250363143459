/**
 * OCPP-S with a peer that is not ours: node-soap, made of the official WSDLs, does every operation of 1.5 and 1.6 with our
 * CSMS and with our station, as client and as server.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Action from "../../src/Action.ts"
import { Csms } from "../../src/csms/index.ts"
import { SoapClient, SoapServer } from "../../src/node/Soap.ts"
import { Station } from "../../src/station/index.ts"
import * as V15 from "../../src/v15/index.ts"
import * as Soap15 from "../../src/v15/Soap.ts"
import * as V16 from "../../src/v16/index.ts"
import * as Soap16 from "../../src/v16/Soap.ts"
import { handlersOf } from "../support/engine.ts"
import * as NodeSoap from "../support/nodeSoap.ts"
import { asSent, carriages, samples } from "../support/soap.ts"

const seed = process.env["SEED"] ?? "node-soap"

/** Texts that node-soap leaves as they are, and numbers of 32 bits. */
const isPlain = (value: unknown): boolean => {
  if (typeof value === "string") return /^[!-~](?:[ -~]*[!-~])?$/.test(value)
  if (typeof value === "number") return Math.abs(value) < 2 ** 31
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlain)
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain)
}

/** A message that both sides can say. */
const sampleOf = (schema: Action.MessageSchema, of: string): unknown => {
  for (let round = 0; round < 400; round++) {
    const found = samples(schema, `${seed} ${of} ${round}`).findLast(isPlain)
    if (found !== undefined) return asSent(found)
  }
  throw new Error(`no sample of ${of}`)
}

const server = SoapServer.layer({
  versions: carriages,
  port: 0,
  host: "127.0.0.1",
  callbacks: { allow: ["127.0.0.1"] }
})

const versions = [
  { carriage: Soap15.carriage, protocol: V15.protocol },
  { carriage: Soap16.carriage, protocol: V16.protocol }
] as const

for (const { carriage, protocol } of versions) {
  const { version } = protocol
  const ofStation = carriage.actions.filter((action) => Action.isStartedBy(action, "station"))
  const ofCsms = carriage.actions.filter((action) => Action.isStartedBy(action, "csms"))
  const requests = new Map(
    carriage.actions.map((action) => [action.name, sampleOf(action.request, `${version} ${action.name}`)])
  )
  const responses = new Map(
    carriage.actions.map((action) => [action.name, sampleOf(action.response!, `${version} ${action.name} response`)])
  )
  /** The first boot has to be accepted for the rest to pass. */
  const responseOf = (name: string): unknown => {
    const response = responses.get(name)
    return name === "BootNotification" ? { ...(response as object), status: "Accepted" } : response
  }

  /** Handlers of a side that note what they get. */
  const noting = <const S extends Action.Side>(side: S, got: Map<string, unknown>) =>
    handlersOf(
      protocol,
      side,
      new Map(
        carriage.actions.map(({ name }) => [
          name,
          (request: unknown) => Effect.sync(() => (got.set(name, request), responseOf(name)))
        ])
      )
    )

  describe(`node-soap of ${version} (seed ${seed})`, () => {
    it.live("as client does every operation of our CSMS", () => {
      const got = new Map<string, unknown>()
      const live = server.pipe(
        Layer.provideMerge(Csms.layer({ accept: () => Effect.void, handlers: [noting("csms", got)] }))
      )
      return Effect.gen(function* () {
        const { url } = yield* SoapServer.Service
        const { call } = yield* NodeSoap.client(version, "csms", url)
        for (const { name } of ofStation) {
          const answer = yield* call(name, NodeSoap.toTheirs(version, requests.get(name)))
          assert.deepStrictEqual(answer, responseOf(name), name)
          assert.deepStrictEqual(got.get(name), requests.get(name), name)
        }
        assert.deepStrictEqual(yield* (yield* SoapServer.Service).stations, [
          { identity: "CP001", version, callback: undefined, reachability: "none" }
        ])
      }).pipe(Effect.scoped, Effect.provide(live))
    })

    it.live("as server does every operation that our CSMS calls", () => {
      const got = new Map<string, unknown>()
      const live = server.pipe(
        Layer.provideMerge(Csms.layer({ accept: () => Effect.void, handlers: [noting("csms", new Map())] }))
      )
      return Effect.gen(function* () {
        const { url } = yield* SoapServer.Service
        const csms = yield* Csms
        const from = yield* NodeSoap.server(version, "station", (operation, request) => {
          got.set(operation, request)
          return responseOf(operation)
        })
        const { call } = yield* NodeSoap.client(version, "csms", url, { from })
        yield* call("BootNotification", requests.get("BootNotification"))
        for (const action of ofCsms) {
          const answer: unknown = yield* csms.call("CP001", action, requests.get(action.name))
          assert.deepStrictEqual(answer, responseOf(action.name), action.name)
          assert.deepStrictEqual(got.get(action.name), requests.get(action.name), action.name)
        }
      }).pipe(Effect.scoped, Effect.provide(live))
    })

    it.live("as CSMS does every operation with our station, in both directions", () =>
      Effect.gen(function* () {
        const asked = new Map<string, unknown>()
        const answered = new Map<string, unknown>()
        let from: string | undefined
        const url = yield* NodeSoap.server(version, "csms", (operation, request, address) => {
          from = address
          asked.set(operation, request)
          return responseOf(operation)
        })
        const options = { url, identity: "CP001", handlers: noting("station", answered) }
        // Each protocol is one that `layer` takes; both together are a type that it does not.
        const layer = Station.layer(
          protocol as typeof V16.protocol,
          options as object as { url: string; identity: string }
        )
        const connector = SoapClient.layer({ versions: [carriage], listen: { port: 0, host: "127.0.0.1" } })
        yield* Effect.gen(function* () {
          const station = yield* Station
          for (const action of ofStation) {
            const answer: unknown = yield* station.call(action, requests.get(action.name))
            assert.deepStrictEqual(answer, responseOf(action.name), action.name)
            assert.deepStrictEqual(asked.get(action.name), requests.get(action.name), action.name)
          }
          assert.match(from ?? "", /^http:\/\/127\.0\.0\.1:\d+\/CP001$/)
          const { call } = yield* NodeSoap.client(version, "station", from!)
          for (const { name } of ofCsms) {
            const answer = yield* call(name, NodeSoap.toTheirs(version, requests.get(name)))
            assert.deepStrictEqual(answer, responseOf(name), name)
            assert.deepStrictEqual(answered.get(name), requests.get(name), name)
          }
        }).pipe(Effect.provide(Layer.provide(layer, connector)))
      }).pipe(Effect.scoped)
    )
  })
}
