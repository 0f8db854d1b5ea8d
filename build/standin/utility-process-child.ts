import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

/** `process.parentPort` of a utility process. Messages wait until somebody listens, as on any MessagePort. */
class ParentPort extends EventEmitter {
  #waiting: unknown[] | undefined = []

  constructor() {
    super()
    process.on('message', (data) => {
      if (this.#waiting) this.#waiting.push(data)
      else this.emit('message', { data, ports: [] })
    })
    this.on('newListener', (event) => {
      if (event === 'message') queueMicrotask(() => this.start())
    })
  }

  postMessage(message: unknown): void {
    process.send?.(message)
  }

  start(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const data of waiting) this.emit('message', { data, ports: [] })
  }
}

// However the parent ends, its utility processes do not outlive it.
process.once('disconnect', () => process.exit(0))
Object.defineProperty(process, 'type', { value: 'utility' })
Object.defineProperty(process, 'parentPort', { value: new ParentPort() })

const [node = '', , modulePath = '', ...args] = process.argv
process.argv = [node, modulePath, ...args]
await import(pathToFileURL(modulePath).href)
