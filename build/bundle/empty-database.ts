import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packEmptyDatabase } from '#electron/practice/council/database/empty-database.ts'
import { lockFolder } from '#electron/practice/council/database/folder-lock.ts'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache/empty-database')

/** The file that practice's first start begins from; made once for the version of PGlite that is installed. */
export async function emptyDatabaseFile(): Promise<string> {
  const { version } = JSON.parse(
    await readFile(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
  ) as { version: string }
  const file = join(cache, `${version}.tar.gz`)
  if (existsSync(file)) return file
  // Whoever comes first makes it, the others wait.
  const lock = await lockFolder(cache, 60_000)
  try {
    if (existsSync(file)) return file
    for (const outdated of await readdir(cache)) await rm(join(cache, outdated), { force: true })
    const half = `${file}.half`
    await writeFile(half, await packEmptyDatabase())
    await rename(half, file)
    return file
  } finally {
    await lock.release()
  }
}
