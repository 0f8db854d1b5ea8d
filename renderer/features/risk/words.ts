import { timeOfDay, timeToSecond } from '#renderer/ui/time.ts'
import { factsIn, isFactLine, type Telling } from '#shared/cases/risk.ts'
import type { Alert } from '#shared/contract/rest.ts'

/** A call as this pane tells of it. */
export interface PaneLine {
  readonly lineId: string
  /** Number or name. */
  readonly who: string
  readonly state: 'dialling' | 'up' | 'held' | 'ended'
  readonly muted: boolean
  /** Joined with the other call of the pane. */
  readonly joined: boolean
  /** Nothing is heard of them, or the connection is lost: whether they hear is not known. */
  readonly cutOff: boolean
  /** Milliseconds since 1970. */
  readonly since: number
}

/** What the desk knows of the person; empty where it knows nothing. */
export interface KnownPerson {
  /** Address of the record that was chosen. */
  readonly place: string
  readonly number: string
  readonly name: string
}

/** The two calls that matter. */
export interface PaneCalls {
  readonly resident: PaneLine | null
  readonly emergency: PaneLine | null
}

/** What the resident hears just now, in plain words; null when they are not on the telephone. */
export function residentHears(resident: PaneLine | null, emergency: PaneLine | null): string | null {
  if (resident === null || resident.state === 'ended') return null
  if (resident.state === 'dialling') return 'They are being called.'
  if (resident.state === 'held')
    return 'They are on hold: they hear music, not you, and you do not hear them.'
  if (resident.cutOff)
    return `The connection to them is lost and being restored. ${
      resident.muted ? 'You are muted to them.' : 'They may still hear you: keep talking.'
    }`
  const operatorUp = emergency !== null && (emergency.state === 'up' || emergency.state === 'dialling')
  if (resident.joined) return 'You, the resident and the operator all hear each other.'
  if (resident.muted)
    return operatorUp && !emergency.muted
      ? 'You hear them. They hear nothing: your words go to the operator alone.'
      : 'You hear them. They hear nothing: you are muted.'
  return operatorUp
    ? 'They stay with you and hear all you say, also to the operator. They do not hear the operator.'
    : 'They stay with you and hear all you say.'
}

/** How a call stands, in a word or two. */
export function lineWords({ state, joined, muted, cutOff }: PaneLine): string {
  if (state === 'dialling') return 'ringing'
  if (state === 'ended') return 'ended'
  if (state === 'held') return 'on hold'
  if (cutOff) return 'connection lost'
  return joined ? 'joined' : muted ? 'up, you are muted' : 'up'
}

/** What to write into the log when the two calls went from one state to another. */
export function changeWords(before: PaneCalls, after: PaneCalls): readonly string[] {
  const joined = after.resident?.joined === true && before.resident?.joined !== true
  return [
    wordsOfOne('Emergency operator', before.emergency, after.emergency),
    wordsOfOne('Resident', before.resident, after.resident),
    joined ? 'Resident and emergency operator hear each other' : null,
  ].filter((words) => words !== null)
}

function wordsOfOne(who: string, before: PaneLine | null, after: PaneLine | null): string | null {
  const was = before !== null && before.lineId === after?.lineId ? before.state : null
  const is = after?.state ?? 'ended'
  if (was === is) return null
  if (is === 'dialling') return `${who}: being called`
  // A call that was there when the pane was opened is no news.
  if (before === null || before.state === 'ended') return null
  if (was === 'dialling' && is === 'ended') return `${who}: not reached`
  if (is === 'up') return was === 'held' ? `${who}: off hold` : `${who}: answered`
  return is === 'held' ? `${who}: put on hold` : `${who}: call ended`
}

export interface TellingWords {
  readonly text: string
  readonly tone: 'soft' | 'attention' | 'good'
}

/** Whether the supervisors know. */
export function tellingWords(telling: Telling): TellingWords {
  switch (telling.name) {
    case 'not-asked':
      return { text: 'Not told yet', tone: 'attention' }
    case 'sending':
      return { text: 'Being told…', tone: 'soft' }
    case 'not-yet':
      return {
        text:
          telling.reason === 'no-network'
            ? 'Not told yet: no network. Tell them aloud.'
            : 'Not told yet: the council’s service cannot be reached. Tell them aloud.',
        tone: 'attention',
      }
    case 'told':
      return telling.to.length === 0
        ? { text: 'Sent, but no supervisor is signed in. Tell one aloud.', tone: 'attention' }
        : { text: `Told: ${telling.to.join(', ')}. Not taken up yet.`, tone: 'soft' }
    case 'acknowledged':
      return { text: `Taken up by ${telling.by} at ${timeOfDay(telling.at)}`, tone: 'good' }
  }
}

/** What an alert’s log says of the person, for a line each; what nobody has written is said to be missing. */
export function alertFacts(log: NonNullable<Alert['log']>): readonly { label: string; text: string }[] {
  const { place, number, name, said } = factsIn(log)
  return [
    { label: 'Where', text: place ?? 'not known yet' },
    { label: 'Number', text: number ?? 'not known yet' },
    ...(name === null ? [] : [{ label: 'Name', text: name }]),
    ...(said === null ? [] : [{ label: 'Told', text: said }]),
  ]
}

/** The newest line that is not one of those. */
export const newestEvent = (log: NonNullable<Alert['log']>) => log.findLast(({ text }) => !isFactLine(text))

/** What a supervisor reads first of an alert. */
export function alertTitle({ raisedBy, raisedAt }: Alert): string {
  return `Risk to life: ${raisedBy} needs a supervisor. Raised at ${timeToSecond(raisedAt)}.`
}

/** Who took an alert up; nothing while nobody has. */
export function takenWords(alert: Alert, myName: string): string | null {
  const { acknowledgedAt, acknowledgedBy, raisedBy } = alert
  if (acknowledgedAt === null || acknowledgedBy === null) return null
  const at = timeOfDay(acknowledgedAt)
  return acknowledgedBy === myName
    ? `You took up the alert of ${raisedBy} at ${at}. Go to them, or ring them.`
    : `${acknowledgedBy} took up the alert of ${raisedBy} at ${at}. You need do nothing.`
}
