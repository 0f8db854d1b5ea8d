import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Referral } from 'sip.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '#electron/practice/node-ports.ts'
import { createRecordings, type Recordings } from '#electron/practice/residents/recordings.ts'
import { createProgressReport } from '#electron/practice/residents/referral.ts'
import { createResidentMedia } from '#electron/practice/residents/resident-media.ts'
import { type Residents, startResidents } from '#electron/practice/residents/residents.ts'
import { createVoicemail, type Voicemail } from '#electron/practice/residents/voicemail.ts'
import { contactOfUserToUser, userToUserOf } from '#shared/calls/user-to-user.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { colleagues } from '#shared/practice/colleagues.ts'
import { muLawEnergy } from '#shared/practice/mu-law.ts'
import { type Scenario, scenarios } from '#shared/practice/scenarios.ts'
import { type IncomingCall, type NodeAdviser, startNodeAdviser } from './node-adviser.ts'
import { domain, password, type Rig, startRig } from './rig.ts'

/* Real sound between advisers, residents and colleagues. */

// What is said takes as long as it does, and a slow machine takes longer.
vi.setConfig({ testTimeout: 20_000 })

const allClips = join(import.meta.dirname, '../../../electron/practice/residents/clips')
/** The same voices, but a voicemail that comes to the point. */
let clipsFolder: string
let folder: string
let rig: Rig
let adviser: NodeAdviser
let residents: Residents
let recordings: Recordings
let voicemail: Voicemail

const known = (id: string, changes: Partial<Scenario> = {}): Scenario => {
  const found = scenarios.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no scenario ${id}`)
  return { ...found, ...changes }
}
/** Speaks at once, and briefly when passed on. */
const talkative = known('council-tax-transfer', {
  queueId: 'waste',
  greetAfterMs: 0,
  toldOn: ['yes'],
})
const brief = { story: ['go'], replies: ['go'] }
const quick = colleagues.map((each) => {
  const talk = ['supervisor', 'council-tax-team'].includes(each.user) ? brief : each.talk
  const answers = each.answers.name === 'after' ? { ...each.answers, ms: 100 } : each.answers
  return { ...each, talk, answers }
})
const direct = known('direct-call', { leavesMessage: 'yes' })
const passedOn = known('passed-on-identified', { queueId: 'waste' })
let handedOver: (readonly [string, string])[] = []

beforeAll(async () => {
  clipsFolder = await mkdtemp(join(tmpdir(), 'clips-'))
  for (const file of (await readdir(allClips)).filter((each) => each.endsWith('.wav'))) {
    const said = /^voicemail-(greeting|messages)/.test(file) ? 'supervisor-go.wav' : file
    await symlink(join(allClips, said), join(clipsFolder, file))
  }
})
afterAll(() => rm(clipsFolder, { recursive: true, force: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'))
  voicemail = createVoicemail()
  handedOver = []
  rig = await startRig({ voicemail })
  recordings = await createRecordings({ folder, clock: systemClock, log: silentLog })
  const [user, clock, log] = ['alex', systemClock, silentLog] as const
  ;[adviser, residents] = await Promise.all([
    startNodeAdviser(rig.switchboard.url, { user, password, domain }),
    startResidents({
      trunkUrl: rig.switchboard.trunkUrl,
      domain,
      clipsFolder,
      scenarios: [talkative, direct, passedOn],
      colleagues: quick,
      recordings,
      voicemail,
      passedOnPatienceMs: 3_000,
      handOver: async (residentId, { reason }) => {
        handedOver.push([residentId, reason])
        return '20000000-0000-4000-8000-00000000000a'
      },
      adviserAtDesk: () => rig.switchboard.advisersThere()[0] ?? null,
      clock,
      log,
    }),
  ])
})
afterEach(async () => {
  await residents.stop()
  await adviser.stop()
  await recordings.stop()
  await rig.stop()
  await rm(folder, { recursive: true, force: true })
})

const waiting = { timeout: 15_000, interval: 10 }
const until = (holds: () => boolean, what: string): Promise<void> =>
  vi.waitFor(() => {
    if (!holds()) throw new Error(`not yet: ${what}`)
  }, waiting)

async function residentCalls(): Promise<IncomingCall> {
  rig.agents.setReady('adviser-alex')
  expect(await residents.call(talkative)).toBe(true)
  const call = await adviser.rings()
  await call.answer()
  call.muted = true
  await until(() => call.heard().energy > 0.003, 'the resident is heard')
  return call
}

const spoken = (who: { heardEnergy: number } | undefined): boolean => (who?.heardEnergy ?? 0) > 0.003
const resident = (): ReturnType<Residents['views']>[number] | undefined => residents.views()[0]
const colleague = (id: string): ReturnType<Residents['views']>[number] | undefined =>
  residents.colleagueViews().find((each) => each.id === id)

describe('a resident whom a colleague has passed on', () => {
  it('comes with the contact that the colleague saved a hand-over for', async () => {
    rig.agents.setReady('adviser-alex')
    expect(await residents.call(passedOn)).toBe(true)
    const call = await adviser.rings()
    expect(call.invitation.request.getHeader('User-to-User')).toBe(
      '2000000000004000800000000000000a;encoding=hex',
    )
    expect(handedOver).toEqual([['cast-amara-okafor', passedOn.passedOn?.reason]])
  })
})

describe('a resident who is sent to a colleague', () => {
  it('goes there without the adviser, and talks', async () => {
    const call = await residentCalls()
    await call.reinvite({ hold: true })
    expect(await call.refer('council-tax-team')).toEqual([100, 180, 200])
    await call.hangUp()
    await rig.agents.hears('ended alex')
    expect(rig.history.at(-1)).toMatch(/^alex inbound \+441632960142 waste transferred$/)
    await until(() => spoken(resident()) && spoken(colleague('council-tax-team')), 'they hear each other')
    expect(resident()?.passedOnTo).toEqual(['council-tax-team'])
    expect(recordings.callIds()).toEqual(rig.switchboard.calls().map(({ callId }) => callId))
  })

  it('takes the place of the adviser who asked first', async () => {
    const call = await residentCalls()
    await call.reinvite({ hold: true })
    const asked = await adviser.dial('supervisor')
    asked.muted = true
    await until(() => asked.heard().energy > 0.003, 'the supervisor is heard')
    expect((await call.refer(asked)).at(-1)).toBe(200)
    await until(() => asked.ended, 'the consultation ends by itself')
    await call.hangUp()
    await rig.agents.hears('ended alex')
    await until(() => (colleague('supervisor')?.framesHeard ?? 0) > 25, 'sound comes through')
    expect(resident()?.passedOnTo).toEqual(['supervisor'])
    await residents.stop()
    await until(() => residents.colleagueViews().length === 0, 'the colleague is free again')
  })

  it('stays with the adviser when the colleague is busy, declines, does not answer or does not exist', async () => {
    const call = await residentCalls()
    await call.reinvite({ hold: true })
    expect(await call.refer('benefits-team')).toEqual([100, 180, 486])
    expect(await call.refer('planning-team')).toEqual([100, 180, 408])
    expect(await call.refer('nobody')).toEqual([100, 404])
    expect(await call.refer('elections-team')).toEqual([100, 180, 603])
    const asked = await adviser.dial('elections-team')
    expect(await call.refer(asked)).toEqual([100, 180, 603])
    expect(asked.ended).toBe(false)
    await asked.hangUp()
    expect(resident()).toMatchObject({ passedOnTo: [], state: 'held' })
    call.listen()
    await call.reinvite({})
    await until(() => call.heard().energy > 0.003, 'the resident is heard again')
    expect(rig.history.at(-1)).toMatch(/talking|answered/)
  })

  it('waits in the queue it is sent to with the contact it comes from, and may come back to the same adviser', async () => {
    const call = await residentCalls()
    const contactId = '20000000-0000-4000-8000-000000000001'
    const along = { 'User-to-User': userToUserOf(contactId) }
    expect(await call.refer('housing', along)).toEqual([100, 200])
    await call.hangUp()
    await rig.agents.hears('ended alex')
    expect(rig.switchboard.calls()).toMatchObject([{ phase: 'waiting', queueId: 'housing' }])
    rig.agents.setReady('adviser-alex')
    const again = await adviser.rings()
    expect(again.invitation.request.getHeader('X-Queue-Id')).toBe('housing')
    // What the contact was handed over with is asked of the council by this id.
    expect(contactOfUserToUser(again.invitation.request.getHeaders('User-to-User'))).toBe(contactId)
    await again.answer()
    again.muted = true
    await until(() => again.heard().energy > 0.003, 'the resident is heard again')
  })
})

describe('the colleagues', () => {
  it('send who rings them on to another, and leave once that one has answered', async () => {
    const call = await adviser.dial('council-operator')
    const referral = await new Promise<Referral>((resolve) => {
      call.session.delegate = { onRefer: resolve }
    })
    expect(referral.referTo.uri.user).toBe('supervisor')
    await referral.accept()
    const report = createProgressReport(call.session, referral.request.cseq)
    expect(call.ended).toBe(false)
    report.final(200, 'OK')
    await until(() => call.ended, 'the operator has left')
  })

  it('say that it is practice when an emergency is dialled', async () => {
    const call = await adviser.dial('999')
    call.muted = true
    await until(() => call.heard().energy > 0.003, 'the operator is heard')
    expect(colleague('emergency-operator')?.linesSaid).toBe(1)
    await call.hangUp()
  })

  it('are busy, or hear keys', async () => {
    await expect(adviser.dial('benefits-team')).rejects.toThrow('486')
    const call = await adviser.dial('payment-line')
    call.muted = true
    await until(() => colleague('payment-line')?.linesSaid === 1, 'the line asks for digits')
    for (const digit of '1234#') await call.sendInfo(digit)
    // Unasked the line would speak only later.
    await vi.waitFor(() => expect(colleague('payment-line')?.linesSaid).toBe(2), { timeout: 4000 })
    await call.hangUp()
  })

  it.each([true, false])('agree on digits in the sound when they hear them: %s', async (hearsEvents) => {
    const ends = [true, hearsEvents].map((hears) =>
      createResidentMedia({
        isLite: false,
        hearsEvents: hears,
        isCut: () => false,
        onConnected: () => {},
        onFrame: () => {},
        onHeldByAdviser: () => {},
        onDigit: () => {},
      }),
    )
    const [asking, answering] = ends
    const offer = (await asking?.createOffer()) ?? ''
    expect(offer).toContain('telephone-event')
    const agreed = ((await answering?.createAnswer(offer)) ?? '').includes('telephone-event')
    expect(agreed).toBe(hearsEvents)
    for (const end of ends) end.close()
  })
})

describe('a resident who rings an adviser directly', () => {
  it('leaves a message when nobody answers, which the adviser can hear', async () => {
    rig.agents.undisturbed = ['adviser-alex']
    expect(await residents.call(direct)).toBe(true)
    const one = { newMessages: 1, oldMessages: 0 }
    await vi.waitFor(() => expect(voicemail.waiting('alex')).toEqual(one), { timeout: 25_000, interval: 20 })
    expect(rig.history).toEqual([
      'alex inbound +441632960142 - in-progress',
      'alex inbound +441632960142 - missed',
    ])
    const call = await adviser.dial('voicemail')
    call.muted = true
    await until(() => call.heard().energy > 0.02, 'the message is heard')
    await until(() => call.ended, 'the voicemail hangs up')
    expect(voicemail.waiting('alex')).toEqual({ newMessages: 0, oldMessages: 1 })
  }, 45_000)
})

describe('the recording', () => {
  it('has the adviser left and the resident right, and nothing of a pause', async () => {
    const call = await residentCalls()
    call.muted = false
    await until(() => (resident()?.heardEnergy ?? 0) > 0.01, 'the adviser is heard')
    const paused = await recordings.setPaused(call.callId, true)
    expect(paused).toMatchObject({ callId: call.callId, recording: { name: 'paused' } })
    const before = resident()?.framesHeard ?? 0
    await until(() => (resident()?.framesHeard ?? 0) > before + 50, 'a second passes')
    await call.hangUp()
    await until(() => residents.views().length === 0, 'the call is over')
    await recordings.stop()

    const [file = ''] = await readdir(folder)
    const wav = await readFile(join(folder, file))
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 50, 54)).toBe('RIFFdata')
    expect(wav.readUInt16LE(22)).toBe(2)
    expect(wav.readUInt32LE(54)).toBe(wav.length - 58)
    const sound = wav.subarray(58)
    const side = (at: number, part: Buffer): number =>
      muLawEnergy(Array.from({ length: part.length / 2 }, (_, i) => part[2 * i + at] ?? 0xff))
    const [talk, pause] = [sound.subarray(0, -16_000), sound.subarray(-16_000)]
    expect(side(0, talk)).toBeGreaterThan(0.001)
    expect(side(1, talk)).toBeGreaterThan(0.001)
    expect([side(0, pause), side(1, pause)]).toEqual([0, 0])
  })
})
