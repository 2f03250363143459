/**
 * The answers that a CSMS has given to messages that may come again, in memory and in a storage, by the digests of the
 * messages.
 *
 * Those of a station are in two generations: when the newer one is full, the older one goes as a whole. So they need no
 * order among them, and to keep or find one takes as long however many there are.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Digits from "../../internal/Digits.ts"
import { Lru } from "../../internal/Lru.ts"
import type { Storage, StorageChange, StorageError } from "../../Storage.ts"

/** An answer that was given to a message. */
export interface GivenAnswer {
  /** The digest of the message. */
  readonly key: string
  readonly response: unknown
  /** What happens when the message is handled. */
  readonly marks: ReadonlyArray<string>
  /** After any of these the same message is another one; `undefined` for one that never is. */
  readonly until: ReadonlyArray<string> | undefined
}

/** How many answers to a station there may be in a generation, and how many bytes in both. */
export interface StationLimits {
  readonly answers: number
  readonly bytes: number
}

/** What is known of a station beside its answers. */
class State extends Schema.Opaque<State>()(
  Schema.Struct({
    /** The number of the newer generation; how many answers and bytes are in it. */
    generation: Schema.Int,
    count: Schema.Int,
    bytes: Schema.Int,
    /** How many answers were given so far. */
    given: Schema.Int,
    /** The generation of the last answer that holds only until something happens. */
    passing: Schema.Int,
    /** After which answer each of these happened last, and the last one of those that are not listed. */
    marks: Schema.Array(Schema.Tuple([Schema.String, Schema.Int])),
    floor: Schema.Int
  })
) {}

const fresh: State = { generation: 0, count: 0, bytes: 0, given: 0, passing: -2, marks: [], floor: 0 }

/** How many things that happened are remembered of a station. */
const mostMarks = 64

/** What an answer takes beside its text, in memory as in a storage. */
const sizeOf = (text: string): number => text.length + 160

/** Takes an answer in. */
const taken = (state: State, { marks, response, until }: GivenAnswer, limits: StationLimits) => {
  const given = state.given + 1
  const text = JSON.stringify(until === undefined ? response : [given, until, response])
  const size = sizeOf(text)
  const isFull = state.count >= limits.answers || state.bytes + size > limits.bytes / 2
  const turns = isFull && state.count > 0
  const generation = turns ? state.generation + 1 : state.generation
  const passing = until === undefined ? state.passing : generation
  const next: State = {
    generation,
    count: turns ? 1 : state.count + 1,
    bytes: turns ? size : state.bytes + size,
    given,
    passing,
    // Without an answer that holds only until something happens, it does not matter what does.
    ...(passing + 1 < generation ? { marks: [], floor: 0 } : marked(state, marks, given))
  }
  return { state: next, text, size, turns }
}

const marked = (state: State, names: ReadonlyArray<string>, at: number): Pick<State, "marks" | "floor"> => {
  if (names.length === 0) return state
  const marks = [...state.marks.filter(([name]) => !names.includes(name)), ...names.map((name) => [name, at] as const)]
  const gone = marks.splice(0, Math.max(0, marks.length - mostMarks))
  return { marks, floor: Math.max(state.floor, ...gone.map(([, last]) => last)) }
}

/** Notes what has happened without an answer. */
const noted = (state: State, marks: ReadonlyArray<string>): State =>
  marks.length === 0 ? state : { ...state, given: state.given + 1, ...marked(state, marks, state.given + 1) }

/** The response in a text, unless the message has become another one since; `owed` has happened after all answers. */
const responseIn = (state: State, text: string, owed: ReadonlyArray<string> = []): unknown => {
  const stored = Digits.parse(text)
  if (!Array.isArray(stored)) return stored
  // What `taken` wrote.
  const [given, until, response] = stored as [number, ReadonlyArray<string>, unknown]
  const isOver =
    given <= state.floor ||
    state.marks.some(([name, at]) => given <= at && until.includes(name)) ||
    until.some((name) => owed.includes(name))
  return isOver ? undefined : response
}

/** What is in memory of a station. */
class Shelf {
  state = fresh
  newer = new Map<string, string>()
  older = new Map<string, string>()
  olderBytes = 0
}

/** How many answers are left to a station that has more than others when there is no room. */
const few = 16

/** Answers in memory. */
export class Memory {
  private readonly limits: StationLimits
  private readonly total: number
  private readonly shelves: Lru<Shelf>
  private bytes = 0

  constructor(of: { readonly limits: StationLimits; readonly stations: number; readonly total: number }) {
    this.limits = of.limits
    this.total = of.total
    this.shelves = new Lru(of.stations, () => void this.forget())
  }

  /** The response that was given to a message. */
  find(identity: string, key: string): unknown {
    const known = this.shelves.peek(identity)
    if (known === undefined) return undefined
    const { newer, older, state } = this.shelves.use(identity, () => known)
    const text = newer.get(key) ?? older.get(key)
    return text === undefined ? undefined : responseIn(state, text)
  }

  add(identity: string, answer: GivenAnswer): void {
    const shelf = this.shelves.use(identity, () => new Shelf())
    const { size, state, text, turns } = taken(shelf.state, answer, this.limits)
    if (turns) {
      this.drop(shelf)
      shelf.older = shelf.newer
      shelf.olderBytes = shelf.state.bytes
      shelf.newer = new Map()
    }
    shelf.state = state
    shelf.newer.set(answer.key, text)
    this.bytes += size
    while (this.bytes > this.total && this.makeRoom(shelf)) continue
  }

  /** Notes what has happened at a station with no answer that is kept here. */
  note(identity: string, marks: ReadonlyArray<string>): void {
    const shelf = this.shelves.peek(identity)
    if (shelf !== undefined) shelf.state = noted(shelf.state, marks)
  }

  /** What is heard most of gives of its own first, so that the last answers to a station that is away stay. */
  private makeRoom(shelf: Shelf): boolean {
    if (shelf.older.size > 0) return this.drop(shelf)
    if (shelf.newer.size > few) return this.halve(shelf)
    return this.forget(shelf)
  }

  private drop(shelf: Shelf): true {
    this.bytes -= shelf.olderBytes
    shelf.older = new Map()
    shelf.olderBytes = 0
    return true
  }

  private halve(shelf: Shelf): true {
    const half = shelf.newer.size / 2
    let freed = 0
    for (const [key, text] of shelf.newer) {
      if (shelf.newer.size <= half) break
      shelf.newer.delete(key)
      freed += sizeOf(text)
    }
    shelf.state = { ...shelf.state, count: shelf.newer.size, bytes: shelf.state.bytes - freed }
    this.bytes -= freed
    return true
  }

  /** Forgets the station that was heard from least lately. */
  private forget(but?: Shelf): boolean {
    return this.shelves.forget((shelf) => {
      if (shelf === but) return false
      this.bytes -= shelf.state.bytes + shelf.olderBytes
      return true
    })
  }
}

/** Answers in a storage, in a space for each station: the state, and each answer by its generation and its message. */
export class Archive {
  private readonly storage: Storage["Service"]
  private readonly limits: StationLimits
  /** Who waits for the turn of a station, which takes one answer after the other. */
  private readonly turns = new Map<string, { readonly lock: Semaphore.Semaphore; users: number }>()
  /** What has happened at stations and could not be written yet. */
  private readonly owed = new Map<string, ReadonlyArray<string>>()

  constructor(storage: Storage["Service"], limits: StationLimits) {
    this.storage = storage
    this.limits = limits
  }

  /** The response that was given to a message. */
  readonly find = Effect.fnUntraced({ self: this }, function* (identity: string, key: string) {
    const state = yield* this.stateOf(identity)
    if (state === undefined) return undefined
    const space = spaceOf(identity)
    const text =
      (yield* this.storage.get(space, place(state.generation, key))) ??
      (yield* this.storage.get(space, place(state.generation - 1, key)))
    return text === undefined ? undefined : responseIn(state, text, this.owed.get(identity))
  })

  add(identity: string, answer: GivenAnswer): Effect.Effect<void, StorageError> {
    return this.inTurn(identity, this.owing(identity, answer.marks, this.write(identity, answer)))
  }

  /** Notes what has happened at a station with no answer that is kept. */
  note(identity: string, marks: ReadonlyArray<string>): Effect.Effect<void, StorageError> {
    const write = Effect.flatMap(this.stateOf(identity), (state) =>
      state === undefined || state.passing + 1 < state.generation
        ? Effect.void
        : this.storage.commit([
            {
              space: spaceOf(identity),
              key: stateKey,
              value: JSON.stringify(noted(noted(state, this.owed.get(identity) ?? []), marks))
            }
          ])
    )
    return this.inTurn(identity, this.owing(identity, marks, write))
  }

  /** Keeps in mind what has happened if it could not be written, and until it is. */
  private owing(
    identity: string,
    marks: ReadonlyArray<string>,
    write: Effect.Effect<void, StorageError>
  ): Effect.Effect<void, StorageError> {
    return write.pipe(
      Effect.tap(() => Effect.sync(() => this.owed.delete(identity))),
      Effect.tapCause(() =>
        Effect.sync(() => {
          const all = new Set([...(this.owed.get(identity) ?? []), ...marks])
          if (all.size > 0) this.owed.set(identity, Array.from(all).slice(-mostMarks))
        })
      )
    )
  }

  private readonly write = Effect.fnUntraced({ self: this }, function* (identity: string, answer: GivenAnswer) {
    const space = spaceOf(identity)
    const known = yield* this.stateOf(identity)
    const before = noted(known ?? fresh, this.owed.get(identity) ?? [])
    const { state, text } = taken(before, answer, this.limits)
    const gone = known === undefined ? yield* this.leftovers(identity) : yield* this.outdated(space, state)
    yield* this.storage.commit([
      ...gone,
      { space, key: place(state.generation, answer.key), value: text },
      { space, key: stateKey, value: JSON.stringify(state) }
    ])
  })

  private readonly stateOf = Effect.fnUntraced({ self: this }, function* (identity: string) {
    const text = yield* this.storage.get(spaceOf(identity), stateKey)
    if (text === undefined) return undefined
    const state = decodeState(text)
    if (Option.isNone(state)) yield* Effect.logError("the answers to a station could not be read back, and go")
    return Option.getOrUndefined(state)
  })

  /** Some of what is older than both generations, a little more than comes. */
  private outdated(space: string, { generation }: State): Effect.Effect<ReadonlyArray<StorageChange>, StorageError> {
    if (generation < 2) return Effect.succeed([])
    const kept = place(generation - 1, "")
    return Effect.map(this.storage.read(space, { limit: 4 }), (entries) =>
      entries.filter(({ key }) => key < kept).map(({ key }) => ({ space, key, value: undefined }))
    )
  }

  /** All that there is of a station of which nothing can be read. */
  private leftovers(identity: string): Effect.Effect<ReadonlyArray<StorageChange>, StorageError> {
    return Effect.map(
      Effect.forEach([spaceOf(identity), firstSpaceOf(identity)], (space) =>
        Effect.map(this.storage.read(space), (entries) =>
          entries.map(({ key }): StorageChange => ({ space, key, value: undefined }))
        )
      ),
      (all) => all.flat()
    )
  }

  private inTurn<A, E>(identity: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      const turn = this.turns.get(identity) ?? { lock: Semaphore.makeUnsafe(1), users: 0 }
      this.turns.set(identity, turn)
      turn.users++
      return Effect.ensuring(
        turn.lock.withPermit(effect),
        Effect.sync(() => {
          if (--turn.users === 0) this.turns.delete(identity)
        })
      )
    })
  }
}

/** The number is that of the form in which answers are stored. */
const spaceOf = (identity: string): string => `answer 2 ${JSON.stringify(identity)}`

/** The first form knew a message by some of its fields, which does not tell whether it is the same. */
const firstSpaceOf = (identity: string): string => `answer ${JSON.stringify(identity)}`

/** Comes after all answers, so that those that are to go are found at the beginning. */
const stateKey = "state"
const place = (generation: number, key: string): string => `${String(generation).padStart(10, "0")} ${key}`

const decodeState = Schema.decodeUnknownOption(Schema.fromJsonString(State))
