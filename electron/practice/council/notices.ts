import { sql } from 'kysely'
import { z } from 'zod'
import { agentState, agentStateRequest } from '#shared/contract/rest.ts'
import type { Log } from '#shared/kernel/log.ts'
import { noticeChannel } from './database/notice-channel.ts'
import type { OpenDatabase } from './database/open-database.ts'
import type { Db, Tx } from './database/schema.ts'

const agentPosition = z.object({
  state: agentState,
  pending: agentStateRequest.nullable(),
  rest: z.union([
    z.object({ name: z.literal('ready') }),
    z.object({ name: z.literal('not-ready'), reason: z.string(), until: z.exactOptional(z.string()) }),
  ]),
  phoneLost: z.boolean(),
})

/** What one process of the service tells all of them, itself included. PostgreSQL carries at most 8,000 bytes. */
const notice = z.discriminatedUnion('kind', [
  /** Records changed up to this number of the feed; sent by `noteChanges` with its transaction. */
  z.object({
    kind: z.literal('changed'),
    seq: z.number(),
    everyone: z.boolean(),
    queueIds: z.array(z.string()),
    adviserIds: z.array(z.string()),
  }),
  /** Where an adviser stands, as process `from` says for the `turn`th time. */
  z.object({
    kind: z.literal('agent'),
    from: z.string(),
    turn: z.number(),
    adviserId: z.string(),
    position: agentPosition,
  }),
  /** A process has begun and knows nothing of advisers yet. */
  z.object({ kind: z.literal('agents-wanted'), from: z.string() }),
  /** An alert was raised, shown to somebody or taken up. */
  z.object({ kind: z.literal('alert'), alertId: z.string() }),
  /** The tokens of one sign-in ended. */
  z.object({ kind: z.literal('signed-out'), signInId: z.string() }),
  /** An adviser's desks are to forget what they hold. */
  z.object({ kind: z.literal('wipe'), adviserId: z.string() }),
  z.object({ kind: z.literal('withdrawn'), scriptId: z.string(), versions: z.array(z.number()) }),
])

export type Notice = z.infer<typeof notice>
/** `missed`: the connection was lost for a while, and anything may have been said meanwhile. */
export type Heard = Notice | { readonly kind: 'missed' }

export interface Notices {
  /** Outside a transaction, so at once. */
  send(notice: Notice): Promise<void>
  /** In the order of commits. Returns the function that stops listening. */
  onHeard(listener: (heard: Heard) => void): () => void
}

export async function openNotices({ db, listen }: OpenDatabase, log: Log): Promise<Notices> {
  const listeners = new Set<(heard: Heard) => void>()
  const tell = (heard: Heard) => {
    for (const listener of listeners) listener(heard)
  }
  await listen(noticeChannel, {
    heard: (payload) => {
      const read = readNotice(payload)
      if (read) tell(read)
      else log.error('council/notice-not-understood')
    },
    missed: () => tell({ kind: 'missed' }),
  })
  return {
    send: (toSend) => notify(db, toSend),
    onHeard: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** In a transaction it is heard with the commit. */
export async function notify(db: Db | Tx, toSend: Notice): Promise<void> {
  await sql`select pg_notify(${noticeChannel}, ${JSON.stringify(toSend)}::text)`.execute(db)
}

/** A newer version of the service, started beside this one, may say more. */
function readNotice(payload: string): Notice | undefined {
  try {
    return notice.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
