/**
 * Keeps a station connected: which endpoint it tries when, and how long it waits.
 *
 * @internal
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { publicUrl } from "../internal/publicUrl.ts"
import type * as Peer from "../rpc/Peer.ts"
import { ConnectionLost, type ConnectionStatus } from "./ConnectionStatus.ts"
import { type ConnectError, Unreachable } from "./Connector.ts"

/** An open connection. */
export interface Link {
  readonly subprotocol: string
  readonly peer: Peer.Peer
  readonly scope: Scope.Closeable
  readonly lost: Deferred.Deferred<{ readonly code: number; readonly reason: string }>
  /** Whether the CSMS has sent anything. */
  isHeard: boolean
}

/** After this long a connection counts as a success even if the CSMS has sent nothing. */
const holdTime = Duration.seconds(10)

/**
 * Connects, waits for the loss, and connects again; ends with the schedule, or fails with the first round if it must
 * not. A round tries each endpoint once, the one that last held before the others.
 *
 * - `scope` holds the links; it has to outlive the effect.
 * - `connected` is completed with the first connection.
 */
export const keepConnected = Effect.fnUntraced(function* (options: {
  readonly urls: Arr.NonEmptyReadonlyArray<string>
  readonly open: (url: string) => Effect.Effect<Link, ConnectError>
  readonly schedule: Schedule.Schedule<unknown, ConnectError | ConnectionLost>
  readonly mayFail: boolean
  readonly scope: Scope.Scope
  readonly status: SubscriptionRef.SubscriptionRef<ConnectionStatus>
  readonly connected: Deferred.Deferred<void, ConnectError>
}) {
  const { connected, open, scope, status } = options
  let attempt = 0

  const connect = Effect.fnUntraced(function* (endpoint: string) {
    const url = publicUrl(endpoint)
    yield* SubscriptionRef.set(status, { _tag: "Connecting", url, attempt: ++attempt })
    const opened = yield* open(endpoint).pipe(
      // A connector with a bug shall not end the attempts for good.
      Effect.catchDefect((defect) =>
        Effect.andThen(
          Effect.logError(`the connector failed at ${url}`, defect),
          Effect.fail(new Unreachable({ url, code: "the connector failed" }))
        )
      ),
      Effect.result
    )
    if (Result.isFailure(opened)) return { error: opened.failure, hasHeld: false }
    const link = opened.success
    yield* SubscriptionRef.set(status, { _tag: "Connected", url, subprotocol: link.subprotocol })
    yield* Deferred.succeed(connected, undefined)
    link.peer.listen()
    const [held, { code, reason }] = yield* Effect.timed(Deferred.await(link.lost))
    // What is still cleaned up may itself wait for the next connection.
    yield* Effect.forkIn(Scope.close(link.scope, Exit.void), scope, { startImmediately: true })
    return {
      error: new ConnectionLost({ url, code, reason }),
      hasHeld: link.isHeard || Duration.isGreaterThanOrEqualTo(held, holdTime)
    }
  })

  let { urls } = options
  let left = urls
  let step = yield* Schedule.toStep(options.schedule)
  while (true) {
    const [url, ...others] = left
    const { error, hasHeld } = yield* connect(url)
    if (hasHeld) {
      attempt = 0
      urls = [url, ...options.urls.filter((other) => other !== url)]
      step = yield* Schedule.toStep(options.schedule)
    } else if (Arr.isReadonlyArrayNonEmpty(others)) {
      left = others
      yield* SubscriptionRef.set(status, { _tag: "Disconnected", error, nextAttempt: 0 })
      continue
    }
    if (options.mayFail && error._tag !== "ConnectionLost" && !Deferred.isDoneUnsafe(connected)) {
      return yield* Effect.fail(error)
    }
    left = urls
    const next = yield* Effect.option(step(yield* Clock.currentTimeMillis, error))
    if (Option.isNone(next)) return yield* SubscriptionRef.set(status, { _tag: "GaveUp", error })
    const [, wait] = next.value
    yield* SubscriptionRef.set(status, { _tag: "Disconnected", error, nextAttempt: Duration.toMillis(wait) })
    yield* Effect.sleep(wait)
  }
})
