/**
 * Valid messages of every version to start from, and frames made of them.
 */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Action from "../../src/Action.ts"
import type { Protocol } from "../../src/Protocol.ts"
import * as V15 from "../../src/v15/index.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import type { Seeded } from "../support/seeded.ts"

/** An action with valid messages, as JSON. */
export interface Sampled {
  readonly action: Action.Action
  readonly requests: ReadonlyArray<string>
  /** None for a SEND. */
  readonly responses: ReadonlyArray<string>
}

export interface Version {
  readonly protocol: Protocol
  readonly actions: ReadonlyArray<Sampled>
}

const protocols: ReadonlyArray<Protocol> = [V15.protocol, V16.protocol, V201.protocol, V21.protocol]

/** Valid messages of all actions of all versions, which a seed determines. They are made when they are first asked for. */
export const versions = (seed: string): ReadonlyArray<Version> =>
  protocols.map((protocol) => ({
    protocol,
    actions: protocol.actions.map((action) => {
      const of = `${seed} ${protocol.version} ${action.name}`
      let requests: ReadonlyArray<string> | undefined
      let responses: ReadonlyArray<string> | undefined
      return {
        action,
        get requests() {
          return (requests ??= sample(action.request, `${of} request`))
        },
        get responses() {
          return (responses ??= sample(action.response, `${of} response`))
        }
      }
    })
  }))

const sample = (schema: Action.MessageSchema | undefined, seed: string): ReadonlyArray<string> =>
  schema === undefined
    ? []
    : sizes.flatMap((size) =>
        Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 1, seed, size })).map((value) =>
          JSON.stringify(value)
        )
      )

// Small ones are fuzzed faster and shrink better.
const sizes = [1, 3, 6]

/** The actions that a side starts and that are answered. */
export const callsOf = ({ actions }: Version, side: Action.Side): ReadonlyArray<Sampled> =>
  actions.filter(({ action }) => action.response !== undefined && Action.isStartedBy(action, side))

export const otherSide = (side: Action.Side): Action.Side => (side === "csms" ? "station" : "csms")

/** A valid frame from one side to the other, with these ids; an answer is one to `asked`. */
export const frame = (
  random: Seeded,
  version: Version,
  from: Action.Side,
  ids: { readonly call: string; readonly answer: string; readonly asked: Sampled }
): string => {
  const kind = random.next()
  if (kind < 0.25) return `[3,"${ids.answer}",${random.pick(ids.asked.responses)}]`
  if (kind < 0.33) return `[4,"${ids.answer}","${random.pick(codes)}","no",{}]`
  if (kind < 0.36) return `[5,"${ids.answer}","${random.pick(codes)}","no",{"a":1}]`
  // Mostly what that side may start.
  const own = kind < 0.93 ? version.actions.filter(({ action }) => Action.isStartedBy(action, from)) : version.actions
  const { action, requests } = random.pick(own)
  const type = action.response === undefined ? 6 : random.next() < 0.97 ? 2 : 6
  const name = random.next() < 0.95 ? action.name : random.pick(odd)
  return `[${type},"${ids.call}","${name}",${random.pick(requests)}]`
}

const codes = ["GenericError", "FormationViolation", "FormatViolation", "NotSupported", "NoSuchCode", "__proto__", ""]

const odd = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "heartbeat",
  "HeartbeatRequest",
  "NoSuchAction"
]
