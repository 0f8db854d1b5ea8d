import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bundle } from '#build/bundle/bundle.ts'
import { hasDisplay, startVirtualDisplay } from './display.ts'
import { createProcesses, endOnSignals, type Processes } from './processes.ts'
import { chooseRuntime, type Runtime, readRuntimeName } from './runtime.ts'

const root = join(import.meta.dirname, '../..')

const HELP = `npm start [-- options for the app]
  --runtime=electron|stand-in   which runtime shows the pages (also ADVISER_DESKTOP_RUNTIME)
  --config=FILE                 the desk's settings; without it practice mode
  --user-data-dir=FOLDER        where the desk keeps its data
Other options go to the app and to Chromium as they are.`

const say = (line: string) => console.log(line)

/** Opens the desk; where nobody could see it, plays the tour. Answers with the exit code. */
async function start(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    say(HELP)
    return 0
  }
  const asked = args.find((arg) => arg.startsWith('--runtime='))?.slice('--runtime='.length)
  const only = readRuntimeName(asked ?? process.env.ADVISER_DESKTOP_RUNTIME)
  if (!only.ok) return refuse(only.error)

  const processes = createProcesses()
  endOnSignals(processes)
  const runtime = await chooseRuntime({ only: only.value, mayInstall: true, say })
  if (!runtime.ok) return refuse(runtime.error)
  say(`Runtime: ${runtime.value.name}, ${runtime.value.why}.`)
  await bundle()
  const appArgs = args.filter((arg) => !arg.startsWith('--runtime='))
  return hasDisplay()
    ? openDesk(runtime.value, appArgs, processes)
    : playTour(runtime.value, appArgs, processes)
}

async function openDesk(runtime: Runtime, appArgs: readonly string[], processes: Processes): Promise<number> {
  say('Opening the desk. Ctrl-C here ends it.')
  const { exited } = processes.start(runtime.executable, [...runtime.switches, root, ...appArgs], {
    cwd: root,
  })
  const { code } = await exited
  await processes.endAll()
  return code
}

async function playTour(runtime: Runtime, appArgs: readonly string[], processes: Processes): Promise<number> {
  say('There is no display here to open the desk on, so the tour plays without one: see out/tour/.')
  const env = { ...process.env, ADVISER_DESKTOP_RUNTIME: runtime.name }
  if (runtime.name === 'electron') {
    const display = await startVirtualDisplay(processes, say)
    if (!display.ok) return refuse(display.error)
    Object.assign(env, { DISPLAY: display.value })
  }
  const tour = join(root, 'build/tour/tour.ts')
  const { code } = await processes.start(process.execPath, [tour, ...appArgs], { cwd: root, env }).exited
  await processes.endAll()
  return code
}

function refuse(problem: string): number {
  console.error(problem)
  return 1
}

const PROJECT_NODE = join(root, 'node_modules/.bin/node')

/** npm puts the project's Node first on the path; started by hand it may be an older one. */
function exitIfOlderNode(): void {
  if (Number(process.versions.node.split('.')[0]) >= 24) return
  const again = spawnSync(PROJECT_NODE, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(again.status ?? 1)
}

exitIfOlderNode()
process.exit(await start(process.argv.slice(2)))
