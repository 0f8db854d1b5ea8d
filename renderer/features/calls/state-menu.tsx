import { useStore } from 'zustand'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { CallsStore } from './store.ts'
import { type CodeAndLabel, reasonWords, stateWords } from './words.ts'

export interface StateMenuProps {
  readonly store: CallsStore
  readonly reasons: readonly CodeAndLabel[]
}

/** My state in words, and the choices that change it. The backend decides; this shows what it answered. */
export function StateMenu({ store, reasons }: StateMenuProps) {
  const { snapshot, execute } = useStore(store)
  const words = stateWords(snapshot, reasons)
  const pending = snapshot?.agent?.pending ?? null
  const blocked = (snapshot?.readinessProblems.length ?? 1) > 0
  const inWrapUp = snapshot?.agent?.state.name === 'wrap-up'

  const choose = (id: string) => {
    if (id === 'ready') void execute({ name: 'requestAgentState', request: { name: 'ready' } })
    else if (id === 'extend')
      void execute({ name: 'requestAgentState', request: { name: 'wrap-up', extendSeconds: 60 } })
    else void execute({ name: 'requestAgentState', request: { name: 'not-ready', reason: id } })
  }

  return (
    <MenuButton
      label={`My state: ${words.text}. Change it`}
      className="button state-menu"
      groups={[
        {
          heading: 'Take calls',
          entries: [
            {
              id: 'ready',
              label: 'Ready',
              ...(blocked ? { detail: 'not possible yet', disabled: true } : {}),
            },
            ...(inWrapUp ? [{ id: 'extend', label: 'One more minute of wrap-up' }] : []),
          ],
        },
        {
          heading: 'Not ready',
          entries: reasons.map((reason) => ({ id: reason.code, label: reason.label })),
        },
      ]}
      onChoose={choose}
    >
      <span
        className={`dot dot--${words.tone}${words.tone === 'soft' ? '' : ' dot--full'}`}
        aria-hidden="true"
      />
      <span className="state-menu__words">
        {words.text}
        <StateTime since={words.since} until={words.until} />
        {pending === null ? null : (
          <span className="small quiet">
            {' '}
            then {pending.name === 'not-ready' ? reasonWords(pending.reason, reasons) : 'Ready'}
          </span>
        )}
      </span>
      <span aria-hidden="true">▾</span>
    </MenuButton>
  )
}

function StateTime({
  since,
  until,
}: {
  readonly since: number | undefined
  readonly until: number | undefined
}) {
  const now = useNow()
  if (until !== undefined) return <span className="figures quiet"> {duration(until - now)} left</span>
  return since === undefined ? null : <span className="figures quiet"> {duration(now - since)}</span>
}
