import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Coverage, coverageOf } from '#shared/guidance/coverage.ts'
import { type ScriptDocument, scriptSource } from '#shared/guidance/format.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { type PlacedFinding, readScriptFile } from '#shared/guidance/script-file.ts'

/** One script file of a folder, read and proved. */
export interface CheckedScript {
  readonly file: string
  readonly findings: readonly PlacedFinding[]
  /** Null when it may not be published. */
  readonly document: ScriptDocument | null
  readonly coverage: Coverage | null
  readonly testCalls: number
}

/**
 * Every `*.yaml` of the folder, with the parts of its `parts` folder. A part that cannot be read is among the files
 * that are answered, and whatever includes it is not proved.
 */
export async function checkFolder(folder: string): Promise<readonly CheckedScript[]> {
  const parts = (await readFolder(join(folder, 'parts'))).map(({ file, text }) => ({
    file: join('parts', file),
    ...readScriptFile(text),
  }))
  const broken = parts
    .filter(({ findings }) => findings.length > 0)
    .map(({ file, findings }) => ({ file, findings, document: null, coverage: null, testCalls: 0 }))
  const scripts = (await readFolder(folder)).map(({ file, text }) =>
    checkScriptText(
      file,
      text,
      parts.map(({ content }) => content).filter((content) => content !== undefined),
    ),
  )
  return [...broken, ...scripts]
}

export function checkScriptText(file: string, text: string, parts: readonly unknown[]): CheckedScript {
  const read = readScriptFile(text)
  const refused = (findings: readonly PlacedFinding[]): CheckedScript => ({
    file,
    findings,
    document: null,
    coverage: null,
    testCalls: 0,
  })
  if (read.findings.length > 0) return refused(read.findings)
  const proved = publishable(read.content, parts)
  if (!proved.ok) {
    return refused(proved.error.findings.map((each) => ({ ...each, line: read.lineOf(each.stepId) })))
  }
  const source = scriptSource.parse(migrateScript(read.content))
  return {
    file,
    findings: [],
    document: proved.value,
    coverage: coverageOf(proved.value, source),
    testCalls: source.tests.length,
  }
}

/** The parts beside a script, or those of the library when it has none of its own. Unreadable ones are left out. */
export async function readParts(folder: string, library: string): Promise<readonly unknown[]> {
  const own = await readFolder(join(folder, 'parts'))
  const files = own.length > 0 ? own : await readFolder(join(library, 'parts'))
  return files.map(({ text }) => readScriptFile(text).content).filter((content) => content !== undefined)
}

async function readFolder(folder: string): Promise<readonly { file: string; text: string }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.yaml')).sort()
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })))
}
