/**
 * A gateway whose station and CSMS are by hand. Every frame to the CSMS is looked at with its official schema.
 */
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { adapter as adapter15 } from "../../src/adapter/V15.ts"
import { adapter as adapter16 } from "../../src/adapter/V16.ts"
import { adapter as adapter201 } from "../../src/adapter/V201.ts"
import { adapter as adapter21 } from "../../src/adapter/V21.ts"
import { Endpoint, type Handshake } from "../../src/csms/index.ts"
import { Gateway } from "../../src/gateway/index.ts"
import { Storage, type StorageError } from "../../src/Storage.ts"
import { connectTo, handshake } from "../support/csms.ts"
import * as Official from "../support/official.ts"
import { hasDocuments } from "../support/oracle.ts"
import type { Raw } from "../support/raw.ts"
import { Network } from "../support/station.ts"
import { settled } from "../support/time.ts"

export const adapters = { "1.5": adapter15, "1.6": adapter16, "2.0.1": adapter201, "2.1": adapter21 }

export type Version = keyof typeof adapters

const subprotocols = { "1.5": "ocpp1.5", "1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1" }

/** Fails unless a message satisfies the official schema, if its version has any: 1.5 has none. */
export const official = (version: Version, action: string, part: "req" | "conf", payload: unknown): void => {
  if (hasDocuments(version)) Official.official(version, action, part, payload)
}

/** What passes a gateway has arrived, after all that is stored for it. */
export const arrived = Effect.repeat(settled, { times: 3 })

/** A side by hand, which sends requests and answers those that come. */
export class Side {
  readonly raw: Raw
  private readonly version: Version
  private messages = 0

  constructor(raw: Raw, version: Version) {
    this.raw = raw
    this.version = version
  }

  /** The request that came since then, which satisfies its official schema, and a way to answer it. */
  readonly asked = Effect.fnUntraced(function* (this: Side, name: string) {
    yield* arrived
    const [type, id, action, payload] = yield* this.raw.next
    assert.deepStrictEqual([type, action], [2, name])
    official(this.version, name, "req", payload)
    return {
      payload: payload as any,
      answer: (response: object) => this.raw.send([3, id, response]),
      refuse: (code: string) => this.raw.send([4, id, code, "", {}])
    }
  })

  /** Sends a request. */
  send(action: string, payload: object): Effect.Effect<void> {
    official(this.version, action, "req", payload)
    return Effect.andThen(this.raw.send([2, `m${++this.messages}`, action, payload]), arrived)
  }

  /** All frames since then. */
  get news() {
    return Effect.andThen(arrived, this.raw.news)
  }

  /** Answers a request, which satisfied its schema. */
  answer(id: unknown, response: object): Effect.Effect<void> {
    return Effect.andThen(this.raw.send([3, id, response]), arrived)
  }

  /** What the request was answered with: the response, which satisfies its official schema, or the code of the error. */
  readonly got = Effect.fnUntraced(function* (this: Side, action: string) {
    yield* arrived
    const [type, , answer] = yield* this.raw.next
    if (type === 3) official(this.version, action, "conf", answer)
    return answer as any
  })
}

/** A gateway that can be killed. */
export const world = Effect.fnUntraced(function* (
  front: Version,
  upstream: Version,
  options: Partial<Gateway.GatewayOptions> = {}
) {
  const outer = yield* Effect.scope
  const memory = Context.get(yield* Layer.build(Storage.layerMemory), Storage)
  /** What a commit waits for first; like one in a file it takes its time. A commit fails if this does. */
  const disk = { before: Effect.yieldNow as Effect.Effect<void, StorageError> }
  const storage = Storage.of({
    get: (space, key) => Effect.andThen(Effect.yieldNow, memory.get(space, key)),
    read: (space, range) => Effect.andThen(Effect.yieldNow, memory.read(space, range)),
    commit: (changes) =>
      Effect.andThen(
        Effect.suspend(() => disk.before),
        memory.commit(changes)
      )
  })
  const network = new Network()
  const layer = Gateway.layer({
    url: "ws://csms.example",
    upstream: adapters[upstream],
    versions: [adapters[front]],
    ...options
  }).pipe(Layer.provide(network.layer), Layer.provide(Layer.succeed(Storage, storage)))
  let scope = yield* Scope.fork(outer)
  let endpoint = Context.get(yield* Scope.provide(Layer.build(layer), scope), Endpoint)

  /** Connects the station, while there may be no CSMS. */
  const alone = Effect.fnUntraced(function* (
    identity = "CP001",
    version: Version = front,
    credentials?: Handshake["credentials"] extends Option.Option<infer C> ? C : never
  ) {
    const asked = handshake(identity, credentials, subprotocols[version])
    const { raw } = yield* connectTo({ accept: () => endpoint.accept(asked) })(identity)
    yield* settled
    return new Side(raw, version)
  })

  /** Connects the station, and with it the CSMS. */
  const both = Effect.fnUntraced(function* (identity?: string) {
    const station = yield* alone(identity)
    return { station, csms: new Side(network.raw, upstream) }
  })
  const connect = Object.assign(both, { alone })

  const kill = Effect.gen(function* () {
    yield* Scope.close(scope, Exit.void)
    scope = yield* Scope.fork(outer)
    endpoint = Context.get(yield* Scope.provide(Layer.build(layer), scope), Endpoint)
  })

  return { connect, disk, endpoint: () => endpoint, kill, network }
})
