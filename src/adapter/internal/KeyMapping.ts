/**
 * What a configuration key of 1.6 is in the device model of 2.x.
 */
import type * as Result from "effect/Result"
import type * as Variable from "../../domain/Variable.ts"

/**
 * Something that the other side cannot express, and why. `item` is what stood in the value, as it came: escape it before it
 * is shown.
 *
 * @category models
 * @since 0.1.0
 */
export interface Lost {
  readonly item: string
  readonly reason: string
}

/**
 * A value as the other side writes it, and what of it is lost.
 *
 * @category models
 * @since 0.1.0
 */
export interface Converted {
  readonly value: string
  readonly lost: ReadonlyArray<Lost>
}

/**
 * How values are converted, both ways. Where a value cannot be read, the failure says what it has to be, and never what it
 * is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Conversion {
  /** What it is called in the documentation. */
  readonly name: string
  /** From the value of a key to that of a variable. */
  readonly toVariable: (value: string) => Result.Result<Converted, string>
  /** From the value of a variable to that of a key. */
  readonly toKey: (value: string) => Result.Result<Converted, string>
}

/**
 * A value of a variable that a key stands for.
 *
 * **Details**
 *
 * With `each` it is one variable per connector: the address has no EVSE, and the value of the key is a list such as
 * `1.RST,2.RTS`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Target {
  readonly address: Variable.Address
  readonly aspect: Variable.Aspect
  readonly each?: "Connector" | undefined
}

/**
 * What is known of every key.
 *
 * @category models
 * @since 0.1.0
 */
export interface KeyNames {
  readonly key: string
  /** Other names under which it is read, but never written. */
  readonly aliases?: ReadonlyArray<string> | undefined
  /** What to know of it: where its meaning is not quite that of the variable. */
  readonly note?: string | undefined
  /** Whether its value is in no error. */
  readonly secret?: boolean | undefined
}

/**
 * A key that is backed by a variable, or by one per connector.
 *
 * @category models
 * @since 0.1.0
 */
export interface KeyMapping extends KeyNames {
  readonly _tag: "Key"
  readonly target: Target
  /** Of a list for connectors, what item 0 is for. */
  readonly zero?: Target | undefined
  readonly conversion: Conversion
}

/**
 * A key that is part of how the station connects. The variable tells its value; `field` is what sets it, of the network
 * connection profile, or absent if that is the variable too.
 *
 * @category models
 * @since 0.1.0
 */
export interface ConnectionMapping extends Omit<KeyMapping, "_tag"> {
  readonly _tag: "Connection"
  readonly field?: string | undefined
}

/**
 * What is known when a key is computed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Known {
  /** The value of a variable, if it is known. */
  readonly read: (target: Target) => string | undefined
  /** How many connectors the station has, if it is known. */
  readonly connectors: number | undefined
}

/**
 * A key that can only be read, and is computed of `sources`. `compute` gives `undefined` if a value is missing without
 * which it cannot be known.
 *
 * @category models
 * @since 0.1.0
 */
export interface DerivedMapping extends KeyNames {
  readonly _tag: "Derived"
  readonly sources: ReadonlyArray<Target>
  readonly compute: (known: Known) => string | undefined
  readonly note: string
}

/**
 * A key that has no counterpart; the note says why.
 *
 * @category models
 * @since 0.1.0
 */
export interface VendorOnlyMapping extends KeyNames {
  readonly _tag: "VendorOnly"
  readonly note: string
}

/**
 * What a configuration key is in the device model.
 *
 * @category models
 * @since 0.1.0
 */
export type Mapping = KeyMapping | ConnectionMapping | DerivedMapping | VendorOnlyMapping
