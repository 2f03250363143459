/**
 * Whether a CSMS has accepted a station, and what may pass between them before it has.
 *
 * | status         | BootNotification | what was asked for | other requests of the station | remote start and stop | other requests of the CSMS |
 * | -------------- | ---------------- | ------------------ | ----------------------------- | --------------------- | -------------------------- |
 * | `Unregistered` | yes              | no                 | no                            | no                    | yes                        |
 * | `Pending`      | yes              | yes                | no                            | no                    | yes                        |
 * | `Rejected`     | yes              | no                 | no                            | no                    | no                         |
 * | `Accepted`     | yes              | yes                | yes                           | yes                   | yes                        |
 *
 * A CSMS takes a station as `Accepted` of which it has no record, unless it is told otherwise. And whatever the status,
 * it handles the end of a transaction that the station has opened.
 *
 * @see J16 §4.2, P2 B01, B02, B03
 * @since 0.1.0
 */
import type { OfSide, Side } from "./Action.ts"

/**
 * How a station stands with its CSMS: `Unregistered` until its first BootNotification is answered, then as the last
 * answer says.
 *
 * @category models
 * @since 0.1.0
 */
export type RegistrationStatus = "Unregistered" | "Pending" | "Rejected" | "Accepted"

/**
 * What a CSMS answers to a BootNotification.
 *
 * **Details**
 *
 * `interval` is in seconds: between heartbeats if accepted, until the next BootNotification if not.
 *
 * @category models
 * @since 0.1.0
 */
export interface BootAnswer {
  readonly status: Exclude<RegistrationStatus, "Unregistered">
  readonly currentTime: string
  readonly interval: number
}

/**
 * How a station of a version registers with its CSMS and shows that it is there.
 *
 * **Details**
 *
 * - `boot`: the action by which a station registers, and how its response is read.
 * - `heartbeat`: the action by which a station shows that it is there, and the time in its response.
 * - `asks`: the requests of the CSMS that ask for a message of the station, and the action of that message.
 * - `remote`: the requests of the CSMS that start or stop a transaction, and how a station refuses them.
 * - `rejected`: what a station that was rejected does with a request: it refuses it, or it keeps silent.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lifecycle {
  readonly boot: { readonly action: OfSide<"station">; readonly answer: (response: unknown) => BootAnswer }
  readonly heartbeat: { readonly action: OfSide<"station">; readonly currentTime: (response: unknown) => string }
  readonly asks: ReadonlyMap<string, (request: unknown) => string>
  readonly remote: { readonly actions: ReadonlySet<string>; readonly refusal: unknown }
  readonly rejected: "SecurityError" | "Silence"
}

/** What passes between a station and its CSMS. */
type Traffic = "boot" | "asked" | "ofStation" | "remote" | "ofCsms"

const passes: Record<RegistrationStatus, Record<Traffic, boolean>> = {
  Unregistered: { boot: true, asked: false, ofStation: false, remote: false, ofCsms: true },
  Pending: { boot: true, asked: true, ofStation: false, remote: false, ofCsms: true },
  Rejected: { boot: true, asked: false, ofStation: false, remote: false, ofCsms: false },
  Accepted: { boot: true, asked: true, ofStation: true, remote: true, ofCsms: true }
}

/**
 * The state of a registration, which both sides keep alike.
 *
 * @internal
 */
export class Registration {
  private readonly lifecycle: Lifecycle
  private current: RegistrationStatus
  private asked: Set<string> | undefined = undefined

  constructor(lifecycle: Lifecycle, status: RegistrationStatus = "Unregistered") {
    this.lifecycle = lifecycle
    this.current = status
  }

  get status(): RegistrationStatus {
    return this.current
  }

  /** A BootNotification was answered, or the station starts anew. */
  become(status: RegistrationStatus): void {
    this.current = status
    this.asked = undefined
  }

  /** Whether a side may send a request now. */
  lets(side: Side, action: string): boolean {
    return passes[this.current][side === "station" ? this.ofStation(action) : this.ofCsms(action)]
  }

  /** Whether a request of the CSMS is one that starts or stops a transaction. */
  isRemote(action: string): boolean {
    return this.lifecycle.remote.actions.has(action)
  }

  /** The CSMS has sent a request, which may ask for a message of the station. */
  note(action: string, request: unknown): void {
    if (this.current === "Accepted") return
    const asksFor = this.lifecycle.asks.get(action)?.(request)
    if (asksFor !== undefined) (this.asked ??= new Set()).add(asksFor)
  }

  private ofStation(action: string): Traffic {
    if (action === this.lifecycle.boot.action.name) return "boot"
    return this.asked?.has(action) === true ? "asked" : "ofStation"
  }

  private ofCsms(action: string): Traffic {
    return this.isRemote(action) ? "remote" : "ofCsms"
  }
}
