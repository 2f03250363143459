/**
 * The versions of OCPP that the commands know.
 */
import * as Effect from "effect/Effect"
import type { SoapCarriage } from "../Protocol.ts"
import * as Soap15 from "../v15/Soap.ts"
import * as Soap16 from "../v16/Soap.ts"
import { UsageError } from "./errors.ts"

export const ofCsms: ReadonlyArray<string> = ["1.5", "1.6", "2.0.1", "2.1"]

export const ofStation: ReadonlyArray<string> = ["1.6", "1.6S"]

/** Those that are spoken over SOAP too. */
export const overSoap: ReadonlyArray<SoapCarriage> = [Soap15.carriage, Soap16.carriage]

/** Fails unless the version that a flag names is one of those known. */
export const check = (flag: string, version: string, known: ReadonlyArray<string>): Effect.Effect<void, UsageError> =>
  known.includes(version)
    ? Effect.void
    : Effect.fail(new UsageError({ message: `${flag}: ${JSON.stringify(version)} is none of ${known.join(", ")}` }))
