import { utilityProcess } from 'electron'
import type { PracticeChild } from '../practice-process.ts'

/** Starts the bundled practice process. */
export function forkPractice(entry: string, isPackaged: boolean): PracticeChild {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Adviser Desktop practice',
    stdio: isPackaged ? 'ignore' : 'inherit',
  })
  return {
    post: (command) => child.postMessage(command),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill(),
  }
}
