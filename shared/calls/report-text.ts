import type { CallReport, FlightCause, FlightEvent } from '../contract/call-report.ts'

/** What each cause means, in plain English for an adviser and for IT. */
export const causeWords: Readonly<Record<FlightCause['code'], string>> = {
  'network-changed': 'The computer’s network changed.',
  'connection-lost': 'The connection to the switchboard was lost.',
  'switchboard-restarted': 'The switchboard was restarted.',
  'computer-slept': 'The computer was asleep.',
  'desk-restarted': 'The desk’s window was loaded again; the telephone went on.',
  'no-sound-from-caller': 'No sound came from the caller.',
  'no-sound-to-caller': 'No sound went to the caller.',
  'poor-network': 'The network was too poor for clear sound.',
  'microphone-changed': 'The call went on with another microphone.',
  'microphone-lost': 'The microphone was lost.',
  'microphone-muted-at-device': 'The microphone was silent, as when it is muted on the headset itself.',
  'no-common-codec': 'The two ends have no sound format in common.',
  'call-lost': 'The call was lost by the telephone’s own fault.',
}

/**
 * A call report to be read by a person: what went wrong first, then everything that happened. Times are UTC, and
 * milliseconds after the start of the call.
 */
export function reportText(report: CallReport): string {
  const { startedAt, endedAt, direction, causes, events, comment } = report
  const lines = [
    'Adviser Desktop: report of a call',
    '',
    `Call       ${report.callId}`,
    `Contact    ${report.contactId}`,
    `Direction  ${direction}`,
    `Began      ${utc(startedAt)}`,
    `Ended      ${endedAt === null ? 'not yet' : `${utc(endedAt)}, after ${seconds(endedAt - startedAt)}`}`,
    '',
    'What went wrong',
    ...(causes.length === 0
      ? ['  Nothing that the telephone noticed.']
      : causes.map((cause) => causeLine(cause, startedAt))),
    ...(comment === undefined || comment === '' ? [] : ['', 'In the adviser’s words', `  ${comment}`]),
    '',
    'What happened',
    ...events.map((event) => eventLine(event, startedAt)),
  ]
  return `${lines.join('\n')}\n`
}

function causeLine({ code, from, until }: FlightCause, startedAt: number): string {
  const lasted = until === null ? 'to the end' : `for ${seconds(until - from)}`
  return `  ${offset(from, startedAt)}  ${causeWords[code]} (${lasted})`
}

function eventLine({ at, source, what, facts }: FlightEvent, startedAt: number): string {
  const told = Object.entries(facts).map(([name, value]) => `${name}=${value}`)
  return `  ${offset(at, startedAt)}  ${source.padEnd(9)}  ${[what, ...told].join('  ')}`
}

const utc = (at: number) => `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
const offset = (at: number, startedAt: number) =>
  `${at < startedAt ? '-' : '+'}${(Math.abs(at - startedAt) / 1000).toFixed(3)} s`.padStart(12)
