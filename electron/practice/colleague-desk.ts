import type { z } from 'zod'
import { operationsAnswer, tokenResponse } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { PassedOn } from '#shared/practice/scenarios.ts'

export interface ColleagueDeskOptions {
  /** Of the council service. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** The desk of another adviser, as far as calls that are passed on need one. */
export interface ColleagueDesk {
  /** Saves at the council what goes along with a resident's call. Answers the contact's id; null when it could not. */
  handOver(residentId: string, passedOn: PassedOn): Promise<string | null>
}

const minuteMs = 60_000
const checkHoldsForMs = 45 * minuteMs

export function createColleagueDesk(options: ColleagueDeskOptions): ColleagueDesk {
  const { url, username, password, clock, random, log } = options

  async function post<T>(
    path: string,
    body: string | URLSearchParams,
    type: string,
    shape: z.ZodType<T>,
    token?: string,
  ) {
    const headers = {
      'content-type': type,
      'adviser-desktop-contract': String(versions.rest),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${path} ${response.status}`)
    return shape.parse(await response.json())
  }

  async function signIn(): Promise<string> {
    const form = new URLSearchParams({ grant_type: 'password', username, password })
    const token = await post('/oauth/token', form, 'application/x-www-form-urlencoded', tokenResponse)
    return token.access_token
  }

  async function save(contactId: string, residentId: string, passedOn: PassedOn): Promise<void> {
    const checkedAt = clock.now() - passedOn.checkedMinutesAgo * minuteMs
    const operation = {
      kind: 'contact.hand-over',
      id: random.uuid(),
      at: new Date(clock.now()).toISOString(),
      contactId,
      handOver: {
        reason: passedOn.reason,
        residentId,
        caseId: null,
        identity: {
          level: passedOn.level,
          method: passedOn.method,
          at: new Date(checkedAt).toISOString(),
          until: new Date(checkedAt + checkHoldsForMs).toISOString(),
        },
        language: 'en',
        assistance: null,
      },
    }
    const body = JSON.stringify({ operations: [operation] })
    const token = await signIn()
    const { results } = await post('/v1/operations', body, 'application/json', operationsAnswer, token)
    if (results[0]?.outcome !== 'applied') throw new Error(`hand-over ${results[0]?.outcome}`)
  }

  return {
    async handOver(residentId, passedOn) {
      const contactId = random.uuid()
      try {
        await save(contactId, residentId, passedOn)
        return contactId
      } catch (error) {
        log.error('colleague/hand-over-failed', { kind: error instanceof Error ? error.name : 'unknown' })
        return null
      }
    },
  }
}
