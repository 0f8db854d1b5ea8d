import type { Queue, ScriptEntry } from '#shared/contract/rest.ts'
import type { Db } from './database/schema.ts'
import { fallbackScriptId } from './seed/practice-council.ts'

/** The telephone accounts of advisers, for the switchboard of the same process. */
export interface SipAccounts {
  /** By the user part of the address of record, which is also the user of digest authentication. */
  password(username: string): Promise<string | undefined>
  /** Adviser's id. */
  adviserOf(username: string): string | undefined
  /** The other way round. */
  usernameOf(adviserId: string): string | undefined
}

export interface Accounts extends SipAccounts {
  passwordOf(adviserId: string): string
  queueIdsOf(adviserId: string): readonly string[]
  readonly queues: readonly Queue[]
}

/** Read once at the start: accounts and queues do not change while the service runs. */
export async function loadAccounts(db: Db, scripts: readonly ScriptEntry[]): Promise<Accounts> {
  const advisers = await db
    .selectFrom('adviser')
    .select(['id', 'queue_ids', 'sip_username', 'sip_password'])
    .execute()
  const byUsername = new Map(advisers.map((adviser) => [adviser.sip_username, adviser]))
  const byId = new Map(advisers.map((adviser) => [adviser.id, adviser]))
  const rows = await db.selectFrom('queue').selectAll().orderBy('position').execute()
  // A queue whose script was withdrawn keeps it: its advisers are told so, instead of reading another service's out.
  const published = scripts.map(({ id }) => id)
  const queues = rows.map(({ id, name, dialled_number, preferred_script_id }): Queue => {
    const scriptId = [preferred_script_id, fallbackScriptId].find((wanted) => published.includes(wanted))
    return { id, name, dialledNumber: dialled_number, scriptId: scriptId ?? published[0] ?? fallbackScriptId }
  })
  return {
    password: async (username) => byUsername.get(username)?.sip_password,
    adviserOf: (username) => byUsername.get(username)?.id,
    usernameOf: (adviserId) => byId.get(adviserId)?.sip_username,
    passwordOf: (adviserId) => byId.get(adviserId)?.sip_password ?? '',
    queueIdsOf: (adviserId) => byId.get(adviserId)?.queue_ids ?? [],
    queues,
  }
}
