import { useEffect } from 'react'
import { useStore } from 'zustand'
import { GuidancePanel } from '#renderer/features/guidance/index.ts'
import { Button } from '#renderer/ui/button.tsx'
import { errorWords } from '#renderer/ui/error-words.ts'
import { Notice } from '#renderer/ui/notice.tsx'
import type { PreviewNews } from '#shared/contract/preview.ts'
import type { RunView } from '#shared/guidance/view.ts'
import type { PreviewStore } from './preview-store.ts'
import './preview.css'

/** The guidance panel on a file being written, what is wrong with the file, and what the call would leave behind. */
export function PreviewPage({ store }: { readonly store: PreviewStore }) {
  const preview = useStore(store)
  const { news, script, view, outdated, error, escalate } = preview
  useEscalationKey(escalate)
  if (news === null)
    return (
      <main className="preview">
        <p role="status">Reading the script…</p>
      </main>
    )
  return (
    <div className="preview">
      <header className="preview__head">
        <h1>{news.file}</h1>
        <p role="status" className="quiet">
          {stateWords(news)}
        </p>
        <div className="preview__actions">
          <Button onClick={preview.startAgain} disabled={view === null}>
            Start again
          </Button>
        </div>
      </header>
      <main className="preview__panel">
        {outdated ? (
          <Notice
            look="attention"
            title={
              script === null
                ? 'The file cannot be shown yet. Mend what is listed, and save.'
                : 'The file cannot be shown as it is now. Below is how it was before.'
            }
          />
        ) : null}
        {script === null || view === null ? null : (
          <GuidancePanel
            title={script.title}
            view={view}
            typed={preview.typed}
            error={error === null ? null : errorWords(error)}
            onType={preview.type}
            onInput={preview.answer}
            onBack={preview.back}
            onReopen={preview.reopen}
            language={preview.language}
            onLanguage={preview.setLanguage}
            welshReviewed={script.cyReviewed}
            onEscalate={escalate}
          />
        )}
      </main>
      <aside className="preview__side" aria-label="What is wrong, and what the call leaves behind">
        <Findings news={news} />
        {view === null ? null : <Result view={view} />}
      </aside>
    </div>
  )
}

/** The desk's key for it. */
function useEscalationKey(escalate: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'F12' || !event.shiftKey) return
      event.preventDefault()
      escalate()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [escalate])
}

function stateWords({ findings }: PreviewNews): string {
  if (findings.length === 0) return 'May be published: every proof and every test call holds.'
  return findings.length === 1 ? 'One thing to mend.' : `${findings.length} things to mend.`
}

function Findings({ news: { findings } }: { readonly news: PreviewNews }) {
  if (findings.length === 0) return null
  return (
    <section aria-labelledby="to-mend">
      <h2 id="to-mend">To mend before it is published</h2>
      <ol className="preview__findings">
        {findings.map(({ line, stepId, problem, fix }) => (
          <li key={`${line} ${problem}`}>
            <p>
              <strong className="figures">Line {line}</strong>
              {stepId === null ? '' : `, step ${stepId}`}: {problem}
            </p>
            <p className="quiet small">{fix}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Result({ view }: { readonly view: RunView }) {
  const { subject, fieldWords, fieldLabels } = view.caseDraft
  const fields = Object.entries(fieldWords)
  return (
    <>
      <section aria-labelledby="case">
        <h2 id="case">Case</h2>
        <p>{subject}</p>
        <dl className="facts small">
          {fields.map(([name, words]) => (
            <div key={name} className="preview__fact">
              <dt>{fieldLabels[name] ?? name}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        {view.outcome === null ? null : (
          <p className="small">
            {view.outcome.title}. Wrap-up code: {view.outcome.disposition}.{' '}
            {view.outcome.wantsCase ? 'A case is made.' : 'No case is made.'}
          </p>
        )}
      </section>
      <section aria-labelledby="notes">
        <h2 id="notes">Notes</h2>
        <p className="preview__notes small">
          {view.notes === '' ? 'The answers write the notes.' : view.notes}
        </p>
        {view.missingFacts.length === 0 ? null : (
          <p className="small">
            No value in the test facts: {view.missingFacts.join(', ')}. A council gives its own.
          </p>
        )}
      </section>
    </>
  )
}
