import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readScriptFile } from '#shared/guidance/script-file.ts'

export interface ScriptText {
  readonly file: string
  readonly text: string
}

/** The files of a folder of scripts, `*.yaml`, and of the parts that they include, in `parts/`. */
export interface ScriptLibrary {
  readonly scripts: readonly ScriptText[]
  readonly parts: readonly ScriptText[]
  readonly partsHash: string
}

export async function readLibrary(folder: string): Promise<ScriptLibrary> {
  const [scripts, parts] = await Promise.all([readYaml(folder), readYaml(join(folder, 'parts'))])
  return { scripts, parts, partsHash: hashOf(parts.map(({ text }) => text).join('\0')) }
}

async function readYaml(folder: string): Promise<readonly ScriptText[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.yaml')).sort()
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })))
}

/** What the parts say; what cannot be read is nothing, and nothing is not a part. */
export const contentsOf = (parts: readonly ScriptText[]): readonly unknown[] =>
  parts.map(({ text }) => readScriptFile(text).content)

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
