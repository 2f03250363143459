/** Storages for tests. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SqliteStorage } from "../../src/node/index.ts"
import { Storage } from "../../src/Storage.ts"

/** An empty directory, which is removed when the scope closes. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "effect-ocpp-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** Every storage there is, new and empty. */
export const storages = {
  memory: Storage.layerMemory,
  SQLite: Layer.unwrap(Effect.map(directory, (path) => SqliteStorage.layer({ filename: join(path, "storage.db") })))
}
