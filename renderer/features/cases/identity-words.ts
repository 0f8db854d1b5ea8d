import { timeOfDay } from '#renderer/ui/time.ts'
import type { IdentityCheck, Party } from '#shared/contract/rest.ts'
import type { Level } from '#shared/guidance/level.ts'

/** What stands where something is masked. */
export const needsWords = (level: Level): string => `Needs identity: ${level}`

/** "Identity: standard, 10:04", with whom and by whom it was checked when that was not the usual. */
export function checkWords({ level, at, party, partyName, method, handedOver }: IdentityCheck): string {
  const checked =
    handedOver === undefined
      ? `${timeOfDay(at)}`
      : `checked by ${handedOver.by} at ${timeOfDay(at)} on ${method}`
  const who = party === undefined ? '' : withWhom[party]
  const name = partyName === undefined || partyName === '' ? '' : ` ${partyName}`
  return `Identity: ${level}, ${checked}${who === '' ? '' : `, ${who}${name}`}`
}

const withWhom: Record<Party, string> = {
  resident: '',
  'third-party': 'with',
  councillor: 'with councillor',
  interpreter: 'through an interpreter',
}
