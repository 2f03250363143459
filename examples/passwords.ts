// A CSMS that has no passwords of its stations but hashes of them, and slows down who guesses.
//
//   node examples/passwords.ts
//   node examples/station.ts   in another terminal
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Layer, Option, Redacted } from "effect"
import { scrypt, timingSafeEqual } from "node:crypto"
import { Timestamp } from "../src/index.ts"
import { Csms, unauthorized } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import * as V16 from "../src/v16/index.ts"

/** What is stored of a station: a salt, by `randomBytes(16)` of `node:crypto`, and the hash of its password with it. */
const stations = new Map([
  ["CP001", { salt: "BRfBRzqBc6O+/t7+LDt6PQ==", hash: "ulbuSTMe9o32M75BhPlw0k8b6brLQU/dqPgS1FRFBjY=" }]
])

/** So that an identity that nobody has takes as long as a wrong password. */
const nobody = { salt: "AAAAAAAAAAAAAAAAAAAAAA==", hash: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }

const hashOf = (password: Uint8Array, salt: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.callback((resume) =>
    scrypt(password, salt, 32, (error, hash) => resume(error === null ? Effect.succeed(hash) : Effect.die(error)))
  )

const CsmsLive = Csms.layer({
  accept: Effect.fnUntraced(function* ({ credentials, identity }) {
    if (Option.isNone(credentials)) return yield* unauthorized
    const { hash, salt } = stations.get(identity) ?? nobody
    const given = yield* hashOf(Redacted.value(credentials.value.password), Buffer.from(salt, "base64"))
    if (!timingSafeEqual(given, Buffer.from(hash, "base64"))) return yield* unauthorized
  }),
  // By default too: 5 wrong ones are free; after that each has to wait, twice as long as the one before it.
  passwordAttempts: { attempts: 5, delay: "1 second", maxDelay: "1 minute" },
  handlers: [
    V16.csmsHandlersPartial({
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }))
    })
  ]
})

const program = Effect.gen(function* () {
  const { url } = yield* WebSocketServer.Server
  yield* Effect.log(`stations connect to ${url}`)
  return yield* Effect.never
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(WebSocketServer.layer({ port: Number(process.env["PORT"] ?? 9000) }).pipe(Layer.provide(CsmsLive)))
  )
)
