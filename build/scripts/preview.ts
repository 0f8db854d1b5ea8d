import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { createServer, type ViteDevServer } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'
import { hasDisplay } from '#build/start/display.ts'
import { createProcesses, endOnSignals } from '#build/start/processes.ts'
import { type PreviewNews, previewEvent, previewPath } from '#shared/contract/preview.ts'
import { previewed } from '#shared/guidance/preview.ts'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import { checkScriptText, readParts } from './library.ts'

const root = join(import.meta.dirname, '../..')

const help = `npm run scripts:preview -- FILE
Opens the desk's guidance panel on a script file and shows it anew whenever it is saved.`

/** Reads the file as it is now. What cannot be run is told by its findings. */
async function newsOf(path: string): Promise<PreviewNews> {
  const text = await readFile(path, 'utf8')
  const parts = await readParts(dirname(path), join(root, 'shared/guidance/scripts'))
  const { findings } = checkScriptText(basename(path), text, parts)
  return { file: basename(path), shown: previewed(readScriptFile(text).content, parts), findings }
}

async function serve(path: string): Promise<ViteDevServer> {
  const server = await createServer({
    configFile: false,
    root: join(root, 'renderer'),
    publicDir: false,
    logLevel: 'error',
    server: {
      host: '127.0.0.1',
      port: 0,
      fs: { allow: [root] },
      // An editor empties a file before it writes it.
      watch: { awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 } },
    },
    plugins: [
      react(),
      {
        name: 'script-preview',
        configureServer({ middlewares }) {
          middlewares.use(previewPath, (_request, response) => {
            newsOf(path).then(
              (news) => response.setHeader('content-type', 'application/json').end(JSON.stringify(news)),
              () => response.writeHead(500).end(),
            )
          })
        },
      },
    ],
  })
  let newest = 0
  const tell = (changed: string) => {
    if (changed !== path && !(changed.startsWith(dirname(path)) && changed.endsWith('.yaml'))) return
    newest += 1
    const told = newest
    newsOf(path).then(
      (news) => {
        if (told === newest) server.ws.send(previewEvent, news)
      },
      () => {}, // Between two writes of an editor the file may be gone for a moment.
    )
  }
  server.watcher.add([path, join(dirname(path), 'parts')])
  server.watcher.on('change', tell).on('add', tell)
  await server.listen()
  return server
}

async function preview(named: string | undefined): Promise<number> {
  if (named === undefined || named === '--help') {
    console.log(help)
    return named === undefined ? 1 : 0
  }
  const path = resolve(named)
  if (!existsSync(path)) {
    console.error(`There is no file ${named}.`)
    return 1
  }
  const server = await serve(path)
  const address = `${server.resolvedUrls?.local[0] ?? ''}preview/preview.html`
  console.log(`Preview of ${basename(path)}: ${address}\nCtrl-C here ends it.`)
  const processes = createProcesses()
  endOnSignals(processes)
  const browser = hasDisplay() ? await findBrowser() : undefined
  if (browser !== undefined) processes.start(browser, [`--app=${address}`], { stdio: 'ignore' })
  return new Promise(() => {})
}

process.exitCode = await preview(process.argv[2])
