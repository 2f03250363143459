/**
 * From what Node.js and SQLite throw to a `StorageError`.
 */
import { StorageError } from "../../Storage.ts"

/** The error of a storage in the file `path`; in one line, since errors are logged and SQLite uses several at times. */
export const failure = (path: string, reason: StorageError["reason"], detail: string): StorageError =>
  new StorageError({ storage: path, reason, detail: detail.replaceAll(/\s+/g, " ") })

/** What a thrown value is as the error of a storage. */
export const errorOf = (path: string, cause: unknown): StorageError => {
  if (cause instanceof StorageError) return cause
  const code = codeOf(cause)
  // Functions of Node.js throw errors with a code of the system.
  const { code: name, message } = cause as NodeJS.ErrnoException
  if (code === undefined) return failure(path, name === "ENOSPC" || name === "EDQUOT" ? "Full" : "Unavailable", message)
  return failure(path, reasons[code] ?? reasons[code & 0xff] ?? "Unavailable", `${message} (SQLite ${code})`)
}

/** The extended result code, which the errors of SQLite have. */
export const codeOf = (cause: unknown): number | undefined => (cause as { readonly errcode?: number }).errcode

/**
 * By SQLite's result codes: ERROR, which is a statement that does not fit the table, BUSY, LOCKED, CORRUPT, FULL, NOTADB
 * and IOERR_SHORT_READ, which is a file that ends too early.
 */
const reasons: Record<number, StorageError["reason"]> = {
  1: "Corrupt",
  5: "Locked",
  6: "Locked",
  11: "Corrupt",
  13: "Full",
  26: "Corrupt",
  522: "Corrupt"
}
