/**
 * Text of a peer as it may be shown: in a log, in the message of an error, on a terminal.
 *
 * @since 0.1.0
 */

/**
 * Text in which each character that does not stand for itself on a line is written as `\uXXXX`: control characters of
 * C0 and C1, line and paragraph separators, marks of the writing direction and of the byte order, and halves of a surrogate
 * pair. JSON that is escaped is the same JSON.
 *
 * @internal
 */
export const escape = (text: string): string =>
  unsafe.test(text)
    ? text.replaceAll(everyUnsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : text

/** Whether each character of a text stands for itself on a line. @internal */
export const isPlain = (text: string): boolean => !unsafe.test(text)

const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/u
const everyUnsafe = new RegExp(unsafe, "gu")
