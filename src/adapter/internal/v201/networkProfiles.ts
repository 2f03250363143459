/**
 * The ways by which a station can reach its CSMS.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { seconds, secret } from "../values.ts"
import { outcome, table } from "./common.ts"

const apn = table<V201.APNType, Domain.Apn>(({ field }) => [
  field("apn", "apn"),
  field("apnUserName", "apnUserName"),
  field("apnPassword", "apnPassword", secret()),
  field("simPin", "simPin", secret()),
  field("preferredNetwork", "preferredNetwork"),
  field("useOnlyPreferredNetwork", "useOnlyPreferredNetwork"),
  field("apnAuthentication", "apnAuthentication")
])

const vpn = table<V201.VPNType, Domain.Vpn>(({ field }) => [
  field("server", "server"),
  field("user", "user"),
  field("group", "group"),
  field("password", "password", secret()),
  field("key", "key", secret()),
  field("type", "type")
])

const profile = table<V201.NetworkConnectionProfileType, Domain.NetworkConnectionProfile>(({ field }) => [
  field("ocppVersion", "ocppVersion"),
  field("ocppTransport", "ocppTransport"),
  field("ocppCsmsUrl", "ocppCsmsUrl"),
  field("messageTimeout", "messageTimeout", seconds),
  field("securityProfile", "securityProfile"),
  field("ocppInterface", "ocppInterface"),
  field("apn", "apn", apn),
  field("vpn", "vpn", vpn)
])

export const networkProfiles = [
  translation(
    Domain.SetNetworkProfile,
    V201.SetNetworkProfile,
    table(({ field }) => [
      field("configurationSlot", "configurationSlot"),
      field("connectionData", "connectionData", profile)
    ]),
    outcome(same<Domain.SetNetworkProfileStatus>())
  )
]
