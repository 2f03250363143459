/**
 * Updates of firmware and uploads of logs, of which a simulated station does nothing but tell how they go.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Domain from "../../domain/index.ts"
import type * as Handlers from "../../Handlers.ts"
import type { CallFailure } from "../../OcppError.ts"
import { Reply } from "../../Reply.ts"
import { limits } from "./limits.ts"
import type { SimulatedStation } from "./SimulatedStation.ts"

/** How long each step of a transfer takes, in milliseconds. */
const stepTime = 10_000

/** What a transfer tells of itself last. */
type Told<Status> = { readonly status: Status; readonly requestId?: number }

/** A transfer that runs, or the last one that did. */
interface Running {
  readonly fiber: Fiber.Fiber<unknown, unknown>
}

export class Transfers {
  private readonly station: SimulatedStation
  /** Starts the station anew, with its new firmware. */
  private readonly reboot: Effect.Effect<void>
  private firmware: Told<Domain.FirmwareStatus> = { status: "Idle" }
  private log: Told<Domain.UploadLogStatus> = { status: "Idle" }
  private updating: Running | undefined
  private uploading: Running | undefined

  constructor(station: SimulatedStation, reboot: Effect.Effect<void>) {
    this.station = station
    this.reboot = reboot
  }

  /** Begins to update the firmware, instead of what was begun before. */
  updateFirmware(request: Domain.UpdateFirmwareRequest): Handlers.Answer<Domain.UpdateFirmwareResponse> {
    return Effect.gen({ self: this }, function* () {
      const isCancelling = yield* cancel(this.updating)
      return yield* Reply.thenDetached(
        { status: isCancelling ? "AcceptedCanceled" : "Accepted" },
        Effect.map(Effect.forkIn(this.update(request), this.station.site.scope), (fiber) => {
          this.updating = { fiber }
        })
      )
    })
  }

  /** Begins to upload a log, instead of what was begun before. */
  getLog(request: Domain.GetLogRequest): Handlers.Answer<Domain.GetLogResponse> {
    return Effect.gen({ self: this }, function* () {
      const isCancelling = yield* cancel(this.uploading)
      return yield* Reply.thenDetached(
        { status: isCancelling ? "AcceptedCanceled" : "Accepted", filename: "log.txt" },
        Effect.map(Effect.forkIn(this.upload(request), this.station.site.scope), (fiber) => {
          this.uploading = { fiber }
        })
      )
    })
  }

  /** Tells again how the last update of firmware stands. */
  get tellFirmware(): Effect.Effect<unknown, CallFailure> {
    return Effect.suspend(() => this.station.site.csms.firmwareStatusNotification(this.firmware))
  }

  /** Tells again how the last upload of a log stands. */
  get tellLog(): Effect.Effect<unknown, CallFailure> {
    return Effect.suspend(() => this.station.site.csms.logStatusNotification(this.log))
  }

  private update({ firmware, requestId }: Domain.UpdateFirmwareRequest): Effect.Effect<void> {
    const tell = (status: Domain.FirmwareStatus): Effect.Effect<void> =>
      Effect.suspend(() => {
        this.firmware = requestId === undefined ? { status } : { status, requestId }
        return Effect.andThen(Effect.ignore(this.tellFirmware), Effect.sleep(stepTime))
      })
    return Effect.gen({ self: this }, function* () {
      yield* this.station.until(firmware.retrieveDateTime)
      yield* tell("Downloading")
      if (!isReachable(firmware.location)) return yield* tell("DownloadFailed")
      yield* tell("Downloaded")
      if (firmware.signature !== undefined) yield* tell("SignatureVerified")
      if (firmware.installDateTime !== undefined) yield* this.station.until(firmware.installDateTime)
      yield* this.station.idle
      yield* tell("Installing")
      yield* tell("Installed")
      // Who asks from now on is told that there is no update (P2 L01.FR.25).
      this.firmware = { status: "Idle" }
      yield* this.reboot
    })
  }

  private upload({ log, requestId }: Domain.GetLogRequest): Effect.Effect<void> {
    const tell = (status: Domain.UploadLogStatus): Effect.Effect<void> =>
      Effect.suspend(() => {
        this.log = requestId === undefined ? { status } : { status, requestId }
        return Effect.andThen(Effect.ignore(this.tellLog), Effect.sleep(stepTime))
      })
    return Effect.gen({ self: this }, function* () {
      yield* tell("Uploading")
      yield* tell(isReachable(log.remoteLocation) ? "Uploaded" : "UploadFailure")
      this.log = { status: "Idle" }
    })
  }
}

/** Ends a transfer; `false` if it was over, or there was none. */
const cancel = (running: Running | undefined): Effect.Effect<boolean> =>
  running === undefined || running.fiber.pollUnsafe() !== undefined
    ? Effect.succeed(false)
    : Effect.as(Fiber.interrupt(running.fiber), true)

/** Whether a file could be there, by its URL. */
const isReachable = (location: string): boolean => {
  const url = URL.parse(location)
  return url !== null && limits.fileTransferProtocols.some((name) => url.protocol === `${name.toLowerCase()}:`)
}
