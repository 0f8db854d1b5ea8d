import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'vite'
import { fingerprintOf, readStamp, writeStamp } from './fingerprint.ts'
import { presentEntries, type Target, targets } from './targets.ts'

const root = join(import.meta.dirname, '../..')
const cacheFolder = join(root, 'node_modules/.cache/bundle')

export interface BundleOptions {
  /** Source maps and readable pages. */
  readonly dev?: boolean
  /** Builds even when nothing changed. */
  readonly force?: boolean
  /** Names of the targets to build; all without it. */
  readonly only?: readonly string[]
}

/** Builds what changed of the app into `dist/` and prints one line. Throws when a part does not build. */
export async function bundle(options: BundleOptions = {}): Promise<void> {
  const parts: string[] = []
  const failures: string[] = []
  for (const target of targets) {
    if (options.only && !options.only.includes(target.name)) continue
    try {
      parts.push(await bundleTarget(target, options))
    } catch (error) {
      parts.push(`${target.name} FAILED`)
      failures.push(
        `${target.name}: ${stripVTControlCharacters(error instanceof Error ? error.message : '')}`,
      )
    }
  }
  console.log(`bundle: ${parts.join(', ')}`)
  if (failures.length > 0) throw new Error(failures.join('\n'))
}

async function bundleTarget(target: Target, { dev = false, force = false }: BundleOptions): Promise<string> {
  const startedAt = performance.now()
  const output = join(root, target.outputFolder)
  const stampFile = join(cacheFolder, `${target.name}.json`)
  const inputs = [...target.inputs, 'build/bundle', 'package.json', 'package-lock.json']
  const fingerprint = await fingerprintOf(root, inputs, [dev ? 'dev' : 'production'])
  if (!force && (await readStamp(stampFile, output))?.fingerprint === fingerprint) {
    return `${target.name} unchanged`
  }

  const entries = presentEntries(target, root)
  const missing = Object.keys(target.entries).filter((name) => !(name in entries))
  if (Object.keys(entries).length === 0) return `${target.name} not written yet`

  // Built aside and swapped in, so that a running app never sees half a build.
  const fresh = join(cacheFolder, `${target.name}-${process.pid}`)
  await rm(fresh, { recursive: true, force: true })
  try {
    for (const config of target.configs(fresh, entries, dev)) await build(config)
    for (const { from, to } of target.copies) {
      if (existsSync(join(root, from))) await cp(join(root, from), join(fresh, to), { recursive: true })
      else missing.push(from)
    }
    for (const { file, to } of target.made ?? []) await cp(await file(), join(fresh, to))
    await swapIn(fresh, output)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  if (missing.length === 0) await writeStamp(stampFile, fingerprint, output)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  return `${target.name} ${seconds} s${missing.length > 0 ? ` (without ${missing.join(', ')})` : ''}`
}

/** Another build of the same target may do so at this very moment: then the later one stays. */
async function swapIn(fresh: string, output: string): Promise<void> {
  const old = `${fresh}-old`
  await mkdir(dirname(output), { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(output)) await rename(output, old)
      await rename(fresh, output)
      return
    } catch (error) {
      if (attempt === 5) throw error
    } finally {
      await rm(old, { recursive: true, force: true })
    }
  }
}

if (import.meta.main) {
  const args = process.argv.slice(2)
  const only = args
    .find((arg) => arg.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',')
  try {
    await bundle({ dev: args.includes('--dev'), force: args.includes('--force'), ...(only ? { only } : {}) })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
