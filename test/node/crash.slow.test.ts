/**
 * Stations whose plug is pulled: real processes that are killed at every step of a message's way, with a real file and
 * a real connection to a CSMS that survives them.
 *
 * By default each step has one of its places before it and one after it, for each version; `CRASHES=all` takes all places.
 */
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { DatabaseSync } from "node:sqlite"
import { type WebSocket, WebSocketServer } from "ws"
import * as Validation from "../../src/Validation.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import { directory } from "../support/storage.ts"
import type { Kill, Life, Step, Told } from "./crash/station.ts"
import { portOf } from "./support.ts"

type Version = Life["version"]

// ---------------------------------------------------------------------------------------------------------------------
// the CSMS
// ---------------------------------------------------------------------------------------------------------------------

/** A message of a station that must not be lost. */
interface Arrival {
  /** In which life of the station it came. */
  readonly life: number
  readonly label: number
  readonly messageId: string
  readonly action: string
  readonly payload: any
  readonly isRefused: boolean
  /** What the CSMS calls its transaction, if it has named it. */
  readonly transactionId: number | undefined
}

/** The updates that the CSMS refuses, by their place in a life, and how often. */
const refusals: Record<number, number> = { 1102: 2, 1103: Infinity, 1202: 1 }

const actionsOf = {
  "1.6": new Map(V16.protocol.actions.map((action) => [action.name, action])),
  "2.0.1": new Map(V201.protocol.actions.map((action) => [action.name, action]))
}

/** What the CSMS has seen of a station. */
class Ledger {
  readonly arrivals: Array<Arrival> = []
  readonly violations: Array<unknown> = []
  /** The messages that were not stored when the plug was pulled, and so must never come. */
  readonly unwelcome = new Set<string>()
  life = 0
  private readonly sockets = new Set<WebSocket>()
  private readonly version: Version
  private transactions = 0
  private onGone: (() => void) | undefined = undefined

  constructor(version: Version) {
    this.version = version
  }

  connected(socket: WebSocket): void {
    this.sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("message", (data) => socket.send(JSON.stringify(this.answer(JSON.parse(String(data))))))
    socket.on("close", () => {
      this.sockets.delete(socket)
      if (this.sockets.size === 0) this.onGone?.()
    })
  }

  /** All that the station has sent has come. */
  readonly gone = Effect.callback<void>((resume) => {
    this.onGone = () => resume(Effect.void)
    if (this.sockets.size === 0) this.onGone()
  })

  of(label: number): ReadonlyArray<Arrival> {
    return this.arrivals.filter((arrival) => arrival.label === label)
  }

  private answer([, messageId, action, payload]: [2, string, string, any]): unknown {
    const known = actionsOf[this.version].get(action)
    if (known === undefined) return [4, messageId, "NotImplemented", "", {}]
    this.violations.push(...Validation.violations(known.request)(payload))
    if (action === "BootNotification") {
      return [3, messageId, { status: "Accepted", currentTime: "2026-11-22T06:00:00.000Z", interval: 300 }]
    }
    const label = labelOf(action, payload)
    const isRefused = this.of(label).length < (refusals[label] ?? 0)
    // It does not know a repetition: a start that comes again is another transaction.
    const transactionId = action === "StartTransaction" ? 70 + ++this.transactions : undefined
    this.arrivals.push({ life: this.life, label, messageId, action, payload, isRefused, transactionId })
    if (isRefused) return [4, messageId, "InternalError", "", {}]
    return [3, messageId, transactionId === undefined ? {} : { transactionId, idTagInfo: { status: "Accepted" } }]
  }
}

const labelOf = (action: string, payload: any): number => {
  switch (action) {
    case "StartTransaction":
      return payload.meterStart
    case "StopTransaction":
      return payload.meterStop
    case "SecurityEventNotification":
      return Number(payload.techInfo)
    default:
      return Number(payload.meterValue[0].sampledValue[0].value)
  }
}

const ledgers = new Map<string, Ledger>()

/** Serves on a free port until the end of the test. */
const serve = Effect.acquireRelease(
  Effect.callback<WebSocketServer>((resume) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: ([offered]) => offered ?? false })
    server.on("listening", () => resume(Effect.succeed(server)))
    server.on("connection", (socket, { url = "" }) => ledgers.get(url.slice(1))?.connected(socket))
  }),
  (server) =>
    Effect.callback<void>((resume) => {
      for (const client of server.clients) client.terminate()
      server.close(() => resume(Effect.void))
    })
).pipe(Effect.map((server) => `ws://127.0.0.1:${portOf(server)}`))

// ---------------------------------------------------------------------------------------------------------------------
// a station
// ---------------------------------------------------------------------------------------------------------------------

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
  readonly told: ReadonlyArray<Told>
}

/** Where the runtime keeps what it has compiled, so that a process starts in half the time. */
const cache = mkdtempSync(join(tmpdir(), "effect-ocpp-"))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

const live = (life: Life): Effect.Effect<Ended> =>
  Effect.callback<Ended>((resume) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "crash", "station.ts"), JSON.stringify(life)], {
      env: { ...process.env, NODE_COMPILE_CACHE: cache }
    })
    const told: Array<Told> = []
    let stderr = ""
    createInterface(child.stdout).on("line", (line) => told.push(JSON.parse(line)))
    child.stderr.on("data", (data) => {
      stderr += String(data)
    })
    child.once("close", (code, signal) => resume(Effect.succeed({ code, signal, stderr, told })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

interface Kept {
  readonly messageId: string
  readonly label: number
  readonly attempts: number
}

/** What is in a file; looks at a copy, for to open the file of a process that was killed changes it. */
const inspect = (filename: string): { readonly messages: ReadonlyArray<Kept>; readonly transactions: number } => {
  const copy = `${filename}-copy`
  for (const suffix of ["", "-wal"]) {
    if (existsSync(filename + suffix)) copyFileSync(filename + suffix, copy + suffix)
  }
  const database = new DatabaseSync(copy)
  try {
    assert.deepStrictEqual({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" })
    const entries = database.prepare("SELECT space, key, value FROM entry ORDER BY space, key").all()
    const messages = entries
      .filter(({ space }) => /^(transaction-)?message /.test(String(space)))
      .map(({ value }) => JSON.parse(String(value)))
      .map(({ action, attempts, messageId, request }) => ({ messageId, label: labelOf(action, request), attempts }))
    return { messages, transactions: entries.length - messages.length }
  } finally {
    database.close()
  }
}

/** What was told to be stored, by its label. */
type Stored = ReadonlyMap<number, { readonly life: number; readonly isOffline: boolean }>

/** An identity has at most 48 characters. */
const nameOf = (version: Version, kills: ReadonlyArray<Kill>): string =>
  [version, ...kills.map(({ nth, of = "", step, when }) => `${when}-${step}-${nth}${of.slice(0, 1)}`)].join("-")

/** Lives until it is killed, as often as it is said, and then to the end; gives how many steps its last life had. */
const survive = Effect.fnUntraced(function* (url: string, version: Version, kills: ReadonlyArray<Kill>) {
  const identity = nameOf(version, kills)
  const filename = join(yield* directory, "station.db")
  const ledger = new Ledger(version)
  ledgers.set(identity, ledger)
  const stored = new Map<number, { readonly life: number; readonly isOffline: boolean }>()
  const waiting: Array<{ readonly life: number; readonly label: number }> = []
  let before: ReadonlyArray<Kept> = []

  const next = Effect.fnUntraced(function* (kill?: Kill) {
    const life = ++ledger.life
    const ended = yield* live({ version, url, identity, filename, number: life, kill })
    yield* ledger.gone
    for (const told of ended.told) if (told._tag === "Stored") stored.set(told.label, { life, ...told })
    assert.deepStrictEqual([ended.signal ?? ended.code, ended.stderr], [kill === undefined ? 0 : "SIGKILL", ""])
    return { ...ended, life, ...inspect(filename) }
  })

  for (const kill of kills) {
    const { life, messages, told } = yield* next(kill)
    checkStep(kill, told.at(-1), messages, before, ledger)
    checkAttempts(messages, before, ledger)
    for (const { label } of messages) waiting.push({ life, label })
    before = messages
  }
  const { life, messages, told, transactions } = yield* next()
  // All has gone, what was known of transactions too.
  assert.deepStrictEqual([messages, transactions], [[], 0])
  for (const one of waiting) {
    assert.isTrue(
      ledger.of(one.label).some((arrival) => arrival.life > one.life),
      `${one.label} was in the file and never came`
    )
  }
  // What is always refused is tried three times, less those that were stored.
  const left = before.find(({ label }) => label === 1103)
  const tried = ledger.of(1103).filter((arrival) => arrival.life === life).length
  assert.strictEqual(tried, kills.length === 0 ? 3 : left === undefined ? 0 : 3 - left.attempts)
  checkLedger(version, ledger, stored, kills)
  const done = told.at(-1)
  return done?._tag === "Done" ? done.steps : {}
})

/** What the file has, and what the CSMS has seen, of the message at whose step the process was killed. */
const checkStep = (
  { step, when }: Kill,
  killed: Told | undefined,
  messages: ReadonlyArray<Kept>,
  before: ReadonlyArray<Kept>,
  ledger: Ledger
): void => {
  const messageId = killed?._tag === "Killed" ? killed.messageId : ""
  const isIt = (message: { readonly messageId: string }): boolean => message.messageId === messageId
  const kept = messages.find(isIt)
  const tries = ledger.arrivals.filter((arrival) => isIt(arrival) && arrival.life === ledger.life).length
  const failures = (kept?.attempts ?? 0) - (before.find(isIt)?.attempts ?? 0)
  const isKept = kept !== undefined
  switch (`${when} ${step}` as const) {
    case "before append":
      ledger.unwelcome.add(messageId)
      return assert.isFalse(isKept)
    case "after append":
      return assert.deepStrictEqual({ isKept, tries }, { isKept: true, tries: 0 })
    case "before send":
    case "after fail":
      return assert.deepStrictEqual({ isKept, tries }, { isKept: true, tries: failures })
    case "after send":
    case "before answer":
    case "before fail":
    case "before acknowledge":
      return assert.deepStrictEqual({ isKept, tries }, { isKept: true, tries: failures + 1 })
    case "after answer":
      return assert.isAtLeast(tries, 1)
    case "after acknowledge":
      assert.isFalse(isKept)
      return assert.isAtLeast(tries, 1)
  }
}

/** Every refusal is stored, but perhaps the last, which came when the process was gone or about to be. */
const checkAttempts = (messages: ReadonlyArray<Kept>, before: ReadonlyArray<Kept>, ledger: Ledger): void => {
  for (const { attempts, messageId } of messages) {
    const earlier = before.find((message) => message.messageId === messageId)?.attempts ?? 0
    const refused = ledger.arrivals.filter(
      (arrival) => arrival.messageId === messageId && arrival.life === ledger.life && arrival.isRefused
    ).length
    assert.include([0, 1], refused - (attempts - earlier))
  }
}

const checkLedger = (version: Version, ledger: Ledger, stored: Stored, kills: ReadonlyArray<Kill>): void => {
  assert.deepStrictEqual(ledger.violations, [])
  for (const { label, messageId } of ledger.arrivals) assert.isFalse(ledger.unwelcome.has(messageId), `${label} came`)

  // A repetition is the same message.
  for (const [label, same] of Map.groupBy(ledger.arrivals, (arrival) => arrival.label)) {
    assert.lengthOf(new Set(same.map(({ messageId }) => messageId)), 1, `ids of ${label}`)
    assert.isAtMost(same.length, Math.min(3, 1 + (refusals[label] ?? 0)) + kills.length, `arrivals of ${label}`)
  }

  // After each kill at most one message of each queue comes again that was answered before.
  for (const isOther of [false, true]) {
    const answered = ledger.arrivals.filter(
      ({ action, isRefused }) => !isRefused && (action === "SecurityEventNotification") === isOther
    )
    const repeated = answered.length - new Set(answered.map(({ label }) => label)).size
    assert.isAtMost(repeated, kills.length, "messages that came again")
  }

  // In order: a message may come again, but not after a later one.
  const arrivals = ledger.arrivals.filter(({ action }) => action !== "SecurityEventNotification")
  const labels = arrivals.map(({ label }) => label)
  const once = labels.filter((label, index) => label !== labels[index - 1])
  assert.deepStrictEqual(
    once,
    Array.from(new Set(labels)).sort((a, b) => a - b)
  )

  // All that was stored; and of a life that was cut short perhaps one more, which it had no time to tell of.
  assert.includeMembers(once, Array.from(stored.keys()))
  const untold = once.filter((label) => !stored.has(label))
  assert.isAtMost(untold.length, kills.length)

  // Whole transactions.
  for (const [transaction, events] of Map.groupBy(arrivals, ({ label }) => Math.floor(label / 100))) {
    assert.strictEqual(events[0]?.label, transaction * 100)
    assert.include([98, 99], (events.at(-1)?.label ?? 0) % 100)
    if (version === "1.6") checkNames(events)
    else checkEvents(events, stored)
  }
}

/** 1.6: all that follows a start carries the id that the CSMS has answered to it, to the last one if it came again. */
const checkNames = (events: ReadonlyArray<Arrival>): void => {
  const starts = events.filter(({ action }) => action === "StartTransaction")
  assert.lengthOf(new Set(starts.map(({ payload }) => JSON.stringify(payload))), 1)
  const ids = new Set(events.slice(starts.length).map(({ payload }) => payload.transactionId))
  assert.deepStrictEqual(Array.from(ids), [starts.at(-1)?.transactionId])
}

/** 2.x: numbered without gaps, and marked if they were stored on no connection or on an earlier one. */
const checkEvents = (events: ReadonlyArray<Arrival>, stored: Stored): void => {
  const places = Array.from(new Set(events.map(({ label }) => label)))
  for (const { label, payload } of events) assert.strictEqual(payload.seqNo, places.indexOf(label), `seqNo of ${label}`)
  assert.lengthOf(new Set(events.map(({ payload }) => payload.transactionInfo.transactionId)), 1)
  for (const { label, life, payload } of events) {
    const place = label % 100
    assert.strictEqual(payload.eventType, place === 0 ? "Started" : place < 98 ? "Updated" : "Ended")
    const known = stored.get(label)
    // What it had no time to tell of was stored by a life that was cut short.
    const isOffline = known === undefined || known.isOffline || known.life < life
    assert.strictEqual(payload.offline === true, isOffline, `offline of ${label}`)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// the matrix
// ---------------------------------------------------------------------------------------------------------------------

const takesAll = process.env.CRASHES === "all"

/** Where each step is cut before and after, among all such steps of the first life. */
const places: Record<Version, Record<Step, readonly [before: number, after: number]>> = {
  "1.6": {
    append: [2, 1],
    send: [1, 1],
    answer: [1, 10],
    fail: [3, 4],
    acknowledge: [1, 6]
  },
  "2.0.1": {
    append: [9, 7],
    send: [12, 11],
    answer: [8, 3],
    fail: [1, 3],
    acknowledge: [4, 1]
  }
}

const steps = ["append", "send", "answer", "fail", "acknowledge"] as const

const others: ReadonlyArray<Kill> = [
  { of: "others", step: "append", when: "after", nth: 2 },
  { of: "others", step: "answer", when: "before", nth: 1 }
]

/** Where a station is cut that then is cut again: with a queue of a transaction that goes on, the start not answered. */
const earlier: Kill = { step: "answer", when: "before", nth: 10 }

const again: Record<Version, ReadonlyArray<Kill>> = {
  "1.6": [
    { step: "append", when: "after", nth: 1 },
    { step: "answer", when: "before", nth: 1 }
  ],
  "2.0.1": [
    { step: "send", when: "before", nth: 1 },
    { step: "acknowledge", when: "before", nth: 3 }
  ]
}

const whens = ["before", "after"] as const

const all = (step: Step, counts: Readonly<Record<string, number>>): ReadonlyArray<Kill> =>
  [undefined, "others" as const].flatMap((of) =>
    Array.from({ length: counts[of === undefined ? step : `${step} of others`] ?? 0 }, (_, index) =>
      whens.map((when): Kill => ({ step, when, nth: index + 1, ...(of === undefined ? {} : { of }) }))
    ).flat()
  )

/** Two at a time, for most of it is waiting for processes to start; gives what went wrong where. */
const surviveAll = Effect.fnUntraced(function* (version: Version, cells: ReadonlyArray<ReadonlyArray<Kill>>) {
  const url = yield* serve
  const outcomes = yield* Effect.forEach(
    cells,
    (kills) =>
      survive(url, version, kills).pipe(
        Effect.timeout("60 seconds"),
        Effect.scoped,
        Effect.match({ onFailure: String, onSuccess: () => "" }),
        Effect.catchCause((cause) => Effect.succeed(Cause.pretty(cause))),
        Effect.map((problem) => ({ cell: nameOf(version, kills), problem }))
      ),
    { concurrency: 2 }
  )
  assert.deepStrictEqual(
    outcomes.filter(({ problem }) => problem !== ""),
    []
  )
})

const patient = takesAll ? { timeout: 7_200_000 } : {}

describe("a station whose plug is pulled", () => {
  for (const version of ["1.6", "2.0.1"] as const) {
    it.live(
      `[TX-01] [TX-03] ${version}: nobody does, and all of it is as planned`,
      () =>
        Effect.gen(function* () {
          const counts = yield* survive(yield* serve, version, [])
          for (const label of [1000, 1001]) assert.lengthOf(ledgers.get(version)?.of(label) ?? [], 1)
          // The places above are chosen by these.
          assert.deepStrictEqual(counts, {
            append: 10,
            send: 15,
            answer: 15,
            fail: 5,
            acknowledge: 10,
            "append of others": 2,
            "send of others": 2,
            "answer of others": 2,
            "acknowledge of others": 2
          })
        }).pipe(Effect.scoped),
      patient
    )

    for (const step of steps) {
      it.live(
        `[TX-07] [TX-03] [TX-05] [TX-06] ${version}: before and after ${step}`,
        () =>
          Effect.gen(function* () {
            const chosen = whens.map((when, index): Kill => ({ step, when, nth: places[version][step][index] ?? 1 }))
            const kills = takesAll ? all(step, yield* survive(yield* serve, version, [])) : chosen
            yield* surviveAll(
              version,
              kills.map((kill) => [kill])
            )
          }).pipe(Effect.scoped),
        patient
      )
    }

    it.live(
      `[TX-07] ${version}: while security events are on their way`,
      () =>
        Effect.scoped(
          surviveAll(
            version,
            others.map((kill) => [kill])
          )
        ),
      patient
    )

    it.live(
      `[TX-07] ${version}: again, while it recovers`,
      () =>
        Effect.gen(function* () {
          const counts = takesAll ? yield* survive(yield* serve, version, [earlier]) : {}
          const kills = takesAll ? steps.flatMap((step) => all(step, counts)) : again[version]
          yield* surviveAll(
            version,
            kills.map((kill) => [earlier, kill])
          )
        }).pipe(Effect.scoped),
      patient
    )
  }
})
