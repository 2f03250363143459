/**
 * What the versions write alike about a sample of a meter: what is usual is left out.
 */
import type * as Domain from "../../domain/index.ts"
import type { BothWays, Losses } from "./BothWays.ts"
import { usualMeasurand } from "./decimals.ts"

/** The fields of a sample beside what it reads. */
interface Around<Measurand extends string, Location extends string> {
  readonly measurand?: Measurand
  readonly context?: Domain.ReadingContext
  readonly location?: Location
  readonly phase?: Domain.Phase
}

/** The words of a version for what is measured, and where. */
export interface SampleWords<in out Measurand extends string, in out Location extends string> {
  readonly measurand: BothWays<Measurand, Domain.Measurand>
  readonly location: BothWays<Location, Domain.Location>
}

/** A sample, with what is usual where nothing is told. */
export const sampleOf = <Measurand extends string, Location extends string>(
  { context, location, measurand, phase }: Around<Measurand, Location>,
  words: SampleWords<Measurand, Location>,
  reading: Domain.SampledValue["reading"],
  losses: Losses
): Domain.SampledValue => {
  const sample = {
    measurand: measurand === undefined ? usualMeasurand : words.measurand.decode(measurand, losses),
    context: context ?? "Sample.Periodic",
    location: location === undefined ? "Outlet" : words.location.decode(location, losses),
    reading
  } as const
  return phase === undefined ? sample : { ...sample, phase }
}

/** What is told of a sample beside what it reads. */
export const aroundOf = <Measurand extends string, Location extends string>(
  { context, location, measurand, phase }: Domain.SampledValue,
  words: SampleWords<Measurand, Location>,
  losses: Losses
): Around<Measurand, Location> => ({
  ...(measurand === usualMeasurand
    ? {}
    : { measurand: losses.below("measurand", () => words.measurand.encode(measurand, losses)) }),
  ...(context === "Sample.Periodic" ? {} : { context }),
  ...(location === "Outlet"
    ? {}
    : { location: losses.below("location", () => words.location.encode(location, losses)) }),
  ...(phase === undefined ? {} : { phase })
})
