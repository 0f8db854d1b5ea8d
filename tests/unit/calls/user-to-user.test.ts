import { describe, expect, it } from 'vitest'
import { contactOfUserToUser, userToUserOf } from '#shared/calls/user-to-user.ts'

const contactId = '3f2a9c1e-8b4d-4e6f-9a0b-1c2d3e4f5a6b'
const hex = '3f2a9c1e8b4d4e6f9a0b1c2d3e4f5a6b'

describe('the contact a call is passed on from', () => {
  it('is written as hexadecimal and read back', () => {
    expect(userToUserOf(contactId)).toBe(`${hex};encoding=hex`)
    expect(contactOfUserToUser([userToUserOf(contactId.toUpperCase())])).toBe(contactId)
  })

  it.each([
    [hex],
    [hex.toUpperCase()],
    [`${hex} ; encoding=HEX; purpose=isdn-uui`],
    [`00c81030;purpose=isdn-uui;encoding=hex, ${hex};encoding=hex`],
  ])('is found in %j', (value) => {
    expect(contactOfUserToUser([value])).toBe(contactId)
  })

  it('is found in whichever of several headers has it', () => {
    expect(contactOfUserToUser(['00c81030', `${hex};encoding=hex`])).toBe(contactId)
  })

  it.each([
    '',
    'Mrs Okafor',
    contactId,
    `${hex}00`,
    `${hex};encoding=base64`,
    '00000000000000000000000000000000',
    '<script>',
  ])('is not read from %j', (value) => {
    expect(contactOfUserToUser([value])).toBeNull()
  })
})
