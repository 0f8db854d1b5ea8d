import { isUp } from '#shared/calls/line.ts'
import type { DialTarget, Line, PhoneCommand } from '#shared/contract/phone.ts'
import type { Directory, DirectoryEntry } from '#shared/contract/rest.ts'
import { chargeWords, readDialText } from './dial-reading.ts'
import { entryTarget, searchDirectory, targetKindWords, targetWords } from './dial-words.ts'
import { consultation, isContactWork, lineInHand } from './groups.ts'

/** Someone who can be called: an entry of the directory, or what was typed. */
export interface DialOption {
  readonly id: string
  readonly name: string
  readonly detail: string
  readonly target: DialTarget
  readonly entry: DirectoryEntry | null
  readonly charge: string | null
}

const longestList = 50

/**
 * Entries of the directory that fit the text, and before them the number or address that it is. On a call in Welsh
 * those who speak it come first.
 */
export function dialOptions(
  directory: Directory | null,
  text: string,
  language: 'en' | 'cy' = 'en',
): readonly DialOption[] {
  const entries = searchDirectory(directory, text, language)
    .slice(0, longestList)
    .flatMap((entry) => {
      const target = entryTarget(entry)
      return target === null ? [] : [entryOption(entry, target)]
    })
  const typed = typedOption(text)
  if (typed === null) return entries
  // What is in the directory already has a name there.
  const named = entries.filter((each) => sameTarget(each.target, typed.target))
  return named.length > 0
    ? [...named, ...entries.filter((each) => !named.includes(each))]
    : [typed, ...entries]
}

function entryOption(entry: DirectoryEntry, target: DialTarget): DialOption {
  const number = target.kind === 'number' ? ` · ${targetWords(target)}` : ''
  const welsh = entry.languages.includes('cy') ? ' · speaks Welsh' : ''
  return {
    id: entry.id,
    name: entry.name,
    detail: `${entry.detail}${number}${welsh}`,
    target,
    entry,
    charge: chargeWords(target),
  }
}

function typedOption(text: string): DialOption | null {
  const reading = readDialText(text)
  if (reading === null) return null
  // A word being searched for is no address of the switchboard; a code with digits is.
  if (reading.target.kind === 'internal' && !/^[\d*#]/.test(text.trim())) return null
  return {
    id: 'typed',
    name: targetWords(reading.target),
    detail: targetKindWords(reading.target),
    target: reading.target,
    entry: null,
    charge: reading.charge,
  }
}

const sameTarget = (a: DialTarget, b: DialTarget): boolean =>
  (a.kind === 'number' && b.kind === 'number' && a.number === b.number) ||
  (a.kind === 'internal' && b.kind === 'internal' && a.user === b.user)

/** The call that asking someone or passing on would be about; none while someone is being asked already. */
export function lineToPassOn(lines: readonly Line[]): Line | undefined {
  const inHand = lineInHand(lines)
  if (inHand === undefined || consultation(lines) !== null) return undefined
  return isUp(inHand) &&
    inHand.conferenceId === null &&
    inHand.transfer?.name !== 'trying' &&
    speaksToCaller(inHand)
    ? inHand
    : undefined
}

const speaksToCaller = (line: Line): boolean => isContactWork(line) || line.direction === 'inbound'

export interface DialAction {
  readonly words: string
  readonly keys: 'Enter' | 'Ctrl Enter' | null
  readonly look: 'primary' | 'normal' | 'danger'
  readonly command: PhoneCommand
}

/**
 * What can be done with a target: the first is what Enter does. Emergency calls are never more than one key away.
 * `lines` are all there are, `line` the one that could be passed on.
 */
export function dialActions(
  target: DialTarget,
  line: Line | undefined,
  lines: readonly Line[] = [],
): readonly DialAction[] {
  const call = { name: 'dial', target } as const
  if (target.kind === 'emergency') return emergencyActions(target.number, call, spokenOn(lines))
  if (line === undefined) return [{ words: 'Call', keys: 'Enter', look: 'primary', command: call }]
  return [
    {
      words: 'Ask first',
      keys: 'Enter',
      look: 'primary',
      command: { name: 'consult', lineId: line.id, target },
    },
    {
      words: 'Pass on without asking',
      keys: 'Ctrl Enter',
      look: 'normal',
      command: { name: 'transfer', lineId: line.id, target },
    },
    { words: 'Call as a call of its own', keys: null, look: 'normal', command: call },
  ]
}

/** Calls that an emergency call is made beside. */
export const spokenOn = (lines: readonly Line[]): readonly string[] =>
  lines.filter(({ state }) => state.name === 'active').map(({ id }) => id)

/**
 * A call of its own, which nothing may refuse. Whoever needs help is not left with music: they stay on the line, where
 * they hear the adviser and not the operator, unless the adviser wants to be alone with the operator.
 */
function emergencyActions(
  number: string,
  call: PhoneCommand & { name: 'dial' },
  beside: readonly string[],
): readonly DialAction[] {
  const now = { words: `Call ${number} now`, keys: 'Enter', look: 'danger' } as const
  if (beside.length === 0) return [{ ...now, command: call }]
  return [
    { ...now, command: { ...call, beside: beside.slice(0, 3) } },
    { words: `Hold the caller, call ${number}`, keys: 'Ctrl Enter', look: 'normal', command: call },
  ]
}
