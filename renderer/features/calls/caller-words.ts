import { spokenNumber } from '#renderer/ui/telephone.ts'
import type { Line } from '#shared/contract/phone.ts'

/** Who is on the telephone, as far as the number tells. */
export function callerWords(line: Pick<Line, 'remote'>): string {
  if (line.remote.number !== undefined) return spokenNumber(line.remote.number)
  return line.remote.withheld ? 'Number withheld' : (line.remote.displayName ?? 'Unknown caller')
}

/** A colleague, a queue or a service by name; a member of the public by number, as nobody has been identified. */
export function partyWords(line: Pick<Line, 'remote' | 'purpose'>): string {
  return line.purpose.name === 'consult' ? (line.remote.displayName ?? callerWords(line)) : callerWords(line)
}
