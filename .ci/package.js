// Packs the package, has it checked by publint and attw, and installs it in an empty project with strict TypeScript: there every
// link of its pages leads to a file, all its declarations and a program are type-checked, and that runs. Then makes the first
// project of docs/first-project.md, from the page alone.
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")
const { devDependencies, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const folder = mkdtempSync(join(tmpdir(), "effect-ocpp-"))
const npm = (cwd, ...args) => execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" })

const program = `
import { Effect, Layer } from "effect"
import { Timestamp } from "effect-ocpp"
import { Csms } from "effect-ocpp/csms"
import { SqliteStorage, WebSocketClient, WebSocketServer } from "effect-ocpp/node"
import { MemoryPair } from "effect-ocpp/engine"
import { WireLog } from "effect-ocpp/json"
import { VirtualCsms } from "effect-ocpp/simulation"
import { Station } from "effect-ocpp/station"
import * as V16 from "effect-ocpp/v16"

const CsmsLive = WebSocketServer.layer({ port: 0 }).pipe(Layer.provideMerge(VirtualCsms.layer()))
const StationLive = Layer.unwrap(
  Effect.map(WebSocketServer.Server, ({ url }) =>
    Station.layer(V16.protocol, { url, identity: "CP001", boot: { chargePointVendor: "ACME", chargePointModel: "One" } })
  )
).pipe(Layer.provide([WebSocketClient.layer(), SqliteStorage.layer({ filename: "CP001.db" })]))

const main = Effect.gen(function* () {
  yield* (yield* Station).accepted
  const csms = yield* V16.Csms
  const answer: V16.HeartbeatResponse = yield* csms.heartbeat({})
  // @ts-expect-error a station may not start this action
  csms.reset
  const sessions = yield* (yield* Csms).connected
  const handlers = V16.csmsHandlersPartial({ heartbeat: () => Effect.succeed({ currentTime: answer.currentTime }) })
  const pair = yield* MemoryPair.make({ csms: handlers, station: V16.stationHandlersPartial({}) })
  yield* pair.csms.call(V16.Heartbeat, {})
  return Timestamp.toMillis(answer.currentTime) !== undefined && sessions.length === 1 && WireLog.redact("[]") === "[]"
}).pipe(Effect.scoped)

const works = await Effect.runPromise(main.pipe(Effect.provide(StationLive.pipe(Layer.provideMerge(CsmsLive)))))
console.log(works ? "the packed package works" : "the packed package does not work")
process.exitCode = works ? 0 : 1
`

const { filename, size, entryCount } = JSON.parse(
  npm(root, "pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", folder)
)[0]
console.log(`${filename}: ${entryCount} files, ${Math.round(size / 1024)} KiB`)
npm(root, "exec", "--", "publint", "run", join(folder, filename), "--strict")
// It is for ESM only: other kinds of resolution are not looked at.
npm(root, "exec", "--", "attw", join(folder, filename), "--profile", "esm-only", "--quiet")
writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }))
writeFileSync(join(folder, "main.ts"), program)
const subPaths = Object.keys(exports).filter((path) => path !== "./package.json")
writeFileSync(
  join(folder, "all.ts"),
  subPaths.map((path, index) => `export * as all${index} from "effect-ocpp${path.slice(1)}"\n`).join("")
)
const compilerOptions = {
  target: "ES2024",
  module: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  types: ["node"]
}
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["main.ts", "all.ts"] }))
const tools = ["effect", "@effect/platform-node", "typescript", "@types/node"]
npm(
  folder,
  "install",
  "--no-audit",
  "--no-fund",
  "--silent",
  join(folder, filename),
  ...tools.map((name) => `${name}@${devDependencies[name]}`)
)
const installed = join(folder, "node_modules", "effect-ocpp")
for (const name of readdirSync(installed, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".md")) continue
  for (const [, link] of readFileSync(join(installed, name), "utf8").matchAll(/\]\((?!\w+:|#)([^)#]+)/g)) {
    if (!existsSync(join(installed, dirname(name), link)))
      throw new Error(`${name} links to ${link}, which is not packed`)
  }
}
const dist = join(installed, "dist")
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts") || !readFileSync(join(dist, name), "utf8").includes("@internal")) continue
  throw new Error(`dist/${name} shows what is internal`)
}
execFileSync(process.execPath, [join(folder, "node_modules", "typescript", "bin", "tsc"), "-p", folder], {
  stdio: "inherit"
})
execFileSync(process.execPath, [join(folder, "main.js")], { cwd: folder, stdio: "inherit" })
execFileSync(process.execPath, [join(dist, "cli", "main.js"), "demo"], {
  stdio: ["ignore", "ignore", "inherit"]
})

// A block of the page is the file that is named last before it, or commands.
const page = readFileSync(join(root, "docs", "first-project.md"), "utf8")
const project = mkdtempSync(join(tmpdir(), "first-project-"))
const commands = []
for (const [, text, language, code] of page.matchAll(/([^]*?)```(\w+)\n([^]*?)```/g)) {
  const file = Array.from(text.matchAll(/`([\w./-]+\.(?:ts|json))`/g)).at(-1)?.[1]
  if (language === "sh")
    commands.push(...code.split("\n").filter((line) => /^npm (?:install|test|run types)/.test(line)))
  else {
    mkdirSync(dirname(join(project, file)), { recursive: true })
    writeFileSync(join(project, file), code)
  }
}
for (const command of commands) {
  const [, ...args] = command.replace("effect-ocpp", join(folder, filename)).split(" ")
  npm(project, ...args)
}
console.log(`the first project works: ${commands.length} commands`)
rmSync(project, { recursive: true })
rmSync(folder, { recursive: true })
