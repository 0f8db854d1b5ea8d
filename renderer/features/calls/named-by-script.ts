import type { Line, Presence } from '#shared/contract/phone.ts'
import type { Directory } from '#shared/contract/rest.ts'
import { partyWords } from './caller-words.ts'
import { dialActions, lineToPassOn } from './dial-plan.ts'
import { entryTarget, presenceWords, targetWords } from './dial-words.ts'
import { consultation } from './groups.ts'
import { transferNote } from './line-notes.ts'
import { namedLines } from './named-lines.ts'
import { passOn } from './pass-on.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'
import type { Tone } from './words.ts'

/** Someone a script names, as the directory and the switchboard know them. `name` is null when they do not. */
export interface NamedEntry {
  readonly id: string
  readonly name: string | null
  readonly detail: string
  readonly presence: { readonly tone: Tone; readonly text: string } | null
}

export function namedEntries(
  directory: Directory | null,
  presence: Readonly<Record<string, Presence>>,
  ids: readonly string[],
): readonly NamedEntry[] {
  return ids.map((id): NamedEntry => {
    const entry = directory?.entries.find((each) => each.id === id)
    const target = entry === undefined ? null : entryTarget(entry)
    if (entry === undefined || target === null) return { id, name: null, detail: '', presence: null }
    const number = entry.number === null ? '' : ` · ${targetWords({ kind: 'number', number: entry.number })}`
    const welsh = entry.languages.includes('cy') ? ' · speaks Welsh' : ''
    return {
      id,
      name: entry.name,
      detail: `${entry.detail}${number}${welsh}`,
      presence: presenceWords(entry, presence),
    }
  })
}

export interface NamedActions {
  /** What asking and passing on are called now; null when they cannot be done. */
  readonly ask: string | null
  readonly passOn: string | null
}

/** What the telephone can do now with someone the script names. */
export function namedActions(lines: readonly Line[]): NamedActions {
  if (consultation(lines) !== null) return { ask: null, passOn: null }
  const line = lineToPassOn(lines)
  const [ask, pass] = dialActions({ kind: 'internal', user: 'anyone' }, line)
  const underWay = lines.some(({ transfer }) => transfer !== null && transfer.name !== 'failed')
  if (underWay) return { ask: null, passOn: null }
  return { ask: ask?.words ?? null, passOn: pass?.words ?? null }
}

/** How far passing on the contact's call has come; null before it. */
export function handOverProgress(
  unnamed: readonly Line[],
  contactId: string,
  directory: Directory | null = null,
): { readonly tone: Tone; readonly text: string; readonly underWay: boolean } | null {
  const lines = namedLines(unnamed, directory)
  const own = lines.find((line) => line.contactId === contactId && line.purpose.name === 'contact')
  if (own?.state.name === 'ended' && own.state.reason === 'transferred')
    return { tone: 'good', text: 'The call has been passed on.', underWay: true }
  const note = own === undefined ? null : transferNote(own)
  if (note !== null && own !== undefined)
    return {
      ...note,
      tone: note.tone === 'soft' ? 'good' : note.tone,
      underWay: own.transfer?.name !== 'failed',
    }
  const asking = consultation(lines)
  if (asking === null) return null
  return {
    tone: 'attention',
    text: `You are asking ${partyWords(asking.asked)}. Shift F3 passes the caller on, Shift F7 joins everybody.`,
    underWay: false,
  }
}

/** Calls someone the script names, to ask about the call in hand, or passes it on to them. */
export async function callNamed(
  calls: CallsStore,
  telephone: TelephoneStore,
  entryId: string,
  how: 'ask' | 'pass-on',
): Promise<void> {
  const { snapshot, execute } = calls.getState()
  const entry = telephone.getState().directory?.entries.find(({ id }) => id === entryId)
  const target = entry === undefined ? null : entryTarget(entry)
  if (entry === undefined || target === null) return
  const [ask, pass] = dialActions(target, lineToPassOn(snapshot?.lines ?? []))
  const command = (how === 'ask' ? ask : pass)?.command
  if (command?.name === 'transfer') await passOn(calls, telephone, command, entry.name)
  else if (command !== undefined) await execute(command)
}
