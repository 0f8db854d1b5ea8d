import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

const LINUX_COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const MAC_APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge']

const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

type Environment = Readonly<Record<string, string | undefined>>

/** Where Chrome, Chromium or Edge may be on this kind of machine, most wanted first. */
export function browserCandidates(platform: NodeJS.Platform, environment: Environment): string[] {
  if (platform === 'darwin') {
    return ['/Applications', join(environment.HOME ?? homedir(), 'Applications')].flatMap((folder) =>
      MAC_APPLICATIONS.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    )
  }
  if (platform === 'win32') {
    return [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => WINDOWS_PROGRAMS.map((parts) => [folder, ...parts].join('\\')))
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return LINUX_COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)))
}

/**
 * The installed Chromium-family browser the stand-in runs on, or undefined when there is none.
 * `ADVISER_DESKTOP_BROWSER` names one outright, and is believed only if it can be executed.
 */
export async function findBrowser(environment: Environment = process.env): Promise<string | undefined> {
  const named = environment.ADVISER_DESKTOP_BROWSER
  const candidates = named ? [named] : browserCandidates(process.platform, environment)
  for (const candidate of candidates) {
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (usable) return candidate
  }
  return undefined
}
