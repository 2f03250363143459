import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Link from "../../src/simulation/Link.ts"
import { Simulation } from "../../src/simulation/Simulation.ts"
import type { Transport } from "../../src/Transport.ts"

type Event = readonly [at: number, what: string]

/** What a side hears, and when. */
const listen = (transport: Transport): Effect.Effect<ReadonlyArray<Event>> =>
  Effect.map(Clock.Clock, (clock) => {
    const heard: Array<Event> = []
    const hear = (what: string): void => {
      heard.push([clock.currentTimeMillisUnsafe(), what])
    }
    transport.listen({
      frame: hear,
      dropped: (kind) => hear(`dropped ${kind}`),
      closed: (code, reason) => hear(`closed ${code} ${reason}`)
    })
    return heard
  })

/** A link whose sides listen. */
const open = Effect.fnUntraced(function* (options?: Link.LinkOptions) {
  const link = yield* Link.make(options)
  return { ...link, atStation: yield* listen(link.station), atCsms: yield* listen(link.csms) }
})

const texts = (heard: ReadonlyArray<Event>): ReadonlyArray<string> => heard.map(([, what]) => what)

const numbers = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => `frame ${index}`)

const send = (transport: Transport, frames: ReadonlyArray<string>): void => {
  for (const frame of frames) assert.isTrue(transport.send(frame))
}

describe("A link", () => {
  it.effect("carries frames both ways in no time, but not before the sender goes on", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, station } = yield* open()
      send(station, ["a", "b"])
      send(csms, ["c"])
      assert.deepStrictEqual([...atCsms, ...atStation], [])
      yield* Effect.sleep(1)
      assert.deepStrictEqual(atCsms, [
        [0, "a"],
        [0, "b"]
      ])
      assert.deepStrictEqual(atStation, [[0, "c"]])
    }).pipe(Simulation.run)
  )

  it.effect("works under a test clock as well", () =>
    Effect.gen(function* () {
      const { atCsms, station } = yield* open({ latency: "1 second" })
      send(station, ["a"])
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(atCsms, [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(atCsms, [[1000, "a"]])

      const quick = yield* open()
      send(quick.csms, ["b"])
      assert.deepStrictEqual(quick.atStation, [])
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(quick.atStation, [[1000, "b"]])
    })
  )

  it.effect("holds frames until someone listens", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* Link.make()
      send(csms, ["a", "b"])
      yield* Effect.sleep("1 hour")
      const atStation = yield* listen(station)
      yield* Effect.sleep(1)
      assert.deepStrictEqual(atStation, [
        [3_600_000, "a"],
        [3_600_000, "b"]
      ])
    }).pipe(Simulation.run)
  )

  it.effect("delays each frame by the latency, all at the same time", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, station } = yield* open({ latency: 30, toStation: { latency: "2 seconds" } })
      send(station, ["a"])
      yield* Effect.sleep(10)
      send(station, ["b"])
      send(csms, ["c"])
      yield* Effect.sleep("1 minute")
      assert.deepStrictEqual(atCsms, [
        [30, "a"],
        [40, "b"]
      ])
      assert.deepStrictEqual(atStation, [[2010, "c"]])
    }).pipe(Simulation.run)
  )

  it.effect("delays at random within the jitter, and keeps the order", () =>
    Effect.gen(function* () {
      const run = Effect.gen(function* () {
        const { atCsms, station } = yield* open({ latency: 100, jitter: 50 })
        for (const frame of numbers(200)) {
          send(station, [frame])
          yield* Effect.sleep(10)
        }
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual(texts(atCsms), numbers(200))
        return atCsms.map(([at], index) => at - index * 10)
      })
      const delays = yield* Simulation.run(run, { seed: 1 })
      assert.isAtLeast(Math.min(...delays), 100)
      assert.isAtMost(Math.max(...delays), 150)
      assert.isAtLeast(new Set(delays).size, 20)
      assert.deepStrictEqual(yield* Simulation.run(run, { seed: 1 }), delays)
      assert.notDeepEqual(yield* Simulation.run(run, { seed: 2 }), delays)
    })
  )

  it.effect("loses frames of a direction, as many as it is told", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, station } = yield* open({ toCsms: { loss: 0.25 } })
      send(station, numbers(4000))
      send(csms, numbers(100))
      yield* Effect.sleep("1 second")
      assert.approximately(atCsms.length, 3000, 150)
      assert.deepStrictEqual(texts(atStation), numbers(100))
      assert.strictEqual(new Set(texts(atCsms)).size, atCsms.length)
    }).pipe((test) => Simulation.run(test, { seed: 1 }))
  )

  it.effect("changes the text of frames, as many as it is told", () =>
    Effect.gen(function* () {
      const sent = '[2,"1","Heartbeat",{}]'
      const { atCsms, station } = yield* open({ corruption: 0.25 })
      send(
        station,
        Array.from({ length: 4000 }, () => sent)
      )
      yield* Effect.sleep("1 second")
      const changed = texts(atCsms).filter((text) => text !== sent)
      assert.strictEqual(atCsms.length, 4000)
      assert.approximately(changed.length, 1000, 100)
      assert.isTrue(changed.some((text) => text.length > sent.length))
      assert.isTrue(changed.some((text) => text.length === sent.length))
      assert.isTrue(changed.some((text) => text.length < sent.length - 1))
      assert.isAtLeast(new Set(changed).size, 300)
    }).pipe((test) => Simulation.run(test, { seed: 1 }))
  )

  it.effect("gives a slow reader so many frames a second, and the rest later", () =>
    Effect.gen(function* () {
      const { atCsms, station } = yield* open({ latency: 100, toCsms: { rate: 4 } })
      send(station, numbers(4))
      yield* Effect.sleep("10 seconds")
      send(station, ["late"])
      yield* Effect.sleep("10 seconds")
      assert.deepStrictEqual(
        atCsms.map(([at]) => at),
        [100, 350, 600, 850, 10_100]
      )
    }).pipe(Simulation.run)
  )

  it.effect("delivers nothing to a side that is paused, and then everything in order", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, station } = yield* open({ latency: 100 })
      send(csms, ["a"])
      station.pause()
      yield* Effect.sleep("1 second")
      send(csms, ["b"])
      send(station, ["c"])
      csms.close(1000, "bye")
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(atStation, [])
      assert.deepStrictEqual(texts(atCsms), ["c", "closed 1000 bye"])
      station.resume()
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(atStation, [
        [2000, "a"],
        [2000, "b"],
        [2000, "closed 1000 bye"]
      ])
    }).pipe(Simulation.run)
  )

  it.effect("stops in the middle for a side that pauses while it hears a frame", () =>
    Effect.gen(function* () {
      const { csms, station } = yield* Link.make()
      const heard: Array<string> = []
      station.listen({
        frame: (text) => {
          heard.push(text)
          station.pause()
        },
        dropped: () => {},
        closed: () => {}
      })
      send(csms, ["a", "b"])
      yield* Effect.sleep(1)
      assert.deepStrictEqual(heard, ["a"])
      station.resume()
      yield* Effect.sleep(1)
      assert.deepStrictEqual(heard, ["a", "b"])
    }).pipe(Simulation.run)
  )
})

describe("The end of a link", () => {
  it.effect("is told to both sides once, after the frames before it", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, isOpen, station } = yield* open({ latency: 100 })
      send(csms, ["a"])
      yield* Effect.sleep(50)
      send(station, ["b"])
      station.close(1000, "bye")
      assert.isFalse(station.send("too late"))
      assert.isTrue(csms.send("nobody reads this any more"))
      assert.isTrue(yield* isOpen)
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(atCsms, [
        [150, "b"],
        [150, "closed 1000 bye"]
      ])
      assert.deepStrictEqual(atStation, [
        [100, "a"],
        [100, "closed 1000 bye"]
      ])
      assert.isFalse(csms.send("too late"))
      assert.isFalse(yield* isOpen)
      station.close(1001, "again")
      csms.close(1001, "again")
      yield* Effect.sleep("1 second")
      assert.lengthOf([...atCsms, ...atStation], 4)
    }).pipe(Simulation.run)
  )

  it.effect("is told once to each side even if both close", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, station } = yield* open({ latency: 100 })
      station.close(1000, "of the station")
      csms.close(1001, "of the CSMS")
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(texts(atStation), ["closed 1000 of the station"])
      assert.deepStrictEqual(texts(atCsms), ["closed 1000 of the station"])
    }).pipe(Simulation.run)
  )

  it.effect("[FIELD-K13] need not be told to a side that closes and never listens", () =>
    Effect.gen(function* () {
      for (const [leaver, other] of [
        ["csms", "station"],
        ["station", "csms"]
      ] as const) {
        for (const isCut of [false, true]) {
          const link = yield* Link.make({ latency: 100 })
          const heard = yield* listen(link[other])
          if (isCut) yield* link.cut()
          link[leaver].close(1008, "no")
          assert.isTrue(yield* link.isOpen)
          yield* Effect.sleep("1 second")
          assert.deepStrictEqual(texts(heard), [isCut ? "closed 1006 " : "closed 1008 no"])
          assert.deepStrictEqual([yield* link.isOpen, yield* link.isCut], [false, isCut])
          // It may listen after all.
          assert.strictEqual(texts(yield* listen(link[leaver])).length, 0)
          yield* Effect.sleep(1)
        }
      }
    }).pipe(Simulation.run)
  )

  it.effect("by a cut is told at once with 1006, and what is under way is lost", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, cut, isOpen, station } = yield* open({ latency: 100 })
      send(csms, ["a"])
      yield* Effect.sleep(50)
      send(station, ["b"])
      station.pause()
      yield* cut()
      yield* Effect.sleep(1)
      assert.isFalse(station.send("too late"))
      assert.isFalse(csms.send("too late"))
      station.close(1000, "")
      yield* cut()
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(atStation, [[50, "closed 1006 "]])
      assert.deepStrictEqual(atCsms, [[50, "closed 1006 "]])
      assert.isFalse(yield* isOpen)
    }).pipe(Simulation.run)
  )

  it.effect("by a cut can be noticed later by a side, whose frames are lost until then", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, cut, isOpen, station } = yield* open({ latency: 100 })
      send(station, ["lost"])
      yield* cut({ csms: "2 minutes" })
      yield* Effect.sleep("1 minute")
      assert.deepStrictEqual(atStation, [[0, "closed 1006 "]])
      assert.isTrue(csms.send("to nobody"))
      assert.isTrue(yield* isOpen)
      yield* Effect.sleep("2 minutes")
      assert.deepStrictEqual(atCsms, [[120_000, "closed 1006 "]])
      assert.lengthOf(atStation, 1)
      assert.isFalse(csms.send("too late"))

      const both = yield* open()
      yield* both.cut({ station: "1 minute", csms: "1 minute" })
      send(both.station, ["lost"])
      send(both.csms, ["lost"])
      yield* Effect.sleep("1 hour")
      assert.deepStrictEqual(texts([...both.atStation, ...both.atCsms]), ["closed 1006 ", "closed 1006 "])
    }).pipe(Simulation.run)
  )

  it.effect("by a cut is told to whoever listens later", () =>
    Effect.gen(function* () {
      const { csms, cut, station } = yield* Link.make()
      send(csms, ["lost"])
      yield* cut()
      yield* Effect.sleep("1 second")
      const atStation = yield* listen(station)
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(atStation, [[1000, "closed 1006 "]])
    }).pipe(Simulation.run)
  )

  it.effect("is told to nobody when it is half open, until a side closes", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, halfOpen, isOpen, station } = yield* open({ latency: 100 })
      send(csms, ["lost"])
      send(station, ["lost"])
      yield* halfOpen()
      send(csms, ["lost"])
      send(station, ["lost"])
      yield* Effect.sleep("1 day")
      assert.deepStrictEqual([...atStation, ...atCsms], [])
      csms.close(1000, "bye")
      yield* Effect.sleep("1 day")
      assert.deepStrictEqual(texts(atCsms), ["closed 1000 bye"])
      assert.deepStrictEqual(atStation, [])
      assert.isTrue(station.send("to nobody"))
      assert.isTrue(yield* isOpen)
      station.close(1001, "")
      yield* Effect.sleep("1 day")
      assert.deepStrictEqual(texts(atStation), ["closed 1001 "])
      assert.lengthOf(atCsms, 1)
      assert.isFalse(yield* isOpen)
    }).pipe(Simulation.run)
  )

  it.effect("is told to whoever closed just before, too", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, halfOpen, station } = yield* open({ latency: 100 })
      send(csms, ["lost"])
      station.close(1000, "bye")
      yield* halfOpen()
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(texts(atStation), ["closed 1000 bye"])
      assert.deepStrictEqual(atCsms, [])
    }).pipe(Simulation.run)
  )

  it.effect("can be half open in one direction, and is told in the other", () =>
    Effect.gen(function* () {
      const { atCsms, atStation, csms, halfOpen, station } = yield* open({ latency: 100 })
      yield* halfOpen("toCsms")
      send(station, ["lost"])
      send(csms, ["a"])
      csms.close(1000, "bye")
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(texts(atStation), ["a", "closed 1000 bye"])
      assert.deepStrictEqual(texts(atCsms), ["closed 1000 bye"])

      const other = yield* open()
      yield* other.halfOpen("toStation")
      send(other.station, ["b"])
      send(other.csms, ["lost"])
      yield* Effect.sleep("1 second")
      assert.deepStrictEqual(texts(other.atCsms), ["b"])
      assert.deepStrictEqual(other.atStation, [])
    }).pipe(Simulation.run)
  )
})

describe("Without loss", () => {
  const Command = Schema.Literals(["send", "send", "send", "pause", "resume", "wait"])
  const Faults = Schema.Struct({
    latency: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
    jitter: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
    rate: Schema.optionalKey(Schema.Literals([5, 1000]))
  })

  it.effect.prop(
    "no frame is lost, repeated, changed or overtaken, however it is delayed and paused",
    [Arbitrary.schema(Faults), Arbitrary.array(Arbitrary.schema(Command), { maxLength: 60 })],
    ([faults, commands]) =>
      Effect.gen(function* () {
        const { atCsms, atStation, csms, station } = yield* open(faults)
        const sent: Array<string> = []
        let isPaused = false
        for (const command of commands) {
          const before = atCsms.length
          if (command === "send") {
            const frame = `frame ${sent.push(`frame ${sent.length}`) - 1}`
            send(station, [frame])
            send(csms, [frame])
          } else if (command === "wait") {
            yield* Effect.sleep(37)
            if (isPaused) assert.strictEqual(atCsms.length, before)
          } else {
            isPaused = command === "pause"
            csms[command]()
          }
        }
        csms.resume()
        station.close(1000, "")
        yield* Effect.sleep("1 minute")
        assert.deepStrictEqual(texts(atCsms), [...sent, "closed 1000 "])
        assert.deepStrictEqual(texts(atStation), [...sent, "closed 1000 "])
      }).pipe(Simulation.run),
    { arbitrary: { runs: 200, seed: 1 } }
  )
})
