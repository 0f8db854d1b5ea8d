import { type KeyboardEvent, useEffect, useRef } from 'react'
import { Button } from '#renderer/ui/button.tsx'
import type { QuotedFact, RunView, StepInput, StepView } from '#shared/guidance/view.ts'
import { AnsweredList } from './answered-list.tsx'
import { StepBody } from './step-body.tsx'
import { stepKey } from './step-keys.ts'
import './guidance.css'

export interface GuidancePanelProps {
  readonly title: string
  readonly view: RunView
  /** Half-typed words by field name, kept by whoever keeps the draft. */
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong with the last answer, in words. */
  readonly error: string | null
  readonly onType: (name: string, text: string) => void
  readonly onInput: (stepId: string, input: StepInput) => void
  readonly onBack: () => void
  readonly onReopen: (stepId: string) => void
  /** Language of the words to read out. */
  readonly language: 'en' | 'cy'
  readonly onLanguage: (language: 'en' | 'cy') => void
}

/** The script, one step at a time. The words to read out are the largest thing on the screen. */
export function GuidancePanel(props: GuidancePanelProps) {
  const { view, title } = props
  return (
    <div className="guidance">
      <header className="guidance__head">
        <h2>{title}</h2>
        <LanguageSwitch language={props.language} onLanguage={props.onLanguage} />
        <p className="small quiet figures">
          {view.finished ? 'Finished' : `Step ${view.progress.step} of about ${view.progress.about}`}
        </p>
      </header>
      <AnsweredList answered={view.answered} dropped={view.dropped.length} onReopen={props.onReopen} />
      {view.current === null ? (
        <FinishedNote view={view} onBack={props.onBack} />
      ) : (
        <CurrentStep {...props} />
      )}
    </div>
  )
}

const languages = [
  { code: 'en', name: 'English' },
  { code: 'cy', name: 'Cymraeg' },
] as const

function LanguageSwitch(props: Pick<GuidancePanelProps, 'language' | 'onLanguage'>) {
  return (
    <fieldset className="language">
      <legend className="visually-hidden">Language of the call</legend>
      {languages.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          className="language__choice"
          aria-pressed={props.language === code}
          onClick={() => props.onLanguage(code)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

function CurrentStep({ view, typed, error, onType, onInput, onBack }: GuidancePanelProps) {
  const section = useRef<HTMLElement>(null)
  const step = view.current
  const stepId = step?.stepId

  // Choosing the caller on the left opens the questions, so the focus goes on to them.
  const opened = step?.kind === 'verify' && step.residentChosen

  // The focus follows the step: into the box to type in, otherwise onto the step, where the number keys work.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `opened` enables the box that takes the focus
  useEffect(() => {
    if (stepId === undefined) return
    const box = section.current?.querySelector<HTMLElement>('[data-step-focus]')
    // The words to read out come into view, not just the box below them.
    section.current?.scrollIntoView({ block: 'nearest' })
    ;(box ?? section.current)?.focus({ preventScroll: true })
  }, [stepId, opened])

  if (step === null) return null

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const action = stepKey(step, typed, event.key, event.target)
    if (action === null) return
    event.preventDefault()
    if (action.kind === 'back') onBack()
    else if (action.kind === 'type') onType(action.name, action.text)
    else onInput(step.stepId, action.input)
  }

  return (
    <section
      ref={section}
      className="step"
      tabIndex={-1}
      aria-labelledby="step-title"
      aria-describedby={step.readAloud === null ? undefined : 'step-read-aloud'}
      onKeyDown={onKeyDown}
    >
      <h3 id="step-title" className="step__title">
        {step.title}
      </h3>
      {step.readAloud === null ? null : (
        <div className="read-aloud" id="step-read-aloud">
          <p className="small quiet">{step.readAloud.verbatim ? 'Read out word for word' : 'Say'}</p>
          <p className="read-aloud__text" lang={step.readAloud.language}>
            “{step.readAloud.text}”
          </p>
          {step.readAloud.inEnglish === null ? null : (
            <p className="quiet">In English: {step.readAloud.inEnglish}</p>
          )}
        </div>
      )}
      {step.withheld ? (
        <p className="quiet">The details are hidden: nobody has been identified on this call.</p>
      ) : null}
      <StepBody
        step={step}
        typed={typed}
        error={error}
        onType={onType}
        onInput={(input) => onInput(step.stepId, input)}
      />
      {step.why === null ? null : (
        <p className="step__why">
          <strong>Why: </strong>
          {step.why}
          <span className="quiet">{asAtWords(step.facts)}</span>
        </p>
      )}
      {view.answered.length === 0 ? null : (
        <div>
          <Button look="plain" {...(isTyped(step) ? {} : { shortcut: 'Backspace' })} onClick={onBack}>
            Back
          </Button>
        </div>
      )}
    </section>
  )
}

/** In a box to type in, Backspace belongs to the text. */
const isTyped = (step: StepView): boolean => step.kind === 'ask' && step.options.length === 0

/** When the facts that the step quotes were last confirmed, once for facts of the same time. */
function asAtWords(facts: readonly QuotedFact[]): string {
  const times = [...new Set(facts.map((fact) => fact.asAtWords))]
  return times.length === 0 ? '' : ` (${times.join('; ')})`
}

function FinishedNote({ view, onBack }: { readonly view: RunView; readonly onBack: () => void }) {
  const section = useRef<HTMLElement>(null)
  useEffect(() => section.current?.focus(), [])
  return (
    <section ref={section} className="step" tabIndex={-1} aria-label="Script finished">
      <h3 className="step__title">{view.outcome?.title ?? 'The script is finished'}</h3>
      {view.outcome === null || view.outcome.promises.length === 0 ? null : (
        <>
          <p>Promised to the caller:</p>
          <ul className="step__promises">
            {view.outcome.promises.map((promise) => (
              <li key={promise}>{promise}</li>
            ))}
          </ul>
        </>
      )}
      <p className="quiet">
        Save the work, end the call when you have said goodbye, then finish the wrap-up.
      </p>
      <div>
        <Button look="plain" onClick={onBack}>
          Back into the script
        </Button>
      </div>
    </section>
  )
}
