/**
 * What a gateway notes of the transactions and requests of a station, by their names, in its storage.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { reading } from "../../internal/Stored.ts"
import type { Storage, StorageChange, StorageError } from "../../Storage.ts"

/** How many notes of a station a book keeps. The one that was set longest ago goes first. */
const most = 64

/** Notes of one kind. If the storage fails, that is logged, and the gateway goes on without the note. */
export class Book<A> {
  private readonly storage: Storage["Service"]
  private readonly name: string
  private readonly decode: (text: string) => Option.Option<{ readonly order: number; readonly value: A }>

  constructor(storage: Storage["Service"], name: string, schema: Schema.Codec<A, unknown>) {
    this.storage = storage
    this.name = name
    this.decode = reading(Schema.Struct({ order: Schema.Int, value: schema }))
  }

  get(identity: string, name: string): Effect.Effect<A | undefined> {
    return this.storage.get(this.spaceOf(identity), JSON.stringify(name)).pipe(
      Effect.map((text) => (text === undefined ? undefined : Option.getOrUndefined(this.decode(text))?.value)),
      logged
    )
  }

  set(identity: string, name: string, value: A): Effect.Effect<void> {
    const space = this.spaceOf(identity)
    const key = JSON.stringify(name)
    return this.storage.read(space).pipe(
      Effect.flatMap((entries) => {
        const places = entries.map((entry) => ({
          key: entry.key,
          order: Option.getOrUndefined(this.decode(entry.value))?.order ?? 0
        }))
        const order = Math.max(0, ...places.map((place) => place.order)) + 1
        const others = places.filter((place) => place.key !== key).sort((one, other) => one.order - other.order)
        const gone = others.slice(0, Math.max(0, others.length - most + 1))
        const changes: ReadonlyArray<StorageChange> = [
          ...gone.map((place) => ({ space, key: place.key, value: undefined })),
          // The schemas of books encode each value as itself.
          { space, key, value: JSON.stringify({ order, value }) }
        ]
        return this.storage.commit(changes)
      }),
      logged
    )
  }

  delete(identity: string, name: string): Effect.Effect<void> {
    const change = { space: this.spaceOf(identity), key: JSON.stringify(name), value: undefined }
    return logged(this.storage.commit([change]))
  }

  private spaceOf(identity: string): string {
    return `gateway ${this.name} ${JSON.stringify(identity)}`
  }
}

const logged = <A>(effect: Effect.Effect<A, StorageError>): Effect.Effect<A | undefined> =>
  Effect.catchCause(effect, (cause) =>
    Effect.as(Effect.logError("what is noted of a station could not be stored or read", cause), undefined)
  )
