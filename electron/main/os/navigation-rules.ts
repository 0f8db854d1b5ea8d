import { pageAt } from '../windows/pages.ts'

/** A page of ours may load itself again, and nothing else. */
export function mayNavigate(from: string, to: string): boolean {
  const page = pageAt(from)
  return page !== undefined && pageAt(to) === page
}
