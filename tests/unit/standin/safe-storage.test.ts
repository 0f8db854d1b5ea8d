import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SafeStorage } from '#build/standin/safe-storage.ts'

const newKeyPath = () => join(mkdtempSync(join(tmpdir(), 'safe-storage-')), 'vault-key')
const storageAt = (keyPath: string, isReady = true, vault?: string) =>
  new SafeStorage(
    () => keyPath,
    () => isReady,
    vault,
  )

describe('SafeStorage', () => {
  it('gives back what it encrypted, after a restart too', () => {
    const keyPath = newKeyPath()
    const encrypted = storageAt(keyPath).encryptString('01632 960142')
    expect(encrypted.includes('960142')).toBe(false)
    expect(storageAt(keyPath).decryptString(encrypted)).toBe('01632 960142')
  })

  it('refuses what was changed, and what another key encrypted', () => {
    const storage = storageAt(newKeyPath())
    const changed = storage.encryptString('sesame')
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
    expect(() => storage.decryptString(changed)).toThrow('Error while decrypting')
    const foreign = storageAt(newKeyPath()).encryptString('sesame')
    expect(() => storage.decryptString(foreign)).toThrow('Error while decrypting')
  })

  it('is not available before the app is ready', () => {
    const storage = storageAt(newKeyPath(), false)
    expect(storage.isEncryptionAvailable()).toBe(false)
    expect(() => storage.encryptString('sesame')).toThrow('not available')
  })

  it('needs the app to accept plain text where the computer has no vault', () => {
    const storage = storageAt(newKeyPath(), true, 'basic_text')
    expect(storage.isEncryptionAvailable()).toBe(false)
    storage.setUsePlainTextEncryption(true)
    expect(storage.isEncryptionAvailable()).toBe(true)
    expect(storage.getSelectedStorageBackend()).toBe('basic_text')
  })
})
