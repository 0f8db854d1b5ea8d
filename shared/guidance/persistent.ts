/*
 * Lists and tables that are never changed in place. One with more in it shares all but a row or two with the one it
 * came from, so that an answer costs as much after ten thousand steps as after ten, and whoever holds the earlier one
 * still has it as it was.
 */

/** A list that is only ever added to at its end. */
export interface Chain<T> {
  readonly length: number
  readonly full: readonly (readonly T[])[]
  readonly last: readonly T[]
}

const chainRow = 32

export const emptyChain: Chain<never> = { length: 0, full: [], last: [] }

/** The list with the item at its end. */
export function chained<T>({ length, full, last }: Chain<T>, item: T): Chain<T> {
  const row = [...last, item]
  return row.length < chainRow
    ? { length: length + 1, full, last: row }
    : { length: length + 1, full: [...full, row], last: [] }
}

/** Its items as an array, made anew each time: whoever keeps the list does not keep the array. */
export function itemsOf<T>({ full, last }: Chain<T>): T[] {
  const items: T[] = []
  return items.concat(...full, last)
}

/** Something for each step, by the step's place in its document. */
export type Places<T> = readonly (readonly (T | undefined)[] | undefined)[]

const placesRow = 64

/** Undefined where nothing is, and for a step that has no place. */
export function placeIn<T>(places: Places<T>, place: number | undefined): T | undefined {
  return place === undefined ? undefined : places[Math.floor(place / placesRow)]?.[place % placesRow]
}

export function placed<T>(places: Places<T>, place: number, item: T | undefined): Places<T> {
  const at = Math.floor(place / placesRow)
  const row = [...(places[at] ?? [])]
  row[place % placesRow] = item
  const rows = [...places]
  rows[at] = row
  return rows
}
