import { type ReactNode, useEffect, useRef } from 'react'

/** A question that has just been asked comes into view, above the buttons that stay at the foot. */
export function InSight({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // It may answer a promise, which is no way to clean up.
    place.current?.scrollIntoView({ block: 'center' })
  }, [])
  return <div ref={place}>{children}</div>
}
