import type { ConfigProblem } from '#shared/contract/config.ts'
import type { AppInfo, PracticeStatus, RequestOf, ResponseOf } from '#shared/contract/ipc.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { LostCalls } from '../calls/lost-calls.ts'
import type { ReportFiles } from '../calls/report-files.ts'
import type { Journal } from '../journal/journal.ts'
import type { Journals } from '../journal/journals.ts'
import type { DialLinks } from '../os/dial-links.ts'
import type { Headsets } from '../os/headsets.ts'
import type { PracticeProcess } from '../practice-process.ts'
import type { DataKeys } from '../session/data-keys.ts'
import type { Holder } from '../session/holder.ts'
import type { SessionKeeper } from '../session/session.ts'
import type { WorkFiles } from '../work-files.ts'
import type { Handlers } from './door.ts'

export interface Services {
  readonly info: AppInfo
  readonly scope: string
  readonly session: SessionKeeper
  readonly dataKeys: DataKeys
  readonly journals: Journals
  /** Undefined in live mode. */
  readonly practice: PracticeProcess | undefined
  readonly lostCalls: LostCalls
  readonly reports: ReportFiles
  readonly workFiles: WorkFiles
  readonly headsets: Headsets
  readonly dialLinks: DialLinks
  readonly log: Log
  attention(why: RequestOf<'desk.attention'>['why']): void
  theme(theme: RequestOf<'desk.theme'>['theme']): void
}

const nothing: Result<ResponseOf<'desk.theme'>> = ok({})

export function createHandlers(services: Services): Handlers {
  const { info, session, dataKeys, journals, practice, lostCalls, log } = services

  function holderOf(adviserId: string | undefined): Result<Holder> {
    return adviserId === undefined
      ? err(appError('session/signed-out', 'never'))
      : ok({ scope: services.scope, adviserId })
  }

  async function withJournal<T>(
    adviserId: string | undefined,
    use: (journal: Journal) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const holder = holderOf(adviserId)
    if (!holder.ok) return holder
    const dataKey = await dataKeys.of(holder.value)
    if (!dataKey.ok) return dataKey
    const journal = await journals.of(holder.value, dataKey.value)
    return journal.ok ? use(journal.value) : journal
  }

  return {
    'app.info': () => ok(info),
    'session.current': () => ok(session.current()),
    'session.signIn': ({ username, password }) => session.signIn(username, password),
    'session.lock': async () => ok(await session.lock('by-adviser')),
    'session.unlock': ({ password }) => session.unlock(password),
    'session.signOut': async () => ok(await session.signOut()),
    'session.wiped': async () => {
      const holder = holderOf(session.adviserId())
      if (!holder.ok) return holder
      await dataKeys.destroy(holder.value)
      await journals.remove(holder.value)
      await session.wiped()
      return nothing
    },
    'session.token': async ({ force }) => {
      const token = await session.token(force)
      return token.ok ? ok({ token: token.value }) : token
    },
    'vault.dataKey': async () => {
      const holder = holderOf(session.adviserId())
      if (!holder.ok) return holder
      const now = session.current()
      if (now.name === 'signed-in' && now.locked) return err(appError('session/locked', 'later'))
      const key = await dataKeys.of(holder.value)
      return key.ok ? ok({ key: key.value.toString('base64') }) : key
    },
    'journal.append': ({ entries }) =>
      withJournal(session.lastAdviserId(), async (journal) => emptied(await journal.append(entries))),
    'journal.settle': ({ operationIds }) =>
      withJournal(session.lastAdviserId(), async (journal) => emptied(await journal.settle(operationIds))),
    'journal.read': () =>
      withJournal(session.adviserId(), async (journal) => {
        const entries = await journal.read()
        return entries.ok ? ok({ entries: entries.value }) : entries
      }),
    'calls.remember': ({ calls }) => {
      lostCalls.remember(session.adviserId(), calls)
      return nothing
    },
    'calls.lost': () => ok({ calls: lostCalls.take(session.adviserId()) }),
    'calls.saveReport': ({ report }) => services.reports.save(report),
    'work.export': ({ text }) => services.workFiles.write(text),
    'file.save': ({ name, bytes }) => services.workFiles.save(name, Buffer.from(bytes, 'base64')),
    'headset.choose': async () => ok({ chosen: await services.headsets.activate() }),
    'dial.pending': () => ok({ target: services.dialLinks.take() }),
    'desk.attention': ({ why }) => {
      services.attention(why)
      return nothing
    },
    'desk.theme': ({ theme }) => {
      services.theme(theme)
      return nothing
    },
    'practice.status': () => ok(practice?.status() ?? notPractice),
    'practice.call': ({ scenarioId }) => practice?.call(scenarioId) ?? err(noPractice),
    'practice.network': async ({ cut }) =>
      practice ? emptied(await practice.network(cut)) : err(noPractice),
    'practice.supervise': async ({ supervisor }) =>
      practice ? emptied(await practice.supervise(supervisor)) : err(noPractice),
    'log.write': ({ level, code, facts }) => {
      log[level](code, facts)
      return nothing
    },
  }
}

/** With a wrong config file the desk can say so, write to the log, and nothing else. */
export function createProblemHandlers(
  info: AppInfo & { readonly configProblem: ConfigProblem },
  services: Pick<Services, 'log' | 'theme'>,
): Handlers {
  const refuse = () => err(appError('config/problem', 'never', info.configProblem.field))
  return {
    'app.info': () => ok(info),
    'session.current': () => ok({ name: 'signed-out', reason: 'never' }),
    'session.signIn': refuse,
    'session.lock': refuse,
    'session.unlock': refuse,
    'session.signOut': refuse,
    'session.wiped': refuse,
    'session.token': refuse,
    'vault.dataKey': refuse,
    'journal.append': refuse,
    'journal.settle': refuse,
    'journal.read': refuse,
    'calls.remember': refuse,
    'calls.lost': refuse,
    'calls.saveReport': refuse,
    'work.export': refuse,
    'file.save': refuse,
    'headset.choose': refuse,
    'dial.pending': refuse,
    'desk.attention': refuse,
    'desk.theme': ({ theme }) => {
      services.theme(theme)
      return nothing
    },
    'practice.status': () => ok(notPractice),
    'practice.call': refuse,
    'practice.network': refuse,
    'practice.supervise': refuse,
    'log.write': ({ level, code, facts }) => {
      services.log[level](code, facts)
      return nothing
    },
  }
}

const notPractice: PracticeStatus = { name: 'not-practice' }
const noPractice = appError('practice/not-practice', 'never')

function emptied(result: Result<null>): Result<Record<string, never>> {
  return result.ok ? ok({}) : result
}
