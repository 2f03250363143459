/**
 * How a station stands with its CSMS: it learns that from the answers to its calls, boots when it has to, and beats.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { escape } from "../../Escape.ts"
import * as Alarms from "../../internal/Alarms.ts"
import { Latest } from "../../internal/Latest.ts"
import { Signal } from "../../internal/Signal.ts"
import type { CallFailure } from "../../OcppError.ts"
import type { RegistrationStatus } from "../../Registration.ts"
import { BootTimer } from "./BootTimer.ts"
import { HeartbeatTimer } from "./HeartbeatTimer.ts"
import { CurrentConnection, type OpenConnection, type SpokenVersion } from "./OpenConnection.ts"

export class Registrar {
  /** Each answer to a BootNotification. */
  readonly status: Latest<RegistrationStatus>
  /** Open while the station is connected and accepted. */
  readonly accepted = new Signal()
  readonly current: CurrentConnection
  readonly bootTimer: BootTimer
  readonly heartbeatTimer: HeartbeatTimer
  private readonly alarms: Alarms.Alarms
  private readonly identity: string
  private readonly versions: ReadonlyMap<string, SpokenVersion>
  private readonly run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
  /** Whether it boots and beats by itself. */
  private isAtWork: boolean
  /** How the station was connected when a CSMS answered its BootNotification last. */
  private registeredAs: Pick<OpenConnection, "version" | "slot"> | undefined = undefined

  /** `registers` says whether the station boots and beats by itself, or leaves that to the application. */
  constructor(
    identity: string,
    versions: ReadonlyMap<string, SpokenVersion>,
    registers: boolean,
    context: Context.Context<never>
  ) {
    this.alarms = Alarms.of(context)
    this.identity = identity
    this.versions = versions
    this.isAtWork = registers
    this.run = Effect.runForkWith(context)
    this.status = new Latest<RegistrationStatus>(registers ? "Unregistered" : "Accepted")
    this.bootTimer = new BootTimer(this.alarms, () => this.run(this.boot))
    this.heartbeatTimer = new HeartbeatTimer(Context.get(context, Clock.Clock), this.alarms, (done) => this.beat(done))
    this.current = new CurrentConnection(this.bootTimer)
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

  /** Forgets in all versions that the CSMS has accepted the station, and the connection, which is about to be closed. */
  reboot(): void {
    this.current.open = undefined
    this.judge()
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
    const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
    const hasAnswered = Exit.isSuccess(exit) || failure?._tag === "CallError" || failure?._tag === "InvalidResponse"
    connection.hasAnswered ||= hasAnswered
    const isFree = hasAnswered || (failure?._tag === "Uncertain" && failure.reason === "Timeout")
    if (isFree) connection.freeSince = this.alarms.now()
    if (Exit.isFailure(exit)) return this.disowned(connection, failure)
    if (action === heartbeat.action.name) {
      return this.setClock(connection, action, heartbeat.currentTime(exit.value), calledAt)
    }
    if (!isBoot) return
    const answer = boot.answer(exit.value)
    this.setClock(connection, action, answer.currentTime, calledAt)
    if (version.boot === undefined) return
    this.registeredAs = { version, slot }
    const { interval, status } = answer
    if (status !== "Accepted") {
      this.run(
        Effect.logWarning(
          escape(`the CSMS has answered ${action} of ${this.identity} with ${status}, interval ${interval} s`)
        )
      )
      this.bootTimer.after(interval)
    } else if (interval > 0) this.heartbeatTimer.every(interval * 1000)
    this.become(version, status)
    if (status === "Accepted") version.onAccepted()
  }

  /** Boots and beats no more. */
  stop(): void {
    this.isAtWork = false
    this.judge()
  }

  /** Boots. `false` if that has failed, and not with its connection: then it is not tried again at once. */
  private get boot(): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function* () {
      const { boot, protocol } = this.version
      const { action } = protocol.lifecycle.boot
      const { open } = this.current
      // Its type says that it gives a request.
      const request = Effect.isEffect(boot) ? yield* boot as Effect.Effect<unknown> : boot
      const exit = yield* Effect.exit(this.current.call(action, request))
      if (Exit.isSuccess(exit)) return true
      const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
      if (failure !== undefined) {
        yield* Effect.logWarning(`the ${action.name} of ${this.identity} has failed: ${failure.message}`)
      }
      // What fails with its connection hears of it before the connection is over.
      yield* Effect.yieldNow
      return this.current.open !== open
    })
  }

  private beat(done: () => void): void {
    const { action } = this.version.protocol.lifecycle.heartbeat
    // An observer of the fiber would be kept where what lives long is kept, beat after beat.
    this.run(Effect.matchCause(this.current.call(action, {}), { onFailure: done, onSuccess: done }))
  }

  private setClock({ peer }: OpenConnection, action: string, currentTime: string, calledAt: number): void {
    if (this.heartbeatTimer.told(currentTime, calledAt)) return
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
    this.accepted.set(isAccepted)
    this.heartbeatTimer.set(this.isAtWork && isAccepted)
    this.bootTimer.set(this.isAtWork && open !== undefined && !isAccepted)
  }

  private become(version: SpokenVersion, status: RegistrationStatus): void {
    version.registration.become(status)
    this.judge()
    // Each answer is told, but the lack of one only once.
    if (status !== "Unregistered" || this.status.value !== status) this.status.tell(status)
  }

  /** Begins anew with a CSMS that does not know the station. */
  private startAnew(version: SpokenVersion): void {
    if (version.boot === undefined) return
    this.bootTimer.now()
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
