/**
 * A month with all that the field does to billing at the same time: messages that break their connection, answers that
 * are lost, faults in payloads and frames, a CSMS that is restarted and tells a time that cannot be true, and power cuts.
 * In the end the CSMS has of every transaction what the meter has counted.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Connector } from "../../src/station/Connector.ts"
import * as Tolerance from "../../src/Tolerance.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import { textOf } from "../support/engine.ts"
import { live, type Session, virtual } from "../support/longRun.ts"
import { simulate } from "../support/outbox.ts"
import type * as Seeded from "../support/seeded.ts"
import { v16, v201 } from "../support/versions.ts"

type Frame = readonly [type: number, id: string, action: string, payload: Record<string, unknown>]

/** What a station gets wrong in a CALL, on the wire. */
const spoilt: Readonly<Record<string, (frame: Frame) => string>> = {
  "a byte order mark": (frame) => `\ufeff${JSON.stringify(frame)}`,
  "text behind the frame": (frame) => `${JSON.stringify(frame)}\n\0`,
  "an element too many": (frame) => JSON.stringify([...frame, null]),
  "a message type as text": ([type, ...rest]) => JSON.stringify([String(type), ...rest]),
  "an unknown field": ([type, id, action, payload]) => JSON.stringify([type, id, action, { ...payload, vendor: "x" }]),
  "a field that is null": ([type, id, action, payload]) =>
    JSON.stringify([type, id, action, { ...payload, customData: null }]),
  "a time without an offset": (frame) => JSON.stringify(frame).replaceAll(/(T[\d:.]+)Z"/g, '$1"'),
  "a time with a trailing blank": (frame) => JSON.stringify(frame).replaceAll(/(T[\d:.]+Z)"/g, '$1 "')
}

/** What befalls a message of a transaction each time that it is sent, decided when it is sent first. */
const fates = ["too large", "lost answer", "error", "cut", "spoilt", "well"] as const

type Fate = (typeof fates)[number]

const isOfTransaction = (action: unknown): boolean =>
  ["StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"].includes(String(action))

class World {
  private readonly random: Seeded.Seeded
  private readonly counts: Record<string, number>
  private readonly fateOf = new Map<string, Fate>()
  private readonly sendings = new Map<string, number>()
  private readonly swallowed = new Set<string>()

  constructor(random: Seeded.Seeded, counts: Record<string, number>) {
    this.random = random
    this.counts = counts
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  /** What becomes of a CALL of the station: it is passed on as a text, answered, or ends the connection with a code. */
  sent(text: string): { readonly text?: string; readonly answer?: unknown; readonly code?: number } {
    const frame: Frame = JSON.parse(text)
    const [type, id, action] = frame
    if (type !== 2 || !isOfTransaction(action)) return { text }
    const fate = this.fateOf.get(id) ?? this.draw()
    const before = this.sendings.get(id) ?? 0
    this.fateOf.set(id, fate)
    this.sendings.set(id, before + 1)
    switch (fate) {
      case "too large":
        // Until it was set aside and, once more, in vain.
        if (before >= 4) return { text }
        this.count(fate)
        return { code: 1009 }
      case "lost answer":
        if (before >= 2) return { text }
        this.count(fate)
        this.swallowed.add(id)
        return { text }
      case "error":
        if (before >= 2) return { text }
        this.count(fate)
        return { answer: [4, id, "InternalError", "", {}] }
      case "cut":
        if (before >= 4) return { text }
        this.count(fate)
        return { code: 1006 }
      case "spoilt": {
        const [what = "", spoil = JSON.stringify] = this.random.pick(Object.entries(spoilt))
        this.count(what)
        return { text: spoil(frame) }
      }
      case "well":
        return { text }
    }
  }

  /** What the station gets of the CSMS; `undefined` if it is lost. */
  received(text: string): string | undefined {
    const [type, id] = JSON.parse(text)
    if (type !== 2 && this.swallowed.delete(id)) return undefined
    if (!text.includes('"currentTime"') || this.random.next() > 0.2) return text
    this.count("a time that cannot be true")
    return text.replace(/"currentTime":"[^"]*"/, '"currentTime":"9999-12-31T23:59:59Z"')
  }

  private draw(): Fate {
    const dice = this.random.next()
    if (dice < 0.02) return "too large"
    if (dice < 0.06) return "lost answer"
    if (dice < 0.1) return "error"
    if (dice < 0.13) return "cut"
    return dice < 0.4 ? "spoilt" : "well"
  }
}

const faulty = (connector: Connector["Service"], random: Seeded.Seeded, counts: Record<string, number>) => {
  const world = new World(random, counts)
  return Connector.of({
    connect: (options) =>
      Effect.gen(function* () {
        const connection = yield* connector.connect(options)
        const inner = textOf(connection)
        const run = Effect.runForkWith(yield* Effect.context<never>())
        const soon = (what: () => void): void => void run(Effect.andThen(Effect.sleep("100 millis"), Effect.sync(what)))
        let station: Listener | undefined
        const end = (code: number, reason: string): void => {
          const listener = station
          station = undefined
          listener?.closed(code, reason)
        }
        const transport: Transport = {
          ...inner,
          close: (code, reason) => inner.close(code, reason),
          send: (frame) => {
            const { answer, code, text } = world.sent(frame)
            if (answer !== undefined) soon(() => station?.frame(JSON.stringify(answer)))
            if (code !== undefined) {
              soon(() => {
                inner.close(1000, "")
                end(code, "")
              })
            }
            return text === undefined || inner.send(text)
          },
          listen: (listener) => {
            station = listener
            inner.listen({
              frame: (frame) => {
                const text = world.received(frame)
                if (text !== undefined) station?.frame(text)
              },
              dropped: (...what) => station?.dropped(...what),
              closed: end
            })
          }
        }
        return { subprotocol: connection.subprotocol, transport }
      })
  })
}

const inOrder = (sessions: ReadonlyArray<Session>): ReadonlyArray<string> =>
  sessions
    .map(({ startTimestamp, stopTimestamp, ...rest }) =>
      JSON.stringify({ ...rest, start: timeOf(startTimestamp), stop: timeOf(stopTimestamp ?? "") })
    )
    .toSorted()

const timeOf = (text: string): string => text.trim().replace(/Z?$/, "Z")

describe("a month with everything that the field does to billing", () => {
  for (const version of [v16, v201]) {
    it.live(
      `[FIELD-K1] [FIELD-K2] [FIELD-K3] [FIELD-K4] [FIELD-K5] [FIELD-K11] [FIELD-K14] with ${version.name}: ledger and meter agree`,
      () =>
        simulate(
          Effect.gen(function* () {
            const { books, counts, deviations, known } = yield* live(version, {
              name: "a month",
              days: 31,
              csms: virtual({ accept: () => Effect.succeed({ tolerance: Tolerance.lenient }) }),
              faulty,
              restarts: 2
            })
            // What was set aside comes later, and a time can have come in another form.
            assert.deepStrictEqual(inOrder(known), inOrder(books))
            // It was worth it.
            assert.isAbove(books.length, 150)
            for (const what of [
              ...fates.slice(0, 4),
              ...Object.keys(spoilt),
              "restarts",
              "a time that cannot be true"
            ]) {
              assert.isAbove(counts[what] ?? 0, 2, what)
            }
            assert.isAtLeast(new Set(deviations.map(({ kind }) => kind)).size, 6)
          }),
          version.name
        ),
      120_000
    )
  }
})
