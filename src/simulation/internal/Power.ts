/**
 * What the EVSEs of a simulated station charge with, and how much energy that makes.
 */
import type * as Domain from "../../domain/index.ts"
import { type Charging, type ChargingProfiles, energyOf, toSchedule } from "./ChargingProfiles.ts"

/** An EVSE as its meter knows it. */
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
  private readonly evses: ReadonlyArray<Metered>

  /** `most` is what each EVSE charges with if nothing limits it, in watts. */
  constructor(most: number, profiles: ChargingProfiles, evses: ReadonlyArray<Metered>) {
    this.most = most
    this.profiles = profiles
    this.evses = evses
  }

  /** What an EVSE charges with. Those that charge share the limit of the station. */
  of(evse: Charging, at: number): number {
    const sharing = this.evses.filter(({ begun, id }) => begun !== undefined || id === evse.evseId)
    return Math.min(
      this.most,
      this.profiles.ofEvse(evse, at),
      this.profiles.ofStation(at) / Math.max(1, sharing.length)
    )
  }

  /** Reads all meters; due before anything changes that the power depends on. `wallTime` is what profiles go by. */
  read(now: number, wallTime: number): void {
    this.profiles.ahead = wallTime - now
    for (const evse of this.evses) {
      const { begun, id: evseId, readAt } = evse
      if (begun !== undefined && now > readAt) {
        const charging = { evseId, begun }
        const steps = this.profiles.steps([charging], readAt, now, (at) => this.of(charging, at))
        evse.energy += energyOf(steps, now)
      }
      evse.readAt = now
    }
  }

  /** What an EVSE may charge with from now on or, if it is 0, all of them together; at most a week of it. */
  schedule(
    evseId: number,
    now: number,
    seconds: number,
    unit: Domain.ChargingRateUnit = "W"
  ): Domain.CompositeSchedule {
    const duration = Math.min(seconds, longest)
    const charging = this.evses
      .filter(({ id }) => evseId === 0 || id === evseId)
      .map(({ begun = now, id }) => ({ evseId: id, begun }))
    const powerAt = (at: number): number =>
      evseId === 0
        ? Math.min(
            this.profiles.ofStation(at),
            charging.reduce((sum, one) => sum + this.ofAlone(one, at), 0)
          )
        : charging.reduce((sum, one) => sum + this.of(one, at), 0)
    const steps = this.profiles.steps(charging, now, now + duration * 1000, powerAt)
    return toSchedule(steps, now, duration, unit)
  }

  private ofAlone(evse: Charging, at: number): number {
    return Math.min(this.most, this.profiles.ofEvse(evse, at))
  }
}
