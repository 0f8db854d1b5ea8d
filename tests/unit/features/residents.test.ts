import { describe, expect, it } from 'vitest'
import {
  changeOf,
  emptyForm,
  errorsOf,
  formOf,
  type ResidentForm,
  recordOf,
} from '#renderer/features/residents/resident-form.ts'
import { createResidentsStore } from '#renderer/features/residents/residents-store.ts'
import type { Candidate, FindAnswer, FindHit, ResidentView } from '#shared/contract/records.ts'
import {
  type DuplicatesRequest,
  type Operation,
  operation as operationSchema,
  type Resident,
} from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'

const now = Date.parse('2026-11-03T10:04:00Z')
const uuid = '00000000-0000-4000-8000-000000000001'

const robin: Resident = {
  id: 'robin',
  version: 4,
  updatedAt: '2026-01-05T09:00:00Z',
  givenName: 'Robin',
  familyName: 'Sample',
  phones: ['+441632960142'],
  address: { uprn: '100', line1: '1 Sample Street', town: 'Sampleton', postcode: 'ZZ99 9ZZ' },
  language: 'en',
}
const robyn: Resident = { ...robin, id: 'robyn', version: 2, givenName: 'Robyn', email: 'r@example.org' }

const typed: ResidentForm = {
  ...emptyForm,
  givenName: ' Ada ',
  familyName: 'Sample',
  phones: '01632 960142\n07700 900123',
  line1: '1 Sample Street',
  town: 'Sampleton',
  postcode: 'sw1a2aa',
}

const candidateOf = (resident: Resident, matchedBy: Candidate['matchedBy']): Candidate => ({
  residentId: resident.id,
  name: `${resident.givenName} ${resident.familyName}`,
  address: resident.address.line1,
  matchedBy,
  openCases: 0,
  language: resident.language,
})
const viewOf = (resident: Resident): ResidentView => ({ resident, cases: [], asAt: null })

const hitOf = ({ id, givenName }: Resident): FindHit => ({
  kind: 'resident',
  residentId: id,
  caseId: null,
  title: givenName,
  detail: '',
  why: { what: 'name' },
})

const foundBy = (text: string, people: readonly Resident[]): FindAnswer => {
  const hits = people
    .filter(({ givenName }) => givenName.toLowerCase().startsWith(text.toLowerCase()))
    .map(hitOf)
  return { hits, total: hits.length }
}

function opened(residents: readonly Resident[] = [robin, robyn], beyond: readonly Resident[] = []) {
  const here = residents
  const saved: Operation[] = []
  const asked: DuplicatesRequest[] = []
  const chosen: string[] = []
  const timers = new Set<() => void>()
  const disk = { full: false }
  const kept = new Map<string, string>()
  const openStore = () =>
    createResidentsStore({
      records: {
        candidatesForNumber: async (number) =>
          residents
            .filter(({ phones }) => phones.includes(number))
            .map((each) => candidateOf(each, 'number')),
        duplicates: async (request) => {
          asked.push(request)
          return ok(
            residents
              .filter(
                ({ id, phones }) => id !== request.exceptId && request.phones?.includes(phones[0] ?? ''),
              )
              .map((resident) => ({ resident, score: 0.9, reasons: ['same-number' as const] })),
          )
        },
        mergePreview: async () => {
          const [kept, gone] = [robin, robyn]
          const moves = { cases: 2, contacts: 3, timeline: 5, callbacks: 0, warnings: 1 }
          return ok({ kept, gone, moves, differing: [] })
        },
        viewed: async () => {},
        find: async (text) => foundBy(text, here),
        findBeyond: async (text) => ok(foundBy(text, [...here, ...beyond])),
        residentView: async (id) => {
          const found = residents.find((each) => each.id === id)
          return found === undefined ? null : viewOf(found)
        },
        save: async (operations) => {
          if (disk.full) return err(appError('cases/store-failed', 'now'))
          saved.push(...operations)
          return ok({ savedAt: now })
        },
      },
      random: { next: () => 0, uuid: () => uuid },
      clock: {
        now: () => now,
        after(_delayMs, run) {
          timers.add(run)
          return () => timers.delete(run)
        },
      },
      choose: (residentId) => chosen.push(residentId),
      typed: {
        read: (name) => kept.get(name) ?? '',
        keep: (name, text) => kept.set(name, text),
      },
    })
  return {
    store: openStore(),
    openStore,
    saved,
    chosen,
    asked,
    disk,
    async compared() {
      for (const run of timers) run()
      timers.clear()
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    },
  }
}

describe('a resident’s details as typed', () => {
  it('become a record that the contract takes', () => {
    const record = recordOf(typed)
    expect(record).toEqual({
      givenName: 'Ada',
      familyName: 'Sample',
      phones: ['+441632960142', '+447700900123'],
      address: { uprn: '0', line1: '1 Sample Street', town: 'Sampleton', postcode: 'SW1A 2AA' },
      language: 'en',
    })
    const made = {
      kind: 'resident.create',
      id: uuid,
      at: new Date(now).toISOString(),
      residentId: 'r',
      record,
    }
    expect(operationSchema.safeParse(made).success).toBe(true)
  })

  it('say by field what cannot be right', () => {
    const wrong: ResidentForm = {
      ...typed,
      givenName: '',
      phones: '01632 960142, my mobile',
      email: 'nobody',
      postcode: 'nowhere',
      uprn: 'x',
      dateOfBirth: '2026-11-04',
    }
    expect(Object.keys(errorsOf(wrong, '2026-11-03')).toSorted()).toEqual([
      'dateOfBirth',
      'email',
      'givenName',
      'phones',
      'postcode',
      'uprn',
    ])
    expect(errorsOf(typed, '2026-11-03')).toEqual({})
  })

  it('change only what differs, and take away what was emptied', () => {
    const before: Resident = { ...robyn, address: { ...robyn.address, postcode: 'SW1A 2AA' } }
    expect(changeOf(before, formOf(before))).toBeNull()
    expect(changeOf(before, { ...formOf(before), email: '', familyName: 'Sampel' })).toEqual({
      email: null,
      familyName: 'Sampel',
    })
  })
})

describe('a form that was left half-typed', () => {
  it('is as it was after the desk went away, for the same resident, until it is saved or closed', async () => {
    const { store, openStore } = opened()
    store.getState().openNew()
    store.getState().fill({ givenName: 'Ada', phones: '01632 960142' })
    const again = openStore()
    again.getState().openChange(viewOf(robyn))
    expect(again.getState().form).toEqual(formOf(robyn))
    again.getState().close()
    again.getState().openNew()
    expect(again.getState().form).toMatchObject({ givenName: 'Ada', phones: '01632 960142', familyName: '' })

    again.getState().fill(typed)
    expect(await again.getState().save()).toBe(true)
    again.getState().openNew()
    expect(again.getState().form).toEqual(emptyForm)
    again.getState().fill({ givenName: 'Ada' })
    again.getState().close()
    again.getState().openNew()
    expect(again.getState().form).toEqual(emptyForm)
  })
})

describe('making a resident', () => {
  it('shows who may be the same person and why, and whose the numbers are too', async () => {
    const { store, asked, compared } = opened([robin])
    store.getState().openNew()
    store.getState().fill(typed)
    await compared()
    expect(store.getState().duplicates).toMatchObject([
      { residentId: 'robin', name: 'Robin Sample', likely: true, reasons: ['same-number'] },
    ])
    // A property without a number is like no other.
    expect(asked.at(-1)?.address).toEqual({
      line1: '1 Sample Street',
      town: 'Sampleton',
      postcode: 'SW1A 2AA',
    })
    expect(store.getState().sharedNumbers).toMatchObject([
      { number: '+441632960142', others: [{ residentId: 'robin' }] },
    ])
  })

  it('saves, and goes on with the new resident', async () => {
    const { store, saved, chosen } = opened()
    store.getState().openNew()
    store.getState().fill(typed)
    expect(await store.getState().save()).toBe(true)
    expect(saved).toMatchObject([{ kind: 'resident.create', residentId: uuid }])
    expect(chosen).toEqual([uuid])
    expect(store.getState().shown.name).toBe('nothing')
  })

  it('keeps what was typed when it is not complete or could not be saved', async () => {
    const { store, saved, disk } = opened()
    store.getState().openNew('Ada Sample')
    expect(store.getState().form).toMatchObject({ givenName: 'Ada', familyName: 'Sample' })
    expect(await store.getState().save()).toBe(false)
    store.getState().fill(typed)
    disk.full = true
    expect(await store.getState().save()).toBe(false)
    expect(saved).toEqual([])
    expect(store.getState()).toMatchObject({
      form: { line1: '1 Sample Street' },
      error: { code: 'cases/store-failed' },
    })
  })

  it('goes on with a record that is there instead', () => {
    const { store, saved, chosen } = opened()
    store.getState().openNew()
    store.getState().takeInstead('robin')
    expect([saved, chosen]).toEqual([[], ['robin']])
  })
})

describe('changing and merging', () => {
  it('sends the change with the version that was seen', async () => {
    const { store, saved } = opened()
    store.getState().openChange(viewOf(robin))
    store.getState().fill({ postcode: 'SW1A 2AA', phones: '' })
    await store.getState().save()
    expect(saved).toMatchObject([{ kind: 'resident.change', baseVersion: 4, change: { phones: [] } }])
  })

  it('merges with what was taken, on the versions that were seen, and offers others but not itself', async () => {
    const { store, saved, compared } = opened()
    store.getState().openMerge(viewOf(robin))
    await compared()
    expect(store.getState().duplicates.map(({ residentId }) => residentId)).toEqual(['robyn'])
    await store.getState().chooseGone('robyn')
    expect(store.getState().shown).toMatchObject({ take: ['email'], moves: { cases: 2, warnings: 1 } })
    store.getState().setTake('givenName', true)
    store.getState().setTake('givenName', false)
    await store.getState().merge()
    expect(saved).toMatchObject([
      {
        kind: 'resident.merge',
        keptId: 'robin',
        goneId: 'robyn',
        baseVersions: { kept: 4, gone: 2 },
        take: ['email'],
      },
    ])
    expect(operationSchema.safeParse(saved[0]).success).toBe(true)
  })

  it('finds any other record by its words, here first and then at the council', async () => {
    const faraway = { ...robyn, id: 'faraway', givenName: 'Robina' }
    const { store, compared } = opened([robin, robyn], [faraway])
    store.getState().openMerge(viewOf(robin))
    store.getState().findOther('ro')
    await compared()
    expect(store.getState().others.map(({ residentId }) => residentId)).toEqual(['robyn', 'faraway'])
    store.getState().findOther('r')
    expect(store.getState().others).toEqual([])
  })

  it('will not merge a record with itself', async () => {
    const { store } = opened()
    store.getState().openMerge(viewOf(robin))
    await store.getState().chooseGone('robin')
    expect(store.getState().error?.code).toBe('residents/same-record')
  })
})

describe('warnings', () => {
  const warning = {
    id: 'w1',
    kind: 'two-person-visit',
    reason: 'A dog that bites',
    owner: 'Housing',
    addedAt: '2026-01-01T10:00:00Z',
    addedBy: 'Nia',
    reviewBy: '2026-12-01',
    expiresAt: '2026-11-03',
  }

  it('are at hand while they are in force, and not from the day they end', async () => {
    const later = { ...warning, id: 'w2', expiresAt: null }
    const { store } = opened([{ ...robin, warnings: [warning, later] }])
    await store.getState().watch(['robin'])
    expect(
      store
        .getState()
        .warnings.get('robin')
        ?.map(({ id }) => id),
    ).toEqual(['w2'])
  })

  it('are saved whole and removed with a reason', async () => {
    const { store, saved } = opened()
    const { addedAt: _at, addedBy: _by, ...fields } = warning
    await store.getState().saveWarning('robin', { ...fields, id: null })
    await store.getState().removeWarning('robin', 'w1', 'The dog has gone')
    expect(saved).toMatchObject([
      { kind: 'warning.save', residentId: 'robin', warning: { id: uuid, reason: 'A dog that bites' } },
      { kind: 'warning.remove', warningId: 'w1', reason: 'The dog has gone' },
    ])
    for (const each of saved) expect(operationSchema.safeParse(each).success).toBe(true)
  })
})
