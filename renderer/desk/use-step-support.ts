import { useEffect } from 'react'
import { useStore } from 'zustand'
import { callNamed, handOverProgress, namedActions, namedEntries } from '#renderer/features/calls/index.ts'
import { lookupRecords, useLevel } from '#renderer/features/cases/index.ts'
import type { PaymentState, StepSupport } from '#renderer/features/guidance/index.ts'
import { timeOfDay, timeToSecond, useNow, when } from '#renderer/ui/time.ts'
import { cardOfService, servicesUnder } from '#shared/guidance/signposts.ts'
import type { RunView, StepView } from '#shared/guidance/view.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'
import type { Desk } from './compose.ts'
import { type RecordingSafety, recordingSafety } from './payment-pause.ts'

const nobody = {} as const

/** What the telephone and the records know for the step in hand, and do for it. */
export function useStepSupport(desk: Desk, view: RunView): StepSupport {
  const { draft, resident } = useStore(desk.contact)
  const { snapshot, execute } = useStore(desk.calls)
  const { directory, directoryError, promised, open } = useStore(desk.telephone)
  const { me } = useStore(desk.records)
  const { services, asAt: servicesAsAt, said } = useStore(desk.signposts)
  const now = useNow()
  const today = new Date(now).toISOString().slice(0, 10)
  const level = useLevel(draft?.identity ?? null, draft?.endedAt ?? null)
  const ids = namedBy(view.current)
  const lines = snapshot?.lines ?? []
  const contactId = draft?.contactId ?? null

  const names = ids.join(' ')
  useEffect(() => {
    if (names === '') return
    const { readDirectory } = desk.telephone.getState()
    void readDirectory().then(() => {
      const entries = desk.telephone.getState().directory?.entries ?? []
      const users = entries.flatMap(({ user }) => (user === null ? [] : [user]))
      if (users.length > 0) void execute({ name: 'watchPresence', users: users.slice(0, mostWatched) })
    })
  }, [desk, execute, names])

  const progress = contactId === null ? null : handOverProgress(lines, contactId, directory)
  // Once the call is passed on, the same key must not begin another.
  const actions = progress?.underWay === true ? nobodyToCall : namedActions(lines)
  return {
    lookup:
      resident === null
        ? null
        : lookupRecords({ resident, callbacks: promised, level, enhanced: me?.council.enhanced, now }),
    payment: paymentState(recordingSafety(snapshot, contactId), (lineId) => {
      void execute({ name: 'setRecordingPaused', lineId, paused: true })
    }),
    handOver: {
      reading: directory === null && directoryError === null,
      entries: namedEntries(directory, snapshot?.presence ?? nobody, ids),
      progress,
      askWords: actions.ask,
      passOnWords: actions.passOn,
      onAsk: (entryId) => void callNamed(desk.calls, desk.telephone, entryId, 'ask'),
      onPassOn: (entryId) => void callNamed(desk.calls, desk.telephone, entryId, 'pass-on'),
    },
    elsewhere: {
      services: servicesUnder(services, termsOf(view.current)).map((service) =>
        cardOfService(service, today),
      ),
      asAtWords: servicesAsAt === null ? null : `as at ${when(servicesAsAt, now)}`,
      said,
      onTold: (card) => void desk.signposts.getState().tell(card),
    },
    onDial: (number) => open({ name: 'dial', text: number }),
    onCopy: (text) => void navigator.clipboard.writeText(text),
  }
}

const mostWatched = 200
const nobodyToCall = { ask: null, passOn: null } as const

const termsOf = (step: StepView | null): readonly string[] => (step?.kind === 'signpost' ? step.find : [])

/** Directory entries that a step names. */
function namedBy(step: StepView | null): readonly string[] {
  if (step?.kind === 'transfer' || step?.kind === 'escalate') return step.to
  return step?.kind === 'pay' && step.by.includes('payment-line') ? ['payment-line'] : []
}

const noPayment =
  'Do not take a payment on this call and let nobody read out a card. Ask again, or go on without a payment and offer a link or another call.'

function paymentState(safety: RecordingSafety, pause: (lineId: string) => void): PaymentState {
  const state = (
    name: PaymentState['name'],
    title: string,
    whatToDo = '',
    lineId: string | null = null,
  ): PaymentState => ({ name, title, whatToDo, onTryAgain: lineId === null ? null : () => pause(lineId) })
  switch (safety.name) {
    case 'no-call':
      return state('safe', 'No call is up, so nothing is recorded.')
    case 'not-recorded':
      return state('safe', 'This call is not recorded.')
    case 'paused':
      return state(
        'safe',
        `Recording paused, confirmed at ${timeToSecond(safety.since)}.`,
        `It goes on when you answer this step. The recorder’s own limit is ${timeOfDay(safety.resumesAt)}; the pause is then asked for again.`,
      )
    case 'pausing':
      return state('waiting', 'Pausing the recording…', 'Wait for it before you hand the payment over.')
    case 'unknown':
      return state(
        'waiting',
        'It is not known yet whether this call is recorded.',
        'Wait for it before you hand the payment over.',
      )
    case 'recording':
      return state('unsafe', 'This call is being recorded.', noPayment, safety.lineId)
    case 'refused':
      return state('unsafe', 'Still recording: the recorder refused the pause.', noPayment, safety.lineId)
    case 'unreachable':
      return state('unsafe', 'Still recording: the recorder is not reached.', noPayment, safety.lineId)
    default:
      return assertNever(safety)
  }
}
