import { AskBody } from './ask-step.tsx'
import { Continue } from './continue.tsx'
import { HandOverList } from './hand-over-list.tsx'
import { LookupBody } from './lookup-step.tsx'
import { PayBody } from './pay-step.tsx'
import { SignpostBody } from './signpost-step.tsx'
import type { StepBodyProps } from './step-body-props.ts'
import { VerifyStep } from './verify-step.tsx'

/** The part of a step that takes the answer. */
export function StepBody(props: StepBodyProps) {
  const { step } = props
  const goOn = <Continue label={step.continueLabel} error={props.error} onInput={props.onInput} />
  switch (step.kind) {
    case 'ask':
      return <AskBody {...props} step={step} />
    case 'verify':
      return <VerifyStep {...props} step={step} />
    case 'signpost':
      return (
        <>
          <SignpostBody {...props} step={step} />
          {goOn}
        </>
      )
    case 'lookup':
      return (
        <>
          <LookupBody step={step} records={props.support.lookup} />
          {goOn}
        </>
      )
    case 'pay':
      return <PayBody {...props} step={step} />
    case 'transfer':
    case 'escalate':
      return (
        <>
          {step.urgency === null ? null : (
            <p className={urgencyLook[step.urgency]}>{urgencyWords[step.urgency]}</p>
          )}
          <HandOverList {...props} to={step.to} />
          {goOn}
        </>
      )
    case 'outcome':
      return (
        <>
          <p className="quiet">
            {step.wantsCase
              ? 'A case is raised with what was said.'
              : 'No case is needed: the contact is kept.'}
          </p>
          {step.promises.length === 0 ? null : (
            <div className="step__actions">
              <p>You promise:</p>
              <ul className="step__promises">
                {step.promises.map((promise) => (
                  <li key={promise}>{promise}</li>
                ))}
              </ul>
            </div>
          )}
          {goOn}
        </>
      )
    default:
      return goOn
  }
}

const urgencyWords = {
  now: 'Now, while the caller is on the telephone.',
  today: 'Today, before you go home.',
  soon: 'In the next days.',
} as const

const urgencyLook = {
  now: 'words--danger urgency',
  today: 'words--attention urgency',
  soon: 'quiet',
} as const
