import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { Result } from '#shared/kernel/result.ts'
import { newest, type Rig, startRig } from '#tests/contract/phone/rig.ts'
import { type Cable, layCable } from './cable.ts'
import { createPrograms, type Programs } from './programs.ts'
import type { Role, Step } from './sipp-script.ts'
import { tone } from './sound.ts'
import { password, realm, type Switchboard, startSwitchboard } from './switchboard.ts'
import { type ScriptedTelephone, startScripted, startTelephone, type Telephone } from './telephones.ts'

/** What the adviser's microphone hears all day, and what the resident's telephone sends: two tones, told apart. */
export const adviserHz = 600
export const residentHz = 1_000

/** The product's telephone in a real browser, a switchboard, and telephones of other makers around it. */
export interface Office {
  readonly switchboard: Switchboard
  readonly cable: Cable
  readonly adviser: Adviser
  readonly resident: Telephone
  /** Puts a scripted telephone on the network; it is gone with the end of the test. */
  scripted(role: Role, steps: readonly Step[], service?: string): Promise<ScriptedTelephone>
  /** The adviser's telephone anew, over another connection. */
  reconnect(over: 'ws' | 'wss', options?: { shortestSessionS: number }): Promise<void>
  /** Ends and forgets what a test left behind. */
  tidy(): Promise<void>
  close(): Promise<void>
}

export interface Adviser {
  snapshot(): Promise<PhoneSnapshot>
  /** Resolves with the first snapshot that fits; `where` is an expression over `s` and its newest line `l`. */
  until(where: string): Promise<PhoneSnapshot>
  execute(command: PhoneCommand): Promise<Result<null>>
  /** Resolves with the newest line once it rings. */
  rings(): Promise<Line>
  /** Answers the newest line and waits for sound in both directions. */
  answers(): Promise<Line>
  calls(user: string): Promise<Line>
  hangsUp(): Promise<void>
  /** Resolves once the loudest tone in the adviser's ear is this one; rejects with what was heard instead. */
  hears(hz: number): Promise<void>
  /** Names of the dialog that was answered last. */
  dialog(): Promise<{ callId: string; ownTag: string; farTag: string }>
  ended(): Promise<Extract<Line['state'], { name: 'ended' }>>
}

/** Prints what goes over the adviser's WebSocket: for who looks for a fault. */
const traced = process.env.ADVISER_DESKTOP_SIP_TRACE !== undefined

export async function openOffice(): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'interop-'))
  const programs = createPrograms()
  const closing: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => programs.stop(),
  ]
  const close = async () => {
    for (const each of closing.reverse()) await each()
  }
  try {
    const switchboard = await startSwitchboard(programs, join(folder, 'switchboard'))
    const microphone = join(folder, 'microphone.wav')
    await writeFile(microphone, tone(adviserHz, 10))
    const rig = await startRig([
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      `--ignore-certificate-errors-spki-list=${switchboard.certificateKeyHash}`,
    ])
    closing.push(() => rig.close())
    const cable = await layCable(switchboard.ws)
    closing.push(() => cable.close())
    const resident = await startTelephone(
      programs,
      switchboard,
      join(folder, 'resident'),
      'resident',
      residentHz,
    )
    closing.push(() => resident.stop())
    return await furnish({ folder, programs, switchboard, rig, cable, resident, close })
  } catch (error) {
    await close()
    throw error
  }
}

interface Furniture {
  readonly folder: string
  readonly programs: Programs
  readonly switchboard: Switchboard
  readonly rig: Rig
  readonly cable: Cable
  readonly resident: Telephone
  close(): Promise<void>
}

async function furnish({
  folder,
  programs,
  switchboard,
  rig,
  cable,
  resident,
  close,
}: Furniture): Promise<Office> {
  let scripted: ScriptedTelephone[] = []
  let phone = await openPhone(rig, cable.url)
  const adviser = adviserAt(() => phone)
  return {
    switchboard,
    cable,
    adviser,
    resident,
    async scripted(role, steps, service) {
      const made = await startScripted(programs, switchboard, folder, role, steps, service)
      // Whoever waits for it is told; a test that has failed already does not.
      made.done.catch(() => {})
      scripted.push(made)
      return made
    },
    async reconnect(over, options) {
      await phone.close()
      phone = await openPhone(rig, over === 'ws' ? cable.url : switchboard.wss, options?.shortestSessionS)
    },
    async tidy() {
      cable.mend()
      for (const each of scripted) await each.stop()
      scripted = []
      await resident.command('hangup')
      for (const { id } of (await adviser.snapshot()).lines) {
        await adviser.execute({ name: 'hangUp', lineId: id })
        await adviser.execute({ name: 'dismissLine', lineId: id })
      }
      resident.forget()
    },
    close,
  }
}

interface OpenPhone {
  readonly page: Page
  readonly desk: Page
  /** The latest 200 that it sent to an INVITE. */
  lastAnswer(): string
  close(): Promise<void>
}

async function openPhone(rig: Rig, server: string, shortestSessionS?: number): Promise<OpenPhone> {
  const account = {
    uri: `sip:adviser@${realm}`,
    authorizationUsername: 'adviser',
    password,
    displayName: 'An Adviser',
    servers: [server],
  }
  const page = await rig.context.newPage()
  let lastAnswer = ''
  page.on('websocket', (socket) => {
    if (traced) socket.on('framereceived', ({ payload }) => console.log(`◀ ${payload.toString()}`))
    socket.on('framesent', ({ payload }) => {
      const text = payload.toString()
      if (traced) console.log(`▶ ${text}`)
      if (text.startsWith('SIP/2.0 200 ') && /^CSeq: \d+ INVITE/m.test(text)) lastAnswer = text
    })
  })
  const query = new URLSearchParams({ account: JSON.stringify(account) })
  if (shortestSessionS !== undefined) query.set('shortestSessionS', String(shortestSessionS))
  await page.goto(`${rig.origin}/phone-page.html?${query}`)
  await page.waitForFunction(() => 'phoneHarness' in window)
  const desk = await rig.context.newPage()
  await desk.goto(`${rig.origin}/desk-page.html`)
  await page.evaluate(() => window.phoneHarness.signIn())
  await untilSnapshot(desk, `s.registration.name === 'registered' && s.microphone.name === 'live'`)
  return {
    page,
    desk,
    lastAnswer: () => lastAnswer,
    async close() {
      await page.close()
      await desk.close()
    },
  }
}

async function untilSnapshot(desk: Page, where: string): Promise<PhoneSnapshot> {
  const look = `(() => {
    const s = window.phone?.snapshot()
    const l = s?.lines.at(-1)
    return s && (${where}) ? s : null
  })()`
  try {
    const found = await desk.waitForFunction(look, undefined, { polling: 20, timeout: 15_000 })
    return (await found.jsonValue()) as PhoneSnapshot
  } catch {
    const now = await desk.evaluate(() => window.phone.snapshot())
    throw new Error(
      `never: ${where}; lines: ${JSON.stringify(now?.lines)}; ${JSON.stringify(now?.registration)}`,
    )
  }
}

function adviserAt(phone: () => OpenPhone): Adviser {
  const until = (where: string) => untilSnapshot(phone().desk, where)
  const execute = (command: PhoneCommand) =>
    phone().desk.evaluate((each) => window.phone.execute(each), command)
  async function onNewest(name: 'answer' | 'hangUp'): Promise<void> {
    const { id } = newest((await adviser.snapshot()).lines)
    const result = await execute({ name, lineId: id })
    if (!result.ok) throw new Error(`${name}: ${result.error.code}`)
  }
  const adviser: Adviser = {
    until,
    execute,
    async snapshot() {
      const snapshot = await phone().desk.evaluate(() => window.phone.snapshot())
      if (snapshot === null) throw new Error('the phone does not answer')
      return snapshot
    },
    rings: async () => newest((await until(`l?.state.name === 'ringing'`)).lines),
    async answers() {
      await adviser.rings()
      await onNewest('answer')
      return newest((await until(`l.state.name === 'active' && l.times.twoWayAt !== null`)).lines)
    },
    async calls(user) {
      const result = await execute({ name: 'dial', target: { kind: 'internal', user } })
      if (!result.ok) throw new Error(`dial: ${result.error.code}`)
      return newest((await until(`l?.direction === 'outbound'`)).lines)
    },
    hangsUp: () => onNewest('hangUp'),
    hears: (hz) => hears(phone().page, hz),
    async dialog() {
      const text = phone().lastAnswer()
      const found = (line: RegExp) => line.exec(text)?.[1] ?? ''
      return {
        callId: found(/^Call-ID: (\S+)/m),
        ownTag: found(/^To: .*;tag=(\S+)/m),
        farTag: found(/^From: .*;tag=(\S+)/m),
      }
    },
    async ended() {
      const { state } = newest((await until(`l?.state.name === 'ended'`)).lines)
      if (state.name !== 'ended') throw new Error(state.name)
      return state
    },
  }
  return adviser
}

/** The strongest frequency of the sound that is being played, by 2.9 Hz. */
async function hears(page: Page, hz: number): Promise<void> {
  const heard = await page.evaluate(async (wanted) => {
    const context = new AudioContext({ sampleRate: 48_000 })
    const analyser = new AnalyserNode(context, { fftSize: 16_384, smoothingTimeConstant: 0 })
    const levels = new Float32Array(analyser.frequencyBinCount)
    const connected = new Set<MediaStream>()
    let strongest = { hz: 0, db: -200 }
    const endsAt = performance.now() + 8_000
    try {
      while (performance.now() < endsAt) {
        for (const { srcObject } of document.querySelectorAll('audio')) {
          if (!(srcObject instanceof MediaStream) || connected.has(srcObject)) continue
          connected.add(srcObject)
          context.createMediaStreamSource(srcObject).connect(analyser)
        }
        await new Promise((resolve) => setTimeout(resolve, 100))
        analyser.getFloatFrequencyData(levels)
        const bin = levels.reduce((best, level, at) => (level > (levels[best] ?? -200) ? at : best), 0)
        strongest = { hz: (bin * 48_000) / 16_384, db: levels[bin] ?? -200 }
        if (Math.abs(strongest.hz - wanted) < 6 && strongest.db > -60) return null
      }
      return strongest
    } finally {
      await context.close()
    }
  }, hz)
  if (heard !== null) {
    throw new Error(`waited for ${hz} Hz and heard ${heard.hz.toFixed(0)} Hz at ${heard.db.toFixed(0)} dB`)
  }
}
