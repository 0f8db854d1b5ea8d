import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundle } from '#build/bundle/bundle.ts'
import { downloadElectron, installedElectron } from '#build/start/electron-binary.ts'
import { writePlaceholderElectron } from './placeholder.ts'

const root = join(import.meta.dirname, '../..')

export interface PackageOptions {
  /** Kinds of installer (`deb`, `AppImage`, `nsis`, `dmg`); none makes the unpacked app. */
  readonly targets: readonly string[]
  readonly outputFolder: string
  /** Builds around a placeholder instead of Electron's binary. */
  readonly isPlaceholder: boolean
  readonly output: 'shown' | 'only when it fails'
}

/** Makes installers or the unpacked app of what is in `dist/`. Throws when electron-builder fails. */
export async function packageApp(options: PackageOptions): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'adviser-desktop-package-'))
  try {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'))
    const installed = options.isPlaceholder ? undefined : await installedElectron()
    const electronDist = installed ? join(root, 'node_modules/electron/dist') : temporary
    if (!installed) writePlaceholderElectron(temporary, version)
    await runElectronBuilder(
      [
        ...(options.targets.length > 0 ? [platformFlag(), ...options.targets] : ['--dir']),
        '--config=electron-builder.yml',
        `--config.directories.output=${options.outputFolder}`,
        `--config.electronDist=${electronDist}`,
        `--config.electronVersion=${version}`,
        '--publish=never',
      ],
      options.output,
    )
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

const platformFlag = (): string =>
  process.platform === 'darwin' ? '--mac' : process.platform === 'win32' ? '--win' : '--linux'

// A list of hundreds of packages that are there twice, none of which is packaged.
const NOISE = /duplicate dependency references/

async function runElectronBuilder(args: readonly string[], output: PackageOptions['output']): Promise<void> {
  const command = join(root, 'node_modules/electron-builder/cli.js')
  const child = spawn(process.execPath, [command, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'close')
  const lines: string[] = []
  const take = (line: string) => {
    if (NOISE.test(line)) return
    lines.push(line)
    if (output === 'shown') console.log(line)
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take)
  const [code] = await exited
  if (code !== 0) throw new Error(`electron-builder failed with exit code ${code}\n${lines.join('\n')}`)
}

/** `npm run package`: the unpacked app for this platform, or the installers named. */
async function main(targets: readonly string[]): Promise<number> {
  const hasElectron = Boolean(await installedElectron()) || (await downloadElectron(console.log))
  if (!hasElectron && process.platform !== 'linux') {
    console.error(`Electron's binary is needed to package the app on this system, and cannot be downloaded.`)
    return 1
  }
  await bundle()
  const outputFolder = join(root, 'out/package')
  await packageApp({ targets, outputFolder, isPlaceholder: !hasElectron, output: 'shown' })
  console.log(`The result is in ${outputFolder}`)
  if (!hasElectron) {
    console.log(
      "Electron's binary was not to be had: what was made has a placeholder in its place and does not run.",
    )
  }
  return 0
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)))
