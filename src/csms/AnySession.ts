/**
 * A connected station of any version.
 *
 * @since 0.1.0
 */
import type * as V15 from "../v15/index.ts"
import type * as V16 from "../v16/index.ts"
import type * as V201 from "../v201/index.ts"
import type * as V21 from "../v21/index.ts"

/**
 * A connected station of any version. Its `version` tells the type of its calls.
 *
 * **Example** (A reset in the words of the version)
 *
 * ```ts
 * if (session.version === "1.6") yield* session.station.reset({ type: "Soft" })
 * if (session.version === "2.0.1") yield* session.station.reset({ type: "OnIdle" })
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export type AnySession = V15.StationSession | V16.StationSession | V201.StationSession | V21.StationSession
