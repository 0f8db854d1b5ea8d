import { describe, expect, it } from 'vitest'
import { createContactStore } from '#renderer/features/cases/contact-store.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import type { HandOver, IdentityCheck, Me } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'
import { sampleLine } from './phone-samples.ts'

const beginsAt = Date.parse('2026-11-03T10:00:00Z')
const minuteMs = 60_000

const script = {
  kind: 'script',
  id: 'missed-bin',
  version: 1,
  formatVersion: 1,
  title: 'Missed bin',
  cyReviewed: false,
  requires: { facts: [] },
  start: 'check',
  service: { lgsl: 524, lgil: 17, name: 'Waste' },
  aliases: { en: ['x'], cy: [] },
  subject: 'Missed bin',
  parts: [],
  steps: {
    check: {
      kind: 'verify',
      questions: [{ id: 'name', compares: 'fullName' }],
      levels: [{ level: 'standard', needs: ['name'] }],
      attempts: 2,
      holdsForMinutes: 30,
      endsAfterHoldMinutes: 5,
      passed: 'tell',
      failed: 'without',
    },
    tell: { kind: 'inform', discloses: 'standard', go: 'done' },
    without: { kind: 'say', go: 'done' },
    done: { kind: 'outcome', disposition: 'case-raised', case: true, status: 'open' },
  },
  wording: {
    en: {
      check: { title: 'Identity', say: 'Who is it?', questions: { name: 'Your name?' } },
      tell: { title: 'Tell', say: 'It is booked.' },
      without: { title: 'Without', say: 'We go on without.' },
      done: { title: 'Done', say: 'Thank you.' },
    },
    cy: {},
  },
}

const robin: ResidentView = {
  resident: {
    id: 'resident-1',
    version: 1,
    updatedAt: '2026-01-05T09:00:00Z',
    givenName: 'Robin',
    familyName: 'Sample',
    phones: ['+441632960142'],
    address: { uprn: '1', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
    language: 'en',
    assistance: 'relay',
  },
  cases: [],
  asAt: null,
}

const made: IdentityCheck = {
  level: 'standard',
  method: 'name',
  at: '2026-11-03T09:55:00Z',
  until: '2026-11-03T10:25:00Z',
}

const handedOver: HandOver = {
  contactId: '20000000-0000-4000-8000-000000000009',
  at: '2026-11-03T09:59:00Z',
  by: 'Nia Pugh',
  reason: 'Speaks Welsh',
  residentId: 'resident-1',
  caseId: 'case-not-here',
  identity: made,
  language: 'cy',
  assistance: null,
}

const me = {
  adviser: { id: 'a', username: 'sam', name: 'Sam Rees', languages: ['en'] },
  council: { name: 'Wexcombe', website: '', facts: {} },
  queues: [{ id: 'waste', name: 'Waste', scriptId: 'missed-bin', language: 'cy' }],
} as unknown as Me

async function desk(line: Line = sampleLine(), handOvers: HandOver[] = [], document: object = script) {
  const records = createFakeRecords({ scripts: { 'missed-bin': document }, residents: [robin], handOvers })
  let count = 0
  let now = beginsAt
  const store = createContactStore({
    records,
    random: { next: () => 0, uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}` },
    now: () => now,
    me: () => me,
  })
  const { getState } = store
  getState().followLines([line])
  await new Promise<void>((resolve) => {
    const look = () => {
      if (getState().view === null) return
      stop()
      resolve()
    }
    const stop = store.subscribe(look)
    look()
  })
  return {
    records,
    getState,
    at: (minutes: number) => {
      now = beginsAt + minutes * minuteMs
    },
    hold: (state: Line['state']) => getState().followLines([{ ...line, state }]),
    compare: (mark: 'matched' | 'not-matched') =>
      getState().answer('check', { kind: 'identity', marks: { name: mark } }),
  }
}

const stepId = ({ getState }: Awaited<ReturnType<typeof desk>>) => getState().view?.current?.stepId

it('puts the language of a call into the resident’s record, for the next', async () => {
  const { records, getState } = await desk()
  expect(await getState().keepLanguage()).toBe(false)
  await getState().chooseResident('resident-1')
  getState().setLanguage('cy')
  expect(await getState().keepLanguage()).toBe(true)
  expect(records.saved).toMatchObject([
    { kind: 'resident.change', residentId: 'resident-1', baseVersion: 1, change: { language: 'cy' } },
  ])
})

describe('who is identified in a contact', () => {
  it('begins with the check of the colleague who passed the call on, past the identity step', async () => {
    const line = sampleLine({ handedOverFrom: handedOver.contactId })
    const { getState } = await desk(line, [handedOver])
    const { draft, resident, view } = getState()
    expect(resident?.resident.id).toBe('resident-1')
    expect(view?.current?.stepId).toBe('tell')
    expect(draft).toMatchObject({
      language: 'cy',
      // A case that is not on this desk yet is not made a second time.
      caseId: null,
      identity: { level: 'standard', handedOver: { by: 'Nia Pugh', reason: 'Speaks Welsh' } },
      handedOver: { by: 'Nia Pugh' },
    })
  })

  it('is asked for again while what the colleague left has not arrived', async () => {
    const arrived: HandOver[] = []
    const { getState } = await desk(sampleLine({ handedOverFrom: handedOver.contactId }), arrived)
    await getState().refresh()
    expect(getState().draft).toMatchObject({ residentId: null, handedOver: { by: null } })
    arrived.push(handedOver)
    await getState().refresh()
    expect(getState().resident?.resident.id).toBe('resident-1')
    expect(getState().view?.current?.stepId).toBe('tell')
    expect(getState().draft).toMatchObject({
      identity: { level: 'standard', handedOver: { by: 'Nia Pugh' } },
      handedOver: { by: 'Nia Pugh', reason: 'Speaks Welsh' },
    })
  })

  it('stays whom the adviser chose and checked when what the colleague left arrives late', async () => {
    const arrived: HandOver[] = []
    const opened = await desk(sampleLine({ handedOverFrom: handedOver.contactId }), arrived)
    await opened.getState().chooseResident('resident-1')
    opened.compare('matched')
    arrived.push({ ...handedOver, residentId: 'resident-2', language: 'en' })
    await opened.getState().refresh()
    expect(opened.getState().draft).toMatchObject({
      residentId: 'resident-1',
      identity: { level: 'standard', method: 'name' },
      given: null,
      handedOver: { by: 'Nia Pugh' },
    })
    expect(opened.getState().draft?.identity).not.toHaveProperty('handedOver')
  })

  it('is nobody when what the colleague left is not known or cannot be read', async () => {
    const opened = await desk(sampleLine({ handedOverFrom: handedOver.contactId }))
    expect(stepId(opened)).toBe('check')
    expect(opened.getState().draft).toMatchObject({
      residentId: null,
      identity: null,
      given: null,
      handedOver: { by: null },
    })
  })

  it('keeps failed attempts with the draft, so that a reload gives none back', async () => {
    const opened = await desk()
    await opened.getState().chooseResident('resident-1')
    opened.compare('not-matched')
    const kept = opened.records.keptDrafts.get(opened.getState().draft?.contactId ?? '')
    expect(kept?.failedAttempts).toEqual({ 'resident-1': 1 })
  })

  it.each([
    [4, 'tell'],
    [5, 'check'],
  ])('after a hold of %i minutes the script is at %s', async (minutes, step) => {
    const opened = await desk()
    await opened.getState().chooseResident('resident-1')
    opened.compare('matched')
    expect(stepId(opened)).toBe('tell')
    opened.hold({ name: 'held', since: beginsAt, by: 'adviser' })
    opened.at(minutes)
    opened.hold({ name: 'active', since: beginsAt })
    expect(stepId(opened)).toBe(step)
    // That there was a check stays on record.
    expect(opened.getState().draft?.identity?.level).toBe('standard')
  })

  it('a long hold ends the check of a colleague too', async () => {
    const opened = await desk(sampleLine({ handedOverFrom: handedOver.contactId }), [handedOver])
    opened.hold({ name: 'held', since: beginsAt, by: 'resident' })
    opened.at(6)
    opened.hold({ name: 'active', since: beginsAt })
    expect(stepId(opened)).toBe('check')
    expect(opened.getState().draft?.given).toBeNull()
  })

  it('is nobody once a colleague’s check is to be made again, before the script comes to its own', async () => {
    const line = sampleLine({ handedOverFrom: handedOver.contactId })
    const asksFirst = {
      ...script,
      start: 'what',
      steps: { ...script.steps, what: { kind: 'ask', input: 'text', go: 'check' } },
      wording: {
        ...script.wording,
        en: { ...script.wording.en, what: { title: 'What', say: 'What is it?' } },
      },
    }
    const opened = await desk(line, [handedOver], asksFirst)
    expect(opened.getState().draft?.identity?.level).toBe('standard')
    opened.getState().checkAgain()
    expect(opened.getState().draft?.identity).toBeNull()
    opened.getState().answer('what', { kind: 'value', value: 'A bin' })
    expect(stepId(opened)).toBe('check')
  })

  it('takes the help that the record names, and the language that the queue stands for', async () => {
    const { getState } = await desk()
    expect(getState().draft?.language).toBe('cy')
    await getState().chooseResident('resident-1')
    expect(getState().draft?.assistance).toBe('relay')
  })
})

describe('passing a contact on', () => {
  it('saves what goes along', async () => {
    const opened = await desk()
    await opened.getState().chooseResident('resident-1')
    opened.compare('matched')
    expect(await opened.getState().handOver('Wants a payment plan')).toBe(true)
    expect(opened.records.saved).toMatchObject([
      {
        kind: 'contact.hand-over',
        contactId: opened.getState().draft?.contactId,
        handOver: {
          reason: 'Wants a payment plan',
          residentId: 'resident-1',
          identity: { level: 'standard' },
          language: 'cy',
          assistance: 'relay',
        },
      },
    ])
  })

  it('says when it could not be saved', async () => {
    const opened = await desk()
    opened.records.refuseSaves(appError('cases/not-saved', 'now'))
    expect(await opened.getState().handOver('')).toBe(false)
    expect(opened.getState().saveState.name).toBe('failed')
  })
})
