// A CSMS and a station that hold their connections: who may come in, limits, pings, and how a station comes back.
import { Effect, Redacted } from "effect"
import { Timestamp, Tolerance } from "../src/index.ts"
import { Csms, hasPassword, unauthorized } from "../src/csms/index.ts"
import { WebSocketServer } from "../src/node/index.ts"
import { Reconnect, Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"

export const CsmsLive = Csms.layer({
  accept: (handshake) =>
    hasPassword(handshake, Redacted.make("secret"))
      ? Effect.succeed({ tolerance: Tolerance.of(["NullForAbsent", "LocalTime"]) }) // for this session only
      : Effect.fail(unauthorized),
  handlers: [
    V16.csmsHandlersPartial({
      bootNotification: () =>
        Effect.map(Timestamp.now, (currentTime) => ({ status: "Accepted", currentTime, interval: 300 }))
    })
  ],
  passwordAttempts: { attempts: 5, maxDelay: "1 minute" }, // who guesses passwords has to wait
  takeover: "replace", // or "reject", or an effect that decides
  calls: { timeout: "30 seconds", queueLimit: 100 },
  requests: { concurrency: 16, timeout: "1 minute" }
})

export const ServerLive = WebSocketServer.layer({
  port: Number(process.env["PORT"] ?? 9000),
  pingInterval: "1 minute",
  drainTimeout: "5 seconds", // for what is under way when it stops
  maxConnectionsPerAddress: 100,
  trustedProxies: ["10.0.0.0/8"] // whose X-Forwarded-For and X-Forwarded-Proto are believed
})

// Over WebSocketClient.layer(), or over MemoryNetwork.layer in a test.
export const StationLive = Station.layer(V16.protocol, {
  url: ["wss://first.example/ocpp", "wss://second.example/ocpp"], // in order of priority
  identity: "CP001",
  password: Redacted.make("secret"),
  boot: { chargePointVendor: "ACME", chargePointModel: "One" },
  firstConnection: "retry",
  reconnect: Reconnect.schedule({ waitMinimum: "3 seconds", randomRange: "10 seconds", repeatTimes: 3 })
})
