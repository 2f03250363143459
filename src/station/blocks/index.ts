/**
 * Ready-made blocks of a station whose version does not matter, over what its controller knows of the hardware.
 *
 * @since 0.1.0
 */
export * as Evses from "./Evses.ts"
