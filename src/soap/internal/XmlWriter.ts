/**
 * Writes texts and elements as XML.
 */

/** Characters for which XML has no form, and halves of surrogate pairs. */
const unfit =
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** Whether a text has a form in XML. */
export const isFit = (text: string): boolean => isPlain(text) || !unfit.test(text)

/** Whether a text stands in XML as it is, as most do: it is of printable ASCII without what is special. */
const isPlain = (text: string): boolean => /^[ !#-%'-;=?-~]*$/.test(text)

const special = /[&<>"\t\n\r]/g
const written: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;"
}

/** A text without what has no form. */
export const fitted = (text: string): string => (isPlain(text) ? text : text.replace(unfits, "\uFFFD"))

const unfits = new RegExp(unfit, "g")

/** A text as it stands in an element or an attribute, in which nothing of it is lost. */
export const escaped = (text: string): string =>
  isPlain(text) ? text : text.replace(special, (character) => written[character]!)

/** An element; attributes and content are XML already. */
export const element = (name: string, content: string, attributes = ""): string =>
  content === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`
