/**
 * Texts that a station shows to drivers.
 */
import type * as Domain from "../../../domain/index.ts"
import type * as V201 from "../../../v201/index.ts"
import type * as V21 from "../../../v21/index.ts"
import { list, refused, same } from "../BothWays.ts"
import { instant } from "../values.ts"
import { type Dialect, nothing, outcome, table } from "./common.ts"
import { component } from "./deviceModel.ts"
import { messageOf } from "./idTokens.ts"

export const displayMessage = (dialect: Dialect) => {
  const { since21, words } = dialect
  const unknownState = refused("2.0.1 does not know this state")
  const state = words<V201.MessageStateEnumType, V21.MessageStateEnumType, Domain.MessageState>({
    Discharging: unknownState,
    Suspended: unknownState
  })
  const message = messageOf(dialect)
  const messageInfo = table<V21.MessageInfoType, Domain.MessageInfo>(({ alike, field }) => [
    ...alike("id", "priority", "transactionId"),
    field("message", "message", message),
    ...since21(
      "omissible",
      "2.0.1 has a message in one language",
      field("messageExtra", "messageExtra", list(message))
    ),
    field("state", "state", state),
    field("startDateTime", "startDateTime", instant),
    field("endDateTime", "endDateTime", instant),
    field("display", "display", component)
  ])
  return {
    SetDisplayMessage: {
      request: table<V21.SetDisplayMessageRequest, Domain.SetDisplayMessageRequest>(({ field }) => [
        field("message", "message", messageInfo)
      ]),
      response: outcome(
        words<V201.DisplayMessageStatusEnumType, V21.DisplayMessageStatusEnumType, Domain.DisplayMessageStatus>({
          LanguageNotSupported: "Rejected"
        })
      )
    },
    GetDisplayMessages: {
      request: table<V21.GetDisplayMessagesRequest, Domain.GetDisplayMessagesRequest>(({ alike, field }) => [
        ...alike("requestId", "priority"),
        field("id", "id", undefined, { empty: "all messages" }),
        field("state", "state", state)
      ]),
      response: outcome(same<Domain.GetDisplayMessagesStatus>())
    },
    NotifyDisplayMessages: {
      request: table<V21.NotifyDisplayMessagesRequest, Domain.NotifyDisplayMessagesRequest>(({ alike, field }) => [
        ...alike("requestId", "tbc"),
        field("messageInfo", "messageInfo", list(messageInfo))
      ]),
      response: nothing
    },
    ClearDisplayMessage: {
      request: table<V21.ClearDisplayMessageRequest, Domain.ClearDisplayMessageRequest>(({ alike }) => alike("id")),
      response: outcome(
        words<V201.ClearMessageStatusEnumType, V21.ClearMessageStatusEnumType, Domain.ClearMessageStatus>({
          Rejected: refused("in 2.0.1 a message that is known is removed")
        })
      )
    }
  }
}
