/**
 * The values of monitors that come often, for which only 2.1 has streams.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { nothing, outcome, table, unanswered } from "./common.ts"
import { streamParams } from "./monitoring.ts"

const stream = table<V21.ConstantStreamDataType, Domain.ConstantStreamData>(({ alike, field }) => [
  ...alike("id", "variableMonitoringId"),
  field("params", "params", streamParams)
])

const element = table<V21.StreamDataElementType, Domain.StreamDataElement>(({ alike }) => alike("t", "v"))

export const eventStreams = () => ({
  OpenPeriodicEventStream: {
    request: table<V21.OpenPeriodicEventStreamRequest, Domain.OpenPeriodicEventStreamRequest>(({ field }) => [
      field("constantStreamData", "constantStreamData", stream)
    ]),
    response: outcome(same<Domain.GenericStatus>())
  },
  NotifyPeriodicEventStream: {
    request: table<V21.NotifyPeriodicEventStreamRequest, Domain.NotifyPeriodicEventStreamRequest>(
      ({ alike, field }) => [
        ...alike("id", "pending"),
        field("basetime", "basetime", instant),
        field("data", "data", list(element))
      ]
    ),
    response: unanswered
  },
  GetPeriodicEventStream: {
    request: nothing,
    response: table<V21.GetPeriodicEventStreamResponse, Domain.GetPeriodicEventStreamResponse>(({ field }) => [
      field("constantStreamData", "constantStreamData", list(stream))
    ])
  },
  ClosePeriodicEventStream: {
    request: table<V21.ClosePeriodicEventStreamRequest, Domain.ClosePeriodicEventStreamRequest>(({ alike }) =>
      alike("id")
    ),
    response: nothing
  },
  AdjustPeriodicEventStream: {
    request: table<V21.AdjustPeriodicEventStreamRequest, Domain.AdjustPeriodicEventStreamRequest>(({ field }) => [
      field("id", "id"),
      field("params", "params", streamParams)
    ]),
    response: outcome(same<Domain.GenericStatus>())
  }
})
