import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createLostCalls, type RememberedCall } from '#electron/main/calls/lost-calls.ts'
import { createReportFiles } from '#electron/main/calls/report-files.ts'
import { createLeaveGuard } from '#electron/main/windows/leave-call.ts'
import type { CallReport } from '#shared/contract/call-report.ts'
import { fakeClock, recordingLog, temporaryFolder } from './fakes.ts'

const call: RememberedCall = {
  contactId: 'b3c9f7f2-7b9f-4c8e-8f60-1a2b3c4d5e6f',
  direction: 'inbound',
  remote: { number: '+441632960142', withheld: false },
  queue: { id: 'waste', name: 'Waste and recycling' },
  answeredAt: 1_000,
}

describe('calls of a phone page that died', () => {
  test('are told once, with the time at which it was found dead', () => {
    const lost = createLostCalls(() => 5_000)
    lost.remember('adv-1', [call])
    lost.phoneDied()
    expect(lost.take('adv-1')).toEqual([{ ...call, lostAt: 5_000 }])
    expect(lost.take('adv-1')).toEqual([])
  })

  test('are lost too when a new page begins and nobody saw the old one die', () => {
    const lost = createLostCalls(() => 5_000)
    lost.remember('adv-1', [call])
    expect(lost.take('adv-1')).toMatchObject([{ contactId: call.contactId }])
  })

  test('are not told when the calls had ended', () => {
    const lost = createLostCalls(() => 5_000)
    lost.remember('adv-1', [call])
    lost.remember('adv-1', [])
    lost.phoneDied()
    expect(lost.take('adv-1')).toEqual([])
  })

  test('are told to no other adviser, and to nobody after sign-out', () => {
    const lost = createLostCalls(() => 5_000)
    lost.remember('adv-1', [call])
    lost.phoneDied()
    expect(lost.take('adv-2')).toEqual([])
    lost.remember('adv-1', [call])
    lost.phoneDied()
    lost.forget()
    expect(lost.take('adv-1')).toEqual([])
  })
})

describe('closing the desk', () => {
  function setUp(inCall: boolean) {
    const answers: ((button: number) => void)[] = []
    let left = 0
    const guard = createLeaveGuard({
      inCall: () => inCall,
      ask: () => new Promise((resolve) => answers.push(resolve)),
      leave: () => {
        left += 1
      },
    })
    return { guard, answers, left: () => left }
  }

  test('needs no question when nobody is spoken to', () => {
    expect(setUp(false).guard.mayLeave()).toBe(true)
  })

  test('during a call is asked about, once, and done after a yes', async () => {
    const { guard, answers, left } = setUp(true)
    expect([guard.mayLeave(), guard.mayLeave()]).toEqual([false, false])
    expect(answers).toHaveLength(1)
    answers[0]?.(0)
    await expect.poll(left).toBe(1)
    expect(guard.mayLeave()).toBe(true)
  })

  test('does not happen after a no, and is asked about again', async () => {
    const { guard, answers, left } = setUp(true)
    guard.mayLeave()
    answers[0]?.(1)
    await expect.poll(() => guard.mayLeave() || answers.length).toBe(2)
    expect(left()).toBe(0)
  })
})

describe('reports of bad calls', () => {
  const report: CallReport = {
    contactId: call.contactId,
    callId: 'abc',
    direction: 'inbound',
    startedAt: 1_000,
    endedAt: 61_000,
    events: [{ at: 2_000, source: 'sip', what: 'connection lost', facts: {} }],
    causes: [{ code: 'connection-lost', from: 2_000, until: 5_000 }],
    comment: 'It crackled.',
  }

  test('are written for people and for programs', async () => {
    const folder = temporaryFolder()
    const files = createReportFiles({ folder, log: recordingLog(), now: () => Date.UTC(2026, 10, 2, 9, 15) })
    const saved = await files.save(report)
    const names = readdirSync(folder).toSorted()
    expect(names).toEqual([
      expect.stringMatching(/^call-20261102-091500-.{6}\.json$/),
      expect.stringMatching(/^call-20261102-091500-.{6}\.txt$/),
    ])
    expect(saved).toEqual({ ok: true, value: { folder, file: names[1] } })
    expect(JSON.parse(readFileSync(`${folder}/${names[0]}`, 'utf8'))).toEqual(report)
    expect(readFileSync(`${folder}/${names[1]}`, 'utf8')).toContain('It crackled.')
  })

  test('are kept for the last fifty calls', async () => {
    const folder = temporaryFolder()
    const clock = fakeClock()
    const files = createReportFiles({ folder, log: recordingLog(), now: clock.now })
    for (let saved = 0; saved < 53; saved += 1) {
      await files.save(report)
      clock.advance(1_000)
    }
    const names = readdirSync(folder).toSorted()
    expect(names).toHaveLength(100)
    expect(names[0]).toContain('090003')
  })

  test('that cannot be written are said to be so', async () => {
    const files = createReportFiles({ folder: '/dev/null/reports', log: recordingLog(), now: () => 0 })
    expect(await files.save(report)).toMatchObject({ ok: false, error: { code: 'calls/report-not-saved' } })
  })
})
