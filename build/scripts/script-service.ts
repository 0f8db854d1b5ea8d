import { z } from 'zod'
import { type Problem, problem, tokenResponse } from '#shared/contract/rest.ts'
import {
  type ScriptDraft,
  type ScriptHistory,
  type ScriptReports,
  scriptDraft,
  scriptHistory,
  scriptReports,
} from '#shared/contract/script-lifecycle.ts'

/** The council's service said no, in its own words. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(told: Problem) {
    super(told.detail === undefined ? `${told.title}.` : `${told.title}. ${told.detail}`)
    this.problem = told
  }
}

/** What editors do with scripts at the council's service. Every member throws a `Refusal`. */
export interface ScriptService {
  draft(scriptId: string): Promise<ScriptDraft>
  saveDraft(scriptId: string, text: string, seen: number | 'none'): Promise<ScriptDraft>
  review(scriptId: string, seen: number, approver: string): Promise<ScriptDraft>
  approve(scriptId: string, seen: number): Promise<ScriptDraft>
  giveBack(scriptId: string, seen: number, why: string): Promise<ScriptDraft>
  publish(scriptId: string, seen: number): Promise<number>
  withdraw(scriptId: string, version: number, why: string): Promise<ScriptHistory>
  rollBack(scriptId: string, to: number, why: string): Promise<ScriptHistory>
  history(scriptId: string): Promise<ScriptHistory>
  reports(scriptId: string): Promise<ScriptReports>
}

export async function signIn(url: string, username: string, password: string): Promise<ScriptService> {
  const base = url.replace(/\/+$/, '')
  const form = new URLSearchParams({ grant_type: 'password', username, password })
  const signedIn = await fetch(`${base}/oauth/token`, { method: 'POST', body: form })
  if (!signedIn.ok) {
    const locked = signedIn.status === 429
    const title = locked
      ? 'Too many wrong passwords; wait a minute'
      : 'The user name or the password is wrong'
    throw new Refusal({ type: 'about:blank', title, status: signedIn.status })
  }
  const { access_token: token } = tokenResponse.parse(await signedIn.json())

  async function ask<T>(schema: z.ZodType<T>, scriptId: string, path: string, sent: Sent = {}): Promise<T> {
    const headers = new Headers({ authorization: `Bearer ${token}` })
    if (sent.seen === 'none') headers.set('if-none-match', '*')
    else if (sent.seen !== undefined) headers.set('if-match', `"${sent.seen}"`)
    if (sent.body !== undefined) headers.set('content-type', sent.type ?? 'application/json')
    const response = await fetch(`${base}/v1/scripts/${encodeURIComponent(scriptId)}/${path}`, {
      method: sent.method ?? 'GET',
      headers,
      ...(sent.body === undefined ? {} : { body: sent.body }),
    })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Refusal(problem.parse(answer))
    return schema.parse(answer)
  }
  const because = (why: string, more: object = {}): Sent => ({
    method: 'POST',
    body: JSON.stringify({ why, ...more }),
  })

  return {
    draft: (id) => ask(scriptDraft, id, 'draft'),
    saveDraft: (id, text, seen) =>
      ask(scriptDraft, id, 'draft', { method: 'PUT', seen, body: text, type: 'text/yaml' }),
    review: (id, seen, approver) =>
      ask(scriptDraft, id, 'draft/review', { method: 'POST', seen, body: JSON.stringify({ approver }) }),
    approve: (id, seen) => ask(scriptDraft, id, 'draft/approve', { method: 'POST', seen }),
    giveBack: (id, seen, why) => ask(scriptDraft, id, 'draft/return', { ...because(why), seen }),
    publish: async (id, seen) =>
      (await ask(z.object({ version: z.number() }), id, 'draft/publish', { method: 'POST', seen })).version,
    withdraw: (id, version, why) => ask(scriptHistory, id, `versions/${version}/withdraw`, because(why)),
    rollBack: (id, to, why) => ask(scriptHistory, id, 'roll-back', because(why, { to })),
    history: (id) => ask(scriptHistory, id, 'history'),
    reports: (id) => ask(scriptReports, id, 'reports'),
  }
}

interface Sent {
  readonly method?: 'POST' | 'PUT'
  readonly seen?: number | 'none'
  readonly body?: string
  readonly type?: string
}
