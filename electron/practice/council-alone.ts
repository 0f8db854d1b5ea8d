import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { callStatus } from '#shared/contract/rest.ts'
import type { LogLevel } from '#shared/kernel/log.ts'
import { createLineLog, systemClock } from './node-ports.ts'
import { type Practice, startPractice } from './practice.ts'
import { practiceOptions } from './protocol.ts'

/* `npm run council`: council, switchboard and residents without a desk, for desks elsewhere and for looking at. */

const usage = `Starts the practice council and switchboard alone, on this machine only.

  npm run council -- [options]

  --port PORT       of the council's service (the last one used, else a free one)
  --sip-port PORT   of the switchboard
  --data FOLDER     where the database is kept (default ~/.adviser-desktop-council)
  --verbose         writes what happens
  --help

DATABASE_URL=postgres://… uses that database instead.
While it runs: call [SCENARIO] sends the next resident into the queue, supervise listening|advising|speaking|none
changes what a supervisor does in the calls on record, cut and restore the network, list, quit.`

const write = (text: string): void => void process.stdout.write(`${text}\n`)

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'sip-port': { type: 'string' },
    data: { type: 'string', default: join(homedir(), '.adviser-desktop-council') },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) write(usage)
else await run()

async function run(): Promise<void> {
  const options = practiceOptions.safeParse({
    dataFolder: values.data,
    scriptsFolder: join(import.meta.dirname, '../../shared/guidance/scripts'),
    clipsFolder: join(import.meta.dirname, 'residents/clips'),
    ...(values.port === undefined ? {} : { councilPort: Number(values.port) }),
    ...(values['sip-port'] === undefined ? {} : { sipPort: Number(values['sip-port']) }),
    ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}),
  })
  if (!options.success) {
    write(`A port is a number from 1 to 65535.\n\n${usage}`)
    process.exitCode = 2
    return
  }
  const levels: LogLevel[] = values.verbose ? ['error', 'info', 'debug'] : ['error']
  const practice = await startPractice({
    ...options.data,
    log: createLineLog(systemClock, (line) => process.stderr.write(`${line}\n`), levels),
    onStep: (step) => write(`Starting: ${step}`),
  }).catch((error: unknown) => {
    write(`Could not start: ${error instanceof Error ? error.message : 'unknown problem'}`)
    process.exit(1)
  })
  introduce(practice)
  takeOrders(practice)
}

function introduce(practice: Practice): void {
  const status = practice.status()
  if (status.name !== 'running') return
  write(`
Council       ${status.councilUrl}
Switchboard   ${status.sipUrl}
Sign in as    ${status.username}, password ${status.password} (opens nothing but this practice council)

call + Enter sends the next resident into the queue, list shows the scenarios, Ctrl-C stops.`)
}

function takeOrders(practice: Practice): void {
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    write('Stopping')
    lines.close()
    await practice.stop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', async (line) => {
    const [order = '', argument] = line.trim().split(/\s+/)
    if (order === 'quit') await stop()
    else if (order !== '') write(await obey(practice, order, argument))
  })
  lines.on('SIGINT', stop)
}

async function obey(practice: Practice, order: string, argument: string | undefined): Promise<string> {
  if (order === 'call') {
    const called = await practice.call(argument)
    if (called.ok) return `A resident calls: ${called.value}`
    return called.error.code === 'practice/no-adviser-there'
      ? 'No desk is registered that could be rung.'
      : 'There is no such scenario: list shows them.'
  }
  if (order === 'supervise') {
    const supervisor = callStatus.shape.supervisor.safeParse(argument)
    if (!supervisor.success) return 'supervise listening, advising, speaking or none'
    return practice.supervise(supervisor.data).ok ? `Supervisor: ${supervisor.data}` : 'No call is on record.'
  }
  if (order === 'cut' || order === 'restore') {
    const done = await practice.setNetworkCut(order === 'cut')
    return done.ok ? `Network ${order === 'cut' ? 'cut' : 'restored'}` : 'The network could not be restored.'
  }
  const status = practice.status()
  if (order === 'list' && status.name === 'running')
    return status.scenarios.map(({ id, title }) => `${id.padEnd(26)}${title}`).join('\n')
  return 'Orders: call [SCENARIO], supervise WHAT, cut, restore, list, quit.'
}
