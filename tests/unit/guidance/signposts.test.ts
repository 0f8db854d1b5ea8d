import { describe, expect, it } from 'vitest'
import { signpostServices } from '#electron/practice/council/seed/signposts.ts'
import type { SignpostService } from '#shared/contract/signposts.ts'
import {
  cardOfService,
  createSignpostSearch,
  servicesUnder,
  textOfCard,
  toldNote,
  trustWords,
} from '#shared/guidance/signposts.ts'

const today = '2026-11-03'
const foodBank: SignpostService = {
  id: 'food-bank',
  name: 'Wexcombe Food Bank',
  status: 'active',
  description: 'Three days’ food',
  assured_date: '2026-09-01',
  last_modified: '2026-09-01T09:00:00Z',
  phones: [{ id: 'p', number: '01632 960911' }],
  schedules: [{ id: 's', byday: 'MO,WE,FR', opens_at: '10:00', closes_at: '13:00' }],
  service_at_locations: [
    {
      id: 'l',
      location: {
        id: 'l',
        name: 'Chapel Hall',
        addresses: [
          {
            id: 'a',
            address_1: '4 Chapel Street',
            city: 'Wexcombe',
            postal_code: 'ZX1 1AA',
            country: 'GB',
            address_type: 'physical',
          },
        ],
      },
    },
  ],
  attributes: [{ id: 't', taxonomy_term: { id: 't', code: 'food', name: 'Food', taxonomy: 'Ours' } }],
}

describe('a service of the council’s directory', () => {
  it('is a card in plain words', () => {
    expect(cardOfService(foodBank, today)).toMatchObject({
      hours: ['Monday, Wednesday and Friday, 10:00 to 13:00'],
      addresses: ['4 Chapel Street, Wexcombe, ZX1 1AA'],
      about: ['Food'],
      state: 'current',
    })
  })

  it('says when it may be wrong, and when nobody may be sent there', () => {
    const card = (change: Partial<SignpostService>) => cardOfService({ ...foodBank, ...change }, today)
    expect(trustWords(card({ assured_date: '2025-11-03' }))).toMatchObject({ tone: 'soft' })
    expect(trustWords(card({ assured_date: '2025-11-02' })).text).toBe(
      'Out of date: last made sure of on 2 November 2025. Say that it may have changed, or ring first.',
    )
    expect(card({ status: 'temporarily closed' }).state).toBe('closed')
    expect(trustWords(card({ status: 'defunct' })).text).toContain('Do not send anybody')
  })

  it('is copied as text, and noted when the resident was told', () => {
    const card = cardOfService(foodBank, today)
    expect(textOfCard(card).split('\n').slice(0, 3)).toEqual([
      'Wexcombe Food Bank',
      'Three days’ food',
      'Telephone 01632 960911',
    ])
    expect(toldNote(card)).toBe('Told the resident about Wexcombe Food Bank, 01632 960911')
  })

  it('is found under the terms of a step unless it has ended', () => {
    const ended: SignpostService = { ...foodBank, id: 'gone', status: 'defunct' }
    expect(servicesUnder([foodBank, ended], ['food', 'debt'])).toEqual([foodBank])
    expect(servicesUnder([foodBank], ['debt'])).toEqual([])
  })
})

describe('searching the directory', () => {
  const search = createSignpostSearch(signpostServices)

  it.each([
    ['food bank', 'Wexcombe Food Bank'],
    ['fod bnk', 'Wexcombe Food Bank'],
    ['breakfast', 'Breakfast Table'],
    ['Chapel Street', 'Wexcombe Food Bank'],
  ])('finds for “%s” %s among the first three', (words, name) => {
    expect(
      search(words)
        .slice(0, 3)
        .map((service) => service.name),
    ).toContain(name)
  })

  it('lists all by name for no words, and nothing for words that nobody uses', () => {
    expect(search('')).toHaveLength(signpostServices.length)
    expect(search('xylophone quartz')).toEqual([])
  })
})
