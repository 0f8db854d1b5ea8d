import type { CouncilProfile, Me, Queue } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { CallsPort } from '../switchboard/ports.ts'
import { type Accounts, loadAccounts, type SipAccounts } from './accounts.ts'
import { relayAgentStates } from './agent-relay.ts'
import { type AgentStates, createAgentStates } from './agent-states.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { createAttachments } from './attachments.ts'
import { createCallRecords, noCalls } from './calls.ts'
import { migrate } from './database/migrations.ts'
import { type DatabasePlace, openDatabase } from './database/open-database.ts'
import { createDirectory } from './directory.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listener.ts'
import { openNotices } from './notices.ts'
import { publishScripts } from './publish-scripts.ts'
import { createReadAudit } from './read-audit.ts'
import { createScriptDrafts } from './script-drafts.ts'
import { createScriptVersions } from './script-versions.ts'
import { createScripts } from './scripts.ts'
import { directoryEntries } from './seed/directory.ts'
import * as practice from './seed/practice-council.ts'
import { seedOnce } from './seed/seed.ts'
import { createSessions, type SignedIn } from './sessions.ts'
import { expireWarnings } from './warnings.ts'
import { createWipes } from './wipes.ts'

export interface CouncilOptions {
  /** Only ever an address of this machine. */
  readonly host?: '127.0.0.1'
  /** 0, or nothing, for any free port. */
  readonly port?: number
  readonly database: DatabasePlace
  /** Holds `*.yaml` script files. */
  readonly scriptsFolder: string
  readonly sip: {
    readonly domain: string
    /** WebSocket addresses of the switchboard; a function when they are known later than the council starts. */
    readonly servers: readonly string[] | (() => readonly string[])
  }
  /** What the switchboard knows of calls; it exists before the switchboard does. Without it calls are unknown. */
  readonly calls?: CallsPort
  /** Sound files of the queues' names, `ID.wav`. */
  readonly whispersFolder?: string
  /** How long the adviser's call history is kept. */
  readonly callHistoryDays?: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The moment the seed's dates lead up to, milliseconds since 1970; the start when left out. */
  readonly now?: number
  readonly onStep?: (step: 'database' | 'residents') => void
}

export interface Council {
  readonly url: string
  readonly port: number
  readonly agents: AgentStates
  readonly alerts: Alerts
  readonly sipAccounts: SipAccounts
  queues(): readonly Queue[]
  /** Stops listening and destroys every connection, as a network outage does. */
  cut(): Promise<void>
  /** Listens again on the same port. */
  restore(): Promise<void>
  stop(): Promise<void>
}

/** Starts the council's backend: database, seed on the first start, scripts, HTTP on this machine only. */
export async function startCouncil(options: CouncilOptions): Promise<Council> {
  const { clock, random, log, sip, calls = noCalls, host = '127.0.0.1' } = options
  options.onStep?.('database')
  const database = await openDatabase(options.database, log)
  const { db, close } = database
  try {
    await migrate(db)
    const scripts = createScripts(db)
    const sampleFacts = await publishScripts({ db, folder: options.scriptsFolder, clock, log })
    const facts = { ...sampleFacts, ...practice.facts }
    options.onStep?.('residents')
    const databaseId = await seedOnce({ db, random, log, now: options.now ?? clock.now() })
    const accounts = await loadAccounts(db, await scripts.list())
    const agents = createAgentStates({
      clock,
      log,
      wrapUpSeconds: practice.wrapUpSeconds,
      notReadyReasons: practice.notReadyReasons,
      queuesOf: accounts.queueIdsOf,
    })
    const notices = await openNotices(database, log)
    const alerts = createAlerts({ db, notices, clock, log })
    const attachments = await createAttachments({ db, clock, random, log })
    const stopExpiry = await expireWarnings({ db, clock, log })
    const stopRelay = relayAgentStates({ agents, notices, processId: random.uuid(), log })
    const callRecords = await createCallRecords({
      db,
      calls,
      clock,
      log,
      keepDays: options.callHistoryDays ?? practice.callHistoryDays,
    })
    const servers = () => [...(typeof sip.servers === 'function' ? sip.servers() : sip.servers)]
    const app = createApp({
      db,
      databaseId,
      clock,
      random,
      log,
      scripts,
      scriptDrafts: createScriptDrafts({ db, scriptsFolder: options.scriptsFolder, clock, log }),
      scriptVersions: createScriptVersions({ db, clock, log }),
      agents,
      calls,
      callRecords,
      directory: createDirectory(directoryEntries, clock),
      whispersFolder: options.whispersFolder ?? null,
      alerts,
      sessions: createSessions({ db, clock, random, log, notices }),
      notices,
      readAudit: createReadAudit(db, clock),
      attachments,
      wipes: createWipes({ db, clock, log, notices }),
      notReadyReasons: practice.notReadyReasons.map(({ code }) => code),
      me: (signedIn) => describeMe(signedIn, accounts, sip.domain, servers(), facts, clock.now()),
    })
    const listener = await listen(app.fetch, host, options.port ?? 0)
    log.info('council/started', { port: listener.port })
    return {
      url: `http://${host}:${listener.port}`,
      port: listener.port,
      agents,
      alerts,
      sipAccounts: accounts,
      queues: () => accounts.queues,
      cut: listener.cut,
      restore: listener.restore,
      stop: async () => {
        stopRelay()
        stopExpiry()
        attachments.stop()
        agents.stop()
        await listener.stop()
        await callRecords.stop()
        await close()
        log.info('council/stopped')
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const dayMs = 86_400_000
const sixHoursMs = dayMs / 4

function describeMe(
  { adviser, queueIds, roles }: SignedIn,
  accounts: Accounts,
  domain: string,
  servers: string[],
  factTexts: Readonly<Record<string, string>>,
  now: number,
): Me {
  const username = accounts.usernameOf(adviser.id) ?? adviser.username
  // The practice council confirms its facts every morning at six.
  const asAt = new Date(Math.floor((now - sixHoursMs) / dayMs) * dayMs + sixHoursMs).toISOString()
  const facts = Object.entries(factTexts).map(([name, text]) => [name, { text, asAt }])
  const council: CouncilProfile = { ...practice.profile, facts: Object.fromEntries(facts) }
  return {
    contractVersion: versions.rest,
    serverTime: new Date(now).toISOString(),
    adviser,
    council,
    sip: {
      uri: `sip:${username}@${domain}`,
      authorizationUsername: username,
      password: accounts.passwordOf(adviser.id),
      displayName: adviser.name,
      servers,
    },
    // On one machine nothing stands between the telephones.
    iceServers: [],
    queues: accounts.queues.filter(({ id }) => queueIds.includes(id)),
    dispositions: practice.dispositions,
    notReadyReasons: practice.notReadyReasons,
    wrapUpSeconds: practice.wrapUpSeconds,
    cacheLeaseDays: practice.cacheLeaseDays,
    roles: [...roles],
  }
}
