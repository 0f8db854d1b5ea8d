import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { playCalls } from '#shared/guidance/test-calls.ts'
import { drawScript } from './drawing.ts'
import { drawingPage } from './drawing-page.ts'
import { checkFolder } from './library.ts'
import { libraryFolder } from './library-files.ts'

const outFolder = join(import.meta.dirname, '../../out/scripts')

/** `npm run scripts:draw [-- FILE|FOLDER]`: every way through a script, as a picture and a page in out/scripts. */
async function draw(given: string): Promise<number> {
  if (!existsSync(given)) {
    console.error(`There is no file or folder ${given}.`)
    return 1
  }
  const one = statSync(given).isFile() ? basename(given) : null
  const checked = (await checkFolder(one === null ? given : dirname(given))).filter(
    ({ file }) => one === null || file === one,
  )
  mkdirSync(outFolder, { recursive: true })
  let refused = 0
  for (const { file, document, source, findings } of checked) {
    if (document === null || source === null) {
      refused += 1
      console.error(
        `${file} cannot be drawn before it passes its checks: ${findings.length} to mend. Run scripts:check.`,
      )
      continue
    }
    const played = playCalls(document, source)
    const name = join(outFolder, basename(file, '.yaml'))
    writeFileSync(`${name}.svg`, drawScript(document, played))
    writeFileSync(`${name}.html`, drawingPage(document, played))
    console.log(relative(process.cwd(), `${name}.html`))
  }
  return refused === 0 && checked.length > 0 ? 0 : 1
}

process.exitCode = await draw(process.argv[2] ?? libraryFolder)
