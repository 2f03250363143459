/**
 * What becomes of an EVSE when something happens at it, as pure steps: from a state and what happened to the next state and
 * the event of the transaction that is due. The status follows from the state.
 */
import * as Result from "effect/Result"
import type * as Domain from "../../../domain/index.ts"

/** Who may charge, and by which remote start. */
export interface EvseAuthorization {
  readonly idToken: Domain.IdToken
  readonly remoteStartId?: number | undefined
}

/** A vehicle, or a driver who waits for one, from coming to leaving. */
export interface EvseSession {
  /** A UUID. */
  readonly id: string
  readonly isPluggedIn: boolean
  readonly authorization: EvseAuthorization | undefined
  /** What the transaction that runs is doing; `undefined`: none runs. */
  readonly chargingState: Domain.ChargingState | undefined
  /** Whether energy has flowed or a transaction has ended, so that the vehicle is to leave. */
  readonly isFinishing: boolean
}

export interface EvseState {
  readonly isOperative: boolean
  /** Why it does not work; `undefined`: it does. */
  readonly error: Domain.ErrorInfo | undefined
  /** The reservation that it is kept free for. */
  readonly reservationId: number | undefined
  readonly session: EvseSession | undefined
}

export const untouched: EvseState = {
  isOperative: true,
  error: undefined,
  reservationId: undefined,
  session: undefined
}

/** What is told of a transaction, and what is known without being told. */
export type EventInput = Partial<Omit<Domain.TransactionEventInput, "evse" | "chargingState">>

/** What can happen. */
export type Happening =
  | { readonly _tag: "PluggedIn"; readonly sessionId: string }
  | { readonly _tag: "Authorized"; readonly sessionId: string; readonly authorization: EvseAuthorization }
  | {
      readonly _tag: "Started"
      readonly sessionId: string
      readonly chargingState: Domain.ChargingState
      readonly input: EventInput
    }
  | { readonly _tag: "Metered"; readonly input: EventInput }
  | {
      readonly _tag: "ChargingStateChanged"
      readonly chargingState: Domain.ChargingState
      readonly input: EventInput
    }
  | { readonly _tag: "Ended"; readonly input: EventInput }
  | { readonly _tag: "Unplugged" }
  | { readonly _tag: "Resumed"; readonly sessionId: string; readonly chargingState: Domain.ChargingState }
  | { readonly _tag: "Reserved"; readonly reservationId: number | undefined }
  | { readonly _tag: "Faulted"; readonly error: Domain.ErrorInfo | undefined }
  | { readonly _tag: "AvailabilityChanged"; readonly isOperative: boolean }

/** An event of the transaction: what is told, but for when and where. */
export interface Event {
  readonly eventType: Domain.TransactionEventType
  readonly input: EventInput & Pick<Domain.TransactionEventInput, "chargingState">
}

export interface Step {
  readonly state: EvseState
  readonly event?: Event
}

const noSession = (id: string): EvseSession => ({
  id,
  isPluggedIn: false,
  authorization: undefined,
  chargingState: undefined,
  isFinishing: false
})

/** The next state, or why that cannot have happened. */
export const step = (state: EvseState, happening: Happening): Result.Result<Step, string> => {
  switch (happening._tag) {
    case "PluggedIn":
      return Result.succeed(pluggedIn(state, state.session ?? noSession(happening.sessionId)))
    case "Authorized":
      return Result.succeed(authorized(state, state.session ?? noSession(happening.sessionId), happening.authorization))
    case "Started":
      return started(state, state.session ?? noSession(happening.sessionId), happening)
    case "Resumed": {
      const { chargingState, sessionId } = happening
      return Result.map(started(state, noSession(sessionId), { chargingState, input: {} }), (resumed) => ({
        state: { ...state, session: resumed.state.session }
      }))
    }
    case "Unplugged":
      return Result.succeed(unplugged(state))
    case "Reserved":
      return Result.succeed({ state: { ...state, reservationId: happening.reservationId } })
    case "Faulted":
      return Result.succeed({ state: { ...state, error: happening.error } })
    case "AvailabilityChanged":
      return Result.succeed({ state: { ...state, isOperative: happening.isOperative } })
    default:
      return state.session?.chargingState === undefined
        ? Result.fail("no transaction runs")
        : Result.succeed(inTransaction(state, state.session, happening))
  }
}

const pluggedIn = (state: EvseState, session: EvseSession): Step => {
  const next = { ...session, isPluggedIn: true }
  return session.chargingState === undefined
    ? { state: { ...state, session: next } }
    : updated(state, next, { triggerReason: "CablePluggedIn" }, "EVConnected")
}

const authorized = (state: EvseState, session: EvseSession, authorization: EvseAuthorization): Step => {
  // Whoever is authorized once more begins anew.
  const next = { ...session, authorization, isFinishing: false }
  if (session.chargingState === undefined) return { state: { ...state, session: next } }
  const { idToken, remoteStartId } = authorization
  const input = remoteStartId === undefined ? { idToken } : { idToken, remoteStartId }
  return updated(state, next, input, session.chargingState)
}

const started = (
  state: EvseState,
  session: EvseSession,
  { chargingState, input }: Pick<Extract<Happening, { readonly _tag: "Started" }>, "chargingState" | "input">
): Result.Result<Step, string> => {
  if (session.chargingState !== undefined) return Result.fail("a transaction runs already")
  const { authorization } = session
  const known = {
    ...(authorization === undefined ? {} : { idToken: authorization.idToken }),
    ...(authorization?.remoteStartId === undefined ? {} : { remoteStartId: authorization.remoteStartId }),
    ...(state.reservationId === undefined ? {} : { reservationId: state.reservationId })
  }
  // The reservation is used by it.
  const next = { ...state, reservationId: undefined }
  return Result.succeed({
    state: { ...next, session: { ...session, ...inState(session, chargingState), isPluggedIn: true } },
    event: { eventType: "Started", input: { ...known, ...input, chargingState } }
  })
}

const inTransaction = (
  state: EvseState,
  session: EvseSession,
  happening: Extract<Happening, { readonly _tag: "Metered" | "ChargingStateChanged" | "Ended" }>
): Step => {
  switch (happening._tag) {
    case "Metered":
      return { state, event: { eventType: "Updated", input: happening.input } }
    case "ChargingStateChanged":
      return updated(state, session, happening.input, happening.chargingState)
    case "Ended": {
      const next = { ...session, chargingState: undefined, authorization: undefined, isFinishing: true }
      return {
        // Without a vehicle nothing is left of the session.
        state: { ...state, session: session.isPluggedIn ? next : undefined },
        event: { eventType: "Ended", input: happening.input }
      }
    }
  }
}

const unplugged = (state: EvseState): Step => {
  const { session } = state
  if (session?.chargingState === undefined) return { state: { ...state, session: undefined } }
  return updated(state, { ...session, isPluggedIn: false }, { triggerReason: "EVDeparted" }, "Idle")
}

const updated = (
  state: EvseState,
  session: EvseSession,
  input: EventInput,
  chargingState: Domain.ChargingState
): Step => ({
  state: { ...state, session: { ...session, ...inState(session, chargingState) } },
  event: { eventType: "Updated", input: { ...input, chargingState } }
})

const inState = (
  { isFinishing }: EvseSession,
  chargingState: Domain.ChargingState
): Pick<EvseSession, "chargingState" | "isFinishing"> => ({
  chargingState,
  isFinishing: isFinishing || chargingState === "Charging"
})

/** What is told of the status of an EVSE in a state. */
export type Status = Pick<Domain.StatusNotificationRequest, "condition" | "occupancy" | "activity" | "error">

export const statusOf = ({ error, isOperative, reservationId, session }: EvseState): Status => {
  if (error !== undefined) return { condition: "Faulted", error }
  // What goes on may go on until its end.
  if (!isOperative && session === undefined) return { condition: "Unavailable" }
  if (session !== undefined) return { condition: "Operative", occupancy: "Occupied", activity: activityOf(session) }
  return { condition: "Operative", occupancy: reservationId === undefined ? "Available" : "Reserved" }
}

const activityOf = ({ chargingState, isFinishing }: EvseSession): Domain.Activity => {
  switch (chargingState) {
    case "Charging":
    case "SuspendedEV":
    case "SuspendedEVSE":
      return chargingState
    default:
      return isFinishing ? "Finishing" : "Preparing"
  }
}
