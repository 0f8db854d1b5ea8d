import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** `+441632960142` as a person in the UK would write it: `01632 960142`. */
export function spokenNumber(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164)
  if (parsed === undefined) return e164
  return parsed.country === 'GB' || parsed.countryCallingCode === '44'
    ? parsed.formatNational()
    : parsed.formatInternational()
}
