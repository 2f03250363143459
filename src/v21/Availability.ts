/**
 * Functional block G of OCPP 2.1, Availability: what is available, and changes of it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Action from "../Action.ts"
import { Timestamp } from "../Timestamp.ts"
import * as Wire from "../Wire.ts"
import {
  ChangeAvailabilityStatusEnumType,
  ConnectorStatusEnumType,
  EventTriggerEnumType,
  NotifyEventResponse,
  OperationalStatusEnumType,
  StatusNotificationResponse
} from "../v201/Availability.ts"
import {
  ComponentType,
  CustomDataType,
  EVSEType,
  EventNotificationEnumType,
  StatusInfoType,
  VariableType
} from "./DataTypes.ts"

// As in 2.0.1.
export {
  ChangeAvailabilityStatusEnumType,
  ConnectorStatusEnumType,
  EventTriggerEnumType,
  NotifyEventResponse,
  OperationalStatusEnumType,
  StatusNotificationResponse
} from "../v201/Availability.ts"

/**
 * The station reports the status of a connector. `NotifyEvent` on its `AvailabilityState` may do this instead.
 *
 * **Changed in 2.1**: `evseId`, `connectorId` are not negative.
 *
 * @see P2 G01
 * @category messages
 * @since 0.1.0
 */
export class StatusNotificationRequest extends Schema.Opaque<StatusNotificationRequest>()(
  Schema.Struct({
    timestamp: Timestamp,
    connectorStatus: ConnectorStatusEnumType,
    evseId: Wire.Natural,
    connectorId: Wire.Natural,
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "StatusNotificationRequest" })
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
 * An event: what happened to which variable of which component.
 *
 * **Changed in 2.1**: adds `severity`; `eventId`, `cause`, `variableMonitoringId` are not negative.
 *
 * @category models
 * @since 0.1.0
 */
export class EventDataType extends Schema.Opaque<EventDataType>()(
  Schema.Struct({
    eventId: Wire.Natural,
    timestamp: Timestamp,
    trigger: EventTriggerEnumType,
    /** The id of the event that led to this one. */
    cause: Schema.optionalKey(Wire.Natural),
    actualValue: Wire.text(2500),
    /** The component's own error code. */
    techCode: Schema.optionalKey(Wire.text(50)),
    techInfo: Schema.optionalKey(Wire.text(500)),
    /** Back to normal. */
    cleared: Schema.optionalKey(Schema.Boolean),
    transactionId: Schema.optionalKey(Wire.text(36)),
    component: ComponentType,
    variableMonitoringId: Schema.optionalKey(Wire.Natural),
    eventNotificationType: EventNotificationEnumType,
    variable: VariableType,
    /** 0 (danger) to 9 (debug). */
    severity: Schema.optionalKey(Wire.Natural),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "EventDataType" })
) {}

/**
 * The station reports events: monitors that fired, or changes that it always reports.
 *
 * **Changed in 2.1**: `seqNo` is not negative.
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
    seqNo: Wire.Natural,
    eventData: Schema.Array(EventDataType).check(Schema.isMinLength(1)),
    customData: Schema.optionalKey(CustomDataType)
  }).annotate({ identifier: "NotifyEventRequest" })
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
 * The CSMS puts the station, an EVSE or a connector in or out of service.
 *
 * **Changed in 2.1**: only through `EVSEType`.
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
 * Whether the change is made; `Scheduled` when it waits for the end of a transaction.
 *
 * **Changed in 2.1**: only through `StatusInfoType`.
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
