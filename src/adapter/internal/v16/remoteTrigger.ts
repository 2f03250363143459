/**
 * Messages of the station on request: TriggerMessage, and ExtendedTriggerMessage of the security extension.
 */
import * as Domain from "../../../domain/index.ts"
import * as V16 from "../../../v16/index.ts"
import { translation } from "../Translation.ts"
import { type Losses, refused, same, words } from "../BothWays.ts"
import { table } from "../Table.ts"
import { byPlugAndCharge, connectorOf, noIso15118_20, oneConnectorOnly, outcome } from "./common.ts"

/**
 * The connector that the message is asked for; absent, it is asked for all of them. Connector 0 asks for the status of the
 * station itself (1.6 §5.17), although §6.51 lists connectors above 0 only.
 */
const about = {
  wire: ["connectorId"],
  generic: ["evse"],
  decode: ({ connectorId }: { readonly connectorId?: number }) => {
    if (connectorId === undefined) return {}
    return { evse: connectorId === 0 ? { id: 0 } : { id: connectorId, connectorId: 1 } }
  },
  encode: ({ evse }: Pick<Domain.TriggerMessageRequest, "evse">, losses: Losses) =>
    evse === undefined ? {} : connectorOf(evse, losses),
  notes: [oneConnectorOnly]
} as const

/** What only 2.x can be asked for. */
const of2x = {
  CustomTrigger: refused("1.6 has a list of messages"),
  PublishFirmwareStatusNotification: refused("1.6 knows no firmware from a local controller"),
  SignCombinedCertificate: refused("1.6 has one certificate for the connection and one for vehicles"),
  SignV2G20Certificate: refused(noIso15118_20),
  SignV2GCertificate: refused(byPlugAndCharge),
  TransactionEvent: refused("1.6 tells of transactions by MeterValues and StatusNotification")
}

const status = outcome(same<Domain.TriggerMessageStatus>())

export const remoteTrigger = [
  // Stations without the security extension do not know it, so that it is sent only for what the other one cannot ask.
  translation(
    Domain.TriggerMessage,
    V16.ExtendedTriggerMessage,
    table(({ field, together, unsaid }) => [
      field(
        "requestedMessage",
        "requestedMessage",
        words<V16.MessageTriggerEnumType, Domain.MessageTrigger>({
          encoded: { ...of2x, SignChargingStationCertificate: "SignChargePointCertificate" },
          decoded: { SignChargePointCertificate: "SignChargingStationCertificate" }
        })
      ),
      unsaid("customTrigger", "1.6 has a list of messages"),
      together(about)
    ]),
    status,
    ({ requestedMessage }) => requestedMessage === "SignChargingStationCertificate"
  ),
  translation(
    Domain.TriggerMessage,
    V16.TriggerMessage,
    table(({ field, together, unsaid }) => [
      field(
        "requestedMessage",
        "requestedMessage",
        words<V16.MessageTrigger, Domain.MessageTrigger>({
          encoded: {
            ...of2x,
            LogStatusNotification: "DiagnosticsStatusNotification",
            SignChargingStationCertificate: refused("it is for the security extension to ask")
          },
          decoded: { DiagnosticsStatusNotification: "LogStatusNotification" }
        })
      ),
      unsaid("customTrigger", "1.6 has a list of messages"),
      together(about)
    ]),
    status
  )
]
