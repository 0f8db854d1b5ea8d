import { useEffect, useRef } from 'react'
import type { GuidancePanelProps } from './panel-props.ts'

/** Chords of the panel from anywhere in the window: Alt Q for several questions at once, Alt R for a word on the step. */
export function usePanelKeys({ quick }: Pick<GuidancePanelProps, 'quick'>): {
  readonly current: HTMLDivElement | null
} {
  const panel = useRef<HTMLDivElement>(null)
  const latest = useRef(quick)
  latest.current = quick
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return
      // By place: with Alt held some keyboards give another letter.
      if (event.code === 'KeyQ' && latest.current !== undefined) latest.current.onToggle(!latest.current.on)
      else if (event.code === 'KeyR') panel.current?.querySelector<HTMLElement>('[data-report-step]')?.click()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return panel
}
