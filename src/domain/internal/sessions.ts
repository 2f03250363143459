/**
 * Charging sessions at an EVSE, found from when its connectors were in use and from its transactions. All times are in
 * milliseconds since 1970-01-01T00:00:00Z.
 */

/** When a connector was found in use, or not, in the order of time. */
export interface Connector {
  readonly connectorId: number
  readonly uses: ReadonlyArray<{ readonly at: number; readonly isInUse: boolean }>
}

/**
 * When a transaction took place; `to` is `undefined` if its end has not come, and `lastAt` is its latest event. If its start
 * has not come, `from` is its first event.
 */
export interface Times {
  readonly transactionId: string
  readonly isStarted: boolean
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
  const uses = [...connectors.flatMap(usesOf), ...usesBy(transactions, connectors)]
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

/** The transaction that goes on at an EVSE. Transactions come in the order of their starts. */
export const running = (
  connectors: ReadonlyArray<Connector>,
  transactions: ReadonlyArray<Times>
): string | undefined => {
  const all = usesBy(transactions, connectors).filter(({ to }) => to === Infinity)
  return (all.findLast(({ isStarted }) => isStarted) ?? all.at(-1))?.transactionId
}

const usesOf = ({ uses }: Connector): ReadonlyArray<Use> =>
  uses.flatMap(({ at: from, isInUse }, index) => {
    if (!isInUse || uses[index - 1]?.isInUse === true) return []
    return [{ from, to: uses.slice(index).find((one) => !one.isInUse)?.at ?? Infinity }]
  })

/** The uses by transactions. One that only has readings is none at connectors that were free. */
const usesBy = (
  transactions: ReadonlyArray<Times>,
  connectors: ReadonlyArray<Connector>
): ReadonlyArray<Use & Pick<Times, "isStarted" | "transactionId">> =>
  transactions.flatMap((times, index) => {
    const { connectorId, from, isStarted, to, transactionId } = times
    if (to !== undefined) return [{ from, to: Math.max(from, to), transactionId, isStarted }]
    const its = connectors.filter((one) => connectorId === undefined || one.connectorId === connectorId)
    if (!isStarted && wereFree(its, from)) return []
    // Another one that was not told to have started may be a name that a station gives to readings of none.
    const next = transactions.slice(index + 1).find((other) => other.isStarted || !isStarted)
    // It does not reach the next one, which may be in another session.
    const end = Math.min(
      freedAfter(its, isStarted ? times.lastAt : from),
      next === undefined ? Infinity : next.from - 1
    )
    return [{ from, to: Math.max(from, end), transactionId, isStarted }]
  })

/** Whether one of them was told to be free at a time, and none to be in use. */
const wereFree = (connectors: ReadonlyArray<Connector>, time: number): boolean => {
  const told = connectors.flatMap(({ uses }) => uses.findLast(({ at: one }) => one <= time) ?? [])
  return told.length > 0 && !told.some(({ isInUse }) => isInUse)
}

/** When the last one of them was told to be free after a time; `Infinity`: none was, or one of them is in use. */
const freedAfter = (connectors: ReadonlyArray<Connector>, time: number): number => {
  const freed = connectors.map(
    ({ uses }) =>
      uses.find((one) => !one.isInUse && one.at > time)?.at ?? (uses.at(-1)?.isInUse === true ? Infinity : -Infinity)
  )
  const last = Math.max(...freed)
  return last > time ? last : Infinity
}
