/**
 * What the connectors of a simulated station of OCPP 1.6 charge with, and how much energy that makes.
 */
import type { ChargingRateUnitType, ChargingSchedule } from "../../v16/DataTypes.ts"
import { type Charging, type ChargingProfiles, energyOf, toSchedule } from "./ChargingProfiles.ts"

/** A connector as its meter knows it. */
export interface Metered {
  readonly id: number
  /** What it has delivered up to `readAt`, in watt-hours. */
  energy: number
  readAt: number
  /** When it began to charge, in milliseconds; `undefined` while it does not. */
  begun: number | undefined
}

/** How long a composite schedule can be, in seconds: a week, after which every recurring profile begins again. */
const longest = 7 * 86_400

export class Power {
  private readonly most: number
  private readonly profiles: ChargingProfiles
  private readonly connectors: ReadonlyArray<Metered>

  /** `most` is what each connector charges with if nothing limits it, in watts. */
  constructor(most: number, profiles: ChargingProfiles, connectors: ReadonlyArray<Metered>) {
    this.most = most
    this.profiles = profiles
    this.connectors = connectors
  }

  /** What a connector charges with. Those that charge share the limit of the station. */
  of(connector: Charging, at: number): number {
    const sharing = this.connectors.filter(({ begun, id }) => begun !== undefined || id === connector.connectorId)
    return Math.min(
      this.most,
      this.profiles.ofConnector(connector, at),
      this.profiles.ofStation(at) / Math.max(1, sharing.length)
    )
  }

  /** Reads all meters; due before anything changes that the power depends on. `wallTime` is what profiles go by. */
  read(now: number, wallTime: number): void {
    this.profiles.ahead = wallTime - now
    for (const connector of this.connectors) {
      const { begun, id: connectorId, readAt } = connector
      if (begun !== undefined && now > readAt) {
        const charging = { connectorId, begun }
        const steps = this.profiles.steps([charging], readAt, now, (at) => this.of(charging, at))
        connector.energy += energyOf(steps, now)
      }
      connector.readAt = now
    }
  }

  /** What a connector may charge with from now on or, if it is 0, all of them together; at most a week of it. */
  schedule(connectorId: number, now: number, seconds: number, unit: ChargingRateUnitType = "W"): ChargingSchedule {
    const duration = Math.min(seconds, longest)
    const charging = this.connectors
      .filter(({ id }) => connectorId === 0 || id === connectorId)
      .map(({ begun = now, id }) => ({ connectorId: id, begun }))
    const powerAt = (at: number): number =>
      connectorId === 0
        ? Math.min(
            this.profiles.ofStation(at),
            charging.reduce((sum, one) => sum + this.ofAlone(one, at), 0)
          )
        : charging.reduce((sum, one) => sum + this.of(one, at), 0)
    const steps = this.profiles.steps(charging, now, now + duration * 1000, powerAt)
    return toSchedule(steps, now, duration, unit)
  }

  private ofAlone(connector: Charging, at: number): number {
    return Math.min(this.most, this.profiles.ofConnector(connector, at))
  }
}
