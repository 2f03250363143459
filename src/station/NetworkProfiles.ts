/**
 * The network connection profiles of a station of 2.x: which CSMS it connects to, and how securely.
 *
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Identity from "../Identity.ts"
import { publicUrl, urlFlaw } from "../internal/EndpointUrl.ts"
import * as Options from "../internal/Options.ts"
import { Signal } from "../internal/Signal.ts"
import { Storage, type StorageChange, StorageError } from "../Storage.ts"
import * as Uri from "../Uri.ts"
import * as Validation from "../Validation.ts"
import * as Rotation from "./internal/Rotation.ts"
import type { Destination, Destinations, Login } from "./internal/Destinations.ts"

/**
 * A way to reach a CSMS, as a SetNetworkProfileRequest of 2.0.1 or 2.1 carries it.
 *
 * **Details**
 *
 * - `ocppCsmsUrl`: without the identity of the station, which is added to its path. One that ends in it is refused.
 * - `messageTimeout`: how long calls wait for an answer, in seconds.
 * - `securityProfile`: 0 to 3; 2 and 3 need `wss:`, the others `ws:`.
 * - `identity`, `basicAuthPassword`: of 2.1; by default the station's own.
 * - `apn`, `vpn`: for whoever sets up the network; they are kept with the rest.
 *
 * @see P2 §2.35, P2-21 §2.71
 * @category models
 * @since 0.1.0
 */
export interface NetworkConnectionProfile {
  readonly ocppCsmsUrl: string
  readonly ocppInterface: string
  readonly ocppTransport: string
  readonly ocppVersion?: string
  readonly messageTimeout: number
  readonly securityProfile: number
  readonly identity?: string
  readonly basicAuthPassword?: string
  readonly apn?: object
  readonly vpn?: object
  readonly customData?: object
}

/**
 * What a station knows of its network before a CSMS has told it anything.
 *
 * **Details**
 *
 * - `identity`: of the station, as in its connection options.
 * - `slots`: the numbers of its configuration slots, at least two.
 * - `profiles`: the profiles that it comes with, by slot.
 * - `priority`: `NetworkConfigurationPriority`, the slots in the order in which they are tried; by default those with a
 *   profile, in the order of `slots`.
 * - `attempts`: `NetworkProfileConnectionAttempts`, how often a slot is tried before the next; by default 3.
 * - `allowDowngrade`: `AllowSecurityProfileDowngrade` of 2.1, whether security profile 3 may be given up for 2; by
 *   default not.
 * - `hasCertificates`: whether the certificates that security profile 2 or 3 needs are installed: the CSMS root
 *   certificate, and for 3 the one of the station. By default yes.
 *
 * @see P2 B09, B10
 * @category options
 * @since 0.1.0
 */
export interface NetworkProfilesOptions {
  readonly identity: string
  readonly slots: readonly [number, number, ...ReadonlyArray<number>]
  readonly profiles: { readonly [slot: number]: NetworkConnectionProfile }
  readonly priority?: ReadonlyArray<number> | undefined
  readonly attempts?: number | undefined
  readonly allowDowngrade?: boolean | undefined
  readonly hasCertificates?: ((securityProfile: 2 | 3) => Effect.Effect<boolean>) | undefined
}

/**
 * The network connection profiles of a station of 2.x.
 *
 * **When to use**
 *
 * Give it to a station as its `url`, and let its handlers answer with it what the CSMS sets: `set` a
 * SetNetworkProfileRequest, `setPriority` and `setAttempts` the variables `NetworkConfigurationPriority` and
 * `NetworkProfileConnectionAttempts`. The other variables are `active`, `securityProfile` and `slots`.
 *
 * **Details**
 *
 * After a boot, which is when the station is built or rebooted, the slots are tried in the order of
 * `NetworkConfigurationPriority`: each `NetworkProfileConnectionAttempts` times with the waits of the schedule between,
 * then the next one at once. If all fail, the slot that worked last is tried as often, then the others by priority, and
 * so on, until one connects. After a loss it starts with the slot that was lost. A connection that works is never given
 * up for another slot.
 *
 * What the CSMS sets takes effect after the next boot, `NetworkProfileConnectionAttempts` at once.
 *
 * The security profile is never lowered: no slot with a lower one can be set or is tried. When a connection on a higher
 * one turns out to be a success, as it does for the schedule, that one counts from then on, and the profiles with a
 * lower one are removed. With `allowDowngrade` slots with 2 are let through while it is 3.
 *
 * Where there is a `Storage`, all this survives a restart. What the CSMS has set replaces `profiles`, `priority` and
 * `attempts` of the options for good.
 *
 * **Gotchas**
 *
 * Profiles hold passwords, so they are `Redacted`; in the storage they are readable.
 *
 * **Example** (A station that a CSMS can move to another one)
 *
 * ```ts
 * const profiles = yield* NetworkProfiles.make({
 *   identity: "CP001",
 *   slots: [0, 1],
 *   profiles: {
 *     0: {
 *       ocppCsmsUrl: "wss://csms.example/ocpp",
 *       ocppInterface: "Wired0",
 *       ocppTransport: "JSON",
 *       messageTimeout: 30,
 *       securityProfile: 2
 *     }
 *   }
 * })
 * const handlers = V201.stationHandlersPartial({
 *   setNetworkProfile: ({ configurationSlot, connectionData }) =>
 *     Effect.map(profiles.set(configurationSlot, connectionData), (status) => ({ status }))
 * })
 * ```
 *
 * @see P2 A05, B09, B10
 * @category models
 * @since 0.1.0
 */
export class NetworkProfiles {
  /**
   * The profiles of a station, as they were stored or else as the options say.
   *
   * **Gotchas**
   *
   * Options that make no sense are a defect that names them. So are profiles that are all below the security profile
   * that the station has reached before.
   *
   * @since 0.1.0
   */
  static readonly make = Effect.fnUntraced(function* (options: NetworkProfilesOptions) {
    const storage = Option.getOrUndefined(yield* Effect.serviceOption(Storage))
    const space = `network-profile ${options.identity}`
    const initial = initialOf(options)
    const configuration = yield* read(storage, space, "configuration", Configured)
    const experience = yield* read(storage, space, "experience", Experienced)
    // The profiles of the options are not kept: they are readable.
    const { allowDowngrade, hasCertificates, identity, slots } = options
    const rules: Rules = { identity, slots, allowDowngrade, hasCertificates }
    return new NetworkProfiles(rules, restored(rules, initial, configuration, experience), storage, space)
  })

  private readonly rules: Rules
  private readonly storage: Storage["Service"] | undefined
  private readonly space: string
  private readonly lock = Semaphore.makeUnsafe(1)
  private state: State
  private connection: { readonly slot: number; readonly securityProfile: number } | undefined = undefined

  private constructor(rules: Rules, state: State, storage: Storage["Service"] | undefined, space: string) {
    this.rules = rules
    this.state = state
    this.storage = storage
    this.space = space
  }

  /** The numbers of the configuration slots, of which `NetworkConfigurationPriority` is made. */
  get slots(): ReadonlyArray<number> {
    return this.rules.slots
  }

  /** `NetworkConfigurationPriority`: the slots in the order in which they are tried after a boot. */
  get priority(): ReadonlyArray<number> {
    return this.state.priority
  }

  /** `NetworkProfileConnectionAttempts`: how often a slot is tried before the next. */
  get attempts(): number {
    return this.state.attempts
  }

  /** `SecurityProfile`: what the station has reached, from 0 to 3. */
  get securityProfile(): number {
    return this.state.securityProfile
  }

  /** `ActiveNetworkProfile`: the slot of the connection that is open, or was last. */
  get active(): number | undefined {
    return this.connection?.slot
  }

  /** The profile in a slot. */
  profile(slot: number): Redacted.Redacted<NetworkConnectionProfile> | undefined {
    return this.state.profiles.get(slot)
  }

  /**
   * Stores a profile in a slot, as a SetNetworkProfileRequest asks: the status of its answer.
   *
   * **Details**
   *
   * - `Rejected`: there is no such slot, the content is not valid, or its security profile is too low.
   * - `Failed`: it could not be stored.
   *
   * @see P2 B09
   * @since 0.1.0
   */
  set(slot: number, profile: NetworkConnectionProfile): Effect.Effect<"Accepted" | "Rejected" | "Failed"> {
    return this.change((state) => {
      const isRight =
        this.slots.includes(slot) &&
        isProfile(profile) &&
        urlFlaw(profile.ocppCsmsUrl, profile.identity ?? this.rules.identity) === undefined &&
        profile.securityProfile >= this.lowest
      return isRight ? { ...state, profiles: new Map(state.profiles).set(slot, Redacted.make(profile)) } : undefined
    })
  }

  /**
   * Sets `NetworkConfigurationPriority`, as a list or as the text that a SetVariablesRequest has, such as `"1,0"`: the
   * status of its answer.
   *
   * **Details**
   *
   * `Rejected`: it is no list of different slots; one of them has no profile, or one whose security profile is too low
   * or lacks a certificate; or it could not be stored.
   *
   * @see P2 A05, B10
   * @since 0.1.0
   */
  setPriority(priority: string | ReadonlyArray<number>): Effect.Effect<"Accepted" | "Rejected"> {
    const slots = String(priority).split(",").map(toCount)
    const levels = (state: State): ReadonlyArray<number> => slots.map((slot) => levelOf(state.profiles.get(slot)))
    return Effect.suspend(() => Effect.forEach(levels(this.state), (level) => this.isPrepared(level))).pipe(
      Effect.flatMap((prepared) =>
        this.change((state) => {
          const isRight = !prepared.includes(false) && areDifferent(slots)
          const areUsable = levels(state).every((level) => level >= this.lowest)
          return isRight && areUsable && Arr.isReadonlyArrayNonEmpty(slots) ? { ...state, priority: slots } : undefined
        })
      ),
      Effect.map(orRejected)
    )
  }

  /**
   * Sets `NetworkProfileConnectionAttempts`, as a number or as the text that a SetVariablesRequest has: the status of its
   * answer. `Rejected`: it is no whole number from 1 on, or it could not be stored.
   *
   * @see P2 B10
   * @since 0.1.0
   */
  setAttempts(attempts: string | number): Effect.Effect<"Accepted" | "Rejected"> {
    const count = toCount(String(attempts))
    return Effect.map(
      this.change((state) => (count >= 1 ? { ...state, attempts: count } : undefined)),
      orRejected
    )
  }

  /**
   * Where a station connects: each boot goes by what is configured then.
   *
   * @internal
   */
  destinations(own: Login): Destinations {
    return {
      boot: () => {
        const order = Arr.map(this.state.priority, (slot) => this.endpoint(slot, own))
        return Rotation.start(
          order,
          order.find(({ slot }) => slot === this.state.worked)
        )
      },
      attempts: () => this.attempts,
      bootDue: new Signal()
    }
  }

  private endpoint(slot: number, own: Login): Destination {
    // Each slot of the priority has a profile.
    const profile = this.state.profiles.get(slot)!
    const { basicAuthPassword, identity, messageTimeout, ocppCsmsUrl, securityProfile } = Redacted.value(profile)
    const configured = basicAuthPassword === undefined ? undefined : Redacted.make(basicAuthPassword)
    return {
      slot,
      url: ocppCsmsUrl,
      identity: identity ?? own.identity,
      password: (given) =>
        securityProfile === 1 || securityProfile === 2 ? (configured ?? given ?? own.password) : undefined,
      callTimeout: Duration.seconds(Math.min(messageTimeout, longestTimeout)),
      isAllowed: () => this.state.profiles.has(slot) && securityProfile >= lowestFrom(this.securityProfile, this.rules),
      connected: () => {
        this.connection = { slot, securityProfile }
      },
      worked: this.worked(slot, profile)
    }
  }

  /** What works is remembered, and what is less secure is left behind for good. */
  private worked(slot: number, profile: Redacted.Redacted<NetworkConnectionProfile>): Effect.Effect<void> {
    return this.lock.withPermit(
      Effect.suspend(() => {
        const state = after(this.state, slot, profile)
        // Even if that does not survive a restart, it holds until then.
        return Effect.catch(this.save(state), (error) => {
          this.state = state
          return Effect.logError("what worked could not be stored", error)
        })
      })
    )
  }

  /** The lowest security profile that may be set. */
  private get lowest(): number {
    return lowestFrom(Math.max(this.securityProfile, this.connection?.securityProfile ?? 0), this.rules)
  }

  /** Whether the certificates are there that a slot needs if it is to raise the security profile. */
  private isPrepared(securityProfile: number): Effect.Effect<boolean> {
    const { hasCertificates = () => Effect.succeed(true) } = this.rules
    const isRaise = securityProfile > this.securityProfile
    return isRaise && (securityProfile === 2 || securityProfile === 3)
      ? hasCertificates(securityProfile)
      : Effect.succeed(true)
  }

  /** Makes one change at a time, of which counts what is stored. */
  private change(make: (state: State) => State | undefined): Effect.Effect<"Accepted" | "Rejected" | "Failed"> {
    return this.lock.withPermit(
      Effect.suspend(() => {
        const state = make(this.state)
        if (state === undefined) return Effect.succeed("Rejected" as const)
        return this.save(state).pipe(
          Effect.tapError((error) => Effect.logError("a network profile could not be stored", error)),
          Effect.match({ onFailure: () => "Failed" as const, onSuccess: () => "Accepted" as const })
        )
      })
    )
  }

  private save(state: State): Effect.Effect<void, StorageError> {
    const { attempts, priority, profiles, securityProfile, worked } = state
    const changes: Array<StorageChange> = []
    const write = (key: string, value: object): void => {
      changes.push({ space: this.space, key, value: JSON.stringify(value) })
    }
    if (profiles !== this.state.profiles || priority !== this.state.priority || attempts !== this.state.attempts) {
      const readable = Array.from(profiles, ([slot, profile]) => [slot, Redacted.value(profile)])
      write("configuration", { profiles: readable, priority, attempts })
    }
    if (securityProfile !== this.state.securityProfile || worked !== this.state.worked) {
      write("experience", { securityProfile, worked })
    }
    const committed = changes.length === 0 ? Effect.void : (this.storage?.commit(changes) ?? Effect.void)
    return Effect.uninterruptible(
      Effect.map(committed, () => {
        this.state = state
      })
    )
  }
}

/** What a CSMS sets; it takes effect after a boot. */
interface Configuration {
  readonly profiles: ReadonlyMap<number, Redacted.Redacted<NetworkConnectionProfile>>
  /** Each of these slots has a profile that may be tried. */
  readonly priority: Arr.NonEmptyReadonlyArray<number>
  readonly attempts: number
}

interface State extends Configuration {
  readonly securityProfile: number
  /** The slot that worked last. */
  readonly worked: number | undefined
}

interface Rules extends Pick<NetworkProfilesOptions, "identity" | "slots" | "allowDowngrade" | "hasCertificates"> {}

/** What is so once a slot has worked: profiles that are less secure than it are gone. */
const after = (state: State, slot: number, profile: Redacted.Redacted<NetworkConnectionProfile>): State => {
  const securityProfile = levelOf(profile)
  const worked = { ...state, securityProfile, worked: slot }
  const isBelow = ([, one]: readonly [number, typeof profile]): boolean => levelOf(one) < securityProfile
  const entries = Array.from(state.profiles)
  if (securityProfile <= state.securityProfile || !entries.some(isBelow)) return worked
  const profiles = new Map(entries.filter((entry) => !isBelow(entry)))
  // The CSMS may have put another one in its place, which is gone now.
  if (!profiles.has(slot)) profiles.set(slot, profile)
  const priority = state.priority.filter((one) => profiles.has(one))
  return { ...worked, profiles, priority: Arr.isReadonlyArrayNonEmpty(priority) ? priority : [slot] }
}

/** What a station needs of a profile. */
const Profile = Schema.Struct({
  ocppCsmsUrl: Uri.AnyURI.check(
    Schema.makeFilter((url) => urlFlaw(url) === undefined, { expected: "a ws: or wss: URL without a fragment" })
  ),
  ocppInterface: Schema.String,
  ocppTransport: Schema.Literal("JSON"),
  ocppVersion: Schema.optionalKey(Schema.String),
  messageTimeout: Schema.Int.check(Schema.isGreaterThan(0)),
  securityProfile: Schema.Literals([0, 1, 2, 3]),
  identity: Schema.optionalKey(
    Schema.String.check(
      Schema.makeFilter((identity) => Identity.flaw(identity, { maxLength: 48, colon: false }) === undefined, {
        expected: "1 to 48 characters, none of them a colon"
      })
    )
  ),
  basicAuthPassword: Schema.optionalKey(Schema.String.check(Schema.isMinCodePoints(16), Schema.isMaxCodePoints(64))),
  apn: Schema.optionalKey(Schema.Unknown),
  vpn: Schema.optionalKey(Schema.Unknown),
  customData: Schema.optionalKey(Schema.Unknown)
}).check(
  Schema.makeFilter(({ ocppCsmsUrl, securityProfile }) => /^wss:/i.test(ocppCsmsUrl) === securityProfile >= 2, {
    expected: "a wss: URL with security profile 2 or 3, a ws: URL with another"
  })
)

const isProfile = Schema.is(Profile)

const violations = Validation.violations(Profile)

const Configured = Schema.fromJsonString(
  Schema.Struct({
    profiles: Schema.Array(
      // Whatever else is in a profile stays in it.
      Schema.Tuple([Schema.Int, Schema.declare((value): value is NetworkConnectionProfile => isProfile(value))])
    ),
    priority: Schema.Array(Schema.Int),
    attempts: Schema.Int
  })
)

const Experienced = Schema.fromJsonString(
  Schema.Struct({ securityProfile: Schema.Int, worked: Schema.optionalKey(Schema.Int) })
)

const read = Effect.fnUntraced(function* <A>(
  storage: Storage["Service"] | undefined,
  space: string,
  key: string,
  schema: Schema.Codec<A, string>
) {
  const text = yield* storage?.get(space, key) ?? Effect.succeed(undefined)
  if (text === undefined) return undefined
  const value = Schema.decodeUnknownOption(schema)(text)
  if (Option.isSome(value)) return value.value
  return yield* new StorageError({ storage: space, reason: "Corrupt", detail: `there is no ${key}` })
})

const initialOf = (options: NetworkProfilesOptions): Configuration => {
  const { slots } = options
  if (slots.length < 2 || !areDifferent(slots)) {
    throw new RangeError(`slots: at least two different whole numbers are needed, not ${slots.join()}`)
  }
  const profiles = new Map<number, Redacted.Redacted<NetworkConnectionProfile>>()
  for (const [key, profile] of Object.entries(options.profiles)) {
    const slot = Number(key)
    if (!slots.includes(slot)) throw new RangeError(`profiles: there is no slot ${key}`)
    const { identity = options.identity, ocppCsmsUrl } = profile
    const flaw = urlFlaw(ocppCsmsUrl, identity)
    if (flaw !== undefined) {
      throw new RangeError(`profiles: slot ${slot}: ocppCsmsUrl ${JSON.stringify(publicUrl(ocppCsmsUrl))}: ${flaw}`)
    }
    if (!isProfile(profile)) {
      const flaws = violations(profile).map(({ path, rule }) => `${path} ${rule}`.trim())
      throw new RangeError(`profiles: slot ${slot}: ${flaws.join(", ")}`)
    }
    profiles.set(slot, Redacted.make(profile))
  }
  const priority = options.priority ?? slots.filter((slot) => profiles.has(slot))
  if (
    !Arr.isReadonlyArrayNonEmpty(priority) ||
    !areDifferent(priority) ||
    !priority.every((slot) => profiles.has(slot))
  ) {
    throw new RangeError(`priority: different slots that have profiles are needed, not ${priority.join()}`)
  }
  return { profiles, priority, attempts: Options.count("attempts", options.attempts ?? 3, 1) }
}

/** What was stored, as far as it still fits. */
const restored = (
  rules: Rules,
  initial: Configuration,
  configuration: typeof Configured.Type | undefined,
  experience: typeof Experienced.Type | undefined
): State => {
  const { slots } = rules
  const securityProfile =
    experience?.securityProfile ?? Math.min(...initial.priority.map((slot) => levelOf(initial.profiles.get(slot))))
  const profiles: Configuration["profiles"] =
    configuration === undefined
      ? initial.profiles
      : new Map(
          configuration.profiles
            .filter(([slot]) => slots.includes(slot))
            .map(([slot, profile]) => [slot, Redacted.make(profile)])
        )
  const isUsable = (slot: number): boolean => levelOf(profiles.get(slot)) >= lowestFrom(securityProfile, rules)
  const orders = [(configuration ?? initial).priority, slots]
  const priority = orders.map((order) => order.filter(isUsable)).find((order) => Arr.isReadonlyArrayNonEmpty(order))
  if (priority === undefined) {
    throw new RangeError(`profiles: the station has reached security profile ${securityProfile}, and none has it`)
  }
  const { attempts } = configuration ?? initial
  return { profiles, priority, attempts, securityProfile, worked: experience?.worked }
}

const lowestFrom = (securityProfile: number, { allowDowngrade }: Rules): number =>
  allowDowngrade === true && securityProfile === 3 ? 2 : securityProfile

/** The security profile of a profile; lower than any if there is none. */
const levelOf = (profile: Redacted.Redacted<NetworkConnectionProfile> | undefined): number =>
  profile === undefined ? -1 : Redacted.value(profile).securityProfile

/** The whole number that a text is, or `NaN`. */
const toCount = (text: string): number => (/^ *\d+ *$/.test(text) ? Number(text) : NaN)

const areDifferent = (numbers: ReadonlyArray<number>): boolean =>
  new Set(numbers).size === numbers.length && numbers.every((number) => Number.isInteger(number) && number >= 0)

const orRejected = (status: "Accepted" | "Rejected" | "Failed"): "Accepted" | "Rejected" =>
  status === "Accepted" ? status : "Rejected"

/** In seconds; timers take no longer one. */
const longestTimeout = Options.longest / 1000
