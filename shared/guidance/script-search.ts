import MiniSearch, { type SearchResult } from 'minisearch'
import type { ScriptEntry } from '../contract/rest.ts'

/** What a script is found by. */
export type SearchableScript = Pick<
  ScriptEntry,
  'id' | 'title' | 'serviceName' | 'aliases' | 'subjects' | 'withdrawn'
>

export interface ScriptMatch {
  readonly scriptId: string
  readonly title: string
  /** The words of the script that fit best: its title, its service, what residents say, or what its cases are called. */
  readonly matched: { readonly by: 'title' | 'service' | 'alias' | 'subject'; readonly words: string }
}

/** Scripts that fit a resident's words, best first; none for text without words. */
export type ScriptSearch = (text: string) => readonly ScriptMatch[]

interface Phrase {
  readonly id: number
  readonly scriptId: string
  readonly by: ScriptMatch['matched']['by']
  readonly words: string
  /** How many different terms its words have. */
  readonly terms: number
}

/** Words that say nothing of the subject, in English and Welsh. */
const fillers = new Set(
  `a an the i im ive id my me mine we our us you your he she they his her their it its is are was were be been am has have had
  having do does did doing to for from of in on at by with and or but so as if that this there then just still
  really please hello hi want wants need needs would could like get got about some any can will all up
  y yr r fy mae mau i o yn a ac ag wedi ei eu rydw dw rwy dwi eisiau am gyda ar ond un rydyn`.split(/\s+/),
)

/** The same said in another way. */
const sameWords: Readonly<Record<string, string>> = {
  cant: 'cannot',
  wont: 'not',
  wasnt: 'not',
  hasnt: 'not',
  havent: 'not',
  didnt: 'not',
  isnt: 'not',
  doesnt: 'not',
  dont: 'not',
  arent: 'not',
  never: 'not',
  heb: 'not',
  ddim: 'not',
  methu: 'cannot',
  mum: 'mother',
  mam: 'mother',
  dad: 'father',
  hubby: 'husband',
  trash: 'rubbish',
  garbage: 'rubbish',
  couch: 'sofa',
  settee: 'sofa',
  kids: 'child',
  children: 'child',
  kid: 'child',
  lad: 'child',
  cold: 'heating',
  radiators: 'heating',
  streetlight: 'light',
  streetlamp: 'lamp',
}

/** Lower-case words without accents and apostrophes. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’‘`]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** A word by its stem, so that collected, collecting and collection are one. */
function stemOf(word: string): string {
  const same = sameWords[word] ?? word
  for (const [ending, shortest] of [
    ['ions', 8],
    ['ion', 7],
    ['ing', 6],
    ['ied', 6],
    ['ies', 6],
    ['ed', 5],
    ['es', 6],
    ['s', 4],
  ] as const)
    if (same.endsWith(ending) && !same.endsWith('ss') && same.length >= shortest)
      return same.slice(0, -ending.length)
  return same
}

function termsOf(text: string): string[] {
  const words = wordsOf(text)
  const telling = words.filter((word) => !fillers.has(word))
  return (telling.length === 0 ? words : telling).map(stemOf)
}

/** Longer words may be mistyped more. */
const typos = (term: string): number | boolean => (term.length < 4 ? false : term.length < 6 ? 1 : 2)
const beginnings = (term: string): boolean => term.length > 2

/** How much a phrase of each kind counts. */
const weights = { title: 1.15, alias: 1, subject: 0.7, service: 0.8 } as const
/** What the other phrases of a script that fit add to the best. */
const othersCount = 0.08
const mostOthers = 4

/** Reads the scripts at the first search; each one after takes well under a millisecond. Withdrawn scripts are left out. */
export function createScriptSearch(scripts: readonly SearchableScript[]): ScriptSearch {
  let search: ScriptSearch | null = null
  return (text) => {
    search ??= searchOf(scripts)
    return search(text)
  }
}

function searchOf(scripts: readonly SearchableScript[]): ScriptSearch {
  const offered = scripts.filter(({ withdrawn }) => !withdrawn)
  const titles = new Map(offered.map(({ id, title }) => [id, title]))
  const phrases = offered
    .flatMap(phrasesOf)
    .map((phrase, id): Phrase => ({ ...phrase, id, terms: new Set(termsOf(phrase.words)).size }))
  const index = new MiniSearch<Phrase>({
    fields: ['words'],
    tokenize: termsOf,
    processTerm: (term) => term,
  })
  index.addAll(phrases)

  return (text) => {
    const asked = new Set(termsOf(text))
    if (asked.size === 0) return []
    const found = index.search(text, {
      prefix: beginnings,
      fuzzy: typos,
      weights: { fuzzy: 0.5, prefix: 0.7 },
    })
    const byScript = new Map<string, { best: Phrase; score: number; others: number[] }>()
    for (const result of found) {
      const phrase = phrases[Number(result.id)]
      if (phrase === undefined) continue
      const score = scoreOf(result, phrase, asked.size)
      const before = byScript.get(phrase.scriptId)
      if (before === undefined) byScript.set(phrase.scriptId, { best: phrase, score, others: [] })
      else if (score > before.score)
        byScript.set(phrase.scriptId, { best: phrase, score, others: [...before.others, before.score] })
      else before.others.push(score)
    }
    return [...byScript.entries()]
      .map(([scriptId, { best, score, others }]) => ({ scriptId, best, total: score + sumOfBest(others) }))
      .sort((a, b) => b.total - a.total || a.scriptId.localeCompare(b.scriptId))
      .map(({ scriptId, best }) => ({
        scriptId,
        title: titles.get(scriptId) ?? scriptId,
        matched: { by: best.by, words: best.words },
      }))
  }
}

function phrasesOf({
  id: scriptId,
  title,
  serviceName,
  aliases = [],
  subjects = [],
}: SearchableScript): Omit<Phrase, 'id' | 'terms'>[] {
  return [
    { scriptId, by: 'title', words: title },
    ...(serviceName === undefined ? [] : [{ scriptId, by: 'service' as const, words: serviceName }]),
    ...aliases.map((words) => ({ scriptId, by: 'alias' as const, words })),
    ...subjects.map((words) => ({ scriptId, by: 'subject' as const, words })),
  ]
}

/** A phrase counts for as much of what was asked as it covers, and as much of itself as was asked for. */
function scoreOf(result: SearchResult, phrase: Phrase, asked: number): number {
  const covered = new Set(result.queryTerms).size / asked
  const own = new Set(result.terms).size / Math.max(1, phrase.terms)
  return result.score * weights[phrase.by] * (0.3 + 0.7 * covered) * (0.6 + 0.4 * Math.min(1, own))
}

const sumOfBest = (scores: readonly number[]): number =>
  scores
    .toSorted((a, b) => b - a)
    .slice(0, mostOthers)
    .reduce((sum, score) => sum + score * othersCount, 0)
