import { useStore } from 'zustand'
import { useShallow } from 'zustand/shallow'
import { MenuButton, type MenuGroup } from '#renderer/ui/menu.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import { isUp } from '#shared/calls/line.ts'
import type { AgentState } from '#shared/contract/rest.ts'
import { type StateChoice, stateChoices } from './state-choices.ts'
import type { CallsState, CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'
import { type CodeAndLabel, reasonWords, type Standing, type StateWords, stateWords } from './words.ts'

export interface StateMenuProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  readonly reasons: readonly (CodeAndLabel & { readonly limitMinutes?: number | undefined })[]
  /** The contact in hand takes the time it needs: neither it nor its wrap-up is counted here. */
  readonly unhurried?: boolean
}

/** My state in words, and the choices that change it. The backend decides; this shows what it answered. */
export function StateMenu({ store, telephone, reasons, unhurried = false }: StateMenuProps) {
  const standing = useStore(store, useShallow(standingOf))
  const { execute } = store.getState()
  const isOpen = useStore(telephone, ({ panel }) => panel?.name === 'state')
  const { open, close } = telephone.getState()
  const hasAnswered = useStore(store, ({ snapshot }) => snapshot?.lines.some(isUp) ?? false)
  const words = stateWords(standing, reasons, hasAnswered)
  const pending = standing?.agent?.pending ?? null
  const groups = stateChoices(standing, reasons)

  const choose = (id: string) => {
    const choice = groups.flatMap(({ choices }) => choices).find((each) => each.id === id)
    if (choice !== undefined) void execute({ name: 'requestAgentState', request: choice.request })
  }

  return (
    <MenuButton
      label={`My state: ${words.text}. Change it`}
      className="button state-menu"
      groups={groups.map(({ heading, choices }): MenuGroup => ({ heading, entries: choices.map(asEntry) }))}
      onChoose={choose}
      open={isOpen}
      onOpen={(wanted) => (wanted ? open({ name: 'state' }) : close())}
    >
      <span
        className={`dot dot--${words.tone}${words.tone === 'soft' ? '' : ' dot--full'}`}
        aria-hidden="true"
      />
      <span className="state-menu__words">
        {words.text}
        {unhurried && isOfContact(standing?.agent?.state.name) ? null : <StateTime words={words} />}
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

/** All that the menu is made of; the calls themselves change without it. */
const standingOf = ({ snapshot }: CallsState): Standing | null =>
  snapshot === null ? null : { agent: snapshot.agent, readinessProblems: snapshot.readinessProblems }

const isOfContact = (name: AgentState['name'] | undefined): boolean =>
  name === 'on-call' || name === 'wrap-up'

const asEntry = ({ id, label, detail, disabled }: StateChoice) => ({
  id,
  label,
  ...(detail === undefined ? {} : { detail }),
  ...(disabled ? { disabled } : {}),
})

function StateTime({ words }: { readonly words: StateWords }) {
  const now = useNow()
  const { since, until, limitMs } = words
  if (until !== undefined) return <span className="figures quiet"> {duration(until - now)} left</span>
  if (since === undefined) return null
  return (
    <span className="figures quiet">
      {' '}
      {duration(now - since)}
      {limitMs === undefined ? '' : ` of ${duration(limitMs)}`}
    </span>
  )
}
