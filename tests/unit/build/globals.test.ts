import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** Uses of a global, each in the folder whose compiler settings take it away. */
const refused: readonly (readonly [folder: string, use: string])[] = [
  ['shared', 'setTimeout(() => {}, 1)'],
  ['shared', "fetch('https://example.org')"],
  ['shared', "console.log('x')"],
  ['shared', 'performance.now()'],
  ['shared', 'crypto.randomUUID()'],
  ['shared', 'document.title'],
  ['shared', 'process.env'],
  ['shared', "Buffer.from('x')"],
  ['renderer', 'process.env'],
  ['renderer', "Buffer.from('x')"],
  ['renderer', "require('node:fs')"],
  ['electron', 'document.title'],
  ['electron', 'window.close()'],
  ['electron', 'new RTCPeerConnection()'],
  ['build', 'document.title'],
]

const given: readonly (readonly [folder: string, use: string])[] = [
  ['shared', 'new Map([[1, 2]]).get(1)'],
  ['renderer', 'document.title'],
  ['renderer', 'setTimeout(() => {}, 1)'],
  ['electron', "Buffer.from('x')"],
  ['electron', 'process.env'],
]

let folder: string
let output: string
const fileOf = (kind: string, at: number) => `${kind}-${at}.ts`

/** One compilation for each folder's settings, over a file for each use. */
beforeAll(async () => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  // Inside the project, so that the compiler finds the same types.
  folder = mkdtempSync(join(root, 'node_modules/.cache/globals-'))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  for (const [at, [, use]] of refused.entries()) write(fileOf('refused', at), `${use}\nexport {}\n`)
  for (const [at, [, use]] of given.entries()) write(fileOf('given', at), `${use}\nexport {}\n`)
  const runtimes = [...new Set([...refused, ...given].map(([runtime]) => runtime))]
  const outputs = runtimes.map((runtime) => {
    const uses = [
      ...refused.flatMap(([of], at) => (of === runtime ? fileOf('refused', at) : [])),
      ...given.flatMap(([of], at) => (of === runtime ? fileOf('given', at) : [])),
    ]
    write(
      `${runtime}.json`,
      JSON.stringify({
        extends: join(root, runtime, 'tsconfig.json'),
        compilerOptions: {
          composite: false,
          noEmit: true,
          emitDeclarationOnly: false,
          declaration: false,
          rootDir: '/',
        },
        include: [],
        files: uses,
        references: [],
      }),
    )
    return compile(join(folder, `${runtime}.json`))
  })
  output = (await Promise.all(outputs)).join('\n')
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function compile(project: string): Promise<string> {
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc')
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, '-p', project, '--pretty', 'false'],
      { cwd: root },
      (_, stdout, stderr) => resolve(stdout + stderr),
    )
  })
}

const errorsIn = (file: string) => output.split('\n').filter((line) => line.includes(`/${file}(`))

describe('the compiler settings of each folder', () => {
  it.each(refused.map(([runtime, use], at) => [runtime, use, at] as const))(
    '%s: %s does not compile',
    (_runtime, _use, at) => {
      const errors = errorsIn(fileOf('refused', at))
      expect(errors.join('\n')).toMatch(/error TS(2304|2552|2580|2584|2591)/)
    },
  )

  it.each(given.map(([runtime, use], at) => [runtime, use, at] as const))(
    '%s: %s compiles',
    (_runtime, _use, at) => {
      expect(errorsIn(fileOf('given', at))).toEqual([])
    },
  )

  it('say nothing else, so that a refusal is about the global', () => {
    const known = output
      .split('\n')
      .filter((line) => line !== '' && !/\/(refused|given)-\d+\.ts\(/.test(line))
    expect(known).toEqual([])
  })
})
