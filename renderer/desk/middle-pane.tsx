import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import {
  CheckLine,
  callerWords,
  callIsOver,
  lineInHand,
  linesOf,
  ReadinessPanel,
} from '#renderer/features/calls/index.ts'
import { AssistanceBanner, UnfinishedList } from '#renderer/features/cases/index.ts'
import { PracticePanel } from '#renderer/features/practice/index.ts'
import { channelWords } from '#renderer/features/scripts/index.ts'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Me } from '#shared/contract/rest.ts'
import { NoScript, OpenContacts, OtherScripts } from './choosing.tsx'
import type { Desk } from './compose.ts'
import { finishContact, setContactAside } from './finish-contact.ts'
import { GuidanceSide } from './guidance-side.tsx'

export interface MiddlePaneProps {
  readonly desk: Desk
  readonly onDevices: () => void
}

/** The eyes rest here: the script during a contact, the ringing call before it, what can be done between calls. */
export function MiddlePane({ desk, onDevices }: MiddlePaneProps) {
  const line = useStore(desk.calls, (state) => lineInHand(linesOf(state)))
  const draft = useStore(desk.contact, (state) => state.draft)
  const ringing = line?.state.name === 'ringing' ? line : undefined
  if (ringing !== undefined && draft === null) return <Ringing line={ringing} desk={desk} />
  if (draft !== null) return <Contact desk={desk} />
  return <BetweenCalls desk={desk} onDevices={onDevices} />
}

function Ringing({ line, desk }: { readonly line: Line; readonly desk: Desk }) {
  const { execute } = desk.calls.getState()
  const now = useNow()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="ringing" role="alert">
      <h2 ref={heading} tabIndex={-1}>
        {line.queue === null ? 'A call for you' : line.queue.name}
      </h2>
      <p className="ringing__number figures">{callerWords(line)}</p>
      <p className="quiet figures">
        Ringing for {duration(now - line.times.invitedAt)}
        {line.waitedMs === null ? '' : `, waited ${duration(line.waitedMs)} in the queue`}
      </p>
      <div className="ringing__actions">
        <Button
          look="primary"
          shortcut="F2"
          onClick={() => void execute({ name: 'answer', lineId: line.id })}
        >
          Answer
        </Button>
        <Button shortcut="Ctrl F2" onClick={() => void execute({ name: 'reject', lineId: line.id })}>
          Decline
        </Button>
      </div>
    </section>
  )
}

function Contact({ desk }: { readonly desk: Desk }) {
  const contact = useStore(desk.contact)
  const { draft, script, view, scriptError } = contact
  const { snapshot } = useStore(desk.calls)
  const ended = callIsOver(snapshot, draft?.contactId)

  return (
    <div className="contact">
      <OpenContacts desk={desk} />
      {draft === null ? null : (
        <AssistanceBanner
          assistance={draft.assistance}
          language={draft.language ?? contact.resident?.resident.language ?? 'en'}
        />
      )}
      {ended && draft !== null ? (
        <Notice
          title={
            draft.channel === 'telephone' && draft.endedAt !== null
              ? 'The call has ended. Check the case and its notes, then finish the contact.'
              : `${channelWords(draft.channel)}: when all is written, check the case and its notes, then finish it.`
          }
          actions={
            <>
              <Button
                look="primary"
                shortcut="F9"
                disabled={contact.saveState.name === 'saving'}
                onClick={() => void finishContact(desk)}
              >
                Finish this contact
              </Button>
              <Button onClick={() => void setContactAside(desk)}>Finish it later</Button>
            </>
          }
        />
      ) : null}
      {scriptError !== null && scriptError.code !== 'guidance/no-script' ? (
        <Notice look="attention" title="There is no script for this call on this desk" alert>
          <p>Help the caller without it and write a note on the right. {errorWords(scriptError)}</p>
        </Notice>
      ) : null}
      {script === null || view === null || draft === null ? (
        scriptError === null ? (
          <p role="status">Opening the script…</p>
        ) : (
          <NoScript desk={desk} />
        )
      ) : (
        <>
          <OtherScripts desk={desk} draft={draft} />
          <GuidanceSide desk={desk} draft={draft} script={script} view={view} ended={ended} />
        </>
      )}
    </div>
  )
}

function BetweenCalls({ desk, onDevices }: MiddlePaneProps) {
  const { snapshot, execute } = useStore(desk.calls)
  const { me } = useStore(desk.records)
  const { practice } = useStore(desk.session)
  const { unfinished, resume } = useStore(desk.contact)
  const state = snapshot?.agent?.state.name
  const blocked = (snapshot?.readinessProblems.length ?? 1) > 0

  return (
    <div className="between">
      <section className="between__state">
        <h2>{state === 'ready' ? 'Waiting for a call' : 'You are not taking calls'}</h2>
        <p className="quiet">{queuesWords(me)}</p>
        {state === 'ready' ? null : (
          <div>
            <Button
              look="primary"
              shortcut="F8"
              disabled={blocked}
              onClick={() => void execute({ name: 'requestAgentState', request: { name: 'ready' } })}
            >
              Ready for calls
            </Button>
          </div>
        )}
        <div>
          <Button shortcut="Shift F9" onClick={() => desk.scripts.getState().beginNew()}>
            New contact without a call
          </Button>
        </div>
        <CheckLine store={desk.calls} />
      </section>
      <UnfinishedList
        drafts={unfinished}
        queueName={(id) => me?.queues.find((queue) => queue.id === id)?.name ?? 'Contact'}
        onResume={(contactId) => void resume(contactId)}
      />
      {practice?.name === 'running' ? (
        <PracticePanel status={practice} gateway={desk.practice} ready={state === 'ready'} />
      ) : null}
      <ReadinessPanel store={desk.calls} onDevices={onDevices} />
    </div>
  )
}

function queuesWords(me: Me | null): string {
  if (me === null) return 'Your queues are being read.'
  if (me.queues.length === 0) return 'You have no queues: only direct calls come to you.'
  return `Your queues: ${me.queues.map(({ name }) => name).join(', ')}.`
}
