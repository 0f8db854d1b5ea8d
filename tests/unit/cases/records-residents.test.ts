import { describe, expect, it } from 'vitest'
import type { Operation, Resident } from '#shared/contract/rest.ts'
import { type Bench, openBench } from '#tests/support/sim-bench.ts'
import {
  aCase,
  aResident,
  at,
  createOf,
  noteOf,
  putCase,
  putResident,
  uuidOf,
} from '#tests/support/sim-records.ts'

const createResident = (number: number, residentId: string, over: Partial<Resident> = {}): Operation => {
  const { id: _id, version: _version, updatedAt: _updatedAt, ...record } = aResident(residentId, over)
  return { kind: 'resident.create', id: uuidOf(number), at: at(number), residentId, record }
}

const changeResident = (
  number: number,
  residentId: string,
  change: Extract<Operation, { kind: 'resident.change' }>['change'],
): Operation => ({
  kind: 'resident.change',
  id: uuidOf(number),
  at: at(number),
  residentId,
  baseVersion: 1,
  change,
})

const merge = (number: number, keptId: string, goneId: string): Operation => ({
  kind: 'resident.merge',
  id: uuidOf(number),
  at: at(number),
  mergeId: 'm1',
  keptId,
  goneId,
  baseVersions: { kept: 1, gone: 1 },
  take: ['phones'],
})

const unmerge = (number: number): Operation => ({
  kind: 'resident.unmerge',
  id: uuidOf(number),
  at: at(number),
  mergeId: 'm1',
})

const twoResidents = () =>
  openBench((bench) => {
    bench.serve(
      putResident(aResident('r1')),
      putResident(aResident('r2', { givenName: 'Ada', phones: ['+447700900123'] })),
      putCase(aCase('c1', { residentId: 'r1' })),
      putCase(aCase('c2', { residentId: 'r2' })),
    )
  })

/** Nothing answers from here on, so that all that is seen is this desk's own. */
async function offline() {
  const bench = await twoResidents()
  bench.cut()
  const idsByNumber = async (number: string) =>
    (await bench.service.candidatesForNumber(number)).map(({ residentId }) => residentId).sort()
  return { bench, idsByNumber }
}

describe('a resident made on this desk', () => {
  it('may be calling, is found by name and opens before the council knows', async () => {
    const { bench, idsByNumber } = await offline()
    await bench.service.save([createResident(1, 'r3', { givenName: 'Tomos', phones: ['+447700900456'] })])
    expect(await idsByNumber('07700 900456')).toEqual(['r3'])
    expect((await bench.service.findResidents('tomos')).map(({ residentId }) => residentId)).toEqual(['r3'])
    expect((await bench.service.find('tomos')).hits.map(({ residentId }) => residentId)).toEqual(['r3'])
    expect((await bench.service.residentView('r3'))?.resident.givenName).toBe('Tomos')
  })

  it('is forgotten when the making of them is discarded', async () => {
    const { bench, idsByNumber } = await offline()
    await bench.service.save([createResident(1, 'r3', { phones: ['+447700900456'] })])
    await bench.service.discard(uuidOf(1))
    expect(await idsByNumber('07700 900456')).toEqual([])
    expect(await bench.service.residentView('r3')).toBeNull()
  })
})

describe('a resident changed on this desk', () => {
  it('is found by the new number and not by the old one', async () => {
    const { bench, idsByNumber } = await offline()
    await bench.service.save([changeResident(1, 'r2', { phones: ['+447700900999'] })])
    expect(await idsByNumber('07700 900999')).toEqual(['r2'])
    expect(await idsByNumber('07700 900123')).toEqual([])
  })
})

describe('work that is not sent', () => {
  const found = async (bench: Bench, text: string) =>
    (await bench.service.find(text)).hits.map((hit) => [hit.caseId ?? hit.residentId, hit.why.what])

  it('is found by the subject of a case, a slip in it, a note, and its resident’s name', async () => {
    const { bench } = await offline()
    await bench.service.save([
      createResident(1, 'r3', { givenName: 'Tomos', familyName: 'Pugh' }),
      createOf(2, 'c9', { residentId: 'r3', subject: 'Broken street light' }),
      noteOf(3, { caseId: 'c9', text: 'The lamp post leans over the pavement.' }),
    ])
    expect(await found(bench, 'street light')).toEqual([['c9', 'subject']])
    expect(await found(bench, 'strete')).toEqual([['c9', 'typo-subject']])
    expect(await found(bench, 'pavement')).toEqual([['c9', 'note']])
    expect(await found(bench, 'pugh light')).toEqual([['c9', 'name']])
  })

  it('is in what the next letter would find, as it is in what the letter finds', async () => {
    const { bench } = await offline()
    await bench.service.save([createResident(1, 'r3', { givenName: 'Tomos', familyName: 'Pugh' })])
    const next = await bench.service.findNext('tom', 'ox')
    expect([...next.keys()]).toEqual(['tomo', 'tomx'])
    for (const [text, answer] of next) {
      const asked: unknown = JSON.parse(JSON.stringify(await bench.service.find(text)))
      expect(JSON.parse(answer)).toEqual(asked)
    }
    expect(next.get('tomo')).toContain('"r3"')
    expect(next.get('tomx')).not.toContain('"r3"')
  })

  it('is found as it is now, and not as it was', async () => {
    const { bench } = await offline()
    await bench.service.save([changeResident(1, 'r2', { givenName: 'Blodwen' })])
    expect(await found(bench, 'blodwen')).toContainEqual(['r2', 'name'])
    expect((await found(bench, 'blodwen')).filter(([id]) => id === 'r2')).toHaveLength(1)
    await bench.service.discard(uuidOf(1))
    expect(await found(bench, 'blodwen')).toEqual([])
  })
})

describe('two residents merged on this desk', () => {
  it('are one, with the numbers and cases of both, and the other one opens it', async () => {
    const { bench, idsByNumber } = await offline()
    await bench.service.save([merge(1, 'r1', 'r2')])
    expect(await idsByNumber('07700 900123')).toEqual(['r1'])
    const view = await bench.service.residentView('r2')
    expect(view?.resident.id).toBe('r1')
    expect(view?.cases.map(({ record }) => record.id).sort()).toEqual(['c1', 'c2'])
    expect((await bench.service.findResidents('ada')).map(({ residentId }) => residentId)).toEqual(['r1'])
  })

  it('are two again when the merge is let go of', async () => {
    const { bench, idsByNumber } = await offline()
    await bench.service.save([merge(1, 'r1', 'r2')])
    await bench.service.discard(uuidOf(1))
    expect(await idsByNumber('07700 900123')).toEqual(['r2'])
    expect((await bench.service.residentView('r2'))?.cases.map(({ record }) => record.id)).toEqual(['c2'])
  })

  it('are two again when the council refuses it, and the adviser is told', async () => {
    const bench = await openBench((each) => {
      each.serve(putResident(aResident('r1')), putResident(aResident('r2')))
      const problem = { type: 'about:blank', title: 'No', status: 409, code: 'resident/changed' }
      each.answerTo = ({ id }) => ({ id, outcome: 'refused', problem })
    })
    await bench.service.save([merge(1, 'r1', 'r2')])
    await bench.clock.run(60_000)
    expect((await bench.service.residentView('r2'))?.resident.id).toBe('r2')
    const { needsAttention } = await bench.service.syncReport()
    expect(needsAttention.map(({ operation }) => operation.id)).toEqual([uuidOf(1)])
  })

  it('that the council had merged are parted at once', async () => {
    const merged = [{ mergeId: 'm1', residentId: 'r2', at: at(0), by: 'Sam Pryce' }]
    const bench = await openBench((each) =>
      each.serve(
        putResident(aResident('r1', { mergedFrom: merged })),
        putResident(aResident('r2', { mergedInto: 'r1' })),
      ),
    )
    bench.cut()
    expect((await bench.service.residentView('r2'))?.resident.id).toBe('r1')
    await bench.service.save([unmerge(1)])
    expect((await bench.service.residentView('r2'))?.resident.id).toBe('r2')
  })
})

describe('an operation that was let go of', () => {
  it('is in the journal again when it is saved once more', async () => {
    const { bench } = await offline()
    await bench.service.save([noteOf(1)])
    await bench.service.discard(uuidOf(1))
    await bench.service.save([noteOf(1)])
    await bench.clock.run(0)
    expect(bench.journal.map(({ operation }) => operation.id)).toEqual([uuidOf(1)])
    expect(bench.disk.read().outbox.size).toBe(1)
  })
})
