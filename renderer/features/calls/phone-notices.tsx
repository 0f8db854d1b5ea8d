import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import { isLive } from '#shared/calls/line.ts'
import type { Line, LostCall, ReadinessProblem } from '#shared/contract/phone.ts'
import { callerWords } from './caller-words.ts'
import { supervisorNote } from './line-notes.ts'
import type { CallsStore } from './store.ts'
import { problemWords } from './words.ts'

export interface PhoneNoticesProps {
  readonly store: CallsStore
  /** The check before the shift is on the screen with all it found. */
  readonly checkShown: boolean
}

/** What the telephone needs the adviser to know or to decide just now: a strip under the top bar. */
export function PhoneNotices({ store, checkShown }: PhoneNoticesProps) {
  const { snapshot, error, execute, dismissError } = useStore(store)
  const problems = shownProblems(snapshot?.readinessProblems ?? [], checkShown)
  const lines = snapshot?.lines.filter(isLive) ?? []
  const agent = snapshot?.agent ?? null
  const missedAt =
    agent?.state.name === 'not-ready' && agent.state.reason === 'missed-call' ? agent.state.since : null

  return (
    <>
      {error === null ? null : (
        <Notice
          look="danger"
          title={errorWords(error)}
          alert
          actions={<Button onClick={dismissError}>Close this message</Button>}
        />
      )}
      {snapshot?.lostCalls.map((lost) => (
        <LostCallNotice key={lost.contactId} lost={lost} store={store} />
      ))}
      {lines.map((line) => (
        <LineNotices key={line.id} line={line} store={store} />
      ))}
      {snapshot?.headset.name === 'held-elsewhere' && lines.length > 0 ? (
        <Notice
          look="attention"
          title="Another program has your headset’s buttons. Use the keys of the desk: the headset would end or mute the wrong call."
        />
      ) : null}
      {problems.map((problem) => (
        <Notice
          key={problem}
          look="attention"
          title={`${problemWords[problem].title}. Ready is off.`}
          actions={
            problem.startsWith('microphone') ? (
              <Button onClick={() => void execute({ name: 'checkMicrophone' })}>Check the microphone</Button>
            ) : problem === 'registration-refused' ? (
              <Button onClick={() => void execute({ name: 'register' })}>Try again</Button>
            ) : problem === 'check-failed' ? (
              <Button onClick={() => void execute({ name: 'runReadinessCheck' })}>Check again</Button>
            ) : undefined
          }
        >
          <p>{problemWords[problem].whatToDo}</p>
        </Notice>
      ))}
      {missedAt === null ? null : (
        <Notice
          look="attention"
          title={`You missed a call at ${timeOfDay(missedAt)}. It went back to the queue and you are Not ready.`}
          actions={
            <Button
              look="primary"
              shortcut="F8"
              disabled={(snapshot?.readinessProblems.length ?? 1) > 0}
              onClick={() => void execute({ name: 'requestAgentState', request: { name: 'ready' } })}
            >
              Ready again
            </Button>
          }
        />
      )}
    </>
  )
}

function LostCallNotice({ lost, store }: { readonly lost: LostCall; readonly store: CallsStore }) {
  const { execute } = useStore(store)
  const { number } = lost.remote
  const call = async () => {
    if (number === undefined) return
    const begun = await execute({
      name: 'dial',
      target: { kind: 'number', number },
      contactId: lost.contactId,
    })
    if (begun) await execute({ name: 'dismissLostCall', contactId: lost.contactId })
  }
  return (
    <Notice
      look="danger"
      alert
      title={`The telephone stopped at ${timeOfDay(lost.lostAt)} and your call was cut off. ${
        number === undefined
          ? 'The number was withheld, so it cannot be called back.'
          : `Call ${callerWords(lost)} back?`
      } Your notes and step are kept.`}
      actions={
        <>
          {number === undefined ? null : (
            <Button look="primary" onClick={() => void call()}>
              Call back
            </Button>
          )}
          <Button onClick={() => void execute({ name: 'dismissLostCall', contactId: lost.contactId })}>
            {number === undefined ? 'Close this message' : 'Do not call back'}
          </Button>
        </>
      }
    />
  )
}

function LineNotices({ line, store }: { readonly line: Line; readonly store: CallsStore }) {
  const { execute } = useStore(store)
  const supervisor = supervisorNote(line)
  return (
    <>
      {supervisor === null ? null : <Notice look="attention" title={supervisor} alert />}
      {line.referral === null ? null : (
        <Notice
          look="attention"
          alert
          title={`${callerWords(line)} asks to be put through to ${line.referral.to}. Call them?`}
          actions={
            <>
              <Button
                look="primary"
                onClick={() => void execute({ name: 'acceptReferral', lineId: line.id })}
              >
                Yes, call
              </Button>
              <Button onClick={() => void execute({ name: 'declineReferral', lineId: line.id })}>No</Button>
            </>
          }
        />
      )}
    </>
  )
}

/** When nothing can be reached, one message says so instead of two; the check's own list says what it found. */
function shownProblems(
  problems: readonly ReadinessProblem[],
  checkShown: boolean,
): readonly ReadinessProblem[] {
  const both = problems.includes('connection-lost') && problems.includes('council-unreachable')
  return problems.filter((problem) => {
    // It takes seconds and has its own line.
    if (problem === 'check-running') return false
    if (problem === 'check-failed') return !checkShown
    return !(both && problem === 'council-unreachable')
  })
}
