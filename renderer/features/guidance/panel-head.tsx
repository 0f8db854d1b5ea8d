import { Kbd } from '#renderer/ui/kbd.tsx'
import { duration, useNow } from '#renderer/ui/time.ts'
import type { GuidancePanelProps } from './panel-props.ts'

/** Title, language of the call, how many questions at once, and how far the script has come. */
export function PanelHead({ title, view, language, onLanguage, quick, noTimePressure }: GuidancePanelProps) {
  const words = view.finished ? 'Finished' : `Step ${view.progress.step} of about ${view.progress.about}`
  return (
    <header className="guidance__head">
      <h2>{title}</h2>
      <LanguageSwitch language={language} onLanguage={onLanguage} />
      {quick === undefined ? null : (
        <label className="guidance__quick small" title="All questions of a page at once (Alt Q)">
          <input
            type="checkbox"
            checked={quick.on}
            aria-keyshortcuts="Alt+Q"
            onChange={(event) => quick.onToggle(event.target.checked)}
          />
          Quick <Kbd keys="Alt Q" />
        </label>
      )}
      <p className="small quiet figures">
        {words}
        {view.finished || noTimePressure === true ? null : <TimeOnStep since={view.since} />}
      </p>
    </header>
  )
}

const hourMs = 3_600_000

/** Quiet, and not for a step that was left open long ago. */
function TimeOnStep({ since }: { readonly since: string }) {
  const ms = useNow() - Date.parse(since)
  if (ms > hourMs) return null
  return (
    <span className="guidance__time" role="timer" aria-label="Time on this step" aria-live="off">
      {' '}
      · {duration(ms)}
    </span>
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
