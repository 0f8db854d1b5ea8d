import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { timeOfDay } from '#renderer/ui/time.ts'
import type { ReadinessProblem } from '#shared/contract/phone.ts'
import type { CallsStore } from './store.ts'
import { problemWords } from './words.ts'

/** Why the telephone cannot take calls just now, and what to do: a strip under the top bar. */
export function PhoneNotices({ store }: { readonly store: CallsStore }) {
  const { snapshot, error, execute, dismissError } = useStore(store)
  const problems = withoutTwins(snapshot?.readinessProblems ?? [])
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
              disabled={problems.length > 0}
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

/** When nothing can be reached, one message says so instead of two. */
function withoutTwins(problems: readonly ReadinessProblem[]): readonly ReadinessProblem[] {
  const both = problems.includes('connection-lost') && problems.includes('council-unreachable')
  return both ? problems.filter((problem) => problem !== 'council-unreachable') : problems
}
