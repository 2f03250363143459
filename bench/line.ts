/** A connection as cheap as can be: a frame takes one turn of the microtask queue. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Endpoint } from "../src/csms/Endpoint.ts"
import { Connector } from "../src/station/Connector.ts"
import type { Listener, Transport } from "../src/Transport.ts"

class End implements Transport {
  other: End = this
  private listener: Listener | undefined = undefined
  private early: Array<string> = []

  send(frame: string): boolean {
    queueMicrotask(() => this.other.receive(frame))
    return true
  }
  close(): void {}
  listen(listener: Listener): void {
    this.listener = listener
    for (const frame of this.early.splice(0)) listener.frame(frame)
  }
  pause(): void {}
  resume(): void {}

  private receive(frame: string): void {
    if (this.listener === undefined) this.early.push(frame)
    else this.listener.frame(frame)
  }
}

/** Connects stations with the CSMS of this process. */
export const NetworkLive = Layer.effect(
  Connector,
  Effect.map(Endpoint, (endpoint) =>
    Connector.of({
      connect: Effect.fnUntraced(function* ({ identity, subprotocols }) {
        const { agreed } = yield* Effect.orDie(
          endpoint.accept({
            identity,
            path: `/${identity}`,
            subprotocols,
            credentials: Option.none(),
            remoteAddress: undefined,
            isSecure: false,
            tls: undefined,
            query: new URLSearchParams(),
            headers: new Map()
          })
        )
        if (agreed === undefined) return yield* Effect.die(new Error("no common sub-protocol"))
        const [station, csms] = [new End(), new End()]
        station.other = csms
        csms.other = station
        agreed.connect(csms)
        return { subprotocol: agreed.subprotocol, transport: station }
      })
    })
  )
)

/** Makes one call after the other; gives the microseconds of CPU that one takes. */
export const slice = Effect.fnUntraced(function* (call: Effect.Effect<unknown, unknown>, calls: number) {
  const start = process.cpuUsage()
  for (let made = 0; made < calls; made++) yield* call
  const { system, user } = process.cpuUsage(start)
  return (user + system) / calls
})

/** The microseconds that a call takes in some ways, round by round: each way gets a slice, every round beginning with another. */
export const compare = Effect.fnUntraced(function* (
  ways: ReadonlyArray<Effect.Effect<unknown, unknown>>,
  calls: number,
  rounds: number
) {
  const slices = ways.map((): Array<number> => [])
  const warmUps = Math.ceil(rounds / 5)
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const index = (turn + round + warmUps) % ways.length
      const micros = yield* slice(ways[index]!, calls)
      if (round >= 0) slices[index]!.push(micros)
    }
  }
  return slices
})

export const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
