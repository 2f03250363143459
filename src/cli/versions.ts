/**
 * The versions of OCPP that the commands know.
 */
import * as Effect from "effect/Effect"
import type { SoapCarriage } from "../Protocol.ts"
import * as Soap15 from "../v15/Soap.ts"
import * as Soap16 from "../v16/Soap.ts"
import { UsageError } from "./errors.ts"

export const ofCsms = ["1.5", "1.6", "2.0.1", "2.1"] as const

export const ofStation = ["1.5", "1.5S", "1.6", "1.6S", "2.0.1", "2.1"] as const

/** Those that are spoken over SOAP too. */
export const overSoap: ReadonlyArray<SoapCarriage> = [Soap15.carriage, Soap16.carriage]

/** The version that a flag names; fails unless it is one of those known. */
export const check = <const Version extends string>(
  flag: string,
  version: string,
  known: ReadonlyArray<Version>
): Effect.Effect<Version, UsageError> => {
  const found = known.find((one) => one === version)
  return found === undefined
    ? Effect.fail(new UsageError({ message: `${flag}: ${JSON.stringify(version)} is none of ${known.join(", ")}` }))
    : Effect.succeed(found)
}

/** A version as a flag names it: `1.6S` is 1.6 over SOAP. */
export const spoken = <const Version extends string>(
  name: Version
): { readonly version: WithoutS<Version>; readonly isSoap: boolean } => ({
  // What is left is the rest of the name.
  version: name.replace(/S$/, "") as WithoutS<Version>,
  isSoap: name.endsWith("S")
})

type WithoutS<Version extends string> = Version extends `${infer Rest}S` ? Rest : Version
