/**
 * Texts of their own: part of a text keeps the whole text in memory, and a copy of the part does not.
 */

/** A copy of a text, or of a part of one. */
export const ownText = (text: string): string => Array.from(text).join("")

/** The beginning of a message that could not be read, as it is kept. */
export const beginning = (text: string): string => ownText(text.slice(0, longestKept))

/** How many UTF-16 code units are kept. */
const longestKept = 4096
