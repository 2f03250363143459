/**
 * The ways by which a station can reach its CSMS.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { refused, same } from "../BothWays.ts"
import { seconds, secret } from "../values.ts"
import { type Dialect, outcome, table } from "./common.ts"

const apn = table<V21.APNType, Domain.Apn>(({ alike, field }) => [
  ...alike("apn", "apnUserName"),
  field("apnPassword", "apnPassword", secret()),
  field("simPin", "simPin", secret()),
  ...alike("preferredNetwork", "useOnlyPreferredNetwork", "apnAuthentication")
])

const vpn = table<V21.VPNType, Domain.Vpn>(({ alike, field }) => [
  ...alike("server", "user", "group"),
  field("password", "password", secret()),
  field("key", "key", secret()),
  ...alike("type")
])

export const networkProfiles = ({ needed201, since21, words }: Dialect) => {
  const version = words<V201.OCPPVersionEnumType, V21.OCPPVersionEnumType, Domain.OcppVersion>({
    // 2.0.1 names itself OCPP20.
    OCPP201: "OCPP20",
    OCPP21: refused("2.0.1 does not know this version")
  })
  const networkInterface = words<V201.OCPPInterfaceEnumType, V21.OCPPInterfaceEnumType, Domain.OcppInterface>({
    Any: refused("2.0.1 asks which interface")
  })
  const profile = table<V21.NetworkConnectionProfileType, Domain.NetworkConnectionProfile>(({ alike, field }) => [
    field("ocppVersion", "ocppVersion", version, needed201("asks for the version")),
    ...alike("ocppTransport", "ocppCsmsUrl"),
    field("messageTimeout", "messageTimeout", seconds),
    ...alike("securityProfile"),
    field("ocppInterface", "ocppInterface", networkInterface),
    ...since21(
      "unsaid",
      "a profile of 2.0.1 is for the identity and the password that the station has",
      ...alike("identity"),
      field("basicAuthPassword", "basicAuthPassword", secret())
    ),
    field("apn", "apn", apn),
    field("vpn", "vpn", vpn)
  ])
  return {
    SetNetworkProfile: {
      request: table<V21.SetNetworkProfileRequest, Domain.SetNetworkProfileRequest>(({ field }) => [
        field("configurationSlot", "configurationSlot"),
        field("connectionData", "connectionData", profile)
      ]),
      response: outcome(same<Domain.SetNetworkProfileStatus>())
    }
  }
}
