/* What subscribers are told: dialog-info (RFC 4235), PIDF (RFC 3863, RFC 4480), message-summary (RFC 3842). */

export interface WatchedDialog {
  readonly id: string
  readonly direction: 'initiator' | 'recipient'
  readonly state: 'early' | 'confirmed'
}

/** `note` is for people; `activity` for telephones, by RFC 4480. */
export interface WatchedPresence {
  readonly basic: 'open' | 'closed'
  readonly activity: 'on-the-phone' | 'busy' | 'away' | null
  readonly note: string
}

/** Whole state every time; who is at the other end is nobody else's business. */
export function dialogInfo(entity: string, version: number, dialogs: readonly WatchedDialog[]): string {
  const told = dialogs.map(
    ({ id, direction, state }) =>
      `<dialog id="${escaped(id)}" direction="${direction}"><state>${state}</state></dialog>`,
  )
  const attributes = `version="${version}" state="full" entity="${escaped(entity)}"`
  return `${declaration}<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ${attributes}>${told.join('')}</dialog-info>`
}

export function pidf(entity: string, { basic, activity, note }: WatchedPresence): string {
  const person =
    activity === null
      ? ''
      : `<dm:person id="person"><rpid:activities><rpid:${activity}/></rpid:activities></dm:person>`
  return [
    `${declaration}<presence xmlns="urn:ietf:params:xml:ns:pidf"`,
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"',
    ` entity="${escaped(entity)}"><tuple id="telephone"><status><basic>${basic}</basic></status>`,
    `<note xml:lang="en">${escaped(note)}</note></tuple>${person}</presence>`,
  ].join('')
}

export function messageSummary(
  account: string,
  { newMessages, oldMessages }: { newMessages: number; oldMessages: number },
): string {
  return [
    `Messages-Waiting: ${newMessages > 0 ? 'yes' : 'no'}`,
    `Message-Account: ${account}`,
    `Voice-Message: ${newMessages}/${oldMessages} (0/0)`,
    '',
  ].join('\r\n')
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => entities[char] ?? '')
