import { type Finding, finding } from './finding.ts'
import type { Language } from './format.ts'

/*
 * Wording pasted or replaced under the wrong language reads as nonsense to a resident, and no other check sees it.
 * Words that only one of the languages has give it away; one alone may be a name,
 * unless it is the unit of a fact.
 */

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/))

/** Words of each language that the other does not write. */
const tellTale: Readonly<Record<Language, ReadonlySet<string>>> = {
  cy: words(
    `mae mae'n maen oes oedd bydd byddwn byddwch fydd fyddwch ydy ydych ydyn rydych rydyn rydw dydy dyw wedi wedi'i
    chi eich ein fy gyda gwaith diwrnod ddiwrnod diwrnodau ddiwrnodau wythnos wythnosau gwelwch neu hwn hyn hynny
    allwch gallwch galla allwn gallwn sydd rhaid angen cyn ond nad chwilio diolch awr oriau munud munudau misoedd
    fisoedd`,
  ),
  en: words(
    `the and you your yours we our they their this that these are were will would should with have has been of
    please thank working within what which when hour hours day days week weeks month months minutes`,
  ),
}

const named: Readonly<Record<Language, string>> = { en: 'English', cy: 'Welsh' }

/** The words of the other language in a text said to be of `language`. */
export function checkLanguage(stepId: string | null, language: Language, text: string): readonly Finding[] {
  const other = language === 'en' ? 'cy' : 'en'
  const strange = wordsOf(text).filter((word) => tellTale[other].has(word))
  if (new Set(strange).size < 2 && !tellTale[other].has(unitOf(text))) return []
  return [
    finding(
      stepId,
      `The ${named[language]} wording has ${named[other]} words: ${[...new Set(strange)].slice(0, 4).join(', ')}.`,
      `Write it in ${named[language]}, or move it under ${other}.`,
    ),
  ]
}

/** The word after a placeholder, which says what a number counts: there is no name to mistake it for. */
const unitOf = (text: string): string => /\}\s+(\p{L}+)/u.exec(text)?.[1]?.toLowerCase() ?? ''

/** Placeholders are left out: they stand for words of either language. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/\{[^}]*\}/g, ' ')
    .replaceAll('’', "'")
    .toLowerCase()
    .split(/[^\p{L}']+/u)
