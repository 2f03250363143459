/**
 * What DataTransfer carries in 1.6: the messages of the extensions that the domain has operations for.
 */
import * as Handlers from "../../../Handlers.ts"
import * as V16 from "../../../v16/index.ts"
import type { Extensions } from "../Translation.ts"

const known = [V16.PlugAndCharge.extension, V16.CostMessages.extension]

type DataTransferHandler = Handlers.Handler<typeof V16.DataTransfer, V16.StationSession | V16.CsmsClient, never>

export const extensions: Extensions = {
  action: V16.DataTransfer,
  caller: (versioned) => V16.Extension.caller(known, versioned),
  handler: (side, handlerOf, otherwise) => {
    const sets = known.map((extension) => Handlers.make(extension, side, handlerOf))
    const handled = sets.filter(({ handlers }) => handlers.size > 0)
    if (handled.length === 0) return otherwise
    // The engine gives handlers of DataTransfer its requests only.
    return V16.Extension.dataTransfer(handled, otherwise as DataTransferHandler | undefined) as typeof otherwise
  }
}
