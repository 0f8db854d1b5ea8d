import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from '#build/bundle/bundle.ts'
import { launchDesk } from '#build/start/launch.ts'
import { createProcesses, endOnSignals } from '#build/start/processes.ts'
import { chooseRuntime, readRuntimeName } from '#build/start/runtime.ts'
import { type Figure, reportPage, type StepRecord } from './report.ts'
import { playShift } from './shift.ts'

const root = join(import.meta.dirname, '../..')
const outFolder = join(root, 'out/tour')
/** Chromium notes each refused connection while the tour has the network cut. */
const causedByOutage =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE/
const say = (line: string) => console.log(line)

/** Plays one shift through the real desk, on a profile of its own. Answers with the exit code. */
async function tour(args: readonly string[]): Promise<number> {
  const only = readRuntimeName(process.env.ADVISER_DESKTOP_RUNTIME)
  const runtime = only.ok ? await chooseRuntime({ only: only.value, mayInstall: true, say }) : only
  if (!runtime.ok) {
    console.error(runtime.error)
    return 1
  }
  await bundle()
  rmSync(outFolder, { recursive: true, force: true })
  mkdirSync(outFolder, { recursive: true })
  const userDataFolder = mkdtempSync(join(tmpdir(), 'adviser-desktop-tour-'))
  const processes = createProcesses()
  endOnSignals(processes)
  // What Playwright starts carries the mark too, so that Ctrl-C ends all of it.
  Object.assign(process.env, processes.mark)

  const startedAt = new Date()
  const steps: StepRecord[] = []
  const figures: Figure[] = []
  const app = await launchDesk({ runtime: runtime.value, userDataFolder, args })
  try {
    const desk = await app.page('desk')
    await desk.setViewportSize({ width: 1366, height: 768 })
    await playShift(desk, {
      launchedAt: startedAt.getTime(),
      figure: (name, value, unit) => {
        figures.push({ name, value, unit })
        say(`     ${name}: ${Math.round(value * 1000) / 1000} ${unit}`)
      },
      async step(title, run) {
        const screenshot = `${String(steps.length + 1).padStart(2, '0')}-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.png`
        const began = performance.now()
        const failure = await run().then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        )
        const seconds = (performance.now() - began) / 1000
        await desk.screenshot({ path: join(outFolder, screenshot) }).catch(() => undefined)
        steps.push({ title, screenshot, seconds, ...(failure === undefined ? {} : { failure }) })
        say(`${failure === undefined ? 'ok  ' : 'FAIL'} ${title} (${seconds.toFixed(1)} s)`)
        if (failure !== undefined) throw new Error(failure)
      },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    say(app.output.join('').slice(-4_000))
  } finally {
    await app.close()
    await processes.endAll()
    rmSync(userDataFolder, { recursive: true, force: true, maxRetries: 5 })
  }
  for (const problem of app.problems.filter(({ text }) => !causedByOutage.test(text))) {
    steps.push({ title: `Error in ${problem.where}`, screenshot: '', seconds: 0, failure: problem.text })
    say(`FAIL error in ${problem.where}: ${problem.text}`)
  }
  writeFileSync(
    join(outFolder, 'index.html'),
    reportPage({ runtime: runtime.value.name, startedAt, steps, figures }),
  )
  say(`Report: ${join('out', 'tour', 'index.html')}`)
  const failed = steps.filter((step) => step.failure !== undefined).length
  say(`tour: ${steps.length - failed} steps passed, ${failed} failed`)
  return failed === 0 && steps.length > 0 ? 0 : 1
}

process.exit(await tour(process.argv.slice(2)))
