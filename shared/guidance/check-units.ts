import { type Finding, finding } from './finding.ts'
import type { ScriptSource } from './format.ts'

const counted = /(Days|Weeks)$/
const unit = '(working |school )?(days?|weeks?|hours?)'

/**
 * A fact that counts days or weeks is the number alone, for languages put other words round it; and no fact brings a
 * unit that the words say once more. Held against the facts of the test calls.
 */
export function checkUnits({ testFacts, tests, wording }: ScriptSource): readonly Finding[] {
  const given = [testFacts, ...tests.map(({ facts }) => facts ?? {})].flatMap((facts) =>
    Object.entries(facts),
  )
  const wrong = given
    .filter(([name, text]) => counted.test(name) && !/^\d+$/.test(text))
    .map(([name, text]) =>
      finding(
        null,
        `The fact ${name} is "${text}", and facts with such a name are numbers alone.`,
        'Write the number, and its unit in the words: within {council.NAME} working days.',
        ['testFacts', name],
      ),
    )
  const doubled = Object.entries(wording.en).flatMap(([id, words]) =>
    given
      .filter(([name, text]) => {
        const [last] = new RegExp(`${unit}$`).exec(text) ?? []
        return last !== undefined && JSON.stringify(words).includes(`{council.${name}} ${last}`)
      })
      .map(([name, text]) =>
        finding(
          id,
          `With the fact ${name}, "${text}", the unit is said twice.`,
          'Leave it out of the words, or make the fact a number alone.',
          ['wording', 'en', id],
        ),
      ),
  )
  return [...wrong, ...doubled]
}
