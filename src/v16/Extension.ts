/**
 * Extensions of OCPP 1.6: messages that DataTransfer carries, each by its `messageId` and as JSON in `data`. The Open Charge
 * Alliance has defined two in this way, Plug & Charge (`PlugAndCharge`) and costs on the display (`CostMessages`); a vendor's
 * own is made by {@link make}.
 *
 * **Example** (A root certificate for vehicles, and the answer to a driver's contract)
 *
 * ```ts
 * const pnc = V16.PlugAndCharge.stationClient(session)
 * yield* pnc.installCertificate({ certificateType: "V2GRootCertificate", certificate })
 *
 * V16.csmsHandlers({
 *   …,
 *   dataTransfer: V16.Extension.dataTransfer([V16.PlugAndCharge.csmsHandlers({ authorize: … })])
 * })
 * ```
 *
 * @see OCPP 1.6 §4.3
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Action from "../Action.ts"
import * as Client from "../Client.ts"
import type * as Handlers from "../Handlers.ts"
import * as Memo from "../internal/Memo.ts"
import * as MessageCheck from "../MessageCheck.ts"
import { CallError, InvalidResponse, inWords, NotSent, type Violation } from "../OcppError.ts"
import { type Reply, responseOf, withResponse } from "../Reply.ts"
import * as Tolerance from "../Tolerance.ts"
import { DataTransfer, type DataTransferRequest, type DataTransferResponse } from "./Core.ts"
import type { CsmsClient, StationSession } from "./Protocol.ts"

/**
 * An extension: its messages as actions, under the `vendorId` by which DataTransfer carries them, which is its `version`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Extension<out VendorId extends string = string> extends Action.ActionList<VendorId> {}

/**
 * Makes an extension of the actions of a vendor, whose names are the `messageId`s.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const VendorId extends string>(
  vendorId: VendorId,
  actions: ReadonlyArray<Action.Action>
): Extension<VendorId> => ({ version: vendorId, actions })

/**
 * Calls the peer by the actions of extensions, beside those of 1.6, which it leaves to the caller that is given.
 *
 * **Details**
 *
 * A call fails as one of 1.6 does: as `NotSent` if the request breaks its schema, as a `CallError` if the peer has not
 * accepted it (`NotImplemented` if it does not know the vendor or the message, `GenericError` if it has rejected it, with
 * what it says about it as `description`), as an `InvalidResponse` if its answer breaks the schema.
 *
 * Fields that a message does not have and `null` for an absent one are let through in an answer: no schema forbids them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const caller = <const S extends Action.Side>(
  extensions: ReadonlyArray<Extension>,
  versioned: Client.Caller<S>
): Client.Caller<S> => ({
  call: <A extends Action.OfSide<S>>(action: A, request: Action.Request<A>, options?: Client.CallOptions) => {
    const extension = extensions.find(({ actions }) => actions.includes(action))
    if (extension === undefined) return versioned.call(action, request, options)
    // DataTransfer is of both sides.
    const carrier: Client.Caller<"station" | "csms"> = versioned as Client.Caller
    const called = Effect.suspend(() => {
      const sent = carrying(extension, action, request)
      return Result.isFailure(sent)
        ? Effect.fail(sent.failure)
        : Effect.flatMap(carrier.call(DataTransfer, sent.success, options), (answer) => answered(action, answer))
    })
    // What is answered has passed the schema of the response.
    return called as Effect.Effect<Action.Response<A>, Action.Failure<A>>
  }
})

/**
 * Makes the calls of an extension to a CSMS, `C`, from the client that a station of 1.6 has.
 *
 * @category constructors
 * @since 0.1.0
 */
export const csmsClient = <C>(extension: Extension): ((csms: object) => C) => {
  const clientOf = Client.make<C, "station">(extension, "station")
  return Memo.perObject((csms) => clientOf(caller([extension], Client.callerOf(csms))))
}

/**
 * Makes the calls of an extension to a station, `C`, from its session.
 *
 * @category constructors
 * @since 0.1.0
 */
export const stationClient = <C>(extension: Extension): ((session: Client.Caller<"csms">) => C) => {
  const clientOf = Client.make<C, "csms">(extension, "csms")
  return Memo.perObject((session) => clientOf(caller([extension], session)))
}

const carrying = (
  { version }: Extension,
  { name, request: schema }: Action.Action,
  request: unknown
): Result.Result<DataTransferRequest, NotSent> => {
  const written = MessageCheck.of(schema).write(request)
  return Result.isFailure(written)
    ? Result.fail(new NotSent({ action: name, reason: "InvalidRequest", violations: written.failure }))
    : Result.succeed({ vendorId: version, messageId: name, ...dataOf(written.success) })
}

/** A message without fields needs no data. */
const dataOf = (message: unknown): Pick<DataTransferRequest, "data"> => {
  const data = JSON.stringify(message)
  return data === "{}" ? {} : { data }
}

/** What is let through: no official schema forbids it. */
const lenience = Tolerance.of(["ExtraField", "NullForAbsent"])

const read = (
  schema: Action.MessageSchema,
  data: string | undefined
): Result.Result<unknown, ReadonlyArray<Violation>> => {
  const json = Result.try((): unknown => JSON.parse(data ?? "{}"))
  return Result.isFailure(json)
    ? Result.fail([{ path: "data", rule: "must be JSON", code: "FormatViolation" }])
    : Result.map(MessageCheck.of(schema).read(json.success, lenience), ({ value }) => value)
}

const answered = (
  { name, response: schema }: Action.Action,
  answer: DataTransferResponse
): Effect.Effect<unknown, CallError | InvalidResponse> => {
  const { data, status } = answer
  if (status !== "Accepted") {
    const code = status === "Rejected" ? "GenericError" : "NotImplemented"
    return Effect.fail(new CallError({ action: name, code, description: data ?? status }))
  }
  // A message of an extension is answered.
  const message = read(schema!, data)
  return Result.isSuccess(message)
    ? Effect.succeed(message.success)
    : Effect.fail(new InvalidResponse({ action: name, messageId: "", payload: answer, violations: message.failure }))
}

/** The names of vendors and messages are compared without case (1.6 §6.15). */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Who asks a side of 1.6. */
type PeerOf<S extends Action.Side> = S extends "csms" ? StationSession : CsmsClient

/**
 * Makes the handler of DataTransfer of the handlers of extensions. What none of them handles goes to `otherwise`; without
 * that it is answered `UnknownVendorId`, or `UnknownMessageId` where another message of the vendor has a handler.
 *
 * **Details**
 *
 * - A request that is no JSON or breaks the schema of its message is answered `Rejected`, and `data` says why.
 * - A handler that fails as `NotImplemented` or `NotSupported` answers `UnknownMessageId`, one that fails otherwise `Rejected`,
 *   with its description as `data`. An `InternalError` is answered as such.
 *
 * @category handlers
 * @since 0.1.0
 */
export const dataTransfer =
  <R, const S extends Action.Side, R2 = never>(
    sets: ReadonlyArray<Handlers.HandlerSet<string, R, S, Extension>>,
    otherwise?: Handlers.Handler<typeof DataTransfer, PeerOf<S>, R2>
  ): Handlers.Handler<typeof DataTransfer, PeerOf<S>, R | R2> =>
  (request, peer, exchange) => {
    const { data, messageId = "", vendorId } = request
    const set = sets.find(({ protocol }) => isSame(protocol.version, vendorId))
    const action = set?.protocol.actions.find(({ name }) => isSame(name, messageId))
    const handler = action && set?.handlers.get(action.name)
    if (action === undefined || handler === undefined) {
      if (otherwise !== undefined) return otherwise(request, peer, exchange)
      return Effect.succeed<DataTransferResponse>({
        status: set === undefined ? "UnknownVendorId" : "UnknownMessageId"
      })
    }
    const asked = read(action.request, data)
    return Result.isFailure(asked)
      ? Effect.succeed<DataTransferResponse>({ status: "Rejected", data: inWords(asked.failure) })
      : answering(action, handler(asked.success, peer, exchange))
  }

const answering = <R>(
  { name, response: schema }: Action.Action,
  answer: Effect.Effect<unknown, CallError, R>
): Handlers.Answer<DataTransferResponse, R> =>
  Effect.matchEffect(answer, {
    onFailure: (error): Effect.Effect<DataTransferResponse, CallError> => {
      const { code, description } = error
      if (code === "InternalError") return Effect.fail(error)
      const status = code === "NotImplemented" || code === "NotSupported" ? "UnknownMessageId" : "Rejected"
      return Effect.succeed({ status, ...(description === "" ? {} : { data: description }) })
    },
    onSuccess: (given) =>
      Effect.map(
        // A message of an extension is answered.
        MessageCheck.answerOf(name, schema!)(given),
        (checked) =>
          // It is what was given, with another response.
          withResponse(checked, { status: "Accepted", ...dataOf(responseOf(checked)) }) as
            | DataTransferResponse
            | Reply<DataTransferResponse>
      )
  })
