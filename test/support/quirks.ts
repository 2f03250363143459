/**
 * Messages with one fault that a tolerance may let through: made from the constraints of a schema, one for every kind at
 * every place that has room for it, and a collection of faults that stations are known for.
 */
import type { ErrorCode, ToleratedFrameKind, ToleratedKind, Violation } from "../../src/index.ts"
import type { Constraints } from "./constraints.ts"

/** A message with one fault. */
export interface Quirk {
  readonly kind: ToleratedKind
  /** Where strict decoding finds the fault, and with which code. */
  readonly path: string
  readonly code: ErrorCode
  /** Where tolerant decoding tells it, if elsewhere. */
  readonly told?: string
  readonly value: unknown
  /** What it is read as. */
  readonly meant: unknown
  /** The kinds that may let it through where its own does not. */
  readonly otherwise: ReadonlyArray<ToleratedKind>
}

type Fields = { readonly [name: string]: unknown }

const isFields = (u: unknown): u is Fields => typeof u === "object" && u !== null && !Array.isArray(u)

/** A part of a value, and how the value looks with another part in its place, or with none. */
interface Place {
  readonly path: string
  readonly value: unknown
  readonly constraints: Constraints
  readonly isOptional: boolean
  readonly put: (part: unknown) => unknown
  readonly drop: () => unknown
}

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

/** Of the items of a list the first one stands for all. */
const places = (place: Place): ReadonlyArray<Place> => {
  const { constraints, put, value } = place
  if (Array.isArray(value) && value.length > 0) {
    const item: Place = {
      path: `${place.path}[0]`,
      value: value[0],
      constraints: constraints.items ?? {},
      isOptional: false,
      put: (part) => put([part, ...value.slice(1)]),
      drop: () => put(value.slice(1))
    }
    return [place, ...places(item)]
  }
  if (!isFields(value)) return [place]
  return [
    place,
    ...Object.entries(value).flatMap(([name, field]) =>
      places({
        path: at(place, name),
        value: field,
        constraints: constraints.properties?.[name] ?? {},
        isOptional: constraints.required?.includes(name) !== true,
        put: (part) => put({ ...value, [name]: part }),
        drop: () => put(without(value, name))
      })
    )
  ]
}

const at = (place: Place, name: string): string => (place.path === "" ? name : `${place.path}.${name}`)

type Found = Omit<Quirk, "kind" | "path" | "otherwise"> & Partial<Pick<Quirk, "path" | "otherwise">>

const isOf = (constraints: Constraints, type: string): boolean => constraints.type?.includes(type) === true

const isText = ({ constraints }: Place): boolean => isOf(constraints, "string") && constraints.enum === undefined

const isFree = (place: Place): boolean => isText(place) && place.constraints.format === undefined

const isNumber = ({ constraints }: Place): boolean => isOf(constraints, "number") || isOf(constraints, "integer")

const fits = (text: string, { maxLength = Infinity }: Constraints): boolean => text.length <= maxLength

/** The code of a value of the wrong type. */
const wrongType = "TypeConstraintViolation"
const wrongValue = "PropertyConstraintViolation"
const wrongNumber = "OccurrenceConstraintViolation"
const wrongField = "FormatViolation"

/** What an empty value breaks, if anything. */
const codeOfEmpty = (empty: unknown, { constraints }: Place): ErrorCode | undefined => {
  if (constraints.type === undefined) return undefined
  if (empty === "") {
    if (!isOf(constraints, "string")) return wrongType
    return constraints.enum === undefined && constraints.format === undefined ? undefined : wrongValue
  }
  if (Array.isArray(empty)) {
    if (!isOf(constraints, "array")) return wrongType
    return constraints.minItems === undefined ? undefined : wrongNumber
  }
  if (!isOf(constraints, "object")) return wrongType
  return constraints.required === undefined ? undefined : wrongNumber
}

/** The kinds other than its own that may let an empty value through. */
const letsEmptyThrough = (empty: unknown, place: Place): ReadonlyArray<ToleratedKind> => {
  if (empty === "") return place.constraints.format === "uri" ? ["InvalidUri"] : ["UnknownValue"]
  return isText(place) ? ["ObjectForText"] : Array.isArray(empty) ? ["EmptyList"] : ["MissingWrapper"]
}

const isInteger = ({ constraints }: Place): boolean => isOf(constraints, "integer")

const isClosed = ({ constraints }: Place): boolean => constraints.additionalProperties === false

/** The fields of a required object in the place of that object, if it can be told that they are. */
const unwrapped = (place: Place): ReadonlyArray<Found> => {
  const { constraints, put, value } = place
  if (!isFields(value) || !isClosed(place)) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const type = constraints.properties?.[name]
    const required = type?.required ?? []
    if (!isFields(inner) || constraints.required?.includes(name) !== true || type?.additionalProperties !== false)
      return []
    if (required.length === 0 || required.some((field) => Object.hasOwn(constraints.properties ?? {}, field))) return []
    const moved = Object.fromEntries(
      Object.entries(inner).filter(([field]) => !Object.hasOwn(constraints.properties ?? {}, field))
    )
    return [
      {
        path: at(place, name),
        code: wrongNumber,
        value: put({ ...without(value, name), ...moved }),
        meant: put({ ...value, [name]: moved })
      } as const
    ]
  })
}

const find: { readonly [K in Exclude<ToleratedKind, ToleratedFrameKind>]: (place: Place) => ReadonlyArray<Found> } = {
  NullForAbsent: ({ constraints, drop, isOptional, put }) =>
    isOptional && constraints.type !== undefined ? [{ code: wrongType, value: put(null), meant: drop() }] : [],
  EmptyForAbsent: (place) =>
    !place.isOptional
      ? []
      : ["", [], {}].flatMap((empty) => {
          const code = codeOfEmpty(empty, place)
          if (code === undefined) return []
          const missing = isFields(empty) && isOf(place.constraints, "object") ? place.constraints.required : undefined
          return [
            {
              code,
              value: place.put(empty),
              meant: place.drop(),
              otherwise: letsEmptyThrough(empty, place),
              ...(missing === undefined ? {} : { path: at(place, missing[0] ?? ""), told: place.path })
            }
          ]
        }),
  EmptyList: ({ constraints, isOptional, put }) =>
    isOptional || constraints.minItems === undefined
      ? []
      : [{ code: wrongNumber, value: put([]), meant: put([]), otherwise: ["EmptyForAbsent"] }],
  ExtraField: (place) =>
    isFields(place.value) && isClosed(place)
      ? ["vendorField", "__proto__"].map((name) => ({
          path: at(place, name),
          code: wrongField,
          value: place.put(Object.fromEntries([...Object.entries(place.value as Fields), [name, { polluted: true }]])),
          meant: place.put(place.value)
        }))
      : [],
  WrongCase: (place) => {
    const { constraints, put, value } = place
    if (typeof value === "string" && constraints.enum !== undefined) {
      const other = [value.toLowerCase(), value.toUpperCase()].find(
        (word) => constraints.enum?.includes(word) === false
      )
      if (other === undefined) return []
      return [{ code: wrongValue, value: put(other), meant: put(value), otherwise: ["UnknownValue"] }]
    }
    if (!isFields(value) || !isClosed(place)) return []
    return Object.entries(value).flatMap(([name, field]) => {
      const other = name.charAt(0).toUpperCase() + name.slice(1)
      if (Object.hasOwn(value, other)) return []
      return [
        {
          path: at(place, other),
          code: wrongField,
          value: put({ ...without(value, name), [other]: field }),
          meant: put(value),
          otherwise: ["ExtraField"]
        } as const
      ]
    })
  },
  UnknownValue: ({ constraints, put }) =>
    constraints.enum === undefined ? [] : [{ code: wrongValue, value: put("__proto__"), meant: put("__proto__") }],
  TooLongText: ({ constraints: { maxLength = Infinity }, put }) => {
    if (maxLength === Infinity) return []
    const long = "\u{1F50B}".repeat(maxLength + 1)
    return [{ code: wrongValue, value: put(long), meant: put(long) }]
  },
  TooLongList: ({ constraints: { maxItems = Infinity }, put, value }) => {
    if (maxItems === Infinity || !Array.isArray(value)) return []
    const long = Array.from({ length: maxItems + 1 }, (): unknown => value[0])
    return [{ code: wrongNumber, value: put(long), meant: put(long) }]
  },
  InvalidUri: ({ constraints, put }) =>
    constraints.format === "uri" ? [{ code: wrongValue, value: put("a b"), meant: put("a b") }] : [],
  OutOfRange: ({ constraints: { maximum, minimum }, put }) =>
    [minimum === undefined ? [] : [minimum - 1], maximum === undefined ? [] : [maximum + 1]]
      .flat()
      .map((number) => ({ code: wrongValue, value: put(number), meant: put(number) }) as const),
  FractionForInteger: (place) => {
    if (!isInteger(place)) return []
    const fraction = (place.constraints.minimum ?? 0) + 0.5
    return [{ code: wrongType, value: place.put(fraction), meant: place.put(fraction) }]
  },
  TooManyDecimals: ({ constraints, put }) =>
    constraints.multipleOf === undefined ? [] : [{ code: wrongValue, value: put(16.25), meant: put(16.25) }],
  NumberTooLarge: (place) => {
    const { constraints, drop, isOptional, put } = place
    if (!isNumber(place) || constraints.maximum !== undefined) return []
    return [
      ...(isInteger(place) ? [{ code: wrongType, value: put(2 ** 63), meant: put(2 ** 63) } as const] : []),
      ...(isOptional
        ? [{ code: isInteger(place) ? wrongType : wrongValue, value: put(Infinity), meant: drop() } as const]
        : [])
    ]
  },
  TextForNumber: (place) =>
    isNumber(place) ? [{ code: wrongType, value: place.put(String(place.value)), meant: place.put(place.value) }] : [],
  TextForBoolean: ({ constraints, put, value }) =>
    isOf(constraints, "boolean")
      ? [{ code: wrongType, value: put(value === true ? "True" : "false"), meant: put(value) }]
      : [],
  NumberForBoolean: ({ constraints, put, value }) =>
    isOf(constraints, "boolean") ? [{ code: wrongType, value: put(value === true ? 1 : 0), meant: put(value) }] : [],
  NumberForText: (place) =>
    isFree(place) && fits("-1.5", place.constraints)
      ? [{ code: wrongType, value: place.put(-1.5), meant: place.put("-1.5") }]
      : [],
  BooleanForText: (place) =>
    isFree(place) && fits("true", place.constraints)
      ? [{ code: wrongType, value: place.put(true), meant: place.put("true") }]
      : [],
  ObjectForText: (place) =>
    place.path === "data" && isText(place) && place.constraints.maxLength === undefined
      ? [{ code: wrongType, value: place.put({ a: [1] }), meant: place.put('{"a":[1]}') }]
      : [],
  LocalTime: ({ constraints, put }) =>
    constraints.format === "date-time"
      ? [
          { code: wrongValue, value: put("2026-11-22T06:00:00.5"), meant: put("2026-11-22T06:00:00.5Z") },
          { code: wrongValue, value: put("2026-11-22 06:00:00+02"), meant: put("2026-11-22T06:00:00+02:00") }
        ]
      : [],
  MissingWrapper: (place) => {
    const { constraints, put, value } = place
    if (!Array.isArray(value)) return unwrapped(place)
    const isObjects = isFields(value[0]) && (constraints.minItems ?? 0) < 2
    return isObjects ? [{ code: wrongType, value: put(value[0]), meant: put([value[0]]) }] : []
  }
}

const kinds = Object.entries(find) as ReadonlyArray<[ToleratedKind, (place: Place) => ReadonlyArray<Found>]>

/** The name of a place and of the object that it is in. */
const nameOf = (path: string): string => path.split(".").slice(-2).join(".")

/**
 * A valid value with one fault of every kind at every place that has room for it. Within objects, places of the same name
 * in an object of the same name are of the same type, so only those are looked at that are not `known` yet.
 */
export const quirks = (constraints: Constraints, value: unknown, known: Set<string>): ReadonlyArray<Quirk> => {
  const whole: Place = { path: "", value, constraints, isOptional: false, put: (part) => part, drop: () => undefined }
  return places(whole).flatMap((place) => {
    const name = nameOf(place.path)
    if (known.has(name)) return []
    if (name.includes(".")) known.add(name)
    return kinds.flatMap(([kind, inPlace]) =>
      inPlace(place).map((found): Quirk => Object.assign({ kind, path: place.path, otherwise: [] }, found))
    )
  })
}

/** What stations have sent, by the message of 1.6 that it was, and what is told of it. */
export const seen: ReadonlyArray<{
  readonly what: string
  readonly message: string
  readonly value: unknown
  readonly meant: unknown
  readonly told: ReadonlyArray<readonly [ToleratedKind, Violation["path"]]>
}> = [
  {
    what: "Schneider EVlink: both serial numbers in one (mobilityhouse/ocpp#273)",
    message: "BootNotificationRequest",
    value: {
      chargeBoxSerialNumber: "EVB1A22P2RI3N182341200100350795E5",
      chargePointModel: "EVlink Smart Wallbox",
      chargePointSerialNumber: "3N18310641B55",
      chargePointVendor: "Schneider Electric"
    },
    meant: {
      chargeBoxSerialNumber: "EVB1A22P2RI3N182341200100350795E5",
      chargePointModel: "EVlink Smart Wallbox",
      chargePointSerialNumber: "3N18310641B55",
      chargePointVendor: "Schneider Electric"
    },
    told: [["TooLongText", "chargeBoxSerialNumber"]]
  },
  {
    what: "null for no text; the seven decimals of .NET are no fault (mobilityhouse/ocpp#296)",
    message: "StatusNotificationRequest",
    value: {
      connectorId: 1,
      errorCode: "NoError",
      info: null,
      status: "Unavailable",
      timestamp: "2022-01-27T14:42:15.1240977Z"
    },
    meant: { connectorId: 1, errorCode: "NoError", status: "Unavailable", timestamp: "2022-01-27T14:42:15.1240977Z" },
    told: [["NullForAbsent", "info"]]
  },
  {
    what: "Legrand Green'Up: an error of its own (lbbrhzn/ocpp#1248)",
    message: "StatusNotificationRequest",
    value: { connectorId: 0, errorCode: "Error", status: "Faulted", timestamp: "2024-08-03T16:16:55Z" },
    meant: { connectorId: 0, errorCode: "Error", status: "Faulted", timestamp: "2024-08-03T16:16:55Z" },
    told: [["UnknownValue", "errorCode"]]
  },
  {
    what: "Growatt THOR: the time on its wall (evcc-io/evcc#10399)",
    message: "StartTransactionRequest",
    value: { connectorId: 1, idTag: "evcc", meterStart: 0, reservationId: 0, timestamp: "2023-10-19T15:28:07" },
    meant: { connectorId: 1, idTag: "evcc", meterStart: 0, reservationId: 0, timestamp: "2023-10-19T15:28:07Z" },
    told: [["LocalTime", "timestamp"]]
  },
  {
    what: "an offset of hours (monta-app/ocpp-emulator#53)",
    message: "StatusNotificationRequest",
    value: { connectorId: 0, errorCode: "NoError", status: "Unavailable", timestamp: "2025-04-25T15:39:32+03" },
    meant: { connectorId: 0, errorCode: "NoError", status: "Unavailable", timestamp: "2025-04-25T15:39:32+03:00" },
    told: [["LocalTime", "timestamp"]]
  },
  {
    what: "OpenEVSE: numbers for values (lbbrhzn/ocpp#210)",
    message: "MeterValuesRequest",
    value: {
      connectorId: 1,
      meterValue: [{ timestamp: "2021-11-22T20:38:32.000Z", sampledValue: [{ value: 604.213, unit: "Wh" }] }]
    },
    meant: {
      connectorId: 1,
      meterValue: [{ timestamp: "2021-11-22T20:38:32.000Z", sampledValue: [{ value: "604.213", unit: "Wh" }] }]
    },
    told: [["NumberForText", "meterValue[0].sampledValue[0].value"]]
  },
  {
    what: "Huawei: a meter value for a list of them (lbbrhzn/ocpp#1144)",
    message: "MeterValuesRequest",
    value: { connectorId: 1, meterValue: { timestamp: "2024-04-16T17:28:55Z", sampledValue: [{ value: "0.00" }] } },
    meant: { connectorId: 1, meterValue: [{ timestamp: "2024-04-16T17:28:55Z", sampledValue: [{ value: "0.00" }] }] },
    told: [["MissingWrapper", "meterValue"]]
  },
  {
    what: "Charge Amps Halo: a unit of its own (lbbrhzn/ocpp#1576)",
    message: "MeterValuesRequest",
    value: {
      connectorId: 1,
      meterValue: [{ timestamp: "2024-04-16T17:28:55Z", sampledValue: [{ value: "50", unit: "Hz" }, { value: "1" }] }]
    },
    meant: {
      connectorId: 1,
      meterValue: [{ timestamp: "2024-04-16T17:28:55Z", sampledValue: [{ value: "50", unit: "Hz" }, { value: "1" }] }]
    },
    told: [["UnknownValue", "meterValue[0].sampledValue[0].unit"]]
  },
  {
    what: "settings of their own types, and booleans as text or number (evcc-io/evcc#10339, #26253)",
    message: "GetConfigurationResponse",
    value: {
      configurationKey: [
        { key: "ChargeProfileMaxStackLevel", readonly: "true", value: 5 },
        { key: "AuthorizeRemoteTxRequests", readonly: 0, value: false }
      ],
      unknownKey: null
    },
    meant: {
      configurationKey: [
        { key: "ChargeProfileMaxStackLevel", readonly: true, value: "5" },
        { key: "AuthorizeRemoteTxRequests", readonly: false, value: "false" }
      ]
    },
    told: [
      ["TextForBoolean", "configurationKey[0].readonly"],
      ["NumberForText", "configurationKey[0].value"],
      ["NumberForBoolean", "configurationKey[1].readonly"],
      ["BooleanForText", "configurationKey[1].value"],
      ["NullForAbsent", "unknownKey"]
    ]
  }
]
