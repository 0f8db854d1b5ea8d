import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '#build/standin/find-browser.ts'
import { type IconImage, icnsFile, icoFile } from './icon-files.ts'

/*
 * Draws the SVGs beside this file in all sizes the installers want. Run by hand after a change of the drawing:
 * node build/icons/make-icons.ts. The results are kept in the repository.
 */

const folder = import.meta.dirname
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const LARGEST_SIMPLE_SIZE = 32
const WINDOWS_SIZES = [16, 24, 32, 48, 64, 128, 256]
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512]

/** Runs in the page, whose globals this folder's compiler settings do not have. */
const DRAW = `async ({ svg, size, wantsPixels }) => {
  const image = new Image(size, size)
  image.src = 'data:image/svg+xml,' + encodeURIComponent(svg)
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0, size, size)
  const pixels = wantsPixels ? Array.from(context.getImageData(0, 0, size, size).data) : []
  return { png: canvas.toDataURL('image/png').split(',')[1], pixels }
}`

async function draw(page: Page, size: number): Promise<IconImage> {
  const file = size <= LARGEST_SIMPLE_SIZE ? 'icon-small.svg' : 'icon.svg'
  const wanted = { svg: readFileSync(join(folder, file), 'utf8'), size, wantsPixels: size < 256 }
  const drawn: { png: string; pixels: number[] } = await page.evaluate(`(${DRAW})(${JSON.stringify(wanted)})`)
  return { size, png: Buffer.from(drawn.png, 'base64'), rgba: Buffer.from(drawn.pixels) }
}

const executablePath = await findBrowser()
if (!executablePath) throw new Error('Chrome, Chromium or Edge is needed to draw the icons')
const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
try {
  const page = await browser.newPage()
  const images: IconImage[] = []
  for (const size of SIZES) images.push(await draw(page, size))
  const ofSizes = (sizes: readonly number[]) => images.filter(({ size }) => sizes.includes(size))
  mkdirSync(join(folder, 'linux'), { recursive: true })
  for (const { size, png } of ofSizes(LINUX_SIZES))
    writeFileSync(join(folder, `linux/${size}x${size}.png`), png)
  writeFileSync(join(folder, 'icon.ico'), icoFile(ofSizes(WINDOWS_SIZES)))
  writeFileSync(join(folder, 'icon.icns'), icnsFile(images))
} finally {
  await browser.close()
}
