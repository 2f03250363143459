import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")

/** The pages whose programs are examples. */
const pages = ["README.md", "docs/restart.md", "docs/simulating.md", "docs/soap.md"]

const shownPrograms = pages.flatMap((page) =>
  Array.from(readFileSync(join(root, page), "utf8").matchAll(/```ts\n([\s\S]*?)```/g), ([, code = ""]) => code)
)

/** An example as somebody would write it who has the package, without the comment that says how to run it here. */
const published = (file: string): string =>
  readFileSync(join(root, "examples", file), "utf8")
    .replace(/^(?:\/\/.*\n)+/, "")
    .replaceAll(/"\.\.\/src\/(\w+)\/Soap\.ts"/g, '"effect-ocpp/$1/soap"')
    .replaceAll(/"\.\.\/src\/(?:(\w+)\/)?index\.ts"/g, (_, folder?: string) =>
      folder === undefined ? `"effect-ocpp"` : `"effect-ocpp/${folder}"`
    )

/** The names by which links lead to the headings of a page. */
const headingsOf = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-")
  )

/** Compiles programs in a folder of their own, with the package as a user has it. */
const compile = (programs: Readonly<Record<string, string>>): void => {
  mkdirSync(join(root, "node_modules", ".cache"), { recursive: true })
  const folder = mkdtempSync(join(root, "node_modules", ".cache", "readme-"))
  for (const [name, code] of Object.entries(programs)) writeFileSync(join(folder, name), code)
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        paths: {
          "effect-ocpp": [join(root, "src/index.ts")],
          "effect-ocpp/node/soap": [join(root, "src/node/Soap.ts")],
          "effect-ocpp/v16/soap": [join(root, "src/v16/Soap.ts")],
          "effect-ocpp/*": [join(root, "src/*/index.ts")]
        }
      },
      include: ["*.ts"]
    })
  )
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  execFileSync(process.execPath, [tsc, "-p", folder], { stdio: "pipe", encoding: "utf8" })
  rmSync(folder, { recursive: true })
}

describe("README and the pages behind it", () => {
  it("each of their programs is a file of `examples`, which examples.test.ts runs", () => {
    const files = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"))
    const texts = new Map(files.map((file) => [published(file), file]))
    const shown = shownPrograms.map((program) => {
      const file = texts.get(program)
      assert.isDefined(file, `no file of examples is this program:\n${program}`)
      return file ?? ""
    })
    assert.sameMembers(shown, [
      "csms.ts",
      "station.ts",
      "negotiate.ts",
      "handlers.ts",
      "connections.ts",
      "one-port.ts",
      "restart.ts",
      "outbox.ts",
      "simulation.ts",
      "soap.ts"
    ])
  })

  it("show code that compiles as a user would write it", () => {
    compile(Object.fromEntries(shownPrograms.map((program, index) => [`block${index}.ts`, program])))
  })

  it("have links to what is there", () => {
    const all = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)]
    for (const page of all) {
      for (const [, target = ""] of readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path = "", heading] = target.split("#")
        if (/^https?:/.test(path)) continue
        const file = path === "" ? join(root, page) : join(root, page, "..", path)
        assert.isTrue(existsSync(file), `${page} has a link to ${target}`)
        if (heading !== undefined) assert.include(headingsOf(readFileSync(file, "utf8")), heading, `${page}: ${target}`)
      }
    }
  })
})
