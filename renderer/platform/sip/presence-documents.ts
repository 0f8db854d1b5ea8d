import type { Presence } from '#shared/contract/phone.ts'

type PresenceState = Presence['state']

// What a switchboard says of one colleague fits many times over.
const longestDocument = 32 * 1024

/**
 * Reads the successive documents of one dialog subscription (application/dialog-info+xml, RFC 4235): partial ones are
 * added to what was known. Answers null for what is no such document.
 */
export function createDialogInfoReader(): (text: string) => PresenceState | null {
  const dialogs = new Map<string, string>()
  let version = -1

  return (text) => {
    const root = rootOf(text, 'dialog-info')
    if (root === null) return null
    const newer = Number.parseInt(root.getAttribute('version') ?? '', 10)
    const full = root.getAttribute('state') !== 'partial'
    // Documents that overtook each other (RFC 4235 §4.1); a full one may begin anew.
    if (!full && newer <= version) return stateOf(dialogs)
    version = Number.isFinite(newer) ? newer : version + 1
    if (full) dialogs.clear()
    for (const dialog of childrenOf(root, 'dialog')) {
      const id = dialog.getAttribute('id') ?? ''
      const state = textOf(dialog, 'state')
      if (state === 'terminated') dialogs.delete(id)
      else dialogs.set(id, state)
    }
    return stateOf(dialogs)
  }
}

/** Reads application/pidf+xml (RFC 3863) with activities (RFC 4480); null for what is no such document. */
export function readPidf(text: string): PresenceState | null {
  const root = rootOf(text, 'presence')
  if (root === null) return null
  const basics = [...root.getElementsByTagNameNS('*', 'basic')].map((each) => words(each))
  if (!basics.includes('open')) return basics.length === 0 ? 'unknown' : 'offline'
  const activities = [...root.getElementsByTagNameNS('*', 'activities')].flatMap((each) =>
    [...each.children].map((activity) => activity.localName),
  )
  if (activities.includes('on-the-phone')) return 'on-call'
  return activities.some((each) => away.has(each)) ? 'away' : 'available'
}

const away = new Set(['away', 'busy', 'meal', 'meeting', 'appointment', 'holiday', 'vacation', 'sleeping'])

function stateOf(dialogs: ReadonlyMap<string, string>): PresenceState {
  const states = [...dialogs.values()]
  if (states.includes('confirmed')) return 'on-call'
  return states.length > 0 ? 'ringing' : 'available'
}

/** The document's root when it has the expected name. Nothing with a document type: that is where entities hide. */
function rootOf(text: string, name: string): Element | null {
  if (text.length > longestDocument || /<!DOCTYPE/i.test(text)) return null
  const { documentElement } = new DOMParser().parseFromString(text, 'application/xml')
  return documentElement?.localName === name ? documentElement : null
}

function childrenOf(parent: Element, name: string): Element[] {
  return [...parent.children].filter((each) => each.localName === name)
}

function textOf(parent: Element, name: string): string {
  const [child] = childrenOf(parent, name)
  return child === undefined ? '' : words(child)
}

const words = (element: Element) => (element.textContent ?? '').trim().toLowerCase()
