/**
 * The frames that pass between stations and a CSMS, and whether each is what the official schemas say.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Action } from "../../src/Action.ts"
import { Connector } from "../../src/station/Connector.ts"
import type { Protocol } from "../../src/Protocol.ts"
import type { Transport } from "../../src/Transport.ts"
import * as Validation from "../../src/Validation.ts"
import * as Oracle from "./oracle.ts"

/** A frame, and which way it went. */
export interface Frame {
  readonly from: "station" | "csms"
  readonly text: string
}

/** A connector whose stations' frames are put down. */
export const recording = (connector: Connector["Service"], frames: Array<Frame>): Connector["Service"] =>
  Connector.of({
    connect: (options) =>
      Effect.map(connector.connect(options), (connection) => {
        assert("transport" in connection)
        return { ...connection, transport: recorded(connection.transport, frames) }
      })
  })

const recorded = (transport: Transport, frames: Array<Frame>): Transport => ({
  ...transport,
  send: (text) => {
    frames.push({ from: "station", text })
    return transport.send(text)
  },
  listen: (listener) =>
    transport.listen({
      frame: (text) => {
        frames.push({ from: "csms", text })
        listener.frame(text)
      },
      dropped: (kind) => listener.dropped(kind),
      closed: (code, reason) => listener.closed(code, reason)
    })
})

/**
 * Asserts that all frames are valid messages of a version by its official schemas, or by ours if it has none, as 1.5; gives
 * the actions of the calls, and the messages of extensions that DataTransfer carried, each with its vendor.
 */
export const check = (protocol: Protocol, frames: ReadonlyArray<Frame>): ReadonlySet<string> => {
  const { version } = protocol
  const validate = Oracle.hasDocuments(version) ? officially(version) : ours
  const actions = new Map(protocol.actions.map((action) => [action.name, action]))
  const calls = new Map<string, string>()
  const called = new Set<string>()
  for (const { from, text } of frames) {
    const [type, id, ...rest] = JSON.parse(text)
    assert.oneOf(type, [2, 3, 4], text)
    if (type === 4) continue
    const other = from === "station" ? "csms" : "station"
    const name = type === 2 ? rest[0] : calls.get(`${other} ${id}`)
    const action = actions.get(name)
    assert(action !== undefined, text)
    if (type === 2) {
      calls.set(`${from} ${id}`, name)
      called.add(name)
      const { messageId, vendorId } = rest[1]
      if (vendorId !== undefined) called.add(`${vendorId} ${messageId}`)
    }
    const wrong = validate(action, type === 2 ? "request" : "response", type === 2 ? rest[1] : rest[0])
    assert.strictEqual(wrong, undefined, text)
  }
  return called
}

/** Says what is wrong with a message. */
type Validate = (action: Action, part: "request" | "response", message: unknown) => string | undefined

const officially =
  (version: Oracle.Version): Validate =>
  (action, part, message) => {
    const validate = Oracle.validator(version, Oracle.id(version, action, part))!
    return validate(message) ? undefined : JSON.stringify(validate.errors)
  }

const ours: Validate = (action, part, message) =>
  Validation.is(action[part]!)(message) ? undefined : `no ${part} of ${action.name}`
