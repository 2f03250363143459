/**
 * Event streams, of 2.1: the values of a monitor that come often, many in one message that is not answered.
 *
 * @see P2 N11 - N15
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import * as Wire from "../Wire.ts"
import { GenericStatus, StatusInfo } from "./DataTypes.ts"
import { PeriodicEventStreamParams } from "./Monitoring.ts"

/**
 * A stream of values of one monitor.
 *
 * @category models
 * @since 0.1.0
 */
export class ConstantStreamData extends Schema.Opaque<ConstantStreamData>()(
  Schema.Struct({
    id: Schema.Int,
    params: PeriodicEventStreamParams,
    variableMonitoringId: Schema.Int
  }).annotate({ identifier: "ConstantStreamData" })
) {}

/**
 * The station opens a stream for a monitor that fires often.
 *
 * @see P2 N11
 * @category messages
 * @since 0.1.0
 */
export class OpenPeriodicEventStreamRequest extends Schema.Opaque<OpenPeriodicEventStreamRequest>()(
  Schema.Struct({
    constantStreamData: ConstantStreamData
  }).annotate({ identifier: "OpenPeriodicEventStreamRequest" })
) {}

/**
 * Whether the CSMS takes the stream.
 *
 * @see P2 N11
 * @category messages
 * @since 0.1.0
 */
export class OpenPeriodicEventStreamResponse extends Schema.Opaque<OpenPeriodicEventStreamResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "OpenPeriodicEventStreamResponse" })
) {}

/**
 * Opens a stream of frequent readings, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const OpenPeriodicEventStream = Action.make("OpenPeriodicEventStream", {
  from: "station",
  block: "EventStreams",
  request: OpenPeriodicEventStreamRequest,
  response: OpenPeriodicEventStreamResponse
})

/**
 * A reading of a stream.
 *
 * @category models
 * @since 0.1.0
 */
export class StreamDataElement extends Schema.Opaque<StreamDataElement>()(
  Schema.Struct({
    /** Added to `basetime` it is when the value was taken; OCPP names no unit. */
    t: Schema.Finite,
    /** The value. */
    v: Schema.String
  }).annotate({ identifier: "StreamDataElement" })
) {}

/**
 * The station sends readings of an open stream. It is a SEND: there is no answer, and it may go at any time.
 *
 * @see P2 N15
 * @category messages
 * @since 0.1.0
 */
export class NotifyPeriodicEventStreamRequest extends Schema.Opaque<NotifyPeriodicEventStreamRequest>()(
  Schema.Struct({
    /** One at least. */
    data: Schema.Array(StreamDataElement),
    id: Schema.Int,
    /** Readings that still wait to be sent. */
    pending: Schema.Int,
    basetime: Schema.DateTimeUtc
  }).annotate({ identifier: "NotifyPeriodicEventStreamRequest" })
) {}

/**
 * Sends values of a monitored variable, as a SEND that is never answered, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyPeriodicEventStream = Action.makeSend("NotifyPeriodicEventStream", {
  from: "station",
  block: "EventStreams",
  request: NotifyPeriodicEventStreamRequest
})

/**
 * The CSMS asks which streams are open.
 *
 * @see P2 N12
 * @category messages
 * @since 0.1.0
 */
export class GetPeriodicEventStreamRequest extends Schema.Opaque<GetPeriodicEventStreamRequest>()(
  Wire.Empty.annotate({ identifier: "GetPeriodicEventStreamRequest" })
) {}

/**
 * The streams that are open; absent when there are none.
 *
 * @see P2 N12
 * @category messages
 * @since 0.1.0
 */
export class GetPeriodicEventStreamResponse extends Schema.Opaque<GetPeriodicEventStreamResponse>()(
  Schema.Struct({
    /** One at least, if there is a list. */
    constantStreamData: Schema.optionalKey(Schema.Array(ConstantStreamData))
  }).annotate({ identifier: "GetPeriodicEventStreamResponse" })
) {}

/**
 * Asks which streams are open, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const GetPeriodicEventStream = Action.make("GetPeriodicEventStream", {
  from: "csms",
  block: "EventStreams",
  request: GetPeriodicEventStreamRequest,
  response: GetPeriodicEventStreamResponse
})

/**
 * The station closes a stream.
 *
 * @see P2 N13
 * @category messages
 * @since 0.1.0
 */
export class ClosePeriodicEventStreamRequest extends Schema.Opaque<ClosePeriodicEventStreamRequest>()(
  Schema.Struct({
    id: Schema.Int
  }).annotate({ identifier: "ClosePeriodicEventStreamRequest" })
) {}

/**
 * The CSMS has seen it.
 *
 * @see P2 N13
 * @category messages
 * @since 0.1.0
 */
export class ClosePeriodicEventStreamResponse extends Schema.Opaque<ClosePeriodicEventStreamResponse>()(
  Wire.Empty.annotate({ identifier: "ClosePeriodicEventStreamResponse" })
) {}

/**
 * Closes a stream, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const ClosePeriodicEventStream = Action.make("ClosePeriodicEventStream", {
  from: "station",
  block: "EventStreams",
  request: ClosePeriodicEventStreamRequest,
  response: ClosePeriodicEventStreamResponse
})

/**
 * The CSMS changes how often, and how many at a time, readings of a stream are sent.
 *
 * @see P2 N14
 * @category messages
 * @since 0.1.0
 */
export class AdjustPeriodicEventStreamRequest extends Schema.Opaque<AdjustPeriodicEventStreamRequest>()(
  Schema.Struct({
    id: Schema.Int,
    params: PeriodicEventStreamParams
  }).annotate({ identifier: "AdjustPeriodicEventStreamRequest" })
) {}

/**
 * Whether the pace is changed.
 *
 * @see P2 N14
 * @category messages
 * @since 0.1.0
 */
export class AdjustPeriodicEventStreamResponse extends Schema.Opaque<AdjustPeriodicEventStreamResponse>()(
  Schema.Struct({
    status: GenericStatus,
    statusInfo: Schema.optionalKey(StatusInfo)
  }).annotate({ identifier: "AdjustPeriodicEventStreamResponse" })
) {}

/**
 * Changes the pace of a stream, in 2.1.
 *
 * @category actions
 * @since 0.1.0
 */
export const AdjustPeriodicEventStream = Action.make("AdjustPeriodicEventStream", {
  from: "csms",
  block: "EventStreams",
  request: AdjustPeriodicEventStreamRequest,
  response: AdjustPeriodicEventStreamResponse
})
