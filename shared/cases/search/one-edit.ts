/** Words shorter than this are not looked for with a slip in them: too many others are one letter away. */
export const shortestWithTypo = 4

/** Words at least so long are recognised by their beginning with a slip in it. */
export const shortestBeginningWithTypo = 5

/** Whether one letter was added, left out, replaced, or swapped with its neighbour; false for equal words. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1
  }
  const restOfA = a.length - start - end
  const restOfB = b.length - start - end
  if (restOfA <= 1 && restOfB <= 1) return true
  return restOfA === 2 && restOfB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start]
}

/*
 * The same for all words of a sorted dictionary at once. After some letters of a term, the letters of the typed word
 * that may have been used up are a set of states, five bits:
 */
const asTyped = 1
/** With one slip, and so many letters used up as the term has, less one, as many, more one. */
const slipBehind = 2
const slipLevel = 4
const slipAhead = 8
/** The next two letters are swapped, and the second was just read. */
const swapping = 16

/** States after one more letter of a term, the `depth`th from 0. 0 when no word one slip away begins so. */
export function nextStates(
  states: number,
  typed: Uint8Array,
  length: number,
  depth: number,
  letter: number,
): number {
  const here = depth < length ? typed[depth] : -1
  const ahead = depth + 1 < length ? typed[depth + 1] : -1
  const behind = depth > 0 && depth <= length ? typed[depth - 1] : -1
  let next = 0
  if (states & asTyped) {
    if (letter === here) next |= asTyped
    next |= slipBehind
    if (here !== -1) next |= slipLevel
    if (letter === ahead) next |= slipAhead | swapping
  }
  if (states & slipBehind && letter === behind) next |= slipBehind
  if (states & slipLevel && letter === here) next |= slipLevel
  if (states & slipAhead && letter === ahead) next |= slipAhead
  if (states & swapping && letter === behind) next |= slipLevel
  return next
}

export const firstStates = asTyped

/** Whether a term that ends in these states after `depth` letters is the typed word with one slip, or as typed. */
export function endsOneEdit(states: number, length: number, depth: number): boolean {
  if (states & asTyped && (depth === length || depth === length - 1)) return true
  if (states & slipLevel && depth === length) return true
  if (states & slipBehind && depth - 1 === length) return true
  return (states & slipAhead) !== 0 && depth + 1 === length
}

/** Whether every term that goes on from here begins with the typed word, with one slip in it. */
export function beginsOneEdit(states: number, length: number, depth: number): boolean {
  if (states & slipLevel && depth === length) return true
  if (states & slipBehind && depth - 1 === length) return true
  return (states & slipAhead) !== 0 && depth + 1 === length
}
