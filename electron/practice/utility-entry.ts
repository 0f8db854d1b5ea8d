import { appError } from '#shared/kernel/app-error.ts'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'
import { err, type Result } from '#shared/kernel/result.ts'
import { type Practice, startPractice } from './practice.ts'
import { type PracticeMessage, type PracticeOptions, practiceCommand } from './protocol.ts'

/* Practice inside Electron's utility process: protocol.ts over the parent port. */

const { parentPort } = process
const post = (message: PracticeMessage): void => parentPort.postMessage(message)

function writer(level: LogLevel): (code: string, facts?: LogFacts) => void {
  return (code, facts = {}) => {
    // Structured cloning would carry `undefined`, the schema of the other side would not.
    const said = Object.entries(facts).flatMap(([name, fact]) =>
      fact === undefined ? [] : [[name, fact] as const],
    )
    post({ type: 'log', level, code, facts: Object.fromEntries(said) })
  }
}

const log: Log = { error: writer('error'), info: writer('info'), debug: writer('debug') }
/** Time for the last message to leave. */
const farewellMs = 100

let practice: Promise<Practice | null> | null = null

parentPort.on('message', ({ data }) => {
  const command = practiceCommand.safeParse(data)
  if (!command.success) {
    log.error('practice/unknown-command')
    return
  }
  const said = command.data
  switch (said.type) {
    case 'start':
      practice ??= start(said.options)
      break
    case 'call':
      answer(said.requestId, (running) => running.call(said.scenarioId))
      break
    case 'network':
      answer(said.requestId, async (running) => {
        const done = await running.setNetworkCut(said.cut)
        post({ type: 'status', status: running.status() })
        return done
      })
      break
    case 'supervise':
      answer(said.requestId, (running) => running.supervise(said.supervisor))
      break
    case 'stop':
      stop()
      break
  }
})

async function start(options: PracticeOptions): Promise<Practice | null> {
  try {
    const started = await startPractice({
      ...options,
      log,
      onStep: (step) => post({ type: 'status', status: { name: 'starting', step } }),
    })
    post({ type: 'status', status: started.status() })
    return started
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown problem'
    log.error('practice/start-failed', { kind: error instanceof Error ? error.name : 'unknown' })
    post({ type: 'status', status: { name: 'failed', detail } })
    setTimeout(() => process.exit(1), farewellMs)
    return null
  }
}

async function answer(
  requestId: string,
  run: (running: Practice) => Result<string | null> | Promise<Result<string | null>>,
): Promise<void> {
  const running = await practice
  const done = running === null ? err(appError('practice/not-running', 'later')) : await run(running)
  if (!done.ok) {
    const { code, retry, detail } = done.error
    const error = detail === undefined ? { code, retry } : { code, retry, detail }
    post({ type: 'answer', requestId, ok: false, error })
    return
  }
  const scenario = done.value === null ? {} : { scenarioId: done.value }
  post({ type: 'answer', requestId, ok: true, ...scenario })
}

async function stop(): Promise<void> {
  const running = await practice
  await running?.stop()
  setTimeout(() => process.exit(0), farewellMs)
}
