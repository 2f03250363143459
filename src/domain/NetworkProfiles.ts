/**
 * Network profiles: the ways by which a station can reach its CSMS.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { StatusInfo } from "./DataTypes.ts"

/**
 * How to sign in to a mobile network.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ApnAuthentication = Schema.Literals(["CHAP", "NONE", "PAP", "AUTO"]).annotate({
  identifier: "ApnAuthentication"
})
/**
 * A value of {@link ApnAuthentication}.
 *
 * @category models
 * @since 0.1.0
 */
export type ApnAuthentication = typeof ApnAuthentication.Type

/**
 * How to get into a mobile network: its access point.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Apn extends Schema.Opaque<Apn>()(
  Schema.Struct({
    /** A URL. */
    apn: Schema.String,
    apnUserName: Schema.optionalKey(Schema.String),
    apnPassword: Schema.optionalKey(Schema.Redacted(Schema.String)),
    simPin: Schema.optionalKey(Schema.Redacted(Schema.Int)),
    /** The codes of its country and of the network, MCC and MNC. */
    preferredNetwork: Schema.optionalKey(Schema.String),
    /** Absent: another network is used where the preferred one is not there. */
    useOnlyPreferredNetwork: Schema.optionalKey(Schema.Boolean),
    apnAuthentication: ApnAuthentication
  }).annotate({ identifier: "Apn" })
) {}

/**
 * The kind of a VPN.
 *
 * @category schemas
 * @since 0.1.0
 */
export const VpnType = Schema.Literals(["IKEv2", "IPSec", "L2TP", "PPTP"]).annotate({ identifier: "VpnType" })
/**
 * A value of {@link VpnType}.
 *
 * @category models
 * @since 0.1.0
 */
export type VpnType = typeof VpnType.Type

/**
 * How to get into a VPN.
 *
 * @category schemas
 * @since 0.1.0
 */
export class Vpn extends Schema.Opaque<Vpn>()(
  Schema.Struct({
    server: Schema.String,
    user: Schema.String,
    group: Schema.optionalKey(Schema.String),
    password: Schema.Redacted(Schema.String),
    /** The secret that both ends share. */
    key: Schema.Redacted(Schema.String),
    type: VpnType
  }).annotate({ identifier: "Vpn" })
) {}

/**
 * The version of OCPP to speak. `OCPP20` stands for 2.0.1 in a profile of 2.0.1, which has no other word for it; `OCPP201` and
 * `OCPP21` are of 2.1 only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OcppVersion = Schema.Literals(["OCPP12", "OCPP15", "OCPP16", "OCPP20", "OCPP201", "OCPP21"]).annotate({
  identifier: "OcppVersion"
})
/**
 * A value of {@link OcppVersion}.
 *
 * @category models
 * @since 0.1.0
 */
export type OcppVersion = typeof OcppVersion.Type

/**
 * How messages are carried; `SOAP` in 1.x only.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OcppTransport = Schema.Literals(["JSON", "SOAP"]).annotate({ identifier: "OcppTransport" })
/**
 * A value of {@link OcppTransport}.
 *
 * @category models
 * @since 0.1.0
 */
export type OcppTransport = typeof OcppTransport.Type

/**
 * A network interface of a station; `Any`, of 2.1 only: the station chooses.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OcppInterface = Schema.Literals([
  "Wired0",
  "Wired1",
  "Wired2",
  "Wired3",
  "Wireless0",
  "Wireless1",
  "Wireless2",
  "Wireless3",
  "Any"
]).annotate({ identifier: "OcppInterface" })
/**
 * A value of {@link OcppInterface}.
 *
 * @category models
 * @since 0.1.0
 */
export type OcppInterface = typeof OcppInterface.Type

/**
 * A way to reach a CSMS.
 *
 * @category schemas
 * @since 0.1.0
 */
export class NetworkConnectionProfile extends Schema.Opaque<NetworkConnectionProfile>()(
  Schema.Struct({
    /** Absent, in 2.1 only: what both sides agree on when they connect. */
    ocppVersion: Schema.optionalKey(OcppVersion),
    ocppTransport: OcppTransport,
    /** Without the identity of the station, which it appends. */
    ocppCsmsUrl: Schema.String,
    /** How long to wait for an answer, in whole seconds. */
    messageTimeout: Schema.Duration,
    /** From 0 to 3. */
    securityProfile: Schema.Int,
    ocppInterface: OcppInterface,
    /** Of 2.1. The identity of the station for this profile; absent: the one that it has. */
    identity: Schema.optionalKey(Schema.String),
    /** Of 2.1. For HTTP Basic authentication with this profile; absent: the one that the station has. */
    basicAuthPassword: Schema.optionalKey(Schema.Redacted(Schema.String)),
    /** Only for a mobile network. */
    apn: Schema.optionalKey(Apn),
    /** Absent: none is used. */
    vpn: Schema.optionalKey(Vpn)
  }).annotate({ identifier: "NetworkConnectionProfile" })
) {}

/**
 * Gives the station a profile for one of its slots.
 *
 * **Gotchas**
 *
 * It is used by its place in the variable `OCPPCommCtrlr.NetworkConfigurationPriority`, after a reset.
 *
 * @see P2 B09
 * @category messages
 * @since 0.1.0
 */
export class SetNetworkProfileRequest extends Schema.Opaque<SetNetworkProfileRequest>()(
  Schema.Struct({
    configurationSlot: Schema.Int,
    connectionData: NetworkConnectionProfile
  }).annotate({ identifier: "SetNetworkProfileRequest" })
) {}

/**
 * Whether a profile was stored. `Rejected`: the station does not take it; `Failed`: it could not store it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SetNetworkProfileStatus = Schema.Literals(["Accepted", "Rejected", "Failed"]).annotate({
  identifier: "SetNetworkProfileStatus"
})
/**
 * A value of {@link SetNetworkProfileStatus}.
 *
 * @category models
 * @since 0.1.0
 */
export type SetNetworkProfileStatus = typeof SetNetworkProfileStatus.Type

/**
 * Whether the profile was stored.
 *
 * @category messages
 * @since 0.1.0
 */
export class SetNetworkProfileResponse extends Schema.Opaque<SetNetworkProfileResponse>()(
  Schema.Struct({
    status: SetNetworkProfileStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "SetNetworkProfileResponse" })
) {}

/**
 * Gives the station a way to reach a CSMS.
 *
 * @category actions
 * @since 0.1.0
 */
export const SetNetworkProfile = Action.make("SetNetworkProfile", {
  from: "csms",
  block: "NetworkProfiles",
  request: SetNetworkProfileRequest,
  response: SetNetworkProfileResponse
})
