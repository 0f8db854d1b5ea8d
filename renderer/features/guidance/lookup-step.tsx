import type { LookupStepView } from '#shared/guidance/view.ts'
import type { LookupItem, LookupRecords } from './step-support.ts'

const titles = {
  'open-cases': 'Their open cases',
  'recent-contacts': 'Their last contacts',
  promises: 'What they were promised',
} as const

const none = {
  'open-cases': 'No open cases on this desk.',
  'recent-contacts': 'No earlier contacts on this desk.',
  promises: 'No promises to them on this desk.',
} as const

/** The resident's own records of the kind that is to be looked at, when the identity check opens them. */
export function LookupBody({
  step,
  records,
}: {
  readonly step: LookupStepView
  readonly records: LookupRecords | null
}) {
  if (step.shows === 'elsewhere')
    return (
      <p className="quiet">Look this up in the system named here, then go on. The desk does not hold it.</p>
    )
  if (records === null || step.withheld)
    return <p className="quiet">Their records open once they have been identified.</p>
  const items = itemsOf(records, step.shows)
  return (
    <section className="lookup" aria-label={titles[step.shows]}>
      <p>
        <strong>{titles[step.shows]}</strong>
        {records.asAtWords === null ? null : <span className="small quiet"> {records.asAtWords}</span>}
      </p>
      {items.length === 0 ? <p className="quiet">{none[step.shows]}</p> : null}
      <ul className="lookup__list">
        {items.map((item) => (
          <li key={item.id} className="lookup__item">
            <strong>{item.title}</strong>
            <span className="small">{item.detail}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function itemsOf(
  records: LookupRecords,
  shows: Exclude<LookupStepView['shows'], 'elsewhere'>,
): readonly LookupItem[] {
  if (shows === 'open-cases') return records.openCases
  return shows === 'promises' ? records.promises : records.contacts
}
