import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { useNow } from '#renderer/ui/time.ts'
import type { Callback } from '#shared/contract/rest.ts'
import type { CallsTabProps } from './calls-tab.ts'
import { dueWords } from './history-words.ts'

/** Calls that were promised, soonest first. */
export function PromisedCalls({ telephone, queueName, run }: CallsTabProps) {
  const { promised, saveError, open, closePromise, contactFor } = useStore(telephone)
  const [givingUp, setGivingUp] = useState<string | null>(null)
  const now = useNow()

  const call = async (callback: Callback) => {
    const contactId = await contactFor(callback)
    await run({ name: 'dial', target: { kind: 'number', number: callback.number }, contactId })
  }

  return (
    <>
      {saveError === null ? null : <Notice look="danger" title={errorWords(saveError)} alert />}
      {promised.length === 0 ? (
        <p className="quiet">No call is promised to anyone, by you or in your queues.</p>
      ) : (
        <ul className="rows">
          {promised.map((callback) => {
            const due = dueWords(callback, now)
            const queue = callback.queueId === null ? undefined : queueName(callback.queueId)
            return (
              <li key={callback.id}>
                <span className="rows__words">
                  <strong>
                    {callback.name}, <span className="figures">{spokenNumber(callback.number)}</span>
                  </strong>
                  <span className={`small figures words--${due.tone}`}>{due.text}</span>
                  <span className="small quiet">
                    {[callback.reason, queue, callback.assignedTo === null ? 'anyone of the queue' : 'you']
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                <span className="dialog__actions">
                  <Button
                    look="primary"
                    className="button--small"
                    aria-label={`Call ${callback.name} now`}
                    onClick={() => void call(callback)}
                  >
                    Call now
                  </Button>
                  <Button
                    className="button--small"
                    aria-label={`The call to ${callback.name} is done`}
                    onClick={() => void closePromise(callback, { name: 'done' })}
                  >
                    Done
                  </Button>
                  <Button
                    className="button--small"
                    aria-label={`Give up the call to ${callback.name}`}
                    aria-expanded={givingUp === callback.id}
                    onClick={() => setGivingUp(givingUp === callback.id ? null : callback.id)}
                  >
                    Give up…
                  </Button>
                </span>
                {givingUp === callback.id ? (
                  <GiveUp
                    onGiveUp={async (why) => {
                      if (await closePromise(callback, { name: 'given-up', why })) setGivingUp(null)
                    }}
                  />
                ) : null}
              </li>
            )
          })}
        </ul>
      )}
      <div>
        <Button
          onClick={() =>
            open({
              name: 'promise',
              about: {
                number: null,
                name: '',
                residentId: null,
                caseId: null,
                contactId: null,
                queueId: null,
              },
            })
          }
        >
          Promise a call
        </Button>
      </div>
    </>
  )
}

function GiveUp({ onGiveUp }: { readonly onGiveUp: (why: string) => Promise<void> }) {
  const [why, setWhy] = useState('')
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <form
      className="give-up"
      onSubmit={(event) => {
        event.preventDefault()
        if (why.trim() !== '') void onGiveUp(why.trim())
      }}
    >
      <Field
        label="Why nobody calls any more"
        hint="For example: tried three times, or the resident called us."
      >
        {(control) => (
          <input
            {...control}
            ref={box}
            maxLength={300}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        )}
      </Field>
      <Button submit disabled={why.trim() === ''}>
        Give this call up
      </Button>
    </form>
  )
}
