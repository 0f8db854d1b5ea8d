import type { KeyboardEvent } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import { Kbd } from '#renderer/ui/kbd.tsx'
import { Notice } from '#renderer/ui/notice.tsx'
import type { Mark, StepInput, VerifyQuestionView, VerifyStepView } from '#shared/guidance/view.ts'
import { guidanceErrorWords } from '#shared/guidance/wording.ts'
import { StepError } from './step-error.tsx'
import { markField, markOf } from './typed-fields.ts'

const markWords: readonly { mark: Mark; label: string }[] = [
  { mark: 'matched', label: 'Matches' },
  { mark: 'not-matched', label: 'Does not match' },
  { mark: 'not-asked', label: 'Not asked' },
]

const partyWords: Record<VerifyStepView['party'], { readonly asked: string; readonly nothing: string }> = {
  resident: { asked: '', nothing: 'Nothing of the record may be opened here' },
  interpreter: {
    asked: 'The interpreter voices both sides: the questions are the resident’s. ',
    nothing: 'Nothing of the record may be opened here',
  },
  'third-party': {
    asked: 'Somebody else speaks: the record must say that they may. ',
    nothing: 'Nothing of the record may be told to somebody else here',
  },
  councillor: {
    asked: 'A councillor speaks: the record must hold the resident’s consent to casework. ',
    nothing: 'Nothing of the record may be told to a councillor here',
  },
}

export interface VerifyStepProps {
  readonly step: VerifyStepView
  readonly typed: Readonly<Record<string, string>>
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  readonly onInput: (input: StepInput) => void
}

/** The identity check: the resident says, the adviser compares with the record and marks. */
export function VerifyStep({ step, typed, error, onType, onInput }: VerifyStepProps) {
  const mark = (question: VerifyQuestionView): Mark => markOf(typed[markField(step.stepId, question.id)])
  const mayCompare = step.residentChosen && step.attemptsLeft > 0 && step.reachable !== 'none'
  const marks = Object.fromEntries(step.questions.map((question) => [question.id, mark(question)]))

  return (
    <form
      className="step__actions"
      onSubmit={(event) => {
        event.preventDefault()
        onInput({ kind: 'identity', marks })
      }}
    >
      {step.ranOut ? (
        <Notice look="attention" title="The earlier check has run out">
          <p className="small">What it opened is masked again. Ask once more before you go on.</p>
        </Notice>
      ) : null}
      {step.reachable === 'none' ? (
        <Notice look="attention" title={partyWords[step.party].nothing}>
          <p className="small">{step.declineLabel}, and help with what needs no record.</p>
        </Notice>
      ) : step.residentChosen ? (
        <p className="small quiet">
          {partyWords[step.party].asked}The record is for comparing only. Let the caller say it first, and
          never read it out. {attempts(step.attemptsLeft)}
        </p>
      ) : (
        <Notice look="attention" title="Choose on the left who is calling, then compare">
          <p className="small">
            With nobody chosen there is nothing to compare. The call can go on without a record.
          </p>
        </Notice>
      )}
      <StepError
        error={error ?? (step.notMatched ? guidanceErrorWords['guidance/identity-not-matched'] : null)}
      />
      {step.questions.map((question, index) => (
        <QuestionRow
          key={question.id}
          question={question}
          mark={mark(question)}
          hasRecord={step.residentChosen}
          enabled={mayCompare}
          first={index === 0}
          onMark={(next) => onType(markField(step.stepId, question.id), next)}
        />
      ))}
      <div className="step__buttons">
        <Button submit look="primary" shortcut="Enter" disabled={!mayCompare}>
          {step.continueLabel}
        </Button>
        <Button onClick={() => onInput({ kind: 'declined' })}>{step.declineLabel}</Button>
      </div>
    </form>
  )
}

function attempts(left: number): string {
  if (left === 0) return 'No attempts are left: carry on without the check.'
  return left === 1 ? 'This is the last attempt.' : `${left} attempts left.`
}

interface QuestionRowProps {
  readonly question: VerifyQuestionView
  readonly mark: Mark
  /** Somebody is chosen to compare with. */
  readonly hasRecord: boolean
  readonly enabled: boolean
  readonly first: boolean
  readonly onMark: (mark: Mark) => void
}

function QuestionRow({ question, mark, hasRecord, enabled, first, onMark }: QuestionRowProps) {
  // 1, 2 and 3 mark the question that has the focus and go on to the next, or to the button after the last.
  const onKeyDown = (event: KeyboardEvent<HTMLFieldSetElement>) => {
    const chosen = markWords[Number(event.key) - 1]
    if (chosen === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onMark(chosen.mark)
    const next = event.currentTarget.nextElementSibling
    next?.querySelector<HTMLElement>('input, button')?.focus()
  }
  return (
    <fieldset className="verify" disabled={!enabled} onKeyDown={onKeyDown}>
      <legend className="verify__question">
        “{question.question}”{question.needed ? null : <span className="small quiet"> if needed</span>}
        {question.inEnglish === null ? null : <span className="small quiet"> ({question.inEnglish})</span>}
      </legend>
      {hasRecord ? (
        <p className="small">
          <span className="quiet">Record: </span>
          {question.recordSays ?? 'nothing recorded'}
        </p>
      ) : null}
      <div className="verify__marks">
        {markWords.map((each, index) => (
          <label
            key={each.mark}
            className={each.mark === mark ? 'verify__mark verify__mark--chosen' : 'verify__mark'}
          >
            <input
              type="radio"
              name={`mark-${question.id}`}
              checked={each.mark === mark}
              data-step-focus={first && index === 0 ? '' : undefined}
              onChange={() => onMark(each.mark)}
            />
            <Kbd keys={String(index + 1)} />
            {each.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
