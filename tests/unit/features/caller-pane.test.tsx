import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { CallerPane, type CallerPaneProps } from '#renderer/features/cases/caller-pane.tsx'
import { HandedOver } from '#renderer/features/cases/handed-over.tsx'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { IdentityCheck } from '#shared/contract/rest.ts'

const caseOf = (serviceCode: number, subject: string): CaseWithTimeline => ({
  record: {
    id: `case-${serviceCode}`,
    version: 1,
    updatedAt: '2026-11-01T09:00:00Z',
    openedAt: '2026-11-01T09:00:00Z',
    reference: 'WR-2026-000001',
    residentId: 'resident-1',
    serviceCode,
    interactionCode: 17,
    serviceName: subject,
    subject,
    status: 'open',
    queueId: null,
    assignedTo: null,
    fields: {},
  },
  timeline: [],
  pending: false,
})

const view: ResidentView = {
  resident: {
    id: 'resident-1',
    version: 1,
    updatedAt: '2026-01-05T09:00:00Z',
    givenName: 'Robin',
    familyName: 'Sample',
    phones: ['+441632960142'],
    address: { uprn: '1', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
    language: 'en',
  },
  cases: [caseOf(524, 'Missed recycling'), caseOf(731, 'Worry about a neighbour')],
  asAt: null,
}
/** Nothing of these may be seen before the identity check. */
const personal = ['01632', 'ZZ99', 'Missed recycling', 'Worry about a neighbour', 'WR-2026']

const check = (change: Partial<IdentityCheck> = {}): IdentityCheck => ({
  level: 'standard',
  method: 'name, address',
  at: '2026-11-03T10:04:00Z',
  ...change,
})

const shown = (change: Partial<CallerPaneProps>) =>
  renderToStaticMarkup(
    <CallerPane
      number={null}
      withheld={false}
      byTelephone
      candidates={[]}
      chosenId="resident-1"
      identity={null}
      endedAt={null}
      enhanced={undefined}
      resident={view}
      canChoose
      marks={() => null}
      recordActions={() => null}
      onViewed={() => {}}
      onChoose={() => {}}
      onFind={() => {}}
      onCall={() => {}}
      onRanOut={() => {}}
      onCheckAgain={() => {}}
      checkBehind
      {...change}
    />,
  )

describe('the pane of the caller', () => {
  it.each([
    ['before a check', null],
    ['after a check that was declined', check({ level: 'none', method: 'declined' })],
    ['after a check that ran out', check({ until: '2026-11-03T10:05:00Z' })],
  ])('shows nothing of the record %s, and says what it needs', (_when, identity) => {
    const html = shown({ identity })
    for (const word of personal) expect(html).not.toContain(word)
    expect(html).toContain('Needs identity: standard')
  })

  it('offers to check again when a check ran out', () => {
    const html = shown({ identity: check({ until: '2026-11-03T10:05:00Z' }) })
    expect(html).toContain('The identity check has run out')
    expect(html).toContain('Check again')
  })

  it('offers it not where the script asks by itself', () => {
    const html = shown({ identity: check({ until: '2026-11-03T10:05:00Z' }), checkBehind: false })
    expect(html).toContain('The identity check has run out')
    expect(html).not.toContain('Check again')
  })

  it('asks nobody who wrote or came for a telephone number', () => {
    const html = shown({ byTelephone: false, chosenId: null })
    expect(html).toContain('Who it is from')
    expect(html).not.toMatch(/calling|number is not known/)
  })

  it('opens the record with a standard check, but not a case of safeguarding', () => {
    const html = shown({ identity: check() })
    expect(html).toContain('Missed recycling')
    expect(html).toMatch(/<button [^>]*>(<span[^>]*>Call <\/span>)?01632 960142<\/button>/)
    expect(html).not.toContain('Worry about a neighbour')
    expect(html).toContain('Needs identity: enhanced')
  })

  it('opens all of it with an enhanced check', () => {
    const html = shown({ identity: check({ level: 'enhanced' }) })
    expect(html).toContain('Worry about a neighbour')
    expect(html).not.toContain('Needs identity')
  })

  it('keeps the record open for what is left to write after the call', () => {
    const until = '2026-11-03T10:05:00Z'
    expect(shown({ identity: check({ until }), endedAt: Date.parse(until) - 1 })).toContain(
      'Missed recycling',
    )
    expect(shown({ identity: check({ until }), endedAt: Date.parse(until) })).not.toContain(
      'Missed recycling',
    )
  })

  it('says with whom the check was made, and by whom', () => {
    const handedOver = { by: 'Nia Pugh', reason: '' }
    expect(shown({ identity: check({ party: 'third-party', partyName: 'Alex' }) })).toContain('with Alex')
    expect(shown({ identity: check({ handedOver }) })).toMatch(
      /checked by Nia Pugh at \d\d:\d\d on name, address/,
    )
  })
})

describe('what a colleague left', () => {
  const draft = newDraft({ contactId: 'c', startedAt: 0, channel: 'telephone', direction: 'inbound' })

  it('is said in plain words when it cannot be read, with no level', () => {
    const html = renderToStaticMarkup(
      <HandedOver draft={{ ...draft, handedOver: { contactId: 'd', by: null, reason: '', at: null } }} />,
    )
    expect(html).toContain('is not here yet, and is asked for again')
    expect(html).toContain('Nobody has been identified')
    expect(html).not.toContain('Identity:')
  })
})
