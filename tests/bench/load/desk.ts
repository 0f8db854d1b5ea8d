import { randomUUID } from 'node:crypto'
import { type Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Account, DesksTask, DeskTally, Sent } from './task.ts'

export interface DeskOptions extends DesksTask {
  readonly account: Account
  readonly index: number
  readonly agent: Agent
  readonly tally: DeskTally
}

export interface LoadDesk {
  readonly queueId: string
  /** Notes of colleagues and its own that came through the feed. */
  readonly seen: ReadonlySet<string>
  readonly sent: Sent
  /** Saves until then, each `saveEveryMs` after the one before, and pulls when told to. */
  work(untilMs: number): Promise<void>
  /** Pulls what is left. */
  finish(): Promise<void>
}

/** Sent twice, as after an answer that was lost. */
const oneInSentTwice = 50

/** A desk as far as HTTP goes: one event stream, one save after the other, a pull for every `changed`. */
export function createDesk(options: DeskOptions): LoadDesk {
  const { account, index, agent, tally, url, saveEveryMs, accounts } = options
  const seen = new Set<string>()
  const sent: Sent = { notes: 0, changes: 0, contacts: 0 }
  let cursor = account.cursor
  let pulling: Promise<void> | undefined
  let isToldAgain = false
  let turn = index

  const ask = (method: string, path: string, body?: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${account.token}`,
        origin: 'app://bundle',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      }
      request(`${url}${path}`, { method, agent, headers }, resolve).on('error', reject).end(body)
    })

  async function text(method: string, path: string, body?: string): Promise<string> {
    const answer = await ask(method, path, body)
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk as Buffer)
    const content = Buffer.concat(chunks).toString('utf8')
    if (answer.statusCode !== 200) throw new Error(`${method} ${path.split('?')[0]} ${answer.statusCode}`)
    return content
  }

  /** A third of each kind; every change sets a field that nobody else sets, so each leaves a trace of its own. */
  function nextOperation(): object {
    const at = new Date().toISOString()
    const caseId = account.caseIds[turn % account.caseIds.length] ?? ''
    turn += 1
    const base = { id: randomUUID(), at }
    if (turn % 3 === 0) {
      sent.changes += 1
      const change = { fields: { [`load-${index}-${turn}`]: turn } }
      return { ...base, kind: 'case.change', caseId, baseVersion: 1, change }
    }
    if (turn % 3 === 1) {
      sent.contacts += 1
      const fields = { channel: 'telephone', direction: 'inbound', startedAt: at, caseId }
      return { ...base, kind: 'contact.save', contactId: randomUUID(), fields }
    }
    sent.notes += 1
    const entry = { caseId, residentId: null, contactId: null, at, kind: 'note', text: 'Rang about the bin.' }
    return { ...base, kind: 'timeline.append', entryId: `load-${index}-${turn}`, entry }
  }

  async function save(): Promise<void> {
    const body = JSON.stringify({ operations: [nextOperation()] })
    for (let times = turn % oneInSentTwice === 0 ? 2 : 1; times > 0; times -= 1) {
      const startedAt = performance.now()
      const answer = await text('POST', '/v1/operations', body)
      tally.saves.push(performance.now() - startedAt)
      if (!answer.includes('"outcome":"applied"')) throw new Error(`save ${answer.slice(0, 200)}`)
    }
  }

  async function pullAll(): Promise<void> {
    do {
      isToldAgain = false
      for (let more = true; more; ) {
        const page = await text('GET', `/v1/changes?cursor=${cursor}`)
        // Searched and not parsed: a thousand desks are one process here.
        tally.pulls += 1
        const entries = page.matchAll(/"kind":"(\w+)","id":"([^"]+)","record"/g)
        for (const [, kind, id = ''] of entries) {
          tally.changes += 1
          if (kind !== 'timeline') continue
          if (seen.has(id)) tally.seenTwice += 1
          seen.add(id)
        }
        cursor = /"cursor":"([^"]+)"/.exec(page)?.[1] ?? cursor
        more = page.endsWith('"more":true}')
      }
    } while (isToldAgain)
  }

  const failed = (error: unknown) => {
    tally.errors.push(error instanceof Error ? error.message : 'unknown')
  }
  const pull = () => {
    isToldAgain = true
    pulling ??= pullAll()
      .catch(failed)
      .finally(() => {
        pulling = undefined
      })
    return pulling
  }

  async function follow(): Promise<void> {
    const stream = await ask('GET', '/v1/events')
    if (stream.statusCode !== 200) throw new Error(`events ${stream.statusCode}`)
    stream.on('data', (chunk: Buffer) => {
      if (!chunk.includes('event: changed')) return
      tally.told += 1
      void pull()
    })
    stream.on('error', failed)
  }

  return {
    queueId: account.queueId,
    seen,
    sent,
    work: async (untilMs) => {
      // Spread over the first turn, as people are.
      const firstAt = performance.now() + (index / accounts.length) * saveEveryMs
      await delay(Math.max(0, Math.min(firstAt, untilMs) - performance.now()))
      await follow().catch(failed)
      for (let at = firstAt; at < untilMs; at += saveEveryMs) {
        await delay(Math.max(0, at - performance.now()))
        await save().catch(failed)
      }
      await delay(Math.max(0, untilMs - performance.now()))
    },
    finish: async () => {
      await pulling
      await pull()
    },
  }
}
