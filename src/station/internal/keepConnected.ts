/**
 * Keeps a station connected: opens, waits and opens again.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import type { Signal } from "../../internal/Signal.ts"
import type { Latest } from "../../internal/Latest.ts"
import { publicUrl } from "../../internal/EndpointUrl.ts"
import { escape } from "../../Escape.ts"
import type * as Peer from "../../engine/Peer.ts"
import { ConnectionLost, type ConnectionStatus } from "../ConnectionStatus.ts"
import { type ConnectError, ConnectUnreachable } from "../Connector.ts"
import * as Rotation from "./Rotation.ts"
import type { Destination, Destinations } from "./Destinations.ts"

/** An open connection. */
export interface KeptConnection {
  readonly subprotocol: string
  readonly peer: Peer.Peer
  readonly scope: Scope.Closeable
  /** Open once it is lost. */
  readonly lost: Signal
  /** How it was lost. */
  end: { readonly code: number; readonly reason: string } | undefined
  /** Whether the CSMS has sent anything. */
  isHeard: boolean
}

/** After this long a connection counts as a success even if the CSMS has sent nothing, in milliseconds. */
const holdTime = 10_000

interface KeeperOptions {
  readonly destinations: Destinations
  readonly open: (endpoint: Destination) => Effect.Effect<KeptConnection, ConnectError>
  readonly schedule: Schedule.Schedule<unknown, ConnectError | ConnectionLost>
  readonly mayFail: boolean
  readonly scope: Scope.Scope
  readonly status: Latest<ConnectionStatus>
  readonly connected: Deferred.Deferred<void, ConnectError>
}

/**
 * Connects, waits for the loss, and connects again, where and when the destinations say, until the schedule ends, and again
 * when the station starts anew; fails with the first round if it must not.
 *
 * - `scope` holds the links; it has to outlive the effect.
 * - `connected` is completed with the first connection.
 */
export const keepConnected = (options: KeeperOptions): Effect.Effect<void, ConnectError> =>
  Effect.suspend(() => new Keeper(options).keep)

class Keeper {
  private readonly options: KeeperOptions
  private attempt = 0

  constructor(options: KeeperOptions) {
    this.options = options
  }

  get keep(): Effect.Effect<void, ConnectError> {
    return Effect.gen({ self: this }, function* () {
      const { connected, destinations, mayFail, schedule } = this.options
      const { bootDue } = destinations
      let plan = destinations.boot()
      let step = yield* Schedule.toStep(schedule)
      let restartedAt = -Infinity
      while (true) {
        if (bootDue.isOpen) {
          bootDue.close()
          plan = destinations.boot()
          step = yield* Schedule.toStep(schedule)
          this.attempt = 0
          restartedAt = yield* Clock.currentTimeMillis
        }
        const { identity } = plan.left[0]
        const { error, hasWorked } = yield* this.connect(plan.left[0])
        if (hasWorked) {
          this.attempt = 0
          step = yield* Schedule.toStep(schedule)
        }
        const next = Rotation.next(plan, {
          hasWorked,
          attempts: destinations.attempts(),
          isAllowed: (other) => other.isAllowed()
        })
        plan = next.plan
        const isRestart = bootDue.isOpen && (yield* Clock.currentTimeMillis) - restartedAt >= holdTime
        if (isRestart || !next.waits) {
          yield* this.tell(identity, { _tag: "Disconnected", error, nextAttempt: 0 })
          continue
        }
        if (mayFail && next.hasFailed && error._tag !== "ConnectionLost" && !Deferred.isDoneUnsafe(connected)) {
          return yield* Effect.fail(error)
        }
        const waited = yield* Effect.option(step(yield* Clock.currentTimeMillis, error))
        if (Option.isNone(waited)) {
          yield* this.tell(identity, { _tag: "GaveUp", error })
          yield* bootDue.opened
          // No wait of the schedule is left for a station that restarts again and again.
          yield* Effect.sleep(Math.max(0, restartedAt + holdTime - (yield* Clock.currentTimeMillis)))
          continue
        }
        const [, wait] = waited.value
        yield* this.tell(identity, { _tag: "Disconnected", error, nextAttempt: Duration.toMillis(wait) })
        // A station that restarts again and again waits, too.
        if (bootDue.isOpen) {
          yield* Effect.sleep(wait)
          continue
        }
        yield* bootDue.openedWithin(Duration.toMillis(wait))
        if (bootDue.isOpen) yield* this.tell(identity, { _tag: "Disconnected", error, nextAttempt: 0 })
      }
    })
  }

  /** Tells how the connection stands, also in the log. */
  private tell(identity: string, status: ConnectionStatus): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { destinations, status: latest } = this.options
      latest.tell(status)
      return Effect.annotateLogs(logged(identity, status, destinations.bootDue.isOpen), "ocpp.identity", identity)
    })
  }

  /** Connects, and waits until the connection is lost. */
  private connect(
    endpoint: Destination
  ): Effect.Effect<{ readonly error: ConnectError | ConnectionLost; readonly hasWorked: boolean }> {
    return Effect.gen({ self: this }, function* () {
      const { connected, destinations, open, scope } = this.options
      const url = publicUrl(endpoint.url)
      yield* this.tell(endpoint.identity, { _tag: "Connecting", url, attempt: ++this.attempt })
      const opened = yield* open(endpoint).pipe(
        // A connector with a bug shall not end the attempts for good.
        Effect.catchDefect((defect) =>
          Effect.andThen(
            Effect.logError(`the connector failed at ${url}`, defect),
            Effect.fail(new ConnectUnreachable({ url, code: "the connector failed" }))
          )
        ),
        Effect.result
      )
      if (Result.isFailure(opened)) return { error: opened.failure, hasWorked: false }
      const link = opened.success
      endpoint.connected()
      yield* this.tell(endpoint.identity, { _tag: "Connected", url, subprotocol: link.subprotocol })
      yield* Deferred.succeed(connected, undefined)
      link.peer.listen()
      if (destinations.bootDue.isOpen) link.peer.close(1000, "the station reboots")
      yield* link.lost.openedWithin(holdTime)
      const hasWorked = link.isHeard || !link.lost.isOpen
      if (hasWorked) yield* endpoint.worked
      yield* link.lost.opened
      const { code, reason } = link.end!
      // What is still cleaned up may itself wait for the next connection.
      const closing = yield* Effect.forkIn(Scope.close(link.scope, Exit.void), scope, { startImmediately: true })
      if (destinations.bootDue.isOpen) yield* settled(closing)
      return { error: new ConnectionLost({ url, code, reason }), hasWorked }
    })
  }
}

/**
 * Waits until a connection is closed at the other end, too, but not for ever: what the station has answered last, such as
 * the Reset that it restarts for, has arrived there before its next connection takes over.
 */
const settled = (closing: Fiber.Fiber<unknown>): Effect.Effect<void> =>
  Effect.yieldNow.pipe(Effect.andThen(Fiber.await(closing)), Effect.timeoutOption("2 seconds"), Effect.asVoid)

/** How the connection stands, in the log. */
const logged = (identity: string, status: ConnectionStatus, isRestart: boolean): Effect.Effect<void> => {
  switch (status._tag) {
    case "Connecting":
      return Effect.logDebug(`${identity} connects to ${status.url}`)
    case "Connected":
      return Effect.logInfo(`${identity} is connected to ${status.url} with ${status.subprotocol}`)
    case "Disconnected": {
      const next = status.nextAttempt === 0 ? "now" : `in ${Math.ceil(status.nextAttempt / 1000)} s`
      if (isRestart) return Effect.logInfo(`${identity} restarts, and connects again ${next}`)
      return Effect.logWarning(escape(`${identity} is not connected: ${status.error.message}; it tries again ${next}`))
    }
    case "GaveUp": {
      const told = escape(`${identity} is not connected: ${status.error.message}; it does not try again`)
      // A schedule of tries that ends with a lost connection was chosen so: it is no error.
      return status.error._tag === "ConnectionLost" ? Effect.logInfo(told) : Effect.logError(told)
    }
  }
}
