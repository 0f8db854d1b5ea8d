import { doubleMetaphone } from 'double-metaphone'
import { isOneEdit, shortestWithTypo } from './one-edit.ts'
import { utf8 } from './text.ts'

/** Below it a sound says too little: half of all short names sound alike. */
const shortestSound = 2
const shortestName = 3

/** Names repeat: the same few thousand for a hundred thousand people. */
const mostRemembered = 20_000
const remembered = new Map<string, readonly string[]>()

const none: readonly string[] = []

/** Said alike and written in ways that the rules of English do not bring together. */
const saidAlike = [
  'sean shaun shawn',
  'siobhan shevaun shivaun chevonne',
  'niamh neve neave',
  'aoife eefa',
  'caoimhe keeva',
  'ciara keira kiera',
  'saoirse seersha',
  'aisling ashling ashlyn',
  'eoghan eoin owen owain',
  'hugh huw hew',
  'leigh lee lea',
].map((names) => names.split(' '))

/** By name, a sound of its own: no rule makes one with a sign in it. */
const soundOfAlike = new Map(
  saidAlike.flatMap((names) => names.map((name) => [name, `=${names[0]}`] as const)),
)

/** What a name sounds like (double metaphone, and a table), in up to three ways; none when it is too short to say. Letters a to z. */
export function soundsOf(name: string): readonly string[] {
  if (name.length < shortestName) return none
  const known = remembered.get(name)
  if (known) return known
  const [first, second] = doubleMetaphone(name)
  const both = first === second ? [first] : [first, second]
  const alike = soundOfAlike.get(name)
  const sounds = [...both.filter((sound) => sound.length >= shortestSound), ...(alike ? [alike] : [])]
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(name, sounds)
  return sounds
}

/** Whether two names (one folded word each) can sound the same: `catherine` and `kathryn`, `sean` and `shaun`. */
export function soundsLike(a: string, b: string): boolean {
  const sounds = soundsOf(b)
  return soundsOf(a).some((sound) => sounds.includes(sound))
}

/** Whether two names (one folded word each) may be one name: the same, by sound, or with one slip of the keyboard. */
export function similarName(a: string, b: string): boolean {
  if (a === b || soundsLike(a, b)) return true
  const first = utf8(a)
  const second = utf8(b)
  return (
    Math.min(a.length, b.length) >= shortestWithTypo && isOneEdit(first, first.length, second, second.length)
  )
}
