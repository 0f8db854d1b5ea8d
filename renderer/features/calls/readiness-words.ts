import type { ReadinessCheck, ReadinessItem } from '#shared/contract/phone.ts'
import type { Tone } from './words.ts'

type Item = ReadinessCheck['items'][number]

const names: Record<ReadinessItem, string> = {
  microphone: 'Microphone',
  speaker: 'Headset sound',
  registration: 'Switchboard',
  'media-path': 'Way for the sound',
  'round-trip': 'Network delay',
  clock: 'Computer’s clock',
  disk: 'Room on the disk',
  'cache-age': 'Records on this desk',
}

const whatToDo: Record<ReadinessItem, string> = {
  microphone: 'Plug in your headset, or choose another microphone under Sound devices.',
  speaker: 'Plug in your headset, or choose another speaker under Sound devices.',
  registration: 'Check your network. If it stays, tell IT that the switchboard does not answer.',
  'media-path':
    'Your network lets no sound through. Leave the VPN or the guest network; if it stays, tell IT.',
  'round-trip': 'Your network is slow. A cable instead of Wi-Fi often helps.',
  clock: 'Set the computer’s clock to the right time, or ask IT to.',
  disk: 'Make room on the disk: what you save may not be kept.',
  'cache-age': 'The records on this desk are old. Stay connected until they have been fetched.',
}

const units: Partial<Record<ReadinessItem, (figure: number) => string>> = {
  'round-trip': (ms) => `${Math.round(ms)} ms`,
  clock: (ms) =>
    Math.abs(ms) < 1_000
      ? `${Math.round(Math.abs(ms))} ms off`
      : `${Math.round(Math.abs(ms) / 1_000)} s ${ms > 0 ? 'fast' : 'slow'}`,
  disk: (mb) => (mb >= 1_000 ? `${Math.round(mb / 1_000)} GB free` : `${Math.round(mb)} MB free`),
  'cache-age': (hours) => (hours < 1 ? 'fetched just now' : `${Math.round(hours)} h old`),
}

const outcomes: Record<Item['outcome'], { tone: Tone; text: string }> = {
  waiting: { tone: 'soft', text: 'Not yet' },
  running: { tone: 'soft', text: 'Checking…' },
  passed: { tone: 'good', text: 'Good' },
  warning: { tone: 'attention', text: 'Take care' },
  failed: { tone: 'danger', text: 'Not working' },
}

export interface CheckItemWords {
  readonly name: string
  readonly tone: Tone
  readonly outcome: string
  /** What was measured, with its unit. */
  readonly figure: string | null
  readonly whatToDo: string | null
}

export function checkItemWords({ item, outcome, figure }: Item): CheckItemWords {
  const { tone, text } = outcomes[outcome]
  const bad = outcome === 'failed' || outcome === 'warning'
  return {
    name: names[item],
    tone,
    outcome: text,
    figure: figure === null ? null : (units[item]?.(figure) ?? null),
    whatToDo: bad ? whatToDo[item] : null,
  }
}

/** `running`: something is not decided. `failed`: work may only begin with a reason. `green`: nothing to show. */
export function checkState(
  check: ReadinessCheck | null,
): 'none' | 'running' | 'failed' | 'overridden' | 'green' {
  if (check === null) return 'none'
  if (check.items.some(({ outcome }) => outcome === 'failed'))
    return check.override !== null ? 'overridden' : check.finishedAt === null ? 'running' : 'failed'
  return check.finishedAt === null ? 'running' : 'green'
}

/** `5 of 8 done` */
export function checkProgress(check: ReadinessCheck): string {
  const done = check.items.filter(({ outcome }) => outcome !== 'waiting' && outcome !== 'running').length
  return `${done} of ${check.items.length} done`
}

/** What was found that stops nobody; null when there is nothing. */
export function warningWords(check: ReadinessCheck): string | null {
  const found = check.items
    .filter(({ outcome }) => outcome === 'warning')
    .map((item) => {
      const { name, figure } = checkItemWords(item)
      return figure === null ? name.toLowerCase() : `${name.toLowerCase()}, ${figure}`
    })
  return found.length === 0 ? null : `take care of ${found.join('; ')}`
}
