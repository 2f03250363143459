/**
 * Text of a peer, as it may be shown.
 */

/**
 * The text with everything escaped that could move the cursor of a terminal, begin a new line or change the direction of
 * reading: control characters, separators of lines and marks of direction, each as `\u` and four digits. JSON stays the
 * same JSON.
 */
export const printable = (text: string): string =>
  text.replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
