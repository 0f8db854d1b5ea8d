import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import type { Library } from './mutants.ts'

export const libraryFolder = join(import.meta.dirname, '../../shared/guidance/scripts')

/** The scripts and parts of a folder as their files say them. */
export function readLibrary(folder = libraryFolder): Library {
  return { scripts: read(folder), parts: read(join(folder, 'parts')) }
}

function read(folder: string): readonly unknown[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readScriptFile(readFileSync(join(folder, name), 'utf8')).content)
}
