/** Words shorter than this are not looked for with a slip in them: too many others are one letter away. */
export const shortestWithTypo = 4

/** Words at least so long are recognised by their beginning with a slip in it, but not in its first letter. */
export const shortestBeginningWithTypo = 5

/**
 * Whether one letter was added, left out, replaced, or swapped with its neighbour; false for equal words. Words are
 * bytes (or character codes) from 0 up to their length.
 */
export function isOneEdit(a: Uint8Array, aLength: number, b: Uint8Array, bLength: number): boolean {
  if (aLength - bLength > 1 || bLength - aLength > 1) return false
  const least = Math.min(aLength, bLength)
  let start = 0
  while (start < least && a[start] === b[start]) start += 1
  let aEnd = aLength
  let bEnd = bLength
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1
    bEnd -= 1
  }
  const restOfA = aEnd - start
  const restOfB = bEnd - start
  if (restOfA <= 1 && restOfB <= 1) return restOfA + restOfB > 0
  return restOfA === 2 && restOfB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start]
}

/**
 * Whether a term begins with the typed word but for one slip, which is not in its first letter. That its last letter is
 * merely missing is no slip: a shorter word would begin too much.
 */
export function beginsOneEdit(
  typed: Uint8Array,
  length: number,
  term: Uint8Array,
  termLength: number,
): boolean {
  if (typed[0] !== term[0]) return false
  for (let cut = length - 1; cut <= length + 1 && cut <= termLength; cut += 1) {
    if (!isOneEdit(typed, length, term, cut)) continue
    if (cut >= length || term[cut - 1] === typed[length - 1]) return true
  }
  return false
}

/** How many letters at the beginning, or else at the end, stay as typed wherever one slip is. */
export function lettersThatStay(length: number): { first: number; last: number } {
  const first = (length - 1) >> 1
  return { first, last: length - 1 - first }
}
