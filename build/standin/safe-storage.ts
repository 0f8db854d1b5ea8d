import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const MARK = Buffer.from('v10')
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Electron's `safeStorage`, with real encryption under a key kept in a file. The file stands where the operating
 * system's vault would be: it survives restarts and killed processes, and protects nothing from its owner.
 * `ADVISER_DESKTOP_STANDIN_VAULT` names the backend to report; `basic_text` is a computer that has none.
 */
export class SafeStorage {
  readonly #keyPath: () => string
  readonly #isReady: () => boolean
  readonly #vault: string
  #key: Buffer | undefined
  #usesPlainText = false

  constructor(keyPath: () => string, isReady: () => boolean, vault = 'gnome_libsecret') {
    this.#vault = vault
    this.#keyPath = keyPath
    this.#isReady = isReady
  }

  isEncryptionAvailable(): boolean {
    return this.#isReady() && (this.#vault !== 'basic_text' || this.#usesPlainText)
  }

  setUsePlainTextEncryption(usePlainText: boolean): void {
    this.#usesPlainText = usePlainText
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isEncryptionAvailable())
  }

  getSelectedStorageBackend(): string {
    return this.#isReady() ? this.#vault : 'unknown'
  }

  encryptString(plainText: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#readKey(), nonce)
    const text = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()])
    return Buffer.concat([MARK, nonce, cipher.getAuthTag(), text])
  }

  decryptString(encrypted: Buffer): string {
    const at = MARK.length + NONCE_BYTES
    if (!encrypted.subarray(0, MARK.length).equals(MARK)) {
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.')
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#readKey(), encrypted.subarray(MARK.length, at))
    decipher.setAuthTag(encrypted.subarray(at, at + TAG_BYTES))
    try {
      return decipher.update(encrypted.subarray(at + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch {
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.')
    }
  }

  async encryptStringAsync(plainText: string): Promise<Buffer> {
    return this.encryptString(plainText)
  }

  async decryptStringAsync(encrypted: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    return { result: this.decryptString(encrypted), shouldReEncrypt: false }
  }

  #readKey(): Buffer {
    if (!this.isEncryptionAvailable()) throw new Error('Error while encrypting: encryption is not available.')
    this.#key ??= this.#keyFromFile() ?? this.#newKey()
    return this.#key
  }

  #keyFromFile(): Buffer | undefined {
    try {
      return readFileSync(this.#keyPath())
    } catch {
      return undefined
    }
  }

  #newKey(): Buffer {
    const key = randomBytes(32)
    const path = this.#keyPath()
    mkdirSync(dirname(path), { recursive: true })
    // On disk before anything is encrypted with it: a lost key would be lost data.
    const file = openSync(`${path}.new`, 'w', 0o600)
    writeSync(file, key)
    fsyncSync(file)
    closeSync(file)
    renameSync(`${path}.new`, path)
    return key
  }
}
