/**
 * The transactions of stations whose ends are stored for the CSMS or have arrived there. A station that did not get the
 * answer sends the end again, also after the CSMS was told and the gateway has forgotten all else about the transaction.
 */
import * as Effect from "effect/Effect"
import type { Storage, StorageError } from "../../Storage.ts"

/** How many of a station are remembered; the first ones go. */
const most = 64

export class EndedTransactions {
  private readonly storage: Storage["Service"]

  constructor(storage: Storage["Service"]) {
    this.storage = storage
  }

  has(identity: string, name: string): Effect.Effect<boolean> {
    return this.storage.get(spaceOf(identity), JSON.stringify(name)).pipe(
      Effect.map((found) => found !== undefined),
      logged(false)
    )
  }

  /** Remembers one, before its end is stored. */
  add(identity: string, name: string): Effect.Effect<void> {
    const space = spaceOf(identity)
    return this.storage.read(space).pipe(
      Effect.flatMap((entries) => {
        const known = entries.map(({ key, value }) => ({ key, order: Number(value) })).sort((a, b) => a.order - b.order)
        const gone = known.slice(0, Math.max(0, known.length - most + 1))
        const order = (known.at(-1)?.order ?? 0) + 1
        return this.storage.commit([
          ...gone.map(({ key }) => ({ space, key, value: undefined })),
          { space, key: JSON.stringify(name), value: String(order) }
        ])
      }),
      logged(undefined)
    )
  }
}

const spaceOf = (identity: string): string => `gateway ended ${JSON.stringify(identity)}`

const logged =
  <B>(instead: B) =>
  <A>(effect: Effect.Effect<A, StorageError>): Effect.Effect<A | B> =>
    Effect.catchCause(effect, (cause) =>
      Effect.as(Effect.logError("the transactions that have ended could not be stored or read", cause), instead)
    )
