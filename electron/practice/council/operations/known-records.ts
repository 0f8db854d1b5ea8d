import type { Tx } from '../database/schema.ts'
import { type RefusalCode, Refused } from './refusals.ts'

const refuseUnless = (table: 'resident' | 'adviser' | 'queue' | 'case_record', code: RefusalCode) =>
  async function check(tx: Tx, id: string | null | undefined): Promise<void> {
    if (id === null || id === undefined) return
    const found = await tx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()
    if (!found) throw new Refused(code)
  }

/** Each refuses an id that is given and names nothing. */
export const requireResident = refuseUnless('resident', 'resident/unknown')
export const requireAdviser = refuseUnless('adviser', 'adviser/unknown')
export const requireQueue = refuseUnless('queue', 'queue/unknown')
export const requireCase = refuseUnless('case_record', 'case/unknown')
