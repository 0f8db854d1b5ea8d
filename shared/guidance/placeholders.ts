import type { Language } from './format.ts'
import { tidy } from './inputs.ts'
import { asAtInWords, dateInWords } from './time.ts'
import type { GuidanceContext, QuotedFact } from './view.ts'
import { notKnown } from './wording.ts'

/*
 * Wording is plain text with placeholders. It is cut into pieces once and each value is put between them as it is:
 * a value is never read for placeholders again and never becomes HTML.
 */

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly scope: string; readonly name: string }

const pattern = /\{([a-z][A-Za-z]*)(?:\.([A-Za-z0-9-]+))?\}/g

const cut = new Map<string, readonly Piece[]>()
const cutLimit = 5000

export function piecesOf(template: string): readonly Piece[] {
  const known = cut.get(template)
  if (known !== undefined) return known
  const pieces: Piece[] = []
  let from = 0
  for (const match of template.matchAll(pattern)) {
    if (match.index > from) pieces.push({ kind: 'text', text: template.slice(from, match.index) })
    pieces.push({ kind: 'placeholder', scope: match[1] ?? '', name: match[2] ?? '' })
    from = match.index + match[0].length
  }
  if (from < template.length) pieces.push({ kind: 'text', text: template.slice(from) })
  if (cut.size >= cutLimit) cut.clear()
  cut.set(template, pieces)
  return pieces
}

/** What a placeholder may name, besides `council.FACT`, `asAt.FACT` and `answers.STEP`. */
export const placeholderNames: Readonly<Record<string, readonly string[]>> = {
  council: ['name', 'website'],
  adviser: ['name', 'firstName'],
  resident: ['givenName', 'familyName', 'fullName', 'address', 'postcode'],
  contact: ['queueName', 'number'],
  today: [''],
}

/** Whether wording quotes the resident's record. */
export function quotesRecord(template: string): boolean {
  return piecesOf(template).some((piece) => piece.kind === 'placeholder' && piece.scope === 'resident')
}

export interface Filled {
  readonly text: string
  /** Placeholders without a value, as written: `council.binOutBy`. */
  readonly missing: readonly string[]
  readonly facts: readonly QuotedFact[]
}

export interface FillSources {
  readonly context: GuidanceContext
  readonly language: Language
  /** False: nothing of the resident's record may be shown. */
  readonly mayDisclose: boolean
  /** An answer in words; null when it was not given or must not be shown. */
  readonly answer: (stepId: string, language: Language) => string | null
  /** Hours after which a fact is stale, by name; a fact that is not named never is. */
  readonly freshForHours: Readonly<Record<string, number>>
  /** Value of a decision table, its own placeholders not yet filled; null when there is no such table. */
  readonly table: (name: string, language: Language) => string | null
}

export function fill(template: string, sources: FillSources): Filled {
  const missing: string[] = []
  const facts = new Map<string, QuotedFact>()
  let text = ''
  for (const piece of withTables(template, sources)) {
    if (piece.kind === 'text') {
      text += piece.text
      continue
    }
    const value = placeholderValue(piece.scope, piece.name, sources)
    const line = value === null ? '' : tidy(value).replace(/\s+/g, ' ')
    const fact = piece.scope === 'council' ? quotedFact(piece.name, sources) : null
    if (fact !== null) facts.set(piece.name, fact)
    if (line === '') missing.push(piece.name === '' ? piece.scope : `${piece.scope}.${piece.name}`)
    text += line === '' ? notKnown[sources.language] : line
  }
  return { text, missing, facts: [...facts.values()] }
}

/** What a table gives is wording too: the facts it quotes are quoted by the step. */
function withTables(template: string, { table, language }: FillSources): readonly Piece[] {
  return piecesOf(template).flatMap((piece) => {
    const value =
      piece.kind === 'placeholder' && piece.scope === 'tables' ? table(piece.name, language) : null
    return value === null ? [piece] : piecesOf(value)
  })
}

function placeholderValue(scope: string, name: string, sources: FillSources): string | null {
  const { context, language } = sources
  switch (scope) {
    case 'council':
      if (name === 'website') return context.council.website ?? null
      return factOf(name, context, language)?.text ?? (name === 'name' ? context.council.name : null)
    case 'asAt': {
      const fact = factOf(name, context, language)
      return fact === null ? null : asAtInWords(fact.asAt, context.now, language)
    }
    case 'adviser':
      return name === 'firstName' ? firstWord(context.adviser.name) : context.adviser.name
    case 'resident':
      return sources.mayDisclose ? ofResident(name, context) : null
    case 'contact':
      return (name === 'number' ? context.contact?.number : context.contact?.queueName) ?? null
    case 'answers':
      return sources.answer(name, language)
    case 'today':
      return dateInWords(context.today, language)
    default:
      return null
  }
}

/** Welsh wording takes the fact's Welsh words, kept beside it as `binOutByCy`, when the council gives them. */
function factOf(
  name: string,
  { council }: GuidanceContext,
  language: Language,
): { readonly text: string; readonly asAt: string } | null {
  for (const key of language === 'cy' ? [`${name}Cy`, name] : [name]) {
    const fact = Object.hasOwn(council.facts, key) ? council.facts[key] : undefined
    if (fact !== undefined) return fact
  }
  return null
}

function quotedFact(name: string, { context, language, freshForHours }: FillSources): QuotedFact | null {
  const fact = factOf(name, context, language)
  if (fact === null) return null
  const asAtWords = asAtInWords(fact.asAt, context.now, 'en')
  return {
    name,
    text: fact.text,
    asAt: fact.asAt,
    asAtWords,
    stale: isStale(fact.asAt, context.now, freshForHours[name]),
  }
}

const hourMs = 3_600_000

function isStale(asAtIso: string, nowIso: string, freshForHours: number | undefined): boolean {
  return freshForHours !== undefined && Date.parse(nowIso) - Date.parse(asAtIso) > freshForHours * hourMs
}

function ofResident(name: string, { resident }: GuidanceContext): string | null {
  if (resident === null) return null
  switch (name) {
    case 'givenName':
      return resident.givenName
    case 'familyName':
      return resident.familyName
    case 'fullName':
      return `${resident.givenName} ${resident.familyName}`
    case 'address':
      return `${resident.address.line1}, ${resident.address.postcode}`
    case 'postcode':
      return resident.address.postcode
    default:
      return null
  }
}

function firstWord(name: string): string | null {
  return name.trim().split(/\s+/)[0] ?? null
}
