import { checkLanguage } from './check-language.ts'
import { type Finding, finding, findingAt, withArticle } from './finding.ts'
import type { EnglishWording, FlatStep, Language, ScriptDocument, WelshWording } from './format.ts'
import { alwaysPasses, type ScriptGraph } from './graph.ts'
import { isSensitive } from './panel.ts'
import { piecesOf, placeholderNames } from './placeholders.ts'

/** Every step has its words in both languages, and the words ask for nothing that scripts must not ask. */
export function checkWording(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const steps = Object.entries(script.steps)
  const texts = [...allTexts(script)]
  return [
    ...steps.flatMap(([id, step]) => checkStepWords(script, id, step)),
    ...strayWords(script),
    ...texts.flatMap((text) =>
      [...checkText(text), ...checkPlaceholders(script, graph, text)].map(findingAt(...text.path)),
    ),
    ...checkRequiredFacts(script, texts),
    ...checkSentences(script),
  ]
}

interface Text {
  readonly stepId: string | null
  readonly language: Language
  readonly text: string
  /** Goes into notes, a subject or a promise: it outlives the call. */
  readonly kept: boolean
  /** Where it stands in the file. */
  readonly path: readonly string[]
}

function tableTexts(script: ScriptDocument): readonly Text[] {
  return Object.entries(script.tables ?? {}).flatMap(([name, { rows, otherwise }]) =>
    [...rows.map(({ gives }) => gives), otherwise].flatMap((value) => {
      if (typeof value === 'number') return []
      const said = typeof value === 'string' ? { en: value } : value
      const path = ['tables', name]
      return Object.entries(said).map(([language, text]) => ({
        stepId: null,
        language: language === 'cy' ? ('cy' as const) : ('en' as const),
        text,
        kept: false,
        path,
      }))
    }),
  )
}

/** What stands above the steps and is shown or searched. */
function headerTexts(script: ScriptDocument): readonly Text[] {
  const { title, subject, owner, service, aliases } = script
  const header = (path: readonly string[], text: string, language: Language = 'en'): Text => ({
    stepId: null,
    language,
    text,
    kept: true,
    path,
  })
  return [
    header(['subject'], subject),
    header(['title'], title),
    header(['owner'], owner),
    header(['service', 'name'], service.name),
    ...aliases.en.map((alias) => header(['aliases', 'en'], alias)),
    ...aliases.cy.map((alias) => header(['aliases', 'cy'], alias, 'cy')),
  ]
}

function* allTexts(script: ScriptDocument): Generator<Text> {
  yield* headerTexts(script)
  yield* tableTexts(script)
  for (const language of ['en', 'cy'] as const) {
    for (const [stepId, words] of Object.entries(script.wording[language])) {
      for (const [key, value] of Object.entries(words)) {
        const kept = ['note', 'subject', 'promises'].includes(key)
        const path = ['wording', language, stepId, key]
        for (const text of stringsIn(value)) yield { stepId, language, text, kept, path }
      }
    }
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

function checkStepWords(script: ScriptDocument, id: string, step: FlatStep): readonly Finding[] {
  const en = script.wording.en[id]
  const cy = script.wording.cy[id]
  if (en === undefined) {
    return [finding(id, 'The step has no English wording.', `Add ${id} under wording, en, with a title.`)]
  }
  const found: Finding[] = []
  const spoken = ['say', 'ask', 'inform', 'verify', 'outcome', 'signpost'].includes(step.kind)
  if (spoken && en.say === undefined) {
    found.push(finding(id, 'The step has nothing to say.', 'Add say to its English wording.'))
  }
  const options = step.kind === 'ask' ? (step.options ?? []) : []
  const questions = step.kind === 'verify' ? step.questions.map((question) => question.id) : []
  const contacts = step.kind === 'signpost' ? step.contacts : []
  found.push(
    ...sameKeys(id, 'option', options, en.options, 'English'),
    ...sameKeys(id, 'option', options, cy?.options, 'Welsh'),
    ...sameKeys(id, 'question', questions, en.questions, 'English'),
    ...sameKeys(id, 'question', questions, cy?.questions, 'Welsh'),
    ...sameKeys(id, 'contact', contacts, en.contacts, 'English'),
    ...bothLanguages(id, en, cy),
  )
  return found
}

function sameKeys(
  id: string,
  what: string,
  wanted: readonly string[],
  written: Readonly<Record<string, unknown>> | undefined,
  language: string,
): readonly Finding[] {
  const keys = Object.keys(written ?? {})
  return [
    ...wanted
      .filter((key) => !keys.includes(key))
      .map((key) =>
        finding(id, `The ${what} ${key} has no ${language} words.`, `Add ${key} to the ${language} wording.`),
      ),
    ...keys
      .filter((key) => !wanted.includes(key))
      .map((key) =>
        finding(
          id,
          `The ${language} wording has ${withArticle(what)} ${key} that the step has not.`,
          'Remove it, or correct its name.',
        ),
      ),
  ]
}

function bothLanguages(id: string, en: EnglishWording, cy: WelshWording | undefined): readonly Finding[] {
  const found: Finding[] = []
  if ((en.say === undefined) !== (cy?.say === undefined)) {
    const missing = en.say === undefined ? 'English' : 'Welsh'
    found.push(finding(id, `What is said has no ${missing} words.`, `Add say to the ${missing} wording.`))
  }
  if ((en.promises ?? []).length !== (cy?.promises ?? []).length) {
    found.push(
      finding(
        id,
        'The promises differ in number between English and Welsh.',
        'Write each promise in both languages.',
      ),
    )
  }
  return found
}

function strayWords(script: ScriptDocument): readonly Finding[] {
  return (['en', 'cy'] as const).flatMap((language) =>
    Object.keys(script.wording[language])
      .filter((id) => !Object.hasOwn(script.steps, id))
      .map((id) =>
        finding(
          id,
          `There is wording (${language}) for a step that does not exist.`,
          'Remove it, or correct its name.',
        ),
      ),
  )
}

const cardWords =
  /\b(card (number|details)|long number|security code|cvv2?|cvc|expiry date|three digits|rhif (y )?cerdyn|manylion (y )?cerdyn|cod diogelwch)\b/i

function checkText({ stepId, language, text }: Text): readonly Finding[] {
  const found: Finding[] = [...checkLanguage(stepId, language, text)]
  if (cardWords.test(text)) {
    found.push(
      finding(
        stepId,
        'The wording asks for card details. No script may.',
        'Use a pay step, which hands the payment over.',
      ),
    )
  }
  if (/<\/?[a-z!][^>]*>|&(#\d+|[a-z]+);/i.test(text)) {
    found.push(
      finding(stepId, 'The wording holds HTML, which would be read out as it stands.', 'Write plain text.'),
    )
  }
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)) {
    found.push(
      finding(
        stepId,
        'The wording holds invisible characters that turn the reading direction.',
        'Type the sentence again.',
      ),
    )
  }
  return found
}

function checkPlaceholders(script: ScriptDocument, graph: ScriptGraph, text: Text): readonly Finding[] {
  const found: Finding[] = []
  for (const piece of piecesOf(text.text)) {
    if (piece.kind === 'text') {
      if (/[{}]/.test(piece.text)) {
        found.push(
          finding(
            text.stepId,
            `A placeholder in "${shortened(text.text)}" is not complete.`,
            'Write it like {council.name}.',
          ),
        )
      }
      continue
    }
    const written = piece.name === '' ? piece.scope : `${piece.scope}.${piece.name}`
    if (piece.scope === 'tables') {
      found.push(...checkTableQuoted(script, text, piece.name))
    } else if (piece.scope === 'answers') {
      found.push(...checkAnswerQuoted(script, graph, text, piece.name))
    } else if (piece.scope === 'asAt' || piece.scope === 'council') {
      const known = placeholderNames.council ?? []
      const isFact = piece.scope === 'asAt' || !known.includes(piece.name)
      if (isFact && !script.requires.facts.includes(piece.name)) {
        found.push(
          finding(
            text.stepId,
            `{${written}} is not among the facts the script requires.`,
            `Add ${piece.name} under requires, facts.`,
          ),
        )
      }
    } else if (written !== 'answer' && placeholderNames[piece.scope]?.includes(piece.name) !== true) {
      found.push(
        finding(
          text.stepId,
          `There is no placeholder {${written}}.`,
          'Use council, adviser, resident, contact, answers or asAt with a name of theirs.',
        ),
      )
    }
  }
  return found
}

function checkTableQuoted(script: ScriptDocument, { stepId }: Text, name: string): readonly Finding[] {
  return Object.hasOwn(script.tables ?? {}, name)
    ? []
    : [finding(stepId, `There is no table called ${name}.`, `Add ${name} under tables.`)]
}

function checkAnswerQuoted(
  script: ScriptDocument,
  graph: ScriptGraph,
  { stepId, kept }: Text,
  name: string,
): readonly Finding[] {
  const asked = script.steps[name]
  if (asked?.kind !== 'ask') {
    return [
      finding(stepId, `{answers.${name}} is not the answer to a question.`, 'Use the id of a question.'),
    ]
  }
  if (isSensitive(asked)) {
    return [
      finding(
        stepId,
        `{answers.${name}} is a sensitive answer.`,
        'Sensitive answers are never quoted: leave it out.',
      ),
    ]
  }
  // The subject falls back to the title while an answer is not known.
  if (stepId === null || (kept && stepId === name)) return []
  if (asked.optional === true) {
    return [
      finding(
        stepId,
        `{answers.${name}} may have been left out.`,
        'Quote only questions that must be answered.',
      ),
    ]
  }
  return stepId !== name && alwaysPasses(graph, stepId, name)
    ? []
    : [
        finding(
          stepId,
          `{answers.${name}} is not always known here.`,
          `Ask ${name} on every path before this step.`,
        ),
      ]
}

function checkRequiredFacts(script: ScriptDocument, texts: readonly Text[]): readonly Finding[] {
  const wording = texts.map(({ text }) => text).join('\n')
  const derives = Object.values(script.steps).flatMap((step) =>
    step.kind === 'ask' && step.derive !== undefined ? [step.derive] : [],
  )
  const used = new Set([
    ...[...wording.matchAll(/\{(?:council|asAt)\.([A-Za-z0-9]+)\}/g)].map((match) => match[1]),
    ...derives.flatMap((text) => [...text.matchAll(/\bcouncil\.([A-Za-z0-9]+)/g)].map((match) => match[1])),
  ])
  const required = script.requires.facts
  const aged = Object.keys(script.requires.freshForHours ?? {}).filter((name) => !required.includes(name))
  const derived = [...used].filter(
    (name) =>
      name !== undefined &&
      !required.includes(name) &&
      derives.some((text) => text.includes(`council.${name}`)),
  )
  return [
    ...required
      .filter((name) => !used.has(name))
      .map((name) =>
        finding(null, `The fact ${name} is required but never used.`, 'Remove it from requires, facts.', [
          'requires',
          'facts',
        ]),
      ),
    ...aged.map((name) =>
      finding(
        null,
        `${name} has an age under freshForHours, but is not required.`,
        'Correct its name, or remove it.',
        ['requires', 'freshForHours', name],
      ),
    ),
    ...derived.map((name) =>
      finding(null, `The fact ${name} is used but not required.`, `Add ${name} under requires, facts.`),
    ),
  ]
}

/** Longest average for plain English that is heard once, in words a sentence. */
export const longestAverageSentence = 20

function checkSentences(script: ScriptDocument): readonly Finding[] {
  const average = averageSentence(
    Object.values(script.wording.en).flatMap(({ say }) => (say === undefined ? [] : [say])),
  )
  if (average < longestAverageSentence) return []
  return [
    finding(
      null,
      `Its sentences are ${average.toFixed(1)} words long on average. People who listen lose long ones.`,
      `Split the longest, to get below ${longestAverageSentence}.`,
    ),
  ]
}

/** Words a sentence, over all texts. */
export function averageSentence(texts: readonly string[]): number {
  const sentences = texts.flatMap((text) => text.split(/[.!?:]+(?:\s|$)/)).filter((text) => /\w/.test(text))
  const words = sentences.reduce((sum, text) => sum + text.trim().split(/\s+/).length, 0)
  return sentences.length === 0 ? 0 : words / sentences.length
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
