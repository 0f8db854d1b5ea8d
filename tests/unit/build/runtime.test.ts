import { describe, expect, it } from 'vitest'
import { type Choice, chooseRuntime, type Machine, readRuntimeName } from '#build/start/runtime.ts'
import { err, ok } from '#shared/kernel/result.ts'

interface FakeMachine extends Machine {
  readonly done: string[]
}

/** A machine with nothing on it and no network, but for what a test gives it. */
function fakeMachine(given: {
  electron?: 'installed' | 'downloadable' | 'broken'
  browser?: 'installed' | 'installable'
}): FakeMachine {
  const done: string[] = []
  let hasElectron = given.electron === 'installed' || given.electron === 'broken'
  let hasBrowser = given.browser === 'installed'
  return {
    done,
    installedElectron: async () => (hasElectron ? '/electron' : undefined),
    whyElectronFails: () => (given.electron === 'broken' ? 'libnss3.so is missing' : undefined),
    downloadElectron: async () => {
      done.push('download electron')
      hasElectron = given.electron === 'downloadable'
      return hasElectron
    },
    forgetFailedDownload: () => done.push('forget the failure'),
    findBrowser: async () => (hasBrowser ? '/chromium' : undefined),
    ensureDebianPackages: async (packages) => {
      done.push(`install ${packages}`)
      if (given.browser !== 'installable') return err({ packages, command: 'sudo apt-get install chromium' })
      hasBrowser = true
      return ok(undefined)
    },
  }
}

const choice = (over: Partial<Choice> = {}): Choice => ({
  only: undefined,
  mayInstall: true,
  say: () => {},
  ...over,
})

describe('choosing the runtime', () => {
  it('takes Electron when its binary is there, without a download', async () => {
    const machine = fakeMachine({ electron: 'installed', browser: 'installed' })
    expect(await chooseRuntime(choice(), machine)).toMatchObject({
      ok: true,
      value: { name: 'electron', executable: '/electron', why: 'its binary is here' },
    })
    expect(machine.done).toEqual([])
  })

  it('takes Electron when its binary can be downloaded', async () => {
    const machine = fakeMachine({ electron: 'downloadable', browser: 'installed' })
    expect(await chooseRuntime(choice(), machine)).toMatchObject({ ok: true, value: { name: 'electron' } })
  })

  it('takes the installed browser through the stand-in otherwise, and says why', async () => {
    const machine = fakeMachine({ browser: 'installed' })
    expect(await chooseRuntime(choice(), machine)).toMatchObject({
      ok: true,
      value: { name: 'stand-in', why: 'on /chromium, because Electron has no binary here' },
    })
    expect(machine.done).toEqual(['download electron'])
  })

  it('takes the browser when the Electron binary does not run', async () => {
    const machine = fakeMachine({ electron: 'broken', browser: 'installed' })
    const chosen = await chooseRuntime(choice(), machine)
    expect(chosen).toMatchObject({ ok: true, value: { name: 'stand-in' } })
    expect(chosen.ok && chosen.value.why).toContain('libnss3.so is missing')
  })

  it('installs Chromium where there is none', async () => {
    const machine = fakeMachine({ browser: 'installable' })
    expect(await chooseRuntime(choice(), machine)).toMatchObject({ ok: true, value: { name: 'stand-in' } })
    expect(machine.done).toEqual(['download electron', 'install chromium'])
  })

  it('names the one command to run where nothing may be installed', async () => {
    const chosen = await chooseRuntime(choice(), fakeMachine({}))
    expect(chosen.ok ? '' : chosen.error).toContain('\n  sudo apt-get install chromium')
  })

  it('neither downloads nor installs when it may not', async () => {
    const machine = fakeMachine({ electron: 'downloadable', browser: 'installable' })
    expect(await chooseRuntime(choice({ mayInstall: false }), machine)).toMatchObject({ ok: false })
    expect(machine.done).toEqual([])
  })

  it('takes no other runtime than the one asked for', async () => {
    const machine = fakeMachine({ browser: 'installed' })
    expect(await chooseRuntime(choice({ only: 'electron' }), machine)).toMatchObject({ ok: false })
    expect(machine.done).toEqual(['forget the failure', 'download electron'])
    const both = fakeMachine({ electron: 'installed', browser: 'installed' })
    expect(await chooseRuntime(choice({ only: 'stand-in' }), both)).toMatchObject({
      ok: true,
      value: { name: 'stand-in' },
    })
  })

  it('refuses a name it does not know', () => {
    expect(readRuntimeName('chrome')).toEqual(
      err('No runtime is called "chrome": it is electron or stand-in.'),
    )
    expect(readRuntimeName(undefined)).toEqual(ok(undefined))
    expect(readRuntimeName('stand-in')).toEqual(ok('stand-in'))
  })
})
