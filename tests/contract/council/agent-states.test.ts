import { beforeEach, describe, expect, test } from 'vitest'
import { type AgentStates, createAgentStates } from '#electron/practice/council/agent-states.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'

describe('advisers’ states in the service', () => {
  let clock: SimClock
  let agents: AgentStates
  let heard: string[]

  beforeEach(() => {
    clock = new SimClock()
    const queues: Record<string, string[]> = { ann: ['waste', 'general'], bob: ['waste'], cat: ['general'] }
    agents = createAgentStates({
      clock,
      log: silentLog,
      wrapUpSeconds: 60,
      notReadyReasons: [
        { code: 'break', label: 'Break', limitMinutes: 15 },
        { code: 'lunch', label: 'Lunch' },
      ],
      queuesOf: (adviserId) => queues[adviserId] ?? [],
    })
    heard = []
    agents.onChanged((adviserId, { state }) => heard.push(`${adviserId} ${state.name}`))
  })

  const call = (adviserId: string) => {
    agents.offered(adviserId, 'waste')
    agents.answered(adviserId, 'waste')
    agents.ended(adviserId)
  }

  test('wrap-up ends by itself and says so', async () => {
    agents.request('ann', { name: 'ready' })
    call('ann')
    await clock.run(59_999)
    expect(agents.answer('ann').state.name).toBe('wrap-up')
    await clock.run(1)
    expect(agents.answer('ann').state.name).toBe('ready')
    expect(heard).toEqual(['ann ready', 'ann ringing', 'ann on-call', 'ann wrap-up', 'ann ready'])
  })

  test('a lengthened wrap-up ends at its new end, once', async () => {
    agents.request('ann', { name: 'ready' })
    call('ann')
    await clock.run(30_000)
    agents.request('ann', { name: 'wrap-up', extendSeconds: 120 })
    await clock.run(149_999)
    expect(agents.answer('ann').state.name).toBe('wrap-up')
    await clock.run(1)
    expect(agents.answer('ann').state.name).toBe('ready')
    expect(heard.filter((news) => news === 'ann ready')).toHaveLength(2)
  })

  test('a wrap-up ended early is not ended again by its timer', async () => {
    agents.request('ann', { name: 'ready' })
    call('ann')
    agents.request('ann', { name: 'not-ready', reason: 'lunch' })
    await clock.run(120_000)
    expect(agents.answer('ann').state).toMatchObject({ name: 'not-ready', reason: 'lunch' })
  })

  test('a break that has run out is said to have, once, and nothing follows it by itself', async () => {
    agents.request('ann', { name: 'not-ready', reason: 'break' })
    await clock.run(15 * 60_000 - 1)
    expect(agents.answer('ann').state).toMatchObject({ reason: 'break' })
    await clock.run(1)
    expect(agents.answer('ann').state).toMatchObject({ name: 'not-ready', reason: 'timed-out' })
    await clock.run(60 * 60_000)
    expect(heard).toEqual(['ann not-ready', 'ann not-ready'])
  })

  test('a break that ended early does not run out', async () => {
    agents.request('ann', { name: 'not-ready', reason: 'break' })
    await clock.run(60_000)
    agents.request('ann', { name: 'ready' })
    await clock.run(60 * 60_000)
    expect(agents.answer('ann').state.name).toBe('ready')
  })

  test('a queue gets its ready advisers, longest idle first', async () => {
    for (const adviserId of ['bob', 'cat', 'ann']) {
      agents.request(adviserId, { name: 'ready' })
      await clock.run(1000)
    }
    expect(agents.readyAdvisers('waste')).toEqual(['bob', 'ann'])
    call('bob')
    agents.request('bob', { name: 'ready' })
    expect(agents.readyAdvisers('waste')).toEqual(['ann', 'bob'])
    expect(agents.readyAdvisers('general')).toEqual(['cat', 'ann'])
    agents.phoneLost('ann')
    expect(agents.readyAdvisers('waste')).toEqual(['bob'])
  })

  test('what changes nothing is not news', () => {
    agents.request('ann', { name: 'ready' })
    agents.request('ann', { name: 'ready' })
    agents.missed('ann')
    agents.request('ann', { name: 'wrap-up', extendSeconds: 60 })
    expect(heard).toEqual(['ann ready'])
  })

  test('who stopped listening hears nothing', () => {
    const stop = agents.onChanged(() => heard.push('second'))
    stop()
    agents.request('ann', { name: 'ready' })
    expect(heard).toEqual(['ann ready'])
  })
})
