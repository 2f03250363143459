/**
 * The control API of `ocpp csms`: what can be asked, and the answers.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Stream from "effect/Stream"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { type CallFailure, Violation } from "../OcppError.ts"
import {
  CsmsEvent,
  DeviationEntry,
  Ledger,
  LogEntry,
  ScriptedAnswer,
  StationState,
  VirtualCsms
} from "../simulation/index.ts"
import { BadRequest, ClearErrors } from "./control.ts"

class NotFound extends Schema.Class<NotFound>("NotFound")({ message: Schema.String }, { httpApiStatus: 404 }) {}

class NotAccepted extends Schema.Class<NotAccepted>("NotAccepted")(
  { message: Schema.String },
  { httpApiStatus: 409 }
) {}

class NoValidAnswer extends Schema.Class<NoValidAnswer>("NoValidAnswer")(
  { message: Schema.String, violations: Schema.Array(Violation), payload: Schema.Unknown },
  { httpApiStatus: 502 }
) {}

class Busy extends Schema.Class<Busy>("Busy")({ message: Schema.String }, { httpApiStatus: 503 }) {}

class NoAnswer extends Schema.Class<NoAnswer>("NoAnswer")({ message: Schema.String }, { httpApiStatus: 504 }) {}

const Call = Schema.Struct({
  action: Schema.String,
  payload: Schema.Unknown.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  timeoutMs: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3_600_000 })))
}).annotate({ identifier: "Call" })

const CallAnswer = Schema.Union([
  Schema.Struct({ result: Schema.Unknown }),
  Schema.Struct({
    error: Schema.Struct({
      code: Schema.String,
      description: Schema.String,
      details: Schema.Record(Schema.String, Schema.Unknown)
    })
  })
]).annotate({ identifier: "CallAnswer" })

const NextBoot = Schema.Struct({
  status: Schema.Literals(["Accepted", "Pending", "Rejected"]),
  interval: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2_147_483_647 })))
}).annotate({ identifier: "NextBoot" })

/** An idTag may stand in the list once for each type of 2.x and once without one; upper and lower case are the same. */
const DistinctIdTags = Ledger.IdTags.check(
  Schema.makeFilter(({ tags }) => {
    const keys = tags.map(({ idTag, type }) => JSON.stringify([idTag.toLowerCase(), type]))
    const first = new Map(keys.map((key, index) => [key, index] as const).toReversed())
    return tags.flatMap(({ idTag }, index) =>
      first.get(keys[index]!) === index
        ? []
        : [{ path: ["tags", index, "idTag"], issue: `${JSON.stringify(idTag)} is there already` }]
    )
  })
)

const StreamEvent = Schema.Struct({
  event: Schema.String,
  id: Schema.optionalKey(Schema.String),
  data: Schema.fromJsonString(
    Schema.Union([
      Schema.Struct({ type: Schema.Literal("ready") }),
      Schema.Struct({ type: Schema.Literal("missed"), count: Schema.Int }),
      CsmsEvent
    ])
  )
})

const Done = Schema.Struct({})
const Number = Schema.String.check(
  Schema.isPattern(/^\d{1,15}$/, { expected: "a whole number of at most 15 digits" })
).pipe(Schema.decodeTo(Schema.Int, SchemaTransformation.numberFromString))
const id = { id: Schema.String }
const ofStation = { stationId: Schema.optionalKey(Schema.NonEmptyString) }

/** How many transactions are told at once. */
const pageSize = 1000

const group = HttpApiGroup.make("csms", { topLevel: true })
  .add(
    HttpApiEndpoint.get("health", "/health", { success: Schema.Struct({ status: Schema.Literal("ok") }) }),
    HttpApiEndpoint.get("stations", "/stations", { success: Schema.Array(StationState) }).annotate(
      OpenApi.Description,
      "The stations that are or were connected."
    ),
    HttpApiEndpoint.post("call", "/stations/:id/call", {
      params: id,
      payload: Call,
      success: CallAnswer,
      error: [NotFound, NotAccepted, NoValidAnswer, Busy, NoAnswer]
    }).annotate(OpenApi.Description, "Calls a station: its answer, or the CALLERROR that it answers with."),
    HttpApiEndpoint.post("disconnect", "/stations/:id/disconnect", { params: id, success: Done, error: NotFound }),
    HttpApiEndpoint.post("closeStale", "/stations/:id/close-stale", {
      params: id,
      success: Schema.Struct({ closed: Schema.Int })
    }).annotate(OpenApi.Description, "Ends the open transactions of a station here, without telling it."),
    HttpApiEndpoint.put("boot", "/stations/:id/boot", { params: id, payload: NextBoot, success: Done }).annotate(
      OpenApi.Description,
      "How the next BootNotification of a station is answered."
    ),
    HttpApiEndpoint.put("answer", "/stations/:id/answers/:action", {
      params: { ...id, action: Schema.String },
      payload: ScriptedAnswer,
      success: Done
    }).annotate(OpenApi.Description, "How an action of a station is answered from now on."),
    HttpApiEndpoint.delete("usualAnswer", "/stations/:id/answers/:action", {
      params: { ...id, action: Schema.String },
      success: Done
    }).annotate(OpenApi.Description, "Answers an action of a station as usual again."),
    HttpApiEndpoint.get("listIdTags", "/idtags", { success: Ledger.IdTags }).annotate(
      OpenApi.Description,
      "Who may charge, in the form in which it is set."
    ),
    HttpApiEndpoint.put("idTags", "/idtags", { payload: DistinctIdTags, success: Done }).annotate(
      OpenApi.Description,
      "Who may charge; all idTags that are not listed are as `default` says, or accepted."
    ),
    HttpApiEndpoint.patch("idTag", "/idtags/:idTag", {
      params: { idTag: Schema.String },
      payload: Ledger.IdTagChange,
      success: Ledger.IdTag
    }).annotate(OpenApi.Description, "Changes one idTag, or adds it; null takes away what was said."),
    HttpApiEndpoint.get("transactions", "/transactions", {
      query: {
        ...ofStation,
        after: Schema.optionalKey(Number),
        limit: Schema.optionalKey(Number.check(Schema.isBetween({ minimum: 1, maximum: 10_000 })))
      },
      success: HttpApiSchema.WithHeaders(Schema.Array(Ledger.LedgerTransaction), {
        link: Schema.optionalKey(Schema.String)
      })
    }).annotate(
      OpenApi.Description,
      "The transactions, oldest first, 1000 at a time unless `limit` says otherwise. If there are more, the header `link` has the address of the next ones."
    ),
    HttpApiEndpoint.get("log", "/log", { query: ofStation, success: Schema.Array(LogEntry) }),
    HttpApiEndpoint.get("deviations", "/deviations", { query: ofStation, success: Schema.Array(DeviationEntry) }),
    HttpApiEndpoint.get("events", "/events", {
      query: { ...ofStation, after: Schema.optionalKey(Number) },
      headers: { "last-event-id": Schema.optionalKey(Number) },
      success: HttpApiSchema.StreamSse({ events: StreamEvent })
    }).annotate(
      OpenApi.Description,
      "What happens, as server-sent events: first `ready`, then sessions, frames, transactions and deviations from now on, or after the event whose id is given. `missed` tells how many are not remembered any more."
    )
  )
  .middleware(ClearErrors)

const exact = { onExcessProperty: "error", errors: "all" } as const

export const api = HttpApi.make("ocpp-csms")
  .add(group)
  .annotate(OpenApi.Title, "Control API of effect-ocpp csms")
  .annotate(HttpApi.PayloadParseOptions, exact)
  .annotate(HttpApi.QueryParseOptions, exact)

const notConnected = (station: string): NotFound =>
  new NotFound({ message: `station ${JSON.stringify(station)} is not connected` })

const failed = (station: string, failure: CallFailure) => {
  const { message } = failure
  switch (failure._tag) {
    case "CallError": {
      const { code, description, details } = failure
      return Effect.succeed({ error: { code, description, details } })
    }
    case "InvalidResponse":
      return Effect.fail(new NoValidAnswer({ message, violations: failure.violations, payload: failure.payload }))
    case "Uncertain":
      return Effect.fail(new NoAnswer({ message }))
    case "NotSent":
      switch (failure.reason) {
        case "NotConnected":
          return Effect.fail(notConnected(station))
        case "NotAccepted":
          return Effect.fail(new NotAccepted({ message }))
        case "QueueFull":
          return Effect.fail(new Busy({ message }))
        default:
          return Effect.fail(new BadRequest({ message, violations: failure.violations }))
      }
  }
}

/** The events as they go out: `ready` first, then each with its number, and how many were missed before it. */
const streamOf = (csms: VirtualCsms["Service"], stationId: string | undefined, after: number | undefined) =>
  Stream.unwrap(
    Effect.map(csms.lastEvent, (last) => {
      let expected = Math.min(after ?? last, last) + 1
      const ready = { event: "ready", id: String(expected - 1), data: { type: "ready" } } as const
      const events = csms.events(expected - 1).pipe(
        Stream.map(({ number, value }) => {
          const count = number - expected
          expected = number + 1
          const missed = { event: "missed", data: { type: "missed", count } } as const
          const isAsked = stationId === undefined || value.stationId === stationId
          return [
            ...(count > 0 ? [missed] : []),
            ...(isAsked ? [{ event: value.type, id: String(number), data: value }] : [])
          ]
        }),
        Stream.flattenIterable
      )
      return Stream.concat(Stream.succeed(ready), events)
    })
  )

export const handlers = HttpApiBuilder.group(
  api,
  "csms",
  Effect.fnUntraced(function* (endpoints) {
    const csms = yield* VirtualCsms
    const { ledger } = csms
    return endpoints.handleAll({
      health: () => Effect.succeed({ status: "ok" as const }),
      stations: () => csms.stations,
      call: ({ params, payload: { action, payload, timeoutMs } }) =>
        csms.call(params.id, action, payload, timeoutMs === undefined ? {} : { timeout: timeoutMs }).pipe(
          Effect.map((result) => ({ result })),
          Effect.catch((failure) => failed(params.id, failure))
        ),
      disconnect: ({ params }) =>
        Effect.flatMap(csms.disconnect(params.id), (isDone) =>
          isDone ? Effect.succeed({}) : Effect.fail(notConnected(params.id))
        ),
      closeStale: ({ params }) => Effect.map(ledger.closeStale(params.id), (closed) => ({ closed })),
      boot: ({ params, payload }) => Effect.as(csms.answerBoot(params.id, payload), {}),
      answer: ({ params, payload }) =>
        Effect.as(csms.answer(params.id, params.action, payload), {}).pipe(
          Effect.mapError(({ message, violations }) => new BadRequest({ message, violations }))
        ),
      usualAnswer: ({ params }) => Effect.as(Effect.orDie(csms.answer(params.id, params.action, undefined)), {}),
      listIdTags: () => ledger.idTags,
      idTags: ({ payload }) => Effect.as(ledger.setIdTags(payload), {}),
      idTag: ({ params, payload }) => ledger.changeIdTag(params.idTag, payload),
      transactions: ({ query: { after, limit = pageSize, stationId } }) =>
        Effect.map(ledger.transactions(stationId, { after, limit: limit + 1 }), (found) => {
          const body = found.slice(0, limit)
          const query = new URLSearchParams({ after: String(body.at(-1)?.id ?? 0), limit: String(limit) })
          if (stationId !== undefined) query.set("stationId", stationId)
          const link = `</transactions?${query.toString()}>; rel="next"`
          return HttpApiSchema.withHeaders({ body, headers: found.length > limit ? { link } : {} })
        }),
      log: ({ query }) => csms.log(query.stationId),
      deviations: ({ query }) => csms.deviations(query.stationId),
      events: ({ headers, query }) =>
        Effect.succeed(streamOf(csms, query.stationId, query.after ?? headers["last-event-id"]))
    })
  })
)
