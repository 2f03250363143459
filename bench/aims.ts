/** What this library aims at, side by side with others, and whether figures meet it. */

/** A value for each row of a table. */
export type Cells = ReadonlyArray<readonly [row: string, value: number]>

/** A table of figures: ours, and the ratios of ours to those of the others. */
export interface Table {
  readonly better: "less" | "more"
  readonly ours: Cells
  readonly ratios: ReadonlyMap<string, Cells>
}

/** The aims, each with its worst row and whether it is met. `tables` are found by their titles. */
export const aimsOf = (
  tables: ReadonlyMap<string, Table>
): ReadonlyArray<readonly [aim: string, worst: string, met: string]> => {
  const cellsOf = (title: string, other?: string): Cells => {
    const table = tables.get(title)
    return (other === undefined ? table?.ours : table?.ratios.get(other)) ?? []
  }
  const behind = Array.from(tables, ([title, { better, ratios }]) =>
    (ratios.get("ocpp-rpc") ?? [])
      .filter(([, ratio]) => (better === "less" ? ratio >= 1 : ratio <= 1))
      .map(([row]) => `${title}: ${row}`)
  ).flat()
  const server = cellsOf("Server: CPU milliseconds per 10,000 calls", "ws-ajv")
  const client = "Client: CPU milliseconds per 10,000 calls"
  return [
    ["ahead of ocpp-rpc in every row", behind.join("; ") || "none behind", behind.length === 0 ? "yes" : "no"],
    atMost("server CPU at most 1.2 × ws-ajv at 100 connections", crowded(server), 1.2, 2),
    atMost("client CPU of MeterValues at most 1.7 × ws-json", of("MeterValues", cellsOf(client, "ws-json")), 1.7, 2),
    atMost(
      "client CPU of Heartbeat and StatusNotification at most 1.25 × ws-ajv",
      [...of("Heartbeat", cellsOf(client, "ws-ajv")), ...of("StatusNotification", cellsOf(client, "ws-ajv"))],
      1.25,
      2
    ),
    atMost(
      "server CPU per connect at most 1.3 × ws-json",
      cellsOf("Server: CPU milliseconds per 1,000 connects", "ws-json"),
      1.3,
      2
    ),
    atMost("at most 13 KiB resident per idle connection", cellsOf("Server: resident KiB per idle connection"), 13, 1)
  ]
}

const crowded = (cells: Cells): Cells => cells.filter(([row]) => row.endsWith(" 100 connections"))

const of = (action: string, cells: Cells): Cells => cells.filter(([row]) => row.startsWith(action))

const atMost = (aim: string, cells: Cells, limit: number, digits: number): readonly [string, string, string] => {
  const [row, value] = cells.reduce((worst, cell) => (cell[1] > worst[1] ? cell : worst), ["no figures", 0])
  return [aim, `${value.toFixed(digits)} (${row})`, value <= limit ? "yes" : "no"]
}
