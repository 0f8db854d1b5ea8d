import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { scriptSource } from '#shared/guidance/format.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { createScriptSearch, type SearchableScript } from '#shared/guidance/script-search.ts'
import { subjectsOf } from '#shared/guidance/subjects.ts'
import { libraryScript } from './scripts.ts'

const folder = join(import.meta.dirname, '../../../shared/guidance/scripts')
const library: SearchableScript[] = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => {
    const source = scriptSource.parse(migrateScript(parse(readFileSync(join(folder, file), 'utf8'))))
    return {
      id: source.id,
      title: source.title,
      serviceName: source.service.name,
      aliases: [...source.aliases.en, ...source.aliases.cy],
      subjects: [...subjectsOf(libraryScript(source.id))],
      withdrawn: false,
    }
  })
const search = createScriptSearch(library)

/** What residents say, with the script an adviser would want among the first three. */
const said: readonly (readonly [string, string])[] = [
  ['bin not taken', 'missed-bin'],
  ['my bin wasn’t emptied this morning', 'missed-bin'],
  ['they havent collected the recyling', 'missed-bin'],
  ['the bin lorry went straight past', 'missed-bin'],
  ['green bin missed again', 'missed-bin'],
  ['wheelie bin still full', 'missed-bin'],
  ['no heating', 'housing-repair'],
  ['the heating’s packed up', 'housing-repair'],
  ['boiler has broken down', 'housing-repair'],
  ['theres water pouring through my celing', 'housing-repair'],
  ['mouldy bedroom wall', 'housing-repair'],
  ['toilet wont flush', 'housing-repair'],
  ['front door lock is broken', 'housing-repair'],
  ["can't pay council tax", 'council-tax-payment-difficulty'],
  ['cant aford my counsil tax', 'council-tax-payment-difficulty'],
  ['I’ve had a summons for council tax', 'council-tax-payment-difficulty'],
  ['bailiff at the door', 'council-tax-payment-difficulty'],
  ['I live alone, do I pay less council tax', 'council-tax-discounts'],
  ['student council tax', 'council-tax-discounts'],
  ['single persons discount', 'council-tax-discounts'],
  ['just moved house, who do I tell', 'council-tax-moving'],
  ['I am moving out of my flat next week', 'council-tax-moving'],
  ['change my address', 'council-tax-moving'],
  ['want you to collect an old settee', 'bulky-waste'],
  ['how do I get rid of a fridge', 'bulky-waste'],
  ['matress pick up', 'bulky-waste'],
  ['someone has dumped a load of tyres down our lane', 'fly-tipping'],
  ['fly tiping', 'fly-tipping'],
  ['rubbish left in the alley', 'fly-tipping'],
  ['dead fox on the road', 'fly-tipping'],
  ['there is a big hole in the road outside my house', 'pothole-street-light'],
  ['pot hole', 'pothole-street-light'],
  ['streetlight not working', 'pothole-street-light'],
  ['lamppost is out', 'pothole-street-light'],
  ['I tripped over a paving slab', 'pothole-street-light'],
  ['neighbours playing music all night', 'noise-pests'],
  ['dog wont stop barking', 'noise-pests'],
  ['I’ve got rats', 'noise-pests'],
  ['wasps nest in the loft', 'noise-pests'],
  ['I have nowhere to sleep tonight', 'homelessness'],
  ['my landlord is evicting me', 'homelessness'],
  ['section 21 notice', 'homelessness'],
  ['I’m being chucked out by my parents', 'homelessness'],
  ['no food in the house', 'crisis-support'],
  ['I’ve no money for the electric meter', 'crisis-support'],
  ['food bank voucher', 'crisis-support'],
  ['renew a blue bage', 'blue-badge'],
  ['disabled parking for my mother', 'blue-badge'],
  ['residents parking permit', 'parking-permit'],
  ['visitors permits', 'parking-permit'],
  ['apply for a reception place for my daughter', 'school-admission'],
  ['secondary school application', 'school-admission'],
  ['my mum needs help washing and dressing', 'adult-social-care'],
  ['I need to speak to a social worker', 'adult-social-care'],
  ['dad is coming out of hospital and cant manage', 'adult-social-care'],
  ['worried about the old man next door', 'safeguarding-adult'],
  ['carer is stealing from my nan', 'safeguarding-adult'],
  ['I think a child is being hurt', 'safeguarding-child'],
  ['kids left on their own', 'safeguarding-child'],
  ['my rent’s gone up and I get housing benefit', 'housing-benefit-change'],
  ['started a new job, on benefits', 'housing-benefit-change'],
  ['need to register my baby', 'register-birth-death'],
  ['my husband passed away', 'register-birth-death'],
  ['copy of birth certifcate', 'register-birth-death'],
  ['get on the electoral role', 'register-to-vote'],
  ['postal vote form', 'register-to-vote'],
  ['do I need permission for a conservatory', 'planning-enquiry'],
  ['objecting to next door’s extension', 'planning-enquiry'],
  ['renew library books', 'library'],
  ['someone is misusing a badge', 'blue-badge'],
  ['carbon monoxide', 'housing-repair'],
  ['a larger clearance', 'bulky-waste'],
  ['when is the libary open', 'library'],
  ['I’m not happy, I want to make a complaint', 'complaint-compliment'],
  ['just want to thank the bin crew', 'complaint-compliment'],
  ['speak to a manager', 'complaint-compliment'],
  ['can somebody call me back', 'general-enquiry'],
  ['bin heb ei gasglu', 'missed-bin'],
  ['dydyn nhw ddim wedi casglu’r bin', 'missed-bin'],
  ['dim gwres yn y tŷ', 'housing-repair'],
  ['dwr yn gollwng', 'housing-repair'],
  ['methu talu treth y cyngor', 'council-tax-payment-difficulty'],
  ['dwi’n symud ty', 'council-tax-moving'],
  ['byw ar ben fy hun', 'council-tax-discounts'],
  ['twll yn yr heol', 'pothole-street-light'],
  ['sbwriel wedi ei adael ar y stryd', 'fly-tipping'],
  ['bathodyn glas', 'blue-badge'],
  ['digartref', 'homelessness'],
  ['cofrestru babi', 'register-birth-death'],
  ['poeni am blentyn drws nesaf', 'safeguarding-child'],
]

describe('searching for a script by the resident’s words', () => {
  it.each(said)('finds for “%s” %s among the first three', (words, scriptId) => {
    const found = search(words).slice(0, 3)
    expect(found.map((match) => match.scriptId)).toContain(scriptId)
  })

  it('puts the wanted script first for four in five of what residents say', () => {
    const first = said.filter(([words, scriptId]) => search(words)[0]?.scriptId === scriptId)
    expect(first.length / said.length).toBeGreaterThan(0.8)
  })

  it('says which words of the script fitted', () => {
    expect(search('no heating')[0]).toEqual({
      scriptId: 'housing-repair',
      title: 'Housing repair, damp and mould',
      matched: { by: 'alias', words: 'no heating' },
    })
    expect(search('parking permit')[0]?.matched.by).toBe('title')
    expect(search('carbon monoxide')[0]?.matched).toEqual({
      by: 'subject',
      words: 'Urgent: gas or carbon monoxide',
    })
  })

  it('finds nothing for no words, and for words that nobody uses of a service', () => {
    expect(search('  ')).toEqual([])
    expect(search('xylophone quartz')).toEqual([])
  })

  it('searches for filler words when there is nothing else', () => {
    expect(
      createScriptSearch([{ id: 'a', title: 'All about us', withdrawn: false }])('about us'),
    ).toHaveLength(1)
  })

  it('leaves out a withdrawn script', () => {
    const withdrawn = library.map((entry) => ({ ...entry, withdrawn: entry.id === 'missed-bin' }))
    const found = createScriptSearch(withdrawn)('bin not taken')
    expect(found.map(({ scriptId }) => scriptId)).not.toContain('missed-bin')
  })

  it('answers while the adviser types, over twenty times the library', () => {
    const many = Array.from({ length: 20 }, (_, copy) =>
      library.map((entry) => ({ ...entry, id: `${entry.id}-${copy}` })),
    ).flat()
    const large = createScriptSearch(many)
    // What this thread worked, without what it waited for on a busy machine.
    const begun = process.threadCpuUsage()
    for (const [words] of said) large(words)
    const { user, system } = process.threadCpuUsage(begun)
    expect((user + system) / 1_000 / said.length).toBeLessThan(50)
  })
})
