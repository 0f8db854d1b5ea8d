import { useSyncExternalStore } from 'react'

/** How many panes fit beside each other at the present text size: three, two, or one at a time. */
export type Layout = 'three' | 'two' | 'one'

const threePanesFromRem = 72
const twoPanesFromRem = 52

function subscribe(listener: () => void): () => void {
  const observer = new ResizeObserver(listener)
  observer.observe(document.documentElement)
  // The text size is a custom property on the root element.
  const styles = new MutationObserver(listener)
  styles.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] })
  return () => {
    observer.disconnect()
    styles.disconnect()
  }
}

function measure(): Layout {
  const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const widthRem = window.innerWidth / remPx
  return widthRem >= threePanesFromRem ? 'three' : widthRem >= twoPanesFromRem ? 'two' : 'one'
}

/** Counts in text sizes rather than pixels, so that 200 % text rearranges the desk as a small window does. */
export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, measure)
}
