/**
 * The small file beside a storage that says how far its commits have come, so that a lost part of the storage is
 * noticed.
 *
 * It has two places, of which commits take turns: when power fails in the middle of writing one, the other one still
 * holds what was said before.
 */
import * as fs from "node:fs"
import { dirname } from "node:path"
import { crc32 } from "node:zlib"

/** What a storage holds, in a few numbers. */
export interface StorageHead {
  /** Which storage it is: made up when the file is made. */
  readonly storage: string
  /** How often anything was committed. */
  readonly commits: number
  readonly entries: number
  /** The sum of the checksums of all entries, modulo 2³². */
  readonly sum: number
}

/** A place is written at once, and each lies in sectors of its own. */
const placeSize = 512
const placeDistance = 4096

const bytesOf = (head: StorageHead): Buffer => {
  const text = JSON.stringify(head)
  const bytes = Buffer.alloc(placeSize, " ")
  bytes.write(`${text} ${crc32(text).toString(16).padStart(8, "0")}\n`, "latin1")
  return bytes
}

const parse = (text: string): StorageHead | undefined => {
  const [, json = "", checksum = ""] = /^(\{.*\}) ([0-9a-f]{8})\n/.exec(text) ?? []
  // What has this checksum was written here.
  return json !== "" && crc32(json) === Number.parseInt(checksum, 16) ? (JSON.parse(json) as StorageHead) : undefined
}

/** The anchor of a file. */
export const anchorOf = (main: string): string => `${main}-anchor`

/** What an anchor says: `undefined` if there is none, `"unreadable"` if there is one and neither place can be read. */
export const readAnchor = (main: string): StorageHead | "unreadable" | undefined => {
  const filename = anchorOf(main)
  if (!fs.existsSync(filename)) return undefined
  const bytes = fs.readFileSync(filename, "latin1")
  const [first, second] = [0, placeDistance].map((at) => parse(bytes.slice(at, at + placeSize)))
  if (first === undefined || second === undefined) return first ?? second ?? "unreadable"
  return first.commits > second.commits ? first : second
}

/** Writes a new anchor in the place of any other: whoever looks finds the old one or the new one whole. */
export const writeAnchor = (main: string, head: StorageHead): void => {
  const temporary = `${anchorOf(main)}-new`
  const bytes = Buffer.alloc(2 * placeDistance, " ")
  bytesOf(head).copy(bytes, placeOf(head))
  fs.rmSync(temporary, { force: true })
  // Who may use the file may use the anchor.
  fs.writeFileSync(temporary, bytes, { mode: fs.statSync(main).mode, flush: true })
  fs.renameSync(temporary, anchorOf(main))
  syncDirectory(dirname(main))
}

/** Lets the disk have the names that were made in a directory. Some systems have no such thing, and need none. */
export const syncDirectory = (path: string): void => {
  if (process.platform === "win32") return
  const directory = fs.openSync(path, "r")
  try {
    fs.fsyncSync(directory)
  } finally {
    fs.closeSync(directory)
  }
}

const placeOf = ({ commits }: StorageHead): number => (commits % 2) * placeDistance

/** What is called when the disk has what was written, or has failed. */
export type Synced = (error: Error | null) => void

/** An anchor that is in use. */
export class StorageAnchor {
  private readonly file: number
  private isSyncing = false
  private error: Error | null = null
  private onSynced: Synced | undefined = undefined

  /** Begins with this, in the place of any other anchor. */
  constructor(main: string, head: StorageHead) {
    writeAnchor(main, head)
    this.file = fs.openSync(anchorOf(main), "r+")
  }

  /** Writes what holds now. What was written before has to be on the disk. */
  write(head: StorageHead): void {
    fs.writeSync(this.file, bytesOf(head), 0, placeSize, placeOf(head))
  }

  /** Begins to wait for the disk to have what was written. */
  sync(): void {
    this.isSyncing = true
    fs.fdatasync(this.file, (error) => {
      this.isSyncing = false
      this.error = error
      const { onSynced } = this
      this.onSynced = undefined
      onSynced?.(error)
    })
  }

  /** Calls back when the disk has what was written last, at once if it has it. */
  whenSynced(synced: Synced): void {
    if (this.isSyncing) this.onSynced = synced
    else synced(this.error)
  }

  close(): void {
    fs.closeSync(this.file)
  }
}
