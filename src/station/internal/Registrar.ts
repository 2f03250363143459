/**
 * How a station stands with its CSMS: it learns that from the answers to its calls, boots when it has to, and beats.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import type { CallFailure } from "../../OcppError.ts"
import type { RegistrationStatus } from "../../Registration.ts"
import type { CurrentConnection, OpenConnection, SpokenVersion } from "./OpenConnection.ts"
import type { LifecycleTimer } from "./LifecycleTimer.ts"

export class Registrar {
  /** Each answer to a BootNotification; the last one is told to who comes later. */
  readonly changes: PubSub.PubSub<RegistrationStatus>
  private readonly identity: string
  private readonly timer: LifecycleTimer
  private readonly current: CurrentConnection
  private readonly versions: ReadonlyMap<string, SpokenVersion>
  private readonly run: (effect: Effect.Effect<void>) => unknown
  private told: RegistrationStatus
  /** How the station was connected when a CSMS answered its BootNotification last. */
  private registeredAs: Pick<OpenConnection, "version" | "slot"> | undefined = undefined

  constructor(of: {
    readonly identity: string
    readonly timer: LifecycleTimer
    readonly current: CurrentConnection
    readonly versions: ReadonlyMap<string, SpokenVersion>
    readonly run: (effect: Effect.Effect<void>) => unknown
    readonly changes: PubSub.PubSub<RegistrationStatus>
    readonly status: RegistrationStatus
  }) {
    this.identity = of.identity
    this.timer = of.timer
    this.current = of.current
    this.versions = of.versions
    this.run = of.run
    this.changes = of.changes
    this.told = of.status
    PubSub.publishUnsafe(of.changes, of.status)
  }

  /** A connection is open. */
  opened(connection: OpenConnection): void {
    const { slot, version } = connection
    // Another CSMS does not know the station, nor does the same one in another version.
    const isKnown = this.registeredAs?.version === version && this.registeredAs.slot === slot
    if (this.registeredAs !== undefined && !isKnown) this.startAnew(version)
    this.current.open = connection
    this.current.last = version
    this.judge()
  }

  closed(connection: OpenConnection): void {
    if (this.current.open !== connection) return
    this.current.open = undefined
    this.judge()
  }

  /** Forgets in all versions that the CSMS has accepted the station. */
  reboot(): void {
    for (const version of this.versions.values()) this.startAnew(version)
  }

  /** Learns from how a call of the station has ended. */
  onCallEnded(
    connection: OpenConnection,
    action: string,
    exit: Exit.Exit<unknown, CallFailure>,
    calledAt: number
  ): void {
    const { slot, version } = connection
    const { boot, heartbeat } = version.protocol.lifecycle
    const isBoot = action === boot.action.name
    if (isBoot) connection.hasBooted = true
    if (Exit.isFailure(exit)) return this.disowned(connection, Option.getOrUndefined(Exit.findErrorOption(exit)))
    if (action === heartbeat.action.name) {
      return this.setClock(connection, action, heartbeat.currentTime(exit.value), calledAt)
    }
    if (!isBoot) return
    const answer = boot.answer(exit.value)
    this.setClock(connection, action, answer.currentTime, calledAt)
    if (version.boot === undefined) return
    this.registeredAs = { version, slot }
    this.timer.booted(answer)
    this.become(version, answer.status)
  }

  /** Boots and beats whenever that is due. */
  readonly work = Effect.suspend(() => {
    const boots = this.timer.boots(
      Effect.suspend(() => this.boot(this.version)),
      () => this.current.open?.name ?? ""
    )
    const beats = this.timer.beats(
      Effect.suspend(() => this.current.call(this.version.protocol.lifecycle.heartbeat.action, {}))
    )
    return Effect.forEach([boots, beats], Effect.forkScoped({ startImmediately: true }), { discard: true })
  })

  private boot({ boot, protocol }: SpokenVersion): Effect.Effect<unknown, CallFailure> {
    const { action } = protocol.lifecycle.boot
    return Effect.tapError(this.current.call(action, boot), (failure) =>
      Effect.logWarning(`the ${action.name} of ${this.identity} has failed: ${failure.message}`)
    )
  }

  private setClock({ peer }: OpenConnection, action: string, currentTime: string, calledAt: number): void {
    if (this.timer.told(currentTime, calledAt)) return
    peer.report("ImpossibleTime", "the CSMS tells a time that cannot be true, which is not taken over", { action })
  }

  /** The version of the open connection. Without one any will do, for a call fails as `NotSent` in all of them. */
  private get version(): SpokenVersion {
    return this.current.open?.version ?? this.versions.values().next().value!
  }

  /** What may pass has changed, or the connection has. */
  private judge(): void {
    const { open } = this.current
    const isAccepted = open?.version.registration.status === "Accepted"
    for (const version of this.versions.values()) version.ready.set(isAccepted && open?.version === version)
    this.timer.accepted.set(isAccepted)
    this.timer.bootDue.set(open !== undefined && !isAccepted)
  }

  private become(version: SpokenVersion, status: RegistrationStatus): void {
    version.registration.become(status)
    this.judge()
    // Each answer is told, but the lack of one only once.
    if (status === "Unregistered" && this.told === status) return
    this.told = status
    PubSub.publishUnsafe(this.changes, status)
  }

  /** Begins anew with a CSMS that does not know the station. */
  private startAnew(version: SpokenVersion): void {
    if (version.boot === undefined) return
    this.timer.bootNow()
    this.become(version, "Unregistered")
  }

  /** A CSMS that has lost its memory takes a station that need not boot for one that has not. */
  private disowned({ hasBooted, version }: OpenConnection, failure: CallFailure | undefined): void {
    if (failure?._tag !== "CallError" || failure.code !== "SecurityError") return
    if (hasBooted || version.boot === undefined) return
    this.run(Effect.logWarning(`the CSMS does not know ${this.identity} any more, which boots again`))
    this.startAnew(version)
  }
}
