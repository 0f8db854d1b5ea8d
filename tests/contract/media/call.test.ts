import { describe, expect, it } from 'vitest'
import { defaultChoices } from '#shared/calls/snapshot.ts'
import { energyOverOneBeep, heardMore, newest, type TestPhone, withPhone } from '#tests/contract/phone/rig.ts'
import { methodOf } from '#tests/support/sip-message.ts'

let phone: TestPhone

/** Chromium's own microphones, of which one can be pulled out. */
const pullable = `{
  const media = navigator.mediaDevices
  const list = media.enumerateDevices.bind(media)
  const open = media.getUserMedia.bind(media)
  const clone = MediaStreamTrack.prototype.clone
  const tracks = new Set()
  const gone = new Set()
  const keep = (track) => { tracks.add(track); return track }
  MediaStreamTrack.prototype.clone = function () { return keep(clone.call(this)) }
  media.enumerateDevices = async () =>
    (await list()).filter(({ deviceId, label }) => !gone.has(deviceId) && deviceId !== 'default')
  media.getUserMedia = async (constraints) => {
    if (gone.has(constraints.audio.deviceId?.exact)) throw new DOMException('', 'NotFoundError')
    const stream = await open(constraints)
    stream.getTracks().forEach(keep)
    return stream
  }
  window.pullOut = (id) => {
    gone.add(id)
    for (const track of tracks) {
      if (track.getSettings().deviceId !== id) continue
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
    media.dispatchEvent(new Event('devicechange'))
  }
}`

withPhone(
  { before: pullable, browserArguments: ['--use-fake-device-for-media-stream=device-count=2'] },
  (opened) => {
    phone = opened
  },
)

describe('a call', () => {
  it('goes on from the next microphone when the first is pulled out, without a word to the far end', async () => {
    const { devices } = await phone.snapshot()
    const [first, second] = devices.microphones
    if (first === undefined || second === undefined) throw new Error('too few fake microphones')
    await phone.execute({
      name: 'chooseDevices',
      choices: { ...defaultChoices, microphone: [second, first] },
    })
    await phone.until(`s.devices.using.microphone?.id === '${second.id}'`)
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await heardMore(phone.far)
    const before = phone.peer.received.length
    await phone.page.evaluate(`window.pullOut('${second.id}')`)
    const moved = await phone.until(`s.devices.using.microphone?.id === '${first.id}'`)
    expect(moved.devices.standingIn.microphone).toBe(true)
    expect(moved.readinessProblems.filter((each) => each.startsWith('microphone'))).toEqual([])
    expect(await energyOverOneBeep(phone.far)).toBeGreaterThan(1e-4)
    expect(newest((await phone.snapshot()).lines)).toMatchObject({
      state: { name: 'active' },
      sound: { outbound: 'flowing' },
    })
    expect(phone.peer.received.slice(before).map(methodOf)).not.toContain('INVITE')
  })

  it('that is muted stays muted when the microphone is exchanged', async () => {
    const { devices } = await phone.snapshot()
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    await phone.execute({ name: 'setMuted', lineId: line.id, muted: true })
    await phone.execute({
      name: 'chooseDevices',
      choices: { ...devices.choices, microphone: [], noiseSuppression: false },
    })
    await phone.until(`s.devices.choices.noiseSuppression === false && s.microphone.name === 'live'`)
    expect(await energyOverOneBeep(phone.far)).toBeLessThan(1e-6)
    await phone.execute({ name: 'setMuted', lineId: line.id, muted: false })
    await heardMore(phone.far)
  })

  it('says its quality, and within two seconds that the far end fell silent', async () => {
    const { call, line } = await phone.ring()
    await phone.answer(call, line)
    const { quality } = newest((await phone.until('l.quality !== null')).lines)
    expect(quality).toMatchObject({ codec: 'opus/48000/2', lossPercent: 0, alerts: [] })
    const farAddress = phone.far.url()
    await phone.far.goto('about:blank')
    await phone.until(`l.sound.inbound === 'silent'`)
    const said = await phone.desk.evaluate(() => {
      const at = (each: (typeof window.heard)[number]) => each.snapshot?.lines.at(-1)?.sound
      const first = window.heard.find((each) => at(each)?.inbound === 'silent')
      return first ? first.at - (at(first)?.since ?? 0) : null
    })
    console.info(`silence said ${said} ms after the last packet`)
    expect(said).toBeLessThanOrEqual(2_200)
    expect(said).toBeGreaterThan(1_000)
    await phone.far.goto(farAddress)
  })
})
