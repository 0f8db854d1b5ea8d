import type { Wipe } from '#shared/contract/audit.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Db } from './database/schema.ts'
import { type Notices, notify } from './notices.ts'
import type { SignedIn } from './sessions.ts'

/** Orders to forget what a desk holds, kept until it has heard them. */
export interface Wipes {
  /** False when there is no such adviser. */
  order(by: SignedIn, adviserId: string, reason: string): Promise<boolean>
  /** Whether the desk of this sign-in is to forget what it holds. */
  isOrdered(signedIn: SignedIn): Promise<boolean>
  /** The desk of this sign-in was told; said again it is kept once. */
  told(signedIn: SignedIn): Promise<void>
  list(): Promise<readonly Wipe[]>
}

const mostListed = 200

export function createWipes(options: { db: Db; clock: Clock; log: Log; notices: Notices }): Wipes {
  const { db, clock, log } = options
  const iso = (ms: number) => new Date(ms).toISOString()
  const newestFor = ({ adviser, signedInAt }: SignedIn) =>
    db
      .selectFrom('wipe')
      .select('id')
      .where('adviser_id', '=', adviser.id)
      .where('ordered_at', '>=', signedInAt)
      .orderBy('id', 'desc')
      .executeTakeFirst()
  return {
    order: async (by, adviserId, reason) => {
      if (adviserId.includes('\0')) return false
      const known = await db.selectFrom('adviser').select('id').where('id', '=', adviserId).executeTakeFirst()
      if (!known) return false
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('wipe')
          .values({
            adviser_id: adviserId,
            ordered_at: clock.now(),
            ordered_by: by.adviser.id,
            reason: reason.replaceAll('\0', ' '),
          })
          .execute()
        await notify(tx, { kind: 'wipe', adviserId })
      })
      log.info('wipe/ordered', { adviserId, by: by.adviser.id })
      return true
    },

    isOrdered: async (signedIn) => (await newestFor(signedIn)) !== undefined,

    told: async (signedIn) => {
      const newest = await newestFor(signedIn)
      if (!newest) return
      await db
        .insertInto('wipe_told')
        .values({ wipe_id: newest.id, sign_in_id: signedIn.signInId, at: clock.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      log.info('wipe/told', { adviserId: signedIn.adviser.id })
    },

    list: async () => {
      const orders = await db
        .selectFrom('wipe')
        .innerJoin('adviser', 'adviser.id', 'wipe.adviser_id')
        .innerJoin('adviser as orderer', 'orderer.id', 'wipe.ordered_by')
        .select(['wipe.id', 'wipe.adviser_id', 'adviser.name', 'ordered_at', 'orderer.name as by', 'reason'])
        .orderBy('wipe.id', 'desc')
        .limit(mostListed)
        .execute()
      const told = await db
        .selectFrom('wipe_told')
        .select(['wipe_id', 'at'])
        .where('wipe_id', 'in', [0, ...orders.map(({ id }) => id)])
        .orderBy('at')
        .execute()
      return orders.map(({ id, adviser_id, name, ordered_at, by, reason }) => ({
        id,
        adviserId: adviser_id,
        adviserName: name,
        orderedAt: iso(ordered_at),
        orderedBy: by,
        reason,
        toldAt: told.filter(({ wipe_id }) => wipe_id === id).map(({ at }) => iso(at)),
      }))
    },
  }
}
