/**
 * Decides over handshakes: who may come in, in which version, and what becomes of a connection that is there already.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { Carrier } from "../../engine/Carrier.ts"
import type { Meter } from "../../engine/internal/Meter.ts"
import * as Identity from "../../Identity.ts"
import type { Protocol } from "../../Protocol.ts"
import type { AnySession } from "../AnySession.ts"
import { type Closing, shuttingDown } from "./Closing.ts"
import type { Alarms } from "../../internal/Alarms.ts"
import type { ConnectedStation } from "./ConnectedStation.ts"
import type { SwapLimit } from "./SwapLimit.ts"
import type { Admission } from "../Endpoint.ts"
import { type Acceptance, agreedBy, alreadyConnected, type Handshake, HandshakeRefused } from "../Handshake.ts"
import type { CsmsBinding } from "./CsmsBinding.ts"
import { HandshakeLog } from "./HandshakeLog.ts"
import type { PasswordAttempts } from "../PasswordAttempts.ts"
import type { Registrations, StationRecord } from "../Registrations.ts"
import type { Sessions } from "../Sessions.ts"
import * as Takeover from "../Takeover.ts"

export interface ReceptionOptions<R> {
  readonly accept: (handshake: Handshake) => Effect.Effect<Acceptance | void, HandshakeRefused, R>
  readonly username: "identity" | "any"
  readonly attempts: PasswordAttempts | undefined
  readonly unknownStation: "notFound" | "unauthorized"
  readonly bindings: ReadonlyArray<CsmsBinding>
  readonly defaultProtocol: Protocol | undefined
  readonly takeover: Takeover.TakeoverPolicy<R>
  readonly swapLimit: SwapLimit
  /** In milliseconds. */
  readonly bootTimeout: number
  readonly alarms: Alarms
  readonly sessions: Sessions
  readonly registrations: Registrations
  readonly closing: Closing
  readonly meter: Meter | undefined
}

export class Reception<R> {
  private readonly options: ReceptionOptions<R>
  /** The versions that OCPP-J carries. */
  private readonly bySubprotocol: ReadonlyMap<string, CsmsBinding>
  private readonly log: HandshakeLog

  constructor(options: ReceptionOptions<R>) {
    this.options = options
    this.bySubprotocol = new Map(options.bindings.map((binding) => [binding.protocol.json.subprotocol, binding]))
    this.log = new HandshakeLog(Array.from(this.bySubprotocol.keys()))
  }

  /** Decides over a handshake; fails with the HTTP status to refuse it with. */
  accept(handshake: Handshake): Effect.Effect<Admission, HandshakeRefused, R> {
    const decision = Effect.suspend(() => this.look(handshake)).pipe(
      Effect.onExit((exit) => Effect.sync(() => this.options.meter?.count("ocpp_handshakes", "outcome", decided(exit))))
    )
    return this.log.follow(handshake, decision)
  }

  private look(handshake: Handshake): Effect.Effect<Admission, HandshakeRefused, R> {
    const { credentials, identity } = handshake
    const { defaultProtocol, username } = this.options
    const binding = agreedBy(handshake, this.bySubprotocol, defaultProtocol)
    if (Identity.flaw(identity, binding?.protocol.identity ?? anyVersion) !== undefined) {
      return Effect.fail(new HandshakeRefused({ status: 400 }))
    }
    if (username === "identity" && Option.isSome(credentials) && credentials.value.username !== identity) {
      return Effect.fail(new HandshakeRefused({ status: 401, reason: "its user name is not its identity" }))
    }
    return Effect.flatMap(this.ask(handshake), (acceptance) => {
      const { sessions, swapLimit } = this.options
      const decided = Effect.suspend(() => this.decide(binding, handshake, acceptance ?? {}))
      // Two stations with one identity would take it from each other for ever.
      const isStorm = sessions.find(identity) !== undefined && swapLimit.isReached(identity)
      return isStorm ? Effect.delay(decided, swapLimit.delay) : decided
    })
  }

  /** Asks the application, unless a password is guessed. */
  private ask(handshake: Handshake): Effect.Effect<Acceptance | void, HandshakeRefused, R> {
    const { accept, attempts, unknownStation } = this.options
    const { credentials, identity, remoteAddress } = handshake
    const asked = Effect.catch(
      Effect.suspend(() => accept(handshake)),
      (refused) => {
        // A type of `any` lets everything else through, such as what a database fails with.
        if (!(refused instanceof HandshakeRefused)) return Effect.die(refused)
        return Effect.fail(refused.status === 404 && unknownStation === "unauthorized" ? hidden(refused) : refused)
      }
    )
    if (attempts === undefined || Option.isNone(credentials) || remoteAddress === undefined) return asked
    const end = attempts.begin(identity, remoteAddress)
    if (end === undefined) return Effect.fail(tooManyAttempts)
    return Effect.onExit(asked, (exit) => Effect.sync(() => end(hasFailed(exit))))
  }

  private decide(
    binding: CsmsBinding | undefined,
    handshake: Handshake,
    acceptance: Acceptance
  ): Effect.Effect<Admission, HandshakeRefused, R> {
    const { closing, registrations, sessions, takeover } = this.options
    if (closing.isOver) return Effect.fail(new HandshakeRefused({ status: 503 }))
    if (binding === undefined) return Effect.succeed({ agreed: undefined })
    const owner = sessions.find(handshake.identity)
    const admitted = Effect.map(registrations.of(handshake.identity), (record) =>
      this.admit(binding, record, acceptance, owner)
    )
    if (owner === undefined) return admitted
    return Effect.flatMap(Takeover.decide(takeover, owner.session, handshake), (decision) => {
      if (decision === "replace") return admitted
      this.count("rejected")
      return Effect.fail(alreadyConnected)
    })
  }

  private admit(
    binding: CsmsBinding,
    record: StationRecord,
    acceptance: Acceptance,
    owner: ConnectedStation | undefined
  ): Admission {
    const { protocol } = binding
    const { identity } = record
    const attach = (carrier: Carrier): AnySession | undefined => this.enter(binding, record, acceptance, owner, carrier)
    return {
      agreed: {
        subprotocol: protocol.json.subprotocol,
        keepAlive: acceptance.keepAlive ?? true,
        connect: (transport) => attach(binding.carry(transport, identity, acceptance.tolerance)),
        attach: (carrier) => attach(binding.logged(carrier, identity))
      }
    }
  }

  /** A connection is made, and time has passed since its handshake. */
  private enter(
    binding: CsmsBinding,
    record: StationRecord,
    acceptance: Acceptance,
    owner: ConnectedStation | undefined,
    carrier: Carrier
  ): AnySession | undefined {
    const { closing, sessions, takeover } = this.options
    if (closing.isOver) {
      carrier.close(1001, shuttingDown)
      return undefined
    }
    const current = sessions.find(record.identity)
    if (current !== undefined && current !== owner && takeover !== "replace") {
      // Another connection came while this one was on its way, and nobody said that it may be replaced.
      this.count("rejected")
      carrier.close(1008, "the identity is connected already")
      return undefined
    }
    const station = binding.open(record, carrier, acceptance)
    const older = sessions.register(station)
    if (older !== undefined) {
      this.options.swapLimit.swapped(record.identity)
      this.count("replaced")
      older.peer.close(1000, "replaced by a newer connection")
    }
    if (!station.gate.hasProved) this.awaitBoot(station)
    station.peer.listen()
    return station.session
  }

  /** Closes a connection on which nothing comes that tells how the station stands. */
  private awaitBoot(station: ConnectedStation): void {
    const { alarms, bootTimeout } = this.options
    if (bootTimeout === Infinity) return
    station.bootAlarm = alarms.set(alarms.now() + bootTimeout, () => {
      if (!station.gate.hasProved) station.peer.close(1008, `no ${station.protocol.lifecycle.boot.action.name} came`)
    })
  }

  private count(outcome: "replaced" | "rejected"): void {
    this.options.meter?.count("ocpp_takeovers", "outcome", outcome)
  }
}

/** What holds for identities in every version. */
const anyVersion: Identity.Rule = { maxLength: Infinity, colon: true }

const tooManyAttempts = new HandshakeRefused({ status: 429, reason: "too many wrong passwords came before" })

/** An unknown station, as one whose password is wrong; only the log tells. */
const hidden = ({ reason = "it is not known" }: HandshakeRefused): HandshakeRefused =>
  new HandshakeRefused({ status: 401, reason })

/** Whether a password was wrong; `undefined` if something else is the matter. */
const hasFailed = (exit: Exit.Exit<unknown, HandshakeRefused>): boolean | undefined => {
  if (Exit.isSuccess(exit)) return false
  return Option.getOrUndefined(Exit.findErrorOption(exit))?.status === 401 ? true : undefined
}

/** How a handshake ended, in a word. */
const decided = (exit: Exit.Exit<Admission, HandshakeRefused>): string => {
  if (Exit.isSuccess(exit)) return exit.value.agreed === undefined ? "no protocol" : "accepted"
  const refused = Option.getOrUndefined(Exit.findErrorOption(exit))
  return refused === undefined ? "undecided" : String(refused.status)
}
