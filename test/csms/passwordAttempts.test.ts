/**
 * Guesses of passwords are slowed down, and nobody but who guesses.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { type CsmsOptions, hasPassword, unauthorized, unknownStation } from "../../src/csms/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { start } from "../support/time.ts"

/** A CSMS that knows CP001 and CP002, and how it answers to a password from an address: with 101 or another status. */
const open = Effect.fnUntraced(function* (options: Partial<CsmsOptions<[]>> = {}) {
  const asked: Array<string> = []
  const { endpoint } = yield* makeCsms({
    accept: (shake) => {
      asked.push(shake.identity)
      if (!shake.identity.startsWith("CP00")) return Effect.fail(unknownStation)
      return hasPassword(shake, Redacted.make("right")) ? Effect.void : Effect.fail(unauthorized)
    },
    ...options
  })
  const attempt = (password: string, remoteAddress: string | null = "192.0.2.1", identity = "CP001") => {
    const credentials = { username: identity, password: Redacted.make(new TextEncoder().encode(password)) }
    return Effect.match(
      endpoint.accept({ ...handshake(identity, credentials), remoteAddress: remoteAddress ?? undefined }),
      {
        onFailure: ({ status }) => status,
        onSuccess: () => 101
      }
    )
  }
  const attempts = (count: number, ...how: Parameters<typeof attempt>) =>
    Effect.forEach(Array.from({ length: count }), () => attempt(...how))
  return { asked, attempt, attempts, endpoint }
})

describe("Who guesses passwords", () => {
  it.effect("has five attempts, and then one after waits that double up to a minute", () =>
    Effect.gen(function* () {
      const { asked, attempt, attempts } = yield* open()
      assert.deepStrictEqual(yield* attempts(7, "wrong"), [401, 401, 401, 401, 401, 429, 429])
      assert.lengthOf(asked, 5)
      for (const wait of [1, 2, 4, 8, 16, 32, 60, 60]) {
        yield* TestClock.adjust(wait * 1000 - 1)
        assert.strictEqual(yield* attempt("wrong"), 429)
        yield* TestClock.adjust(1)
        assert.strictEqual(yield* attempt("wrong"), 401)
      }
    })
  )

  it.effect("slows down neither the right password from elsewhere, nor another station at the same address", () =>
    Effect.gen(function* () {
      const { attempt, attempts } = yield* open()
      yield* attempts(6, "wrong")
      assert.strictEqual(yield* attempt("right"), 429)
      assert.strictEqual(yield* attempt("right", "192.0.2.2"), 101)
      assert.strictEqual(yield* attempt("right", "192.0.2.1", "CP002"), 101)
      assert.strictEqual(yield* attempt("right", null), 101)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* attempt("right"), 101)
      assert.deepStrictEqual(yield* attempts(5, "wrong"), [401, 401, 401, 401, 401])
    })
  )

  it.effect("has no more attempts at the same time", () =>
    Effect.gen(function* () {
      const { attempt } = yield* open({ accept: () => Effect.delay(Effect.fail(unauthorized), "1 second") })
      const statuses: Array<number> = []
      for (let count = 0; count < 8; count++) {
        yield* start(Effect.map(attempt("wrong"), (status) => void statuses.push(status)))
      }
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(statuses, [429, 429, 429, 401, 401, 401, 401, 401])
    })
  )

  it.effect("is one over a block of IPv6 addresses", () =>
    Effect.gen(function* () {
      const { attempt } = yield* open({ passwordAttempts: { attempts: 1 } })
      assert.strictEqual(yield* attempt("wrong", "2001:db8:0:7::1"), 401)
      assert.strictEqual(yield* attempt("wrong", "2001:db8:0:7:1:2:3:4"), 429)
      assert.strictEqual(yield* attempt("right", "2001:db8:0:8::1"), 101)
      assert.strictEqual(yield* attempt("wrong", "2001:db8::1"), 401)
      assert.strictEqual(yield* attempt("right", "2001:db8::7:0:0:1"), 429)
    })
  )

  it.effect("is remembered for an hour, and as one of so many", () =>
    Effect.gen(function* () {
      const { attempt, attempts } = yield* open({
        passwordAttempts: { attempts: 1, delay: "1 day", maxDelay: "1 day", capacity: 2 }
      })
      assert.deepStrictEqual(yield* attempts(2, "wrong"), [401, 429])
      assert.strictEqual(yield* attempt("wrong", "192.0.2.2"), 401)
      assert.strictEqual(yield* attempt("wrong", "192.0.2.3"), 401)
      assert.strictEqual(yield* attempt("wrong", "192.0.2.3"), 429)
      assert.strictEqual(yield* attempt("right"), 101)
      yield* TestClock.adjust("61 minutes")
      assert.strictEqual(yield* attempt("right", "192.0.2.3"), 101)
    })
  )

  it.effect("can go on where that is asked for, and without credentials nobody guesses", () =>
    Effect.gen(function* () {
      const { attempts } = yield* open({ passwordAttempts: false })
      assert.deepStrictEqual(new Set(yield* attempts(20, "wrong")), new Set([401]))
      const { endpoint } = yield* open()
      for (let count = 0; count < 10; count++) {
        const shake = { ...handshake("CP001"), remoteAddress: "192.0.2.1" }
        assert.strictEqual((yield* Effect.flip(endpoint.accept(shake))).status, 401)
      }
    })
  )

  it.effect("is refused as an option that makes no sense", () =>
    Effect.gen(function* () {
      for (const passwordAttempts of [{ attempts: 0 }, { delay: -1 }, { maxDelay: NaN }, { capacity: 0.5 }]) {
        const exit = yield* Effect.exit(open({ passwordAttempts }))
        const [name] = Object.keys(passwordAttempts)
        assert.isTrue(Exit.isFailure(exit) && String(exit.cause).includes(`${name}: `), name)
      }
    })
  )
})

describe("Who is not known", () => {
  it.effect("[CON-07] gets 404 by default", () =>
    Effect.gen(function* () {
      const { attempts } = yield* open()
      assert.deepStrictEqual(yield* attempts(7, "wrong", "192.0.2.1", "X"), [404, 404, 404, 404, 404, 404, 404])
    })
  )

  it.effect("gets with an option the same answers as a wrong password, one after the other", () =>
    Effect.gen(function* () {
      const { attempts, endpoint } = yield* open({ unknownStation: "unauthorized" })
      const [known, unknown] = [yield* attempts(7, "wrong"), yield* attempts(7, "wrong", "192.0.2.1", "X")]
      assert.deepStrictEqual(unknown, known)
      assert.strictEqual((yield* Effect.flip(endpoint.accept(handshake("X")))).status, 401)
    })
  )
})
