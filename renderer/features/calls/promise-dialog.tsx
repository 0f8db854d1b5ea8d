import { useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Field } from '#renderer/ui/field.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import { spokenNumber } from '#renderer/ui/telephone.ts'
import { readDialText } from './dial-reading.ts'
import { type PromiseFields, promiseProblem } from './history-words.ts'
import type { PromiseAbout, TelephoneStore } from './telephone.ts'

export interface PromiseDialogProps {
  readonly telephone: TelephoneStore
  readonly about: PromiseAbout
  readonly now: number
}

const hourMs = 3_600_000

/** Promises someone a call: whom, on which number, why, and between which times. */
export function PromiseDialog({ telephone, about, now }: PromiseDialogProps) {
  const { close, savePromise, saveError } = useStore(telephone)
  const [fields, setFields] = useState<PromiseFields>(() => firstFields(about, now))
  const [mine, setMine] = useState(true)
  const [problem, setProblem] = useState<string | null>(null)
  const change = (part: Partial<PromiseFields>) => {
    setFields({ ...fields, ...part })
    setProblem(null)
  }

  const save = async () => {
    const reading = readDialText(fields.number)
    const number = reading?.target.kind === 'number' ? reading.target.number : null
    const wrong = promiseProblem(fields, number !== null, Date.now())
    setProblem(wrong)
    if (wrong !== null || number === null) return
    const saved = await savePromise({
      number,
      name: fields.name.trim(),
      reason: fields.reason.trim(),
      residentId: about.residentId,
      caseId: about.caseId,
      contactId: about.contactId,
      queueId: about.queueId,
      dueFrom: new Date(`${fields.day}T${fields.from}`).toISOString(),
      dueBy: new Date(`${fields.day}T${fields.by}`).toISOString(),
      mine,
    })
    if (saved) close()
  }

  return (
    <Dialog title="Promise a call" open onClose={close}>
      <form
        className="promise"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {problem === null ? null : <Notice look="danger" title={problem} alert />}
        {saveError === null ? null : <Notice look="danger" title={errorWords(saveError)} alert />}
        <div className="promise__two">
          <Field label="Telephone number">
            {(control) => (
              <input
                {...control}
                autoFocus={about.number === null}
                autoComplete="off"
                value={fields.number}
                onChange={(event) => change({ number: event.target.value })}
              />
            )}
          </Field>
          <Field label="Whom to ask for">
            {(control) => (
              <input
                {...control}
                autoFocus={about.number !== null}
                autoComplete="off"
                maxLength={200}
                value={fields.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Field label="What it is about">
          {(control) => (
            <textarea
              {...control}
              rows={2}
              maxLength={900}
              value={fields.reason}
              onChange={(event) => change({ reason: event.target.value })}
            />
          )}
        </Field>
        <div className="promise__three">
          <Field label="Day">
            {(control) => (
              <input
                {...control}
                type="date"
                value={fields.day}
                onChange={(event) => change({ day: event.target.value })}
              />
            )}
          </Field>
          <Field label="Between">
            {(control) => (
              <input
                {...control}
                type="time"
                value={fields.from}
                onChange={(event) => change({ from: event.target.value })}
              />
            )}
          </Field>
          <Field label="and">
            {(control) => (
              <input
                {...control}
                type="time"
                value={fields.by}
                onChange={(event) => change({ by: event.target.value })}
              />
            )}
          </Field>
        </div>
        <label className="check">
          <input type="checkbox" checked={mine} onChange={(event) => setMine(event.target.checked)} />I make
          this call myself. Otherwise anyone of the queue may.
        </label>
        <div className="dialog__actions">
          <Button look="primary" submit>
            Save the promise
          </Button>
          <Button onClick={close}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** From the next full hour on, for two hours. */
function firstFields(about: PromiseAbout, now: number): PromiseFields {
  const from = new Date(Math.ceil((now + 1) / hourMs) * hourMs)
  const by = new Date(from.getTime() + 2 * hourMs)
  const sameDay = from.toDateString() === by.toDateString()
  return {
    number: about.number === null ? '' : spokenNumber(about.number),
    name: about.name,
    reason: '',
    day: localDay(from),
    from: localTime(from),
    by: sameDay ? localTime(by) : '23:59',
  }
}

const two = (value: number): string => String(value).padStart(2, '0')
const localDay = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
const localTime = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`
