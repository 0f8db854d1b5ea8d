import { PopoverButton } from '#renderer/ui/popover.tsx'
import type { Line } from '#shared/contract/phone.ts'
import { codecWords, qualityWords } from './line-notes.ts'

/** The sound in one word; its figures on demand. */
export function QualityChip({ line }: { readonly line: Line }) {
  const { quality } = line
  if (quality === null || line.state.name === 'ended') return null
  const words = qualityWords(quality)
  return (
    <PopoverButton
      label={`Sound: ${words.level}. Show the figures`}
      className={`chip chip--${words.tone}`}
      content={
        <>
          <p>
            <strong>Sound: {words.level.toLowerCase()}</strong>
          </p>
          {words.alerts.map((alert) => (
            <p key={alert} className="words--attention">
              {alert}
            </p>
          ))}
          <dl className="facts small figures">
            <dt>Clearness</dt>
            <dd>{quality.mos.toFixed(1)} of 4.5 (MOS)</dd>
            <dt>Lost</dt>
            <dd>{quality.lossPercent.toFixed(1)} %</dd>
            <dt>Unsteadiness</dt>
            <dd>{Math.round(quality.jitterMs)} ms (jitter)</dd>
            <dt>Delay</dt>
            <dd>
              {quality.roundTripMs === null
                ? 'not known yet'
                : `${Math.round(quality.roundTripMs)} ms there and back`}
            </dd>
            <dt>Sent as</dt>
            <dd>{codecWords(quality.codec)}</dd>
          </dl>
        </>
      }
    >
      <span>Sound: {words.level}</span>
      {words.alerts.length === 0 ? null : <span aria-hidden="true">!</span>}
    </PopoverButton>
  )
}
