import { join } from 'node:path'
import { findBrowser } from '#build/standin/find-browser.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import {
  downloadElectron,
  forgetFailedDownload,
  installedElectron,
  rootSwitches,
  whyElectronFails,
} from './electron-binary.ts'
import { ensureDebianPackages, type Missing, type Say } from './ensure.ts'

export type RuntimeName = 'electron' | 'stand-in'

/** What shows the pages and runs the main process. */
export interface Runtime {
  readonly name: RuntimeName
  readonly executable: string
  /** Switches this machine needs. */
  readonly switches: readonly string[]
  /** Continues "Runtime: electron," in words. */
  readonly why: string
}

export interface Choice {
  /** Takes this one or fails; without it Electron when it can be had, else the stand-in. */
  readonly only: RuntimeName | undefined
  /** Whether programs may be downloaded and installed. */
  readonly mayInstall: boolean
  readonly say: Say
}

/** What the choice depends on, apart from what was asked for. */
export interface Machine {
  installedElectron(): Promise<string | undefined>
  whyElectronFails(executable: string): string | undefined
  downloadElectron(say: Say): Promise<boolean>
  forgetFailedDownload(): void
  findBrowser(): Promise<string | undefined>
  ensureDebianPackages(packages: readonly string[], say: Say): Promise<Result<void, Missing>>
}

const thisMachine: Machine = {
  installedElectron,
  whyElectronFails,
  downloadElectron,
  forgetFailedDownload,
  findBrowser,
  ensureDebianPackages,
}

const standIn = join(import.meta.dirname, '../standin/electron')

/** Picks the runtime, bringing it to this machine where that is allowed. The error is for people to read. */
export async function chooseRuntime(
  choice: Choice,
  machine: Machine = thisMachine,
): Promise<Result<Runtime, string>> {
  const electron = choice.only === 'stand-in' ? undefined : await chooseElectron(choice, machine)
  if (electron?.ok) return electron
  if (choice.only === 'electron') return err(electron?.error ?? 'Electron was not asked for')
  return chooseStandIn(choice, electron?.error ?? 'it was asked for', machine)
}

async function chooseElectron(choice: Choice, machine: Machine): Promise<Result<Runtime, string>> {
  if (choice.only === 'electron') machine.forgetFailedDownload()
  const before = await machine.installedElectron()
  const downloaded = !before && choice.mayInstall && (await machine.downloadElectron(choice.say))
  const executable = downloaded ? await machine.installedElectron() : before
  if (!executable) return err('Electron has no binary here')
  const problem = machine.whyElectronFails(executable)
  if (problem) return err(`Electron's binary does not run (${problem})`)
  const why = downloaded ? 'just downloaded' : 'its binary is here'
  return ok({ name: 'electron', executable, switches: rootSwitches(), why })
}

async function chooseStandIn(
  choice: Choice,
  because: string,
  machine: Machine,
): Promise<Result<Runtime, string>> {
  const before = await machine.findBrowser()
  if (before) return ok(onBrowser(before, because))
  const named = process.env.ADVISER_DESKTOP_BROWSER
  if (named) return err(`ADVISER_DESKTOP_BROWSER names ${named}, which is not a program that can be run.`)
  if (!choice.mayInstall) return err(`No runtime: ${because}, and there is no Chrome, Chromium or Edge.`)
  const installed = await machine.ensureDebianPackages(['chromium'], choice.say)
  const browser = installed.ok ? await machine.findBrowser() : undefined
  if (browser) return ok(onBrowser(browser, because))
  const command = installed.ok ? 'apt-get install chromium' : installed.error.command
  return err(
    `No runtime: ${because}, and there is no Chrome, Chromium or Edge. Run this, then start again:\n  ${command}`,
  )
}

const onBrowser = (browser: string, because: string): Runtime => ({
  name: 'stand-in',
  executable: standIn,
  switches: [],
  why: `on ${browser}, because ${because}`,
})

const RUNTIME_NAMES: readonly string[] = ['electron', 'stand-in'] satisfies RuntimeName[]

/** The runtime named by `--runtime=…` or `ADVISER_DESKTOP_RUNTIME`. */
export function readRuntimeName(value: string | undefined): Result<RuntimeName | undefined, string> {
  if (value === undefined || value === '') return ok(undefined)
  if (RUNTIME_NAMES.includes(value)) return ok(value as RuntimeName)
  return err(`No runtime is called "${value}": it is ${RUNTIME_NAMES.join(' or ')}.`)
}
