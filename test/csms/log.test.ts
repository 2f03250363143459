/**
 * What a CSMS logs by default: who came, who was refused and why, who went.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { TestClock } from "effect/testing"
import { HandshakeRefused, unauthorized, unknownStation } from "../../src/csms/index.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms, handshake } from "../support/csms.ts"
import { core } from "../support/messages.ts"

interface Line {
  readonly level: string
  readonly message: string
  readonly identity: unknown
}

const logged = Effect.fnUntraced(function* <A, E, R>(test: (lines: Array<Line>) => Effect.Effect<A, E, R>) {
  const lines: Array<Line> = []
  const logger = Logger.make<unknown, void>(({ fiber, logLevel, message }) => {
    const { "ocpp.identity": identity } = fiber.getRef(References.CurrentLogAnnotations)
    lines.push({ level: logLevel, message: String(message), identity })
  })
  return yield* test(lines).pipe(Effect.provide(Logger.layer([logger])))
})

const handlers = [V16.csmsHandlers(core)]

describe("The log of a CSMS", () => {
  it.effect("[FIELD-K13] tells who came, who took over and who went, one line each with the identity", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { connect } = yield* makeCsms({ handlers })
        yield* connect("CP001")
        const { raw } = yield* connect("CP001")
        yield* raw.close()
        assert.deepStrictEqual(lines, [
          { level: "Info", identity: "CP001", message: "CP001 from an unknown address connected with ocpp1.6" },
          {
            level: "Info",
            identity: "CP001",
            message: "CP001 has a newer connection, which takes the place of the one before"
          },
          { level: "Info", identity: "CP001", message: "CP001 from an unknown address connected with ocpp1.6" },
          { level: "Info", identity: "CP001", message: "CP001 has gone: 1000" }
        ])
      })
    )
  )

  it.effect("[FIELD-K13] tells who was refused, from where and why", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { endpoint } = yield* makeCsms({
          handlers,
          accept: ({ identity }) => {
            if (identity === "CP401") return Effect.fail(unauthorized)
            return identity === "CP403"
              ? Effect.fail(new HandshakeRefused({ status: 403, reason: "its contract has ended" }))
              : Effect.void
          }
        })
        const enter = (identity: string, ...subprotocols: ReadonlyArray<string>) =>
          Effect.exit(
            endpoint.accept({ ...handshake(identity, undefined, ...subprotocols), remoteAddress: "192.0.2.7" })
          )
        yield* enter("CP401")
        yield* enter("CP403")
        yield* enter("CP1", "ocpp0.9", "soap\u001b[2J")
        assert.deepStrictEqual(
          lines.map(({ level, message }) => [level, message]),
          [
            ["Warn", "CP401 from 192.0.2.7 was refused with HTTP status 401: its credentials are missing or wrong"],
            ["Warn", "CP403 from 192.0.2.7 was refused with HTTP status 403: its contract has ended"],
            [
              "Warn",
              "CP1 from 192.0.2.7 was sent away: of sub-protocols it offers ocpp0.9, soap\\u001b[2J, and this CSMS speaks ocpp1.6"
            ]
          ]
        )
      })
    )
  )

  it.effect("[FIELD-K13] tells what a station is not told: that it is not known, and that passwords are guessed", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { endpoint } = yield* makeCsms({
          handlers,
          accept: ({ identity }) => Effect.fail(identity === "CP404" ? unknownStation : unauthorized),
          unknownStation: "unauthorized",
          passwordAttempts: { attempts: 1 }
        })
        const enter = (username: string) => {
          const credentials = { username, password: Redacted.make(new TextEncoder().encode("guess")) }
          return Effect.exit(endpoint.accept({ ...handshake(username, credentials), remoteAddress: "192.0.2.7" }))
        }
        yield* enter("CP404")
        yield* enter("CP1")
        yield* enter("CP1")
        assert.deepStrictEqual(
          lines.map(({ message }) => message),
          [
            "CP404 from 192.0.2.7 was refused with HTTP status 401: it is not known",
            "CP1 from 192.0.2.7 was refused with HTTP status 401: its credentials are missing or wrong",
            "CP1 from 192.0.2.7 was refused with HTTP status 429: too many wrong passwords came before"
          ]
        )
      })
    )
  )

  it.effect("[FIELD-K12] tells 20 refusals in a second, and then how many there were besides", () =>
    logged((lines) =>
      Effect.gen(function* () {
        const { endpoint } = yield* makeCsms({ handlers, accept: () => Effect.fail(unauthorized) })
        const guess = Effect.exit(endpoint.accept(handshake("CP001")))
        yield* Effect.replicateEffect(guess, 100)
        assert.lengthOf(lines, 20)
        yield* TestClock.adjust("1 second")
        yield* guess
        assert.lengthOf(lines, 21)
        assert.include(lines.at(-1)?.message, "(80 more like it were left out before)")
      })
    )
  )
})
