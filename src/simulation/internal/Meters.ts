/**
 * What the meters of a simulated station read, kept where its messages are.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Storage } from "../../Storage.ts"
import * as Timestamp from "../../Timestamp.ts"

/** Watt-hours, and when they were read. */
const Reading = Schema.Struct({ timestamp: Schema.String, energy: Schema.Number })

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Reading))

export class Meters {
  private readonly storage: Storage["Service"]
  private readonly space: string

  constructor(storage: Storage["Service"], identity: string) {
    this.storage = storage
    this.space = `virtual-station meter ${identity}`
  }

  /** The last reading that was saved; 0 Wh in 1970 if none was. */
  load(evseId: number): Effect.Effect<{ readonly energy: number; readonly time: DateTime.Utc }> {
    return this.storage.get(this.space, String(evseId)).pipe(
      Effect.map((value) => {
        const { energy, timestamp } = Option.getOrElse(decode(value), () => ({ timestamp: "", energy: 0 }))
        return { energy, time: DateTime.makeUnsafe(Timestamp.toMillis(timestamp) ?? 0) }
      }),
      Effect.orDie
    )
  }

  save(evseId: number, energy: number, time: DateTime.Utc): Effect.Effect<void> {
    const reading: typeof Reading.Type = { timestamp: Timestamp.fromMillis(DateTime.toEpochMillis(time)), energy }
    const saved = this.storage.commit([{ space: this.space, key: String(evseId), value: JSON.stringify(reading) }])
    return Effect.ignore(saved, { log: "Warn" })
  }
}
