import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

/*
 * An empty PGlite database in one file. Making one anew takes PostgreSQL's initdb several seconds, unpacking this one.
 * It is good for the version of PGlite that made it, and for no other.
 */

/** A gzipped tar of the data folder. */
export async function packEmptyDatabase(): Promise<Uint8Array> {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  try {
    const tar = await database.dumpDataDir('none')
    return await promisify(gzip)(await tar.arrayBuffer())
  } finally {
    await database.close()
  }
}

/** Unpacked here and not by PGlite, whose way takes longer. */
export async function readEmptyDatabase(file: string): Promise<Blob> {
  const tar = await promisify(gunzip)(await readFile(file))
  return new Blob([Uint8Array.from(tar)], { type: 'application/x-tar' })
}
