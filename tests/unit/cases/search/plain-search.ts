import { doubleMetaphone } from 'double-metaphone'
import type { FoundBy, FoundIn } from '#shared/cases/search/found.ts'
import { readQuery } from '#shared/cases/search/query.ts'
import type { CaseRecord, Resident, TimelineEntry } from '#shared/contract/rest.ts'

/*
 * The search as it is meant, the slow way: every word of every record beside every word that was typed. It shares
 * nothing with the index but the reading of what was typed.
 */

export type AnyRecord =
  | { readonly kind: 'resident'; readonly record: Resident }
  | { readonly kind: 'case'; readonly record: CaseRecord }
  | { readonly kind: 'note'; readonly record: TimelineEntry }

/** A version of a record; `row` orders those that are otherwise alike. */
export type Living = AnyRecord & { readonly row: number }

export interface PlainHit {
  readonly row: number
  readonly kind: 'resident' | 'case'
  readonly why: readonly string[]
}

interface Field {
  readonly what: FoundIn
  readonly words: readonly string[]
}

const letters: Readonly<Record<string, string>> = Object.fromEntries(
  'ł l ø o ß ss æ ae œ oe đ d ð d þ th ħ h ı i ŋ n ŧ t'
    .split(' ')
    .flatMap((letter, index, all) => (index % 2 === 0 ? [[letter, all[index + 1] ?? '']] : [])),
)

const fold = (text: string) =>
  [...text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()]
    .map((each) => letters[each] ?? each)
    .join('')

export function plainWords(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}'’-]+|-(?:['’]*-)+/u)
    .flatMap((compound) => {
      const pieces = compound.split('-').filter((piece) => /[\p{L}\p{N}]/u.test(piece))
      const words = pieces.map((piece) => piece.replace(/['’]/g, ''))
      const after = pieces.flatMap((piece) => {
        const trimmed = piece.replace(/^['’]+/, '')
        const last = /['’]([^'’]+)$/.exec(trimmed)?.[1] ?? ''
        return new TextEncoder().encode(last).length > 2 ? [last] : []
      })
      const isJoined = words.length > 1 && words.every((word) => !/\d/.test(word))
      return [...words, ...after, ...(isJoined && words.join('').length <= 40 ? [words.join('')] : [])]
    })
    .map((word) => (/^\d+$/.test(word) ? word.replace(/^0+(?=.)/, '') : word))
}

const dialled = (e164: string) => (e164.startsWith('+44') ? `0${e164.slice(3)}` : `00${e164.slice(1)}`)

function fieldsOf(item: AnyRecord): readonly Field[] {
  const of = (what: FoundIn, ...texts: readonly string[]): Field => ({
    what,
    words: texts.flatMap(plainWords),
  })
  if (item.kind === 'resident') {
    const { title, givenName, familyName, phones, email, address } = item.record
    return [
      of('name', title ?? '', givenName, familyName),
      { what: 'number', words: phones.map(dialled) },
      of('postcode', address.postcode, address.postcode.replace(' ', '')),
      of('address', address.line1, address.town),
      of('uprn', address.uprn),
      of('email', email ?? ''),
    ]
  }
  if (item.kind === 'case') {
    const { reference, subject, serviceName, fields } = item.record
    return [
      of('reference', reference ?? ''),
      of('subject', subject),
      of('service', serviceName),
      of('field', ...Object.values(fields).flatMap((value) => (typeof value === 'string' ? [value] : []))),
    ]
  }
  return ['note', 'contact', 'risk'].includes(item.record.kind) ? [of('note', item.record.text)] : []
}

const weak: readonly FoundIn[] = ['service', 'field', 'note']
const order: readonly FoundIn[] = [
  ...(['name', 'number', 'postcode', 'reference', 'subject', 'uprn', 'email', 'address'] as const),
  ...weak,
]

type Way = FoundBy | 'typo in beginning'
const strongPoints: Readonly<Record<Way, number>> = {
  exact: 15,
  beginning: 13,
  part: 12,
  sound: 10,
  typo: 4,
  'typo in beginning': 3,
}
const weakPoints: Readonly<Record<Way, number>> = {
  exact: 9,
  beginning: 7,
  part: 6,
  sound: 5,
  typo: 2,
  'typo in beginning': 1,
}

interface Mark {
  readonly what: FoundIn
  readonly way: Way
  readonly points: number
}

const better = (a: Mark | null, b: Mark | null): Mark | null => {
  if (!a || !b) return a ?? b
  if (a.points !== b.points) return a.points > b.points ? a : b
  return order.indexOf(a.what) <= order.indexOf(b.what) ? a : b
}

/** Optimal string alignment distance. */
export function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(i - 2, j - 2) + 1)
      }
      ;(rows[i] as number[])[j] = least
    }
  }
  return at(a.length, b.length)
}

type Word = ReturnType<typeof readQuery>[number][number]

/** Of the names here, those that are said alike against the rules of English. */
const saidAlike: ReadonlySet<string> = new Set(['sean', 'shaun', 'shawn'])

const soundsOf = (name: string) => [
  ...(name.length < 3 ? [] : doubleMetaphone(name).filter((sound) => sound.length >= 2)),
  ...(saidAlike.has(name) ? ['as Sean'] : []),
]

function waysOf(word: Word, what: FoundIn, found: string): readonly Way[] {
  if (what === 'number') {
    return word.phone.flatMap(({ digits, atBeginning }): readonly Way[] => {
      if (found === digits) return ['exact']
      if (found.startsWith(digits)) return ['beginning']
      return found.includes(digits) && !atBeginning ? ['part'] : []
    })
  }
  if (word.isPhone) return []
  const ways: Way[] = []
  if (found === word.text) ways.push('exact')
  else if (found.startsWith(word.text) && !(word.isSingle && weak.includes(what))) ways.push('beginning')
  if (!/^[a-z]+$/.test(word.text) || !/^[a-z]+$/.test(found) || found === word.text) return ways
  if (what === 'name' && soundsOf(word.text).some((sound) => soundsOf(found).includes(sound)))
    ways.push('sound')
  if (word.text.length >= 4 && distance(word.text, found) === 1) ways.push('typo')
  const { length } = word.text
  const beginnings = [length - 1, length, length + 1].filter((cut) => cut <= found.length)
  const isHalf = beginnings.some(
    (cut) =>
      distance(word.text, found.slice(0, cut)) === 1 &&
      (cut >= length || found[cut - 1] === word.text.at(-1)),
  )
  if (length >= 5 && isHalf && word.text[0] === found[0]) ways.push('typo in beginning')
  return ways
}

/** The newest version of everything, and what was typed. */
export function plainSearch(all: readonly Living[], text: string): readonly PlainHit[] {
  const residentRow = new Map(
    all.flatMap((each) => (each.kind === 'resident' ? [[each.record.id, each.row]] : [])),
  )
  const caseRow = new Map(all.flatMap((each) => (each.kind === 'case' ? [[each.record.id, each.row]] : [])))
  const targetOf = (each: Living) =>
    each.kind !== 'note'
      ? each.row
      : each.record.caseId !== null
        ? caseRow.get(each.record.caseId)
        : residentRow.get(each.record.residentId ?? '')
  const openResidents = new Set(
    all.flatMap((each) => (each.kind === 'case' && isOpen(each.record) ? [each.record.residentId] : [])),
  )
  const found = new Map<number, PlainHit & { sort: readonly number[] }>()
  for (const reading of readQuery(text)) {
    const byWord = reading.map((word) => {
      const marksOf = (withHalf: boolean) => {
        const marks = new Map<number, Mark | null>()
        for (const each of all) {
          const target = targetOf(each)
          if (target === undefined) continue
          for (const { what, words } of fieldsOf(each)) {
            for (const way of words.flatMap((other) => waysOf(word, what, other))) {
              if (way === 'typo in beginning' && !withHalf) continue
              const points = (weak.includes(what) ? weakPoints : strongPoints)[way]
              marks.set(target, better(marks.get(target) ?? null, { what, way, points }))
            }
          }
        }
        return marks
      }
      const marks = marksOf(false)
      const isAsTyped = [...marks.values()].some((mark) => mark && /exact|beginning|part/.test(mark.way))
      return word.isLast && !isAsTyped ? marksOf(true) : marks
    })
    for (const each of all) {
      if (each.kind === 'note' || found.has(each.row)) continue
      const own = byWord.map((marks) => marks.get(each.row) ?? null)
      // One word alone has to be the case's own.
      const resident =
        each.kind === 'case' && reading.length > 1 ? residentRow.get(each.record.residentId ?? '') : undefined
      const lent = byWord.map((marks) => {
        const mark = resident === undefined ? null : (marks.get(resident) ?? null)
        return mark && mark.what !== 'note' ? { ...mark, points: mark.points - 1 } : null
      })
      const best = own.map((mark, index) => {
        const other = lent[index] ?? null
        return mark && other ? (other.points > mark.points ? other : mark) : (mark ?? other)
      })
      if (best.some((mark) => mark === null) || own.every((mark) => mark === null)) continue
      const points = best.reduce((sum, mark) => sum + (mark?.points ?? 0), 0)
      const open = each.kind === 'case' ? isOpen(each.record) : openResidents.has(each.record.id)
      found.set(each.row, {
        row: each.row,
        kind: each.kind,
        why: best.map((mark) => `${mark?.what} ${mark?.way.split(' ')[0]}`),
        sort: [
          points,
          each.kind === 'resident' ? 1 : 0,
          open ? 1 : 0,
          Date.parse(each.record.updatedAt),
          each.row,
        ],
      })
    }
  }
  const compare = (a: readonly number[], b: readonly number[]) =>
    a.reduce((so, value, index) => so || (b[index] ?? 0) - value, 0)
  return [...found.values()]
    .sort((a, b) => compare(a.sort, b.sort))
    .map(({ row, kind, why }) => ({ row, kind, why }))
}

export const isOpen = ({ status }: CaseRecord): boolean => status !== 'resolved' && status !== 'closed'
