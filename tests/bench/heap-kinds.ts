import type { CDPSession } from 'playwright-core'
import { takeSnapshot } from './heap-snapshot.ts'

/** What a heap snapshot is made of, in bytes. */
export interface HeapKinds {
  /** Byte code, machine code and what the engine learns of both: made as functions are used often, dropped when not. */
  readonly code: number
  /** Of the platform behind the page's objects. */
  readonly platform: number
  /** Objects, texts, arrays, functions: what a page that leaks has more and more of. */
  readonly data: number
}

/** Of the page's heap, after its garbage was collected. */
export async function heapKinds(devTools: CDPSession): Promise<HeapKinds> {
  const { snapshot, nodes } = await takeSnapshot(devTools)
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')]
  const kinds = { code: 0, platform: 0, data: 0 }
  for (let at = 0; at < nodes.length; at += fields.length) {
    const name = types[0][nodes[at + type] ?? 0]
    const kind = name === 'code' ? 'code' : name === 'native' ? 'platform' : 'data'
    kinds[kind] += nodes[at + size] ?? 0
  }
  return kinds
}
