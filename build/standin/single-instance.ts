import { randomUUID } from 'node:crypto'
import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface SecondInstance {
  readonly argv: string[]
  readonly workingDirectory: string
  readonly additionalData: unknown
}

/**
 * One instance per user data folder. The lock must be answered at once and must vanish with a killed process, which
 * SQLite's file lock does on every system; the later instance leaves its greeting in a folder the first one watches.
 */
export class SingleInstance {
  readonly #folder: string
  readonly #greet: (second: SecondInstance) => void
  #lock: DatabaseSync | undefined
  #watcher: FSWatcher | undefined

  constructor(userData: string, greet: (second: SecondInstance) => void) {
    this.#folder = join(userData, 'second-instances')
    this.#greet = greet
  }

  get isHeld(): boolean {
    return this.#lock !== undefined
  }

  /** False when another instance has it; that one has been told who asked. */
  request(asker: SecondInstance): boolean {
    if (this.#lock) return true
    mkdirSync(this.#folder, { recursive: true })
    const database = new DatabaseSync(join(this.#folder, 'lock'))
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    } catch {
      database.close()
      this.#leaveGreeting(asker)
      return false
    }
    this.#lock = database
    this.#watcher = watch(this.#folder, () => this.#readGreetings())
    this.#watcher.unref()
    return true
  }

  release(): void {
    this.#watcher?.close()
    this.#lock?.close()
    this.#lock = undefined
  }

  #leaveGreeting(asker: SecondInstance): void {
    const path = join(this.#folder, randomUUID())
    writeFileSync(path, JSON.stringify(asker))
    // Whole or not at all: the first instance reads as soon as the name it looks for is there.
    renameSync(path, `${path}.json`)
  }

  #readGreetings(): void {
    for (const name of readdirSync(this.#folder).filter((file) => file.endsWith('.json'))) {
      const path = join(this.#folder, name)
      const greeting = JSON.parse(readFileSync(path, 'utf8')) as SecondInstance
      rmSync(path)
      this.#greet(greeting)
    }
  }
}
