import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

/** What a target was last built from, and which files that made. */
export interface Stamp {
  readonly fingerprint: string
  readonly outputs: readonly string[]
}

/** Every file below a folder, or the file itself; missing paths have none. Sorted, so that hashes are stable. */
export async function filesBelow(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Changes whenever the content, name or number of the inputs changes, or one of `facts`. */
export async function fingerprintOf(
  root: string,
  inputs: readonly string[],
  facts: readonly string[],
): Promise<string> {
  const hash = createHash('sha256')
  for (const fact of facts) hash.update(`${fact}\n`)
  for (const input of inputs) {
    for (const file of await filesBelow(join(root, input))) {
      hash.update(`${relative(root, file)}\n`)
      hash.update(
        createHash('sha256')
          .update(await readFile(file))
          .digest(),
      )
    }
  }
  return hash.digest('hex')
}

/** The stamp of the last build, or undefined when there is none or one of its outputs is gone. */
export async function readStamp(file: string, outputFolder: string): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await readFile(file, 'utf8')) as Stamp
    const complete =
      stamp.outputs.length > 0 && stamp.outputs.every((path) => existsSync(join(outputFolder, path)))
    return complete ? stamp : undefined
  } catch {
    return undefined
  }
}

export async function writeStamp(file: string, fingerprint: string, outputFolder: string): Promise<void> {
  const outputs = (await filesBelow(outputFolder)).map((path) => relative(outputFolder, path))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ fingerprint, outputs } satisfies Stamp))
}
