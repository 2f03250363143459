/** What every contender does, and with which messages. */

export interface Contender {
  /** Serves OCPP 1.6 on a free port. */
  readonly serve: () => Promise<number>
  readonly connect: (port: number, identity: string) => Promise<Station>
}

export interface Station {
  /** Makes one call after the other, each once the last is answered, for as long as `goOn` says. */
  readonly repeat: (kind: Kind, goOn: () => boolean) => Promise<void>
}

export const actions = ["Heartbeat", "StatusNotification", "MeterValues"] as const

export type Action = (typeof actions)[number]

/** The requests; `MeterValues` carries ten samples. */
export const requests = {
  Heartbeat: {},
  StatusNotification: {
    connectorId: 1,
    errorCode: "NoError",
    status: "Charging",
    timestamp: "2026-11-22T06:00:00.000Z"
  },
  MeterValues: {
    connectorId: 1,
    transactionId: 4711,
    meterValue: [
      {
        timestamp: "2026-11-22T06:00:00.000Z",
        sampledValue: [
          { value: "1523870", context: "Sample.Periodic", measurand: "Energy.Active.Import.Register", unit: "Wh" },
          { value: "11040", context: "Sample.Periodic", measurand: "Power.Active.Import", unit: "W" },
          { value: "230.1", context: "Sample.Periodic", measurand: "Voltage", phase: "L1", unit: "V" },
          { value: "229.8", context: "Sample.Periodic", measurand: "Voltage", phase: "L2", unit: "V" },
          { value: "231.0", context: "Sample.Periodic", measurand: "Voltage", phase: "L3", unit: "V" },
          { value: "16.0", context: "Sample.Periodic", measurand: "Current.Import", phase: "L1", unit: "A" },
          { value: "15.9", context: "Sample.Periodic", measurand: "Current.Import", phase: "L2", unit: "A" },
          { value: "16.1", context: "Sample.Periodic", measurand: "Current.Import", phase: "L3", unit: "A" },
          { value: "31.5", context: "Sample.Periodic", measurand: "Temperature", location: "Body", unit: "Celsius" },
          { value: "64", context: "Sample.Periodic", measurand: "SoC", location: "EV", unit: "Percent" }
        ]
      }
    ]
  }
} as const

const { transactionId: _, ...reading } = requests.MeterValues

/** The calls that are measured: our station stores the MeterValues of a transaction before it sends them. */
export const kinds = {
  Heartbeat: { action: "Heartbeat", request: requests.Heartbeat },
  StatusNotification: { action: "StatusNotification", request: requests.StatusNotification },
  "MeterValues of a transaction": { action: "MeterValues", request: requests.MeterValues },
  "MeterValues of none": { action: "MeterValues", request: reading }
} as const

export type Kind = keyof typeof kinds

// The keys of an object as they are written.
export const measured = Object.keys(kinds) as ReadonlyArray<Kind>

/** The answer of a server. */
export const respond = (action: Action): object =>
  action === "Heartbeat" ? { currentTime: new Date().toISOString() } : {}

/** The loop of a station whose calls are promises. */
export const repeating = (call: (action: Action, request: object) => Promise<unknown>): Station => ({
  repeat: async (kind, goOn) => {
    const { action, request } = kinds[kind]
    // oxlint-disable-next-line no-await-in-loop -- one call at a time is what is measured
    while (goOn()) await call(action, request)
  }
})
