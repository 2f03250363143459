/**
 * The variables of a charging station: where each one is, and which of its values is meant.
 *
 * They are addressed as 2.x addresses them, by component and variable; a configuration key of 1.x is another name for
 * one or more of them.
 *
 * @see P1 §4
 * @since 0.1.0
 */
import * as order from "effect/Order"
import * as Schema from "effect/Schema"
import { escape } from "../Escape.ts"
import * as Wire from "../Wire.ts"

/**
 * An EVSE, or with `connectorId` one connector of it. Both are counted from 1, the connectors within their EVSE.
 *
 * @category models
 * @since 0.1.0
 */
export class Evse extends Schema.Opaque<Evse>()(
  Schema.Struct({
    id: Wire.Integer,
    connectorId: Schema.optionalKey(Wire.Integer)
  }).annotate({ identifier: "Evse" })
) {}

/**
 * A component: of the station, or with `evse` of an EVSE or a connector. `instance` says which one, where there are
 * several.
 *
 * @category models
 * @since 0.1.0
 */
export class Component extends Schema.Opaque<Component>()(
  Schema.Struct({
    name: Wire.text(50),
    instance: Schema.optionalKey(Wire.text(50)),
    evse: Schema.optionalKey(Evse)
  }).annotate({ identifier: "Component" })
) {}

/**
 * The name of a variable. `instance` says which one, where the component has several of the name.
 *
 * @category models
 * @since 0.1.0
 */
export class VariableName extends Schema.Opaque<VariableName>()(
  Schema.Struct({
    name: Wire.text(50),
    instance: Schema.optionalKey(Wire.text(50))
  }).annotate({ identifier: "VariableName" })
) {}

/**
 * The address of a variable: its component and its name.
 *
 * @category models
 * @since 0.1.0
 */
export class Address extends Schema.Opaque<Address>()(
  Schema.Struct({
    component: Component,
    variable: VariableName
  }).annotate({ identifier: "Address" })
) {}

/**
 * The attributes of a variable: its actual value, the value it is to have, and the bounds that were set for it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Attribute = Schema.Literals(["Actual", "Target", "MinSet", "MaxSet"]).annotate({ identifier: "Attribute" })
/**
 * An attribute of a variable.
 *
 * @category models
 * @since 0.1.0
 */
export type Attribute = typeof Attribute.Type

/**
 * The characteristics that say which values a variable can have.
 *
 * **Details**
 *
 * - `minLimit`, `maxLimit`: the least and the greatest number; of a text or a list `maxLimit` is the greatest length in
 *   characters, not the greatest number of items.
 * - `valuesList`: the words that may be in it, with commas between them.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Characteristic = Schema.Literals(["minLimit", "maxLimit", "valuesList"]).annotate({
  identifier: "Characteristic"
})
/**
 * A characteristic of a variable.
 *
 * @category models
 * @since 0.1.0
 */
export type Characteristic = typeof Characteristic.Type

/**
 * Which of the values of a variable is meant: an attribute or a characteristic.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Aspect = Schema.Literals([...Attribute.literals, ...Characteristic.literals]).annotate({
  identifier: "Aspect"
})
/**
 * An attribute or a characteristic of a variable.
 *
 * @category models
 * @since 0.1.0
 */
export type Aspect = typeof Aspect.Type

/**
 * A value of a variable, as text.
 *
 * **Gotchas**
 *
 * It may be a secret, such as a password.
 *
 * @category models
 * @since 0.1.0
 */
export class Value extends Schema.Opaque<Value>()(
  Schema.Struct({
    address: Address,
    aspect: Aspect,
    value: Schema.String
  }).annotate({ identifier: "Value" })
) {}

/**
 * An address as text for logs: `Connector[1,2].Available`, `OCPPCommCtrlr.MessageAttempts["TransactionEvent"]`; with
 * another aspect than the actual value, that behind it: `LocalAuthListCtrlr.Entries.maxLimit`.
 *
 * **Details**
 *
 * An instance stands in quotes, and so does a name that is no plain identifier. Different addresses have different texts,
 * and each text is one line without control characters, whatever a peer has put into the names.
 *
 * @category converting
 * @since 0.1.0
 */
export const text = ({ component, variable }: Address, aspect: Aspect = "Actual"): string => {
  const { evse } = component
  const place =
    evse === undefined ? "" : evse.connectorId === undefined ? `[${evse.id}]` : `[${evse.id},${evse.connectorId}]`
  return `${named(component)}${place}.${named(variable)}${aspect === "Actual" ? "" : `.${aspect}`}`
}

const named = ({ instance, name }: VariableName): string =>
  `${/^[\w*=:+|@-]+$/.test(name) ? name : quoted(name)}${instance === undefined ? "" : `[${quoted(instance)}]`}`

const quoted = (name: string): string => escape(JSON.stringify(name))

/**
 * A text that is the same for all ways to write an address: upper and lower case in names do not count.
 *
 * **When to use**
 *
 * As the key of a map or a record in a storage.
 *
 * @see P2 §2.1.4
 * @category converting
 * @since 0.1.0
 */
export const key = (address: Address, aspect?: Aspect): string => text(address, aspect).toLowerCase()

/**
 * Whether two addresses are the same.
 *
 * @category comparing
 * @since 0.1.0
 */
export const equals = (self: Address, that: Address): boolean => key(self) === key(that)

/**
 * Sorts addresses by component, by EVSE and connector as numbers, and by variable.
 *
 * @category comparing
 * @since 0.1.0
 */
export const Order: order.Order<Address> = order.combineAll([
  order.mapInput(order.String, ({ component }: Address) => named(component).toLowerCase()),
  order.mapInput(order.Number, ({ component }: Address) => component.evse?.id ?? 0),
  order.mapInput(order.Number, ({ component }: Address) => component.evse?.connectorId ?? 0),
  order.mapInput(order.String, ({ variable }: Address) => named(variable).toLowerCase())
])
