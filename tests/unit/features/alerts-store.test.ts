import { describe, expect, it } from 'vitest'
import { createAlertsStore } from '#renderer/features/risk/alerts-store.ts'
import type { Alert, Me } from '#shared/contract/rest.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { SimClock } from '#tests/support/sim-clock.ts'
import { anAdviser } from '#tests/support/sim-records.ts'

const morgan: Me = {
  ...anAdviser('supervisor-morgan'),
  adviser: { id: 'supervisor-morgan', username: 'morgan', name: 'Morgan Reeve', languages: ['en'] },
  roles: ['supervisor'],
}

/** A supervisor’s desk, and the service with the alerts it told of. */
function desk(me: Me | null = morgan) {
  const clock = new SimClock()
  const isoNow = () => new Date(clock.now()).toISOString()
  const state = { me, refusal: null as AppError | null, attention: 0 }
  const service = new Map<string, Alert>()
  const open = () =>
    createAlertsStore({
      records: {
        alertsHeard: async () => [...service.values()],
        acknowledgeAlert: async (id) => {
          if (state.refusal !== null) return err(state.refusal)
          const alert = service.get(id)
          if (alert === undefined) return err(appError('cases/request-refused', 'never'))
          if (alert.acknowledgedBy === null) take(id, 'Morgan Reeve', false)
          return ok(service.get(id) ?? alert)
        },
      },
      clock,
      me: () => state.me,
      callAttention: () => {
        state.attention += 1
      },
    })
  const store = open()
  const get = store.getState
  const tell = (alert: Alert, isHeard = true) => {
    service.set(alert.id, alert)
    if (isHeard) get().heard(alert)
  }
  const raise = (id: string, fields: Partial<Alert> = {}, isHeard = true) =>
    tell(
      {
        id,
        kind: 'risk-to-life',
        contactId: id,
        raisedAt: isoNow(),
        raisedBy: 'Sam Practice',
        raisedById: 'adviser-sam',
        toldTo: [],
        acknowledgedBy: null,
        acknowledgedAt: null,
        log: [],
        ...fields,
      },
      isHeard,
    )
  const take = (id: string, by: string, isHeard = true) => {
    const alert = service.get(id)
    if (alert !== undefined) tell({ ...alert, acknowledgedBy: by, acknowledgedAt: isoNow() }, isHeard)
  }
  const shown = (from = get) => from().shown.map(({ alert }) => [alert.id, alert.acknowledgedBy])
  return { clock, state, get, raise, take, tell, shown, open, service }
}

describe('alerts on a supervisor’s desk', () => {
  it('are shown to supervisors, and to nobody of their own', () => {
    const supervisor = desk()
    supervisor.raise('a')
    supervisor.raise('own', { raisedById: 'supervisor-morgan', raisedBy: 'Morgan Reeve' })
    supervisor.raise('namesake', { raisedById: 'adviser-2', raisedBy: 'Morgan Reeve' })
    expect(supervisor.shown().map(([id]) => id)).toEqual(['a', 'namesake'])
    expect(supervisor.state.attention).toBe(2)

    const adviser = desk({ ...morgan, roles: [] })
    adviser.raise('a')
    expect(adviser.shown()).toEqual([])
    expect(adviser.state.attention).toBe(0)
  })

  it('of a service that does not say who raised them are told apart by name', () => {
    const { raise, service, get, shown } = desk()
    raise('a', {}, false)
    for (const [id, raisedBy] of [
      ['b', 'Sam Practice'],
      ['own', 'Morgan Reeve'],
    ] as const) {
      const { raisedById: _, ...rest } = service.get('a') as Alert
      get().heard({ ...rest, id, raisedBy })
    }
    expect(shown().map(([id]) => id)).toEqual(['b'])
  })

  it('stand in the order in which they were raised, and the key takes up the one that waits longest', async () => {
    const { clock, get, raise, shown } = desk()
    await clock.run(60_000)
    raise('late')
    raise('early', { raisedAt: new Date(clock.now() - 30_000).toISOString() })
    await get().takeUp()
    expect(shown()).toEqual([
      ['early', 'Morgan Reeve'],
      ['late', null],
    ])
    await get().takeUp()
    expect(shown().map(([, by]) => by)).toEqual(['Morgan Reeve', 'Morgan Reeve'])
    await get().takeUp()
  })

  it('that this supervisor took up stay until they are closed, with each new line of the log', async () => {
    const { clock, get, raise, shown, service, tell } = desk()
    raise('a')
    await get().takeUp('a')
    await clock.run(60_000)
    const line = { id: '1', at: '2026-05-04T09:00:00Z', text: 'Help is on its way', by: 'Sam Practice' }
    tell({ ...(service.get('a') as Alert), log: [line] })
    expect(get().shown[0]?.alert.log).toEqual([line])
    get().close('a')
    tell(service.get('a') as Alert)
    expect(shown()).toEqual([])
  })

  it('that somebody else took up say so for a while and go; one that was never seen here is not shown', async () => {
    const { clock, raise, shown, take } = desk()
    raise('a')
    raise('unseen', {}, false)
    take('a', 'Bethan Marsh')
    take('unseen', 'Bethan Marsh')
    expect(shown()).toEqual([['a', 'Bethan Marsh']])
    await clock.run(19_999)
    expect(shown()).toEqual([['a', 'Bethan Marsh']])
    await clock.run(1)
    expect(shown()).toEqual([])
  })

  it('stay while their log is read, whoever took them up', async () => {
    const { clock, get, raise, shown, take } = desk()
    raise('a')
    get().showLog('a')
    take('a', 'Bethan Marsh')
    await clock.run(60_000)
    expect(shown()).toHaveLength(1)
    get().showLog(null)
    expect(shown()).toEqual([])
  })

  it('name whoever was first when two supervisors take one up', async () => {
    const { get, raise, shown, take } = desk()
    raise('a')
    take('a', 'Bethan Marsh', false)
    await get().takeUp('a')
    expect(shown()).toEqual([['a', 'Bethan Marsh']])
  })

  it('say that they could not be taken up and why, wait, and can be taken up again', async () => {
    const { get, raise, shown, state } = desk()
    raise('a')
    state.refusal = appError('cases/no-network', 'later')
    await get().takeUp('a')
    expect(get().shown[0]).toMatchObject({
      taking: { failed: { code: 'cases/no-network' } },
      alert: { acknowledgedBy: null },
    })
    state.refusal = null
    await get().takeUp('a')
    expect(shown()).toEqual([['a', 'Morgan Reeve']])
    expect(get().shown[0]?.taking).toBe('no')
  })

  it('do not wait again because of news that is older than the answer', async () => {
    const { get, raise, service, shown } = desk()
    raise('a')
    const before = service.get('a') as Alert
    await get().takeUp('a')
    get().heard(before)
    expect(shown()).toEqual([['a', 'Morgan Reeve']])
  })

  it('are there again when the desk was loaded again: those that wait, and what its supervisor took up lately', async () => {
    const { clock, get, open, raise, shown, take } = desk()
    raise('long-ago')
    await get().takeUp('long-ago')
    await clock.run(30 * 60_000)
    raise('mine')
    raise('theirs')
    raise('waits')
    await get().takeUp('mine')
    take('theirs', 'Bethan Marsh')
    const again = open().getState
    await again().refresh()
    expect(shown(again)).toEqual([
      ['mine', 'Morgan Reeve'],
      ['waits', null],
    ])
  })

  it('that nobody speaks of any more once the records were opened anew are not shown', async () => {
    const { get, raise, service, shown } = desk()
    raise('a')
    service.clear()
    await get().refresh()
    expect(shown()).toEqual([])
  })

  it('are forgotten with the sign-in', () => {
    const { get, raise, shown } = desk()
    raise('a')
    get().showLog('a')
    get().forget()
    expect(shown()).toEqual([])
    expect(get().logOf).toBeNull()
  })
})
