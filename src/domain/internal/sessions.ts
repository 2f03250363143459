/**
 * Charging sessions at an EVSE, found from when its connectors were in use and from its transactions. All times are in
 * milliseconds since 1970-01-01T00:00:00Z.
 */

/** When a connector was found in use, or not, in the order of time. */
export interface Connector {
  readonly connectorId: number
  readonly uses: ReadonlyArray<{ readonly at: number; readonly isInUse: boolean }>
}

/** When a transaction took place; `to` is `undefined` if its end has not come, and `lastAt` is its latest event. */
export interface Times {
  readonly transactionId: string
  readonly connectorId: number | undefined
  readonly from: number
  readonly to: number | undefined
  readonly lastAt: number
}

/** A session; `to` is `Infinity` if it goes on. */
export interface Found {
  readonly from: number
  readonly to: number
  readonly transactionIds: ReadonlyArray<string>
}

/** A time in which the EVSE is in use, for one reason. */
interface Use {
  readonly from: number
  readonly to: number
  readonly transactionId?: string
}

/** The sessions at an EVSE: uses that overlap or touch are one. Transactions come in the order of their starts. */
export const at = (connectors: ReadonlyArray<Connector>, transactions: ReadonlyArray<Times>): ReadonlyArray<Found> => {
  const uses = [
    ...connectors.flatMap(usesOf),
    ...transactions.map((times, index) => useOf(times, transactions[index + 1], connectors))
  ]
  const found: Array<{ from: number; to: number; transactionIds: Array<string> }> = []
  for (const { from, to, transactionId } of uses.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1)
    const session = last !== undefined && from <= last.to ? last : { from, to, transactionIds: [] }
    if (session !== last) found.push(session)
    session.to = Math.max(session.to, to)
    if (transactionId !== undefined) session.transactionIds.push(transactionId)
  }
  return found
}

const usesOf = ({ uses }: Connector): ReadonlyArray<Use> =>
  uses.flatMap(({ at: from, isInUse }, index) => {
    if (!isInUse || uses[index - 1]?.isInUse === true) return []
    return [{ from, to: uses.slice(index).find((one) => !one.isInUse)?.at ?? Infinity }]
  })

const useOf = (
  { connectorId, from, lastAt, to, transactionId }: Times,
  next: Times | undefined,
  connectors: ReadonlyArray<Connector>
): Use => {
  if (to !== undefined) return { from, to: Math.max(from, to), transactionId }
  const frees = connectors
    .filter((connector) => connectorId === undefined || connector.connectorId === connectorId)
    .flatMap(({ uses }) => uses.find((one) => !one.isInUse && one.at > lastAt)?.at ?? [])
  // It does not reach the next one, which may be in another session.
  const end = Math.min(...frees, next === undefined ? Infinity : next.from - 1)
  return { from, to: Math.max(from, end), transactionId }
}
