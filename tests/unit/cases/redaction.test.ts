import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactDraft, redactedCardNumber, redactOperation, redactText } from '#shared/cases/redaction.ts'
import { aDraft, callbackOf, changeOf, createOf, noteOf } from '#tests/support/sim-records.ts'

const card = redactedCardNumber

describe('card numbers in free text', () => {
  it.each([
    ['4111111111111111', card],
    ['card 4111 1111 1111 1111 please', `card ${card} please`],
    ['4111-1111-1111-1111.', `${card}.`],
    ['amex 378282246310005', `amex ${card}`],
    ['13 digits 4222222222222', `13 digits ${card}`],
    ['19 digits 6304000000000000000', `19 digits ${card}`],
    ['4111 1111 1111 1111 12/27 123', `${card} 12/27 123`],
    ['4111 1111 1111 1111 12 27', `${card} 12 27`],
    ['4111111111111111 and 5555 5555 5555 4444', `${card} and ${card}`],
    ['4111111111111111 5555555555554444', `${card} ${card}`],
  ])('are removed: %s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted)
  })

  it.each([
    ['a run that fails the Luhn check', '4111 1111 1111 1112'],
    ['a run that is too short', '411111111111'],
    ['a run that is too long', '41111111111111111111'],
    ['telephone numbers', 'ring 01632 960142 or 07700 900123 or +44 1632 960142'],
    ['an international number of card length', 'ring 00441632960142 or +4416329601424'],
    ['a property reference', 'UPRN 100000000001'],
    ['dates and times', '2026-05-04 10:02:33, 04/05/2026'],
    ['words alone', 'the lid was broken'],
  ])('are not seen in %s', (_what, text) => {
    expect(redactText(text)).toBe(text)
  })

  it('never change text without thirteen digits', () => {
    const digitOrWord = fc.oneof(fc.string(), fc.integer({ min: 0, max: 999_999 }).map(String))
    fc.assert(
      fc.property(fc.array(digitOrWord, { maxLength: 2 }), (parts) => {
        const text = parts.join(' ')
        if (text.replace(/\D/g, '').length < 13) expect(redactText(text)).toBe(text)
      }),
    )
  })

  it('are gone however they are grouped', () => {
    const separators = fc.array(fc.constantFrom('', ' ', '-'), { minLength: 15, maxLength: 15 })
    fc.assert(
      fc.property(separators, (between) => {
        const digits = [...'4111111111111111']
        const text = digits.map((digit, index) => digit + (between[index] ?? '')).join('')
        expect(redactText(`it is ${text}!`)).toBe(`it is ${card}!`)
      }),
    )
  })
})

describe('what is kept', () => {
  const number = '4111 1111 1111 1111'

  it('has no card number in subjects, fields, notes or what is half typed', () => {
    const kept = [
      redactOperation(createOf(1, 'c1', { subject: number, fields: { a: number, b: [number], c: 7 } })),
      redactOperation(changeOf(2, 'c1', { subject: number, fields: { a: number } })),
      redactOperation(noteOf(3, { text: number })),
      redactOperation(callbackOf(4, 'b1', { name: number, reason: number })),
      redactDraft(
        aDraft('k1', {
          typed: { note: number },
          run: {
            scriptId: 's',
            scriptVersion: 1,
            startedAt: '2026-05-04T09:00:00Z',
            answers: [{ stepId: 'a', value: number, at: '2026-05-04T09:00:00Z' }],
          },
        }),
      ),
    ]
    expect(JSON.stringify(kept)).not.toContain('1111')
    expect(JSON.stringify(kept).split(card)).toHaveLength(11)
  })

  it('is otherwise the same', () => {
    const operations = [
      createOf(1, 'c1'),
      changeOf(2, 'c1', { assignedTo: null }),
      noteOf(3),
      callbackOf(4, 'b1', { number: '+441632960142', status: 'done' }),
    ]
    expect(operations.map(redactOperation)).toEqual(operations)
    expect(redactDraft(aDraft('k1'))).toEqual(aDraft('k1'))
  })
})
