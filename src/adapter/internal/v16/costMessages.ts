/**
 * Costs on the display of a station of 1.6, which an extension has messages for.
 */
import type * as BigDecimal from "effect/BigDecimal"
import * as Duration from "effect/Duration"
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { type BothWays, list, refused, words } from "../BothWays.ts"
import { shifted } from "../decimals.ts"
import { table } from "../Table.ts"
import { translation } from "../Translation.ts"
import { decimal, instant } from "../values.ts"
import { nothing, transactionNumber, v16 } from "./common.ts"

const { CostMessages } = V16

/** An energy or a power, in thousands of the unit that the domain has. */
const thousands: BothWays<number, BigDecimal.BigDecimal> = {
  decode: (value, losses) => shifted(decimal.decode(value, losses), 3),
  encode: (value, losses) => decimal.encode(shifted(value, -3), losses)
}

const wholeMinutes = "a whole number of minutes is needed"

const minutes: BothWays<number, Duration.Duration> = {
  notes: [{ path: "", fate: "refused", why: wholeMinutes }],
  decode: (count) => Duration.minutes(count),
  encode: (duration, losses) => {
    const count = Duration.toMinutes(duration)
    if (!Number.isSafeInteger(count) || count < 0) losses.add(wholeMinutes)
    return count
  }
}

const message = table<V16.CostMessages.MessageContent, Domain.MessageContent>(({ alike, field }) => [
  field(
    "format",
    "format",
    words<V16.CostMessages.MessageFormat, Domain.MessageContent["format"]>({
      encoded: { QRCODE: refused("1.6 does not know this format") },
      decoded: {}
    })
  ),
  ...alike("language", "content")
])

const idlePrice = table<V16.CostMessages.IdlePrice, Domain.IdlePrice>(({ alike, field }) => [
  field("graceMinutes", "gracePeriod", minutes),
  ...alike("hourPrice")
])

const nextPeriod = table<V16.CostMessages.NextPeriod, NonNullable<Domain.RunningPrice["nextPeriod"]>>(
  ({ alike, field }) => [
    field("atTime", "atTime", instant),
    ...alike("chargingPrice"),
    field("idlePrice", "idlePrice", idlePrice)
  ]
)

const trigger = table<V16.CostMessages.TriggerMeterValue, Domain.PriceTrigger>(({ field }) => [
  field("atTime", "atTime", instant),
  field("atEnergykWh", "atEnergy", thousands),
  field("atPowerkW", "atPower", thousands),
  field("atCPStatus", "atStatus")
])

export const costMessages = [
  translation(
    Domain.CostUpdated,
    CostMessages.RunningCost,
    table(({ field }) => [
      field("transactionId", "transactionId", transactionNumber),
      field("cost", "totalCost"),
      field("timestamp", "price.timestamp", instant, { needed: "1.6 tells a cost with the reading that it is of" }),
      field("meterValue", "price.meterValue"),
      field("state", "price.state"),
      field("chargingPrice", "price.chargingPrice"),
      field("idlePrice", "price.idlePrice", idlePrice),
      field("nextPeriod", "price.nextPeriod", nextPeriod),
      field("triggerMeterValue", "price.triggerMeterValue", trigger)
    ]),
    nothing
  ),
  translation(
    Domain.SetUserPrice,
    CostMessages.SetUserPrice,
    table(({ alike, field }) => [
      field("idToken", "idToken", v16.idToken),
      ...alike("priceText"),
      field("priceTextExtra", "priceTextExtra", list(message))
    ]),
    nothing
  ),
  translation(
    Domain.FinalCost,
    CostMessages.FinalCost,
    table(({ alike, field }) => [
      field("transactionId", "transactionId", transactionNumber),
      field("cost", "totalCost"),
      ...alike("priceText", "qrCodeText"),
      field("priceTextExtra", "priceTextExtra", list(message))
    ]),
    nothing
  ),
  translation(
    Domain.ConnectorUnplugged,
    CostMessages.ConnectorUnplugged,
    table(({ field }) => [
      field("transactionId", "transactionId", transactionNumber),
      field("timestamp", "timestamp", instant)
    ]),
    nothing
  )
]
