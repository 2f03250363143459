/**
 * Half a year of a station with two connectors: what its CSMS has in the end is what the meters have counted.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Connector } from "../../src/station/Connector.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import { textOf } from "../support/engine.ts"
import { live, virtual } from "../support/longRun.ts"
import { simulate } from "../support/outbox.ts"
import type * as Seeded from "../support/seeded.ts"
import { v16, v201 } from "../support/versions.ts"

const days = 183

const isOfTransaction = (action: unknown): boolean =>
  action === "StartTransaction" ||
  action === "StopTransaction" ||
  action === "MeterValues" ||
  action === "TransactionEvent"

/** A CSMS that at times answers with an error, and answers that get lost at times; no message meets more than two. */
const withFaults = (connector: Connector["Service"], random: Seeded.Seeded, counts: Record<string, number>) => {
  const failures = new Map<string, number>()
  const swallowed = new Set<string>()
  const wrap = (inner: Transport, answer: (frame: unknown) => void): Transport => ({
    ...inner,
    send: (text) => {
      const [type, id, action] = JSON.parse(text)
      const before = failures.get(id) ?? 0
      if (type !== 2 || !isOfTransaction(action) || before >= 2 || random.next() > 0.04) return inner.send(text)
      failures.set(id, before + 1)
      if (random.next() < 0.5) {
        counts["lost"] = (counts["lost"] ?? 0) + 1
        swallowed.add(id)
        return inner.send(text)
      }
      counts["errors"] = (counts["errors"] ?? 0) + 1
      answer([4, id, "InternalError", "", {}])
      return true
    }
  })
  return Connector.of({
    connect: (options) =>
      Effect.gen(function* () {
        const connection = yield* connector.connect(options)
        const transport = textOf(connection)
        const run = Effect.runForkWith(yield* Effect.context<never>())
        let station: Listener | undefined
        const answer = (frame: unknown): void => {
          run(
            Effect.andThen(
              Effect.sleep("100 millis"),
              Effect.sync(() => station?.frame(JSON.stringify(frame)))
            )
          )
        }
        const faulty = wrap(transport, answer)
        return {
          subprotocol: connection.subprotocol,
          transport: {
            ...faulty,
            listen: (listener) => {
              station = listener
              transport.listen({
                frame: (text) => {
                  const [type, id] = JSON.parse(text)
                  if (type === 2 || !swallowed.delete(id)) listener.frame(text)
                },
                dropped: (...what) => listener.dropped(...what),
                closed: (...why) => {
                  station = undefined
                  listener.closed(...why)
                }
              })
            }
          }
        }
      })
  })
}

describe("half a year with an outage a day, and with restarts, errors and lost answers", () => {
  for (const version of [v16, v201]) {
    it.live(
      `[TX-01] [TX-04] [TX-07] [TX-08] with ${version.name}: the CSMS has every transaction once, and every watt-hour`,
      () =>
        simulate(
          Effect.gen(function* () {
            const trouble = { name: "six months", days, csms: virtual({}), faulty: withFaults, restarts: 0 }
            const { books, counts, deviations, known } = yield* live(version, trouble)
            assert.deepStrictEqual(known, books)
            // It was worth it.
            assert.isAbove(books.length, 1000)
            assert.strictEqual(counts["outages"], days)
            for (const what of ["powerCuts", "errors", "lost"]) assert.isAbove(counts[what] ?? 0, 10, what)
            assert.deepStrictEqual(deviations, [])
          }),
          version.name
        ),
      120_000
    )
  }
})
