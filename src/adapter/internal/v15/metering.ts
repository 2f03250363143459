/**
 * What meters read, in the words of 1.5.
 */
import * as Domain from "../../../domain/index.ts"
import * as V15 from "../../../v15/index.ts"
import { below, list, refused, under, words } from "../BothWays.ts"
import { needsUnit } from "../decimals.ts"
import { table } from "../Table.ts"
import { translation } from "../Translation.ts"
import * as since21 from "../since21.ts"
import { instant } from "../values.ts"
import { byNumber } from "../v1x/common.ts"
import { ofNoTransaction, sample } from "../v1x/metering.ts"
import { nothing, v15 } from "./common.ts"

const unknown = refused("1.5 does not know this measurand")

const measurand = words<V15.Measurand, Domain.Measurand>({
  encoded: {
    ...since21.measurands("1.5 does not know this measurand"),
    "Current.Import.Offered": unknown,
    "Current.Offered": unknown,
    "Energy.Active.Net": unknown,
    "Energy.Apparent.Export": unknown,
    "Energy.Apparent.Import": unknown,
    "Energy.Apparent.Net": unknown,
    "Energy.Reactive.Net": unknown,
    Frequency: unknown,
    "Power.Factor": unknown,
    "Power.Import.Offered": unknown,
    "Power.Offered": unknown,
    RPM: unknown,
    SoC: unknown
  },
  decoded: {}
})

const otherContext = refused("1.5 does not know this reason for a reading")

const context = under(
  "context",
  words<V15.ReadingContext, Domain.ReadingContext>({
    encoded: { Other: otherContext, Trigger: otherContext },
    decoded: {}
  })
)

const otherLocation = refused("1.5 measures at the station only")

const location = words<V15.Location, Domain.Location>({
  encoded: { Cable: otherLocation, EV: otherLocation, Upstream: otherLocation },
  decoded: {}
})

const noPhases = "1.5 has no phases, so that it would be taken for what all have together"

const { decode, encode } = sample(v15, {
  measurand,
  location,
  units: V15.UnitOfMeasure.literals,
  spellings: [
    ["Amp", "A"],
    ["Volt", "V"]
  ]
})

const sampledValue = table<V15.SampledValue, Domain.SampledValue>(({ omissible, together }) => [
  together({
    wire: ["value", "format", "unit", "measurand", "context", "location"],
    generic: ["reading", "measurand", "context", "location", "phase"],
    decode,
    encode: (generic, losses) => {
      const { context: told, phase, ...rest } = encode(generic, losses)
      if (phase !== undefined) losses.add(noPhases, "phase")
      return {
        ...rest,
        ...(told === undefined ? {} : { context: context.encode(told, losses) })
      }
    },
    notes: [
      {
        path: "measurand",
        fate: "refused",
        why: "1.5 knows neither what is offered nor factors, frequencies, RPM, SoC, net and apparent energies"
      },
      { path: "measurand", fate: "refused", why: "1.5 does not know those that came with 2.1" },
      { path: "reading.unit", fate: "refused", why: "1.5 has a list of units" },
      { path: "reading.unit", fate: "refused", why: needsUnit },
      ...(context.notes ?? []),
      ...below("location", location.notes),
      { path: "phase", fate: "refused", why: noPhases }
    ]
  }),
  omissible("signedMeterValue", "1.5 has no place for how a reading was signed")
])

/** What the domain calls `meterValue`. */
export const meterValues = under(
  "meterValue",
  list(
    table<V15.MeterValue, Domain.MeterValue>(({ field }) => [
      field("timestamp", "timestamp", instant),
      field("values", "sampledValue", list(sampledValue))
    ])
  )
)

/** Readings of a connector; 0 is the main meter. */
export const ofConnector = translation(
  Domain.MeterValues,
  V15.MeterValues,
  table(({ dropped, together }) => [
    together(byNumber),
    dropped({ wire: "transactionId" }, ofNoTransaction),
    together({
      wire: ["values"],
      generic: ["meterValue"],
      decode: ({ values = [] }, losses) => ({ meterValue: meterValues.decode(values, losses) }),
      notes: meterValues.notes ?? [],
      encode: ({ meterValue }, losses) => ({ values: meterValues.encode(meterValue, losses) })
    })
  ]),
  nothing
)
