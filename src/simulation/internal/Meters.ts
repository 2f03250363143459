/**
 * What the meters of a simulated station read, kept where its messages are.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Storage } from "../../Storage.ts"

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

  load(evseId: number): Effect.Effect<typeof Reading.Type> {
    return this.storage.get(this.space, String(evseId)).pipe(
      Effect.map((value) => Option.getOrElse(decode(value), () => ({ timestamp: "", energy: 0 }))),
      Effect.orDie
    )
  }

  save(evseId: number, reading: typeof Reading.Type): Effect.Effect<void> {
    const saved = this.storage.commit([{ space: this.space, key: String(evseId), value: JSON.stringify(reading) }])
    return Effect.ignore(saved, { log: "Warn" })
  }
}
