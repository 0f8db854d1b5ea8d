import { type KeyboardEvent, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { ChoiceBox, markedOption } from '#renderer/ui/choice-box.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import type { Presence } from '#shared/contract/phone.ts'
import { callerWords } from './caller-words.ts'
import {
  type DialAction,
  type DialOption,
  dialActions,
  dialOptions,
  lineToPassOn,
  spokenOn,
} from './dial-plan.ts'
import { refusalWords } from './dial-reading.ts'
import { emergencyWords, presenceWords } from './dial-words.ts'
import { passOn } from './pass-on.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

export interface DialDialogProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  /** Language of the call in hand. */
  readonly language: 'en' | 'cy'
  /** In the box to begin with. */
  readonly text: string
}

const nobody: Readonly<Record<string, Presence>> = {}

/** Calls someone, asks someone about the call in hand, or passes it on: by name, number or address. */
export function DialDialog({ store, telephone, language, text: begun }: DialDialogProps) {
  const { snapshot, execute, error } = useStore(store)
  const { directory, directoryError, close } = useStore(telephone)
  const [text, setText] = useState(begun)
  const [chosen, setChosen] = useState(0)
  const [refused, setRefused] = useState(false)
  const lines = snapshot?.lines ?? []
  const line = lineToPassOn(lines)
  const presence = snapshot?.presence ?? nobody
  const options = dialOptions(directory, text, line === undefined ? 'en' : language)
  const option = markedOption(options, chosen)
  const actions = option === undefined ? [] : dialActions(option.target, line, lines)

  useEffect(() => {
    const users = directory?.entries.flatMap(({ user }) => (user === null ? [] : [user])) ?? []
    if (users.length > 0) void execute({ name: 'watchPresence', users: users.slice(0, 200) })
  }, [directory, execute])

  const run = async (action: DialAction | undefined) => {
    if (action === undefined) return
    const { command } = action
    if (command.name === 'transfer') {
      const begun = await passOn(store, telephone, command, option?.name ?? '')
      setRefused(!begun)
      // What goes along may be asked for now in its own dialog.
      if (begun && telephone.getState().panel?.name === 'dial') close()
      return
    }
    const done = await execute(command)
    setRefused(!done)
    if (done) close()
  }

  const onKey = (event: KeyboardEvent): boolean => {
    if (event.key !== 'Enter') return false
    void run(actions.find(({ keys }) => keys === keysOf(event)))
    return true
  }

  return (
    <Dialog
      title={line === undefined ? 'Call someone' : 'Call someone, or pass the call on'}
      open
      wide
      onClose={close}
    >
      <div className="dial">
        <ChoiceBox
          label="Name, team, or telephone number"
          listLabel="Whom to call"
          listClass={option?.target.kind === 'emergency' ? 'dial__list dial__list--short' : 'dial__list'}
          text={text}
          options={options}
          marked={chosen}
          idOf={({ id }) => id}
          onText={(next) => {
            setText(next)
            setChosen(0)
            setRefused(false)
          }}
          onMark={setChosen}
          onKey={onKey}
          onClick={(_option, index) => setChosen(index)}
          between={
            <>
              {refused && error !== null ? <Notice look="danger" title={errorWords(error)} alert /> : null}
              {directoryError === null || directory !== null ? null : (
                <p className="small words--attention" role="status">
                  The directory cannot be read just now. Numbers can be called all the same.
                </p>
              )}
            </>
          }
          show={(each) => <OptionWords option={each} presence={presence} />}
        />
        {options.length > 0 ? null : (
          <p className="quiet" role="status">
            {refusalWords(text)}
          </p>
        )}
        {option === undefined ? null : <Warning option={option} talking={spokenOn(lines).length > 0} />}
      </div>
      {line === undefined || option === undefined || option.target.kind === 'emergency' ? null : (
        <p className="small quiet">
          Either way <span className="figures">{callerWords(line)}</span> is put on hold. Passed on without
          asking, they come back to you on hold if {option.name} does not answer.
        </p>
      )}
      <div className="dialog__actions">
        {actions.map((action) => (
          <Button
            key={action.words}
            look={action.look}
            {...(action.keys === null ? {} : { shortcut: action.keys })}
            onClick={() => void run(action)}
          >
            {action.words}
          </Button>
        ))}
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

const keysOf = (event: KeyboardEvent): string => (event.ctrlKey ? 'Ctrl Enter' : 'Enter')

function OptionWords({
  option,
  presence,
}: {
  readonly option: DialOption
  readonly presence: Readonly<Record<string, Presence>>
}) {
  const state = option.entry === null ? null : presenceWords(option.entry, presence)
  return (
    <span className="dial__option">
      <span className="dial__name">
        <strong className="figures">{option.name}</strong>
        <span className="small quiet">{option.detail}</span>
      </span>
      {state === null ? null : (
        <span className={`small dial__presence words--${state.tone}`}>
          <span
            className={`dot dot--${state.tone}${state.tone === 'soft' ? '' : ' dot--full'}`}
            aria-hidden="true"
          />
          {state.text}
        </span>
      )}
    </span>
  )
}

function Warning({ option, talking }: { readonly option: DialOption; readonly talking: boolean }) {
  if (option.target.kind === 'emergency')
    return (
      <Notice look="attention" title={emergencyWords.title}>
        <ul className="dial__told">
          {emergencyWords.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
          {talking ? (
            <li>
              Your caller stays on the line: they hear you, not the operator. Join them when the operator asks
              for it.
            </li>
          ) : null}
        </ul>
      </Notice>
    )
  return option.charge === null ? null : <Notice look="attention" title={option.charge} />
}
