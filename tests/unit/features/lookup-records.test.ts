import { describe, expect, it } from 'vitest'
import { lookupRecords } from '#renderer/features/cases/lookup-records.ts'
import type { CaseWithTimeline, ResidentView } from '#shared/contract/records.ts'
import type { Callback, CaseRecord, TimelineEntry } from '#shared/contract/rest.ts'

const now = Date.parse('2026-11-03T12:00:00Z')
const robin = {
  id: 'resident-1',
  version: 1,
  updatedAt: '2026-11-01T09:00:00Z',
  givenName: 'Robin',
  familyName: 'Sample',
  phones: [],
  address: { uprn: '1', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
  language: 'en',
} satisfies ResidentView['resident']

function caseOf(id: string, change: Partial<CaseRecord>, texts: readonly string[] = []): CaseWithTimeline {
  const record: CaseRecord = {
    id,
    version: 1,
    updatedAt: '2026-11-02T09:00:00Z',
    openedAt: '2026-11-02T09:00:00Z',
    reference: `REF-${id}`,
    residentId: robin.id,
    serviceCode: 524,
    interactionCode: 17,
    serviceName: 'Waste',
    subject: `Subject ${id}`,
    status: 'open',
    queueId: null,
    assignedTo: null,
    fields: {},
    ...change,
  }
  const timeline = texts.map(
    (text, index): TimelineEntry => ({
      id: `${id}-${index}`,
      caseId: id,
      residentId: robin.id,
      contactId: null,
      at: `2026-11-02T09:0${index}:00Z`,
      kind: 'contact',
      text,
      by: 'Sam',
    }),
  )
  return { record, timeline, pending: false }
}

const callback = (residentId: string, dueBy: string): Callback => ({
  id: `callback-${dueBy}`,
  version: 1,
  updatedAt: dueBy,
  number: '+441632960142',
  name: 'Robin',
  residentId,
  caseId: null,
  contactId: null,
  queueId: null,
  assignedTo: null,
  reason: 'About the bin',
  dueFrom: '2026-11-03T08:00:00Z',
  dueBy,
  status: 'due',
  closedAt: null,
})

const resident: ResidentView = {
  resident: robin,
  cases: [
    caseOf('bin', {}, ['Which bin: Food.\nPromised: We come back on Friday.']),
    caseOf('old', { status: 'closed' }, ['All done.']),
    caseOf('care', { serviceCode: 209 }, ['Private.\nPromised: A visit.']),
  ],
  asAt: now,
}
const look = (level: 'none' | 'standard' | 'enhanced', callbacks: readonly Callback[] = []) =>
  lookupRecords({ resident, callbacks, level, enhanced: undefined, now })

describe('what a script looks up of a resident', () => {
  it('is nothing before the identity check', () => {
    expect(look('none')).toBeNull()
  })

  it('is what the level opens: social care only to an enhanced check', () => {
    expect(look('standard')?.openCases.map(({ id }) => id)).toEqual(['bin'])
    expect(JSON.stringify(look('standard'))).not.toContain('Private')
    expect(look('enhanced')?.openCases.map(({ id }) => id)).toEqual(['bin', 'care'])
  })

  it('lists contacts of open and closed cases, and what was promised in them', () => {
    const found = look('standard')
    expect(found?.contacts.map(({ detail }) => detail)).toEqual([
      'Which bin: Food. Promised: We come back on Friday.',
      'All done.',
    ])
    expect(found?.promises.map(({ title }) => title)).toEqual(['We come back on Friday.'])
  })

  it('puts promised calls of this resident first, and says which are late', () => {
    const calls = [
      callback(robin.id, '2026-11-03T11:00:00Z'),
      callback(robin.id, '2026-11-03T15:00:00Z'),
      callback('somebody-else', '2026-11-03T15:00:00Z'),
    ]
    const titles = look('standard', calls)?.promises.map(({ title }) => title) ?? []
    expect(titles).toHaveLength(3)
    expect(titles[0]).toContain('late, not made yet')
    expect(titles[1]).not.toContain('late')
  })
})
