/**
 * What a station can have beside its EVSEs, whatever its version: certificates, a display, also of costs, and monitors of its temperature.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as Domain from "../../src/domain/index.ts"
import { Reply } from "../../src/Reply.ts"
import type { MeteredStation } from "./meteredStation.ts"

type Handlers = Partial<Domain.StationHandlers>

/** Whether a transaction goes on. */
type IsRunning = MeteredStation["isRunning"]

/** All that there is, and the handlers of it. */
export class Equipment {
  readonly certificates = new Certificates()
  readonly display = new Display()
  readonly costs = new Costs()
  readonly monitors = new Monitors()

  readonly handlers = ({ isRunning }: MeteredStation): Handlers => ({
    ...this.certificates.handlers,
    ...this.display.handlers(isRunning),
    ...this.costs.handlers,
    ...this.monitors.handlers
  })
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

/** Identifies a certificate, of which the station reads nothing. */
const hashDataOf = (certificate: string): Domain.CertificateHashData => ({
  hashAlgorithm: "SHA256",
  issuerNameHash: sha256(`name of ${certificate}`),
  issuerKeyHash: sha256(`key of ${certificate}`),
  serialNumber: sha256(certificate).slice(0, 40)
})

/** What an authority makes of a request: in these tests a certificate with the same content. */
export const signed = (csr: string): string => csr.replaceAll("CERTIFICATE REQUEST", "CERTIFICATE")

/** The roots that the station trusts, and its own certificate. */
class Certificates {
  /** The certificates of its own that it has got since it was made, by what they are for. */
  readonly own = new Map<Domain.CertificateSigningUse, string>()
  /** What it has asked an authority to sign, and what for. */
  private asked: { readonly csr: string; readonly certificateType: Domain.CertificateSigningUse } | undefined
  /** By serial number. */
  private readonly roots = new Map<string, Domain.CertificateHashDataChain>()

  readonly handlers = {
    installCertificate: ({ certificate, certificateType }) =>
      Effect.sync(() => {
        const certificateHashData = hashDataOf(certificate)
        this.roots.set(certificateHashData.serialNumber, { certificateHashData, certificateType })
        return { status: "Accepted" }
      }),
    getInstalledCertificateIds: ({ certificateType: asked }) =>
      Effect.sync(() => {
        const certificateHashDataChain = Array.from(this.roots.values()).filter(
          ({ certificateType }) => asked === undefined || asked.some((type) => type === certificateType)
        )
        return certificateHashDataChain.length === 0
          ? { status: "NotFound" }
          : { status: "Accepted", certificateHashDataChain }
      }),
    deleteCertificate: ({ certificateHashData: { serialNumber } }) =>
      Effect.sync(() => ({ status: this.roots.delete(serialNumber) ? "Accepted" : "NotFound" })),
    triggerMessage: ({ requestedMessage }, csms) => {
      const certificateType = triggers.get(requestedMessage)
      return certificateType === undefined
        ? Effect.succeed({ status: "NotImplemented" })
        : Reply.then({ status: "Accepted" }, this.renew(csms, certificateType))
    },
    certificateSigned: Effect.fnUntraced({ self: this }, function* ({ certificateChain, certificateType }, csms) {
      const { asked } = this
      if (asked === undefined || certificateChain !== signed(asked.csr)) return { status: "Rejected" }
      if (certificateType !== undefined && certificateType !== asked.certificateType) return { status: "Rejected" }
      this.asked = undefined
      this.own.set(asked.certificateType, certificateChain)
      const timestamp = yield* DateTime.now
      return yield* Reply.then(
        { status: "Accepted" },
        csms.securityEventNotification({ type: "ReconfigurationOfSecurityParameters", timestamp })
      )
    })
  } satisfies Handlers

  private renew(csms: Domain.CsmsClient, certificateType: Domain.CertificateSigningUse) {
    return Effect.suspend(() => {
      const csr = `-----BEGIN CERTIFICATE REQUEST-----\n${certificateType}\n-----END CERTIFICATE REQUEST-----\n`
      this.asked = { csr, certificateType }
      return csms.signCertificate(this.asked)
    })
  }
}

/** What the certificate is for that a station is to have signed. */
const triggers = new Map<Domain.MessageTrigger, Domain.CertificateSigningUse>([
  ["SignChargingStationCertificate", "ChargingStationCertificate"],
  ["SignV2GCertificate", "V2GCertificate"]
])

/** The messages that the station shows to drivers. */
class Display {
  /** By their ids. */
  private readonly messages = new Map<number, Domain.MessageInfo>()

  readonly handlers = (isRunning: IsRunning) =>
    ({
      setDisplayMessage: Effect.fnUntraced({ self: this }, function* ({ message }) {
        const { id, transactionId } = message
        if (transactionId !== undefined && !(yield* isRunning(transactionId))) return { status: "UnknownTransaction" }
        this.messages.set(id, message)
        return { status: "Accepted" }
      }),
      getDisplayMessages: Effect.fnUntraced({ self: this }, function* ({ id: ids, priority, requestId, state }, csms) {
        yield* this.clean(isRunning)
        const found = Array.from(this.messages.values()).filter(
          (message) =>
            (ids === undefined || ids.includes(message.id)) &&
            (priority === undefined || priority === message.priority) &&
            (state === undefined || state === message.state)
        )
        if (found.length === 0) return { status: "Unknown" }
        const tell = (message: Domain.MessageInfo, index: number) =>
          csms.notifyDisplayMessages({ requestId, tbc: index + 1 < found.length, messageInfo: [message] })
        return yield* Reply.then({ status: "Accepted" }, Effect.forEach(found, tell))
      }),
      clearDisplayMessage: Effect.fnUntraced({ self: this }, function* ({ id }) {
        yield* this.clean(isRunning)
        return { status: this.messages.delete(id) ? "Accepted" : "Unknown" }
      })
    }) satisfies Handlers

  /** Removes the messages of transactions that have ended. */
  private readonly clean = Effect.fnUntraced({ self: this }, function* (isRunning: IsRunning) {
    for (const { id, transactionId } of this.messages.values()) {
      if (transactionId !== undefined && !(yield* isRunning(transactionId))) this.messages.delete(id)
    }
  })
}

/** What the station shows of prices and costs. */
class Costs {
  readonly shown: Array<string> = []

  readonly handlers = {
    setUserPrice: ({ idToken: { idToken }, priceText, priceTextExtra = [] }) =>
      this.show(idToken, priceText, ...priceTextExtra.map(({ content }) => content)),
    costUpdated: ({ price, totalCost, transactionId }) =>
      this.show(transactionId, totalCost, price?.state, price?.chargingPrice?.kWhPrice),
    finalCost: ({ priceText, totalCost, transactionId }) => this.show(transactionId, totalCost, priceText)
  } satisfies Handlers

  private show(...said: ReadonlyArray<string | number | undefined>) {
    return Effect.sync(() => {
      this.shown.push(said.filter((one) => one !== undefined).join(", "))
      return {}
    })
  }
}

/** A monitor of a variable, and whether its threshold is exceeded. */
interface Monitor {
  readonly address: Domain.Variable.Address
  readonly monitoring: Domain.VariableMonitoring
  readonly eventNotificationType: Domain.EventNotificationType
  isExceeded: boolean
}

/** The monitor that the station leaves the factory with. */
const ofFactory: Monitor = {
  address: { component: { name: "Controller" }, variable: { name: "Temperature" } },
  monitoring: {
    id: 1,
    trigger: { type: "LowerThreshold", value: BigDecimal.fromBigInt(-25n) },
    severity: 2,
    transaction: false
  },
  eventNotificationType: "PreconfiguredMonitor",
  isExceeded: false
}

/** The monitors of the station, by which it can watch how warm it is. */
class Monitors {
  private level = 9
  private ids = ofFactory.monitoring.id
  private events = 0
  private monitors: ReadonlyArray<Monitor> = [ofFactory]

  readonly handlers = {
    setMonitoringBase: ({ monitoringBase }) =>
      Effect.sync(() => {
        if (monitoringBase !== "All") this.monitors = [ofFactory]
        return { status: "Accepted" }
      }),
    setMonitoringLevel: ({ severity }) =>
      Effect.sync(() => {
        this.level = severity
        return { status: "Accepted" }
      }),
    setVariableMonitoring: ({ monitors }) => Effect.sync(() => ({ results: monitors.map((one) => this.set(one)) })),
    clearVariableMonitoring: ({ id: ids }) => Effect.sync(() => ({ results: ids.map((id) => this.clear(id)) })),
    getMonitoringReport: ({ requestId }, csms) => Reply.then({ status: "Accepted" }, this.report(requestId, csms))
  } satisfies Handlers

  /** The station gets warmer or colder, and tells what its monitors say to that. */
  readonly warm = Effect.fnUntraced({ self: this }, function* (celsius: number, csms: Domain.CsmsClient) {
    const timestamp = yield* DateTime.now
    const eventData: Array<Domain.EventData> = []
    for (const monitor of this.monitors) {
      const { id, severity, trigger } = monitor.monitoring
      if (trigger.type !== "UpperThreshold") continue
      const isExceeded = celsius > BigDecimal.toNumberUnsafe(trigger.value)
      if (isExceeded === monitor.isExceeded) continue
      monitor.isExceeded = isExceeded
      if (severity > this.level) continue
      eventData.push({
        eventId: this.events++,
        timestamp,
        trigger: "Alerting",
        address: monitor.address,
        actualValue: String(celsius),
        cleared: !isExceeded,
        variableMonitoringId: id,
        eventNotificationType: monitor.eventNotificationType
      })
    }
    if (eventData.length > 0) yield* csms.notifyEvent({ generatedAt: timestamp, seqNo: 0, eventData })
  })

  /** Tells each monitor in a part of its own. */
  private readonly report = Effect.fnUntraced({ self: this }, function* (requestId: number, csms: Domain.CsmsClient) {
    for (const [seqNo, { address, eventNotificationType, monitoring }] of this.monitors.entries()) {
      yield* csms.notifyMonitoringReport({
        requestId,
        generatedAt: yield* DateTime.now,
        seqNo,
        tbc: seqNo + 1 < this.monitors.length,
        monitors: [{ address, variableMonitoring: [{ ...monitoring, eventNotificationType }] }]
      })
    }
  })

  private set({ address, severity, transaction = false, trigger }: Domain.SetMonitoringData) {
    const result = { address, type: trigger.type, severity }
    if (address.variable.name !== "Temperature") return { ...result, status: "UnknownVariable" as const }
    const id = ++this.ids
    const monitoring = { id, trigger, severity, transaction }
    this.monitors = [
      ...this.monitors,
      { address, monitoring, eventNotificationType: "CustomMonitor", isExceeded: false }
    ]
    return { ...result, status: "Accepted" as const, id }
  }

  private clear(id: number): Domain.ClearMonitoringResult {
    const rest = this.monitors.filter(({ monitoring }) => monitoring.id !== id)
    if (rest.length === this.monitors.length) return { id, status: "NotFound" }
    this.monitors = rest
    return { id, status: "Accepted" }
  }
}
