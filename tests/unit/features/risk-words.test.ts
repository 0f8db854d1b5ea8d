import { describe, expect, it } from 'vitest'
import { paneCalls } from '#renderer/desk/risk-calls.ts'
import {
  alertFacts,
  alertTitle,
  changeWords,
  newestEvent,
  type PaneLine,
  residentHears,
  takenWords,
  tellingWords,
} from '#renderer/features/risk/words.ts'
import type { Alert } from '#shared/contract/rest.ts'
import { lineId, sampleLine } from './phone-samples.ts'

const line = (change: Partial<PaneLine> = {}): PaneLine => ({
  lineId: 'a',
  who: '01632 960142',
  state: 'up',
  muted: false,
  joined: false,
  cutOff: false,
  since: 0,
  ...change,
})
const operator = line({ lineId: 'b', who: '999' })

describe('what the resident hears', () => {
  it('is said plainly in each state of the two calls', () => {
    expect(residentHears(null, operator)).toBeNull()
    expect(residentHears(line(), null)).toContain('hear all you say')
    expect(residentHears(line(), operator)).toContain('They do not hear the operator')
    expect(residentHears(line({ muted: true }), operator)).toContain('your words go to the operator alone')
    expect(residentHears(line({ joined: true }), operator)).toContain('all hear each other')
    expect(residentHears(line({ state: 'held' }), operator)).toContain('on hold')
    expect(residentHears(line({ state: 'ended' }), operator)).toBeNull()
  })

  it('is not promised while the connection is lost', () => {
    expect(residentHears(line({ cutOff: true }), null)).toMatch(/may still hear you: keep talking/)
    expect(residentHears(line({ cutOff: true, muted: true }), operator)).toMatch(
      /lost.* You are muted to them/,
    )
    expect(residentHears(line({ cutOff: true, state: 'held' }), operator)).toContain('on hold')
  })
})

describe('what the calls write into the record', () => {
  const calls = (resident: PaneLine | null, emergency: PaneLine | null) => ({ resident, emergency })

  it('is each change, once', () => {
    const dialling = line({ lineId: 'b', state: 'dialling' })
    expect(changeWords(calls(line(), null), calls(line(), dialling))).toEqual([
      'Emergency operator: being called',
    ])
    expect(changeWords(calls(line(), dialling), calls(line(), operator))).toEqual([
      'Emergency operator: answered',
    ])
    expect(
      changeWords(calls(line(), dialling), calls(line(), line({ ...operator, state: 'ended' }))),
    ).toEqual(['Emergency operator: not reached'])
    expect(changeWords(calls(line(), operator), calls(line(), operator))).toEqual([])
    expect(changeWords(calls(line(), operator), calls(line({ state: 'held' }), operator))).toEqual([
      'Resident: put on hold',
    ])
    expect(changeWords(calls(line({ state: 'held' }), null), calls(line(), null))).toEqual([
      'Resident: off hold',
    ])
    expect(changeWords(calls(line(), operator), calls(line({ state: 'ended' }), operator))).toEqual([
      'Resident: call ended',
    ])
    const joined = { joined: true }
    expect(
      changeWords(calls(line(), operator), calls(line(joined), line({ ...operator, ...joined }))),
    ).toEqual(['Resident and emergency operator hear each other'])
  })

  it('is nothing for calls that were there before', () => {
    expect(changeWords(calls(null, null), calls(line(), null))).toEqual([])
    expect(changeWords(calls(line({ state: 'ended' }), null), calls(null, null))).toEqual([])
  })
})

describe('the two calls of the pane', () => {
  const emergency = sampleLine({
    id: lineId(2),
    contactId: '20000000-0000-4000-8000-000000000002',
    direction: 'outbound',
    remote: { displayName: '999', withheld: false },
  })

  it('are the contact’s own, even after it ended, and the newest to 999', () => {
    const resident = sampleLine({ state: { name: 'ended', at: 5, reason: 'hung-up-there' } })
    const other = sampleLine({ id: lineId(3), contactId: '20000000-0000-4000-8000-000000000003' })
    const calls = paneCalls([resident, other, emergency], resident.contactId)
    expect(calls.resident).toMatchObject({ lineId: resident.id, state: 'ended' })
    expect(calls.emergency).toMatchObject({ lineId: lineId(2), state: 'up' })
  })

  it('are cut off while the switchboard or their sound is lost', () => {
    const cutOff = (change: Parameters<typeof sampleLine>[0]) =>
      paneCalls([sampleLine(change)], null).resident?.cutOff
    const { sound } = sampleLine()
    expect(cutOff({ sound: { ...sound, inbound: 'flowing' } })).toBe(false)
    expect(cutOff({ signalling: 'lost' })).toBe(true)
    expect(cutOff({ sound: { ...sound, inbound: 'silent' } })).toBe(true)
  })

  it('are whoever is being talked to when the contact has no call', () => {
    expect(paneCalls([sampleLine()], null).resident?.who).toBe('01632 960142')
    expect(paneCalls([sampleLine({ state: { name: 'ringing', since: 0 } })], null).resident).toBeNull()
  })
})

describe('whether the supervisors know', () => {
  it('asks to be told aloud whenever nobody can have seen it', () => {
    expect(tellingWords({ name: 'not-yet', reason: 'no-network' }).text).toBe(
      'Not told yet: no network. Tell them aloud.',
    )
    expect(tellingWords({ name: 'told', to: [] }).text).toContain('aloud')
    expect(tellingWords({ name: 'told', to: ['Morgan Reeve'] }).text).toContain('Told: Morgan Reeve')
  })
})

describe('an alert in a supervisor’s words', () => {
  const alert: Alert = {
    id: 'a',
    kind: 'risk-to-life',
    contactId: 'a',
    raisedAt: '2026-11-03T10:04:12Z',
    raisedBy: 'Sam Practice',
    toldTo: [],
    acknowledgedBy: null,
    acknowledgedAt: null,
  }

  it('names who needs help and when, and what is missing of where and how to reach them', () => {
    expect(alertTitle(alert)).toBe('Risk to life: Sam Practice needs a supervisor. Raised at 10:04:12.')
    expect(alertFacts([{ id: '1', at: alert.raisedAt, text: 'Number: 01632 960142', by: null }])).toEqual([
      { label: 'Where', text: 'not known yet' },
      { label: 'Number', text: '01632 960142' },
    ])
  })

  it('tells the newest event, which is no line about the person', () => {
    const lines = ['Calling 999', 'Where: 14 Elm Road'].map((text, id) => ({
      id: String(id),
      at: alert.raisedAt,
      text,
      by: null,
    }))
    expect(newestEvent(lines)?.text).toBe('Calling 999')
    expect(newestEvent(lines.slice(1))).toBeUndefined()
  })

  it('says who took it up, and what is left to do', () => {
    const taken = { ...alert, acknowledgedBy: 'Morgan Reeve', acknowledgedAt: '2026-11-03T10:05:00Z' }
    expect(takenWords(alert, 'Morgan Reeve')).toBeNull()
    expect(takenWords(taken, 'Morgan Reeve')).toBe(
      'You took up the alert of Sam Practice at 10:05. Go to them, or ring them.',
    )
    expect(takenWords(taken, 'Bethan Marsh')).toContain('Morgan Reeve took up')
  })
})
