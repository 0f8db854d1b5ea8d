import type { CDPSession } from 'playwright-core'

/** A heap as V8 writes it: numbers in rows, of nodes and of the edges between them, and the texts that they name. */
export interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[]
      readonly node_types: readonly [readonly string[], ...unknown[]]
      readonly edge_fields: readonly string[]
      readonly edge_types: readonly [readonly string[], ...unknown[]]
    }
  }
  readonly nodes: readonly number[]
  readonly edges: readonly number[]
  readonly strings: readonly string[]
}

/** Takes a snapshot of the page's heap, which collects its garbage first. */
export async function takeSnapshot(devTools: CDPSession): Promise<HeapSnapshot> {
  const chunks: string[] = []
  const take = ({ chunk }: { chunk: string }) => chunks.push(chunk)
  devTools.on('HeapProfiler.addHeapSnapshotChunk', take)
  await devTools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devTools.off('HeapProfiler.addHeapSnapshotChunk', take)
  return JSON.parse(chunks.join('')) as HeapSnapshot
}

/**
 * Names of the platform's own objects that the page holds. What hangs by an edge from a persistent root of the platform
 * whose name `isPlatforms` knows, and by nothing else, is left out.
 */
export function heldByPage(heap: HeapSnapshot, isPlatforms: (edge: string) => boolean): readonly string[] {
  const { node_fields, node_types, edge_fields, edge_types } = heap.snapshot.meta
  const { nodes, edges, strings } = heap
  const [type, nodeName, id, edgeCount] = ['type', 'name', 'id', 'edge_count'].map((each) =>
    node_fields.indexOf(each),
  )
  const [edgeType, edgeName, to] = ['type', 'name_or_index', 'to_node'].map((each) =>
    edge_fields.indexOf(each),
  )
  const node = (at: number, field = 0) => nodes[at + field] ?? 0
  const edge = (at: number, field = 0) => edges[at + field] ?? 0

  const firstEdge = new Map<number, number>()
  let passed = 0
  for (let at = 0; at < nodes.length; at += node_fields.length) {
    firstEdge.set(at, passed)
    passed += node(at, edgeCount) * edge_fields.length
  }

  const reached = new Set([0])
  const held: string[] = []
  for (const at of reached) {
    const nameHere = strings[node(at, nodeName)] ?? ''
    if (node_types[0][node(at, type)] === 'native') held.push(nameHere)
    const isRoots = nameHere === 'C++ Persistent roots'
    const from = firstEdge.get(at) ?? 0
    const end = from + node(at, edgeCount) * edge_fields.length
    for (let next = from; next < end; next += edge_fields.length) {
      if (edge_types[0][edge(next, edgeType)] === 'weak') continue
      if (edge_types[0][edge(next, edgeType)] === 'internal') {
        const name = strings[edge(next, edgeName)] ?? ''
        if (isRoots && isPlatforms(name)) continue
        // A value in a WeakMap lives by its key, though the table has an edge to it too.
        const key = /^\d+ \/ part of key \(.*@(\d+)\) -> value/.exec(name)
        if (key && Number(key[1]) !== node(at, id)) continue
      }
      reached.add(edge(next, to))
    }
  }
  return held
}
