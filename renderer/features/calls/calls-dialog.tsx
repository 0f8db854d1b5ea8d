import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { timeOfDay, useNow } from '#renderer/ui/time.ts'
import type { PhoneCommand } from '#shared/contract/phone.ts'
import type { CallsTabProps } from './calls-tab.ts'
import { historyWords, redialTarget } from './history-words.ts'
import { PromisedCalls } from './promised-calls.tsx'
import type { CallsStore } from './store.ts'
import type { CallsTab, TelephoneStore } from './telephone.ts'
import { voicemailTarget } from './voicemail.ts'

export interface CallsDialogProps {
  readonly store: CallsStore
  readonly telephone: TelephoneStore
  readonly tab: CallsTab
  readonly queueName: (id: string) => string | undefined
}

/** Earlier calls, promised calls and voicemail, each with what can be done about it. */
export function CallsDialog({ store, telephone, tab, queueName }: CallsDialogProps) {
  const { execute, error } = useStore(store)
  const { open, close, promised } = useStore(telephone)
  const [refused, setRefused] = useState(false)

  const run = async (command: PhoneCommand) => {
    const done = await execute(command)
    setRefused(!done)
    if (done) close()
  }
  const props = { store, telephone, queueName, run }

  return (
    <Dialog title="Calls" open wide onClose={close}>
      {refused && error !== null ? <Notice look="danger" title={errorWords(error)} alert /> : null}
      <Tabs
        label="Calls"
        shown={tab}
        onShow={(shown) => open({ name: 'calls', tab: shown })}
        tabs={[
          { id: 'recent', title: 'Recent', content: <RecentCalls {...props} /> },
          {
            id: 'promised',
            title: promised.length === 0 ? 'Promised' : `Promised (${promised.length})`,
            content: <PromisedCalls {...props} />,
          },
          { id: 'voicemail', title: 'Voicemail', content: <Voicemail {...props} /> },
        ]}
      />
      <div className="dialog__actions">
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  )
}

function RecentCalls({ telephone, queueName, run }: CallsTabProps) {
  const { history, historyError, open } = useStore(telephone)
  const [missedOnly, setMissedOnly] = useState(false)
  const now = useNow()
  if (history === null)
    return historyError === null ? (
      <p role="status">Your calls are being read…</p>
    ) : (
      <Notice look="attention" title={errorWords(historyError)} />
    )
  const shown = history.calls.filter((call) => !missedOnly || call.outcome === 'missed')
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={missedOnly}
          onChange={(event) => setMissedOnly(event.target.checked)}
        />
        Only missed calls
      </label>
      {shown.length === 0 ? (
        <p className="quiet">{missedOnly ? 'You have missed no call.' : 'You have had no calls yet.'}</p>
      ) : (
        <ul className="rows calls__rows">
          {shown.map((call) => {
            const words = historyWords(call, queueName, now)
            const target = redialTarget(call)
            return (
              <li key={call.callId}>
                <span className="rows__words">
                  <strong className="figures">{words.who}</strong>
                  <span className={`small figures ${words.missed ? 'words--attention' : 'quiet'}`}>
                    {words.what}
                  </span>
                </span>
                {target === null ? null : (
                  <span className="dialog__actions">
                    <Button
                      className="button--small"
                      aria-label={`Call ${words.who}`}
                      onClick={() => void run({ name: 'dial', target })}
                    >
                      Call
                    </Button>
                    <Button
                      className="button--small"
                      aria-label={`Promise ${words.who} a call`}
                      onClick={() =>
                        open({
                          name: 'promise',
                          about: {
                            number: call.number,
                            name: call.name ?? '',
                            residentId: null,
                            caseId: null,
                            contactId: null,
                            queueId: call.queueId,
                          },
                        })
                      }
                    >
                      Promise a call
                    </Button>
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      )}
      <p className="small quiet">As at {timeOfDay(history.asAt)}</p>
    </>
  )
}

function Voicemail({ store, telephone, run }: CallsTabProps) {
  const { snapshot } = useStore(store)
  const { directory } = useStore(telephone)
  const voicemail = snapshot?.voicemail ?? null
  if (voicemail === null)
    return <p className="quiet">The switchboard does not say whether messages wait for you.</p>
  const { newMessages, oldMessages } = voicemail
  return (
    <>
      <p>
        {newMessages === 0
          ? 'No new message.'
          : newMessages === 1
            ? '1 new message waits for you.'
            : `${newMessages} new messages wait for you.`}{' '}
        <span className="quiet">{oldMessages === 0 ? '' : `${oldMessages} heard before.`}</span>
      </p>
      <div>
        <Button look="primary" onClick={() => void run({ name: 'dial', target: voicemailTarget(directory) })}>
          Call voicemail
        </Button>
      </div>
    </>
  )
}
