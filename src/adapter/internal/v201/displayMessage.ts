/**
 * Texts that a station shows to drivers.
 */
import * as Domain from "../../../domain/index.ts"
import * as V201 from "../../../v201/index.ts"
import { list, same } from "../BothWays.ts"
import { translation } from "../Translation.ts"
import { instant } from "../values.ts"
import { nothing, outcome, table } from "./common.ts"
import { component } from "./deviceModel.ts"
import { message } from "./idTokens.ts"

const messageInfo = table<V201.MessageInfoType, Domain.MessageInfo>(({ field }) => [
  field("id", "id"),
  field("priority", "priority"),
  field("message", "message", message),
  field("state", "state"),
  field("startDateTime", "startDateTime", instant),
  field("endDateTime", "endDateTime", instant),
  field("transactionId", "transactionId"),
  field("display", "display", component)
])

export const displayMessage = [
  translation(
    Domain.SetDisplayMessage,
    V201.SetDisplayMessage,
    table(({ field }) => [field("message", "message", messageInfo)]),
    outcome(same<Domain.DisplayMessageStatus>())
  ),
  translation(
    Domain.GetDisplayMessages,
    V201.GetDisplayMessages,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("id", "id"),
      field("priority", "priority"),
      field("state", "state")
    ]),
    outcome(same<Domain.GetDisplayMessagesStatus>())
  ),
  translation(
    Domain.NotifyDisplayMessages,
    V201.NotifyDisplayMessages,
    table(({ field }) => [
      field("requestId", "requestId"),
      field("tbc", "tbc"),
      field("messageInfo", "messageInfo", list(messageInfo))
    ]),
    nothing
  ),
  translation(
    Domain.ClearDisplayMessage,
    V201.ClearDisplayMessage,
    table(({ field }) => [field("id", "id")]),
    outcome(same<Domain.ClearMessageStatus>())
  )
]
