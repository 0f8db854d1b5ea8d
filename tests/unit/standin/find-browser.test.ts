import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { browserCandidates, findBrowser } from '#build/standin/find-browser.ts'

async function folderWith(...commands: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'find-browser-'))
  for (const command of commands) {
    await writeFile(join(folder, command), '')
    await chmod(join(folder, command), 0o755)
  }
  return folder
}

describe.runIf(process.platform === 'linux')('findBrowser', () => {
  it('takes the first that is installed, whatever the order of the path', async () => {
    const [edge, chromium] = [await folderWith('microsoft-edge'), await folderWith('chromium')]
    expect(await findBrowser({ PATH: `${edge}:${chromium}` })).toBe(join(chromium, 'chromium'))
  })

  it('takes the one that is named over any other', async () => {
    const folder = await folderWith('chromium', 'my-own')
    const named = join(folder, 'my-own')
    expect(await findBrowser({ PATH: folder, ADVISER_DESKTOP_BROWSER: named })).toBe(named)
  })

  it('finds none rather than another when the one named is not a program', async () => {
    const folder = await folderWith('chromium')
    const named = join(folder, 'missing')
    expect(await findBrowser({ PATH: folder, ADVISER_DESKTOP_BROWSER: named })).toBeUndefined()
  })

  it('finds none where none is', async () => {
    expect(await findBrowser({ PATH: await folderWith() })).toBeUndefined()
  })
})

describe('browserCandidates', () => {
  it('knows where macOS keeps applications', () => {
    expect(browserCandidates('darwin', { HOME: '/Users/a' })).toContain(
      '/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    )
  })

  it('knows where Windows keeps programs', () => {
    expect(browserCandidates('win32', { PROGRAMFILES: 'C:\\Program Files' })).toContain(
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    )
  })
})
