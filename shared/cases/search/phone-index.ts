import { damaged } from './bytes.ts'
import { shortestPhonePiece } from './query.ts'

const grams = 10 ** shortestPhonePiece
const zero = 48

/**
 * The telephone numbers of a segment, found by any piece of four digits or more. Which numbers have four given digits,
 * and where, is worked out at the first search: it is quick, and needs no room on the disk.
 */
export class PhoneIndex {
  /** Digits of all numbers, one after another, as characters. */
  readonly digits: Uint8Array
  /** Where each number begins, and where the last one ends. */
  readonly starts: Uint32Array
  /** Of each number. */
  readonly rows: Uint16Array
  /** By four digits: where in `#places` theirs begin. */
  #gramStarts: Uint32Array | null = null
  /** Where in `digits` each four digits stand; which number that is. */
  #places = new Uint32Array(0)
  #numbers = new Uint32Array(0)

  constructor(digits: Uint8Array, starts: Uint32Array, rows: Uint16Array) {
    this.digits = digits
    this.starts = starts
    this.rows = rows
  }

  /** Calls `visit` with the number's place and where in it the piece stands, for every time it occurs. */
  find(piece: string, visit: (number: number, at: number) => void): void {
    if (this.rows.length === 0 || piece.length < shortestPhonePiece) return
    const gramStarts = this.#gramStarts ?? this.#index()
    const gram = Number(piece.slice(0, shortestPhonePiece))
    const end = gramStarts[gram + 1] as number
    for (let index = gramStarts[gram] as number; index < end; index += 1) {
      const number = this.#numbers[index] as number
      const place = this.#places[index] as number
      if (place + piece.length > (this.starts[number + 1] as number)) continue
      let at = shortestPhonePiece
      while (at < piece.length && this.digits[place + at] === piece.charCodeAt(at)) at += 1
      if (at === piece.length) visit(number, place - (this.starts[number] as number))
    }
  }

  #index(): Uint32Array {
    const { digits, starts } = this
    const ends = new Uint32Array(grams + 1)
    const count = this.#walk((gram) => {
      ends[gram + 1] = (ends[gram + 1] as number) + 1
    })
    for (let gram = 0; gram < grams; gram += 1)
      ends[gram + 1] = (ends[gram + 1] as number) + (ends[gram] as number)
    this.#places = new Uint32Array(count)
    this.#numbers = new Uint32Array(count)
    const next = ends.slice()
    this.#walk((gram, place, number) => {
      const index = next[gram] as number
      this.#places[index] = place
      this.#numbers[index] = number
      next[gram] = index + 1
    })
    if ((starts.at(-1) ?? 0) > digits.length) throw damaged()
    this.#gramStarts = ends
    return ends
  }

  /** Every four digits of every number; answers how many there are. */
  #walk(visit: (gram: number, place: number, number: number) => void): number {
    const { digits, starts } = this
    let count = 0
    for (let number = 0; number < this.rows.length; number += 1) {
      const end = starts[number + 1] as number
      let gram = 0
      let length = 0
      for (let at = starts[number] as number; at < end; at += 1) {
        gram = (gram * 10 + (digits[at] as number) - zero) % grams
        length += 1
        if (length < shortestPhonePiece) continue
        visit(gram, at - shortestPhonePiece + 1, number)
        count += 1
      }
    }
    return count
  }
}
