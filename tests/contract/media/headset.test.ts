import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HeadsetCall } from '#shared/calls/headset-buttons.ts'
import { headsetEvent, headset as headsetState } from '#shared/contract/devices.ts'
import { type MediaRig, startMediaRig } from './rig.ts'

let rig: MediaRig
let page: Page

/** Bits of the input report, and of the lights. */
const hook = 1
const mute = 2
const flash = 4
const drop = 8
const off = 0
const [offHookLight, muteLight, ringLight, holdLight] = [1, 2, 4, 8] as const

beforeAll(async () => {
  rig = await startMediaRig('headset-page')
  page = rig.page
}, 60_000)
beforeEach(() => rig.renew())
afterAll(async () => {
  await rig?.close()
})

const state = async () =>
  headsetState.parse(await page.evaluate(() => window.headsetHarness.headset().state()))
const say = (bits: number) => page.evaluate((each) => window.headsetHarness.say(each), bits)
const actions = () => page.evaluate(() => window.headsetHarness.actions.splice(0))
const lights = () => page.evaluate(() => window.headsetHarness.lights().splice(0))
const apply = (call: Partial<HeadsetCall>) =>
  page.evaluate((each) => window.headsetHarness.headset().apply(each), {
    ringing: false,
    offHook: false,
    muted: false,
    held: false,
    ...call,
  })
/** Longer than the echo of a light may take. */
const letEchoPass = () => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 450)))

async function connected() {
  await page.evaluate(() => {
    window.headsetHarness.plug(0x0b0e, 'Example Headset 40')
    window.headsetHarness.start()
  })
  await expect.poll(state).toEqual({ name: 'connected', model: 'Example Headset 40', vendor: 'Jabra' })
  expect(await lights()).toEqual([0])
}

describe('a headset', () => {
  it('rings, answers, mutes, holds and ends in step with the calls, both ways', async () => {
    await connected()
    await apply({ ringing: true })
    await say(hook)
    expect(await actions()).toEqual(['answer'])
    await apply({ offHook: true })
    await letEchoPass()
    await say(hook | mute)
    await say(hook)
    expect(await actions()).toEqual(['mute'])
    await apply({ offHook: true, muted: true })
    expect(await lights()).toEqual([ringLight, offHookLight, offHookLight | muteLight])
    // Unmuted in the desk: the light follows, and its echo is no press.
    await apply({ offHook: true })
    await say(hook | mute)
    await say(hook)
    await letEchoPass()
    await say(hook | flash)
    await say(hook)
    await apply({ offHook: true, held: true })
    await say(hook | flash)
    await say(hook)
    await apply({ offHook: true })
    expect(await actions()).toEqual(['hold', 'resume'])
    await letEchoPass()
    await say(off)
    expect(await actions()).toEqual(['end'])
    await apply({})
    expect(await lights()).toEqual([offHookLight, offHookLight | holdLight, offHookLight, off])
    const events = await page.evaluate(() => window.headsetHarness.headset().events())
    expect(
      events.map((each) => headsetEvent.parse(each)).map(({ direction, what }) => `${direction} ${what}`),
    ).toEqual([
      'from-headset connected',
      'to-headset ring',
      'from-headset answer',
      'to-headset answer',
      'from-headset mute',
      'to-headset mute',
      'to-headset unmute',
      'from-headset hold',
      'to-headset hold',
      'from-headset resume',
      'to-headset resume',
      'from-headset end',
      'to-headset end',
    ])
  })

  it('never ends a call because mute was pressed while another program drops the hook', async () => {
    await connected()
    await apply({ offHook: true })
    await say(hook)
    await letEchoPass()
    await say(mute)
    await say(off)
    expect(await actions()).toEqual(['mute'])
    expect(await state()).toMatchObject({ name: 'held-elsewhere' })
  })

  it('rejects a call, and keeps its other reports to itself', async () => {
    await connected()
    await apply({ ringing: true })
    await say(drop)
    await page.evaluate(() => {
      const data = new DataView(Uint8Array.of(1).buffer)
      window.headsetHarness.hid.plugged[0]?.dispatchEvent(
        Object.assign(new Event('inputreport'), { reportId: 1, data }),
      )
    })
    expect(await actions()).toEqual(['reject'])
  })

  it('that another program holds says so, is left alone, and is ours again when that lets go', async () => {
    await connected()
    await say(hook)
    await expect
      .poll(state, { timeout: 5_000 })
      .toMatchObject({ name: 'held-elsewhere', model: 'Example Headset 40' })
    await apply({ ringing: true })
    await say(hook | mute)
    await say(hook)
    expect([await actions(), await lights()]).toEqual([[], []])
    await say(off)
    expect(await state()).toMatchObject({ name: 'connected' })
    expect(await lights()).toEqual([ringLight])
    await say(hook)
    expect(await actions()).toEqual(['answer'])
  })

  it('comes and goes, also during a call, and shows at once what the call does', async () => {
    await page.evaluate(() => window.headsetHarness.start())
    expect(await state()).toEqual({ name: 'absent' })
    await apply({ offHook: true, muted: true })
    await page.evaluate(() => window.headsetHarness.plug(0x047f, 'Other Headset'))
    await expect.poll(state).toEqual({ name: 'connected', model: 'Other Headset', vendor: 'Poly' })
    await expect.poll(lights).toEqual([offHookLight | muteLight])
    await page.evaluate(() => {
      const [device] = window.headsetHarness.hid.plugged
      if (device) window.headsetHarness.unplug(device)
    })
    expect(await state()).toEqual({ name: 'absent' })
    await apply({ offHook: true })
    expect(await actions()).toEqual([])
  })

  it('is the one that is worn, of several', async () => {
    await page.evaluate(() => {
      window.headsetHarness.plug(0x0b0e, 'Speakerphone')
      window.headsetHarness.plug(0x1395, 'Worn Headset')
      window.headsetHarness.start('Worn Headset Mono (1395:0001)')
    })
    await expect.poll(state).toEqual({ name: 'connected', model: 'Worn Headset', vendor: 'EPOS' })
  })

  it('that cannot be opened or written to has failed, and is tried again with the next call', async () => {
    await connected()
    await page.evaluate(() => {
      const [device] = window.headsetHarness.hid.plugged
      if (device) device.failing = true
    })
    await apply({ ringing: true })
    await expect.poll(state).toEqual({ name: 'failed', model: 'Example Headset 40', detail: 'NetworkError' })
    await apply({})
    await page.evaluate(() => {
      const [device] = window.headsetHarness.hid.plugged
      if (device) device.failing = false
    })
    await apply({ ringing: true })
    await expect.poll(state).toMatchObject({ name: 'connected' })
    await expect.poll(lights).toEqual([ringLight])
  })

  it('is asked for under an activation such as the main process gives', async () => {
    await page.evaluate(() => {
      window.headsetHarness.plug(0x6993, 'New Headset', false)
      window.headsetHarness.start()
    })
    expect(await state()).toEqual({ name: 'absent' })
    // Playwright runs what it evaluates as if the page had been clicked, as main does.
    expect(await page.evaluate(() => window.headsetHarness.headset().choose())).toBe(true)
    expect(await state()).toEqual({ name: 'connected', model: 'New Headset', vendor: 'Yealink' })
    expect(await page.evaluate(() => window.headsetHarness.hid.asked.at(-1))).toEqual({
      filters: [{ usagePage: 0x0b }],
    })
  })
})
