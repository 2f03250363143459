import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { type Entry, redact, WireLog } from "../../src/json/WireLog.ts"
import * as V16 from "../../src/v16/index.ts"
import { csms as makeCsms } from "../support/csms.ts"
import { core, time } from "../support/messages.ts"
import { outcome } from "../support/outcome.ts"
import { station } from "../support/station.ts"
import { settled, start } from "../support/time.ts"

describe("WireLog", () => {
  it.effect("is given every frame of a station, both ways, bad ones too", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { csms, raw } = yield* station({
        handlers: { reset: () => Effect.succeed({ status: "Accepted" }) }
      }).pipe(Effect.provideService(WireLog, (entry) => void log.push(entry)))
      yield* start(csms.heartbeat({}))
      const id = yield* raw.nextCall("Heartbeat")
      yield* TestClock.adjust("2 seconds")
      yield* raw.send([3, id, { currentTime: time }])
      yield* raw.send("nonsense")
      yield* raw.send([2, "1", "Reset", { type: "Soft" }])
      yield* raw.send([2, "2", "Fly", {}])
      assert.deepStrictEqual(log, [
        { identity: "CP001", direction: "out", time: 0, frame: `[2,"${id}","Heartbeat",{}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: `[3,"${id}",{"currentTime":"${time}"}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: "nonsense" },
        { identity: "CP001", direction: "in", time: 2000, frame: `[2,"1","Reset",{"type":"Soft"}]` },
        { identity: "CP001", direction: "out", time: 2000, frame: `[3,"1",{"status":"Accepted"}]` },
        { identity: "CP001", direction: "in", time: 2000, frame: `[2,"2","Fly",{}]` },
        {
          identity: "CP001",
          direction: "out",
          time: 2000,
          frame: `[4,"2","NotImplemented","OCPP 1.6 has no request of this name",{}]`
        }
      ])
    })
  )

  it.effect("is given the frames of every station of a CSMS", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] }).pipe(
        Effect.provideService(WireLog, (entry) => void log.push(entry))
      )
      const first = yield* connect("CP001")
      yield* connect("CP002")
      yield* first.raw.send([2, "1", "Heartbeat", {}])
      yield* start(csms.call("CP002", V16.ClearCache, {}))
      assert.deepStrictEqual(
        log.map(({ direction, identity }) => [identity, direction]),
        [
          ["CP001", "in"],
          ["CP001", "out"],
          ["CP002", "out"]
        ]
      )
    })
  )

  it.effect("is given a call that is made the moment a station is connected", () =>
    Effect.gen(function* () {
      const log: Array<Entry> = []
      const { connect, csms } = yield* makeCsms({ handlers: [V16.csmsHandlers(core)] }).pipe(
        Effect.provideService(WireLog, (entry) => void log.push(entry))
      )
      yield* csms.sessions.pipe(
        Stream.filter(({ _tag }) => _tag === "Connected"),
        Stream.runForEach(({ session }) => Effect.ignore(csms.call(session.identity, V16.ClearCache, {}))),
        start
      )
      yield* settled
      const { raw } = yield* connect("CP001")
      yield* raw.nextCall("ClearCache")
      assert.deepStrictEqual(
        log.map(({ direction, identity }) => [identity, direction]),
        [["CP001", "out"]]
      )
    })
  )
})

describe("A WireLog that throws", () => {
  it.effect("does not hold up the connection", () =>
    Effect.gen(function* () {
      const { csms, raw } = yield* station({
        handlers: { reset: () => Effect.succeed({ status: "Accepted" }) }
      }).pipe(
        Effect.provideService(WireLog, () => {
          throw new Error("disk full")
        })
      )
      const call = yield* start(csms.heartbeat({}))
      yield* raw.send([3, yield* raw.nextCall("Heartbeat"), { currentTime: time }])
      assert.strictEqual(outcome(call), "ok")
      yield* raw.send([2, "1", "Reset", { type: "Soft" }])
      assert.deepStrictEqual(yield* raw.next, [3, "1", { status: "Accepted" }])
    })
  )
})

/** Frames before and after; a second text is what is left with `idTokens`, where that differs. */
const frames: ReadonlyArray<readonly [title: string, frame: string, redacted: string, anonymous?: string]> = [
  [
    "[SEC-08] the AuthorizationKey that is set",
    `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"secret"}]`,
    `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]`
  ],
  [
    "[SEC-08] the AuthorizationKey, whatever the order and the case, for keys have none",
    `[2,"1","ChangeConfiguration",{"value":"secret","key":"authorizationkey"}]`,
    `[2,"1","ChangeConfiguration",{"value":"***","key":"authorizationkey"}]`
  ],
  [
    "[SEC-08] the AuthorizationKey that is read",
    `[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"secret"},{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]`,
    `[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"***"},{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]`
  ],
  [
    "[SEC-08] the key of a vendor that is a password or a secret by its name",
    `[2,"1","ChangeConfiguration",{"key":"Vendor.WifiPassword.1","value":"secret"}]`,
    `[2,"1","ChangeConfiguration",{"key":"Vendor.WifiPassword.1","value":"***"}]`
  ],
  [
    "[SEC-08] the code that a driver types in, and no other token",
    `[2,"1","Authorize",{"idToken":{"idToken":"1234","type":"KeyCode"},"other":{"idToken":"1234","type":"Local"}}]`,
    `[2,"1","Authorize",{"idToken":{"idToken":"***","type":"KeyCode"},"other":{"idToken":"1234","type":"Local"}}]`,
    `[2,"1","Authorize",{"idToken":{"idToken":"***","type":"KeyCode"},"other":{"idToken":"***","type":"Local"}}]`
  ],
  [
    "[SEC-08] that code, in whatever case its type is written",
    `[2,"1","Authorize",{"IdToken":{"IdToken":"1234","Type":"KEYCODE"}}]`,
    `[2,"1","Authorize",{"IdToken":{"IdToken":"***","Type":"KEYCODE"}}]`
  ],
  [
    "[SEC-08] the value of a key, in whatever case a peer writes the fields",
    `[2,"1","ChangeConfiguration",{"Key":" AuthorizationKey","Value":"secret"}]`,
    `[2,"1","ChangeConfiguration",{"Key":" AuthorizationKey","Value":"***"}]`
  ],
  [
    "[SEC-08] the BasicAuthPassword that is set",
    `[2,"1","SetVariables",{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"secret"}]}]`,
    `[2,"1","SetVariables",{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"***"}]}]`
  ],
  ...["BasicAuthPassword", "VpnPassword", "VpnKey", "ApnPassword", "SimPin", "SharedSecret", "sharedsecret"].map(
    (variable) =>
      [
        `[SEC-08] the variable ${variable} that is read, reported or monitored`,
        `[3,"1",[{"variable":{"name":"${variable}"},"attributeValue":"secret"},{"variable":{"name":"${variable}"},"variableAttribute":[{"value":"secret"}]},{"variable":{"name":"${variable}"},"actualValue":"secret"}]]`,
        `[3,"1",[{"variable":{"name":"${variable}"},"attributeValue":"***"},{"variable":{"name":"${variable}"},"variableAttribute":"***"},{"variable":{"name":"${variable}"},"actualValue":"***"}]]`
      ] as const
  ),
  [
    "[SEC-08] every field that is a password or a secret by its name",
    `[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"user":"u","password":"secret"},"apn":{"apnPassword":"secret"},"basicAuthPassword":{"a":"secret"}},"customData":{"vendorId":"x","sharedSecret":["secret"]}}]`,
    `[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"user":"u","password":"***"},"apn":{"apnPassword":"***"},"basicAuthPassword":"***"},"customData":{"vendorId":"x","sharedSecret":"***"}}]`
  ],
  [
    "[SEC-08] the PIN of a SIM and the key of a VPN",
    `[2,"1","SetNetworkProfile",{"connectionData":{"apn":{"apn":"a","simPin":1234},"vpn":{"user":"u","key":"secret"}}}]`,
    `[2,"1","SetNetworkProfile",{"connectionData":{"apn":{"apn":"a","simPin":"***"},"vpn":{"user":"u","key":"***"}}}]`
  ],
  [
    "[SEC-07] [SEC-08] the body of a signed message",
    `[2,"1","SetVariables-Signed",{"protected":"e30","payload":"c2VjcmV0","signature":"sig"}]`,
    `[2,"1","SetVariables-Signed",{"protected":"e30","payload":"***","signature":"sig"}]`
  ],
  [
    "[SEC-08] the password in a URL",
    `[2,"1","GetDiagnostics",{"location":"ftp://user:secret@host/a@b"}]`,
    `[2,"1","GetDiagnostics",{"location":"ftp://user:***@host/a@b"}]`
  ],
  [
    "[SEC-08] the password in a URL that should have been encoded",
    `[2,"1","UpdateFirmware",{"location":"ftp://user:sec@ret:secret@host/"}]`,
    `[2,"1","UpdateFirmware",{"location":"ftp://user:***@host/"}]`
  ],
  [
    "[SEC-08] the parameters of a URL that grant access",
    `[2,"1","GetLog",{"remoteLocation":"https://host/b?sv=1&sig=secret%3D&X-Amz-Credential=secret&X-Amz-Signature=secret&part=2#top"}]`,
    `[2,"1","GetLog",{"remoteLocation":"https://host/b?sv=1&sig=***&X-Amz-Credential=***&X-Amz-Signature=***&part=2#top"}]`
  ],
  [
    "[SEC-08] the secrets in a text that is JSON",
    `[2,"1","DataTransfer",{"vendorId":"x","data":"[{ \\"password\\": \\"secret\\" }]"}]`,
    `[2,"1","DataTransfer",{"vendorId":"x","data":"[{\\"password\\":\\"***\\"}]"}]`
  ],
  [
    "nothing else",
    `[2,"1","DataTransfer",{"vendorId":"x","data":"{ \\"a\\": [1] }","payload":"y","key":"k","value":"v"}]`,
    `[2,"1","DataTransfer",{"vendorId":"x","data":"{ \\"a\\": [1] }","payload":"y","key":"k","value":"v"}]`
  ],
  ["[SEC-08] all of what is not JSON", `[2,"1","secret`, "(14 characters that are not JSON)"],
  ...[
    ["Authorize", `{"idTag":"321"}`, `{"idTag":"***"}`],
    [
      "SendLocalList",
      `{"listVersion":1,"localAuthorizationList":[{"idTag":"321","idTagInfo":{"status":"Accepted","parentIdTag":"322"}}]}`,
      `{"listVersion":1,"localAuthorizationList":[{"idTag":"***","idTagInfo":{"status":"Accepted","parentIdTag":"***"}}]}`
    ],
    [
      "MeterValues",
      `{"meterValue":[{"sampledValue":[{"value":"OCMF|321","format":"SignedData"},{"value":"5"}]}]}`,
      `{"meterValue":[{"sampledValue":[{"value":"***","format":"SignedData"},{"value":"5"}]}]}`
    ],
    ["ChangeConfiguration", `{"key":"FreeVendIdTag","value":"321"}`, `{"key":"FreeVendIdTag","value":"***"}`],
    [
      "DataTransfer",
      `{"messageId":"Authorize","data":"{\\"idToken\\":\\"321\\"}"}`,
      `{"messageId":"Authorize","data":"{\\"idToken\\":\\"***\\"}"}`
    ],
    [
      "Authorize",
      `{"idToken":{"idToken":"321","type":"ISO14443","additionalInfo":[{"additionalIdToken":"322","type":"t"}]},"certificate":"PEM","iso15118CertificateHashData":[{"serialNumber":"323"}]}`,
      `{"idToken":{"idToken":"***","type":"ISO14443","additionalInfo":[{"additionalIdToken":"***","type":"t"}]},"certificate":"***","iso15118CertificateHashData":"***"}`
    ],
    [
      "RequestStartTransaction",
      `{"idToken":{"idToken":"321","type":"Central"},"groupIdToken":{"idToken":"322","type":"Central"}}`,
      `{"idToken":{"idToken":"***","type":"Central"},"groupIdToken":{"idToken":"***","type":"Central"}}`
    ],
    [
      "TransactionEvent",
      `{"meterValue":[{"sampledValue":[{"value":5,"signedMeterValue":{"signedMeterData":"321","signingMethod":"s"}}]}]}`,
      `{"meterValue":[{"sampledValue":[{"value":5,"signedMeterValue":{"signedMeterData":"***","signingMethod":"s"}}]}]}`
    ],
    [
      "CustomerInformation",
      `{"requestId":1,"customerIdentifier":"321","customerCertificate":{"serialNumber":"322"}}`,
      `{"requestId":1,"customerIdentifier":"***","customerCertificate":"***"}`
    ],
    ["an action of a vendor", `{"idToken":"321","groupIdToken":"322"}`, `{"idToken":"***","groupIdToken":"***"}`],
    [
      "NotifyCustomerInformation",
      `{"data":"Alice","seqNo":0,"generatedAt":"2026-11-22T06:00:00Z","requestId":1}`,
      `{"data":"***","seqNo":0,"generatedAt":"2026-11-22T06:00:00Z","requestId":1}`
    ],
    [
      "Get15118EVCertificate",
      `{"exiRequest":"321","prioritizedEMAIDs":{"emaid":["322"]},"iso15118SchemaVersion":"v"}`,
      `{"exiRequest":"***","prioritizedEMAIDs":"***","iso15118SchemaVersion":"v"}`
    ],
    [
      "NotifySettlement",
      `{"pspRef":"321","receiptId":"1","receiptUrl":"u","vatNumber":"n","vatCompany":{"name":"Alice"},"status":"Settled"}`,
      `{"pspRef":"***","receiptId":"***","receiptUrl":"***","vatNumber":"***","vatCompany":"***","status":"Settled"}`
    ],
    ...[
      [
        { transactionId: 1, cost: 2, priceText: "Bye Alice", priceTextExtra: [], qrCodeText: "https://r/1" },
        { transactionId: 1, cost: 2, priceText: "***", priceTextExtra: "***", qrCodeText: "***" }
      ],
      [
        { idToken: { idToken: "DE8AA", type: "eMAID" }, certificate: "PEM" },
        { idToken: { idToken: "***", type: "eMAID" }, certificate: "***" }
      ]
    ].map((payloads) =>
      ["DataTransfer"].concat(payloads.map((data) => JSON.stringify({ vendorId: "v", data: JSON.stringify(data) })))
    ),
    ...["VehicleID", "VehicleCertificate"].map((name) => [
      "NotifyEvent",
      `{"eventData":[{"variable":{"name":"${name}"},"actualValue":"321"}]}`,
      `{"eventData":[{"variable":{"name":"${name}"},"actualValue":"***"}]}`
    ]),
    [
      "NotifyReport",
      `{"reportData":[{"component":{"name":"TokenReader"},"variable":{"name":"Token"},"variableAttribute":[{"value":"321"}]},{"component":{"name":"AuthCtrlr"},"variable":{"name":"SupportedIdTokenTypes"},"variableAttribute":[{"value":"ISO14443"}]}]}`,
      `{"reportData":[{"component":{"name":"TokenReader"},"variable":{"name":"Token"},"variableAttribute":"***"},{"component":{"name":"AuthCtrlr"},"variable":{"name":"SupportedIdTokenTypes"},"variableAttribute":[{"value":"ISO14443"}]}]}`
    ]
  ].map(([action, payload, anonymous]): readonly [string, string, string, string] => {
    const frame = `[2,"1","${action}",${payload}]`
    return [`only if asked who is in ${frame}`, frame, frame, `[2,"1","${action}",${anonymous}]`]
  }),
  ...[
    [
      `{"idTagInfo":{"status":"Accepted","parentIdTag":"321"}}`,
      `{"idTagInfo":{"status":"Accepted","parentIdTag":"***"}}`
    ],
    [
      `{"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"321","type":"Central"},"personalMessage":{"format":"UTF8","content":"Hello Alice"}}}`,
      `{"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"***","type":"Central"},"personalMessage":"***"}}`
    ],
    [
      `{"tariffAssignments":[{"tariffId":"t","idTokens":["321"]}]}`,
      `{"tariffAssignments":[{"tariffId":"t","idTokens":"***"}]}`
    ],
    [
      `{"company":{"name":"Alice"},"vatNumber":"n","status":"Accepted"}`,
      `{"company":"***","vatNumber":"***","status":"Accepted"}`
    ],
    [
      `{"updatedPersonalMessage":{"format":"UTF8","content":"Bye Alice"},"totalCost":1}`,
      `{"updatedPersonalMessage":"***","totalCost":1}`
    ],
    [`{"status":"Accepted","exiResponse":"321"}`, `{"status":"Accepted","exiResponse":"***"}`]
  ].map(([payload, anonymous]): readonly [string, string, string, string] => {
    const frame = `[3,"1",${payload}]`
    return [`only if asked who is in ${frame}`, frame, frame, `[3,"1",${anonymous}]`]
  }),
  [
    "no certificate, nor what asks for one",
    `[2,"1","InstallCertificate",{"certificateType":"CSMSRootCertificate","certificate":"PEM","csr":"PEM","certificateChain":"PEM"}]`,
    `[2,"1","InstallCertificate",{"certificateType":"CSMSRootCertificate","certificate":"PEM","csr":"PEM","certificateChain":"PEM"}]`
  ]
]

describe("redact", () => {
  for (const [title, frame, redacted, anonymous = redacted] of frames) {
    it(`masks ${title}`, () => {
      assert.strictEqual(redact(frame), redacted)
      assert.strictEqual(redact(frame, { idTokens: false }), redacted)
      assert.strictEqual(redact(frame, { idTokens: true }), anonymous)
    })
  }

  it("takes any text, however deep", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000)
    for (const text of ["", "[".repeat(100_000), `[2,"1","Reset",${deep}]`, JSON.stringify([deep])]) {
      for (const idTokens of [false, true]) assert.isBelow(redact(text, { idTokens }).length, 100)
    }
  })

  it("takes the time that a text is long", () => {
    for (const part of ["?sig", "://a:", "&key", "://a:?sig;", "@", " {"]) {
      const text = JSON.stringify([`://${part.repeat(50_000)}`])
      assert.strictEqual(redact(text), text)
    }
  })

  it("keeps a field called __proto__ a field", () => {
    assert.strictEqual(redact(`[{"__proto__":{"password":"secret"}}]`), `[{"__proto__":{"password":"***"}}]`)
  })
})
