import { describe, expect, it } from 'vitest'
import { digitsOf, shownDigits } from '#renderer/features/calls/digits.ts'
import {
  callIsOver,
  consultation,
  isContactWork,
  isOfContact,
  otherLine,
  shownCalls,
} from '#renderer/features/calls/groups.ts'
import { dueWords, historyWords, promiseProblem } from '#renderer/features/calls/history-words.ts'
import {
  codecWords,
  holdNote,
  mutedNote,
  qualityWords,
  recordingNote,
  transferNote,
} from '#renderer/features/calls/line-notes.ts'
import {
  checkItemWords,
  checkProgress,
  checkState,
  warningWords,
} from '#renderer/features/calls/readiness-words.ts'
import { causeSentence, reportSentences } from '#renderer/features/calls/report-words.ts'
import { stateChoices } from '#renderer/features/calls/state-choices.ts'
import { stateWords } from '#renderer/features/calls/words.ts'
import type { CallQuality, Line, ReadinessCheck } from '#shared/contract/phone.ts'
import type { CallHistoryEntry } from '#shared/contract/rest.ts'
import { consultLine, lineId, sampleLine, sampleSnapshot } from './phone-samples.ts'

const held = (since: number, change: Partial<Line> = {}) =>
  sampleLine({ state: { name: 'held', since, by: 'adviser' }, ...change })
const endedLine = (change: Partial<Line>) =>
  sampleLine({ state: { name: 'ended', at: 0, reason: 'busy' }, ...change })

describe('hold and mute', () => {
  it('shows how long a caller has been on hold and from a minute on reminds of them', () => {
    expect(holdNote(held(0), 42_000)).toEqual({ tone: 'soft', text: 'On hold 0:42' })
    expect(holdNote(held(0), 72_000)).toEqual({
      tone: 'attention',
      text: 'On hold 1:12: say something to them',
    })
  })

  it('does not count a hold by the caller', () => {
    const byCaller = sampleLine({ state: { name: 'held', since: 0, by: 'resident' } })
    expect(holdNote(byCaller, 72_000)).toBeNull()
    expect(holdNote(sampleLine(), 72_000)).toBeNull()
  })

  it('says that a muted adviser is speaking', () => {
    expect(mutedNote(sampleLine({ muted: true, speakingWhileMuted: true }))?.text).toBe(
      'You are muted and speaking',
    )
    expect(mutedNote(sampleLine())).toBeNull()
  })
})

describe('several calls', () => {
  it('shows the partner of a consultation with the call in hand and not a second time', () => {
    const lines = [held(0), consultLine(2, 1), held(0, { id: lineId(3) })]
    const shown = shownCalls(lines)
    expect(shown.main.map(({ id }) => id)).toEqual([lineId(2)])
    expect(shown.others.map(({ id }) => id)).toEqual([lineId(3)])
    expect(consultation(lines)?.resident.id).toBe(lineId(1))
    expect(otherLine(lines)?.id).toBe(lineId(1))
  })

  it('shows joined calls as one, and no consultation any more', () => {
    const conferenceId = lineId(8)
    const lines = [sampleLine({ conferenceId }), consultLine(2, 1, { conferenceId })]
    expect(shownCalls(lines).main).toHaveLength(2)
    expect(consultation(lines)).toBeNull()
  })

  it('puts a waiting call before those on hold', () => {
    const waiting = sampleLine({ id: lineId(3), state: { name: 'ringing', since: 0 } })
    const { others } = shownCalls([held(0, { id: lineId(2) }), sampleLine(), waiting])
    expect(others.map(({ id }) => id)).toEqual([lineId(3), lineId(2)])
  })

  it('takes an unanswered call to the public for work, but no colleague, consultation or emergency call', () => {
    const outbound = { direction: 'outbound', queue: null } as const
    const emergency = endedLine({ ...outbound, remote: { displayName: '999', withheld: false } })
    const colleague = endedLine({ ...outbound, remote: { displayName: 'Nia Practice', withheld: false } })
    expect(isContactWork(endedLine(outbound))).toBe(true)
    for (const line of [emergency, colleague, consultLine(2, 1)]) expect(isOfContact(line)).toBe(false)
    expect(shownCalls([emergency, colleague]).over).toHaveLength(2)
  })

  it('a contact’s call is over although a consultation about it is still up', () => {
    const { contactId } = sampleLine()
    const snapshot = sampleSnapshot({ lines: [endedLine({}), consultLine(2, 1)] })
    expect(callIsOver(snapshot, contactId)).toBe(true)
  })
})

describe('passing on', () => {
  it('says how far it has come', () => {
    const line = sampleLine({ transfer: { name: 'ringing', to: 'Council Tax team', since: 0 } })
    expect(transferNote(line)?.text).toBe('Passing on: ringing at Council Tax team')
  })

  it('says why it failed and that the caller is back on hold', () => {
    const transfer = { name: 'failed', to: 'Council Tax team', at: 0, reason: 'busy', status: 486 } as const
    expect(transferNote(held(0, { transfer }))).toEqual({
      tone: 'danger',
      text: 'Council Tax team did not take the call: busy. 01632 960142 is back with you, on hold.',
    })
  })
})

describe('recording', () => {
  const since = '2026-11-03T10:00:00Z'
  const recorded = (
    recording: NonNullable<Line['status']>['recording'],
    request: Line['recordingRequest'] = null,
  ) =>
    sampleLine({
      status: { callId: 'call-1', recording, supervisor: 'none' },
      recordingRequest: request,
    })

  it('says since when it is paused and when it goes on by itself', () => {
    const note = recordingNote(
      recorded({ name: 'paused', since, resumesAt: '2026-11-03T10:03:00Z' }),
      Date.parse(since) + 42_000,
    )
    expect(note).toMatchObject({ paused: true, tone: 'attention' })
    expect(note?.text).toMatch(/^Recording paused 0:42, goes on at \d\d:03$/)
  })

  it('never says paused before the recorder has confirmed it, and says a refusal in red', () => {
    const request = (outcome: 'waiting' | 'refused' | 'unreachable') => ({ paused: true, since: 0, outcome })
    const running = { name: 'recording', since } as const
    expect(recordingNote(recorded(running, request('waiting')), 0)).toMatchObject({
      paused: false,
      text: 'Pausing the recording…',
    })
    expect(recordingNote(recorded(running, request('refused')), 0)).toMatchObject({
      paused: false,
      tone: 'danger',
      text: 'Still recording: the pause was refused',
    })
    expect(recordingNote(recorded(running, request('unreachable')), 0)?.tone).toBe('danger')
  })

  it('has nothing to say where calls are not recorded', () => {
    expect(recordingNote(recorded({ name: 'none' }), 0)).toBeNull()
    expect(recordingNote(sampleLine(), 0)).toBeNull()
  })
})

describe('quality', () => {
  const quality = (change: Partial<CallQuality>): CallQuality => ({
    at: 0,
    mos: 4.2,
    lossPercent: 0,
    jitterMs: 3,
    roundTripMs: 40,
    codec: 'opus/48000/2',
    alerts: [],
    ...change,
  })

  it('is good, fair or poor by its clearness, and never good while an alert holds', () => {
    expect(qualityWords(quality({})).level).toBe('Good')
    expect(qualityWords(quality({ mos: 3.5 })).level).toBe('Fair')
    expect(qualityWords(quality({ mos: 2.9 })).level).toBe('Poor')
    expect(qualityWords(quality({ alerts: ['round-trip'] }))).toMatchObject({
      level: 'Fair',
      alerts: ['The delay is long: leave a moment after each sentence.'],
    })
  })

  it('names the codec as people write it', () => {
    expect(codecWords('opus/48000/2')).toBe('Opus, 48 kHz')
    expect(codecWords('audio/PCMA/8000')).toBe('G.711 A-law, 8 kHz')
    expect(codecWords('G722/8000')).toBe('G.722, 16 kHz')
    expect(codecWords(null)).toBe('not known yet')
  })
})

describe('digits', () => {
  it('takes digits out of whatever is pasted, in pieces that a command may carry', () => {
    expect(digitsOf('Ref: 12-34 #')).toEqual(['1234#'])
    expect(digitsOf('call ABCD')).toEqual([])
    expect(digitsOf('1'.repeat(40)).map(({ length }) => length)).toEqual([32, 8])
  })

  it('keeps only dots while a payment is taken', () => {
    expect(shownDigits('', '4929', true)).toBe('••••')
    expect(shownDigits('••••', '12', false)).toBe('••••12')
  })
})

describe('earlier and promised calls', () => {
  const noon = new Date('2026-11-03T12:00:00').getTime()
  const local = (text: string) => new Date(text).toISOString()
  const entry: CallHistoryEntry = {
    callId: 'a',
    direction: 'inbound',
    number: '+441632960142',
    withheld: false,
    name: null,
    queueId: 'waste',
    startedAt: local('2026-11-03T11:00:00'),
    answeredAt: local('2026-11-03T11:00:10'),
    endedAt: local('2026-11-03T11:05:00'),
    outcome: 'answered',
  }

  it('says who, which way, how it went and how long', () => {
    expect(historyWords(entry, () => 'Waste and recycling', noon)).toEqual({
      who: '01632 960142',
      what: '11:00 · in · answered · 4:50 · Waste and recycling',
      missed: false,
    })
    expect(historyWords({ ...entry, number: null, withheld: true }, () => undefined, noon).who).toBe(
      'Number withheld',
    )
  })

  it('says when a promised call is due, and that it is late', () => {
    const due = (from: string, by: string) => dueWords({ dueFrom: local(from), dueBy: local(by) }, noon)
    expect(due('2026-11-03T14:00:00', '2026-11-03T16:00:00').text).toBe('Due today 14:00 to 16:00')
    expect(due('2026-11-04T09:00:00', '2026-11-04T10:00:00').text).toBe('Due tomorrow 09:00 to 10:00')
    expect(due('2026-11-03T11:00:00', '2026-11-03T13:00:00')).toEqual({
      tone: 'attention',
      text: 'Due now, promised by 13:00',
    })
    expect(due('2026-11-02T14:00:00', '2026-11-02T16:00:00')).toEqual({
      tone: 'danger',
      text: 'Late: promised by yesterday 16:00',
    })
  })

  it('says what a promise still needs', () => {
    const fields = {
      number: '',
      name: 'Mrs Raman',
      reason: '',
      day: '2026-11-03',
      from: '14:00',
      by: '16:00',
    }
    expect(promiseProblem(fields, true, noon)).toBeNull()
    expect(promiseProblem(fields, false, noon)).toBe('Type the telephone number to call.')
    expect(promiseProblem({ ...fields, name: ' ' }, true, noon)).toBe('Type whom to ask for.')
    expect(promiseProblem({ ...fields, by: '13:00' }, true, noon)).toMatch('after the first')
    expect(promiseProblem({ ...fields, from: '09:00', by: '10:00' }, true, noon)).toBe(
      'That time has passed.',
    )
    expect(promiseProblem({ ...fields, day: '' }, true, noon)).toMatch('Choose the day')
  })
})

describe('the check before a shift', () => {
  const item = (outcome: ReadinessCheck['items'][number]['outcome'], figure: number | null = null) => ({
    item: 'round-trip' as const,
    outcome,
    figure,
  })
  const check = (...items: ReadinessCheck['items']): ReadinessCheck => ({
    startedAt: 0,
    finishedAt: 1,
    items,
    override: null,
  })

  it('is green when nothing failed, and a warning stops nobody but is told', () => {
    expect(checkState(check(item('passed'), item('warning', 640)))).toBe('green')
    expect(warningWords(check(item('passed'), item('warning', 640)))).toBe(
      'take care of network delay, 640 ms',
    )
  })

  it('is failed until it is overridden with a reason', () => {
    const failed = check(item('failed'))
    expect(checkState(failed)).toBe('failed')
    expect(checkState({ ...failed, override: { reason: 'IT knows', at: 0 } })).toBe('overridden')
    expect(checkState({ ...failed, finishedAt: null })).toBe('running')
    expect(checkState(null)).toBe('none')
  })

  it('says what to do about what is wrong, and nothing about what is right', () => {
    expect(checkItemWords(item('passed', 42))).toMatchObject({ figure: '42 ms', whatToDo: null })
    expect(checkItemWords(item('failed')).whatToDo).toMatch('network is slow')
    expect(checkItemWords({ item: 'clock', outcome: 'failed', figure: -412_000 }).figure).toBe('412 s slow')
    expect(checkProgress(check(item('passed'), item('running')))).toBe('1 of 2 done')
  })
})

describe('the record of a call', () => {
  it('says a cause as a person would', () => {
    const from = new Date('2026-11-03T10:04:00').getTime()
    expect(causeSentence({ code: 'network-changed', from, until: from + 3_000 })).toBe(
      'Your network changed at 10:04:00; sound returned after 3 s.',
    )
    expect(causeSentence({ code: 'no-sound-from-caller', from, until: null })).toBe(
      'From 10:04:00 no sound arrived from the caller.',
    )
  })

  it('says so when nothing was noticed', () => {
    const report = {
      contactId: '',
      callId: '',
      direction: 'inbound',
      startedAt: 0,
      endedAt: 1,
      events: [],
      causes: [],
    } as const
    expect(reportSentences({ ...report, events: [], causes: [] })).toEqual([
      'Nothing out of the ordinary was recorded on this call.',
    ])
  })
})

describe('my state', () => {
  const since = '2026-11-03T10:00:00Z'
  const reasons = [{ code: 'break', label: 'Break', limitMinutes: 15 }]

  it('knows how long a reason may last', () => {
    const state = { name: 'not-ready', reason: 'break', since, until: '2026-11-03T10:15:00Z' } as const
    const agent = { state, pending: null, asAt: 0 }
    expect(stateWords(sampleSnapshot({ agent }), reasons)).toMatchObject({
      text: 'Not ready: break',
      limitMs: 900_000,
    })
  })

  it('does not ring any more once the call is answered, though the council cannot be told', () => {
    const agent = { state: { name: 'ringing', since } as const, pending: null, asAt: 0 }
    const words = (hasAnswered: boolean) => stateWords(sampleSnapshot({ agent }), reasons, hasAnswered).text
    expect([words(false), words(true)]).toEqual(['Ringing', 'On a call'])
  })

  it('lets what was asked for after the call be taken back', () => {
    const agent = {
      state: { name: 'on-call', since } as const,
      pending: { name: 'not-ready', reason: 'break' } as const,
      asAt: 0,
    }
    const [take, off] = stateChoices(sampleSnapshot({ agent }), reasons)
    expect(take).toMatchObject({ heading: 'After this call', choices: [{ detail: 'instead of break' }] })
    expect(off?.choices[0]).toMatchObject({ label: 'Break', detail: 'asked for' })
  })

  it('offers do not disturb even where the council has no such reason, and more time in wrap-up', () => {
    const agent = { state: { name: 'wrap-up', since, until: since } as const, pending: null, asAt: 0 }
    const choices = stateChoices(sampleSnapshot({ agent }), reasons).flatMap((group) => group.choices)
    expect(choices.map(({ request }) => request)).toEqual([
      { name: 'ready' },
      { name: 'wrap-up', extendSeconds: 60 },
      { name: 'wrap-up', extendSeconds: 300 },
      { name: 'not-ready', reason: 'break' },
      { name: 'not-ready', reason: 'do-not-disturb' },
    ])
  })
})
