import { FakeCaseStore, FakeDisk } from '#tests/support/fake-case-store.ts'
import { describeCaseStore } from './case-store-suite.ts'

const disks = new Map<string, FakeDisk>()

function diskOf(name: string): FakeDisk {
  const disk = disks.get(name) ?? new FakeDisk()
  disks.set(name, disk)
  return disk
}

describeCaseStore('the in-memory case store of tests', {
  start: async () => disks.clear(),
  stop: async () => disks.clear(),
  store: async (name) => new FakeCaseStore(diskOf(name)),
  lose: async (name) => diskOf(name).wipe(),
})
