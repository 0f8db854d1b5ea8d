import { describe, expect, it } from 'vitest'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { Alert, Change, HandOver, ScriptEntry } from '#shared/contract/rest.ts'
import type { SignpostService } from '#shared/contract/signposts.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { Bench, openBench, unreachable } from '#tests/support/sim-bench.ts'
import { anAdviser, at, contactOf } from '#tests/support/sim-records.ts'

/* What the records worker does for guidance: scripts and how they stand, hand-overs, alerts, signposts. */

const withApi = (api: Partial<CouncilApi>, ...changes: Change[]) =>
  openBench((bench) => {
    bench.serve(...changes)
    bench.api = { ...bench.api, ...api }
  })

const gone = (version: number, why = 'Wrong day') => ({ version, at: at(0), why })
const script = (version: number, fields: Partial<ScriptEntry> = {}): Change => ({
  kind: 'script',
  id: 'bin',
  record: { id: 'bin', version, title: 'Bins', serviceCode: 524, withdrawn: false, ...fields },
})
const documents: Partial<CouncilApi> = { script: async (id, version) => ok({ id, version }) }

describe('a script that is withdrawn', () => {
  it('stays with the contact that is on it, with why, and the one before opens for a new contact', async () => {
    const bench = await withApi(documents, script(1))
    await bench.service.script('bin')
    bench.serve(script(2))
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect(await bench.service.script('bin')).toMatchObject(ok({ version: 2, withdrawn: null }))

    bench.news.length = 0
    bench.serve(script(1, { withdrawnVersions: [gone(2)] }))
    bench.tellStream({ type: 'event', event: { kind: 'withdrawn', scriptId: 'bin', version: 2 } })
    await bench.clock.run(0)
    expect(bench.news).toContainEqual({ type: 'changed', ids: ['bin'] })
    expect(await bench.service.script('bin', 2)).toMatchObject(ok({ version: 2, withdrawn: gone(2) }))
    expect(await bench.service.script('bin')).toMatchObject(
      ok({ version: 1, withdrawn: null, insteadOf: gone(2) }),
    )
  })

  it('opens for nobody when no version is left, and says why', async () => {
    const bench = await withApi(documents, script(1))
    await bench.service.script('bin')
    bench.serve(script(1, { withdrawn: true, withdrawnVersions: [gone(1, 'The law changed')] }))
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect(await bench.service.script('bin')).toMatchObject({
      ok: false,
      error: { code: 'cases/script-withdrawn', detail: 'The law changed' },
    })
    expect(await bench.service.script('bin', 1)).toMatchObject(ok({ version: 1 }))
  })

  it('is never what a new contact falls back to', async () => {
    const bench = await withApi(documents, script(1))
    await bench.service.script('bin')
    bench.api = { ...bench.api, script: async () => unreachable() }
    bench.serve(script(2, { withdrawnVersions: [gone(1)] }))
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect(await bench.service.script('bin')).toMatchObject({
      ok: false,
      error: { code: 'cases/script-unavailable' },
    })
  })

  it('says up to when a desk without network knows what is withdrawn', async () => {
    const bench = await withApi(documents, script(1))
    await bench.clock.run(0)
    const confirmedAt = bench.clock.now()
    bench.cut()
    await bench.clock.run(60_000)
    expect(await bench.service.script('bin')).toMatchObject(ok({ confirmedAt }))
  })
})

describe('scripts', () => {
  it('are listed by title with the words residents use, withdrawn ones too', async () => {
    const badge: Change = {
      kind: 'script',
      id: 'badge',
      record: {
        id: 'badge',
        version: 1,
        title: 'A badge',
        serviceCode: 1,
        withdrawn: true,
        aliases: ['blue badge'],
      },
    }
    const bench = await withApi(documents, script(1), badge)
    expect(await bench.service.scripts()).toMatchObject([
      { id: 'badge', aliases: ['blue badge'] },
      { id: 'bin' },
    ])
  })

  it('are counted without network from the last answer and this desk’s own contacts', async () => {
    const bench = await withApi({
      me: async () => ok({ ...anAdviser('a1'), queues: [{ id: 'waste', name: 'Waste', scriptId: 'bin' }] }),
      scriptUse: async () => ok({ since: at(0), counts: [{ scriptId: 'bin', contacts: 2 }] }),
    })
    const asAt = bench.clock.now()
    expect(await bench.service.scriptUse()).toEqual({ asAt, counts: [{ scriptId: 'bin', contacts: 2 }] })
    bench.cut()
    bench.api = { ...bench.api, scriptUse: async () => unreachable() }
    await bench.clock.run(60_000)
    const startedAt = new Date(bench.clock.now()).toISOString()
    await bench.service.save([
      contactOf(1, 'contact-1', { startedAt, queueId: 'waste', script: { id: 'badge', version: 1 } }),
    ])
    await bench.restart()
    expect(await bench.service.scriptUse()).toEqual({
      asAt,
      counts: [
        { scriptId: 'bin', contacts: 2 },
        { scriptId: 'badge', contacts: 1 },
      ],
    })
  })
})

describe('signposts', () => {
  const service = { id: 'food-bank', name: 'Food bank' } as SignpostService
  const signposts = { asAt: at(0), services: [service] }

  it('lie on the desk before anyone asks, for when nobody can be asked', async () => {
    const bench = await withApi({ signposts: async () => ok({ signposts, etag: '1' }) })
    bench.cut()
    bench.api = { ...bench.api, signposts: async () => unreachable() }
    await bench.restart()
    expect(await bench.service.signposts()).toEqual({ asAt: Date.parse(at(0)), services: [service] })
  })

  it('are as fresh as the backend’s last word that nothing changed', async () => {
    const bench = await withApi({
      signposts: async (held) => ok(held === '1' ? null : { signposts, etag: '1' }),
    })
    await bench.clock.run(60_000)
    expect(await bench.service.signposts()).toEqual({ asAt: bench.clock.now(), services: [service] })
  })

  it('are none, of no time, on a desk that never had any', async () => {
    const bench = await openBench()
    expect(await bench.service.signposts()).toEqual({ asAt: null, services: [] })
  })
})

describe('hand-overs and alerts', () => {
  const alert: Alert = {
    id: 'alert-1',
    kind: 'risk-to-life',
    contactId: 'c1',
    raisedAt: at(0),
    raisedBy: 'Sam Rees',
    toldTo: ['Morgan Reeve'],
    acknowledgedBy: null,
    acknowledgedAt: null,
  }
  const handOver = { contactId: 'c1', by: 'Nia Rees' } as HandOver

  it('an alert’s event is told to both pages and makes nobody read the feed', async () => {
    const bench = await openBench()
    const before = bench.readPages
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert } })
    await bench.clock.run(0)
    expect(bench.news.at(-1)).toEqual({ type: 'alert', alert })
    expect(bench.readPages).toBe(before)
  })

  it('a desk that was loaded again learns of every alert, and who took up which', async () => {
    const bench = await withApi({
      acknowledgeAlert: async () =>
        ok({ ...alert, id: 'alert-2', acknowledgedBy: 'Morgan Reeve', acknowledgedAt: at(2) }),
    })
    const second = { ...alert, id: 'alert-2' }
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert } })
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert: second } })
    expect(await bench.service.acknowledgeAlert('alert-2')).toMatchObject({ ok: true })
    expect(bench.news.at(-1)).toMatchObject({ type: 'alert', alert: { acknowledgedBy: 'Morgan Reeve' } })
    // Was on its way before the answer.
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert: second } })
    expect((await bench.service.alertsHeard()).map((each) => [each.id, each.acknowledgedBy])).toEqual([
      ['alert-1', null],
      ['alert-2', 'Morgan Reeve'],
    ])
  })

  it('an alert taken up while the desk had no network is no longer said to wait', async () => {
    const bench = await withApi({
      alert: async () => ok({ ...alert, acknowledgedBy: 'Bethan Marsh', acknowledgedAt: at(1) }),
    })
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert } })
    bench.tellStream({ type: 'closed' })
    bench.tellStream({ type: 'opened' })
    await bench.clock.run(0)
    expect(bench.news).toContainEqual({
      type: 'alert',
      alert: { ...alert, acknowledgedBy: 'Bethan Marsh', acknowledgedAt: at(1) },
    })
    expect(await bench.service.alertsHeard()).toMatchObject([{ acknowledgedBy: 'Bethan Marsh' }])
  })

  it('an alert that could not be taken up still waits', async () => {
    const bench = await openBench()
    bench.tellStream({ type: 'event', event: { kind: 'alert', alert } })
    expect(await bench.service.acknowledgeAlert('alert-1')).toMatchObject({ ok: false })
    expect(await bench.service.alertsHeard()).toEqual([alert])
  })

  it('are the backend’s to answer', async () => {
    const refused = err(appError('cases/request-refused', 'never'))
    const bench = await withApi({
      alert: async () => ok(alert),
      handOver: async (contactId) => (contactId === 'c1' ? ok(handOver) : refused),
    })
    expect(await bench.service.alert('alert-1')).toEqual(ok(alert))
    expect(await bench.service.handOver('c1')).toEqual(ok(handOver))
    expect(await bench.service.handOver('c2')).toEqual(refused)
  })

  it('cannot be asked about before anything is open', async () => {
    const { service } = new Bench()
    const notOpen = { ok: false, error: { code: 'cases/not-open' } }
    expect(await service.alert('alert-1')).toMatchObject(notOpen)
    expect(await service.acknowledgeAlert('alert-1')).toMatchObject(notOpen)
    expect(await service.alertsHeard()).toEqual([])
    expect(await service.handOver('c1')).toMatchObject(notOpen)
    expect(await service.script('bin')).toMatchObject(notOpen)
    expect(await service.scripts()).toEqual([])
    expect(await service.scriptUse()).toEqual({ asAt: null, counts: [] })
    expect(await service.signposts()).toEqual({ asAt: null, services: [] })
  })
})
