import { describe, expect, it } from 'vitest'
import type { Alerts, RaisedAlert } from '#electron/practice/council/alerts.ts'
import { startSupervisor } from '#electron/practice/supervisor.ts'
import type { Alert } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

const raised = (id: string, fields: Partial<Alert> = {}): RaisedAlert => ({
  raiserId: 'adviser-sam',
  alert: {
    id,
    kind: 'risk-to-life',
    contactId: 'c1',
    raisedAt: '2026-05-04T09:00:00Z',
    raisedBy: 'Sam Practice',
    toldTo: [],
    acknowledgedBy: null,
    acknowledgedAt: null,
    ...fields,
  },
})

function practice(...open: RaisedAlert[]) {
  const clock = new SimClock()
  const did: string[] = []
  const newest = new Map(open.map((each) => [each.alert.id, each]))
  let tell = (_: RaisedAlert) => {}
  const alerts: Alerts = {
    read: async (id) => newest.get(id),
    open: async () => open,
    shown: async (id, name) => void did.push(`${name} sees ${id}`),
    acknowledge: async (id, name) => {
      did.push(`${name} takes up ${id}`)
      return undefined
    },
    onNews: (listener) => {
      tell = listener
      return () => {
        tell = () => {}
      }
    },
  }
  const supervisor = startSupervisor({ alerts, name: 'Morgan', clock, log: silentLog })
  const hear = (each: RaisedAlert) => {
    newest.set(each.alert.id, each)
    tell(each)
  }
  return { clock, did, supervisor, tell: hear }
}

describe('the practice supervisor', () => {
  it('sees an alert at once and takes it up once, a few seconds later', async () => {
    const { clock, did, tell } = practice()
    tell(raised('a'))
    expect(did).toEqual(['Morgan sees a'])
    tell(raised('a', { toldTo: ['Morgan'] }))
    await clock.run(3_999)
    expect(did).toHaveLength(1)
    await clock.run(1)
    tell(raised('a', { acknowledgedBy: 'Morgan', acknowledgedAt: '2026-05-04T09:00:04Z' }))
    await clock.run(10_000)
    expect(did).toEqual(['Morgan sees a', 'Morgan takes up a'])
  })

  it('leaves an alert to a supervisor at a desk who was told of it', async () => {
    const { clock, did, tell } = practice()
    tell(raised('a'))
    tell(raised('a', { toldTo: ['Morgan', 'Bethan Marsh'] }))
    await clock.run(10_000)
    expect(did).toEqual(['Morgan sees a'])
  })

  it('takes up what was raised before the start', async () => {
    const { clock, did } = practice(raised('early'))
    await clock.run(4_000)
    expect(did).toEqual(['Morgan sees early', 'Morgan takes up early'])
  })

  it('does nothing more once stopped', async () => {
    const { clock, did, supervisor, tell } = practice()
    tell(raised('a'))
    await supervisor.stop()
    tell(raised('b'))
    await clock.run(10_000)
    expect(did).toEqual(['Morgan sees a'])
  })
})
