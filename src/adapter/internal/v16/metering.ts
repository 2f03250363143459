/**
 * What meters read, in the words of 1.6.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { below, changes, list, refused, under, words } from "../BothWays.ts"
import { needsUnit } from "../decimals.ts"
import { table } from "../Table.ts"
import { translation } from "../Translation.ts"
import * as since21 from "../since21.ts"
import { instant } from "../values.ts"
import { byNumber } from "../v1x/common.ts"
import { ofNoTransaction, sample } from "../v1x/metering.ts"
import { nothing, v16 } from "./common.ts"

const unknown = refused("1.6 does not know this measurand")

const measurand = words<V16.Measurand, Domain.Measurand>({
  encoded: {
    ...since21.measurands("1.6 does not know this measurand"),
    "Energy.Active.Net": unknown,
    "Energy.Apparent.Export": unknown,
    "Energy.Apparent.Import": unknown,
    "Energy.Apparent.Net": unknown,
    "Energy.Reactive.Net": unknown
  },
  decoded: {}
})

const location = words<V16.Location, Domain.Location>({
  encoded: { Upstream: refused("1.6 does not know this location") },
  decoded: {}
})

const { decode, encode } = sample(v16, {
  measurand,
  location,
  units: V16.UnitOfMeasure.literals,
  spellings: [["Celcius", "Celsius"]]
})

const sampledValue = table<V16.SampledValue, Domain.SampledValue>(({ omissible, together }) => [
  together({
    wire: ["value", "format", "unit", "measurand", "context", "location", "phase"],
    generic: ["reading", "measurand", "context", "location", "phase"],
    decode,
    encode,
    notes: [
      { path: "measurand", fate: "refused", why: "1.6 knows neither the net nor the apparent energies" },
      { path: "measurand", fate: "refused", why: "1.6 does not know those that came with 2.1" },
      ...below("measurand", changes(measurand)),
      { path: "location", fate: "refused", why: "1.6 does not know Upstream" },
      { path: "reading.unit", fate: "refused", why: "1.6 has a list of units" },
      { path: "reading.unit", fate: "refused", why: needsUnit },
      {
        path: "reading.unit",
        fate: "changed",
        why: "Frequency, RPM and SoC without one come back in Hz, RPM and Percent"
      }
    ]
  }),
  omissible("signedMeterValue", "1.6 has no place for how a reading was signed")
])

const readings = list(
  table<V16.MeterValue, Domain.MeterValue>(({ field }) => [
    field("timestamp", "timestamp", instant),
    field("sampledValue", "sampledValue", list(sampledValue))
  ])
)

/** What the domain calls `meterValue`. */
export const meterValues = under("meterValue", readings)

/** Readings of a connector; 0 is the main meter. */
export const ofConnector = translation(
  Domain.MeterValues,
  V16.MeterValues,
  table(({ dropped, field, together }) => [
    together(byNumber),
    dropped({ wire: "transactionId" }, ofNoTransaction),
    field("meterValue", "meterValue", readings)
  ]),
  nothing
)
