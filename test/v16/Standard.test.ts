/**
 * The standard names of 1.6. The counts are those of the specification's lists.
 */
import { assert, describe, it } from "@effect/vitest"
import * as V16 from "../../src/v16/index.ts"
import { configurationKeys, securityEvents } from "../../src/v16/Standard.ts"
import type { ConfigurationKey, StandardConfigurationKey, StandardSecurityEvent } from "../../src/v16/Standard.ts"
import { accepts } from "../support/accepts.ts"

const keys: ReadonlyArray<readonly [string, StandardConfigurationKey]> = Object.entries(configurationKeys)

describe("standard names of 1.6", () => {
  it("there are 52 configuration keys, 43 of edition 2, 3 of the errata and 6 of the security extension", () => {
    const profiles = new Map<string, number>()
    for (const [, { profile }] of keys) profiles.set(profile, (profiles.get(profile) ?? 0) + 1)
    assert.deepStrictEqual(Object.fromEntries(profiles), {
      Core: 36,
      LocalAuthListManagement: 3,
      Reservation: 1,
      SmartCharging: 5,
      FirmwareManagement: 1,
      Security: 6
    })
    assert.strictEqual(keys.filter(([, { required }]) => required).length, 27)
    assert.deepStrictEqual(
      keys.filter(([, { access }]) => access === "W").map(([name]) => name),
      ["AuthorizationKey"]
    )
  })

  it("a profile is a block of actions", () => {
    const blocks = new Set<string>(V16.actions.map(({ block }) => block))
    for (const [name, { profile }] of keys) assert.isTrue(blocks.has(profile), name)
  })

  it("every key is a legal key, and one that is an amount has its unit", () => {
    for (const [key, { type, unit }] of keys) {
      assert.isTrue(accepts(V16.ChangeConfigurationRequest, { key, value: "" }), key)
      assert.isTrue(unit === undefined || type === "integer", key)
      if (/Interval$|Duration$|Time[oO]ut$/.test(key)) assert.strictEqual(unit, "seconds", key)
    }
  })

  it("there are 18 security events, 7 of them critical, every one a legal type", () => {
    const events = Object.entries(securityEvents)
    assert.strictEqual(events.length, 18)
    assert.sameMembers(
      events.filter(([, { critical }]) => critical).map(([name]) => name),
      [
        "FirmwareUpdated",
        "SettingSystemTime",
        "StartupOfTheDevice",
        "ResetOrReboot",
        "SecurityLogWasCleared",
        "MemoryExhaustion",
        "TamperDetectionActivated"
      ] satisfies Array<StandardSecurityEvent>
    )
    for (const [type] of events) {
      const notification = { type, timestamp: "2026-11-22T06:00:00Z" }
      assert.isTrue(accepts(V16.SecurityEventNotificationRequest, notification), type)
    }
  })

  it("the type of a key knows the names", () => {
    const known: ConfigurationKey = "HeartbeatInterval"
    // @ts-expect-error - the standard writes it with a capital O
    const unknown: ConfigurationKey = "ConnectionTimeout"
    assert.isTrue(Object.hasOwn(configurationKeys, known))
    assert.isFalse(Object.hasOwn(configurationKeys, unknown))
  })
})
