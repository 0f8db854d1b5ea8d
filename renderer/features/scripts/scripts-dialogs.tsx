import { type KeyboardEvent, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import { type ChannelChoice, channelChoices } from './channel-words.ts'
import { ScriptList } from './script-list.tsx'
import type { Channel, ScriptsStore } from './scripts-store.ts'

/** Finding a script, beginning a contact without a call, and which case goes on: one at a time. */
export function ScriptsDialogs({ store }: { readonly store: ScriptsStore }) {
  const { shown } = useStore(store)
  switch (shown.name) {
    case 'nothing':
      return null
    case 'find':
      return <FindScript store={store} />
    case 'new':
      return <NewContact store={store} scriptId={shown.scriptId} />
    case 'which-case':
      return <WhichCase store={store} scriptId={shown.scriptId} />
    case 'failed':
      return <NotThere store={store} />
  }
}

function FindScript({ store }: { readonly store: ScriptsStore }) {
  const { search, mostUsed, choose, close } = useStore(store)
  return (
    <Dialog title="Find a script" open wide onClose={close}>
      <ScriptList search={search} mostUsed={mostUsed} onChoose={(scriptId) => void choose(scriptId)} />
      <div className="dialog__actions">
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

function NewContact({ store, scriptId }: { readonly store: ScriptsStore; readonly scriptId: string | null }) {
  const { search, mostUsed, scripts, begin, close } = useStore(store)
  const [channel, setChannel] = useState<Channel>('email')
  const first = scripts.find((entry) => entry.id === scriptId)
  const onKeyDown = (event: KeyboardEvent) => {
    const digit = event.altKey && !event.ctrlKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined
    const choice = digit === undefined ? undefined : channelChoices[Number(digit) - 1]
    if (choice === undefined) return
    setChannel(choice.channel)
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <Dialog title="New contact without a call" open wide onClose={close}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: each key has its radio button too */}
      <div className="new-contact" onKeyDown={onKeyDown}>
        <fieldset className="channels">
          <legend className="field__label">How it came</legend>
          {channelChoices.map((choice, index) => (
            <ChannelOption
              key={choice.channel}
              choice={choice}
              number={index + 1}
              chosen={choice.channel === channel}
              onChoose={() => setChannel(choice.channel)}
            />
          ))}
        </fieldset>
        <ScriptList
          search={search}
          mostUsed={mostUsed}
          first={first}
          onChoose={(chosen) => void begin(channel, chosen)}
        />
      </div>
      <div className="dialog__actions">
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

interface ChannelOptionProps {
  readonly choice: ChannelChoice
  readonly number: number
  readonly chosen: boolean
  readonly onChoose: () => void
}

function ChannelOption({ choice, number, chosen, onChoose }: ChannelOptionProps) {
  return (
    <label className={chosen ? 'channels__choice channels__choice--chosen' : 'channels__choice'}>
      <input type="radio" name="channel" checked={chosen} onChange={onChoose} />
      <Kbd keys={`Alt ${number}`} />
      <span>{choice.words}</span>
    </label>
  )
}

function WhichCase({ store, scriptId }: { readonly store: ScriptsStore; readonly scriptId: string }) {
  const { scripts, choose, close } = useStore(store)
  const title = scripts.find((entry) => entry.id === scriptId)?.title ?? 'the other script'
  return (
    <Dialog title="A case was begun already" open onClose={close}>
      <p>
        Does “{title}” go on with the same case, or is it something else? What you wrote so far stays with its
        script and its case either way.
      </p>
      <div className="dialog__actions">
        <Button look="primary" autoFocus onClick={() => void choose(scriptId, 'new')}>
          Something else: a new case
        </Button>
        <Button onClick={() => void choose(scriptId, 'same')}>The same case</Button>
        <Button onClick={close}>Stay with the present script</Button>
      </div>
    </Dialog>
  )
}

function NotThere({ store }: { readonly store: ScriptsStore }) {
  const { close } = useStore(store)
  return (
    <Dialog title="The script did not open" open onClose={close}>
      <p>
        It is not on this desk, and the council’s service cannot be reached just now. Nothing was changed.
      </p>
      <div className="dialog__actions">
        <Button look="primary" autoFocus onClick={close}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
