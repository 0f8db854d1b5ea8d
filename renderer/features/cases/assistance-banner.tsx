import type { Draft } from '#shared/contract/draft.ts'
import { assistanceWords } from './assistance-words.ts'

export interface AssistanceBannerProps {
  readonly assistance: Draft['assistance']
  readonly language: 'en' | 'cy'
}

/** What to do on a relay, interpreted or Welsh call, for as long as it lasts. */
export function AssistanceBanner({ assistance, language }: AssistanceBannerProps) {
  const shown = assistanceWords(assistance, language)
  return (
    <div role="status">
      {shown === null ? null : (
        <div className="assistance">
          <p className="assistance__title">{shown.title}</p>
          <ul className="assistance__lines small">
            {shown.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
