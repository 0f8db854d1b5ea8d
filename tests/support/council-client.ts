import type { Page } from '@playwright/test'
import {
  type Alert,
  alert,
  type CaseRecord,
  type Change,
  type Contact,
  changesPage,
  type HandOver,
  handOver,
  type Operation,
  type OperationResult,
  operationsAnswer,
  type Resident,
  type TimelineEntry,
  tokenResponse,
} from '#shared/contract/rest.ts'

/** All the council holds, asked of its REST service as another desk would. */
export interface CouncilContent {
  readonly residents: readonly Resident[]
  readonly cases: readonly CaseRecord[]
  readonly contacts: readonly Contact[]
  readonly timeline: readonly TimelineEntry[]
}

export interface CouncilAccess {
  readonly url: string
  readonly username: string
  readonly password: string
}

/** Where the practice council of a running desk is, as its sign-in page knows. */
export async function practiceCouncil(desk: Page): Promise<CouncilAccess> {
  const answer = await desk.evaluate(() => window.bridge?.invoke('practice.status', {}))
  if (!answer?.ok || answer.value.name !== 'running') throw new Error('the practice council is not running')
  const { councilUrl, username, password } = answer.value
  return { url: councilUrl, username, password }
}

async function tokenOf({ url, username, password }: CouncilAccess): Promise<string> {
  const signedIn = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', username, password }),
  })
  return tokenResponse.parse(await signedIn.json()).access_token
}

/** What was saved with a call that was passed on. */
export async function readHandOver(access: CouncilAccess, contactId: string): Promise<HandOver> {
  const answer = await fetch(`${access.url}/v1/contacts/${contactId}/hand-over`, {
    headers: { Authorization: `Bearer ${await tokenOf(access)}` },
  })
  return handOver.parse(await answer.json())
}

/** Sends operations as another desk would; answers their outcomes. */
export async function sendOperations(
  access: CouncilAccess,
  operations: readonly Operation[],
): Promise<readonly OperationResult[]> {
  const answer = await fetch(`${access.url}/v1/operations`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await tokenOf(access)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ operations }),
  })
  return operationsAnswer.parse(await answer.json()).results
}

/** Takes an alert up, as another supervisor's desk would. */
export async function acknowledgeAlert(access: CouncilAccess, alertId: string): Promise<Alert> {
  const answer = await fetch(`${access.url}/v1/alerts/${alertId}/acknowledge`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await tokenOf(access)}` },
  })
  return alert.parse(await answer.json())
}

export async function readCouncil(access: CouncilAccess): Promise<CouncilContent> {
  const { url } = access
  const access_token = await tokenOf(access)
  const changes: Change[] = []
  let cursor = ''
  for (let more = true; more; ) {
    const answer = await fetch(`${url}/v1/changes?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`, {
      headers: { Authorization: `Bearer ${access_token}` },
    })
    const page = changesPage.parse(await answer.json())
    changes.push(...page.changes)
    cursor = encodeURIComponent(page.cursor)
    more = page.more
  }
  return {
    residents: newest(
      changes.flatMap((each) => ('record' in each && each.kind === 'resident' ? [each.record] : [])),
    ),
    cases: newest(changes.flatMap((each) => ('record' in each && each.kind === 'case' ? [each.record] : []))),
    contacts: newest(
      changes.flatMap((each) => ('record' in each && each.kind === 'contact' ? [each.record] : [])),
    ),
    timeline: newest(
      changes.flatMap((each) => ('record' in each && each.kind === 'timeline' ? [each.record] : [])),
    ),
  }
}

/** A record may stand in the feed once for each change; the last is how it is now. */
const newest = <T extends { readonly id: string }>(records: readonly T[]): T[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
]
