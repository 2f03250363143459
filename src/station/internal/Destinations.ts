/**
 * Where a station connects: over a list of URLs, or over its network profiles.
 */
import * as Arr from "effect/Array"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { Signal } from "../../internal/Signal.ts"
import * as Rotation from "./Rotation.ts"

/** As whom a station connects. */
export interface Login {
  readonly identity: string
  /** Absent: no HTTP Basic credentials are sent. */
  readonly password: Redacted.Redacted<string | Uint8Array> | undefined
}

/** What a station connects to, and as whom. */
export interface Destination {
  readonly identity: string
  /** The password to connect with, where the station has given this one for the attempt, or none. */
  readonly password: (given: Login["password"]) => Login["password"]
  /** Without the identity. */
  readonly url: string
  /** How long calls wait for an answer; absent: as the station is set. */
  readonly callTimeout: Duration.Duration | undefined
  /** The configuration slot of a network profile. */
  readonly slot: number | undefined
  /** Whether it may be tried, or tried again. */
  readonly isAllowed: () => boolean
  /** A connection was made. */
  readonly connected: () => void
  /** The connection turned out to be a success. */
  readonly worked: Effect.Effect<void>
}

/** The endpoints of a station. */
export interface Destinations {
  /** The plan of a station that boots now. */
  readonly boot: () => Rotation.Rotation<Destination>
  /** How often an endpoint is tried before the next. */
  readonly attempts: () => number
  /** Open when the station is to boot, at once and by a plan of its own. */
  readonly bootDue: Signal
}

/** The way over a list of URLs. */
export const over = (urls: Arr.NonEmptyReadonlyArray<string>, own: Login): Destinations => {
  const plan = Rotation.start(
    Arr.map(urls, (url): Destination => ({
      identity: own.identity,
      password: (given) => given ?? own.password,
      url,
      callTimeout: undefined,
      slot: undefined,
      isAllowed: () => true,
      connected: () => {},
      worked: Effect.void
    }))
  )
  return { boot: () => plan, attempts: () => 1, bootDue: new Signal() }
}
