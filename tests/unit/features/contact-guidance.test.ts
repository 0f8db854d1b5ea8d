import { describe, expect, it } from 'vitest'
import { createContactStore } from '#renderer/features/cases/contact-store.ts'
import type { Me } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'
import { sampleLine } from './phone-samples.ts'

const script = {
  kind: 'script',
  id: 'missed-bin',
  version: 3,
  formatVersion: 2,
  title: 'Missed bin',
  owner: 'Waste team',
  reviewBy: '2027-01-01',
  escalation: 'risk',
  cyReviewed: false,
  requires: { facts: ['binOutBy'], freshForHours: { binOutBy: 24 } },
  start: 'tell',
  service: { lgsl: 524, lgil: 17, name: 'Missed bin' },
  aliases: { en: ['bin'], cy: [] },
  subject: 'Missed bin',
  parts: [],
  steps: {
    tell: { kind: 'say', verbatim: true, go: 'street' },
    street: { kind: 'ask', input: 'text', go: 'health' },
    health: { kind: 'ask', input: 'text', sensitive: true, go: 'bins' },
    bins: { kind: 'ask', input: 'number', go: 'done' },
    done: { kind: 'outcome', disposition: 'case-raised', case: false },
    risk: { kind: 'escalate', urgency: 'now', go: 'done' },
  },
  wording: {
    en: {
      tell: { title: 'Tell', say: 'Bins must be out by {council.binOutBy}.' },
      street: { title: 'Street', say: 'Which street?' },
      health: { title: 'Health', say: 'Is anybody ill?' },
      bins: { title: 'Bins', say: 'How many?' },
      done: { title: 'Told', say: 'Thank you.' },
      risk: { title: 'Someone is at risk', say: 'Are you safe?' },
    },
    cy: {},
  },
}

const me = {
  adviser: { id: 'a', username: 'sam', name: 'Sam Rees', languages: ['en'] },
  council: {
    name: 'Wexcombe',
    website: '',
    facts: { binOutBy: { text: '6.30', asAt: '2026-11-03T09:10:00Z' } },
  },
  queues: [{ id: 'waste', name: 'Waste', scriptId: 'missed-bin' }],
} as unknown as Me

async function answered() {
  const records = createFakeRecords({ scripts: { 'missed-bin': script } })
  let count = 0
  let now = Date.parse('2026-11-03T10:00:00Z')
  const store = createContactStore({
    records,
    random: { next: () => 0, uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}` },
    now: () => now,
    me: () => me,
  })
  store.getState().followLines([sampleLine()])
  await new Promise<void>((resolve) => {
    const stop = store.subscribe(({ view }) => {
      if (view === null) return
      stop()
      resolve()
    })
  })
  const pass = (ms: number) => {
    now += ms
  }
  return { records, state: store.getState, pass }
}

const value = (given: string) => ({ kind: 'value', value: given }) as const

describe('the script in a contact', () => {
  it('is left for the escalation by one key, and comes back to the same step', async () => {
    const { state } = await answered()
    state().answer('tell', { kind: 'continue' })
    state().escalate()
    expect(state().view?.current?.stepId).toBe('risk')
    expect(state().view?.escalation).toEqual({ title: 'Someone is at risk', reached: true, left: true })
    state().back()
    expect(state().view?.current?.stepId).toBe('street')
  })

  it('takes a page of answers at once, and says what is wrong with each before it takes any', async () => {
    const { state } = await answered()
    expect(state().page).toBeNull()
    state().answer('tell', { kind: 'continue' })
    expect(state().page?.steps.map(({ stepId }) => stepId)).toEqual(['street', 'health', 'bins'])
    state().type('step.street', 'Elm Road')
    state().answerPage({ street: value('Elm Road'), health: value('no'), bins: value('two') })
    expect(Object.keys(state().pageErrors)).toEqual(['bins'])
    expect(state().view?.current?.stepId).toBe('street')
    state().answerPage({ street: value('Elm Road'), health: value('no'), bins: value('2') })
    expect(state().view?.current?.stepId).toBe('done')
    expect(state().pageErrors).toEqual({})
    expect(state().draft?.typed).toEqual({})
  })

  it('says how old a fact is once it has grown old while the step was open', async () => {
    const { state, pass } = await answered()
    expect(state().view?.current?.readAloud?.text).toBe('Bins must be out by 6.30.')
    const draft = state().draft
    state().lookAgain()
    expect(state().draft).toBe(draft)
    pass(24 * 3_600_000)
    state().lookAgain()
    expect(state().view?.current?.readAloud?.text).toBe('As at yesterday: Bins must be out by 6.30.')
  })
})

describe('the account of a contact', () => {
  it('is saved with the lines that the adviser changed, whatever is answered afterwards', async () => {
    const { state, records } = await answered()
    state().answer('tell', { kind: 'continue' })
    state().answer('street', value('Elm Road'))
    state().editLine('street', 'Elm Road, behind the school.')
    state().answer('health', value('a private matter'))
    state().answer('bins', value('2'))
    state().answer('done', { kind: 'continue' })
    expect(await state().finish()).toBe(true)
    const texts = records.saved.flatMap((each) => (each.kind === 'timeline.append' ? [each.entry.text] : []))
    expect(texts).toEqual(['Elm Road, behind the school.\nBins: 2.\nOutcome: Told.'])
  })

  it('takes the words of the script again when asked', async () => {
    const { state } = await answered()
    state().answer('tell', { kind: 'continue' })
    state().answer('street', value('Elm Road'))
    state().editLine('street', 'Elsewhere.')
    expect(state().draft?.noteEdits).toEqual({
      'missed-bin': { street: { text: 'Elsewhere.', of: 'Street: Elm Road.' } },
    })
    state().restoreLine('street')
    expect(state().draft?.noteEdits).toEqual({ 'missed-bin': {} })
  })
})

describe('a word on a step', () => {
  it('goes to the script’s owner with the step and the version', async () => {
    const { state, records } = await answered()
    state().type('report', 'Nobody says 6.30 ')
    expect(await state().reportStep('tell', 'Nobody says 6.30 ')).toBe(true)
    expect(records.saved).toMatchObject([
      {
        kind: 'script.report',
        report: { scriptId: 'missed-bin', version: 3, stepId: 'tell', comment: 'Nobody says 6.30' },
      },
    ])
    expect(state().stepReport).toMatchObject({ stepId: 'tell', owner: 'Waste team', error: null })
    expect(state().draft?.typed.report).toBe('')
  })

  it('stays in its box when it could not be kept', async () => {
    const { state, records } = await answered()
    records.refuseSaves(appError('cases/store-failed', 'now'))
    state().type('report', 'Unclear')
    expect(await state().reportStep('tell', 'Unclear')).toBe(false)
    expect(state().stepReport?.error?.code).toBe('cases/store-failed')
    expect(state().draft?.typed.report).toBe('Unclear')
    expect(await state().reportStep('tell', '  ')).toBe(false)
  })
})
