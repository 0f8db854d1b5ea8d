import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '#electron/practice/node-ports.ts'
import { everyFrame } from '#electron/practice/residents/pacer.ts'
import {
  createResidentPhone,
  type ResidentCall,
  type ResidentPhone,
} from '#electron/practice/residents/resident-phone.ts'
import { type Residents, startResidents } from '#electron/practice/residents/residents.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { muLawEnergy } from '#shared/practice/mu-law.ts'
import { type Scenario, scenarios } from '#shared/practice/scenarios.ts'
import { type IncomingCall, type NodeAdviser, startNodeAdviser, tone } from './node-adviser.ts'
import { domain, password, type Rig, startRig } from './rig.ts'

let rig: Rig
let adviser: NodeAdviser
beforeEach(async () => {
  rig = await startRig()
  adviser = await startNodeAdviser(rig.switchboard.url, { user: 'alex', password, domain })
})
afterEach(async () => {
  await adviser.stop()
  await rig.stop()
})

const waiting = { timeout: 10_000, interval: 10 }
const until = (holds: () => boolean, what: string): Promise<void> =>
  vi.waitFor(() => {
    if (!holds()) throw new Error(`not yet: ${what}`)
  }, waiting)

describe('the sound of a call', () => {
  let phone: ResidentPhone
  let resident: ResidentCall
  let call: IncomingCall
  let cut = false
  let paced = 0
  let stopTone = (): void => {}
  const heard = { frames: 0, energy: 0, held: [] as boolean[] }

  beforeEach(async () => {
    cut = false
    Object.assign(heard, { frames: 0, energy: 0, held: [] })
    phone = createResidentPhone({
      trunkUrl: rig.switchboard.trunkUrl,
      domain,
      number: '+441632960142',
      log: silentLog,
      isCut: () => cut,
    })
    await phone.start()
    rig.agents.setReady('adviser-alex')
    resident = phone.call('waste', {
      onFrame(frame) {
        heard.frames++
        heard.energy += muLawEnergy(frame) * 0.02
      },
      onHeldByAdviser: (held) => heard.held.push(held),
    })
    stopTone = everyFrame(() => {
      paced++
      resident.send(tone)
    })
    call = await adviser.rings()
    await call.answer()
    await soundBothWays()
  })
  afterEach(async () => {
    stopTone()
    await phone.stop()
  })

  /** Counts from now on until both sides heard half a second of tone, whose energy is 1/32 a second. */
  async function soundBothWays(): Promise<void> {
    call.listen()
    Object.assign(heard, { frames: 0, energy: 0 })
    await until(() => call.heard().frames >= 25 && heard.frames >= 25, 'sound both ways')
    expect(call.heard().energy).toBeGreaterThan(0.01)
    expect(heard.energy).toBeGreaterThan(0.01)
  }

  /** What either side heard in the time of so many frames, after those under way have arrived. */
  async function heardDuring(frames: number): Promise<{ adviser: number; resident: number }> {
    const settled = paced + 10
    await until(() => paced >= settled, 'frames under way arrive')
    call.listen()
    heard.frames = 0
    const end = paced + frames
    await until(() => paced >= end, `${frames} frames`)
    return { adviser: call.heard().frames, resident: heard.frames }
  }

  it('stops on hold and comes back', async () => {
    const answer = await call.reinvite({ hold: true })
    expect(answer).toMatch(/^a=recvonly/m)
    expect(answer).toMatch(/^m=audio 9 /m)
    expect(await heardDuring(25)).toEqual({ adviser: 0, resident: 0 })
    expect(await call.reinvite({})).toMatch(/^a=sendrecv/m)
    await soundBothWays()
    expect(heard.held).toEqual([true, false])
  })

  it('stops and comes back when the resident holds', async () => {
    await resident.hold(true)
    expect((await heardDuring(25)).adviser).toBe(0)
    await resident.hold(false)
    await soundBothWays()
    expect(heard.held).toEqual([])
  })

  it('goes on over a new path after an ICE restart, twice', async () => {
    const ufrag = (sdp: string): string => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? ''
    const first = await call.reinvite({})
    const second = await call.reinvite({ iceRestart: true })
    await soundBothWays()
    const third = await call.reinvite({ iceRestart: true })
    await soundBothWays()
    expect(new Set([first, second, third].map(ufrag)).size).toBe(3)
    expect(second).toMatch(/^a=candidate:.* 127\.0\.0\.1 \d+ typ host/m)
  })

  it('offers this machine and nothing else', async () => {
    const answer = await call.reinvite({})
    const candidates = answer.split('\r\n').filter((line) => line.startsWith('a=candidate:'))
    expect(candidates.map((line) => line.split(' ')[4])).toEqual(['127.0.0.1'])
    expect(answer.split('m=audio')[0]).toContain('a=ice-lite')
  })

  it('ends with a cut of the network and is recovered by a re-INVITE', async () => {
    cut = true
    rig.switchboard.cut()
    await until(() => !adviser.isConnected, 'the adviser is cut off')
    expect(await heardDuring(25)).toEqual({ adviser: 0, resident: 0 })
    cut = false
    await rig.switchboard.restore()
    await adviser.reconnect()
    await call.reinvite({ iceRestart: true })
    await soundBothWays()
    await resident.hangUp()
    await until(() => call.ended, 'the BYE reaches the adviser')
    await rig.agents.hears('ended alex')
  })

  it('ends when the adviser hangs up', async () => {
    await call.hangUp()
    await until(() => rig.switchboard.calls().length === 0, 'the call is over')
    await rig.agents.hears('ended alex')
  })
})

describe('residents of the scenarios', () => {
  const clipsFolder = join(import.meta.dirname, '../../../electron/practice/residents/clips')
  let residents: Residents
  afterEach(() => residents.stop())

  const start = async (...played: Scenario[]): Promise<void> => {
    residents = await startResidents({
      trunkUrl: rig.switchboard.trunkUrl,
      domain,
      clipsFolder,
      scenarios: played,
      clock: systemClock,
      log: silentLog,
    })
  }
  const known = (id: string, changes: Partial<Scenario> = {}): Scenario => {
    const found = scenarios.find((each) => each.id === id)
    if (found === undefined) throw new Error(`no scenario ${id}`)
    return { ...found, ...changes }
  }

  it('speak, listen, and answer when the adviser stops speaking', async () => {
    const scenario = known('missed-bin', { greetAfterMs: 60_000 })
    await start(scenario)
    rig.agents.setReady('adviser-alex')
    await residents.call(scenario)
    const call = await adviser.rings()
    expect(call.invitation.remoteIdentity.uri.user).toBe('+447700900467')
    await call.answer()
    await until(() => (residents.views()[0]?.heardEnergy ?? 0) > 0.01, 'the resident hears the adviser')
    expect(residents.views()[0]?.linesSaid).toBe(0)
    call.muted = true
    await until(() => residents.views()[0]?.linesSaid === 1, 'the resident answers')
    await until(() => call.heard().energy > 0.005, 'the adviser hears the resident')
  })

  it('give up in time, and the adviser is free again', async () => {
    const scenario = known('impatient', { patienceMs: 300 })
    await start(scenario)
    rig.agents.setReady('adviser-alex')
    await residents.call(scenario)
    const call = await adviser.rings()
    await until(() => call.ended, 'the caller gives up')
    await rig.agents.hears('ended alex')
    expect(residents.views()).toEqual([])
  })

  it('ring the same adviser again who was away the first time', async () => {
    const scenario = known('missed-bin')
    await start(scenario)
    rig.agents.setReady('adviser-alex')
    await residents.call(scenario)
    const first = await adviser.rings()
    await rig.clock.run(20_000)
    await until(() => first.ended, 'it stops ringing')
    await rig.agents.hears('missed alex')
    await until(() => adviser.isIdle, 'the ACK has arrived')
    rig.agents.setReady('adviser-alex')
    const second = await adviser.rings()
    await second.answer()
    await until(() => second.heard().frames > 10, 'the resident is heard')
  })

  it('hang up midway', async () => {
    const scenario = known('hangs-up-midway', {
      story: [{ say: 'yes', thenWaitMs: 0 }],
      hangsUpAfterMs: 0,
      greetAfterMs: 0,
    })
    await start(scenario)
    rig.agents.setReady('adviser-alex')
    await residents.call(scenario)
    const call = await adviser.rings()
    await call.answer()
    call.muted = true
    await until(() => call.ended, 'the resident hangs up')
    expect(residents.views()).toEqual([])
  })

  it('withhold their number', async () => {
    const scenario = known('missed-bin-withheld')
    await start(scenario)
    rig.agents.setReady('adviser-alex')
    await residents.call(scenario)
    const { invitation } = await adviser.rings()
    expect(String(invitation.remoteIdentity.uri)).toBe('sip:anonymous@anonymous.invalid')
    expect(invitation.request.getHeader('Privacy')).toBe('id')
    expect(invitation.request.headers['P-Preferred-Identity']).toBeUndefined()
  })
})
