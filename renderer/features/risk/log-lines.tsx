import { useEffect, useRef } from 'react'
import { timeToSecond } from '#renderer/ui/time.ts'

export interface LogLinesProps {
  readonly lines: readonly {
    readonly id: string
    /** ISO 8601, or milliseconds since 1970. */
    readonly at: number | string
    readonly text: string
    readonly kept?: 'saving' | 'saved' | 'failed'
  }[]
}

/** The log second by second; the newest line stays in view. */
export function LogLines({ lines }: LogLinesProps) {
  const list = useRef<HTMLOListElement>(null)
  // Only the list scrolls: the calls above it stay where they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest line comes into view
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [lines.length])
  return (
    <ol ref={list} className="risk__lines" aria-live="polite" aria-label="Log">
      {lines.length === 0 ? <li className="small quiet">Nothing is written yet.</li> : null}
      {lines.map((line) => (
        <li key={line.id} className="risk__entry">
          <time className="figures small quiet" dateTime={new Date(line.at).toISOString()}>
            {timeToSecond(line.at)}
          </time>
          <span>
            {line.text}
            {line.kept === 'failed' ? <strong className="words--attention"> (not kept)</strong> : null}
          </span>
        </li>
      ))}
    </ol>
  )
}
