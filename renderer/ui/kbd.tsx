/** The key printed on a control; screen readers learn it from `aria-keyshortcuts` instead. */
export function Kbd({ keys, resting = false }: { readonly keys: string; readonly resting?: boolean }) {
  return (
    <span className={resting ? 'kbd kbd--resting' : 'kbd'} aria-hidden="true">
      {keys}
    </span>
  )
}
