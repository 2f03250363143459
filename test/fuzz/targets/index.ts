import * as Frames from "../frames.ts"
import { Fuzzer, type Fuzzing } from "../fuzz.ts"
import * as client from "./client.ts"
import * as envelopes from "./envelopes.ts"
import * as sequences from "./sequences.ts"
import * as server from "./server.ts"
import * as text from "./text.ts"

/** All targets, with cases that a seed determines. */
export const all = (seed: string, before?: (index: number) => void): ReadonlyArray<Fuzzing> => {
  const versions = Frames.versions(seed)
  return [
    new Fuzzer(text.target(versions), seed, before),
    new Fuzzer(envelopes.target(seed), seed, before),
    new Fuzzer(sequences.target(versions), seed, before),
    new Fuzzer(server.target(versions), seed, before),
    new Fuzzer(client.target(versions), seed, before)
  ]
}
