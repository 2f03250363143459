/**
 * The operations that 1.6 lacks at work: each goes once from a generic client to a generic handler and back, over frames of
 * 2.0.1 and of 2.1 that are compared and looked at with their official schemas.
 */
import { assert, describe, it } from "@effect/vitest"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import type * as Action from "../../src/Action.ts"
import { Adapter } from "../../src/adapter/index.ts"
import { adapter as v16 } from "../../src/adapter/V16.ts"
import { adapter as v201 } from "../../src/adapter/V201.ts"
import { adapter as v21 } from "../../src/adapter/V21.ts"
import * as Domain from "../../src/domain/index.ts"
import type { CallFailure } from "../../src/OcppError.ts"
import { Reply } from "../../src/Reply.ts"
import * as V16 from "../../src/v16/index.ts"
import * as V201 from "../../src/v201/index.ts"
import * as V21 from "../../src/v21/index.ts"
import { official } from "../support/official.ts"
import {
  adapters,
  assertEquals,
  bootNotification,
  both,
  callsOf,
  identities,
  notSent,
  world
} from "../support/threeStations.ts"
import { settled } from "../support/time.ts"

// ---- what is said

const time = "2026-11-22T06:00:00.000Z"
const now = DateTime.makeUnsafe(time)
const decimal = (text: string): BigDecimal.BigDecimal => BigDecimal.fromStringUnsafe(text)

/** What is said in generic form, and how versions write it. */
interface Example {
  readonly versions: ReadonlyArray<"2.0.1" | "2.1">
  readonly action: Action.Action
  readonly request: readonly [generic: unknown, wire: object]
  readonly response: readonly [generic: unknown, wire: object]
}

/** An example, whose generic messages are those of the action. */
const exampleOf =
  (...versions: Example["versions"]) =>
  <A extends Domain.Actions>(
    action: A,
    request: readonly [generic: NoInfer<Action.Request<A>>, wire: object],
    response: readonly [generic: NoInfer<Action.Response<A>>, wire: object] = [
      // It is checked below that it is a response of the action.
      {} as Action.Response<A>,
      {}
    ]
  ): Example => ({ versions, action, request, response })

/** What 2.0.1 and 2.1 write alike. */
const example = exampleOf("2.0.1", "2.1")

const example21 = exampleOf("2.1")

/** What a version writes as it is. */
const asItIs = <const A extends object>(message: A): readonly [A, A] => [message, message]

const statusInfo = { reasonCode: "NoReason", additionalInfo: "because" }

const connector = { name: "Connector", evse: { id: 1, connectorId: 2 } }
const phases = { name: "PhaseRotation", instance: "L1" }

const reports = [
  example(
    Domain.GetBaseReport,
    [
      { requestId: 1, reportBase: "FullInventory" },
      { requestId: 1, reportBase: "FullInventory" }
    ],
    [
      { status: "NotSupported", statusInfo },
      { status: "NotSupported", statusInfo }
    ]
  ),
  example(
    Domain.GetReport,
    [
      {
        requestId: 2,
        componentVariable: [{ component: connector }, { component: connector, variable: phases }],
        componentCriteria: ["Active", "Problem"]
      },
      {
        requestId: 2,
        componentVariable: [{ component: connector }, { component: connector, variable: phases }],
        componentCriteria: ["Active", "Problem"]
      }
    ],
    [{ status: "EmptyResultSet" }, { status: "EmptyResultSet" }]
  ),
  example(Domain.NotifyReport, [
    {
      requestId: 2,
      generatedAt: now,
      seqNo: 0,
      tbc: true,
      reportData: [
        {
          address: { component: connector, variable: phases },
          variableAttribute: [
            { value: "RST" },
            { aspect: "Target", mutability: "WriteOnly", persistent: true, constant: false }
          ],
          variableCharacteristics: {
            dataType: "decimal",
            unit: "A",
            minLimit: decimal("-0.25"),
            maxLimit: decimal("32"),
            valuesList: "a,b",
            supportsMonitoring: true
          }
        }
      ]
    },
    {
      requestId: 2,
      generatedAt: time,
      seqNo: 0,
      tbc: true,
      reportData: [
        {
          component: connector,
          variable: phases,
          variableAttribute: [
            { value: "RST" },
            { type: "Target", mutability: "WriteOnly", persistent: true, constant: false }
          ],
          variableCharacteristics: {
            dataType: "decimal",
            unit: "A",
            minLimit: -0.25,
            maxLimit: 32,
            valuesList: "a,b",
            supportsMonitoring: true
          }
        }
      ]
    }
  ])
]

const vpn = { server: "vpn.example", user: "station", group: "all", type: "IKEv2" } as const
const apn = {
  apn: "internet",
  apnUserName: "user",
  preferredNetwork: "20404",
  useOnlyPreferredNetwork: true,
  apnAuthentication: "CHAP"
} as const
const connection = {
  ocppVersion: "OCPP20",
  ocppTransport: "JSON",
  ocppCsmsUrl: "wss://csms.example/ocpp",
  securityProfile: 2,
  ocppInterface: "Wireless0"
} as const

const provisioning = [
  example(
    Domain.SetNetworkProfile,
    [
      {
        configurationSlot: 1,
        connectionData: {
          ...connection,
          messageTimeout: Duration.seconds(30),
          apn: { ...apn, apnPassword: Redacted.make("secret"), simPin: Redacted.make(1234) },
          vpn: { ...vpn, password: Redacted.make("hidden"), key: Redacted.make("shared") }
        }
      },
      {
        configurationSlot: 1,
        connectionData: {
          ...connection,
          messageTimeout: 30,
          apn: { ...apn, apnPassword: "secret", simPin: 1234 },
          vpn: { ...vpn, password: "hidden", key: "shared" }
        }
      }
    ],
    [{ status: "Failed" }, { status: "Failed" }]
  ),
  example(
    Domain.GetTransactionStatus,
    [{ transactionId: "t1" }, { transactionId: "t1" }],
    [
      { ongoingIndicator: false, messagesInQueue: true },
      { ongoingIndicator: false, messagesInQueue: true }
    ]
  )
]

const temperature = { component: { name: "EVSE", evse: { id: 1 } }, variable: { name: "Temperature" } }
const watched = [
  [
    { type: "UpperThreshold", value: decimal("80.5") },
    { type: "UpperThreshold", value: 80.5 }
  ],
  [
    { type: "LowerThreshold", value: decimal("-20") },
    { type: "LowerThreshold", value: -20 }
  ],
  [
    { type: "Delta", value: decimal("0.1") },
    { type: "Delta", value: 0.1 }
  ],
  [
    { type: "Periodic", interval: Duration.millis(1500) },
    { type: "Periodic", value: 1.5 }
  ],
  [
    { type: "PeriodicClockAligned", interval: Duration.minutes(15) },
    { type: "PeriodicClockAligned", value: 900 }
  ]
] as const

/** A report of these monitors, with what is told of each beside. */
const reported = (beside: Pick<Domain.VariableMonitoring, "eventNotificationType">) =>
  [
    {
      requestId: 4,
      generatedAt: now,
      seqNo: 1,
      tbc: false,
      monitors: [
        {
          address: temperature,
          variableMonitoring: watched.map(([trigger], id) => ({
            ...beside,
            id,
            trigger,
            severity: 0,
            transaction: false
          }))
        }
      ]
    },
    {
      requestId: 4,
      generatedAt: time,
      seqNo: 1,
      tbc: false,
      monitor: [
        {
          ...temperature,
          variableMonitoring: watched.map(([, fires], id) =>
            Object.assign({ id, severity: 0, transaction: false }, beside, fires)
          )
        }
      ]
    }
  ] as const

const event = {
  eventId: 7,
  trigger: "Alerting",
  cause: 6,
  actualValue: "81",
  techCode: "E81",
  techInfo: "hot",
  cleared: false,
  transactionId: "t1",
  variableMonitoringId: 3,
  eventNotificationType: "CustomMonitor"
} as const

const monitoring = [
  example(
    Domain.SetMonitoringBase,
    [{ monitoringBase: "HardWiredOnly" }, { monitoringBase: "HardWiredOnly" }],
    [{ status: "Rejected" }, { status: "Rejected" }]
  ),
  example(
    Domain.SetVariableMonitoring,
    [
      {
        monitors: watched.map(([trigger], id) => ({
          address: temperature,
          trigger,
          severity: 5,
          id,
          transaction: true
        }))
      },
      {
        setMonitoringData: watched.map(([, fires], id) =>
          Object.assign({ severity: 5, id, transaction: true }, temperature, fires)
        )
      }
    ],
    [
      { results: [{ address: temperature, type: "Delta", severity: 5, status: "Duplicate", statusInfo, id: 3 }] },
      { setMonitoringResult: [{ ...temperature, type: "Delta", severity: 5, status: "Duplicate", statusInfo, id: 3 }] }
    ]
  ),
  example(
    Domain.SetMonitoringLevel,
    [{ severity: 4 }, { severity: 4 }],
    [{ status: "Accepted" }, { status: "Accepted" }]
  ),
  example(
    Domain.ClearVariableMonitoring,
    [{ id: [1, 2] }, { id: [1, 2] }],
    [
      {
        results: [
          { id: 1, status: "Accepted" },
          { id: 2, status: "NotFound", statusInfo }
        ]
      },
      {
        clearMonitoringResult: [
          { id: 1, status: "Accepted" },
          { id: 2, status: "NotFound", statusInfo }
        ]
      }
    ]
  ),
  example(
    Domain.GetMonitoringReport,
    [
      { requestId: 4, componentVariable: [temperature], monitoringCriteria: ["DeltaMonitoring"] },
      { requestId: 4, componentVariable: [temperature], monitoringCriteria: ["DeltaMonitoring"] }
    ],
    [{ status: "Accepted" }, { status: "Accepted" }]
  ),
  exampleOf("2.0.1")(Domain.NotifyMonitoringReport, reported({})),
  example21(Domain.NotifyMonitoringReport, reported({ eventNotificationType: "CustomMonitor" })),
  example(Domain.NotifyEvent, [
    { generatedAt: now, seqNo: 0, tbc: true, eventData: [{ ...event, address: temperature, timestamp: now }] },
    { generatedAt: time, seqNo: 0, tbc: true, eventData: [{ ...event, ...temperature, timestamp: time }] }
  ])
]

const screen = { name: "Display", instance: "left", evse: { id: 1 } }
const notice = {
  id: 9,
  priority: "InFront",
  state: "Charging",
  transactionId: "t1",
  display: screen,
  message: { format: "UTF8", language: "nl", content: "Laden ☃" }
} as const
const later = DateTime.makeUnsafe("2026-11-22T08:00:00.000Z")

const displayMessages = [
  example(
    Domain.SetDisplayMessage,
    [
      { message: { ...notice, startDateTime: now, endDateTime: later } },
      { message: { ...notice, startDateTime: time, endDateTime: "2026-11-22T08:00:00.000Z" } }
    ],
    [
      { status: "NotSupportedPriority", statusInfo },
      { status: "NotSupportedPriority", statusInfo }
    ]
  ),
  example(
    Domain.GetDisplayMessages,
    [
      { requestId: 5, id: [9], priority: "AlwaysFront", state: "Faulted" },
      { requestId: 5, id: [9], priority: "AlwaysFront", state: "Faulted" }
    ],
    [{ status: "Unknown" }, { status: "Unknown" }]
  ),
  example(Domain.NotifyDisplayMessages, [
    { requestId: 5, tbc: true, messageInfo: [{ ...notice, startDateTime: now }] },
    { requestId: 5, tbc: true, messageInfo: [{ ...notice, startDateTime: time }] }
  ]),
  example(Domain.ClearDisplayMessage, [{ id: 9 }, { id: 9 }], [{ status: "Accepted" }, { status: "Accepted" }])
]

const hashes = { hashAlgorithm: "SHA384", issuerNameHash: "aa", issuerKeyHash: "bb", serialNumber: "1f" } as const
const card = {
  idToken: "04A2B3C4",
  type: "ISO14443",
  additionalInfo: [{ additionalIdToken: "42", type: "family" }]
} as const

const customers = [
  example(
    Domain.CustomerInformation,
    [
      { requestId: 6, report: true, clear: false, customer: { _tag: "IdToken", idToken: card } },
      { requestId: 6, report: true, clear: false, idToken: card }
    ],
    [
      { status: "Rejected", statusInfo },
      { status: "Rejected", statusInfo }
    ]
  ),
  example(
    Domain.CustomerInformation,
    [
      { requestId: 6, report: true, clear: true, customer: { _tag: "Certificate", certificate: hashes } },
      { requestId: 6, report: true, clear: true, customerCertificate: hashes }
    ],
    [{ status: "Accepted" }, { status: "Accepted" }]
  ),
  example(
    Domain.CustomerInformation,
    [
      { requestId: 6, report: false, clear: true, customer: { _tag: "Identifier", identifier: "Alice" } },
      { requestId: 6, report: false, clear: true, customerIdentifier: "Alice" }
    ],
    [{ status: "Accepted" }, { status: "Accepted" }]
  ),
  example(Domain.NotifyCustomerInformation, [
    { requestId: 6, data: "nothing", generatedAt: now, seqNo: 0, tbc: false },
    { requestId: 6, data: "nothing", generatedAt: time, seqNo: 0, tbc: false }
  ])
]

const costs = [
  example(Domain.CostUpdated, [
    { transactionId: "t1", totalCost: 12.55 },
    { transactionId: "t1", totalCost: 12.55 }
  ])
]

const schedules = [
  {
    id: 1,
    startSchedule: now,
    duration: Duration.hours(1),
    chargingRateUnit: "W",
    chargingSchedulePeriod: [{ startPeriod: Duration.minutes(10), limit: 7400.5, numberPhases: 1, phaseToUse: 2 }],
    minChargingRate: 1380
  },
  {
    id: 1,
    startSchedule: time,
    duration: 3600,
    chargingRateUnit: "W",
    chargingSchedulePeriod: [{ startPeriod: 600, limit: 7400.5, numberPhases: 1, phaseToUse: 2 }],
    minChargingRate: 1380
  }
] as const
const profile = {
  id: 10,
  stackLevel: 1,
  chargingProfilePurpose: "TxProfile",
  chargingProfileKind: "Absolute",
  transactionId: "t1"
} as const
const acParameters = { energyAmount: 20_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 400 }
const dcParameters = {
  evMaxCurrent: 200,
  evMaxVoltage: 500,
  energyAmount: 20_000,
  evMaxPower: 100_000,
  stateOfCharge: 20,
  evEnergyCapacity: 80_000,
  fullSoC: 95,
  bulkSoC: 80
}

const limits = [
  example(
    Domain.GetChargingProfiles,
    [
      {
        requestId: 8,
        evseId: 0,
        chargingProfile: {
          chargingProfilePurpose: "TxProfile",
          stackLevel: 1,
          chargingProfileId: [10],
          chargingLimitSource: ["EMS", "SO"]
        }
      },
      {
        requestId: 8,
        evseId: 0,
        chargingProfile: {
          chargingProfilePurpose: "TxProfile",
          stackLevel: 1,
          chargingProfileId: [10],
          chargingLimitSource: ["EMS", "SO"]
        }
      }
    ],
    [
      { status: "NoProfiles", statusInfo },
      { status: "NoProfiles", statusInfo }
    ]
  ),
  example(Domain.ReportChargingProfiles, [
    {
      requestId: 8,
      chargingLimitSource: "CSO",
      evseId: 1,
      tbc: true,
      chargingProfile: [{ ...profile, chargingSchedule: [schedules[0]] }]
    },
    {
      requestId: 8,
      chargingLimitSource: "CSO",
      evseId: 1,
      tbc: true,
      chargingProfile: [{ ...profile, chargingSchedule: [schedules[1]] }]
    }
  ]),
  example(Domain.NotifyChargingLimit, [
    {
      chargingLimit: { chargingLimitSource: "SO", isGridCritical: true },
      evseId: 1,
      chargingSchedule: [schedules[0]]
    },
    { chargingLimit: { chargingLimitSource: "SO", isGridCritical: true }, evseId: 1, chargingSchedule: [schedules[1]] }
  ]),
  example(Domain.ClearedChargingLimit, [
    { chargingLimitSource: "Other", evseId: 2 },
    { chargingLimitSource: "Other", evseId: 2 }
  ]),
  example(
    Domain.NotifyEVChargingNeeds,
    [
      {
        evseId: 1,
        maxScheduleTuples: 12,
        chargingNeeds: {
          requestedEnergyTransfer: "AC_two_phase",
          departureTime: now,
          acChargingParameters: acParameters,
          dcChargingParameters: dcParameters
        }
      },
      {
        evseId: 1,
        maxScheduleTuples: 12,
        chargingNeeds: {
          requestedEnergyTransfer: "AC_two_phase",
          departureTime: time,
          acChargingParameters: acParameters,
          dcChargingParameters: dcParameters
        }
      }
    ],
    [{ status: "Processing" }, { status: "Processing" }]
  ),
  example(
    Domain.NotifyEVChargingSchedule,
    [
      { timeBase: now, evseId: 1, chargingSchedule: schedules[0] },
      { timeBase: time, evseId: 1, chargingSchedule: schedules[1] }
    ],
    [{ status: "Rejected" }, { status: "Rejected" }]
  )
]

const certificates = [
  example(
    Domain.Get15118EVCertificate,
    [
      { iso15118SchemaVersion: "urn:iso:15118:2:2013:MsgDef", action: "Update", exiRequest: "gJgC" },
      { iso15118SchemaVersion: "urn:iso:15118:2:2013:MsgDef", action: "Update", exiRequest: "gJgC" }
    ],
    [
      { status: "Failed", statusInfo, exiResponse: "" },
      { status: "Failed", statusInfo, exiResponse: "" }
    ]
  ),
  example(
    Domain.GetCertificateStatus,
    [
      { ocspRequestData: { ...hashes, responderURL: "http://ocsp.example" } },
      { ocspRequestData: { ...hashes, responderURL: "http://ocsp.example" } }
    ],
    [
      { status: "Accepted", ocspResult: "MAoB" },
      { status: "Accepted", ocspResult: "MAoB" }
    ]
  )
]

const checksum = "d41d8cd98f00b204e9800998ecf8427e"

const published = [
  example(
    Domain.PublishFirmware,
    [
      {
        requestId: 11,
        location: "https://firmware.example/1",
        checksum,
        retries: 3,
        retryInterval: Duration.minutes(1)
      },
      { requestId: 11, location: "https://firmware.example/1", checksum, retries: 3, retryInterval: 60 }
    ],
    [
      { status: "Rejected", statusInfo },
      { status: "Rejected", statusInfo }
    ]
  ),
  example(Domain.PublishFirmwareStatusNotification, [
    { status: "Published", location: ["http://10.0.0.1/1"], requestId: 11 },
    { status: "Published", location: ["http://10.0.0.1/1"], requestId: 11 }
  ]),
  example(
    Domain.UnpublishFirmware,
    [{ checksum }, { checksum }],
    [{ status: "DownloadOngoing" }, { status: "DownloadOngoing" }]
  )
]

const reservations = [
  example(Domain.ReservationStatusUpdate, [
    { reservationId: 12, reservationUpdateStatus: "Removed" },
    { reservationId: 12, reservationUpdateStatus: "Removed" }
  ])
]

/** What 2.1 says more by operations that 2.0.1 has, too. */
const wider = [
  example21(
    Domain.SetDisplayMessage,
    [
      {
        message: {
          id: 9,
          priority: "InFront",
          message: { format: "UTF8", content: "Hello", language: "en" },
          messageExtra: [{ format: "QRCODE", content: "Hallo", language: "de" }],
          state: "Suspended"
        }
      },
      {
        message: {
          id: 9,
          priority: "InFront",
          message: { format: "UTF8", content: "Hello", language: "en" },
          messageExtra: [{ format: "QRCODE", content: "Hallo", language: "de" }],
          state: "Suspended"
        }
      }
    ],
    [{ status: "LanguageNotSupported" }, { status: "LanguageNotSupported" }]
  ),
  example21(
    Domain.SetVariableMonitoring,
    [
      {
        monitors: [
          {
            address: temperature,
            trigger: { type: "TargetDeltaRelative", value: decimal("0.1") },
            severity: 3,
            periodicEventStream: { interval: Duration.minutes(1), values: 10 }
          }
        ]
      },
      {
        setMonitoringData: [
          {
            ...temperature,
            type: "TargetDeltaRelative",
            value: 0.1,
            severity: 3,
            periodicEventStream: { interval: 60, values: 10 }
          }
        ]
      }
    ],
    [
      { results: [{ address: temperature, type: "TargetDeltaRelative", severity: 3, status: "Accepted", id: 4 }] },
      { setMonitoringResult: [{ ...temperature, type: "TargetDeltaRelative", severity: 3, status: "Accepted", id: 4 }] }
    ]
  ),
  example21(Domain.NotifyChargingLimit, [
    { chargingLimit: { chargingLimitSource: "Neighbours", isLocalGeneration: true }, evseId: 1 },
    { chargingLimit: { chargingLimitSource: "Neighbours", isLocalGeneration: true }, evseId: 1 }
  ]),
  example21(
    Domain.NotifyEVChargingNeeds,
    [
      {
        evseId: 1,
        timestamp: now,
        chargingNeeds: {
          requestedEnergyTransfer: "DC_BPT",
          availableEnergyTransfer: ["DC", "DC_BPT"],
          controlMode: "DynamicControl",
          v2xChargingParameters: { maxDischargePower: 11_000.5, targetSoC: 80 },
          derChargingParameters: { evSupportedDERControl: ["VoltVar"], nominalVoltage: 230 },
          evEnergyOffer: {
            evPowerSchedule: {
              timeAnchor: now,
              evPowerScheduleEntries: [{ duration: Duration.hours(1), power: -5000 }]
            }
          }
        }
      },
      {
        evseId: 1,
        timestamp: time,
        chargingNeeds: {
          requestedEnergyTransfer: "DC_BPT",
          availableEnergyTransfer: ["DC", "DC_BPT"],
          controlMode: "DynamicControl",
          v2xChargingParameters: { maxDischargePower: 11_000.5, targetSoC: 80 },
          derChargingParameters: { evSupportedDERControl: ["VoltVar"], nominalVoltage: 230 },
          evEnergyOffer: {
            evPowerSchedule: { timeAnchor: time, evPowerScheduleEntries: [{ duration: 3600, power: -5000 }] }
          }
        }
      }
    ],
    [{ status: "NoChargingProfile" }, { status: "NoChargingProfile" }]
  )
]

const company = { name: "ACME", address1: "Street 1", city: "Arnhem", postalCode: "6811", country: "NL" }

const payments = [
  example21(
    Domain.NotifySettlement,
    [
      {
        transactionId: "T1",
        pspRef: "P1",
        status: "Settled",
        statusInfo: "paid",
        settlementAmount: 12.5,
        settlementTime: now,
        vatCompany: company,
        vatNumber: "NL1"
      },
      {
        transactionId: "T1",
        pspRef: "P1",
        status: "Settled",
        statusInfo: "paid",
        settlementAmount: 12.5,
        settlementTime: time,
        vatCompany: company,
        vatNumber: "NL1"
      }
    ],
    asItIs({ receiptId: "R1", receiptUrl: "https://receipts.example/R1" })
  ),
  example21(Domain.NotifyWebPaymentStarted, [
    { evseId: 1, timeout: Duration.minutes(2) },
    { evseId: 1, timeout: 120 }
  ]),
  example21(
    Domain.VatNumberValidation,
    asItIs({ vatNumber: "NL1", evseId: 1 }),
    asItIs({ vatNumber: "NL1", evseId: 1, status: "Accepted", company, statusInfo })
  )
]

const update = { limit: 11_000, dischargeLimit_L2: -16.5, setpoint: 7000, setpointReactive_L3: 0.5 }

const dynamic = [
  example21(
    Domain.UsePriorityCharging,
    asItIs({ transactionId: "T1", activate: true }),
    asItIs({ status: "NoProfile", statusInfo })
  ),
  example21(Domain.NotifyPriorityCharging, asItIs({ transactionId: "T1", activated: false })),
  example21(
    Domain.PullDynamicScheduleUpdate,
    asItIs({ chargingProfileId: 7 }),
    asItIs({ status: "Accepted", scheduleUpdate: update })
  ),
  example21(
    Domain.UpdateDynamicSchedule,
    asItIs({ chargingProfileId: 7, scheduleUpdate: update }),
    asItIs({ status: "Rejected", statusInfo })
  ),
  example21(
    Domain.NotifyAllowedEnergyTransfer,
    asItIs({ transactionId: "T1", allowedEnergyTransfer: ["DC", "DC_BPT"] }),
    asItIs({ status: "Accepted" })
  ),
  example21(
    Domain.AFRRSignal,
    [
      { timestamp: now, signal: -3 },
      { timestamp: time, signal: -3 }
    ],
    asItIs({ status: "Rejected", statusInfo })
  )
]

/** A tariff in generic form, and as 2.1 writes it. */
const tariff = [
  {
    tariffId: "A",
    currency: "EUR",
    validFrom: now,
    energy: { prices: [{ priceKwh: 0.25, conditions: { minTime: Duration.minutes(5) } }, { priceKwh: 0.5 }] }
  },
  {
    tariffId: "A",
    currency: "EUR",
    validFrom: time,
    energy: { prices: [{ priceKwh: 0.25, conditions: { minTime: 300 } }, { priceKwh: 0.5 }] }
  }
] as const

const tariffs = [
  example21(
    Domain.SetDefaultTariff,
    [
      { evseId: 0, tariff: tariff[0] },
      { evseId: 0, tariff: tariff[1] }
    ],
    asItIs({ status: "ConditionNotSupported", statusInfo })
  ),
  example21(Domain.GetTariffs, asItIs({ evseId: 1 }), [
    {
      status: "Accepted",
      tariffAssignments: [{ tariffId: "A", tariffKind: "DefaultTariff", validFrom: now, evseIds: [1], idTokens: ["B"] }]
    },
    {
      status: "Accepted",
      tariffAssignments: [
        { tariffId: "A", tariffKind: "DefaultTariff", validFrom: time, evseIds: [1], idTokens: ["B"] }
      ]
    }
  ]),
  example21(Domain.ClearTariffs, asItIs({ tariffIds: ["A"], evseId: 1 }), [
    { results: [{ tariffId: "A", status: "NoTariff", statusInfo }] },
    { clearTariffsResult: [{ tariffId: "A", status: "NoTariff", statusInfo }] }
  ]),
  example21(
    Domain.ChangeTransactionTariff,
    [
      { transactionId: "T1", tariff: tariff[0] },
      { transactionId: "T1", tariff: tariff[1] }
    ],
    asItIs({ status: "NoCurrencyChange" })
  )
]

const battery = { evseId: 1, serialNumber: "B1", soC: 80.5, soH: 99, vendorInfo: "new" }

const swaps = [
  example21(Domain.BatterySwap, [
    {
      requestId: 1,
      eventType: "BatteryIn",
      idToken: card,
      batteryData: [{ ...battery, productionDate: now }]
    },
    {
      requestId: 1,
      eventType: "BatteryIn",
      idToken: card,
      batteryData: [{ ...battery, productionDate: time }]
    }
  ]),
  example21(Domain.RequestBatterySwap, asItIs({ requestId: 1, idToken: card }), asItIs({ status: "Accepted" }))
]

const chains = [
  example21(
    Domain.GetCertificateChainStatus,
    asItIs({
      certificateStatusRequests: [{ certificateHashData: hashes, source: "OCSP", urls: ["https://ocsp.example"] }]
    }),
    [
      { certificateStatus: [{ certificateHashData: hashes, source: "OCSP", status: "Revoked", nextUpdate: now }] },
      { certificateStatus: [{ certificateHashData: hashes, source: "OCSP", status: "Revoked", nextUpdate: time }] }
    ]
  )
]

/** A curve in generic form, and as 2.1 writes it. */
const curve = [
  {
    curveData: [{ x: 95, y: 44.5 }],
    hysteresis: { hysteresisHigh: 1, hysteresisDelay: Duration.millis(1500) },
    priority: 0,
    reactivePowerParams: { vRef: 100, autonomousVRefEnable: false },
    voltageParams: { powerDuringCessation: "Active" },
    yUnit: "PctMaxVar",
    responseTime: Duration.millis(500),
    startTime: now,
    duration: Duration.hours(1)
  },
  {
    curveData: [{ x: 95, y: 44.5 }],
    hysteresis: { hysteresisHigh: 1, hysteresisDelay: 1.5 },
    priority: 0,
    reactivePowerParams: { vRef: 100, autonomousVRefEnable: false },
    voltageParams: { powerDuringCessation: "Active" },
    yUnit: "PctMaxVar",
    responseTime: 0.5,
    startTime: time,
    duration: 3600
  }
] as const

const controls = [
  example21(
    Domain.SetDERControl,
    [
      { isDefault: false, controlId: "C1", controlType: "VoltVar", curve: curve[0] },
      { isDefault: false, controlId: "C1", controlType: "VoltVar", curve: curve[1] }
    ],
    asItIs({ status: "Accepted", statusInfo, supersededIds: ["C0"] })
  ),
  example21(
    Domain.GetDERControl,
    asItIs({ requestId: 1, isDefault: true, controlType: "Gradients", controlId: "C1" }),
    asItIs({ status: "NotFound", statusInfo })
  ),
  example21(Domain.ReportDERControl, [
    {
      requestId: 1,
      tbc: true,
      curve: [{ id: "C1", curveType: "VoltVar", isDefault: false, isSuperseded: true, curve: curve[0] }],
      gradient: [{ id: "C2", gradient: { priority: 1, gradient: 0.5, softGradient: 0 } }],
      fixedPFAbsorb: [
        {
          id: "C3",
          isDefault: true,
          isSuperseded: false,
          fixedPF: { priority: 2, displacement: 0.9, excitation: true, duration: Duration.minutes(1) }
        }
      ]
    },
    {
      requestId: 1,
      tbc: true,
      curve: [{ id: "C1", curveType: "VoltVar", isDefault: false, isSuperseded: true, curve: curve[1] }],
      gradient: [{ id: "C2", gradient: { priority: 1, gradient: 0.5, softGradient: 0 } }],
      fixedPFAbsorb: [
        {
          id: "C3",
          isDefault: true,
          isSuperseded: false,
          fixedPF: { priority: 2, displacement: 0.9, excitation: true, duration: 60 }
        }
      ]
    }
  ]),
  example21(
    Domain.ClearDERControl,
    asItIs({ isDefault: false, controlType: "VoltVar" }),
    asItIs({ status: "NotSupported" })
  ),
  example21(Domain.NotifyDERStartStop, [
    { controlId: "C1", started: true, timestamp: now, supersededIds: ["C0"] },
    { controlId: "C1", started: true, timestamp: time, supersededIds: ["C0"] }
  ]),
  example21(Domain.NotifyDERAlarm, [
    { controlType: "HVMustTrip", gridEventFault: "OverVoltage", alarmEnded: false, timestamp: now, extraInfo: "L1" },
    { controlType: "HVMustTrip", gridEventFault: "OverVoltage", alarmEnded: false, timestamp: time, extraInfo: "L1" }
  ])
]

/** A stream in generic form, and as 2.1 writes it. */
const stream = [
  { id: 1, variableMonitoringId: 4, params: { interval: Duration.minutes(1), values: 10 } },
  { id: 1, variableMonitoringId: 4, params: { interval: 60, values: 10 } }
] as const

const streams = [
  example21(
    Domain.OpenPeriodicEventStream,
    [{ constantStreamData: stream[0] }, { constantStreamData: stream[1] }],
    asItIs({ status: "Accepted", statusInfo })
  ),
  example21(
    Domain.GetPeriodicEventStream,
    [{}, {}],
    [{ constantStreamData: [stream[0]] }, { constantStreamData: [stream[1]] }]
  ),
  example21(Domain.ClosePeriodicEventStream, asItIs({ id: 1 })),
  example21(
    Domain.AdjustPeriodicEventStream,
    [
      { id: 1, params: stream[0].params },
      { id: 1, params: stream[1].params }
    ],
    asItIs({ status: "Rejected" })
  )
]

const examples = [
  ...reports,
  ...provisioning,
  ...monitoring,
  ...displayMessages,
  ...customers,
  ...costs,
  ...limits,
  ...certificates,
  ...published,
  ...reservations,
  ...wider,
  ...payments,
  ...dynamic,
  ...tariffs,
  ...swaps,
  ...chains,
  ...controls,
  ...streams
]

describe("an operation that 1.6 lacks", () => {
  it("has an example", () => {
    const elsewhere = new Set(["GetVariables", "SetVariables", "TransactionEvent", "NotifyPeriodicEventStream"])
    const of16 = new Set(
      v16.translations.filter(({ action }) => V16.actions.includes(action as never)).map(({ generic }) => generic)
    )
    const of21 = new Set(v21.translations.map(({ generic }) => generic))
    assert.sameMembers(
      [...new Set(examples.map(({ action: { name } }) => name))],
      Domain.actions
        .filter((action) => !of16.has(action) && of21.has(action) && !elsewhere.has(action.name))
        .map(({ name }) => name)
    )
  })

  for (const [index, { action, request, response, versions }] of examples.entries()) {
    const name = `${action.name}, example ${index + 1}`

    for (const version of versions) {
      it.effect(`goes to a handler and back in the words of ${version}: ${name}`, () =>
        Effect.gen(function* () {
          assert.isTrue(Schema.is(action.request)(request[0]))
          assert.isTrue(Schema.is(action.response!)(response[0]))
          const asked: Array<unknown> = []
          const { callerOf, frames } = yield* both((handled, given) =>
            Effect.sync(() => {
              assert.strictEqual(handled, action.name)
              asked.push(given)
              return response[0]
            })
          )
          const answer = yield* callerOf(action, identities[version]).call(action, request[0])
          assert.lengthOf(asked, 1)
          assertEquals(asked[0], request[0])
          assertEquals(answer, response[0])
          const id = frames[0]?.[1]
          assert.deepStrictEqual(frames, [
            [2, id, action.name, request[1]],
            [3, id, response[1]]
          ])
          official(version, action.name, "req", request[1])
          official(version, action.name, "conf", response[1])
        })
      )
    }

    const lacking = adapters.filter(({ translations }) => translations.every(({ generic }) => generic !== action))

    for (const { protocol } of lacking) {
      it.effect(`fails before anything is sent to a side of ${protocol.version}: ${name}`, () =>
        Effect.gen(function* () {
          const { callerOf, frames } = yield* both(() => Effect.die("nobody is asked"))
          const caller = callerOf(action, identities[protocol.version])
          const call = caller.call(action, request[0]) as Effect.Effect<unknown, CallFailure>
          const failure = yield* Effect.flip(call)
          assert.include({ ...failure }, { _tag: "NotSent", reason: "NotSupported", action: action.name })
          assert.deepStrictEqual(frames, [])
        })
      )
    }
  }
})

describe("a value of a stream", () => {
  const request = {
    id: 1,
    pending: 0,
    basetime: now,
    data: [
      { t: 0, v: "20.5" },
      { t: 0.5, v: "21" }
    ]
  }

  it.effect("goes to a handler as a SEND of 2.1, which is not answered", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { csmsOf, frames } = yield* both((_, given) => Effect.sync(() => void asked.push(given)))
      assert.isUndefined(yield* csmsOf("THREE").notifyPeriodicEventStream(request))
      yield* settled
      assert.deepStrictEqual(asked, [request])
      assert.deepStrictEqual(
        frames.map(([type, , action, payload]) => [type, action, payload]),
        [[6, "NotifyPeriodicEventStream", { ...request, basetime: time }]]
      )
    })
  )

  it.effect("fails before anything is sent in 2.0.1", () =>
    Effect.gen(function* () {
      const { csmsOf, frames } = yield* both(() => Effect.die("nobody is asked"))
      assert.deepStrictEqual(yield* notSent(csmsOf("TWO").notifyPeriodicEventStream(request)), [
        "NotSupported",
        ": OCPP 2.0.1 has no such operation"
      ])
      assert.deepStrictEqual(frames, [])
    })
  )
})

describe("what no generic operation carries", () => {
  for (const { protocol, translations } of [v201, v21]) {
    it(`is no action of ${protocol.version}`, () => {
      const carried = new Set<Action.Action>(translations.map(({ action }) => action))
      const left = protocol.actions.filter((action) => !carried.has(action)).map(({ name }) => name)
      assert.deepStrictEqual(left, [])
    })
  }
})

describe("a report", () => {
  it.effect("[REG-03] follows the answer in its parts, of a station that is pending, too", () =>
    Effect.gen(function* () {
      const parts: Array<Domain.NotifyReportRequest> = []
      const part = { requestId: 1, generatedAt: now }
      const { at, frames } = yield* world(
        Domain.csmsHandlersPartial({
          bootNotification: () =>
            Effect.succeed({ status: "Pending", currentTime: now, interval: Duration.minutes(1) } as const),
          notifyReport: (request) => Effect.sync(() => (parts.push(request), {}))
        }),
        Domain.stationHandlersPartial({
          getBaseReport: (_, csms) =>
            Reply.then(
              { status: "Accepted" },
              Effect.andThen(
                csms.notifyReport({ ...part, seqNo: 0, tbc: true }),
                csms.notifyReport({ ...part, seqNo: 1 })
              )
            )
        })
      )
      assert.deepStrictEqual(yield* at("TWO").getBaseReport({ requestId: 1, reportBase: "SummaryInventory" }), {
        status: "Accepted"
      })
      yield* settled
      assert.deepStrictEqual(parts, [
        { ...part, seqNo: 0, tbc: true },
        { ...part, seqNo: 1 }
      ])
      assert.deepStrictEqual(
        frames.map(([type]) => type),
        [2, 3, 2, 3, 2, 3]
      )
      assert.deepStrictEqual(callsOf(frames), [
        ["GetBaseReport", { requestId: 1, reportBase: "SummaryInventory" }],
        ["NotifyReport", { requestId: 1, generatedAt: time, seqNo: 0, tbc: true }],
        ["NotifyReport", { requestId: 1, generatedAt: time, seqNo: 1 }]
      ])
    })
  )
})

/** The request on the wire, or what of it the version cannot say. */
const said = <A extends Action.Action>(adapter: Adapter.Adapter, action: A, request: Action.Request<A>): unknown =>
  Result.match(Adapter.encode(adapter, action, request), {
    onSuccess: (encoded) => encoded.request,
    onFailure: ({ reason, violations }) => [reason, ...violations.map(({ rule }) => rule)]
  })

describe("[BLK-12] what 2.1 has beyond 2.0.1", () => {
  it("the id of a signing request is in what is asked to be signed and in what is signed", () => {
    const asked = { csr: "CSR", requestId: 7 }
    const signed = { certificateChain: "PEM", requestId: 7 }
    assert.deepStrictEqual(said(v21, Domain.SignCertificate, asked), asked)
    assert.deepStrictEqual(said(v21, Domain.CertificateSigned, signed), signed)
  })

  it("a report of monitors needs to say who has set each", () => {
    const [silent] = reported({})
    const [report] = reported({ eventNotificationType: "CustomMonitor" })
    assert.isFalse(Array.isArray(said(v201, Domain.NotifyMonitoringReport, silent)))
    assert.isFalse(Array.isArray(said(v21, Domain.NotifyMonitoringReport, report)))
    assert.deepStrictEqual(said(v21, Domain.NotifyMonitoringReport, silent), [
      "NotExpressible",
      ...watched.map(() => "2.1 tells who has set a monitor")
    ])
  })
})

describe("a threshold", () => {
  it.effect("keeps all its digits, also those beyond a number of JavaScript", () =>
    Effect.gen(function* () {
      const monitors: Array<Domain.SetMonitoringData> = []
      const { at } = yield* world(
        Domain.csmsHandlersPartial({ bootNotification }),
        Domain.stationHandlersPartial({
          setVariableMonitoring: (request) =>
            Effect.sync(() => {
              monitors.push(...request.monitors)
              return { results: [{ address: temperature, type: "Delta", severity: 1, status: "Accepted", id: 1 }] }
            })
        })
      )
      const trigger = { type: "Delta", value: decimal("0.1234567890123456789") } as const
      yield* at("TWO").setVariableMonitoring({ monitors: [{ address: temperature, trigger, severity: 1 }] })
      assertEquals(monitors, [{ address: temperature, trigger, severity: 1 }])
    })
  )
})

describe("what 2.0.1 cannot say", () => {
  it.effect("fails before anything is sent, and the failure says where it stands", () =>
    Effect.gen(function* () {
      const { at, csmsOf, frames } = yield* both(() => Effect.die("nobody is asked"))
      const { setNetworkProfile, setVariableMonitoring, customerInformation } = at("TWO")
      const { notifyChargingLimit, notifyEVChargingNeeds, notifyReport } = csmsOf("TWO")
      const unknown = { idToken: "A", type: "Unknown" } as const
      const forever = { type: "Periodic", interval: Duration.infinity } as const
      const { id: _, ...anonymous } = schedules[0]
      const outcomes = [
        notSent(
          setNetworkProfile({
            configurationSlot: 1,
            connectionData: { ...connection, messageTimeout: Duration.millis(1500) }
          })
        ),
        notSent(setVariableMonitoring({ monitors: [{ address: temperature, trigger: forever, severity: 1 }] })),
        notSent(
          customerInformation({
            requestId: 1,
            report: true,
            clear: false,
            customer: { _tag: "IdToken", idToken: unknown }
          })
        ),
        notSent(notifyChargingLimit({ chargingLimit: { chargingLimitSource: "EMS" }, chargingSchedule: [anonymous] })),
        notSent(notifyChargingLimit({ chargingLimit: { chargingLimitSource: "Neighbours", isLocalGeneration: true } })),
        notSent(
          setNetworkProfile({
            configurationSlot: 1,
            connectionData: {
              ...connection,
              ocppVersion: "OCPP21",
              messageTimeout: Duration.minutes(1),
              basicAuthPassword: Redacted.make("secret")
            }
          })
        ),
        notSent(
          notifyEVChargingNeeds({
            evseId: 1,
            chargingNeeds: {
              requestedEnergyTransfer: "AC_single_phase",
              acChargingParameters: { ...acParameters, evMaxCurrent: 31.5 }
            }
          })
        ),
        notSent(
          notifyReport({
            requestId: 1,
            generatedAt: now,
            seqNo: 0,
            reportData: [
              {
                address: temperature,
                variableAttribute: [{}],
                variableCharacteristics: {
                  dataType: "decimal",
                  maxLimit: BigDecimal.make(1n, -500),
                  supportsMonitoring: false
                }
              }
            ]
          })
        )
      ]
      assert.deepStrictEqual(yield* Effect.all(outcomes), [
        ["NotExpressible", "connectionData.messageTimeout: a whole number of seconds is needed"],
        ["NotExpressible", "monitors[0].trigger: a number of seconds is needed"],
        ["NotExpressible", "customer.idToken.type: 2.0.1 asks for the type of an idToken"],
        ["NotExpressible", "chargingSchedule[0].id: 2.0.1 asks for the id of a schedule"],
        [
          "NotExpressible",
          "chargingLimit.chargingLimitSource: 2.0.1 has a list of sources",
          "chargingLimit.isLocalGeneration: in 2.0.1 a limit takes away"
        ],
        [
          "NotExpressible",
          "connectionData.ocppVersion: 2.0.1 does not know this version",
          "connectionData.basicAuthPassword: a profile of 2.0.1 is for the identity and the password that the station has"
        ],
        ["NotExpressible", "chargingNeeds.acChargingParameters.evMaxCurrent: 2.0.1 asks for a whole number"],
        ["NotExpressible", "reportData[0].variableCharacteristics.maxLimit: the number has too many digits"]
      ])
      assert.deepStrictEqual(frames, [])
    })
  )
})

describe("what a CSMS of 2.0.1 may ask and the domain cannot say", () => {
  const asked: Array<unknown> = []
  const station = Domain.stationHandlersPartial({
    customerInformation: (request) =>
      Effect.sync(() => (asked.push(request), { status: request.customer === undefined ? "Invalid" : "Accepted" })),
    setVariableMonitoring: (request) => Effect.sync(() => (asked.push(request), { results: [] })),
    setNetworkProfile: (request) => Effect.sync(() => (asked.push(request), { status: "Accepted" }))
  })

  /** A way to call the station in the words of 2.0.1. */
  const connected = Effect.suspend(() => {
    asked.length = 0
    return world(Domain.csmsHandlersPartial({ bootNotification }), station)
  })

  it.effect("(N09.FR.09) a request for customer information that names several customers, or none, names none", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      const request = { requestId: 1, report: true, clear: false }
      for (const named of [{}, { idToken: card, customerIdentifier: "Alice" }]) {
        assert.deepStrictEqual(yield* call("TWO", V201.CustomerInformation, { ...request, ...named }), {
          status: "Invalid"
        })
      }
      assert.deepStrictEqual(asked, [request, request])
    })
  )

  it.effect("a monitor of an interval below a nanosecond is refused", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      const monitor = { ...temperature, type: "Periodic", severity: 1, value: 1e-10 } as const
      const error = yield* Effect.flip(call("TWO", V201.SetVariableMonitoring, { setMonitoringData: [monitor] }))
      assert.include({ ...error }, { _tag: "CallError", code: "PropertyConstraintViolation" })
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("the secrets of a network profile are not shown", () =>
    Effect.gen(function* () {
      const { call } = yield* connected
      yield* call("TWO", V201.SetNetworkProfile, {
        configurationSlot: 1,
        connectionData: {
          ...connection,
          messageTimeout: 30,
          apn: { ...apn, apnPassword: "secret-a", simPin: 98_765 },
          vpn: { ...vpn, password: "secret-b", key: "secret-c" }
        }
      })
      yield* call("THREE", V21.SetNetworkProfile, {
        configurationSlot: 1,
        connectionData: { ...connection, messageTimeout: 30, identity: "THREE", basicAuthPassword: "secret-d" }
      })
      assert.lengthOf(asked, 2)
      assert.notMatch(`${JSON.stringify(asked)} ${inspect(asked, { depth: 9 })}`, /secret-|98765/)
    })
  )
})
