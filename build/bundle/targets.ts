import { existsSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { InlineConfig, Plugin } from 'vite'
import { emptyDatabaseFile } from './empty-database.ts'

/** One folder of `dist`: what it depends on, what is written there, and how. */
export interface Target {
  readonly name: 'renderer' | 'electron' | 'practice'
  /** Folders and files whose change makes a new build necessary, from the project's root. */
  readonly inputs: readonly string[]
  readonly entries: Readonly<Record<string, string>>
  /** Folder it owns alone, from the project's root. */
  readonly outputFolder: string
  /** Copied beside the output as they are. */
  readonly copies: readonly { readonly from: string; readonly to: string }[]
  /** Files that are in no folder of the sources: made when they are wanted, and copied. */
  readonly made?: readonly { readonly file: () => Promise<string>; readonly to: string }[]
  configs(outDir: string, entries: Readonly<Record<string, string>>, dev: boolean): InlineConfig[]
}

// The oldest Chromium the pages must run on: the stand-in runtime takes whatever browser is installed.
const oldestBrowser = 'chrome140'

// Loaded from node_modules when the app runs; everything else is bundled.
const stayPackages = ['electron', '@electric-sql/pglite']

// Asked for inside try blocks by pg and ws, which work without them.
const optionalPackages = ['pg-native', 'pg-cloudflare', 'bufferutil', 'utf-8-validate']

/** The pages' policy allows no eval; zod would try it once and have the attempt reported. */
const zodWithoutEval: Plugin = {
  name: 'zod-without-eval',
  transform(code, id) {
    if (!/\/zod\/v4\/core\/core\.js$/.test(id.replaceAll('\\', '/'))) return
    const before = 'export const globalConfig = globalThis.__zod_globalConfig;'
    if (!code.includes(before)) throw new Error(`zod changed: no "${before}" in ${id}`)
    return { code: code.replace(before, `${before}\nglobalConfig.jitless ??= true;`), map: null }
  },
}

/** `desk/desk.html` is served as `app://bundle/desk.html`. */
const pagesAtTop: Plugin = {
  name: 'pages-at-top',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.fileName.endsWith('.html')) file.fileName = file.fileName.replace(/^.*\//, '')
    }
  },
}

const always: InlineConfig = { configFile: false, logLevel: 'error', publicDir: false }

const renderer: Target = {
  name: 'renderer',
  inputs: ['shared', 'renderer'],
  entries: { desk: 'renderer/desk/desk.html', phone: 'renderer/phone/phone.html' },
  outputFolder: 'dist/renderer',
  copies: [],
  configs: (outDir, entries, dev) => [
    {
      ...always,
      root: 'renderer',
      base: '/',
      mode: dev ? 'development' : 'production',
      plugins: [react(), zodWithoutEval, pagesAtTop],
      worker: { format: 'es', plugins: () => [zodWithoutEval] },
      build: {
        outDir,
        emptyOutDir: true,
        target: oldestBrowser,
        sourcemap: dev,
        minify: !dev,
        // Preloading by script and data: addresses do not pass the pages' policy.
        modulePreload: false,
        assetsInlineLimit: 0,
        reportCompressedSize: false,
        chunkSizeWarningLimit: 2000,
        rolldownOptions: { input: { ...entries } },
      },
    },
  ],
}

function nodeTarget(
  target: Pick<Target, 'name' | 'inputs' | 'entries' | 'outputFolder' | 'copies' | 'made'>,
  format: 'cjs' | 'es',
): Target {
  const fileName = format === 'cjs' ? '[name].cjs' : '[name].mjs'
  const config = (outDir: string, name: string, entry: string, dev: boolean): InlineConfig => ({
    ...always,
    mode: dev ? 'development' : 'production',
    ssr: { noExternal: true, external: [...stayPackages, ...optionalPackages], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node24',
      sourcemap: dev,
      // Readable stacks in the log are worth more than the bytes.
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { [name]: entry },
        output: { format, entryFileNames: fileName, chunkFileNames: fileName },
      },
    },
  })
  return {
    ...target,
    // One build for each entry: a sandboxed preload script can load no chunk it shares with another.
    configs: (outDir, entries, dev) =>
      Object.entries(entries).map(([name, entry]) => config(outDir, name, entry, dev)),
  }
}

const electron = nodeTarget(
  {
    name: 'electron',
    inputs: ['shared', 'electron/main', 'electron/preload', 'electron/practice/protocol.ts'],
    entries: { main: 'electron/main/main.ts', preload: 'electron/preload/preload.ts' },
    outputFolder: 'dist/electron',
    copies: [],
  },
  'cjs',
)

const practice = nodeTarget(
  {
    name: 'practice',
    inputs: ['shared', 'electron/practice'],
    entries: { practice: 'electron/practice/utility-entry.ts' },
    outputFolder: 'dist/practice',
    copies: [
      { from: 'shared/guidance/scripts', to: 'scripts' },
      { from: 'electron/practice/residents/clips', to: 'clips' },
    ],
    made: [{ file: emptyDatabaseFile, to: 'empty-database.tar.gz' }],
  },
  'es',
)

export const targets: readonly Target[] = [renderer, electron, practice]

/** The target's entries that exist; a part not written yet is left out. */
export function presentEntries(target: Target, root: string): Readonly<Record<string, string>> {
  const present = Object.entries(target.entries).filter(([, path]) => existsSync(join(root, path)))
  return Object.fromEntries(present.map(([name, path]) => [name, join(root, path)]))
}
