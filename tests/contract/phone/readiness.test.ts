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

const isUnregistration = (message: SipMessage) =>
  methodOf(message) === 'REGISTER' && message.headers.some(([, value]) => /;expires=0$/.test(value))

/** As a browser answers getUserMedia when the device or the permission is missing. */
const microphoneThat = (name: string) =>
  `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`

describe('Ready is true', () => {
  it('is asked of the backend when nothing stands in the way, and read back', async () => {
    phone = await rig.phone()
    const well = await phone.until(`${wellAndRegistered} && s.agent !== null`)
    expect(well.readinessProblems).toEqual([])
    expect(well.agent?.state).toMatchObject({ name: 'not-ready', reason: 'signed-in' })
    expect(await phone.execute(ready)).toEqual({ ok: true, value: null })
    await phone.until(`s.agent.state.name === 'ready'`)
  })

  it('is taken back at once when the switchboard is lost', async () => {
    phone = await rig.phone()
    await phone.until(wellAndRegistered)
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
    await phone.until(wellAndRegistered)
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
    const refused = await phone.until(`s.registration.name === 'refused'`)
    expect(refused).toMatchObject({
      registration: { status: 401 },
      readinessProblems: ['registration-refused'],
    })
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
