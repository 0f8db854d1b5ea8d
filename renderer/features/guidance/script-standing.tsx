import { Notice } from '#renderer/ui/notice.tsx'
import { useNow, when } from '#renderer/ui/time.ts'

/** How the version of the script on the screen stands at the council. */
export interface ScriptStandingProps {
  /** This version was taken back, why, and when (ISO 8601). */
  readonly withdrawn?: Withdrawn | null | undefined
  /** A newer version that was taken back, so that this one is in force again. */
  readonly insteadOf?: Withdrawn | null | undefined
  /** While the council cannot be reached: up to when it was known, milliseconds since 1970. */
  readonly knownUntil?: number | null | undefined
}

interface Withdrawn {
  readonly at: string
  readonly why: string
}

export function ScriptStanding({ withdrawn, insteadOf, knownUntil }: ScriptStandingProps) {
  const now = useNow()
  return (
    <>
      {withdrawn == null ? null : (
        <div className="guidance__withdrawn">
          <Notice look="attention" title="This script was withdrawn while you are on it" alert>
            <p className="small">
              {withdrawn.why} Finish this contact with it, take care with what it says, and ask your
              supervisor if in doubt. New contacts begin with the version in force.
            </p>
          </Notice>
        </div>
      )}
      {insteadOf == null || withdrawn != null ? null : (
        <Notice
          title={`This is the earlier version: the newer one was withdrawn (${when(insteadOf.at, now)})`}
        >
          <p className="small">{insteadOf.why}</p>
        </Notice>
      )}
      {knownUntil == null || withdrawn != null ? null : (
        <p className="small quiet">
          Script as at {when(knownUntil, now)}. If it is withdrawn, you are told here once the council can be
          reached.
        </p>
      )}
    </>
  )
}
