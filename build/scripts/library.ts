import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Coverage, coverageOf } from '#shared/guidance/coverage.ts'
import { type ScriptDocument, type ScriptSource, scriptSource } from '#shared/guidance/format.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { type PublishChecks, publishable } from '#shared/guidance/publish.ts'
import { type PlacedFinding, readScriptFile } from '#shared/guidance/script-file.ts'

/** One script file of a folder, read and proved. */
export interface CheckedScript {
  readonly file: string
  readonly findings: readonly PlacedFinding[]
  /** What may be published, and what it was made of; null when it may not be. */
  readonly document: ScriptDocument | null
  readonly source: ScriptSource | null
  readonly coverage: Coverage | null
}

/** Parts that a folder without parts of its own may include. */
const libraryParts = join(import.meta.dirname, '../../shared/guidance/scripts/parts')

/**
 * Every `*.yaml` of the folder, with the parts of its `parts` folder, or those of the library when it has none. A part
 * that cannot be read is among the files that are answered, and whatever includes it is not proved.
 */
export async function checkFolder(
  folder: string,
  checks: PublishChecks = {},
): Promise<readonly CheckedScript[]> {
  const own = await readFolder(join(folder, 'parts'))
  const files = own.length > 0 ? own : await readFolder(libraryParts)
  const parts = files.map(({ file, text }) => ({ file: join('parts', file), ...readScriptFile(text) }))
  const broken = parts
    .filter(({ findings }) => findings.length > 0)
    .map(({ file, findings }) => ({ ...refused, file, findings }))
  const scripts = (await readFolder(folder)).map(({ file, text }) =>
    checkScriptText(
      file,
      text,
      parts.map(({ content }) => content).filter((content) => content !== undefined),
      checks,
    ),
  )
  return [...broken, ...scripts]
}

const refused = { document: null, source: null, coverage: null } as const

export function checkScriptText(
  file: string,
  text: string,
  parts: readonly unknown[],
  checks: PublishChecks = {},
): CheckedScript {
  const read = readScriptFile(text)
  if (read.findings.length > 0) return { ...refused, file, findings: read.findings }
  const proved = publishable(read.content, parts, checks)
  if (!proved.ok) {
    const findings = proved.error.findings.map((each) => ({
      ...each,
      line: read.lineOf(each.stepId, each.path),
    }))
    return { ...refused, file, findings }
  }
  const source = scriptSource.parse(migrateScript(read.content))
  return { file, findings: [], document: proved.value, source, coverage: coverageOf(proved.value, source) }
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
