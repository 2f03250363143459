/**
 * What each sub-path of the package loads of the others: one pays for the versions that one imports.
 */
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { pathToFileURL } from "node:url"

const root = resolve(import.meta.dirname, "..")
const src = join(root, "src")

const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
const statements = /^(?:import|export) (?!type )(?:[^"]*? from )?"([^"]+)"/gm

/** The files of ours that a file loads, itself included. */
const loaded = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, specifier = ""] of readFileSync(file, "utf8").replaceAll(comments, "").matchAll(statements)) {
    if (specifier.startsWith(".")) loaded(resolve(dirname(file), specifier), seen)
  }
  return seen
}

/** The folders of the house that files are in. */
const folders = (files: Iterable<string>): ReadonlySet<string> =>
  new Set(Array.from(files, (file) => relative(src, dirname(file)).split("/")[0] ?? ""))

const entry = (version: Version): string => join(src, version, "index.ts")

const versions = ["v15", "v16", "v201", "v21"] as const
type Version = (typeof versions)[number]

const isVersion = (folder: string): folder is Version => versions.some((version) => version === folder)

/** The sub-paths of the package and the source of each. */
const subPaths: ReadonlyArray<readonly [subPath: string, file: string]> = Object.entries<string | { default: string }>(
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports
).flatMap(([subPath, target]) =>
  typeof target === "string"
    ? []
    : [[subPath, resolve(root, target.default.replace("/dist/", "/src/").replace(/\.js$/, ".ts"))] as const]
)

/** The versions that a sub-path may load: 2.1 shares with 2.0.1 what it leaves as it was, simulations are of all. */
const allowed = (subPath: string): ReadonlyArray<Version> => {
  const name = subPath.split("/").find(isVersion)
  return subPath === "./simulation" ? versions : name === undefined ? [] : name === "v21" ? ["v201", "v21"] : [name]
}

describe("importing", () => {
  for (const [subPath, file] of subPaths) {
    it(`effect-ocpp${subPath.slice(1)} loads ${allowed(subPath).join(" and ") || "no version"}, and no other`, () => {
      const found = [...folders(loaded(file))].filter(isVersion)
      assert.includeMembers([...allowed(subPath)], found)
      assert.includeMembers(found, subPath.split("/").filter(isVersion))
    })
  }

  it("who speaks JSON only loads no XML", () => {
    for (const [subPath, from] of subPaths) {
      if (subPath.endsWith("soap")) continue
      for (const file of loaded(from)) assert.notMatch(relative(src, file), /soap/i, `${subPath} loads it`)
    }
  })

  it("the messages of a version load neither the engine nor a side", () => {
    for (const version of versions) {
      const found = folders(loaded(entry(version)))
      for (const folder of ["engine", "json", "soap", "station", "csms", "node", "simulation", "cli"]) {
        assert.isFalse(found.has(folder), `${version} loads ${folder}`)
      }
    }
  })

  it("only `node` and the command load what is Node's or a dependency, but for the reader of XML of `soap`", () => {
    for (const [subPath, from] of subPaths) {
      if (subPath === "./node" || subPath === "./node/soap") continue
      for (const file of loaded(from)) {
        const text = readFileSync(file, "utf8").replaceAll(comments, "")
        for (const [, specifier = ""] of text.matchAll(statements)) {
          if (subPath === "./soap" && specifier === "saxes") continue
          assert.match(specifier, /^(?:\.|effect\/)/, `${relative(src, file)} imports ${specifier}`)
        }
      }
    }
  })

  it("a server costs no `fetch`, which an import of node:http would load", () => {
    const node = pathToFileURL(join(src, "node", "index.ts")).href
    const report = `import(${JSON.stringify(node)}).then(() => console.log(JSON.stringify(process.moduleLoadList)))`
    const { stderr, stdout } = spawnSync(process.execPath, ["-e", report], { encoding: "utf8" })
    assert.notStrictEqual(stdout, "", stderr)
    const modules: ReadonlyArray<string> = JSON.parse(stdout)
    assert.include(modules, "NativeModule http")
    assert.deepStrictEqual(
      modules.filter((name) => /undici|sqlite/.test(name)),
      []
    )
  })

  it("Node loads exactly the files that the statements name", () => {
    for (const version of versions) {
      const report = `
        const loaded = []
        require("node:module").registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
        import(${JSON.stringify(pathToFileURL(entry(version)).href)}).then(() => console.log(JSON.stringify(loaded)))`
      const { stderr, stdout } = spawnSync(process.execPath, ["-e", report], { encoding: "utf8" })
      assert.notStrictEqual(stdout, "", stderr)
      const urls: ReadonlyArray<string> = JSON.parse(stdout)
      assert.sameMembers(
        urls.filter((url) => url.startsWith(pathToFileURL(src).href)),
        Array.from(loaded(entry(version)), (file) => pathToFileURL(file).href)
      )
    }
  })
})
