/**
 * The log of the commands, on stderr.
 */
import * as Cause from "effect/Cause"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { inspect } from "node:util"
import { escape } from "../Escape.ts"

/** One line each: when, how serious, which station, what. */
export const logger = Logger.make(({ cause, date, fiber, logLevel, message }) => {
  const { "ocpp.identity": identity } = fiber.getRef(References.CurrentLogAnnotations)
  const parts = (Array.isArray(message) ? message : [message]).map((part) =>
    typeof part === "string" ? part : part instanceof Error ? part.message : inspect(part, { breakLength: Infinity })
  )
  if (cause.reasons.length > 0) parts.push(Cause.pretty(cause))
  const said = parts.join(" ").replaceAll(/\s*\n\s*/g, " ")
  const head = `${date.toISOString().slice(11, 23)}  ${logLevel.toUpperCase().padEnd(5)}`
  const isNamed = identity === undefined || said.includes(String(identity))
  process.stderr.write(`${head}  ${escape(isNamed ? said : `${String(identity)}: ${said}`)}\n`)
})
