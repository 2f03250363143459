/**
 * Functional block G of OCPP 2.0.1, Availability: what is available, and changes of it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import { ComponentType, CustomDataType, EVSEType, StatusInfoType, VariableType } from "./DataTypes.ts"

/**
 * The status of a connector.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ConnectorStatusEnumType = Schema.Literals([
  "Available",
  "Occupied",
  "Reserved",
  "Unavailable",
  "Faulted"
]).annotate({ identifier: "ConnectorStatusEnumType" })
/**
 * A value of {@link ConnectorStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ConnectorStatusEnumType = typeof ConnectorStatusEnumType.Type

/**
 * The station reports the status of a connector. `NotifyEvent` on its `AvailabilityState` may do this instead.
 *
 * @see P2 G01
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationRequest extends Schema.Opaque<StatusNotificationRequest>()(
  Schema.Struct({
    timestamp: Timestamp,
    connectorStatus: ConnectorStatusEnumType,
    evseId: Wire.Integer,
    connectorId: Wire.Integer,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StatusNotificationRequest" })
) {}

/**
 * The CSMS has seen the status.
 *
 * @see P2 G01
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationResponse extends Schema.Opaque<StatusNotificationResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StatusNotificationResponse" })
) {}

/**
 * Reports the status of a connector.
 *
 * @category actions
 * @since 0.1.0
 */
export const StatusNotification = Action.make("StatusNotification", {
  from: "station",
  block: "Availability",
  request: StatusNotificationRequest,
  response: StatusNotificationResponse
})

/**
 * What fired: a threshold, a change or a timer.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventTriggerEnumType = Schema.Literals(["Alerting", "Delta", "Periodic"]).annotate({
  identifier: "EventTriggerEnumType"
})
/**
 * A value of {@link EventTriggerEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EventTriggerEnumType = typeof EventTriggerEnumType.Type

/**
 * What made the station report an event: itself, or a monitor that is built in, preconfigured or set by the CSMS.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EventNotificationEnumType = Schema.Literals([
  "HardWiredNotification",
  "HardWiredMonitor",
  "PreconfiguredMonitor",
  "CustomMonitor"
]).annotate({ identifier: "EventNotificationEnumType" })
/**
 * A value of {@link EventNotificationEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type EventNotificationEnumType = typeof EventNotificationEnumType.Type

/**
 * An event: what happened to which variable of which component.
 *
 * @category models
 * @since 0.1.0
 */
export class EventDataType extends Schema.Opaque<EventDataType>()(
  Schema.Struct({
    eventId: Wire.Integer,
    timestamp: Timestamp,
    trigger: EventTriggerEnumType,
    /** The id of the event that led to this one. */
    cause: Schema.optionalKey(Wire.Integer),
    actualValue: Wire.text(2500),
    /** The component's own error code. */
    techCode: Schema.optionalKey(Wire.text(50)),
    techInfo: Schema.optionalKey(Wire.text(500)),
    /** Back to normal. */
    cleared: Schema.optionalKey(Schema.Boolean),
    transactionId: Schema.optionalKey(Wire.text(36)),
    component: ComponentType,
    variableMonitoringId: Schema.optionalKey(Wire.Integer),
    eventNotificationType: EventNotificationEnumType,
    variable: VariableType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EventDataType" })
) {}

/**
 * The station reports events: monitors that fired, or changes that it always reports.
 *
 * @see P2 G01, N07
 * @category messages
 * @since 0.1.0
 */
export class NotifyEventRequest extends Schema.Opaque<NotifyEventRequest>()(
  Schema.Struct({
    generatedAt: Timestamp,
    /** More parts follow; absent means false. */
    tbc: Schema.optionalKey(Schema.Boolean),
    /** Counted from 0. */
    seqNo: Wire.Integer,
    eventData: Schema.Array(EventDataType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEventRequest" })
) {}

/**
 * The CSMS has got the part.
 *
 * @see P2 G01, N07
 * @category messages
 * @since 0.1.0
 */
export class NotifyEventResponse extends Schema.Opaque<NotifyEventResponse>()(
  Schema.Struct({
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEventResponse" })
) {}

/**
 * Reports events of monitored variables.
 *
 * @category actions
 * @since 0.1.0
 */
export const NotifyEvent = Action.make("NotifyEvent", {
  from: "station",
  block: "Availability",
  request: NotifyEventRequest,
  response: NotifyEventResponse
})

/**
 * In or out of service.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OperationalStatusEnumType = Schema.Literals(["Inoperative", "Operative"]).annotate({
  identifier: "OperationalStatusEnumType"
})
/**
 * A value of {@link OperationalStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type OperationalStatusEnumType = typeof OperationalStatusEnumType.Type

/**
 * The CSMS puts the station, an EVSE or a connector in or out of service.
 *
 * @see P2 G03, G04
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityRequest extends Schema.Opaque<ChangeAvailabilityRequest>()(
  Schema.Struct({
    /** Absent: the whole station. */
    evse: Schema.optionalKey(EVSEType),
    operationalStatus: OperationalStatusEnumType,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChangeAvailabilityRequest" })
) {}

/**
 * Whether a change of availability is made.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ChangeAvailabilityStatusEnumType = Schema.Literals(["Accepted", "Rejected", "Scheduled"]).annotate({
  identifier: "ChangeAvailabilityStatusEnumType"
})
/**
 * A value of {@link ChangeAvailabilityStatusEnumType}.
 *
 * @category models
 * @since 0.1.0
 */
export type ChangeAvailabilityStatusEnumType = typeof ChangeAvailabilityStatusEnumType.Type

/**
 * Whether the change is made; `Scheduled` when it waits for the end of a transaction.
 *
 * @see P2 G03, G04
 * @category messages
 * @since 0.1.0
 */
export class ChangeAvailabilityResponse extends Schema.Opaque<ChangeAvailabilityResponse>()(
  Schema.Struct({
    status: ChangeAvailabilityStatusEnumType,
    statusInfo: Schema.optionalKey(StatusInfoType),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "ChangeAvailabilityResponse" })
) {}

/**
 * Puts the station, an EVSE or a connector in or out of service.
 *
 * @category actions
 * @since 0.1.0
 */
export const ChangeAvailability = Action.make("ChangeAvailability", {
  from: "csms",
  block: "Availability",
  request: ChangeAvailabilityRequest,
  response: ChangeAvailabilityResponse
})
