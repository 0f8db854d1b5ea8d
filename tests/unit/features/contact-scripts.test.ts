import { describe, expect, it } from 'vitest'
import { createContactStore } from '#renderer/features/cases/contact-store.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Me } from '#shared/contract/rest.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'
import { lineId, sampleLine } from './phone-samples.ts'

const scriptOf = (id: string, title: string) => ({
  kind: 'script',
  id,
  version: 1,
  formatVersion: 1,
  title,
  cyReviewed: false,
  requires: { facts: [] },
  start: 'what',
  service: { lgsl: 524, lgil: 17, name: title },
  aliases: { en: ['x'], cy: [] },
  subject: title,
  parts: [],
  steps: {
    what: { kind: 'ask', input: 'text', field: 'what', go: 'done' },
    done: { kind: 'outcome', disposition: 'case-raised', case: true, status: 'open' },
  },
  wording: {
    en: { what: { title: 'What', say: 'What is it?' }, done: { title: 'Done', say: 'Thank you.' } },
    cy: {},
  },
})

const me = {
  adviser: { id: 'a', username: 'sam', name: 'Sam Rees', languages: ['en'] },
  council: { name: 'Wexcombe', website: '', facts: {} },
  queues: [{ id: 'waste', name: 'Waste', scriptId: 'missed-bin', dialledNumber: '+448081570101' }],
} as unknown as Me

function desk() {
  const scripts = {
    'missed-bin': scriptOf('missed-bin', 'Missed bin'),
    library: scriptOf('library', 'Library'),
  }
  const records = createFakeRecords({ scripts })
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  const store = createContactStore({
    records,
    random: { next: () => 0, uuid },
    now: () => Date.parse('2026-11-03T10:00:00Z'),
    me: () => me,
  })
  const { getState } = store
  const until = (wanted: () => boolean) =>
    new Promise<void>((resolve) => {
      if (wanted()) return resolve()
      const stop = store.subscribe(() => {
        if (!wanted()) return
        stop()
        resolve()
      })
    })
  const call = async (line: Line = sampleLine()) => {
    getState().followLines([line])
    await until(() => getState().view !== null || getState().scriptError !== null)
  }
  return { records, store, getState, call }
}

const fieldsOf = (getState: ReturnType<typeof desk>['getState']) => getState().view?.caseDraft.fields

describe('another script in hand', () => {
  it('comes back to the answers that were left', async () => {
    const { getState, call } = desk()
    await call()
    getState().answer('what', { kind: 'value', value: 'Recycling' })
    expect(await getState().chooseScript('library')).toBe('chosen')
    expect(getState().script?.title).toBe('Library')
    expect(fieldsOf(getState)).toEqual({})
    await getState().chooseScript('missed-bin')
    expect(fieldsOf(getState)).toEqual({ what: 'Recycling' })
  })

  it('asks which case once one was made, keeps what was said in it, and makes another', async () => {
    const { records, getState, call } = desk()
    await call()
    getState().answer('what', { kind: 'value', value: 'Recycling' })
    await getState().save()
    const first = getState().draft?.caseId
    getState().reopen('what')
    getState().answer('what', { kind: 'value', value: 'Garden' })
    expect(await getState().chooseScript('library')).toBe('which-case')
    expect(getState().script?.title).toBe('Missed bin')
    expect(await getState().chooseScript('library', 'new')).toBe('chosen')
    expect((await records.caseView(first ?? ''))?.record.fields).toEqual({ what: 'Garden' })
    getState().answer('what', { kind: 'value', value: 'Fine' })
    await getState().save()
    expect(getState().draft?.caseId).not.toBe(first)
  })

  it('goes on with the same case when the adviser says so', async () => {
    const { getState, call } = desk()
    await call()
    getState().answer('what', { kind: 'value', value: 'Recycling' })
    await getState().save()
    const first = getState().draft?.caseId
    await getState().chooseScript('library', 'same')
    expect(getState().draft?.caseId).toBe(first)
  })

  it('writes the account of each script at the end', async () => {
    const { records, getState, call } = desk()
    await call()
    getState().answer('what', { kind: 'value', value: 'Recycling' })
    await getState().chooseScript('library')
    getState().answer('what', { kind: 'value', value: 'Fine' })
    await getState().finish()
    const accounts = records.saved.flatMap((each) =>
      each.kind === 'timeline.append' && each.entry.kind === 'contact' ? [each.entry.text] : [],
    )
    expect(accounts).toEqual(['Missed bin, begun and left:\nWhat: Recycling.', 'What: Fine.'])
  })
})

describe('a contact without a call', () => {
  it('begins with its channel, its script and the queue of that script', async () => {
    const { getState } = desk()
    await getState().beginContact('email', 'missed-bin')
    expect(getState().draft).toMatchObject({ channel: 'email', queueId: 'waste', direction: 'inbound' })
    expect(getState().script?.title).toBe('Missed bin')
  })

  it('ends when it is finished', async () => {
    const { records, getState } = desk()
    await getState().beginContact('email', 'library')
    getState().answer('what', { kind: 'value', value: 'Fine' })
    getState().answer('done', { kind: 'continue' })
    await getState().save()
    const ends = () =>
      records.saved.flatMap((each) => (each.kind === 'contact.save' ? [each.fields.endedAt] : []))
    expect(ends()).toEqual([null])
    expect(await getState().finish()).toBe(true)
    expect(ends()).toEqual([null, '2026-11-03T10:00:00.000Z'])
  })

  it('waits while a call is talked on, and comes back by the adviser’s choice, the call going on', async () => {
    const { getState, call } = desk()
    const contactId = await getState().beginContact('letter', 'library')
    getState().type('step.what', 'half a wo')
    const line = sampleLine()
    getState().followLines([line])
    await expect.poll(() => getState().draft?.contactId).toBe(line.contactId)
    await getState().resume(contactId)
    expect(getState().draft).toMatchObject({ typed: { 'step.what': 'half a wo' }, endedAt: null })
    getState().followLines([{ ...line, muted: true }])
    expect(getState().draft?.contactId).toBe(contactId)
    await getState().resume(line.contactId)
    expect(getState().draft).toMatchObject({ contactId: line.contactId, endedAt: null })
    expect(getState().number).toBe('+441632960142')
    await call()
  })

  it('is in hand or among the unfinished, never for a moment both', async () => {
    const { store, getState } = desk()
    const both: string[] = []
    store.subscribe(({ draft, unfinished }) => {
      const inHand = unfinished.find((each) => each.contactId === draft?.contactId)
      if (inHand !== undefined) both.push(inHand.contactId)
    })
    const contactId = await getState().beginContact('letter', 'library')
    const line = sampleLine()
    getState().followLines([line])
    await expect.poll(() => getState().unfinished.map((each) => each.contactId)).toEqual([contactId])
    await getState().resume(contactId)
    expect(getState().unfinished.map((each) => each.contactId)).toEqual([line.contactId])
    await getState().resume(line.contactId)
    expect(getState().unfinished.map((each) => each.contactId)).toEqual([contactId])
    expect(both).toEqual([])
  })

  it('gives way to the next call that is answered', async () => {
    const { getState } = desk()
    const contactId = await getState().beginContact('web-chat', 'library')
    const first = sampleLine()
    getState().followLines([first])
    await expect.poll(() => getState().draft?.contactId).toBe(first.contactId)
    await getState().resume(contactId)
    const second = sampleLine({ id: lineId(2), contactId: '20000000-0000-4000-8000-000000000002' })
    getState().followLines([{ ...first, state: { name: 'held', since: 1, by: 'adviser' } }, second])
    await expect.poll(() => getState().draft?.contactId).toBe(second.contactId)
    expect(getState().unfinished.map((draft) => draft.contactId)).toContain(contactId)
  })
})
