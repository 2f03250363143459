#!/usr/bin/env node
/**
 * The command, `npx effect-ocpp` where the package is installed and `npm run ocpp` in a checkout.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Schedule from "effect/Schedule"
import type * as Runtime from "effect/Runtime"
import { CliError, CliOutput, Command } from "effect/cli"
import { createRequire } from "node:module"
import { csms } from "./csms.ts"
import { demo } from "./demo.ts"
import { gateway } from "./gateway.ts"
import { station } from "./station.ts"
import { escape } from "../Escape.ts"
import { wrapped } from "./help.ts"
import { logger } from "./logger.ts"

// The package's own file, whose shape is known.
const { name, version } = createRequire(import.meta.url)("../../package.json") as Record<"name" | "version", string>

/** What npm runs if it has started this one: the script of a checkout, or `npx`. */
const script = process.env["npm_lifecycle_event"]

/** What is typed to run the command where it was started. */
const typed = script === "ocpp" ? "npm run --silent ocpp --" : `npx ${name}`

const parent = process.ppid

/** Ends when npm was told to end, which tells its shell and not what runs in that. */
const abandoned =
  script === "ocpp" || script === "npx"
    ? Effect.repeat(
        Effect.sync(() => process.ppid),
        { until: (id) => id !== parent, schedule: Schedule.spaced("100 millis") }
      )
    : Effect.never

const ocpp = Command.make(name).pipe(
  Command.withDescription("Simulated stations and CSMS that speak OCPP, and a gateway between real ones"),
  Command.withSubcommands([demo, csms, station, gateway])
)

const complain = (command: string, message: string): Effect.Effect<void> =>
  Console.error(escape(`${command}: ${message.replaceAll(/\s*\n\s*/g, " ")}`))

const formatter = CliOutput.defaultFormatter({ colors: false })

const presenter = CliOutput.layerPresenter({
  present: (event) => {
    switch (event._tag) {
      case "Help": {
        const usage = typed + event.helpDoc.usage.slice(name.length)
        const help = formatter.formatHelpDoc({ ...event.helpDoc, usage })
        return Console.log(wrapped(help, Math.max(60, process.stdout.columns ?? 100)))
      }
      case "InvalidInvocation":
        // One line, not a page of help.
        return complain(event.commandPath.join(" "), `${event.errors[0]?.message ?? "wrong invocation"} (see --help)`)
      default:
        return CliOutput.defaultPresenter.present(event)
    }
  }
})

const report = (error: unknown): Effect.Effect<void> =>
  CliError.isCliError(error) ? Effect.void : complain(name, error instanceof Error ? error.message : String(error))

/** A command that is told to stop has not failed. */
const teardown: Runtime.Teardown = (exit, onExit) =>
  onExit(Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause) ? 1 : 0)

// Who reads the output has read enough, as `head` does.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1))

Command.run(ocpp, { version }).pipe(
  Effect.raceFirst(abandoned),
  Effect.tapCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : report(Cause.squash(cause)))),
  Effect.provide([NodeServices.layer, presenter, Logger.layer([logger])]),
  NodeRuntime.runMain({ disableErrorReporting: true, teardown })
)
