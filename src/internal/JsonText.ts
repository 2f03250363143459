/**
 * What is where in a text of JSON, found without parsing it.
 */

export const quotationMark = 0x22
export const backslash = 0x5c

/** Where the text in quotes ends that begins here: at its other quotation mark, or with all if there is none. */
export const endOfText = (json: string, start: number): number => {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0
    while (json.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
  return json.length
}

// Brackets and braces differ in one bit.
export const isOpening = (code: number): boolean => (code & ~0x20) === 0x5b
export const isClosing = (code: number): boolean => (code & ~0x20) === 0x5d
