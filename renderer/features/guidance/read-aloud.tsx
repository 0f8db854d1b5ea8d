import type { QuotedFact, ReadAloud as Words } from '#shared/guidance/view.ts'

/** The words for the resident, the largest on the screen, with the English beside them where they differ. */
export function ReadAloud({ words, id }: { readonly words: Words; readonly id: string }) {
  return (
    <div className={words.verbatim ? 'read-aloud read-aloud--verbatim' : 'read-aloud'} id={id}>
      <div>
        <p className="small quiet">{headingOf(words)}</p>
        <p className="read-aloud__text" lang={words.language}>
          “{words.text}”
        </p>
      </div>
      {words.inEnglish === null ? null : (
        <div>
          <p className="small quiet">In English, for you</p>
          <p className="read-aloud__english">“{words.inEnglish}”</p>
        </div>
      )}
    </div>
  )
}

function headingOf({ verbatim, written }: Words): string {
  if (written === true) return verbatim ? 'Write word for word' : 'Write or say'
  return verbatim ? 'Read out word for word' : 'Say'
}

/** Why the step is there, and how old the facts are that it quotes. */
export function StepWhy({
  why,
  facts,
}: {
  readonly why: string | null
  readonly facts: readonly QuotedFact[]
}) {
  const ages = [...new Set(facts.map((fact) => fact.asAtWords))].filter((words) => words !== '')
  const stale = facts.some((fact) => fact.stale)
  if (why === null && ages.length === 0) return null
  return (
    <div className="step__why">
      {why === null ? null : (
        <p>
          <strong>Why: </strong>
          {why}
        </p>
      )}
      {ages.length === 0 ? null : (
        <p className={stale ? 'small words--attention' : 'small'}>
          {stale ? 'The council’s facts here are old: ' : 'The council’s facts here are '}
          {ages.join('; ')}.{stale ? ' The words above say so.' : ''}
        </p>
      )}
    </div>
  )
}
