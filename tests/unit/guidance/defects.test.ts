import { describe, expect, it } from 'vitest'
import { checkScriptText } from '#build/scripts/library.ts'
import { libraryParts } from './scripts.ts'

/*
 * Each kind of mistake in the file of an otherwise sound script: it is refused, and the refusal names the line, the
 * step and what to do. A refused file gives no document, so that the version before it stays in force.
 */

const sound = `kind: script
id: skip-hire
version: 1
formatVersion: 3
title: Skip hire
service: { lgsl: 524, lgil: 8, name: Skip hire }
aliases: { en: [hire a skip], cy: [] }
cyReviewed: false
subject: "Skip: {answers.size}"
owner: Waste team
reviewBy: 2027-03-31
requires: { facts: [skipSmallPrice, skipPrice] }
tables:
  price:
    rows:
      - { when: size = "small", from: 2026-04-01, until: 2026-12-31, gives: "{council.skipSmallPrice}" }
      - { when: size = "small", from: 2027-01-01, until: 2027-03-31, gives: "{council.skipSmallPrice}" }
      - { when: size = "middle", gives: "less than {council.skipPrice}" }
    otherwise: "{council.skipPrice}"
start: size
escalation: risk
steps:
  size:
    kind: ask
    input: choice
    options: [small, middle, large]
    go: days
  days:
    kind: ask
    input: number
    min: 1
    max: 60
    routes:
      - { when: days > 14, go: long }
    go: notice
  long: { kind: inform, go: notice }
  notice:
    kind: say
    verbatim: true
    before: [wants-it, pay]
    go: identity
  identity: { kind: include, part: identity, version: 1, exits: { checked: address, unchecked: wants-it } }
  address: { kind: say, discloses: standard, go: wants-it }
  wants-it:
    kind: ask
    input: yesNo
    routes:
      - { when: wants-it = "no", go: end }
    go: pay
  pay: { kind: pay, go: paid }
  paid:
    kind: ask
    input: yesNo
    routes:
      - { when: paid = "no", go: end }
    go: booked
  booked: { kind: outcome, disposition: case-raised, case: true }
  end: { kind: outcome, disposition: information-given, case: false }
  risk: { kind: include, part: risk, version: 1, exits: {} }
wording:
  en:
    size:
      title: Size
      say: How large should the skip be?
      options: { small: Small, middle: Middle, large: Large }
    days: { title: Days, say: For how many days? }
    long: { title: Long hire, say: A permit is needed for so long. }
    notice: { title: Notice, say: Nothing that burns may go into it. }
    address: { title: Address, say: "It comes to {resident.address}." }
    wants-it: { title: Price, say: "It costs {tables.price}. Would you like it?" }
    pay: { title: Payment, say: I will pass you to the payment line. }
    paid: { title: Paid, say: Did the payment go through? }
    booked: { title: Booked, say: That is booked. }
    end: { title: No skip, say: Thank you for calling. }
  cy:
    size:
      say: Pa mor fawr ddylai'r sgip fod?
      options: { small: Bach, middle: Canolig, large: Mawr }
    days: { say: Am faint o ddyddiau? }
    long: { say: Mae angen trwydded am gyhyd. }
    notice: { say: Chaiff dim sy'n llosgi fynd iddo. }
    address: { say: "Daw i {resident.address}." }
    wants-it: { say: "Mae'n costio {tables.price}. Hoffech chi ei gael?" }
    pay: { say: Bydda i'n eich trosglwyddo i'r llinell dalu. }
    paid: { say: Aeth y taliad drwodd? }
    booked: { say: Mae wedi'i drefnu. }
    end: { say: Diolch am ffonio. }
testFacts: { skipSmallPrice: "£150", skipPrice: "£250" }
tests:
  - name: small skip for a week
    answers: { size: small, days: 7, identity-check: matched, wants-it: yes, paid: yes }
    expect: { outcome: booked, case: true, reads: [notice, address, pay], says: { wants-it: costs £150 } }
`

interface Said {
  /** Words of the line that is named. */
  readonly line: string
  readonly step: string | null
  readonly problem: string
  readonly fix: string
}

function refusals(text: string, today?: string): readonly Said[] {
  const lines = text.split('\n')
  const { document, findings } = checkScriptText(
    'skip-hire.yaml',
    text,
    libraryParts(),
    today === undefined ? {} : { today },
  )
  expect(document === null).toBe(findings.length > 0)
  return findings.map(({ line, stepId, problem, fix }) => ({
    line: lines[line - 1]?.trim().slice(0, 60) ?? '',
    step: stepId,
    problem,
    fix,
  }))
}

/** The sound script with one passage changed; fails when the passage is not in it once. */
function withChange(from: string, to: string): string {
  expect(sound.split(from)).toHaveLength(2)
  return sound.replace(from, () => to)
}

function expectRefusal(
  found: readonly Said[],
  step: string | null,
  line: string,
  problem: string,
  fix: string,
) {
  const fitting = found.filter((each) => each.problem.includes(problem) && each.fix.includes(fix))
  expect(fitting.length, JSON.stringify(found, null, 1)).toBeGreaterThan(0)
  expect(fitting.map((each) => [each.step, each.line.startsWith(line)])).toContainEqual([step, true])
}

type Case = readonly [
  what: string,
  from: string,
  to: string,
  step: string | null,
  line: string,
  problem: string,
  fix: string,
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const inFile: readonly Case[] = [
  ['malformed YAML', 'kind: script', 'kind: [script',
    null, 'id:', 'This is not YAML', 'Look at the indentation'],
  ['the same name twice', '  long: { kind: inform, go: notice }', '  days: { kind: inform, go: notice }',
    null, 'days: {', 'The same name stands twice', 'Rename one'],
  ['an alias, which could be endless', 'title: Skip hire', 'title: *size',
    null, 'kind', 'uses YAML aliases', 'where it is needed'],
  ['an unknown kind', 'kind: say\n    verbatim', 'kind: shout\n    verbatim',
    'notice', 'kind: shout', 'At steps, notice, kind', 'Compare it'],
  ['a line that scripts do not have', 'go: long }', 'goes: long }',
    'days', '- { when', 'At steps, days, routes', 'Compare it'],
  ['an unknown format', 'formatVersion: 3', 'formatVersion: 9',
    null, 'formatVersion', 'At formatVersion', 'Compare it'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const ways: readonly Case[] = [
  ['a target that is not there', 'go: long }', 'go: lng }',
    'days', 'days:', 'leads to lng, which does not exist', 'Use the id'],
  ['a missing default route', '      - { when: days > 14, go: long }\n    go: notice', '      - { when: days > 14, go: long }',
    'days', 'days:', 'At steps, days, go', 'Compare it'],
  ['a step that nothing leads to', '      - { when: days > 14, go: long }', '      - { when: days > 14, go: end }',
    'long', 'long:', 'No path leads to this step', 'Lead a step to it'],
  ['a path that does not end', 'go: long }', 'go: trap }',
    'days', 'days:', 'trap, which does not exist', 'Use the id'],
  ['a circle without a question', '  long: { kind: inform, go: notice }', '  long: { kind: inform, go: again }\n  again: { kind: say, go: long }',
    'long', 'long:', 'in a circle without asking', 'Put a question into the circle'],
  ['an escalation that is missing', 'escalation: risk', 'escalation: rsk',
    null, 'escalation:', 'escalates to rsk, which does not exist', 'Include the part risk'],
  ['an escalation that is none', 'escalation: risk', 'escalation: end',
    'end', 'escalation:', 'which is an outcome step', 'Include the part risk'],
  ['an include at another version', 'part: identity, version: 1', 'part: identity, version: 7',
    'identity', 'identity:', 'asks for version 7', 'Read what changed'],
  ['an include of nothing', 'part: identity, version: 1', 'part: identify, version: 1',
    'identity', 'identity:', 'no part called identify', 'Correct the name'],
  ['an option twice', '[small, middle, large]', '[small, middle, middle]',
    'size', 'size:', 'listed twice', 'Keep one'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const conditions: readonly Case[] = [
  ['a loop', 'when: days > 14', 'when: "for i in 1..100000000 return i"',
    'days', '- { when', 'is not allowed in scripts', 'loops and functions'],
  ['a function definition', 'when: days > 14', 'when: "function(x) x > 14"',
    'days', '- { when', 'is not allowed', 'functions of your own'],
  ['a list', 'when: days > 14', 'when: "[1, 2, 3] = days"', 'days', '- { when', 'is not allowed', 'Lists'],
  ['a range', 'when: days > 14', 'when: "days in [1..14]"', 'days', '- { when', 'is not allowed', 'ranges'],
  ['what feelin would throw at', 'when: days > 14', 'when: "true > false"',
    'days', '- { when', 'is true or false, and', 'have an order'],
  ['a name that is not there', 'when: days > 14', 'when: dayz > 14',
    'days', '- { when', 'uses dayz, which is not a question', 'Did you mean days?'],
  ['an answer that comes later', 'when: days > 14', 'when: paid = "yes"',
    'days', '- { when', 'paid, which is only asked later', 'Ask paid before'],
  ['a number against a text', 'when: days > 14', 'when: \'days = "14"\'',
    'days', '- { when', 'compares days, a number, with text', 'without quotes'],
  ['a question against one of another kind', 'when: days > 14', 'when: days = size',
    'days', '- { when', 'compares a number with a text, which are never the same, at character 1', 'number(council.name)'],
  ['a sum of what cannot be added', 'when: days > 14', 'when: days + size > 14',
    'days', '- { when', '"days + size" cannot be worked out', 'without quotes'],
  ['a fact taken for a number', 'when: days > 14', 'when: days > council.skipPrice',
    'days', '- { when', 'uses council facts', 'derive of a question'],
  ['a day that does not exist', 'when: days > 14', 'when: \'today() > date("2026-02-31")\'',
    'days', '- { when', 'is not a date, at character 11', 'Write a day that there is'],
  ['a condition that is none', 'when: days > 14', 'when: days + 1',
    'days', '- { when', 'is not true or false', 'Write a comparison'],
  ['a value that is no option', 'when: size = "middle"', 'when: size = "medium"',
    null, '- { when: size = "medium"', 'with "medium", which it can never be', 'small, middle, large'],
  ['a condition that never holds', 'when: days > 14', 'when: days > 60',
    'days', '- { when', 'can never hold', 'Correct the condition'],
  ['a condition that always holds', 'when: days > 14', 'when: days > 0',
    'days', '- { when', 'always holds', 'Correct the condition'],
  ['a route that makes no difference', 'go: long }', 'go: notice }',
    'days', '- { when', 'makes no difference', 'Remove the route'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const duties: readonly Case[] = [
  ['personal data without a check', 'checked: address, unchecked: wants-it', 'checked: wants-it, unchecked: address',
    'address', 'address:', 'without a passed identity check', 'through a verify step'],
  ['personal data above the level of the check', 'discloses: standard', 'discloses: enhanced',
    'address', 'address:', 'identity check (enhanced)', 'through a verify step'],
  ['a read-out that can be passed over', 'when: days > 14, go: long', 'when: days > 14, go: identity',
    'wants-it', 'wants-it:', 'without notice being read out', 'Lead every way'],
  ['a payment that does not come back', 'pay: { kind: pay, go: paid }', 'pay: { kind: pay, go: booked }',
    'pay', 'pay:', 'does not ask whether the payment went through', 'Lead it to a question'],
  ['a payment recorded that was never handed over', 'wants-it = "no", go: end', 'wants-it = "no", go: paid',
    'wants-it', 'wants-it:', 'without one being handed over', 'Lead it to the pay step'],
  ['a payment taken at the desk', 'say: That is booked.', 'say: Shall I take the payment now?',
    'booked', 'booked:', 'take a payment at the desk', 'pay step'],
  ['a card number asked', 'say: That is booked.', 'say: What is the long number on your card?',
    'booked', 'booked:', 'asks for card details', 'Use a pay step'],
  ['a card number asked in Welsh', "say: Mae wedi'i drefnu.", 'say: Beth yw rhif y cerdyn?',
    'booked', 'booked:', 'asks for card details', 'Use a pay step'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const words: readonly Case[] = [
  ['HTML in the words', 'say: That is booked.', 'say: That is <b>booked</b>.',
    'booked', 'booked:', 'holds HTML', 'plain text'],
  ['HTML in the title', 'title: Skip hire', 'title: Skip <i>hire</i>',
    null, 'title:', 'holds HTML', 'plain text'],
  ['words turned right to left', 'say: That is booked.', 'say: "That is \\u202Ebooked."',
    'booked', 'booked:', 'turn the reading direction', 'Type the sentence again'],
  ['an Arabic letter mark', 'hire a skip', '"hire a\\u061C skip"',
    null, 'aliases', 'turn the reading direction', 'Type the sentence again'],
  ['missing Welsh', "    booked: { say: Mae wedi'i drefnu. }\n", '',
    'booked', 'booked:', 'no Welsh words', 'Add say to the Welsh'],
  ['a missing answer in Welsh', 'middle: Canolig, ', '',
    'size', 'size:', 'option middle has no Welsh', 'Add middle'],
  ['Welsh among the English', 'say: That is booked.', 'say: "We come within 2 o ddiwrnodau gwaith."',
    'booked', 'booked:', 'The English wording has Welsh words: ddiwrnodau, gwaith', 'Write it in English'],
  ['a Welsh unit after a fact', 'say: "It costs {tables.price}. Would you like it?"', 'say: "It comes in {council.skipPrice} awr. Would you like it?"',
    'wants-it', 'wants-it:', 'The English wording has Welsh words: awr', 'Write it in English'],
  ['English in the place of the Welsh', "say: Mae wedi'i drefnu.", 'say: That is booked for you. Thank you.',
    'booked', 'booked:', 'The Welsh wording has English words: that, you', 'Write it in Welsh'],
  ['a placeholder that is not complete', 'say: That is booked.', 'say: "That is {council.name."',
    'booked', 'booked:', 'is not complete', 'Write it like'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const tables: readonly Case[] = [
  ['a gap between rows', 'from: 2027-01-01', 'from: 2027-01-15',
    null, 'price:', 'no row from 2027-01-01 to 2027-01-14', 'follow each other'],
  ['rows that overlap', 'until: 2026-12-31', 'until: 2027-01-31',
    null, 'price:', 'Row 1 of table price and row 2 both hold on 2027-01-01', 'day before the other begins'],
  ['rows that run out', 'until: 2027-03-31', 'until: 2027-02-28',
    null, 'price:', 'no row after 2027-02-28', 'Add a row from 2027-03-01'],
  ['a row that ends before it begins', 'from: 2027-01-01', 'from: 2027-09-01',
    null, 'price:', 'ends before it begins', 'Correct from and until'],
  ['a row that another hides', 'when: size = "small", from: 2026-04-01, until: 2026-12-31', 'when: size != "large"',
    null, 'price:', 'Row 2 of table price is never used', 'move it up'],
]

// biome-ignore format: two lines a mistake, what is changed and what is said
const calls: readonly Case[] = [
  ['a price that is not the one a test call expects', 'skipSmallPrice: "£150"', 'skipSmallPrice: "£140"',
    'wants-it', 'wants-it:', 'expected wants-it to say "costs £150", got "It costs £140', 'Correct the script'],
  ['words expected of a step that is not on the way', 'says: { wants-it: costs £150 }', 'says: { long: permit }',
    'long', 'long:', 'expected long to say "permit", it is not on the way', 'Correct the script'],
]

const refused = (cases: readonly Case[]) =>
  it.each(cases)('%s', (_what, from, to, step, line, problem, fix) => {
    expectRefusal(refusals(withChange(from, to)), step, line, problem, fix)
  })

describe('a file is refused, with line, step and what to do, for', () => {
  it('nothing, when it is sound', () => {
    expect(refusals(sound)).toEqual([])
  })

  describe('its form:', () => refused(inFile))
  describe('its ways:', () => refused(ways))
  describe('its conditions:', () => refused(conditions))
  describe('its duties:', () => refused(duties))
  describe('its words:', () => refused(words))
  describe('its tables:', () => refused(tables))
  describe('its test calls:', () => refused(calls))

  it('five megabytes, at once', () => {
    const [found] = refusals(`${sound}# ${'x'.repeat(5_000_000)}\n`)
    expect(found).toMatchObject({
      problem: expect.stringContaining('kB long'),
      fix: expect.stringContaining('Split it'),
    })
  })

  it('a path that goes round for ever', () => {
    const round = withChange(
      '      - { when: days > 14, go: long }',
      '      - { when: days > 14, go: trap }',
    ).replace('  long: { kind: inform, go: notice }', '  trap: { kind: ask, input: text, go: trap }')
    expectRefusal(refusals(round), 'trap', 'trap:', 'From this step no path ends', 'to an outcome')
  })

  it('a row that ended, and a review that is overdue, on the day it is published', () => {
    expect(refusals(sound, '2026-11-03')).toEqual([])
    expectRefusal(
      refusals(sound, '2027-01-02'),
      null,
      '- { when: size = "small"',
      'Row 1 of table price ended on 2026-12-31',
      'Remove it',
    )
    expectRefusal(
      refusals(sound, '2027-04-01'),
      null,
      'reviewBy',
      'had to be read again by 2027-03-31',
      'Read it with its owner',
    )
  })

  it('a test call that does not do as expected', () => {
    expectRefusal(
      refusals(withChange('reads: [notice, address, pay]', 'reads: [notice, pay]')),
      'address',
      'address:',
      'expected to read notice, pay, got notice, address, pay',
      'Correct the script, or what the call expects',
    )
  })
})

describe('an identity check that leads the wrong way', () => {
  it('is refused for every step behind it, however it is reached', () => {
    const swapped = withChange(
      'checked: address, unchecked: wants-it',
      'checked: wants-it, unchecked: wants-it',
    )
    const found = refusals(swapped)
    expect(found.map(({ step }) => step)).toContain('identity-check')
  })
})
