import { describe, expect, it } from 'vitest'
import { type Debian, ensureDebianPackages } from '#build/start/ensure.ts'

/** Debian with the given packages; each call of apt takes the next of `ends`. */
function fakeDebian(installed: string[], ends: number[], over: Partial<Debian> = {}) {
  const commands: string[] = []
  const debian: Debian = {
    here: true,
    installed: (name) => installed.includes(name),
    installer: () => 'root',
    apt: async (args) => {
      commands.push(args.join(' '))
      return { code: ends.shift() ?? 0, errors: 'E: Unable to locate package' }
    },
    ...over,
  }
  return { debian, commands }
}

const silent = () => {}

describe('ensuring Debian packages', () => {
  it('does nothing when they are there', async () => {
    const { debian, commands } = fakeDebian(['chromium', 'xvfb'], [])
    expect((await ensureDebianPackages(['chromium', 'xvfb'], silent, debian)).ok).toBe(true)
    expect(commands).toEqual([])
  })

  it('installs only what is missing, without bringing the lists up to date', async () => {
    const { debian, commands } = fakeDebian(['chromium'], [0])
    expect((await ensureDebianPackages(['chromium', 'xvfb'], silent, debian)).ok).toBe(true)
    expect(commands).toEqual(['install -y --no-install-recommends xvfb'])
  })

  it('brings the lists up to date once when the first try fails', async () => {
    const said: string[] = []
    const { debian, commands } = fakeDebian([], [100, 0, 0])
    expect((await ensureDebianPackages(['xvfb'], (line) => said.push(line), debian)).ok).toBe(true)
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['install', 'update', 'install'])
    expect(said.join('\n')).not.toContain('Unable to locate')
  })

  it('tells the command to run, and what apt said, when it fails for good', async () => {
    const said: string[] = []
    const { debian } = fakeDebian([], [100, 0, 100])
    expect(await ensureDebianPackages(['xvfb'], (line) => said.push(line), debian)).toEqual({
      ok: false,
      error: {
        packages: ['xvfb'],
        command: 'apt-get update && apt-get install -y --no-install-recommends xvfb',
      },
    })
    expect(said.at(-1)).toBe('E: Unable to locate package')
  })

  it('asks for the command to be run by someone who may, when this user may not', async () => {
    const { debian, commands } = fakeDebian([], [], { installer: () => 'none' })
    const answer = await ensureDebianPackages(['chromium'], silent, debian)
    expect(answer.ok ? '' : answer.error.command).toMatch(/^sudo sh -c '.*install.* chromium'$/)
    expect(commands).toEqual([])
  })

  it('leaves other systems to their own package manager', async () => {
    const { debian } = fakeDebian([], [], { here: false })
    expect((await ensureDebianPackages(['chromium'], silent, debian)).ok).toBe(false)
  })
})
