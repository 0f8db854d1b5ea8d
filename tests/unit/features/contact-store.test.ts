import { describe, expect, it, vi } from 'vitest'
import type { ContactStore } from '#renderer/features/cases/contact-state.ts'
import { createContactStore } from '#renderer/features/cases/contact-store.ts'
import { draftOfCall } from '#renderer/features/cases/line-in-work.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { ResidentView } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'
import { sampleLine } from './phone-samples.ts'

const script = {
  kind: 'script',
  id: 'missed-bin',
  version: 1,
  formatVersion: 1,
  title: 'Missed bin',
  cyReviewed: false,
  requires: { facts: [] },
  start: 'greeting',
  service: { lgsl: 524, lgil: 17, name: 'Missed bin' },
  aliases: { en: ['bin'], cy: [] },
  subject: 'Missed bin',
  parts: [],
  steps: {
    greeting: { kind: 'say', go: 'identity' },
    identity: {
      kind: 'verify',
      questions: [{ id: 'name', compares: 'fullName' }],
      levels: [{ level: 'standard', needs: ['name'] }],
      attempts: 2,
      passed: 'which-bin',
      failed: 'which-bin',
    },
    'which-bin': {
      kind: 'ask',
      input: 'choice',
      options: ['refuse', 'food'],
      field: 'binType',
      go: 'done',
    },
    done: { kind: 'outcome', disposition: 'case-raised', case: true, status: 'open' },
  },
  wording: {
    en: {
      greeting: { title: 'Greeting', say: 'Good morning.' },
      identity: {
        title: 'Identity',
        say: 'I need to check who I am speaking to.',
        questions: { name: 'What is your name?' },
      },
      'which-bin': {
        title: 'Which bin',
        say: 'Which bin was it?',
        options: { refuse: 'Refuse', food: 'Food' },
        label: 'Bin',
      },
      done: { title: 'Return visit', say: 'We will come back.' },
    },
    cy: { greeting: { say: 'Bore da.' } },
  },
}

const resident: ResidentView = {
  resident: {
    id: 'resident-1',
    version: 1,
    updatedAt: '2026-11-03T09:00:00Z',
    givenName: 'Adaeze',
    familyName: 'Okafor',
    phones: ['+441632960142'],
    address: { uprn: '1', line1: '14 Elm Road', town: 'Wexcombe', postcode: 'ZX1 4QT' },
    language: 'en',
  },
  cases: [],
  asAt: 0,
}

const me = {
  adviser: { id: 'a', username: 'sam', name: 'Sam Rees', languages: ['en'] },
  council: { name: 'Wexcombe', website: '', facts: {} },
  queues: [
    {
      id: 'waste',
      name: 'Waste and recycling',
      scriptId: 'missed-bin',
      dialledNumber: '+448081570101',
    },
  ],
} as unknown as Me

function desk(scripts: Record<string, unknown> = { 'missed-bin': script }) {
  const records = createFakeRecords({ scripts, residents: [resident] })
  return { records, store: open(records) }
}

/** A desk page over the same records: what a reload makes. */
function open(records: ReturnType<typeof createFakeRecords>, breathe?: () => Promise<void>): ContactStore {
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  return createContactStore({
    records,
    random: { next: () => 0, uuid },
    now: () => Date.parse('2026-11-03T10:00:00Z'),
    me: () => me,
    ...(breathe === undefined ? {} : { breathe }),
  })
}

const until = async (store: ContactStore, wanted: () => boolean) => {
  if (wanted()) return
  await new Promise<void>((resolve) => {
    const stop = store.subscribe(() => {
      if (!wanted()) return
      stop()
      resolve()
    })
  })
}

async function answeredCall(line: Line = sampleLine(), scripts?: Record<string, unknown>) {
  const { records, store } = desk(scripts)
  store.getState().followLines([line])
  await until(store, () => store.getState().view !== null || store.getState().scriptError !== null)
  return { records, store }
}

const ended = sampleLine({ state: { name: 'ended', at: 5_000, reason: 'hung-up-there' } })
const stepOf = (store: ContactStore) => store.getState().view?.current?.stepId

async function answerAll(store: ContactStore) {
  store.getState().answer('greeting', { kind: 'continue' })
  await store.getState().chooseResident('resident-1')
  store.getState().answer('identity', { kind: 'identity', marks: { name: 'matched' } })
  store.getState().answer('which-bin', { kind: 'value', value: 'food' })
}

describe('the work on a contact', () => {
  it('opens the script of the queue when the call is answered, not while it rings', async () => {
    const { store } = desk()
    store.getState().followLines([sampleLine({ state: { name: 'ringing', since: 0 } })])
    expect(store.getState().draft).toBeNull()
    store.getState().followLines([sampleLine()])
    await until(store, () => store.getState().view !== null)
    expect(stepOf(store)).toBe('greeting')
    expect(store.getState().candidates).toHaveLength(1)
  })

  it('lets the window have its turn before the script is drawn, and draws none for a contact that was left meanwhile', async () => {
    const turns: (() => void)[] = []
    const store = open(desk().records, () => new Promise((resolve) => turns.push(resolve)))
    store.getState().followLines([sampleLine()])
    await vi.waitUntil(() => turns.length === 1)
    expect(store.getState().script).toBeNull()
    store.getState().setAside()
    turns[0]?.()
    await new Promise((resolve) => setImmediate(resolve))
    expect(store.getState().script).toBeNull()

    store.getState().followLines([sampleLine({ contactId: '20000000-0000-4000-8000-000000000002' })])
    await vi.waitUntil(() => turns.length === 2)
    turns[1]?.()
    await until(store, () => store.getState().view !== null)
    expect(stepOf(store)).toBe('greeting')
  })

  it('knows the end of a call that was over before its contact was opened', async () => {
    const { store } = desk()
    store.getState().followLines([sampleLine({ state: { name: 'dialling', since: 0, progress: 'trying' } })])
    store.getState().followLines([ended])
    await until(store, () => store.getState().view !== null)
    expect(store.getState().draft?.endedAt).toBe(5_000)
  })

  it('says so when there is no script, and can still be saved', async () => {
    const { store, records } = await answeredCall(sampleLine(), {})
    expect(store.getState().scriptError?.code).toBe('cases/script-unavailable')
    expect(await store.getState().save()).toBe(true)
    expect(records.saved.map((each) => each.kind)).toEqual(['contact.save'])
  })

  it('comes back to the same step, resident and half-typed words after a reload', async () => {
    const { store, records } = await answeredCall()
    store.getState().answer('greeting', { kind: 'continue' })
    await store.getState().chooseResident('resident-1')
    store.getState().type('note', 'The lid is bro')
    store.getState().type('step.identity.name', 'matched')

    const reloaded = open(records)
    reloaded.getState().followLines([sampleLine()])
    await until(reloaded, () => reloaded.getState().view !== null)
    expect(stepOf(reloaded)).toBe('identity')
    expect(reloaded.getState().draft?.typed).toEqual({
      note: 'The lid is bro',
      'step.identity.name': 'matched',
    })
    expect(reloaded.getState().resident?.resident.id).toBe('resident-1')
  })

  it('reads out in the language of the call, whatever the record says, also after a reload', async () => {
    const { store, records } = await answeredCall()
    store.getState().setLanguage('cy')
    const said = () => store.getState().view?.current?.readAloud
    expect(said()?.text).toBe('Bore da.')
    expect(said()?.inEnglish).toBe('Good morning.')
    const reloaded = open(records)
    reloaded.getState().followLines([sampleLine()])
    await until(reloaded, () => reloaded.getState().view !== null)
    expect(reloaded.getState().view?.current?.readAloud?.text).toBe('Bore da.')
  })

  it('forgets the identity check when somebody else is chosen', async () => {
    const { store } = await answeredCall()
    await answerAll(store)
    expect(store.getState().draft?.identity?.level).toBe('standard')
    await store.getState().chooseResident(null)
    expect(store.getState().draft?.identity?.level ?? 'none').toBe('none')
  })

  it('fills the case from the answers and saves case and contact together', async () => {
    const { store, records } = await answeredCall()
    await answerAll(store)
    expect(store.getState().unsaved).toBe(true)
    expect(await store.getState().save()).toBe(true)
    expect(store.getState().unsaved).toBe(false)
    expect(records.saved.map((each) => each.kind)).toEqual(['case.create', 'contact.save'])
    expect(store.getState().knownCase?.record.fields).toEqual({ binType: 'food' })
    expect(store.getState().draft?.disposition).toBe('case-raised')
  })

  it('changes the case it made instead of making another', async () => {
    const { store, records } = await answeredCall()
    await answerAll(store)
    await store.getState().save()
    store.getState().reopen('which-bin')
    store.getState().answer('which-bin', { kind: 'value', value: 'refuse' })
    await store.getState().save()
    expect(records.saved.filter((each) => each.kind === 'case.create')).toHaveLength(1)
    expect(store.getState().knownCase?.record.fields).toEqual({ binType: 'refuse' })
  })

  it('keeps the words of a note that could not be saved', async () => {
    const { store, records } = await answeredCall()
    store.getState().type('note', 'Gate is locked')
    records.refuseSaves(appError('cases/store-failed', 'now'))
    expect(await store.getState().addNote()).toBe(false)
    expect(store.getState().draft?.typed.note).toBe('Gate is locked')
    expect(store.getState().saveState).toMatchObject({
      name: 'failed',
      error: { code: 'cases/store-failed' },
    })
    records.refuseSaves(null)
    expect(await store.getState().addNote()).toBe(true)
    expect(store.getState().timeline.map((entry) => entry.text)).toEqual(['Gate is locked'])
    expect(store.getState().draft?.typed.note).toBeUndefined()
  })

  it('saves in turn what is asked for at once', async () => {
    const { store, records } = await answeredCall()
    await answerAll(store)
    store.getState().type('note', 'Gate is locked')
    const done = await Promise.all([
      store.getState().addNote(),
      store.getState().save(),
      store.getState().save(),
    ])
    expect(done).toEqual([true, true, true])
    expect(records.saved.filter((each) => each.kind === 'case.create')).toHaveLength(1)
    expect(records.saved.filter((each) => each.kind === 'timeline.append')).toHaveLength(1)
  })

  it('does not finish without a disposition, and says why', async () => {
    const { store } = await answeredCall(sampleLine(), {})
    expect(await store.getState().finish()).toBe(false)
    expect(store.getState().saveState).toMatchObject({ error: { code: 'cases/disposition-missing' } })
  })

  it('finishes with everything: half-typed note, account of the contact, end of the call', async () => {
    const { store, records } = await answeredCall()
    await answerAll(store)
    store.getState().answer('done', { kind: 'continue' })
    store.getState().type('note', 'Half-typed but meant')
    store.getState().followLines([ended])
    expect(await store.getState().finish()).toBe(true)

    const notes = records.saved.filter((each) => each.kind === 'timeline.append').map((each) => each.entry)
    expect(notes.map((entry) => entry.kind)).toEqual(['note', 'contact'])
    expect(notes[0]?.text).toBe('Half-typed but meant')
    expect(records.saved.find((each) => each.kind === 'contact.save')).toMatchObject({
      fields: { endedAt: new Date(5_000).toISOString(), disposition: 'case-raised' },
    })
    expect(store.getState().draft).toBeNull()
    expect(records.keptDrafts.size).toBe(0)
    store.getState().followLines([ended])
    expect(store.getState().draft).toBeNull()
  })

  it('keeps nothing of a contact that is finished, though news of the records arrive just then', async () => {
    const { store, records } = await answeredCall(sampleLine({ queue: null }))
    const deleteDraft = records.deleteDraft
    let refreshed: Promise<void> = Promise.resolve()
    records.deleteDraft = async (contactId) => {
      await deleteDraft(contactId)
      refreshed = store.getState().refresh()
    }
    store.getState().setDisposition('caller-hung-up')
    expect(await store.getState().finish()).toBe(true)
    await refreshed
    expect(records.keptDrafts.size).toBe(0)
    expect(store.getState().unfinished).toEqual([])
  })

  it('lists a contact set aside and takes it up again where it was', async () => {
    const { store } = await answeredCall()
    store.getState().answer('greeting', { kind: 'continue' })
    store.getState().followLines([ended])
    store.getState().setAside()
    await until(store, () => store.getState().unfinished.length === 1)
    store.getState().followLines([ended])
    expect(store.getState().draft).toBeNull()
    await store.getState().resume(sampleLine().contactId)
    await until(store, () => store.getState().view !== null)
    expect(stepOf(store)).toBe('identity')
  })

  it('gives the desk to a new call that is answered and keeps the earlier one unfinished', async () => {
    const { store } = await answeredCall()
    store.getState().type('note', 'of the first')
    const second = sampleLine({
      id: '10000000-0000-4000-8000-000000000002',
      contactId: '20000000-0000-4000-8000-000000000002',
    })
    store.getState().followLines([ended, second])
    await until(
      store,
      () => store.getState().view !== null && store.getState().draft?.contactId === second.contactId,
    )
    expect(store.getState().draft?.typed).toEqual({})
    await store.getState().refresh()
    expect(store.getState().unfinished.map((draft) => draft.typed.note)).toEqual(['of the first'])
  })

  it('goes back to the first caller’s words when the adviser goes back to the first call', async () => {
    const first = sampleLine()
    const second = sampleLine({
      id: '10000000-0000-4000-8000-000000000002',
      contactId: '20000000-0000-4000-8000-000000000002',
    })
    const held = { name: 'held', since: 0, by: 'adviser' } as const
    const inHand = (contactId: string) => () =>
      store.getState().view !== null && store.getState().draft?.contactId === contactId
    const { store } = await answeredCall(first)
    store.getState().type('note', 'of the first')
    store.getState().followLines([{ ...first, state: held }, second])
    await until(store, inHand(second.contactId))
    store.getState().type('note', 'of the second')
    store.getState().followLines([first, { ...second, state: held }])
    await until(store, inHand(first.contactId))
    expect(store.getState().draft?.typed.note).toBe('of the first')
    store.getState().followLines([{ ...first, state: held }, second])
    await until(store, inHand(second.contactId))
    expect(store.getState().draft?.typed.note).toBe('of the second')
  })

  it('keeps the contact in hand when its call is joined with another', async () => {
    const first = sampleLine()
    const second = sampleLine({
      id: '10000000-0000-4000-8000-000000000000',
      contactId: '20000000-0000-4000-8000-000000000000',
    })
    const { store } = await answeredCall(first)
    store.getState().followLines([second, first])
    expect(store.getState().draft?.contactId).toBe(first.contactId)
  })

  it('opens the script of the number that was dialled when no queue sent the call', async () => {
    const { store } = await answeredCall(sampleLine({ queue: null, dialled: '+448081570101' }))
    expect(store.getState().draft?.queueId).toBe('waste')
    expect(stepOf(store)).toBe('greeting')
  })

  it('leaves a call to the public that nobody answered to be wrapped up, but no missed call', async () => {
    const over = { state: { name: 'ended', at: 5_000, reason: 'no-answer' } } as const
    const unanswered = { ...sampleLine().times, answeredAt: null }
    const missed = desk().store
    missed.getState().followLines([sampleLine({ ...over, times: unanswered })])
    expect(missed.getState().draft).toBeNull()
    const { store } = desk()
    store.getState().followLines([sampleLine({ ...over, direction: 'outbound', times: unanswered })])
    await until(store, () => store.getState().draft !== null)
    expect(store.getState().draft?.direction).toBe('outbound')
  })

  it('goes on with the draft that was made for a promised call', async () => {
    const { store, records } = desk()
    const { contactId } = sampleLine()
    const noted = { ...draftOfCall(sampleLine({ direction: 'outbound' }), []), callId: null }
    await records.putDraft({ ...noted, typed: { note: 'Promised call: the lid' }, residentId: 'resident-1' })
    store
      .getState()
      .followLines([
        sampleLine({ direction: 'outbound', state: { name: 'dialling', since: 0, progress: 'trying' } }),
      ])
    await until(store, () => store.getState().draft !== null)
    expect(store.getState().draft).toMatchObject({
      contactId,
      callId: 'call-1',
      residentId: 'resident-1',
      typed: { note: 'Promised call: the lid' },
    })
  })
})
