/*
 * The User-to-User header (RFC 7433) with which a call that is passed on says which contact it comes from: the id of the
 * contact in hexadecimal, and nothing else. What belongs to the contact is asked of the council, by those who may.
 */

/** RFC 9562 §4: version and variant in their places. */
const uuidHex = /^[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}$/

/** Value of the header for a contact's id, a UUID. */
export function userToUserOf(contactId: string): string {
  return `${contactId.replaceAll('-', '').toLowerCase()};encoding=hex`
}

/**
 * The contact's id of the first value that holds one; null for anything else, as of other purposes or encodings.
 * `values` are header values, each perhaps several separated by commas.
 */
export function contactOfUserToUser(values: readonly string[]): string | null {
  for (const value of values.flatMap((each) => each.split(','))) {
    const [data = '', ...parameters] = value.split(';').map((each) => each.trim().toLowerCase())
    const encoding = parameters.find((each) => each.startsWith('encoding='))?.slice('encoding='.length)
    if (encoding !== undefined && encoding !== 'hex') continue
    if (uuidHex.test(data)) return data.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
  return null
}
