import { describe, expect, it } from 'vitest'
import { newDraft } from '#shared/cases/new-draft.ts'
import {
  addressInOneLine,
  factLine,
  factsIn,
  raiseAlert,
  riskContactOperations,
  riskLine,
  tellingOf,
  usualEvents,
  wordsForOperator,
} from '#shared/cases/risk.ts'
import { type Alert, operation } from '#shared/contract/rest.ts'

const at = '2026-11-03T10:04:12.000Z'
const contactId = '00000000-0000-4000-8000-00000000000c'
let count = 0
const random = {
  next: () => 0,
  uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
}
const contact = {
  draft: newDraft({ contactId, startedAt: 0, channel: 'telephone', direction: 'inbound', residentId: 'r-1' }),
  caseId: null,
}
const from = { council: 'Wexcombe Council', adviser: 'Sam Rees' }

describe('the words for the emergency operator', () => {
  it('put the address right first, then the number, the name and what was said', () => {
    const person = {
      place: '14 Elm Road, Wexcombe, ZZ99 1AA',
      number: '01632 960142',
      name: 'Adaeze Okafor',
      said: 'chest pain, alone.',
      onTheLine: true,
    }
    expect(wordsForOperator(person, from)).toEqual([
      'This is Sam Rees at the contact centre of Wexcombe Council.',
      'Disregard the number I am calling from: the person is at 14 Elm Road, Wexcombe, ZZ99 1AA.',
      'Their telephone number is 01632 960142.',
      'Their name is Adaeze Okafor.',
      'What I was told: chest pain, alone.',
      'I have them on another line and can ask them.',
    ])
  })

  it('say plainly what is not known, and ask for the number to be traced', () => {
    const nobody = { place: '', number: '07700 900123', name: '', said: '', onTheLine: false }
    const words = wordsForOperator(nobody, from).join(' ')
    expect(words).toContain('I do not have their address yet')
    expect(words).toContain('Please try to trace it')
    expect(words).toContain('not on the line')
    expect(wordsForOperator({ ...nobody, number: '' }, from).join(' ')).toContain(
      'I do not have their telephone number',
    )
  })

  it('have the whole address of a record on one line', () => {
    const address = { uprn: '1', line1: '14 Elm Road', town: 'Wexcombe', postcode: 'ZZ99 1AA' }
    expect(addressInOneLine({ address })).toBe('14 Elm Road, Wexcombe, ZZ99 1AA')
  })
})

describe('the log of a risk to life', () => {
  it('is an entry of the contact’s timeline with the second it was written', () => {
    const line = riskLine(contact, 'Not breathing', at, random)
    expect(operation.parse(line)).toEqual(line)
    expect(line).toMatchObject({
      kind: 'timeline.append',
      entry: { kind: 'risk', at, contactId, residentId: 'r-1', caseId: null, text: 'Not breathing' },
    })
  })

  it('makes the contact known without making a case', () => {
    const made = riskContactOperations(contact, at, random)
    expect(made.map(({ kind }) => kind)).toEqual(['contact.save'])
  })

  it('has a usual event for each key that there is', () => {
    expect(usualEvents.length).toBeLessThanOrEqual(8)
  })
})

describe('telling the supervisors', () => {
  const raised: Alert = {
    id: contactId,
    kind: 'risk-to-life',
    contactId,
    raisedAt: at,
    raisedBy: 'Sam Rees',
    toldTo: ['Morgan Reeve'],
    acknowledgedBy: null,
    acknowledgedAt: null,
  }

  it('raises one alert for a contact', () => {
    const raise = raiseAlert(contactId, at, random)
    expect(operation.parse(raise)).toEqual(raise)
    expect(raise).toMatchObject({ alertId: contactId })
  })

  it('is not asked, on its way, told and taken up in turn', () => {
    const upToDate = { name: 'up-to-date', asAt: 0 } as const
    expect(tellingOf(null, null, upToDate)).toEqual({ name: 'not-asked' })
    expect(tellingOf(1, null, upToDate)).toEqual({ name: 'sending' })
    expect(tellingOf(1, raised, upToDate)).toEqual({ name: 'told', to: ['Morgan Reeve'] })
    const taken = { ...raised, acknowledgedBy: 'Morgan Reeve', acknowledgedAt: at }
    expect(tellingOf(1, taken, null)).toEqual({ name: 'acknowledged', by: 'Morgan Reeve', at })
  })

  it('says when the news cannot go out', () => {
    const behind = {
      name: 'behind',
      unsent: 1,
      since: 0,
      reason: 'no-network',
      nextTryAt: 0,
      asAt: null,
    } as const
    expect(tellingOf(1, null, behind)).toEqual({ name: 'not-yet', reason: 'no-network' })
    // What was told stays told, whatever happens to the network afterwards.
    expect(tellingOf(1, raised, behind)).toMatchObject({ name: 'told' })
  })
})

describe('what a log says of the person', () => {
  it('is the newest of each, and nothing where no line says it', () => {
    const log = [
      factLine('place', '14 Elm Road (not confirmed)'),
      'Talking to the person',
      factLine('said', 'chest pain: since ten'),
      factLine('place', 'The bus stop in Mill Lane'),
      'Calling 999',
    ].map((text) => ({ text }))
    expect(factsIn(log)).toEqual({
      place: 'The bus stop in Mill Lane',
      number: null,
      name: null,
      said: 'chest pain: since ten',
    })
  })
})
