/** The key printed on a control; screen readers learn it from `aria-keyshortcuts` instead. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="kbd" aria-hidden="true">
      {keys}
    </span>
  )
}
