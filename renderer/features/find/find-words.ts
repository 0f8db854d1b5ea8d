import { statusWords } from '#renderer/ui/case-words.ts'
import { when } from '#renderer/ui/time.ts'
import { type EnhancedRules, levelOfCase } from '#shared/cases/disclosure.ts'
import type { FindHit, FindReason } from '#shared/contract/records.ts'
import { type Level, reaches } from '#shared/guidance/level.ts'

/** Whom the adviser speaks with, and how well that is known. */
export interface Disclosure {
  /** A contact is in hand: somebody may hear what is read out. */
  readonly inContact: boolean
  readonly residentId: string | null
  readonly level: Level
  readonly enhanced: EnhancedRules | undefined
}

/** One line of the list, as far as it may be shown. */
export interface ShownHit {
  readonly hit: FindHit
  readonly title: string
  readonly marks: FindHit['marks']
  readonly detail: string
  readonly why: string
  /** A case that can be opened now, not only its resident be chosen. */
  readonly opens: boolean
}

/**
 * Before the identity check a case is nobody's business: it is listed when its reference was typed, which whoever reads
 * it out has, and counted otherwise. Between contacts nobody listens, and only what needs an enhanced check is closed.
 */
export function shownHits(
  hits: readonly FindHit[],
  disclosure: Disclosure,
  now: number,
): { readonly shown: readonly ShownHit[]; readonly closed: number } {
  const shown = hits.flatMap((hit) => shownHit(hit, disclosure, now) ?? [])
  return { shown, closed: hits.length - shown.length }
}

function shownHit(hit: FindHit, disclosure: Disclosure, now: number): ShownHit | null {
  if (hit.kind === 'resident') {
    const { title, marks, detail } = hit
    return { hit, title, marks, detail, why: whyWords(hit.why, now), opens: false }
  }
  if (isOpen(hit, disclosure))
    return {
      hit,
      title: hit.title,
      marks: hit.marks,
      detail: caseDetail(hit),
      why: whyWords(hit.why, now),
      opens: true,
    }
  if (hit.why.what !== 'reference') return null
  const { reference } = hit
  return {
    hit,
    title: `Case ${reference ?? ''}`.trim(),
    marks: [],
    detail: 'Opens after the identity check',
    why: whyWords(hit.why, now),
    opens: false,
  }
}

function isOpen(hit: FindHit, { inContact, residentId, level, enhanced }: Disclosure): boolean {
  const needed = levelOfCase({ serviceCode: hit.serviceCode ?? 0 }, enhanced)
  if (!inContact) return needed === 'standard'
  if (hit.residentId === null) return needed === 'standard'
  return hit.residentId === residentId && level !== 'none' && reaches(level, needed)
}

/** `WR-2026-1 · Missed collection · Open` */
function caseDetail({ detail, reference }: FindHit): string {
  const parts = detail.split(' · ').map((part) => (isStatus(part) ? statusWords[part] : part))
  return [...(reference ? [reference] : []), ...parts].join(' · ')
}

const isStatus = (text: string): text is keyof typeof statusWords => text in statusWords

const quoted = (text: string | undefined): string => (text ? `: “${text}”` : '')

/** Why it was found, in a few words. Numbers and postcodes are not told: what was typed may be a part of them. */
export function whyWords({ what, text, at }: FindReason, now: number): string {
  const day = at === undefined ? '' : ` of ${when(at, now)}`
  switch (what) {
    case 'name':
      return 'Name'
    case 'sounds-like':
      return `Sounds like it${quoted(text)}`
    case 'number':
      return 'Telephone number'
    case 'postcode':
      return 'Postcode'
    case 'address':
      return `Address${quoted(text)}`
    case 'reference':
      return 'Reference'
    case 'uprn':
      return 'Property number (UPRN)'
    case 'subject':
      return `In the subject${quoted(text)}`
    case 'note':
      return `In a note${day}${quoted(text)}`
    case 'field':
      return text ? `In the case${quoted(text)}` : 'Found by the council'
    case 'typo-name':
      return `Name, spelt a little differently${quoted(text)}`
    case 'typo-address':
      return `Address, spelt a little differently${quoted(text)}`
    case 'typo-subject':
      return `In the subject, spelt a little differently${quoted(text)}`
    case 'typo-note':
      return `In a note${day}, spelt a little differently${quoted(text)}`
  }
}

/** A title in pieces, those that matched marked. Marks that overlap or lie outside are passed over. */
export function pieces(
  title: string,
  marks: FindHit['marks'],
): readonly { readonly text: string; readonly marked: boolean }[] {
  const found: { text: string; marked: boolean }[] = []
  let at = 0
  for (const [from, to] of marks ?? []) {
    if (from < at || to <= from || to > title.length) continue
    if (from > at) found.push({ text: title.slice(at, from), marked: false })
    found.push({ text: title.slice(from, to), marked: true })
    at = to
  }
  if (at < title.length) found.push({ text: title.slice(at), marked: false })
  return found
}
