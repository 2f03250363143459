/**
 * The wire log as people and machines read it.
 */
import { escape } from "../Escape.ts"
import * as Frame from "../json/Frame.ts"
import type { LogEntry } from "../simulation/index.ts"

/** Colours a text, or leaves it as it is. */
export interface Palette {
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
  readonly green: (text: string) => string
  readonly cyan: (text: string) => string
  readonly red: (text: string) => string
}

/** The colours of a stream: those of ANSI on a terminal, none when piped or where `NO_COLOR` is set. */
export const palette = (stream: NodeJS.WriteStream): Palette => {
  const paint = (code: number) =>
    stream.isTTY && !process.env["NO_COLOR"]
      ? (text: string) => `\u001b[${code}m${text}\u001b[0m`
      : (text: string) => text
  return { dim: paint(2), bold: paint(1), green: paint(32), cyan: paint(36), red: paint(31) }
}

/**
 * Makes readable lines of frames; it remembers the last calls, so that an answer is shown with its action. What peers have
 * written cannot end a line or move the cursor.
 */
export const makeReader = ({ bold, cyan, dim, green, red }: Palette): ((entry: LogEntry) => string) => {
  const actions = new Map<string, string>()
  return ({ dir, frame: text, stationId, t }) => {
    const frame = Frame.parse(text, { messageTypes })
    const head = `${dim(t.slice(11, 23))}  ${escape(stationId)} ${dir === "in" ? "→" : "←"} CSMS `
    switch (frame._tag) {
      case "Call":
      case "Send":
        actions.set(`${stationId} ${dir} ${frame.messageId}`, frame.action)
        // Some are never answered.
        if (actions.size > mostActions) actions.delete(actions.keys().next().value ?? "")
        return `${head} ${bold(cyan(pad(frame.action)))} ${brief(json(frame.payload))}`
      case "CallResult":
      case "CallError": {
        const key = `${stationId} ${dir === "in" ? "out" : "in"} ${frame.messageId}`
        const action = pad(actions.get(key) ?? "?")
        actions.delete(key)
        return frame._tag === "CallResult"
          ? `${head} ${green(action)} ${brief(json(frame.payload))}`
          : `${head} ${red(action)} ${red(escape(frame.code))} ${brief(escape(frame.description))}`
      }
      default:
        return `${head} ${red(brief(escape(text)))}`
    }
  }
}

const pad = (text: string): string => escape(text).padEnd(widest)

/** JSON on one line, also for those to whom U+2028 ends one. */
const json = (value: unknown): string => escape(JSON.stringify(value))

/** As much of a text as a reader has use for. */
const brief = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`

const longest = 4000

/** How many calls are remembered that have not been answered yet. */
const mostActions = 1024

/** Those of all versions. */
const messageTypes = new Set([2, 3, 4, 5, 6])

/** The length of `RemoteStartTransaction`, the longest action that is seen often. */
const widest = 22

/** Prints frames as they pass: readable lines, or one JSON object per line. */
export const printer = (asJson: boolean, stream: NodeJS.WriteStream): ((entry: LogEntry) => void) => {
  const read = asJson ? json : makeReader(palette(stream))
  return (entry) => {
    stream.write(`${read(entry)}\n`)
  }
}
