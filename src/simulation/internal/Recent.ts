/**
 * The last of what happened, as much of it as there is room for.
 */
import * as Options from "../../internal/Options.ts"

/** The last values that were added: as many as `most`, and as large together as `mostBytes`, but always the newest. */
export class Recent<A extends { readonly stationId: string }> {
  private readonly most: number
  private readonly mostBytes: number
  private kept: Array<Kept<A> | undefined> = []
  /** Where the oldest is; those before it are gone. */
  private first = 0
  private bytes = 0

  constructor(most: number, mostBytes: number) {
    this.most = most
    this.mostBytes = mostBytes
  }

  add(value: A, bytes: number): void {
    this.kept.push({ value, bytes })
    this.bytes += bytes
    for (let size = this.kept.length - this.first; size > 1 && this.isOver(size); size--) {
      this.bytes -= this.kept[this.first]!.bytes
      this.kept[this.first++] = undefined
    }
    if (this.first < this.most) return
    this.kept = this.kept.slice(this.first)
    this.first = 0
  }

  private isOver(size: number): boolean {
    return size > this.most || this.bytes > this.mostBytes
  }

  /** Those of a station or all, oldest first. */
  of(stationId: string | undefined): ReadonlyArray<A> {
    const values: Array<A> = []
    for (const kept of this.kept) {
      if (kept !== undefined && (stationId === undefined || kept.value.stationId === stationId)) values.push(kept.value)
    }
    return values
  }
}

interface Kept<A> {
  readonly value: A
  readonly bytes: number
}

/** What an option says of a number of bytes. */
export const bytesOf = (option: string, value: number): number =>
  Options.count(option, value, 1, Number.MAX_SAFE_INTEGER)
