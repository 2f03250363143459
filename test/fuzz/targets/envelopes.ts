/**
 * Texts of all kinds as envelopes, for either side of 1.5 and 1.6: what is one is answered once, with an envelope that fits,
 * what is none is told as such, and the next request is answered as ever.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as Action from "../../../src/Action.ts"
import * as Envelope from "../../../src/soap/Envelope.ts"
import type { SoapReply } from "../../../src/soap/SoapCarrier.ts"
import type { Seeded } from "../../support/seeded.ts"
import { handlersOf } from "../../support/engine.ts"
import { carriages, ends, open, type Opened, otherSide, samples, sides } from "../../support/soap.ts"
import { must, simplerText, type Target, within } from "../fuzz.ts"
import { mutate } from "../mutate.ts"

interface Case {
  readonly version: number
  readonly side: Action.Side
  /** The action whose answer the text is read as, too. */
  readonly asked: string
  readonly text: string
}

export const target = (seed: string): Target<Case> => {
  const valid = validOf(seed)
  return {
    name: "envelopes",
    generate: (random) => {
      const version = random.integer(0, carriages.length - 1)
      const side = random.pick(sides)
      const [asked, text] = random.pick(valid(version, side))
      return { version, side, asked, text: random.next() < 0.1 ? text : damaged(random, text) }
    },
    simpler: (failing) => within(simplerText(failing.text), (text) => ({ ...failing, text })),
    open: Effect.gen(function* () {
      const subjects = new Map<string, Opened>()
      for (const [index, carriage] of carriages.entries()) {
        for (const side of sides) {
          const { called } = ends(carriage, otherSide(side))
          const answers = new Map(
            carriage.actions.map(({ name, response }) => [
              name,
              () => Effect.succeed(samples(response!, `${seed} ${name} response`)[0])
            ])
          )
          subjects.set(`${index} ${side}`, yield* open(handlersOf(carriage.protocol, side, answers), called))
        }
      }
      return (tried: Case) => check(subjects.get(`${tried.version} ${tried.side}`)!, tried, valid)
    }).pipe(Effect.provide(Logger.layer([])))
  }
}

type Valid = (version: number, side: Action.Side) => ReadonlyArray<readonly [action: string, text: string]>

/** Requests to a side, each made when it is asked for first. */
const validOf = (seed: string): Valid => {
  const made = new Map<string, ReturnType<Valid>>()
  return (version, side) => {
    const key = `${version} ${side}`
    const known = made.get(key)
    if (known !== undefined) return known
    const carriage = carriages[version]!
    const { caller } = ends(carriage, otherSide(side))
    const texts = carriage.actions
      .filter((action) => Action.isStartedBy(action, otherSide(side)))
      .flatMap(({ name, request }) =>
        samples(request, `${seed} ${name}`).flatMap((value) => {
          const text = Result.getOrUndefined(caller.writeRequest(name, value, { identity: "CP1", messageId: "urn:1" }))
          return text === undefined ? [] : [[name, text] as const]
        })
      )
    made.set(key, texts)
    return texts
  }
}

const pieces = [
  "<!DOCTYPE a>",
  `<!DOCTYPE a [<!ENTITY b "c">]>`,
  "&b;",
  "&#0;",
  "&#x110000;",
  "<![CDATA[",
  "]]>",
  "<!--",
  "<?xml?>",
  "</",
  "/>",
  `xmlns=""`,
  `xmlns:s="urn:other"`,
  ` xsi:nil="true"`,
  "<s:Body/>",
  "<s:Fault/>",
  "\u0000",
  "\uFFFF",
  "\uD800",
  "0",
  "-0",
  "1e999",
  "9".repeat(400),
  "__proto__",
  "constructor",
  "chargeBoxIdentity"
]

/** A text with other elements, other pieces in it, or changed as any text is. */
const damaged = (random: Seeded, text: string): string => {
  let changed = text
  for (let left = random.integer(1, 3); left > 0; left--) {
    const elements = Array.from(changed.matchAll(/<[^<>]*>(?:[^<>]*<\/[^<>]*>)?/g))
    const element = elements.length === 0 ? undefined : random.pick(elements)
    const kind = random.next()
    if (element === undefined || kind < 0.2) {
      changed = mutate(random, changed)
    } else if (kind < 0.6) {
      const others = [
        "",
        element[0].repeat(2),
        element[0].repeat(random.pick([40, 1000])),
        element[0].replace(/>[^<]*</, `>${random.pick(pieces)}<`),
        random.pick(elements)[0]
      ]
      changed = changed.slice(0, element.index) + random.pick(others) + changed.slice(element.index + element[0].length)
    } else {
      const at = random.integer(0, changed.length)
      changed = changed.slice(0, at) + random.pick(pieces) + changed.slice(at + random.pick([0, 0, 1, 5]))
    }
  }
  return changed.slice(0, 400_000)
}

const check = ({ carrier }: Opened, { asked, side, text, version }: Case, valid: Valid): void => {
  const envelope = Envelope.parse(text)
  const { caller } = ends(carriages[version]!, otherSide(side))
  const read = caller.answer(envelope, asked)
  must(["Response", "Fault", "Flaw"].includes(read._tag), "it is an answer or none")
  if (envelope._tag === "Envelope") {
    const replies: Array<SoapReply> = []
    carrier.receive(envelope, (reply) => replies.push(reply))
    must(replies.length === 1, "an envelope is answered once", () => replies.length)
    fits(replies[0]!)
  }
  const [name, next] = valid(version, side)[0]!
  const right = Envelope.parse(next)
  must(right._tag === "Envelope", "what was written is read")
  let status = 0
  carrier.receive(right, (reply) => (status = reply.status))
  must(status === 200, "the next request is answered", () => [name, status])
}

/** An answer is an envelope, a fault if its status says so, and relates to something. */
const fits = ({ status, text }: SoapReply): void => {
  const answer = Envelope.parse(text)
  must(answer._tag === "Envelope", "an answer is an envelope", () => text.slice(0, 500))
  must(
    (Envelope.faultOf(answer.body) === undefined) === (status === 200),
    "a fault has the status of one",
    () => status
  )
  must(answer.header.relatesTo !== undefined, "an answer relates to a request")
  must(answer.header.messageId !== undefined && answer.header.action !== undefined, "an answer has its headers")
}
