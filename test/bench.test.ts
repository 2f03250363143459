/**
 * What the page of the benchmark says of its aims is what its own tables say.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { aimsOf, type Table } from "../bench/aims.ts"

const page = readFileSync(new URL("../bench/README.md", import.meta.url), "utf8")

/** The cells of the table below a head line. */
const tableBelow = (head: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines = page
    .slice(page.indexOf(`${head}\n`) + head.length)
    .trimStart()
    .split("\n")
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("|"))
  )
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
  )
}

const figures = (): ReadonlyMap<string, Table> => {
  const tables = new Map<string, Table>()
  for (const [head, title = "", better] of page.matchAll(/^#### (.*) \((less|more) is better\)$/gm)) {
    const [columns = [], , ...rows] = tableBelow(head)
    const cells = (column: string) => rows.map((row) => [row[0] ?? "", Number(row[columns.indexOf(column)])] as const)
    const others = columns.filter((column) => column.startsWith("ours ÷ "))
    tables.set(title, {
      better: better === "more" ? "more" : "less",
      ours: cells("effect-ocpp"),
      ratios: new Map(others.map((column) => [column.slice("ours ÷ ".length), cells(column)]))
    })
  }
  return tables
}

describe("the page of the benchmark", () => {
  it("has figures in all of its tables", () => {
    const tables = figures()
    assert.strictEqual(tables.size, 7)
    for (const { ours, ratios } of tables.values()) {
      for (const [, value] of [ours, ...ratios.values()].flat()) assert.isAbove(value, 0)
    }
  })

  it("states no aim as met that its tables do not meet, and leaves none out", () => {
    const [, , ...stated] = tableBelow("### The aims")
    assert.deepStrictEqual(
      stated,
      aimsOf(figures()).map((aim) => Array.from(aim))
    )
  })
})
