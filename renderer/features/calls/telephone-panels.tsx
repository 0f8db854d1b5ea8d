import { useStore } from 'zustand'
import { isLive } from '#shared/calls/line.ts'
import { partyWords } from './caller-words.ts'
import { CallsDialog } from './calls-dialog.tsx'
import { DialAsked } from './dial-asked.tsx'
import { DialDialog } from './dial-dialog.tsx'
import { Keypad } from './keypad.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { PassOnDialog } from './pass-on-dialog.tsx'
import { PromiseDialog } from './promise-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

export interface TelephonePanelsProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  /** The guidance is at a payment: digits are not shown. */
  readonly paying: boolean
  readonly queueName: (id: string) => string | undefined
  /** What a colleague is told when the call in hand is passed on, a line each. */
  readonly along: readonly string[]
  /** Language of the call in hand. */
  readonly language: 'en' | 'cy'
}

/** Whatever dialog of the telephone is open. */
export function TelephonePanels(props: TelephonePanelsProps) {
  const { asked } = useStore(props.telephone)
  return asked === null ? <OpenPanel {...props} /> : <DialAsked {...props} />
}

function OpenPanel({ store, telephone, paying, queueName, along, language }: TelephonePanelsProps) {
  const { panel, close } = useStore(telephone)
  const { snapshot } = useStore(store)
  switch (panel?.name) {
    case 'dial':
      return <DialDialog store={store} telephone={telephone} language={language} text={panel.text ?? ''} />
    case 'pass-on':
      return (
        <PassOnDialog
          store={store}
          telephone={telephone}
          command={panel.command}
          to={panel.to}
          along={along}
        />
      )
    case 'calls':
      return <CallsDialog store={store} telephone={telephone} tab={panel.tab} queueName={queueName} />
    case 'promise':
      return <PromiseDialog telephone={telephone} about={panel.about} now={Date.now()} />
    case 'report':
      return <ReportDialog store={store} telephone={telephone} contactId={panel.contactId} />
    case 'keys':
      return <KeysDialog onClose={close} />
    case 'keypad': {
      const line = snapshot?.lines.find((each) => each.id === panel.lineId)
      return line === undefined || !isLive(line) ? null : (
        <Keypad store={store} lineId={line.id} who={partyWords(line)} masked={paying} onClose={close} />
      )
    }
    default:
      return null
  }
}
