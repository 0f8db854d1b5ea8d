import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#build/standin/find-browser.ts'
import { createProcesses } from '#build/start/processes.ts'

const root = join(import.meta.dirname, '../../..')
const processes = createProcesses()
let folder: string
let browser: Browser
let page: Page

const file = () => join(folder, 'missed-bin.yaml')

async function edit(change: (text: string) => string): Promise<void> {
  const before = await readFile(file(), 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(file(), after)
}

async function startPreview(): Promise<string> {
  const { child } = processes.start(process.execPath, ['build/scripts/preview.ts', file()], {
    cwd: root,
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('the preview has no output')
  const [line] = await once(createInterface(child.stdout), 'line')
  const address = /http:\S+/.exec(String(line))?.[0]
  if (address === undefined) throw new Error(`no address in "${line}"`)
  return address
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'))
  await copyFile(join(root, 'shared/guidance/scripts/missed-bin.yaml'), file())
  const executablePath = await findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage()
  await page.goto(await startPreview())
})

afterAll(async () => {
  await browser?.close()
  await processes.endAll()
  await rm(folder, { recursive: true, force: true })
})

describe('the preview of a script file', () => {
  it('shows the guidance panel, and goes on from step to step', async () => {
    await page.getByText('May be published').waitFor()
    await page.locator('.step').press('Enter')
    await page.getByRole('heading', { name: 'Which bin' }).waitFor()
  })

  it('shows what was saved at once, and stays at the step', async () => {
    await edit((text) => text.replace('I am sorry that your bin was missed.', 'Oh dear, a missed bin.'))
    await page.getByText('Oh dear, a missed bin.').waitFor()
    await page.getByRole('heading', { name: 'Which bin' }).waitFor()
  })

  it('keeps the last version that works while the file is broken, and says what to mend', async () => {
    await edit((text) => text.replace(/^start: .*$/m, 'start: nowhere'))
    await page.getByText('The file cannot be shown as it is now').waitFor()
    await page.getByText('The script starts at nowhere').waitFor()
    await page.getByText('Oh dear, a missed bin.').waitFor()
    await edit((text) => text.replace('start: nowhere', 'start: greeting'))
    await page.getByText('May be published').waitFor()
  })

  it('shows a script whose proofs fail, with where and why', async () => {
    await edit((text) => text.replace(/^ {4}go: .*$/m, '    go: end-of-the-world'))
    await page.getByText('To mend before it is published').waitFor()
    expect(await page.locator('.preview__findings').textContent()).toMatch(
      /Line \d+, step .*end-of-the-world/,
    )
  })
})
