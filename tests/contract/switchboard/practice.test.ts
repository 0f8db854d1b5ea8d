import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyDatabaseFile } from '#build/bundle/empty-database.ts'
import { type Practice, startPractice } from '#electron/practice/practice.ts'
import { me, tokenResponse } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { scenarios } from '#shared/practice/scenarios.ts'
import { type NodeAdviser, startNodeAdviser } from './node-adviser.ts'

const root = join(import.meta.dirname, '../../..')
const folders = {
  scriptsFolder: join(root, 'shared/guidance/scripts'),
  clipsFolder: join(root, 'electron/practice/residents/clips'),
}
const waiting = { timeout: 15_000, interval: 20 }
/** A database of its own, on a machine that does other things too. */
const starting = { timeout: 60_000, interval: 50 }

let dataFolder: string
let emptyDatabase: string
let practice: Practice
const steps: string[] = []
const start = (changes: { councilPort?: number } = {}): Promise<Practice> =>
  startPractice({
    ...folders,
    dataFolder,
    emptyDatabase,
    ...changes,
    log: silentLog,
    onStep: (step) => steps.push(step),
  })

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'practice-'))
  emptyDatabase = await emptyDatabaseFile()
  practice = await start()
}, 120_000)
afterAll(async () => {
  await practice.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

function running(): {
  councilUrl: string
  sipUrl: string
  username: string
  password: string
  networkCut: boolean
} {
  const status = practice.status()
  if (status.name !== 'running') throw new Error(status.name)
  return status
}

/** Signs in as the desk does. */
async function signIn(): Promise<{
  adviser: NodeAdviser
  request(path: string, body?: object): Promise<unknown>
}> {
  const { councilUrl, username, password } = running()
  const form = new URLSearchParams({ grant_type: 'password', username, password })
  const answer = await fetch(`${councilUrl}/oauth/token`, { method: 'POST', body: form })
  const { access_token: token } = tokenResponse.parse(await answer.json())
  const request = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${councilUrl}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'PUT', body: JSON.stringify(body) }),
    })
    return response.json()
  }
  const { sip } = me.parse(await request('/v1/me'))
  expect(sip.servers).toEqual([running().sipUrl])
  const domain = sip.uri.split('@')[1] ?? ''
  const account = { user: sip.authorizationUsername, password: sip.password, domain }
  return { adviser: await startNodeAdviser(running().sipUrl, account), request }
}

describe('practice', () => {
  it('says what it starts, and offers the scenarios', () => {
    expect(steps).toEqual(['database', 'residents', 'switchboard'])
    const status = practice.status()
    expect(status).toMatchObject({ name: 'running', networkCut: false })
    expect(status.name === 'running' && status.scenarios.map(({ id }) => id)).toEqual(
      scenarios.map(({ id }) => id),
    )
  })

  it('rings no desk while there is none', async () => {
    expect(await practice.call('supervisor-auto-answer')).toMatchObject({
      ok: false,
      error: { code: 'practice/no-adviser-there' },
    })
  })

  it('brings a resident to a ready adviser, through a cut of the network, to wrap-up', async () => {
    const { adviser, request } = await signIn()
    const stateIs = (name: string): Promise<void> =>
      vi.waitFor(
        async () => expect(await request('/v1/me/state')).toMatchObject({ state: { name } }),
        waiting,
      )
    try {
      await request('/v1/me/state', { name: 'ready' })
      expect(await practice.call('missed-bin')).toEqual({ ok: true, value: 'missed-bin' })
      const call = await adviser.rings()
      expect(call.invitation.request.getHeader('X-Queue-Id')).toBe('waste')
      await stateIs('ringing')
      await call.answer()
      call.muted = true
      await vi.waitFor(() => expect(call.heard().energy).toBeGreaterThan(0.005), waiting)
      await stateIs('on-call')
      const path = `/v1/calls/${encodeURIComponent(call.callId)}`
      const recording = async (name: string): Promise<void> =>
        expect(await request(path)).toMatchObject({ callId: call.callId, recording: { name } })
      await recording('recording')
      await request(`${path}/recording`, { paused: true })
      await recording('paused')

      expect(await practice.setNetworkCut(true)).toEqual({ ok: true, value: null })
      expect(running().networkCut).toBe(true)
      await vi.waitFor(() => expect(adviser.isConnected).toBe(false), waiting)
      await expect(fetch(`${running().councilUrl}/v1/me`)).rejects.toThrow()
      await practice.setNetworkCut(false)
      await adviser.reconnect()
      await call.reinvite({ iceRestart: true })
      call.listen()
      await vi.waitFor(() => expect(call.heard().frames).toBeGreaterThan(10), waiting)

      await recording('paused')
      await call.hangUp()
      await stateIs('wrap-up')
      expect(await request('/v1/me/calls')).toMatchObject({
        calls: [{ callId: call.callId, direction: 'inbound', queueId: 'waste', outcome: 'answered' }],
      })
      expect(await readdir(join(dataFolder, 'recordings'))).toHaveLength(1)
    } finally {
      await adviser.stop()
    }
  })

  it('has colleagues at the ends of the council’s telephones, and a supervisor who listens', async () => {
    expect(practice.supervise('listening')).toMatchObject({ ok: false, error: { code: 'practice/no-call' } })
    const { adviser, request } = await signIn()
    try {
      await request('/v1/me/state', { name: 'ready' })
      expect(await practice.call('supervisor-auto-answer')).toMatchObject({ ok: true })
      const intercom = await adviser.rings()
      expect(intercom.invitation.request.getHeader('Call-Info')).toMatch(/answer-after=0/)
      expect(intercom.invitation.remoteIdentity.displayName).toBe('Bethan Marsh')
      await intercom.answer()
      await intercom.hangUp()
      await request('/v1/me/state', { name: 'ready' })
      await practice.call('missed-bin')
      const call = await adviser.rings()
      expect(call.invitation.request.getHeader('P-Called-Party-ID')).toContain('+448081570101')
      await call.answer()
      await vi.waitFor(() => expect(practice.supervise('listening').ok).toBe(true), waiting)
      const path = `/v1/calls/${encodeURIComponent(call.callId)}`
      expect(await request(path)).toMatchObject({ supervisor: 'listening' })
      await call.hangUp()
    } finally {
      await adviser.stop()
    }
  })

  it('sends the residents in turn, and says when there is no such scenario', async () => {
    const called = [await practice.call(), await practice.call()]
    expect(called.map((each) => each.ok && each.value)).toEqual(scenarios.slice(0, 2).map(({ id }) => id))
    expect(await practice.call('nobody')).toMatchObject({
      ok: false,
      error: { code: 'practice/no-such-scenario' },
    })
  })

  it('comes back at the same addresses, or at others when they are taken', async () => {
    const before = running()
    await practice.stop()
    practice = await start()
    expect(running()).toMatchObject({ councilUrl: before.councilUrl, sipUrl: before.sipUrl })

    await practice.stop()
    const { sip } = JSON.parse(await readFile(join(dataFolder, 'ports.json'), 'utf8'))
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(sip, '127.0.0.1', resolve))
    practice = await start()
    expect(running().councilUrl).toBe(before.councilUrl)
    expect(running().sipUrl).not.toBe(before.sipUrl)
    await new Promise((resolve) => squatter.close(resolve))
  }, 60_000)

  it('leaves nothing running when it cannot start', async () => {
    await practice.stop()
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
    const address = squatter.address()
    const councilPort = typeof address === 'object' && address !== null ? address.port : 0
    await expect(start({ councilPort })).rejects.toThrow('EADDRINUSE')
    await new Promise((resolve) => squatter.close(resolve))
    practice = await start()
    expect(running().councilUrl).toMatch(/^http:/)
  }, 60_000)
})

describe('npm run council', () => {
  it('prints the addresses and a sign-in, takes orders, and stops on SIGINT', async () => {
    await practice.stop()
    const entry = join(root, 'electron/practice/council-alone.ts')
    const child = spawn(process.execPath, [entry, '--data', dataFolder], { stdio: 'pipe' })
    let said = ''
    child.stdout.on('data', (data) => {
      said += data
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    try {
      await vi.waitFor(() => expect(said).toMatch(/Council +http:\/\/127\.0\.0\.1:\d+/), starting)
      expect(said).toMatch(/Switchboard +ws:\/\/127\.0\.0\.1:\d+/)
      expect(said).toContain('password practice-only')
      child.stdin.write('call\n')
      await vi.waitFor(() => expect(said).toContain('A resident calls: missed-bin'), waiting)
      child.kill('SIGINT')
      expect(await ended).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  }, 90_000)
})
