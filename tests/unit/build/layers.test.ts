import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const ruleFile = join(root, 'build/lint/dependency-cruiser.cjs')
const rules = createRequire(import.meta.url)(ruleFile) as { forbidden: { name: string }[] }

/** For every rule at least one file that breaks it. */
const seeds: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['shared-imports-only-shared', 'shared/calls/a.ts', "import '#renderer/ui/fine.ts'"],
  ['shared-is-pure', 'shared/calls/b.ts', "import 'fast-check'"],
  ['shared-is-pure', 'shared/cases/b.ts', "import type { Dexie } from 'dexie'\nexport type B = Dexie"],
  ['shared-without-node', 'shared/calls/c.ts', "import 'node:fs'"],
  ['kernel-imports-nothing', 'shared/kernel/d.ts', "import '../contract/fine.ts'"],
  ['kernel-imports-nothing', 'shared/kernel/d2.ts', "import 'zod'"],
  ['contract-imports-kernel', 'shared/contract/e.ts', "import '../calls/fine.ts'"],
  ['renderer-is-a-page', 'renderer/desk/f.ts', "import 'electron'"],
  ['renderer-is-a-page', 'renderer/desk/f2.ts', "import '#electron/main/fine.ts'"],
  ['renderer-without-node', 'renderer/desk/g.ts', "import 'node:path'"],
  ['features-stay-apart', 'renderer/features/calls/h.ts', "import '../cases/index.ts'"],
  ['features-stay-apart', 'renderer/features/calls/h2.ts', "import '#renderer/platform/bridge/fine.ts'"],
  ['features-stay-apart', 'renderer/features/calls/h3.ts', "import '#renderer/desk/fine.ts'"],
  ['feature-by-its-index', 'renderer/desk/i.ts', "import '#renderer/features/cases/inside.ts'"],
  ['ui-knows-no-subject', 'renderer/ui/j.ts', "import '#renderer/features/cases/index.ts'"],
  ['platform-implements-ports', 'renderer/platform/bridge/k.ts', "import '#renderer/desk/fine.ts'"],
  [
    'platform-implements-ports',
    'renderer/platform/bridge/k2.ts',
    "import '#renderer/features/cases/index.ts'",
  ],
  ['platform-from-composition-roots', 'renderer/ui/l.ts', "import '#renderer/platform/bridge/fine.ts'"],
  ['sip-on-the-phone-page', 'renderer/desk/m.ts', "import '#renderer/platform/sip/fine.ts'"],
  ['sip-on-the-phone-page', 'renderer/records/m2.ts', "import '#renderer/platform/sip/fine.ts'"],
  ['database-in-the-records-worker', 'renderer/desk/n.ts', "import '#renderer/platform/db/fine.ts'"],
  ['database-in-the-records-worker', 'renderer/phone/n2.ts', "import '#renderer/platform/rest/fine.ts'"],
  ['pages-stay-apart', 'renderer/desk/o.ts', "import '#renderer/phone/fine.ts'"],
  ['react-only-where-people-look', 'renderer/phone/p.ts', "import 'react'"],
  ['react-only-where-people-look', 'renderer/platform/media/p2.ts', "import 'react-dom/client'"],
  ['comlink-at-the-ends', 'renderer/features/calls/q.ts', "import 'comlink'"],
  ['dexie-in-its-adapter', 'renderer/records/r.ts', "import 'dexie'"],
  ['electron-shows-nothing', 'electron/main/s.ts', "import 'react'"],
  ['electron-shows-nothing', 'electron/main/s2.ts', "import '#renderer/ui/fine.ts'"],
  ['electron-package-in-main-and-preload', 'electron/practice/t.ts', "import 'electron'"],
  ['electron-package-in-main-and-preload', 'build/start/t2.ts', "import 'electron'"],
  ['practice-runs-alone', 'electron/practice/u.ts', "import '../main/fine.ts'"],
  ['practice-by-its-protocol', 'electron/main/v.ts', "import '../practice/inside.ts'"],
  ['preload-stays-small', 'electron/preload/w.ts', "import '#shared/contract/fine.ts'"],
  ['preload-stays-small', 'electron/preload/w2.ts', "import 'zod'"],
  ['sip-js-in-its-adapters', 'renderer/phone/x.ts', "import 'sip.js'"],
  ['sip-js-in-its-adapters', 'electron/main/x2.ts', "import 'sip.js'"],
  ['product-without-its-workshop', 'electron/main/y.ts', "import '#build/start/fine.ts'"],
  ['product-without-its-workshop', 'shared/calls/y2.ts', "import '#tests/support/fine.ts'"],
  ['build-without-tests', 'build/start/z.ts', "import '#tests/support/fine.ts'"],
  ['no-cycles', 'shared/calls/one.ts', "import './two.ts'"],
  ['no-cycles', 'shared/calls/two.ts', "import type { One } from './one.ts'\nexport type Two = One"],
  ['no-cycles-in-the-stand-in', 'build/standin/one.ts', "import './two.ts'"],
  ['no-cycles-in-the-stand-in', 'build/standin/two.ts', "import './one.ts'"],
  ['resolvable', 'shared/calls/aa.ts', "import './nowhere.ts'"],
  ['resolvable', 'shared/calls/aa2.ts', "import '#shared/kernel/nowhere.ts'"],
  ['no-orphans', 'shared/calls/alone.ts', 'export const alone = 1'],
]

/** What the rules must let pass; most is imported by the seeds. */
const allowed: Readonly<Record<string, string>> = {
  'shared/kernel/fine.ts': 'export const fine = 1',
  'shared/contract/fine.ts': "import 'zod'\nimport '../kernel/fine.ts'",
  'shared/calls/fine.ts':
    "import 'zod'\nimport 'libphonenumber-js/min'\nimport 'postcode'\nimport 'feelin'\nimport 'yaml'\nimport '#shared/contract/fine.ts'",
  'renderer/ui/fine.ts': "import 'react'\nimport 'react-aria-components'\nimport '#shared/kernel/fine.ts'",
  'renderer/features/cases/index.ts':
    "import 'zustand'\nimport './inside.ts'\nimport '#renderer/ui/fine.ts'\nimport '#shared/calls/fine.ts'",
  'renderer/features/cases/inside.ts': "import 'react'",
  'renderer/platform/bridge/fine.ts': "import '#shared/contract/fine.ts'",
  'renderer/platform/sip/fine.ts': "import 'sip.js'\nimport '#shared/calls/fine.ts'",
  'renderer/platform/db/fine.ts': "import 'dexie'",
  'renderer/platform/rest/fine.ts': "import '#shared/contract/fine.ts'",
  'renderer/desk/fine.ts':
    "import 'react-dom/client'\nimport 'comlink'\nimport '#renderer/features/cases/index.ts'\nimport '#renderer/platform/bridge/fine.ts'\nimport '#renderer/records/connect.ts'",
  'renderer/phone/fine.ts':
    "import 'comlink'\nimport '#renderer/platform/sip/fine.ts'\nimport '#renderer/records/connect.ts'",
  'renderer/records/connect.ts': "import 'comlink'",
  'renderer/records/worker.ts':
    "import '#renderer/platform/db/fine.ts'\nimport '#renderer/platform/rest/fine.ts'",
  'electron/main/fine.ts':
    "import 'electron'\nimport 'node:fs'\nimport '../practice/protocol.ts'\nimport '#shared/contract/fine.ts'",
  'electron/preload/fine.ts':
    "import { ipcRenderer } from 'electron'\nimport type { Fine } from '#shared/contract/fine.ts'\nexport type P = Fine",
  'electron/practice/protocol.ts': "import 'zod'",
  'electron/practice/inside.ts': "import 'sip.js'\nimport 'node:net'\nimport './protocol.ts'",
  'build/start/fine.ts': "import 'node:fs'\nimport '#shared/kernel/fine.ts'",
  'build/standin/fine.ts':
    "import 'electron'\nimport type { Other } from './other.ts'\nexport type F = Other",
  'build/standin/other.ts': "import './fine.ts'",
  'tests/support/fine.ts': "import 'electron'\nimport 'sip.js'\nimport '#renderer/phone/fine.ts'",
}

interface Report {
  readonly modules: readonly {
    readonly source: string
    readonly rules?: readonly { readonly name: string }[]
    readonly dependencies: readonly { readonly rules?: readonly { readonly name: string }[] }[]
  }[]
}

let folder: string
/** Rules broken, by file. */
const broken = new Map<string, Set<string>>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'))
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'seeded', type: 'module', imports }))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const files = [...seeds.map(([, file, text]) => [file, text] as const), ...Object.entries(allowed)]
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}\n`)
  }
  const report = await cruise(folder)
  for (const module of report.modules) {
    const found = [...(module.rules ?? []), ...module.dependencies.flatMap(({ rules }) => rules ?? [])]
    broken.set(module.source, new Set(found.map(({ name }) => name)))
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function cruise(cwd: string): Promise<Report> {
  const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [
    '--config',
    ruleFile,
    '--output-type',
    'json',
    'shared',
    'renderer',
    'electron',
    'build',
    'tests',
  ]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, ...args], { cwd, maxBuffer: 64e6 }, (error, stdout) => {
      // It exits with the number of violations, of which there are many here.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout))
      else reject(error ?? new Error(stdout))
    })
  })
}

describe('the layer rules', () => {
  it.each(seeds)('%s refuses %s', (rule, file) => {
    expect([...(broken.get(file) ?? [])]).toContain(rule)
  })

  it.each(Object.keys(allowed))('let %s pass', (file) => {
    expect([...(broken.get(file) ?? ['not looked at'])]).toEqual([])
  })

  it('have a seeded violation each', () => {
    const seeded = new Set(seeds.map(([rule]) => rule))
    expect(rules.forbidden.map(({ name }) => name).filter((name) => !seeded.has(name))).toEqual([])
  })
})
