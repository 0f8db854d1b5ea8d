import { describe, expect, it } from 'vitest'
import { createRiskStore, type RiskPorts } from '#renderer/features/risk/risk-store.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Alert } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err } from '#shared/kernel/result.ts'
import { createFakeRecords } from '#tests/support/fake-records.ts'

const startedAt = Date.parse('2026-11-03T10:04:00Z')

function desk(inHand: string | null = 'contact-1') {
  const fake = createFakeRecords({ scripts: {} })
  const drafts = new Map<string, Draft>()
  const begin = (contactId: string) =>
    drafts.set(
      contactId,
      newDraft({ contactId, startedAt, channel: 'telephone', direction: 'inbound', residentId: 'r-1' }),
    )
  if (inHand !== null) begin(inHand)
  let now = startedAt
  let count = 0
  const alerts = new Map<string, Alert>()
  const state = { inHand }
  const ports: RiskPorts = {
    records: {
      save: fake.save,
      contactTimeline: fake.contactTimeline,
      syncNow: async () => {},
      alert: async (id) => {
        const alert = alerts.get(id)
        return alert === undefined ? err(appError('cases/not-found', 'later')) : { ok: true, value: alert }
      },
    },
    random: { next: () => 0, uuid: () => `id-${++count}` },
    now: () => {
      now += 1_000
      return now
    },
    contactInHand: () => state.inHand,
    contact: async (contactId) => {
      const draft = drafts.get(contactId)
      return draft === undefined ? null : { draft, caseId: null }
    },
    known: (contactId) =>
      contactId === 'contact-1'
        ? { place: '14 Elm Road, Wexcombe', number: '01632 960142', name: '' }
        : { place: '', number: '', name: '' },
    beginContact: async () => {
      begin('begun')
      state.inHand = 'begun'
      return 'begun'
    },
    keep: async (contactId, { risk, typed }) => {
      const draft = drafts.get(contactId)
      if (draft !== undefined)
        drafts.set(contactId, { ...draft, risk: risk ?? draft.risk, typed: { ...draft.typed, ...typed } })
    },
  }
  const open = () => createRiskStore(ports).getState
  return { fake, drafts, alerts, state, open, get: open() }
}

const linesIn = (fake: ReturnType<typeof desk>['fake']) =>
  fake.saved.flatMap((each) =>
    each.kind === 'timeline.append' ? [`${each.at.slice(11, 19)} ${each.entry.text}`] : [],
  )

describe('the record of a risk to life', () => {
  it('keeps each line as it is written, with its second and in order', async () => {
    const { fake, get } = desk()
    get().toggle()
    await Promise.all([get().write('Chest pain'), get().write(' Alone at home '), get().write('  ')])
    expect(linesIn(fake)).toEqual(['10:04:01 Chest pain', '10:04:02 Alone at home'])
    expect(get().log.map(({ kept }) => kept)).toEqual(['saved', 'saved'])
    expect(fake.saved.map(({ kind }) => kind)).toEqual(['contact.save', 'timeline.append', 'timeline.append'])
  })

  it('belongs to the contact with which it was begun, whatever is in hand meanwhile', async () => {
    const { fake, get, state } = desk()
    get().toggle()
    await get().write('Chest pain')
    state.inHand = 'contact-2'
    get().hide()
    get().toggle()
    await get().write('Help is with the person')
    const contacts = fake.saved.map((each) => (each.kind === 'timeline.append' ? each.entry.contactId : null))
    expect(new Set(contacts.filter((id) => id !== null))).toEqual(new Set(['contact-1']))
  })

  it('begins a contact of its own between calls, with the words typed so far, and none for a slip of the finger', async () => {
    const { drafts, fake, get } = desk(null)
    get().toggle()
    get().type('place', '14 Elm Road')
    expect(drafts.size).toBe(0)
    get().hide()
    expect(fake.saved).toEqual([])
    get().toggle()
    await get().write('Somebody at the counter collapsed')
    expect(drafts.get('begun')).toMatchObject({
      typed: { 'risk.place': '14 Elm Road' },
      risk: { endedAt: null },
    })
  })

  it('says which line could not be kept, and why', async () => {
    const { fake, get } = desk()
    get().toggle()
    fake.refuseSaves(appError('cases/store-failed', 'now'))
    expect(await get().write('Chest pain')).toBe(false)
    expect(get().log).toMatchObject([{ text: 'Chest pain', kept: 'failed' }])
    expect(get().saveError?.code).toBe('cases/store-failed')
  })

  it('tells the supervisors once, and learns who takes it up', async () => {
    const { alerts, fake, get } = desk()
    get().toggle()
    await Promise.all([get().tell(), get().tell()])
    expect(fake.saved.filter(({ kind }) => kind === 'alert.raise')).toHaveLength(1)
    expect(get().alert).toBeNull()
    const alert: Alert = {
      id: 'contact-1',
      kind: 'risk-to-life',
      contactId: 'contact-1',
      raisedAt: '2026-11-03T10:04:00Z',
      raisedBy: 'Sam Rees',
      toldTo: ['Morgan Reeve'],
      acknowledgedBy: null,
      acknowledgedAt: null,
    }
    alerts.set('contact-1', alert)
    await get().refresh()
    expect(get().alert?.toldTo).toEqual(['Morgan Reeve'])
    get().heard({ ...alert, id: 'another' })
    get().heard({ ...alert, acknowledgedBy: 'Morgan Reeve', acknowledgedAt: '2026-11-03T10:05:00Z' })
    expect(get().alert?.acknowledgedBy).toBe('Morgan Reeve')
  })

  it('puts what the desk has of the person into the log for the supervisors, and says what nobody asked yet', async () => {
    const { fake, get } = desk()
    get().toggle()
    await get().write('Told: chest pain')
    get().type('place', ' The bus stop in Mill Lane ')
    get().type('said', 'chest pain')
    await get().tell()
    expect(linesIn(fake).map((line) => line.slice(9))).toEqual([
      'Told: chest pain',
      'Where: The bus stop in Mill Lane',
      'Number: 01632 960142 (not confirmed)',
      'Supervisors are told by this desk',
    ])
    expect(fake.saved.at(-1)?.kind).toBe('alert.raise')
    // Each with a time of its own, so that they stay in this order wherever they are read.
    const times = get().log.map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(get().log.every(({ kept }) => kept === 'saved')).toBe(true)
  })

  it('is there again, words and all, when the desk was loaded again', async () => {
    const { get, open } = desk()
    get().toggle()
    await get().write('Chest pain')
    get().type('line', 'She says the pain')
    const again = open()
    again().toggle()
    await again().refresh()
    expect(again().log.map(({ text }) => text)).toEqual(['Chest pain'])
    expect(again()).toMatchObject({ typed: { line: 'She says the pain' }, record: { endedAt: null } })
  })

  it('asks how the adviser is once a record is closed, and not when nothing was written', async () => {
    const { get } = desk()
    get().toggle()
    await get().end()
    expect(get().shown).toBe('nothing')
    get().toggle()
    await get().write('Chest pain')
    await get().end()
    expect(get()).toMatchObject({ shown: 'care', record: { endedAt: expect.any(Number) } })
  })
})
