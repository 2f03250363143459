import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import * as V15 from "../src/v15/index.ts"
import * as V16 from "../src/v16/index.ts"
import * as V201 from "../src/v201/index.ts"
import * as V21 from "../src/v21/index.ts"

const root = resolve(import.meta.dirname, "..")
const src = join(root, "src")

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(src, name), "utf8") }))

const folderOf = (name: string): string => (name.includes("/") ? name.slice(0, name.indexOf("/")) : "")

/** The floors of the house: a file imports from its own floor and from those below. */
const floors: Record<string, number> = {
  "": 0,
  internal: 0,
  v15: 1,
  v16: 1,
  v201: 1,
  v21: 1,
  domain: 1,
  engine: 2,
  json: 3,
  soap: 3,
  adapter: 3,
  station: 4,
  csms: 4,
  gateway: 5,
  simulation: 5,
  node: 5,
  testing: 5,
  cli: 6
}

const importsOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/(?:from|import) "([^"]+)"/g), ([, specifier]) => specifier ?? "")

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")

describe("the house", () => {
  it("every folder has a floor", () => {
    for (const { name } of files) assert.property(floors, folderOf(name), name)
  })

  it("what does not lie in `internal` is a module or the index of a folder", () => {
    for (const { name } of files) {
      if (name.startsWith("cli/") || /(?:^|\/)internal\//.test(name)) continue
      assert.match(name, /^(?:[a-z]\w*\/)*(?:index|[A-Z]\w*)\.ts$/)
    }
  })

  it("no head of a file says that it is internal: the compiler would leave out the first import with it", () => {
    for (const { name, text } of files) {
      assert.notInclude(/^(?:#!.*\n)?\/\*\*[\s\S]*?\*\//.exec(text)?.[0], "@internal", name)
    }
  })

  it("no import goes up a floor", () => {
    for (const { name, text } of files) {
      for (const specifier of importsOf(text).filter((known) => known.startsWith("."))) {
        const target = folderOf(relative(src, resolve(src, dirname(name), specifier)))
        assert.isAtMost(floors[target] ?? Infinity, floors[folderOf(name)] ?? -1, `${name} imports ${specifier}`)
      }
    }
  })

  it("stations and CSMS, the versions among themselves, and the domain and the versions know nothing of each other", () => {
    const apart = [
      ...["v15", "v16", "v201", "v21"].flatMap((version) => [
        ["domain", version],
        [version, "domain"]
      ]),
      ["station", "csms"],
      ["csms", "station"],
      ["v16", "v201"],
      ["v201", "v16"],
      ["v201", "v21"]
    ]
    for (const { name, text } of files) {
      for (const [from, to] of apart) {
        if (folderOf(name) !== from) continue
        assert.isFalse(
          importsOf(text).some((specifier) => specifier.includes(`../${to}/`)),
          `${name} imports ${to}`
        )
      }
    }
  })

  it("time, randomness and failures come from Effect outside node and cli", () => {
    const banned =
      /\basync\b|\btry \{|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b/
    for (const { name, text } of files) {
      if (folderOf(name) === "node" || folderOf(name) === "cli") continue
      assert.notMatch(withoutComments(text), banned, name)
      assert.notMatch(withoutComments(text), /\bprocess\.|\bBuffer\b|"node:/, name)
    }
  })

  it("outside node and cli only stable exports of Effect are used", () => {
    let checked = 0
    for (const { name, text } of files) {
      if (folderOf(name) === "node" || folderOf(name) === "cli") continue
      assert.notMatch(text, /from "@effect\//, name)
      for (const [, namespace, module] of text.matchAll(/import (?:type )?\* as (\w+) from "(effect\/[^"]+)"/g)) {
        for (const [, member] of withoutComments(text).matchAll(new RegExp(`(?<![.\\w"])${namespace}\\.(\\w+)`, "g"))) {
          checked++
          assert.strictEqual(stabilityOf(module ?? "", member ?? ""), "stable", `${name}: ${module} ${member}`)
        }
      }
    }
    assert.isAbove(checked, 100)
  })

  it("no action's name stands in a string but where its version is, is adapted or is simulated", () => {
    const names = [V15.actions, V16.actions, V201.actions, V21.actions].flatMap((actions) =>
      actions.map(({ name }) => name)
    )
    const named = new RegExp(`(["'\`])(?:[^"'\`\\n]*\\W)?(?:${names.join("|")})\\b[^"'\`\\n]*\\1`)
    const mayName = new Set(["v15", "v16", "v201", "v21", "domain", "adapter", "simulation", "cli"])
    for (const { name, text } of files) {
      if (!mayName.has(folderOf(name))) assert.notMatch(withoutComments(text), named, name)
    }
    assert.match(`action === "Heartbeat"`, named)
  })

  it("an exported type has a name of its own", () => {
    const homes = new Map<string, string>()
    for (const { name, text } of files) {
      // The versions and the domain have messages of the same names, each in a namespace of its own.
      if (/^v\d|^domain$/.test(folderOf(name)) || folderOf(name) === "internal") continue
      for (const [, type = ""] of text.matchAll(/^export (?:abstract )?(?:class|interface|type) (\w+)/gm)) {
        assert.isUndefined(homes.get(type), `${type} is in ${name} and in ${homes.get(type)}`)
        homes.set(type, name)
      }
    }
    assert.isAbove(homes.size, 100)
  })

  it("every sub-path of the package is a folder with an index, or a module", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    const names = new Set(files.map(({ name }) => name))
    for (const [path, target] of Object.entries<{ readonly types: string; readonly default: string }>(exports)) {
      if (path === "./package.json") continue
      const module = target.default.replace(/^\.\/dist\/(.*)\.js$/, "$1")
      assert.strictEqual(target.types, `./dist/${module}.d.ts`)
      assert.include(names, `${module}.ts`, path)
      // A module may be the longer name of its sub-path, as `adapter/ConfigurationKeys` is that of `adapter/keys`.
      const last = path.lastIndexOf("/") + 1
      const named = last === 2 ? path.slice(2) : `${path.slice(2, last)}\\w*${path.slice(last)}`
      assert.match(module.toLowerCase(), new RegExp(`^(?:${named}/?)?(?:index)?$`))
    }
  })
})

const modules = new Map<string, string>()

const stabilityOf = (module: string, member: string): string | undefined => {
  const text =
    modules.get(module) ?? readFileSync(join(root, "node_modules", "effect", "src", `${module.slice(7)}.ts`), "utf8")
  modules.set(module, text)
  const declared = new RegExp(
    `^export (?:declare )?(?:const|function|class|interface|type|namespace) ${member}\\b|^\\s+\\w+ as ${member}\\b|^export \\{[^}]*\\b(?:as )?${member}\\b`,
    "m"
  ).exec(text)
  if (declared === null) return undefined
  const tags = Array.from(text.slice(0, declared.index + declared[0].length).matchAll(/@stability (\w+)/g))
  return tags.at(-1)?.[1]
}
