/**
 * A value that changes, told to whoever listens: as it is, then each change.
 */
import type * as Stream from "effect/Stream"
import { Broadcast } from "./Broadcast.ts"

export class Latest<A> extends Broadcast<A> {
  private latest: A

  constructor(value: A) {
    super()
    this.latest = value
  }

  get value(): A {
    return this.latest
  }

  override tell(value: A): void {
    this.latest = value
    super.tell(value)
  }

  /** The value as it is, then each change; it ends with the value. */
  override get stream(): Stream.Stream<A> {
    return this.streamAfter(() => [this.latest])
  }
}
