import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { methodOf, type SipMessage } from '#tests/support/sip-message.ts'
import { newest, type Rig, startRig, type TestPhone } from './rig.ts'

let rig: Rig
let phone: TestPhone

beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterEach(() => phone.close())
afterAll(() => rig?.close())

const ready = { name: 'requestAgentState', request: { name: 'ready' } } as const
const wellAndRegistered = `s.registration.name === 'registered' && s.microphone.name === 'live'`
/** The check before the shift has come out well too. */
const allWell = `${wellAndRegistered} && s.readinessProblems.length === 0`

const isUnregistration = (message: SipMessage) =>
  methodOf(message) === 'REGISTER' && message.headers.some(([, value]) => /;expires=0$/.test(value))

/** As a browser answers getUserMedia when the device or the permission is missing. */
const microphoneThat = (name: string) =>
  `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`

describe('Ready is true', () => {
  it('is asked of the backend when nothing stands in the way, and read back', async () => {
    phone = await rig.phone()
    const well = await phone.until(`${allWell} && s.agent !== null`)
    expect(well.check?.items.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    const { startedAt = 0, finishedAt } = well.check ?? {}
    expect((finishedAt ?? Number.NaN) - startedAt).toBeLessThanOrEqual(3_000)
    expect(well.agent?.state).toMatchObject({ name: 'not-ready', reason: 'signed-in' })
    expect(await phone.execute(ready)).toEqual({ ok: true, value: null })
    await phone.until(`s.agent.state.name === 'ready'`)
  })

  it('is taken back at once when the switchboard is lost', async () => {
    phone = await rig.phone()
    await phone.until(allWell)
    await phone.execute(ready)
    phone.peer.listening = false
    phone.peer.cut()
    const off = await phone.until(`s.agent.state.name === 'not-ready'`)
    expect(off.agent?.state).toMatchObject({ reason: 'phone-not-ready' })
    expect(off.readinessProblems).toEqual(['connection-lost'])
    expect(await phone.execute(ready)).toMatchObject({ error: { code: 'calls/not-ready-to-take-calls' } })
  })

  it('is taken back as soon as the council can be told', async () => {
    phone = await rig.phone()
    await phone.until(allWell)
    await phone.execute(ready)
    await phone.page.evaluate(() => window.phoneHarness.setCouncil(false))
    await phone.until(`s.readinessProblems.includes('council-unreachable')`)
    await phone.page.waitForFunction(() => window.phoneHarness.agentRequests.length > 1)
    expect((await phone.snapshot()).agent?.state.name).toBe('ready')
    await phone.page.evaluate(() => window.phoneHarness.setCouncil(true))
    phone.peer.listening = false
    phone.peer.cut()
    await phone.until(`s.agent.state.reason === 'phone-not-ready'`)
  })

  it.each([
    ['NotAllowedError', 'denied', 'microphone-denied'],
    ['NotFoundError', 'absent', 'microphone-absent'],
    ['NotReadableError', 'failed', 'microphone-failed'],
  ])('is refused when opening the microphone gives %s', async (name, state, problem) => {
    phone = await rig.phone({ before: microphoneThat(name) })
    const snapshot = await phone.until(
      `s.registration.name === 'registered' && s.microphone.name === '${state}'`,
    )
    expect(snapshot.readinessProblems).toEqual([problem])
    expect(await phone.execute(ready)).toMatchObject({
      error: { code: 'calls/not-ready-to-take-calls', detail: problem },
    })
    expect(await phone.page.evaluate(() => window.phoneHarness.agentRequests)).toEqual([])
    const { line } = await phone.ring()
    expect(await phone.execute({ name: 'answer', lineId: line.id })).toMatchObject({
      error: { code: 'calls/no-microphone' },
    })
    expect(newest((await phone.snapshot()).lines).state.name).toBe('ringing')
  })

  it('is refused when the permission is denied in Chromium itself, and possible once it is given', async () => {
    await rig.context.clearPermissions()
    phone = await rig.phone()
    await phone.until(`s.microphone.name === 'denied'`)
    await rig.context.grantPermissions(['microphone'], { origin: rig.origin })
    await phone.execute({ name: 'checkMicrophone' })
    await phone.until(`s.microphone.name === 'live' && s.readinessProblems.length === 0`)
  })

  it('is refused when the password is wrong', async () => {
    phone = await rig.phone({ password: 'wrong' })
    const refused = await phone.until(`s.registration.name === 'refused' && s.microphone.name === 'live'`)
    expect(refused).toMatchObject({
      registration: { status: 401 },
      readinessProblems: ['registration-refused'],
    })
  })
})

describe('the check before a shift', () => {
  it('stops an adviser whose clock is wrong, until they say why to work all the same', async () => {
    phone = await rig.phone({ signedIn: false })
    await phone.page.evaluate(() => {
      window.phoneHarness.clock.aheadMs = 400_000
      window.phoneHarness.signIn()
    })
    const running = await phone.until(`s.readinessProblems[0] === 'check-running'`)
    expect(running.check?.finishedAt).toBeNull()
    const failed = await phone.until(`s.readinessProblems[0] === 'check-failed'`)
    expect(failed.check?.items.find(({ item }) => item === 'clock')).toMatchObject({
      outcome: 'failed',
      figure: 400_000,
    })
    expect(await phone.execute(ready)).toMatchObject({ error: { detail: 'check-failed' } })

    await phone.execute({ name: 'overrideReadiness', reason: 'IT is on the way' })
    expect((await phone.snapshot()).readinessProblems).toEqual([])
    await phone.execute(ready)
    expect(await phone.page.evaluate(() => window.phoneHarness.agentRequests)).toEqual([
      { name: 'ready', override: { failed: ['clock'], reason: 'IT is on the way' } },
    ])

    await phone.page.evaluate(() => {
      window.phoneHarness.clock.aheadMs = 0
    })
    await phone.execute({ name: 'runReadinessCheck' })
    const again = await phone.until(`s.check.finishedAt !== null && s.check.override === null`)
    expect(again).toMatchObject({ readinessProblems: [], agent: { state: { name: 'ready' } } })
    expect(await phone.execute({ name: 'overrideReadiness', reason: 'no need' })).toMatchObject({ ok: false })
  })

  it('is repeated by itself once the microphone is there', async () => {
    phone = await rig.phone({
      before: `window.realGet = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); ${microphoneThat('NotFoundError')}`,
    })
    await phone.until(`s.check?.finishedAt && s.check.items[0].outcome === 'failed'`)
    await phone.page.evaluate('navigator.mediaDevices.getUserMedia = window.realGet')
    await phone.execute({ name: 'checkMicrophone' })
    await phone.until(`${allWell} && s.check.items[0].outcome === 'passed'`)
  })
})

describe('a call', () => {
  it('is remembered by main, shown as paused once that is confirmed, and reported with what happened', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await phone.until(`l.status?.recording.name === 'recording'`)
    expect(await phone.page.evaluate(() => window.phoneHarness.told)).toMatchObject([
      { name: 'calls.remember', request: { calls: [{ contactId: line.contactId }] } },
    ])

    await phone.execute({ name: 'setRecordingPaused', lineId: line.id, paused: true })
    expect(newest((await phone.snapshot()).lines)).toMatchObject({
      status: { recording: { name: 'paused' } },
      recordingRequest: null,
    })
    await phone.page.evaluate((id) => window.phoneHarness.sayCallStatus(id, 'recording'), line.callId)
    const alarm = await phone.until(`l.status.recording.name === 'recording'`)
    expect(newest(alarm.lines).recordingRequest).toMatchObject({ paused: true, outcome: 'refused' })

    await call.request('BYE')
    await phone.until(`l.state.name === 'ended'`)
    await phone.execute({ name: 'reportBadCall', contactId: line.contactId, comment: 'It crackled.' })
    const told = await phone.page.evaluate(() => window.phoneHarness.told.slice(-2))
    expect(told).toMatchObject([
      { name: 'calls.remember', request: { calls: [] } },
      {
        name: 'calls.saveReport',
        request: { report: { contactId: line.contactId, comment: 'It crackled.' } },
      },
    ])
    expect((await phone.snapshot()).lastReport).toEqual({
      contactId: line.contactId,
      folder: '/reports',
      file: 'call-1.txt',
    })
    const reports = await phone.desk.evaluate(() => window.phone.reports())
    const words = reports?.[0]?.events.map(({ what }) => what) ?? []
    expect(words).toEqual(expect.arrayContaining(['line ringing', 'line active', 'recording is paused']))
    expect(JSON.stringify(reports)).not.toMatch(/Okafor|960142|127\.0\.0\.1/)
  })
})

describe('auto-answer', () => {
  it('stays as it was chosen when the telephone is loaded again', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
    await phone.execute({ name: 'setAutoAnswer', on: true })
    expect((await phone.snapshot()).autoAnswer).toBe(true)
    await phone.page.reload()
    await phone.page.waitForFunction(() => 'phoneHarness' in window)
    await phone.page.evaluate(() => window.phoneHarness.signIn())
    await phone.until(`${wellAndRegistered} && s.autoAnswer`)
    await phone.execute({ name: 'setAutoAnswer', on: false })
  })
})

describe('a shift', () => {
  it('begins at sign-in and ends at sign-out with the registration taken back', async () => {
    phone = await rig.phone({ signedIn: false })
    const before = await phone.until(`s.registration.name === 'off'`)
    expect(before.registration).toEqual({ name: 'off', reason: 'starting' })
    expect(await phone.execute({ name: 'register' })).toMatchObject({ error: { code: 'calls/signed-out' } })
    await phone.page.evaluate(() => window.phoneHarness.signIn())
    await phone.until(wellAndRegistered)
    await phone.page.evaluate(() => window.phoneHarness.signOut())
    await phone.until(`s.registration.reason === 'signed-out' && s.microphone.name === 'unknown'`)
    await phone.peer.message(isUnregistration)
    expect(await phone.page.evaluate(() => window.phoneHarness.calls)).toEqual(['open', 'close'])
  })

  it('hangs up on nobody: a call that is up at sign-out goes on until it ends', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await phone.page.evaluate(() => window.phoneHarness.signOut())
    const after = await phone.until(`s.registration.reason === 'signed-out'`)
    expect(newest(after.lines).state.name).toBe('active')
    await phone.until(`l.sound.packetsReceived > ${newest(after.lines).sound.packetsReceived + 20}`)
    await call.request('BYE')
    await phone.until(`s.lines.length === 0 && s.microphone.name === 'unknown'`)
  })
})

describe('a phone page that is closed on purpose', () => {
  it('says good-bye to the resident and to the switchboard', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await phone.page.goto('about:blank')
    await call.next('BYE')
    await phone.peer.message(isUnregistration)
  })
})

describe('the log', () => {
  it('carries nobody’s number or name', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await call.request('BYE')
    phone.peer.send(
      'INVITE sip:adviser@example.org SIP/2.0\r\nFrom: "A. Okafor" <sip:+441632960142@x>\r\n\r\n',
    )
    await phone.until(`l.state.name === 'ended'`)
    const logged = JSON.stringify(await phone.page.evaluate(() => window.phoneHarness.logged))
    expect(logged).toContain('phone.line')
    expect(logged).not.toMatch(/Okafor|960142|adviser@|An Adviser/)
  })
})
