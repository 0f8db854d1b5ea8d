import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { scriptSource } from '#shared/guidance/format.ts'
import type { TestCall } from '#shared/guidance/format-tests.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { type Previewed, previewed } from '#shared/guidance/preview.ts'
import { diffCalls, diffScripts, isSame } from '#shared/guidance/script-diff.ts'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import { playCall } from '#shared/guidance/test-calls.ts'
import { readParts } from './library.ts'
import { libraryFolder } from './library-files.ts'

/**
 * `npm run scripts:diff -- BEFORE.yaml AFTER.yaml`: which ways through a script are new, gone or changed, in words.
 * Exits with 1 when a file cannot be compared.
 */
async function diff(files: readonly string[]): Promise<number> {
  const [before, after] = files
  const missing = files.find((file) => !existsSync(file))
  if (before === undefined || after === undefined || missing !== undefined) {
    console.error(
      missing === undefined ? 'Name two files: BEFORE.yaml AFTER.yaml.' : `There is no file ${missing}.`,
    )
    return 1
  }
  const [was, is] = await Promise.all([read(before), read(after)])
  if (was === null || is === null) {
    console.error(`${was === null ? before : after} cannot be read as a script. Run scripts:check on it.`)
    return 1
  }
  const scripts = { before: was.document, after: is.document }
  const found = diffScripts(scripts.before, scripts.after)
  const testFacts = { ...is.facts, ...was.facts }
  const calls = diffCalls(
    scripts,
    was.tests.map((call) => ({
      before: playCall(scripts.before, call, testFacts),
      after: playCall(scripts.after, call, testFacts),
    })),
  )
  if (isSame(found) && calls.length === 0) {
    console.log('Every way is the same.')
    return 0
  }
  console.log(`Ways from start to end: ${found.ways.before} before, ${found.ways.after} after.`)
  print('New', found.added)
  print('Gone', found.removed)
  print('Under other answers', found.rerouted)
  print('Other words or another question', found.reworded)
  print('Besides', found.other)
  print('Test calls of the first file that go another way', calls)
  return 0
}

/** Null when a file is no script that can be run; whether its proofs hold does not matter here. */
async function read(file: string): Promise<(Previewed & { readonly tests: readonly TestCall[] }) | null> {
  const { content } = readScriptFile(await readFile(file, 'utf8'))
  const shown = previewed(content, await readParts(dirname(file), libraryFolder))
  const source = scriptSource.safeParse(migrateScript(content))
  return shown === null || !source.success ? null : { ...shown, tests: source.data.tests }
}

function print(heading: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${heading}\n${lines.map((line) => `  ${line}`).join('\n')}`)
}

process.exitCode = await diff(process.argv.slice(2))
