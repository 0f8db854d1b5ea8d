import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasDisplay, startVirtualDisplay } from '#build/start/display.ts'
import { ensureDebianPackages } from '#build/start/ensure.ts'
import type { Processes } from '#build/start/processes.ts'
import { chooseRuntime, readRuntimeName } from '#build/start/runtime.ts'
import { type Counts, failure, readPlaywrightCounts, readVitestCounts, trustedCounts } from './counts.ts'
import type { Needs, Part } from './parts.ts'
import { type Peers, preparePeers } from './peers.ts'

const root = join(import.meta.dirname, '../..')
const reportFolder = join(root, 'out/test')
const PART_LIMIT_MS = 15 * 60_000

export interface PartResult extends Counts {
  /** Why the part fails where the counts alone do not say it. */
  readonly problem?: string
}

export interface Run {
  readonly processes: Processes
  readonly say: (line: string) => void
  /** Arguments for Vitest or Playwright. */
  readonly passedOn: readonly string[]
}

const nothingRan: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] }

export async function runPart(part: Part, run: Run): Promise<PartResult> {
  if (part.kind === 'check') return runCheck(part.command, run)
  const peers: Peers = part.needs.peers ? await preparePeers(run.say) : { ready: true, inside: [] }
  if (!peers.ready) return { ...nothingRan, skipped: 1, problem: peers.why }
  const prepared = await prepare(part.needs, run)
  if ('problem' in prepared) return { ...nothingRan, failed: 1, problem: prepared.problem }
  mkdirSync(reportFolder, { recursive: true })
  const report = join(reportFolder, `${part.name}.json`)
  rmSync(report, { force: true })
  const command = part.kind === 'vitest' ? vitestCommand(part, report, run) : playwrightCommand(run.passedOn)
  const env = { ...prepared.env, ADVISER_DESKTOP_TEST_REPORT: report }
  const { code } = await tool(command, env, run, { inside: peers.inside })
  const read = part.kind === 'vitest' ? readVitestCounts : readPlaywrightCounts
  return trustedCounts(read(report), code)
}

/** A single check prints only when it fails. */
async function runCheck(command: readonly [string, ...string[]], run: Run): Promise<PartResult> {
  const { code, output } = await tool(command, process.env, run, { output: 'captured' })
  if (code === 0) return { ...nothingRan, passed: 1 }
  run.say(output.trimEnd())
  return { ...nothingRan, failed: 1, failures: [failure(command[0], output)] }
}

function vitestCommand(
  { projects, oneAtATime = false }: Extract<Part, { kind: 'vitest' }>,
  report: string,
  run: Run,
): readonly [string, ...string[]] {
  return [
    'vitest',
    'run',
    '--config=build/test/vitest.config.ts',
    ...projects.map((project) => `--project=${project}`),
    ...(oneAtATime ? ['--no-file-parallelism'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...run.passedOn,
  ]
}

const playwrightCommand = (passedOn: readonly string[]): readonly [string, ...string[]] => [
  '@playwright/test',
  'test',
  '--config=build/test/playwright.config.ts',
  ...passedOn,
]

/** Brings what the part needs. Answers with the environment its tests run in, or with what is missing. */
async function prepare(needs: Needs, run: Run): Promise<{ env: NodeJS.ProcessEnv } | { problem: string }> {
  const env = { ...process.env }
  const packages = await ensureDebianPackages(process.platform === 'linux' ? needs.packages : [], run.say)
  if (!packages.ok) return { problem: `run this first: ${packages.error.command}` }
  if (needs.runtime) {
    const problem = await prepareRuntime(env, run)
    if (problem) return { problem }
  }
  if (needs.bundle) {
    const { exited } = run.processes.start(process.execPath, ['build/bundle/bundle.ts'], { cwd: root })
    const { code } = await exited
    if (code !== 0) return { problem: 'the app does not build' }
  }
  return { env }
}

async function prepareRuntime(env: NodeJS.ProcessEnv, run: Run): Promise<string | undefined> {
  const only = readRuntimeName(env.ADVISER_DESKTOP_RUNTIME)
  if (!only.ok) return only.error
  const runtime = await chooseRuntime({ only: only.value, mayInstall: true, say: run.say })
  if (!runtime.ok) return runtime.error
  run.say(`Runtime: ${runtime.value.name}, ${runtime.value.why}.`)
  env.ADVISER_DESKTOP_RUNTIME = runtime.value.name
  if (runtime.value.name === 'electron' && !hasDisplay()) {
    const display = await startVirtualDisplay(run.processes, run.say)
    if (!display.ok) return display.error
    env.DISPLAY = display.value
  }
  return undefined
}

/** Runs a package's command on this Node, in a process group that ends with this process. */
async function tool(
  [packageName, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  run: Run,
  { output = 'shown', inside = [] }: { output?: 'shown' | 'captured'; inside?: readonly string[] },
): Promise<{ code: number; output: string }> {
  const colours = output === 'captured' && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const [program = process.execPath, ...programArgs] = [
    ...inside,
    process.execPath,
    commandOf(packageName),
    ...args,
  ]
  const { child, exited } = run.processes.start(program, programArgs, {
    cwd: root,
    env: { ...env, ...colours },
    stdio: ['ignore', output === 'shown' ? 'inherit' : 'pipe', output === 'shown' ? 'inherit' : 'pipe'],
  })
  let text = ''
  const collect = (chunk: Buffer) => {
    text += chunk
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const outputEnded = new Promise((resolve) => child.once('close', resolve))
  const limit = setTimeout(() => {
    run.say(`Ended after ${PART_LIMIT_MS / 60_000} minutes.`)
    run.processes.killAll()
  }, PART_LIMIT_MS)
  const { code } = await exited
  if (output === 'captured') await outputEnded
  clearTimeout(limit)
  return { code, output: text }
}

/** The script behind a package's one command. */
function commandOf(packageName: string): string {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const script = typeof bin === 'string' ? bin : Object.values(bin)[0]
  return join(folder, script ?? 'index.js')
}
