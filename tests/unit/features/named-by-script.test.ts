import { describe, expect, it } from 'vitest'
import { handOverProgress, namedActions, namedEntries } from '#renderer/features/calls/named-by-script.ts'
import type { Directory } from '#shared/contract/rest.ts'
import { consultLine, sampleLine } from './phone-samples.ts'

const directory: Directory = {
  asAt: '2026-11-03T10:00:00Z',
  entries: [
    {
      id: 'council-tax-team',
      kind: 'colleague',
      name: 'Council Tax team',
      detail: 'Bills and bands',
      user: 'council-tax-team',
      number: null,
      languages: ['en', 'cy'],
    },
    {
      id: 'out-of-hours',
      kind: 'service',
      name: 'Out of hours',
      detail: 'Nights and weekends',
      user: null,
      number: '+441632960900',
      languages: ['en'],
    },
  ],
}

describe('those a script names for a call', () => {
  it('come in the script’s order with their number and whether they are free', () => {
    const free = { 'council-tax-team': { state: 'available', since: 0 } } as const
    expect(namedEntries(directory, free, ['out-of-hours', 'council-tax-team'])).toEqual([
      {
        id: 'out-of-hours',
        name: 'Out of hours',
        detail: 'Nights and weekends · 01632 960900',
        presence: null,
      },
      {
        id: 'council-tax-team',
        name: 'Council Tax team',
        detail: 'Bills and bands · speaks Welsh',
        presence: { tone: 'good', text: 'Free' },
      },
    ])
  })

  it('have no name when the directory does not know them, or cannot be read', () => {
    expect(namedEntries(directory, {}, ['children-duty'])[0]?.name).toBeNull()
    expect(namedEntries(null, {}, ['council-tax-team'])[0]?.name).toBeNull()
  })

  it('are asked or given the call in hand, or called when there is none', () => {
    expect(namedActions([sampleLine()])).toEqual({ ask: 'Ask first', passOn: 'Pass on without asking' })
    expect(namedActions([])).toEqual({ ask: 'Call', passOn: null })
  })

  it('are not called again while somebody is asked or the call is being passed on', () => {
    expect(namedActions([sampleLine(), consultLine(2, 1)])).toEqual({ ask: null, passOn: null })
    const leaving = sampleLine({ transfer: { name: 'ringing', to: 'Council Tax team', since: 0 } })
    expect(namedActions([leaving])).toEqual({ ask: null, passOn: null })
  })
})

describe('passing the contact’s call on', () => {
  const { contactId } = sampleLine()
  const progress = (change: Parameters<typeof sampleLine>[0]) =>
    handOverProgress([sampleLine(change)], contactId)

  it('is under way once the telephone has asked for it, and done when the call has gone', () => {
    expect(progress({})).toBeNull()
    expect(progress({ transfer: { name: 'ringing', to: 'Council Tax team', since: 0 } })).toEqual({
      tone: 'good',
      text: 'Passing on: ringing at Council Tax team',
      underWay: true,
    })
    expect(progress({ state: { name: 'ended', at: 0, reason: 'transferred' } })).toMatchObject({
      underWay: true,
    })
  })

  it('is not done when it failed or somebody is only being asked', () => {
    expect(
      progress({ transfer: { name: 'failed', to: 'Council Tax team', at: 0, reason: 'busy' } }),
    ).toMatchObject({ tone: 'danger', underWay: false })
    expect(handOverProgress([sampleLine(), consultLine(2, 1)], contactId)).toMatchObject({ underWay: false })
    const asked = { ...consultLine(2, 1), remote: { number: '+441632960900', withheld: false } }
    expect(handOverProgress([sampleLine(), asked], contactId, directory)?.text).toMatch(
      /^You are asking Out of hours\. Shift F3/,
    )
  })
})
