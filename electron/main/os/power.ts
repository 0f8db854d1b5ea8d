import { powerMonitor } from 'electron'
import type { NoticeOf } from '#shared/contract/ipc.ts'

type What = NoticeOf<'power.changed'>['what']

export function watchPower(onChange: (what: What) => void): void {
  powerMonitor.on('suspend', () => onChange('suspended'))
  powerMonitor.on('resume', () => onChange('resumed'))
  powerMonitor.on('lock-screen', () => onChange('locked'))
  powerMonitor.on('unlock-screen', () => onChange('unlocked'))
}
