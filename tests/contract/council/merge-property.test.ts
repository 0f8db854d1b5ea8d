import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mergeField } from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import { createResident, mergeResidents, saveWarning, told, unmergeResidents } from './resident-records.ts'
import {
  appendNote,
  createCase,
  type Desk,
  type RunningCouncil,
  runCouncil,
  saveCallback,
  saveContact,
  signIn,
} from './running-council.ts'

const startedAt = '2026-11-03T09:00:00Z'

const person = fc.record(
  {
    title: fc.constantFrom('Ms', 'Mr', 'Dr'),
    givenName: fc.constantFrom('Bela', 'Béla', 'B.'),
    email: fc.constantFrom('bela@example.org', 'quayle@example.org'),
    phones: fc.uniqueArray(fc.constantFrom('+441632960701', '+441632960702', '+441632960703')),
    language: fc.constantFrom('en' as const, 'cy' as const),
    dateOfBirth: fc.constantFrom('1980-05-01', '1981-05-01'),
    authorities: fc.array(
      fc.record({ party: fc.constant('councillor' as const), name: fc.constantFrom('A', 'B') }),
      {
        maxLength: 2,
      },
    ),
  },
  { requiredKeys: [] },
)
/** Whose it is, and when it is saved: before the merge, or while the records are one. */
const things = fc.array(
  fc.record({
    kind: fc.constantFrom('case', 'contact', 'callback', 'note', 'warning'),
    of: fc.constantFrom('kept', 'gone'),
    when: fc.constantFrom('before', 'meanwhile'),
  }),
  { maxLength: 12 },
)
const story = fc.record({
  kept: person,
  gone: person,
  third: fc.option(person),
  things,
  take: fc.uniqueArray(fc.constantFrom(...mergeField.options)),
})

describe.each(backends)('merging and parting, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let cursor: string

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running)
    cursor = (await sam.pull()).cursor
  })
  afterAll(() => running.stop())

  const make = (kind: string, residentId: string): { id: string; kind: string } => {
    switch (kind) {
      case 'case':
        return createCase(randomUUID(), { residentId })
      case 'contact':
        return saveContact(randomUUID(), { residentId, channel: 'letter', direction: 'inbound', startedAt })
      case 'callback':
        return saveCallback(randomUUID(), {
          residentId,
          number: '+441632960702',
          dueFrom: startedAt,
          dueBy: startedAt,
        })
      case 'warning':
        return saveWarning(residentId)
      default: {
        const note = appendNote(null, 'Rang.')
        return { ...note, entry: { ...note.entry, residentId } } as { id: string; kind: string }
      }
    }
  }

  const apply = async (...operations: object[]) => {
    if (operations.length === 0) return
    const results = await sam.send(...operations)
    expect(results.filter(({ outcome }) => outcome !== 'applied')).toEqual([])
  }

  /** All there is to know of these records but their versions, as the feed tells it. */
  const everything = async (since: string) => {
    const all = await told(sam, since)
    return new Map(
      [...all].map(([key, change]) => {
        if (!('record' in change)) return [key, change]
        const { version: _, updatedAt: __, ...rest } = change.record as Record<string, unknown>
        return [key, rest]
      }),
    )
  }

  test('parting restores everything, and leaves each with what was saved for it meanwhile', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ kept, gone, third, things, take }) => {
        const since = cursor
        const [keptId, goneId, thirdId] = [randomUUID(), randomUUID(), randomUUID()]
        const idOf = { kept: keptId, gone: goneId }
        await apply(
          createResident(keptId, kept),
          createResident(goneId, gone),
          createResident(thirdId, third ?? {}),
          ...things.filter(({ when }) => when === 'before').map(({ kind, of }) => make(kind, idOf[of])),
        )
        const before = await everything(since)

        const versions = { kept: 100, gone: 100 }
        const seen = await told(sam, since)
        const versionOf = (id: string) => {
          const change = seen.get(`resident ${id}`)
          return change?.kind === 'resident' && 'record' in change ? change.record.version : 0
        }
        versions.kept = versionOf(keptId)
        versions.gone = versionOf(goneId)
        const merge = mergeResidents(keptId, goneId, { take, baseVersions: versions })
        await apply(merge)
        // A chain, now and then.
        const later = mergeResidents(thirdId, keptId, {
          take,
          baseVersions: { kept: 1, gone: versions.kept + 1 },
        })
        if (third) await apply(later)
        const meanwhile = things
          .filter(({ when }) => when === 'meanwhile')
          .map(({ kind, of }) => ({ of, operation: make(kind, idOf[of]) }))
        await apply(...meanwhile.map(({ operation }) => operation))
        const merged = await everything(since)
        const goesOn = third ? thirdId : keptId
        for (const [key, record] of merged) {
          if (key.startsWith('resident')) continue
          expect(record).toMatchObject({ residentId: goesOn })
        }

        if (third) await apply(unmergeResidents(later.mergeId))
        await apply(unmergeResidents(merge.mergeId))
        const after = await everything(since)
        const warned = new Set(
          things
            .filter(({ kind, when }) => kind === 'warning' && when === 'meanwhile')
            .map(({ of }) => idOf[of]),
        )
        for (const [key, record] of before) {
          const isWarnedSince = [...warned].some((id) => key === `resident ${id}`)
          if (isWarnedSince)
            expect(after.get(key)).toMatchObject({ ...(record as object), warnings: expect.any(Array) })
          else expect(after.get(key)).toEqual(record)
        }
        for (const { of, operation } of meanwhile) {
          if (operation.kind === 'warning.save') continue
          const ids = Object.values(operation)
          const key = [...after.keys()].find((each) => ids.includes(each.split(' ')[1] ?? ''))
          expect(after.get(key ?? '')).toMatchObject({ residentId: idOf[of] })
        }
        cursor = (await sam.pull(since)).cursor
      }),
      // The same statements on both; PGlite takes ten times as long over them.
      { numRuns: backend.name === 'PGlite' ? 3 : 15 },
    )
  })
})
