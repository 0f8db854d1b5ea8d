import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Reading a number takes a good part of a millisecond, and those on the screen are drawn again and again. */
const spoken = new Map<string, string>()
const mostKept = 500

/** `+441632960142` as a person in the UK would write it: `01632 960142`. */
export function spokenNumber(e164: string): string {
  const known = spoken.get(e164)
  if (known !== undefined) return known
  if (spoken.size >= mostKept) spoken.clear()
  const words = inWords(e164)
  spoken.set(e164, words)
  return words
}

function inWords(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164)
  if (parsed === undefined) return e164
  return parsed.country === 'GB' || parsed.countryCallingCode === '44'
    ? parsed.formatNational()
    : parsed.formatInternational()
}
