import type { FoundBy, FoundIn } from './found.ts'
import { fields } from './record-words.ts'

/*
 * How much it counts where and how a word was found. First come the fields that people and cases are known by, by
 * their letters or by their sound; then what was written about them; slips of the keyboard come last of all.
 */

/** How a term was found, as a number: the order of `ways`. */
export const exact = 0
export const beginning = 1
export const part = 2
export const sound = 3
export const typo = 4
/** The typed word, with one slip, is the beginning of the term. */
export const typoInBeginning = 5

/** Ways as bits: those that need no tolerance, and those that a whole word may be found by besides. */
export const asTyped = (1 << exact) | (1 << beginning) | (1 << part)
export const tolerant = (1 << sound) | (1 << typo)

export const ways: readonly FoundBy[] = ['exact', 'beginning', 'part', 'sound', 'typo', 'typo']

const weakFields: ReadonlySet<FoundIn> = new Set(['service', 'field', 'note'])

/** By way. Each number is there once, so that a mark tells the way. */
const pointsOfStrong = [15, 13, 12, 10, 4, 3]
const pointsOfWeak = [9, 7, 6, 5, 2, 1]

/** Bits of fields: all, those in which a single letter is looked for, and the name. */
export const allFields = (1 << fields.length) - 1
export const strongFields = fields.reduce(
  (bits, name, field) => (weakFields.has(name) ? bits : bits | (1 << field)),
  0,
)
export const nameField = 1
const ofResidents: ReadonlySet<FoundIn> = new Set(['name', 'number', 'postcode', 'uprn', 'email', 'address'])
export const fieldsOfResidents = fields.reduce(
  (bits, name, field) => (ofResidents.has(name) ? bits | (1 << field) : bits),
  0,
)

const fieldBits = 4

/**
 * A way and a field as one byte: the better, the higher, never 0. By `way * 16 + field`.
 */
export const marks = Uint8Array.from({ length: ways.length << fieldBits }, (_, index) => {
  const field = index & 15
  const name = fields[field]
  if (name === undefined) return 0
  const points = (weakFields.has(name) ? pointsOfWeak : pointsOfStrong)[index >> fieldBits] ?? 0
  return (points << fieldBits) | (15 - field)
})

export const pointsOf = (mark: number): number => mark >> fieldBits

export const fieldOfMark = (mark: number): number => 15 - (mark & 15)

export function wayOfMark(mark: number): number {
  const points = mark >> fieldBits
  const strong = pointsOfStrong.indexOf(points)
  return strong === -1 ? pointsOfWeak.indexOf(points) : strong
}
