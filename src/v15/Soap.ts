/**
 * OCPP 1.5 as XML: what its WSDLs say that its messages do not.
 *
 * @see OCPP 1.5 WSDL, CentralSystemService and ChargePointService
 * @since 0.1.0
 */
import type { SoapCarriage } from "../Protocol.ts"
import { actions, protocol } from "./Protocol.ts"

/**
 * How OCPP 1.5 is carried by OCPP-S.
 *
 * @category protocol
 * @since 0.1.0
 */
export const carriage: SoapCarriage = {
  protocol,
  actions,
  namespaces: { csms: "urn://Ocpp/Cs/2012/06/", station: "urn://Ocpp/Cp/2012/06/" },
  types: {
    MeterValue: { names: { values: "value" } },
    SampledValue: { text: "value" }
  }
}
