import type { WordTable } from './word-table.ts'

/** Numbers of lists in the order of their words and, for one word, of their fields; words of a to z apart. */
export function sortLists(table: WordTable): { plain: Uint32Array; others: Uint32Array } {
  const plain: number[] = []
  const others: number[] = []
  const { arena } = table
  const heads = new Float64Array(table.listCount)
  for (let list = 0; list < table.listCount; list += 1) {
    const start = table.startOf(list)
    const end = table.endOf(list)
    let isPlain = true
    let head = 0
    for (let at = start; at < start + 6; at += 1) head = head * 256 + (at < end ? (arena[at] as number) : 0)
    heads[list] = head
    for (let at = start; at < end && isPlain; at += 1) {
      const code = arena[at] as number
      isPlain = code > 96 && code < 123
    }
    if (isPlain) plain.push(list)
    else others.push(list)
  }
  const order = (a: number, b: number): number =>
    (heads[a] as number) - (heads[b] as number) ||
    compareRest(table, a, b) ||
    table.fieldOf(a) - table.fieldOf(b)
  return { plain: Uint32Array.from(plain).sort(order), others: Uint32Array.from(others).sort(order) }
}

function compareRest(table: WordTable, a: number, b: number): number {
  const { arena } = table
  const aEnd = table.endOf(a)
  const bEnd = table.endOf(b)
  let aAt = table.startOf(a) + 6
  let bAt = table.startOf(b) + 6
  while (aAt < aEnd && bAt < bEnd) {
    const difference = (arena[aAt] as number) - (arena[bAt] as number)
    if (difference !== 0) return difference
    aAt += 1
    bAt += 1
  }
  return aEnd - aAt - (bEnd - bAt)
}

/** Numbers of the words (of a to z, one list of each given) in the order of the words read backwards. */
export function sortEndings(table: WordTable, lists: Uint32Array): Uint32Array {
  const { arena } = table
  const heads = new Float64Array(lists.length)
  for (let term = 0; term < lists.length; term += 1) {
    const start = table.startOf(lists[term] as number)
    let head = 0
    let at = table.endOf(lists[term] as number) - 1
    for (let back = 0; back < 6; back += 1, at -= 1)
      head = head * 256 + (at >= start ? (arena[at] as number) : 0)
    heads[term] = head
  }
  const order = (a: number, b: number): number =>
    (heads[a] as number) - (heads[b] as number) ||
    compareBackwards(table, lists[a] as number, lists[b] as number)
  return Uint32Array.from(lists, (_, term) => term).sort(order)
}

function compareBackwards(table: WordTable, a: number, b: number): number {
  const { arena } = table
  const aStart = table.startOf(a)
  const bStart = table.startOf(b)
  let aAt = table.endOf(a) - 7
  let bAt = table.endOf(b) - 7
  while (aAt >= aStart && bAt >= bStart) {
    const difference = (arena[aAt] as number) - (arena[bAt] as number)
    if (difference !== 0) return difference
    aAt -= 1
    bAt -= 1
  }
  return aAt - aStart - (bAt - bStart)
}
