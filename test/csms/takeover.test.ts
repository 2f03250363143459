import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { SessionEvent } from "../../src/csms/index.ts"
import { WireLog } from "../../src/json/WireLog.ts"
import type { Listener, Transport } from "../../src/Transport.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { core, time } from "../support/messages.ts"
import { failure, outcome } from "../support/outcome.ts"
import { collect, settled, start } from "../support/time.ts"

const handlers = [V16.csmsHandlers(core)]

const told = (events: ReadonlyArray<SessionEvent>) => events.map(({ _tag, session }) => [_tag, session])

describe("A second connection of one identity", () => {
  it.effect("[CON-12] replaces the first, which is closed", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const events = yield* collect(csms.sessions)
      const first = yield* connect("CP001")
      const second = yield* connect("CP001")
      assert.deepStrictEqual(first.raw.end?.code, 1000)
      assert.strictEqual(second.raw.end, undefined)
      assert.deepStrictEqual(yield* csms.connected, [second.session])
      assert.deepStrictEqual(told(events), [
        ["Connected", first.session],
        ["Replaced", first.session],
        ["Connected", second.session]
      ])
      yield* second.raw.close()
      assert.deepStrictEqual(told(events).slice(3), [["Disconnected", second.session]])
    })
  )

  it.effect("[CON-12] gets the calls from then on", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const first = yield* connect("CP001")
      const second = yield* connect("CP001")
      yield* start(csms.call("CP001", V16.ClearCache, {}))
      yield* second.raw.nextCall("ClearCache")
      assert.deepStrictEqual(yield* first.raw.news, [])
      const old = yield* start(first.session.call(V16.ClearCache, {}))
      assert.strictEqual(outcome(old), "NotConnected")
    })
  )

  it.effect("[CON-12] ends the calls of the first at once: what was sent is Uncertain, what waits is NotSent", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const first = yield* connect("CP001")
      const sent = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const waiting = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const messageId = yield* first.raw.nextCall("ClearCache")
      const second = yield* connect("CP001")
      assert.deepStrictEqual(yield* failure(sent), {
        _tag: "Uncertain",
        action: "ClearCache",
        messageId,
        reason: "ConnectionLost"
      })
      assert.strictEqual(outcome(waiting), "NotConnected")
      assert.deepStrictEqual(yield* second.raw.news, [])
    })
  )

  it.effect("[CON-12] gets the calls that are repeated the moment the first is lost", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const { connect, csms } = yield* makeCsms({ handlers, calls: { retry: Schedule.recurs(1) } }).pipe(
        Effect.provideService(WireLog, ({ direction, frame }) => void log.push(`${direction} ${frame}`))
      )
      const first = yield* connect("CP001")
      const call = yield* start(csms.call("CP001", V16.ClearCache, {}))
      const id = yield* first.raw.nextCall("ClearCache")
      const second = yield* connect("CP001")
      assert.strictEqual(yield* second.raw.nextCall("ClearCache"), id)
      yield* second.raw.send([3, id, { status: "Accepted" }])
      assert.strictEqual(outcome(call), "ok")
      assert.strictEqual(log.length, 3)
    })
  )

  it.effect("[CON-12] interrupts the handlers of the first and ends its scope", () =>
    Effect.gen(function* () {
      const { connect } = yield* makeCsms({ handlers: [V16.csmsHandlersPartial({ heartbeat: () => Effect.never })] })
      const first = yield* connect("CP001")
      const task = yield* Effect.forkIn(Effect.never, first.session.scope)
      yield* first.raw.send([2, "1", "Heartbeat", {}])
      const second = yield* connect("CP001")
      assert.strictEqual(outcome(task), "interrupted")
      assert.deepStrictEqual(yield* first.raw.news, [])
      const other = yield* Effect.forkIn(Effect.never, second.session.scope)
      yield* settled
      assert.strictEqual(outcome(other), "open")
    })
  )

  it.effect("[CON-12] leaves other stations alone", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const other = yield* connect("CP002")
      const call = yield* start(csms.call("CP002", V16.ClearCache, {}))
      yield* connect("CP001")
      yield* connect("CP001")
      assert.strictEqual(other.raw.end, undefined)
      assert.strictEqual(outcome(call), "open")
    })
  )

  it.effect("[CON-12] stays when the first closes late, whatever still comes from it", () =>
    Effect.gen(function* () {
      const { connect, csms, deviations, endpoint } = yield* makeCsms({ handlers })
      const events = yield* collect(csms.sessions)
      const slow = new SlowTransport()
      const { agreed } = yield* endpoint.accept(handshake("CP001"))
      const first = agreed?.connect(slow)
      const second = yield* connect("CP001")
      assert.isTrue(slow.isClosing)

      slow.listener?.frame(`[2,"1","Heartbeat",{}]`)
      slow.listener?.frame("nonsense")
      slow.listener?.closed(1006, "")
      yield* settled

      assert.deepStrictEqual(slow.sent, [])
      assert.deepStrictEqual(deviations, [])
      assert.deepStrictEqual(told(events), [
        ["Connected", first],
        ["Replaced", first],
        ["Connected", second.session]
      ])
      assert.deepStrictEqual(yield* csms.connected, [second.session])
      yield* second.raw.send([2, "2", "Heartbeat", {}])
      assert.deepStrictEqual(yield* second.raw.next, [3, "2", { currentTime: time }])
    })
  )

  it.effect("[CON-12] may itself be replaced", () =>
    Effect.gen(function* () {
      const { connect, csms } = yield* makeCsms({ handlers })
      const events = yield* collect(csms.sessions)
      yield* connect("CP001")
      yield* connect("CP001")
      const third = yield* connect("CP001")
      assert.deepStrictEqual(
        events.map(({ _tag }) => _tag),
        ["Connected", "Replaced", "Connected", "Replaced", "Connected"]
      )
      assert.deepStrictEqual(yield* csms.connected, [third.session])
    })
  )
})

/** A socket whose close takes for ever. */
class SlowTransport implements Transport {
  readonly sent: Array<string> = []
  isClosing = false
  listener: Listener | undefined = undefined

  send(frame: string): boolean {
    this.sent.push(frame)
    return true
  }

  close(): void {
    this.isClosing = true
  }

  listen(listener: Listener): void {
    this.listener = listener
  }

  pause(): void {}

  resume(): void {}
}
