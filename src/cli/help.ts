/**
 * The help of the commands as it is shown.
 */

/** Help in lines that are no longer than `width`, which end between words and go on below where they began. */
export const wrapped = (help: string, width: number): string =>
  help
    .split("\n")
    .flatMap((line) => wrap(line, width))
    .join("\n")

const wrap = (line: string, width: number): ReadonlyArray<string> => {
  if (line.length <= width) return [line]
  // The name of a flag and what is said of it, or text alone.
  const [, left = "", right = line] = /^(\s+\S.*?\s{2,})(\S.*)$/.exec(line) ?? /^(\s*)(.*)$/.exec(line) ?? []
  const fits = left.length <= width / 2
  const indent = " ".repeat(fits ? left.length : 8)
  const lines = fits ? [] : [left.trimEnd()]
  let current = fits ? left : indent
  for (const word of right.split(" ")) {
    const isFirst = current.trim() === "" || current === left
    if (!isFirst && current.length + 1 + word.length > width) {
      lines.push(current)
      current = indent + word
    } else {
      current += isFirst ? word : ` ${word}`
    }
  }
  return [...lines, current]
}
