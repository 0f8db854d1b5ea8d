import type { CaseRecord, CouncilProfile } from '../contract/rest.ts'
import type { Level } from '../guidance/level.ts'

/** What a council opens to an enhanced identity check only. */
export type EnhancedRules = NonNullable<CouncilProfile['enhanced']>

/** Social care and safeguarding (LGSL codes), for a council that does not say. */
const usualRules: EnhancedRules = { services: [209, 266, 731], fields: [] }

/** Level that a case, and what was written in it, needs before it is shown. */
export function levelOfCase(
  { serviceCode }: Pick<CaseRecord, 'serviceCode'>,
  rules: EnhancedRules | undefined,
): Level {
  return (rules ?? usualRules).services.includes(serviceCode) ? 'enhanced' : 'standard'
}

/** Level that one field of a case needs. */
export function levelOfField(
  found: Pick<CaseRecord, 'serviceCode'>,
  name: string,
  rules: EnhancedRules | undefined,
): Level {
  const listed = (rules ?? usualRules).fields.some(
    ({ service, names }) => service === found.serviceCode && names.includes(name),
  )
  return listed ? 'enhanced' : levelOfCase(found, rules)
}
