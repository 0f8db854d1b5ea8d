import { describe, expect, it } from 'vitest'
import { dialActions, dialOptions, lineToPassOn } from '#renderer/features/calls/dial-plan.ts'
import { presenceWords, searchDirectory } from '#renderer/features/calls/dial-words.ts'
import type { Directory, DirectoryEntry } from '#shared/contract/rest.ts'
import { consultLine, lineId, sampleLine } from './phone-samples.ts'

const entry = (
  id: string,
  kind: DirectoryEntry['kind'],
  name: string,
  more: Partial<DirectoryEntry> = {},
) => ({
  id,
  kind,
  name,
  detail: '',
  user: id,
  number: null,
  languages: ['en' as const],
  ...more,
})

const directory: Directory = {
  asAt: '2026-11-03T10:00:00Z',
  entries: [
    entry('nia', 'colleague', 'Nia Houston', { languages: ['en', 'cy'] }),
    entry('housing-repairs', 'queue', 'Housing repairs', { detail: 'Repairs in council homes' }),
    entry('sheltered', 'queue', 'Sheltered housing'),
    entry('night', 'service', 'Out of hours', { user: null, number: '+441632960900' }),
    entry('nowhere', 'service', 'Nobody', { user: null }),
  ],
}
const names = (text: string) => searchDirectory(directory, text).map(({ name }) => name)

describe('the directory', () => {
  it('finds by name, work, language and number, names that begin with the words first', () => {
    expect(names('hous')).toEqual(['Housing repairs', 'Sheltered housing', 'Nia Houston'])
    expect(names('council homes')).toEqual(['Housing repairs'])
    expect(names('welsh')).toEqual(['Nia Houston'])
    expect(names('01632 960 900')).toEqual(['Out of hours'])
  })

  it('lists everyone who can be called while nothing is typed', () => {
    expect(names('')).toEqual(['Housing repairs', 'Sheltered housing', 'Nia Houston', 'Out of hours'])
  })

  it('puts those who speak Welsh first on a call in Welsh', () => {
    const inWelsh = (text: string) => searchDirectory(directory, text, 'cy').map(({ name }) => name)
    expect(inWelsh('')).toEqual(['Nia Houston', 'Housing repairs', 'Sheltered housing', 'Out of hours'])
    expect(dialOptions(directory, 'hous', 'cy')[0]?.name).toBe('Nia Houston')
  })

  it('never takes not known for free', () => {
    expect(presenceWords({ user: 'nia' }, {})?.text).toBe('Not known')
    expect(presenceWords({ user: 'nia' }, { nia: { state: 'available', since: 0 } })?.text).toBe('Free')
    expect(presenceWords({ user: null }, {})).toBeNull()
  })
})

describe('what was typed', () => {
  it('puts a number before the entries, as people write it', () => {
    expect(dialOptions(directory, '01632 960 188')[0]).toMatchObject({
      name: '01632 960188',
      target: { kind: 'number', number: '+441632960188' },
    })
  })

  it('shows a number of the directory by its name, once', () => {
    expect(dialOptions(directory, '01632960900').map(({ name }) => name)).toEqual(['Out of hours'])
  })

  it('does not take a word being searched for as an address', () => {
    expect(dialOptions(directory, 'zzz')).toEqual([])
  })

  it('warns of dear numbers', () => {
    expect(dialOptions(null, '0909 879 0000')[0]?.charge).toMatch('premium rate')
    expect(dialOptions(null, '01632 960188')[0]?.charge).toBeNull()
  })
})

describe('what can be done', () => {
  const target = { kind: 'internal', user: 'housing-repairs' } as const
  const line = sampleLine()

  it('calls when there is no call, and in a call asks first with Enter and passes on with Ctrl Enter', () => {
    expect(dialActions(target, undefined)).toMatchObject([
      { keys: 'Enter', command: { name: 'dial', target } },
    ])
    expect(dialActions(target, line).map(({ keys, command }) => [keys, command.name])).toEqual([
      ['Enter', 'consult'],
      ['Ctrl Enter', 'transfer'],
      [null, 'dial'],
    ])
  })

  it('Enter calls 999 in every state, in a call as a call of its own that needs nothing of the other', () => {
    const emergency = { kind: 'emergency', number: '999' } as const
    expect(dialOptions(null, '999')[0]?.target).toEqual(emergency)
    expect(dialActions(emergency, undefined)).toMatchObject([{ keys: 'Enter', command: { name: 'dial' } }])
    const held = sampleLine({ state: { name: 'held', since: 0, by: 'adviser' } })
    expect(dialActions(emergency, held, [held])).toEqual([
      expect.objectContaining({ keys: 'Enter', command: { name: 'dial', target: emergency } }),
    ])
  })

  it('Enter calls 999 beside the caller, who is held only when the adviser chooses so', () => {
    const emergency = { kind: 'emergency', number: '999' } as const
    expect(dialActions(emergency, line, [line]).map(({ keys, command }) => [keys, command])).toEqual([
      ['Enter', { name: 'dial', target: emergency, beside: [line.id] }],
      ['Ctrl Enter', { name: 'dial', target: emergency }],
    ])
  })

  it('passes nobody on while someone is being asked, or a call that only rings', () => {
    expect(lineToPassOn([line])?.id).toBe(lineId(1))
    const held = sampleLine({ state: { name: 'held', since: 0, by: 'adviser' } })
    expect(lineToPassOn([held, consultLine(2, 1)])).toBeUndefined()
    expect(lineToPassOn([sampleLine({ state: { name: 'ringing', since: 0 } })])).toBeUndefined()
  })
})
