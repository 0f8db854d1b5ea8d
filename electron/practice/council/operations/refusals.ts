import type { OperationResult } from '#shared/contract/rest.ts'

/** Why the service would not take an operation as it is. `detail` never quotes what was sent. */
const refusals = {
  'operation/malformed': [422, 'The operation does not have the expected shape'],
  'operation/unstorable': [422, 'The operation holds characters that cannot be kept'],
  'operation/reused-id': [409, 'Another operation has this identifier'],
  'resident/unknown': [404, 'There is no such resident'],
  'resident/exists': [409, 'There is already a resident with this identifier'],
  'resident/unknown-version': [409, 'The resident’s record never had the version that this is based on'],
  'resident/merged': [409, 'The record was merged into another one, which goes on in its place'],
  'resident/changed': [409, 'Somebody changed one of the two records meanwhile; look at them again'],
  'merge/exists': [409, 'There is already a merge with this identifier'],
  'merge/same-resident': [422, 'A record cannot be merged into itself'],
  'merge/unknown': [404, 'There was no such merge'],
  'merge/undone-already': [409, 'The merge was undone already'],
  'merge/later-merge': [409, 'One of the records was merged again later; undo that first'],
  'warning/unknown': [404, 'The resident has no such warning'],
  'case/unknown': [404, 'There is no such case'],
  'case/exists': [409, 'There is already a case with this identifier'],
  'case/unknown-version': [409, 'The case never had the version that the change is based on'],
  'contact/incomplete': [422, 'A new contact needs its channel, direction and start'],
  'callback/incomplete': [422, 'A new callback needs a number and the times between which it is promised'],
  'timeline/exists': [409, 'There is already an entry with this identifier; entries are only added'],
  'alert/exists': [409, 'There is already an alert with this identifier'],
  'report/exists': [409, 'There is already a report with this identifier'],
  'script/unknown': [404, 'No such version of a script was published'],
  'adviser/unknown': [404, 'There is no such adviser'],
  'queue/unknown': [404, 'There is no such queue'],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof refusals

export function refusal(operationId: string, code: RefusalCode, detail?: string): OperationResult {
  const [status, title] = refusals[code]
  const problem = { type: 'about:blank', title, status, code, ...(detail === undefined ? {} : { detail }) }
  return { id: operationId, outcome: 'refused', problem }
}

/** Thrown inside an operation's transaction, so that nothing of it stays. */
export class Refused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode) {
    super(code)
    this.code = code
  }
}
