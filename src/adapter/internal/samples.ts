/**
 * What the versions write alike about a sample of a meter: what is usual is left out.
 */
import type * as Domain from "../../domain/index.ts"
import type { BothWays, Losses } from "./BothWays.ts"
import { usualMeasurand } from "./decimals.ts"

/** The fields of a sample beside what it reads. */
interface Around<Measurand extends string> {
  readonly measurand?: Measurand
  readonly context?: Domain.ReadingContext
  readonly location?: Domain.Location
  readonly phase?: Domain.Phase
}

/** A sample, with what is usual where nothing is told. */
export const sampleOf = <Measurand extends string>(
  { context, location, measurand: told, phase }: Around<Measurand>,
  measurand: BothWays<Measurand, Domain.Measurand>,
  reading: Domain.SampledValue["reading"],
  losses: Losses
): Domain.SampledValue => {
  const sample = {
    measurand: told === undefined ? usualMeasurand : measurand.decode(told, losses),
    context: context ?? "Sample.Periodic",
    location: location ?? "Outlet",
    reading
  } as const
  return phase === undefined ? sample : { ...sample, phase }
}

/** What is told of a sample beside what it reads. */
export const aroundOf = <Measurand extends string>(
  { context, location, measurand: generic, phase }: Domain.SampledValue,
  measurand: BothWays<Measurand, Domain.Measurand>,
  losses: Losses
): Around<Measurand> => ({
  ...(generic === usualMeasurand
    ? {}
    : { measurand: losses.below("measurand", () => measurand.encode(generic, losses)) }),
  ...(context === "Sample.Periodic" ? {} : { context }),
  ...(location === "Outlet" ? {} : { location }),
  ...(phase === undefined ? {} : { phase })
})
