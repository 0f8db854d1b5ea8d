import type { WordTable } from './word-table.ts'

/** Letters of a word that are sorted as one number, five bits each; with where the word stands it fits in 53 bits. */
const lettersInHead = 7
const bitsOfLetter = 5
const mostPlaces = 2 ** (53 - lettersInHead * bitsOfLetter)

/** Read from the beginning, or backwards. */
type Direction = 1 | -1

/** Numbers of lists in the order of their words and, for one word, of their fields; words of a to z apart. */
export function sortLists(table: WordTable): { plain: Uint32Array; others: Uint32Array } {
  const plain: number[] = []
  const others: number[] = []
  const { arena } = table
  for (let list = 0; list < table.listCount; list += 1) {
    const end = table.endOf(list)
    let at = table.startOf(list)
    while (at < end && (arena[at] as number) > 96 && (arena[at] as number) < 123) at += 1
    if (at === end) plain.push(list)
    else others.push(list)
  }
  const order = (a: number, b: number) => compare(table, a, b, 0, 1) || table.fieldOf(a) - table.fieldOf(b)
  const places = sortedPlaces(table, plain, 1)
  return {
    plain: places.map((place) => plain[place] as number),
    others: Uint32Array.from(others).sort(order),
  }
}

/** Places of the lists (of words of a to z) in the order of the words read backwards. */
export const sortEndings = (table: WordTable, lists: Uint32Array): Uint32Array =>
  sortedPlaces(table, lists, -1)

/** Numbers are sorted much faster than what has to be compared: only words that begin alike are compared. */
function sortedPlaces(table: WordTable, lists: ArrayLike<number>, direction: Direction): Uint32Array {
  const order = (a: number, b: number, from: number) => {
    const first = lists[a] as number
    const second = lists[b] as number
    return compare(table, first, second, from, direction) || table.fieldOf(first) - table.fieldOf(second)
  }
  const places = Uint32Array.from({ length: lists.length }, (_, place) => place)
  if (lists.length > mostPlaces) return places.sort((a, b) => order(a, b, 0))
  const keys = new Float64Array(lists.length)
  for (let place = 0; place < keys.length; place += 1) {
    keys[place] = headOf(table, lists[place] as number, direction) * mostPlaces + place
  }
  keys.sort()
  let alikeFrom = 0
  let before = -1
  for (let index = 0; index <= keys.length; index += 1) {
    const key = keys[index] ?? -1
    const head = Math.floor(key / mostPlaces)
    if (index < keys.length) places[index] = key % mostPlaces
    if (head === before) continue
    if (index - alikeFrom > 1) places.subarray(alikeFrom, index).sort((a, b) => order(a, b, lettersInHead))
    alikeFrom = index
    before = head
  }
  return places
}

function headOf(table: WordTable, list: number, direction: Direction): number {
  const { arena } = table
  const start = table.startOf(list)
  const end = table.endOf(list)
  let at = direction === 1 ? start : end - 1
  let head = 0
  for (let letter = 0; letter < lettersInHead; letter += 1) {
    const value = at >= start && at < end ? (arena[at] as number) - 96 : 0
    head = head * 2 ** bitsOfLetter + value
    at += direction
  }
  return head
}

/** Compares two words of which so many letters are alike. */
function compare(table: WordTable, a: number, b: number, from: number, direction: Direction): number {
  const { arena } = table
  const aLength = table.endOf(a) - table.startOf(a)
  const bLength = table.endOf(b) - table.startOf(b)
  const aFirst = direction === 1 ? table.startOf(a) : table.endOf(a) - 1
  const bFirst = direction === 1 ? table.startOf(b) : table.endOf(b) - 1
  for (let letter = from; letter < aLength && letter < bLength; letter += 1) {
    const difference =
      (arena[aFirst + letter * direction] as number) - (arena[bFirst + letter * direction] as number)
    if (difference !== 0) return difference
  }
  return aLength - bLength
}
