import { describe, expect, it } from 'vitest'
import { assistanceOfCall, speakerOf } from '#shared/cases/assistance.ts'
import { levelOfCase, levelOfField } from '#shared/cases/disclosure.ts'

describe('what a call is helped along by', () => {
  it.each([
    ['18001 01632 960142', 'relay'],
    ['+18001', 'relay'],
    ['Relay UK', 'relay'],
    ['Mrs Okafor', null],
    ['01632 918001', null],
  ])('is read from the name %j as %j', (displayName, wanted) => {
    expect(assistanceOfCall({ remote: { displayName, withheld: false } })).toBe(wanted)
  })

  it('makes an interpreter of whoever speaks for the resident, and of nobody else', () => {
    const resident = { party: 'resident', name: '' } as const
    const councillor = { party: 'councillor', name: 'Jo Sample' } as const
    expect(speakerOf({ speaker: resident, assistance: 'interpreter' }).party).toBe('interpreter')
    expect(speakerOf({ speaker: resident, assistance: 'sign-language' }).party).toBe('interpreter')
    expect(speakerOf({ speaker: resident, assistance: 'relay' })).toEqual(resident)
    expect(speakerOf({ speaker: councillor, assistance: 'interpreter' })).toEqual(councillor)
  })
})

describe('what a case needs before it is shown', () => {
  const rules = { services: [731], fields: [{ service: 141, names: ['healthAffected'] }] }

  it('is by its service and by its fields as the council says', () => {
    expect(levelOfCase({ serviceCode: 731 }, rules)).toBe('enhanced')
    expect(levelOfCase({ serviceCode: 524 }, rules)).toBe('standard')
    expect(levelOfField({ serviceCode: 141 }, 'healthAffected', rules)).toBe('enhanced')
    expect(levelOfField({ serviceCode: 524 }, 'healthAffected', rules)).toBe('standard')
    expect(levelOfField({ serviceCode: 731 }, 'anything', rules)).toBe('enhanced')
  })

  it('is enhanced for social care and safeguarding when the council says nothing', () => {
    expect([209, 266, 731].map((serviceCode) => levelOfCase({ serviceCode }, undefined))).toEqual([
      'enhanced',
      'enhanced',
      'enhanced',
    ])
  })
})
