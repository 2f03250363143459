import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")

describe("README", () => {
  it("shows code that compiles as a user would write it", () => {
    const blocks = Array.from(readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g))
    assert.isAtLeast(blocks.length, 2)
    mkdirSync(join(root, "node_modules", ".cache"), { recursive: true })
    const folder = mkdtempSync(join(root, "node_modules", ".cache", "readme-"))
    blocks.forEach(([, code], index) => writeFileSync(join(folder, `block${index}.ts`), code ?? ""))
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: {
          paths: {
            "effect-ocpp": [join(root, "src/index.ts")],
            "effect-ocpp/*": [join(root, "src/*/index.ts")]
          }
        },
        include: ["*.ts"]
      })
    )
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
    execFileSync(process.execPath, [tsc, "-p", folder], { stdio: "pipe", encoding: "utf8" })
    rmSync(folder, { recursive: true })
  })
})
