import { join } from 'node:path'
import { app, dialog, nativeTheme, net, powerMonitor, safeStorage, session } from 'electron'
import { readDialTarget } from '#shared/calls/dial-target.ts'
import type { Config } from '#shared/contract/config.ts'
import type { AppInfo, RequestOf } from '#shared/contract/ipc.ts'
import type { Log } from '#shared/kernel/log.ts'
import { createLostCalls, type LostCalls } from './calls/lost-calls.ts'
import { createReportFiles } from './calls/report-files.ts'
import { bugFacts, createDoor } from './ipc/door.ts'
import { createHandlers, createProblemHandlers } from './ipc/handlers.ts'
import { openDoor, tellPages } from './ipc/ipc-main.ts'
import { createJournals } from './journal/journals.ts'
import { createFileLog } from './log.ts'
import { registerAppScheme, serveApp } from './os/app-protocol.ts'
import { createAttention } from './os/attention.ts'
import { connectSources, contentSecurityPolicy } from './os/content-security-policy.ts'
import { createDialLinks, type DialLinks, offerForDialLinks } from './os/dial-links.ts'
import { permitHeadsets } from './os/headsets.ts'
import { setMenu } from './os/menu.ts'
import { restrictNavigation } from './os/navigation.ts'
import { restrictPermissions } from './os/permissions.ts'
import { watchPower } from './os/power.ts'
import { forkPractice } from './os/practice-child.ts'
import { type PracticeProcess, startPracticeProcess } from './practice-process.ts'
import { createCouncilAuth } from './session/council-auth.ts'
import { createDataKeys } from './session/data-keys.ts'
import { scopeOf } from './session/holder.ts'
import { lockWhenIdle } from './session/idle-lock.ts'
import { createOsVault } from './session/os-vault.ts'
import { createSession } from './session/session.ts'
import { createSessionStore } from './session/session-store.ts'
import { prepare } from './startup.ts'
import { systemClock } from './system-clock.ts'
import { createDeskMemory, type DeskMemory } from './windows/desk-memory.ts'
import { createLeaveGuard, type LeaveGuard, leaveCallQuestion } from './windows/leave-call.ts'
import { createOpenWindows, type OpenWindows } from './windows/open-windows.ts'
import { createWorkFiles } from './work-files.ts'

const clock = systemClock
const { userData, config } = prepare(app)
registerAppScheme()

if (app.requestSingleInstanceLock()) {
  const log = createFileLog({
    folder: join(userData, 'logs'),
    toConsole: app.commandLine.hasSwitch('enable-logging'),
  })
  // A bug in one corner must not end the calls of the others; it is logged and the app goes on.
  process.on('uncaughtException', (error) => log.error('main/bug', bugFacts(error)))
  process.on('unhandledRejection', (error) => log.error('main/bug', bugFacts(error)))
  restrictNavigation(app, log)
  const dialLinks = createDialLinks({ log, read: readDialTarget })
  dialLinks.openedWith(process.argv)
  // macOS gives links as an event, the first of them before the app is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault()
    dialLinks.opened(link)
  })
  offerForDialLinks(app, process.platform)
  void app.whenReady().then(() => start(log, dialLinks))
} else {
  app.exit(0)
}

/** What has to end before the app does. */
type Stop = () => Promise<void>

async function start(log: Log, dialLinks: DialLinks): Promise<void> {
  const dist = join(app.getAppPath(), 'dist')
  log.info('app/started', {
    version: app.getVersion(),
    mode: config.ok ? config.value.mode : 'config-problem',
    runtime: runtime(),
  })
  if (!config.ok) log.error('config/problem', { field: config.error.field })

  restrictPermissions(session.defaultSession, log)
  serveApp({
    folder: join(dist, 'renderer'),
    policy: contentSecurityPolicy(config.ok ? connectSources(config.value) : []),
    log,
  })
  setMenu(process.platform)

  const memory = createDeskMemory(join(userData, 'desk-window.json'), log)
  nativeTheme.themeSource = memory.get().theme ?? 'system'
  const lostCalls = createLostCalls(clock.now)
  const leaving = createLeaveGuard({
    inCall: lostCalls.anyLive,
    ask: async () => (await dialog.showMessageBox(leaveCallQuestion)).response,
    leave: () => app.quit(),
  })
  const windows = createOpenWindows(
    {
      preload: join(dist, 'electron/preload.cjs'),
      isPackaged: app.isPackaged,
      clock,
      log,
      pageDied: (page) => {
        if (page === 'phone') lostCalls.phoneDied()
      },
    },
    memory,
    { mayCloseDesk: leaving.mayLeave, onDeskClosed: () => app.quit() },
  )
  const theme = (source: RequestOf<'desk.theme'>['theme']) => {
    nativeTheme.themeSource = source
    memory.set({ theme: source })
  }

  let stopWork: Stop = async () => {}
  if (config.ok) {
    stopWork = await startWork({ config: config.value, dist, windows, lostCalls, dialLinks, theme, log })
  } else {
    const info = { ...appInfo('live', ''), configProblem: config.error }
    openDoor(createDoor(createProblemHandlers(info, { log, theme }), log), windows.get)
  }

  app.on('second-instance', (_event, argv) => {
    dialLinks.openedWith(argv)
    windows.showDesk()
  })
  app.on('activate', () => windows.showDesk())
  endWell({ windows, memory, leaving, stopWork, log })
  windows.openDesk()
  windows.get('desk')?.webContents.on('did-start-loading', dialLinks.deskGone)
  if (config.ok) windows.openPhone()
}

interface Work {
  readonly config: Config
  readonly dist: string
  readonly windows: OpenWindows
  readonly lostCalls: LostCalls
  readonly dialLinks: DialLinks
  readonly log: Log
  theme(source: RequestOf<'desk.theme'>['theme']): void
}

/** Session, vault, journals and practice, behind the door. */
async function startWork(work: Work): Promise<Stop> {
  const { config, dist, windows, lostCalls, dialLinks, theme, log } = work
  const isPractice = config.mode === 'practice'
  const scope = scopeOf(config)
  const vault = createOsVault({ safeStorage, platform: process.platform, isPractice, log })
  const journals = createJournals({ folder: join(userData, 'journal'), log })

  const councilUrl = () => {
    if (config.mode === 'live') return config.council.url
    const status = practice?.status()
    return status?.name === 'running' ? status.councilUrl : undefined
  }
  const keeper = createSession({
    auth: createCouncilAuth({ fetch: (url, init) => net.fetch(url, init), clock }),
    store: createSessionStore({ folder: join(userData, 'session'), scope, vault, log }),
    vault,
    clock,
    log,
    councilUrl,
    onChange: (changed) => {
      if (changed.name === 'signed-out') {
        lostCalls.forget()
        dialLinks.deskGone()
      }
      tellPages(windows.get, 'session.changed', changed)
    },
  })

  let practice: PracticeProcess | undefined
  if (isPractice) {
    practice = startPracticeProcess({
      fork: () => forkPractice(join(dist, 'practice/practice.mjs'), app.isPackaged),
      options: {
        dataFolder: join(userData, 'practice'),
        scriptsFolder: join(dist, 'practice/scripts'),
        clipsFolder: join(dist, 'practice/clips'),
        emptyDatabase: join(dist, 'practice/empty-database.tar.gz'),
      },
      clock,
      log,
      onStatus: (status) => {
        tellPages(windows.get, 'practice.changed', status)
        if (status.name === 'running') keeper.councilMoved()
      },
    })
  }
  await keeper.resume()

  const attention = createAttention(() => windows.get('desk'), windows.showDesk)
  const handlers = createHandlers({
    info: appInfo(config.mode, config.mode === 'live' ? config.council.name : 'Practice council'),
    scope,
    session: keeper,
    dataKeys: createDataKeys({ folder: join(userData, 'keys'), vault, log }),
    journals,
    practice,
    lostCalls,
    reports: createReportFiles({ folder: join(userData, 'call-reports'), log, now: clock.now }),
    workFiles: createWorkFiles({
      folder:
        config.mode === 'live'
          ? join(app.getPath('documents'), 'Adviser Desktop')
          : join(userData, 'unsent-work'),
      log,
      now: clock.now,
    }),
    headsets: permitHeadsets({
      session: session.defaultSession,
      log,
      phone: () => windows.get('phone'),
      desk: () => windows.get('desk'),
    }),
    dialLinks,
    log,
    attention: (why) => attention[why](),
    theme,
  })
  openDoor(createDoor(handlers, log), windows.get)
  dialLinks.onAsk((target) => {
    tellPages(windows.get, 'dial.asked', { target })
    windows.showDesk()
  })
  watchPower((what) => {
    if (what === 'locked') void keeper.lock('screen')
    tellPages(windows.get, 'power.changed', { what })
  })
  const stopIdleLock = lockWhenIdle({
    clock,
    afterMinutes: config.lockAfterIdleMinutes ?? 15,
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    inCall: lostCalls.anyLive,
    lock: () => void keeper.lock('idle'),
  })

  return async () => {
    stopIdleLock()
    await Promise.all([journals.close(), practice?.stop()])
  }
}

interface Ending {
  readonly windows: OpenWindows
  readonly memory: DeskMemory
  readonly leaving: LeaveGuard
  readonly log: Log
  stopWork(): Promise<void>
}

/** The pages close first, and may save until then; then the journal is closed and practice stopped. */
function endWell({ windows, memory, leaving, stopWork, log }: Ending): void {
  let isStopped = false
  app.on('before-quit', (event) => {
    // Asked here too: quitting would close the phone page before the desk's window is asked.
    if (leaving.mayLeave()) windows.quitting()
    else event.preventDefault()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (isStopped) return
    event.preventDefault()
    void Promise.allSettled([stopWork(), memory.flush()]).then(() => {
      isStopped = true
      log.info('app/ended')
      app.quit()
    })
  })
}

function appInfo(mode: AppInfo['mode'], councilName: string): AppInfo {
  return { version: app.getVersion(), mode, councilName, runtime: runtime(), configProblem: null }
}

function runtime(): AppInfo['runtime'] {
  return '__standin' in globalThis ? 'stand-in' : 'electron'
}
