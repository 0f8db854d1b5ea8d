import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { type Finding, finding } from './finding.ts'

/** A YAML file as its editor sees it: what it says, and where. */
export interface ScriptFile {
  /** Undefined when the text cannot be read; then `findings` says why. */
  readonly content: unknown
  readonly findings: readonly PlacedFinding[]
  /**
   * Line of the place a path leads to, 1 for the first, as near as the file has it; without a path, of the step, or of
   * the step that included it when it came from a part; 1 when it is nowhere.
   */
  readonly lineOf: (stepId: string | null, path?: readonly (string | number)[]) => number
}

export interface PlacedFinding extends Finding {
  readonly line: number
}

/** A script is some hundred lines; more than this is not one. In characters. */
export const longestFile = 500_000

/** Reads one YAML document. Never throws; a file that is too long is not read at all. */
export function readScriptFile(text: string): ScriptFile {
  const nowhere = () => 1
  const refused = (problem: string, fix: string, line = 1): ScriptFile => ({
    content: undefined,
    findings: [{ ...finding(null, problem, fix), line }],
    lineOf: nowhere,
  })
  if (text.length > longestFile) {
    return refused(
      `The file is ${Math.ceil(text.length / 1000)} kB long. A script has at most ${longestFile / 1000} kB.`,
      'Split it into scripts for the parts of the service.',
    )
  }
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
    const [error] = document.errors
    if (error !== undefined) {
      const line = error.linePos?.[0].line ?? 1
      const twice = error.code === 'DUPLICATE_KEY'
      return refused(
        twice ? 'The same name stands twice here.' : `This is not YAML: ${firstSentence(error.message)}`,
        twice
          ? 'Rename one of the two.'
          : 'Look at the indentation, the colons and the quotes around this line.',
        line,
      )
    }
    const places = placesOf(document.contents, lines)
    // Aliases could make a small file into an endless one, and no script needs them.
    const content: unknown = document.toJS({ maxAliasCount: 0 })
    return {
      content,
      findings: [],
      lineOf: (stepId, path) => lineAt(document.contents, path ?? [], lines) ?? lineOf(places, stepId),
    }
  } catch {
    return refused(
      'The file uses YAML aliases, which scripts do not have.',
      'Write each text where it is needed.',
    )
  }
}

/** Lines of steps by id. */
function placesOf(contents: Node | null, lines: LineCounter): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  const steps = isMap(contents) ? contents.get('steps') : undefined
  if (!isMap(steps)) return places
  for (const { key } of steps.items) {
    if (isScalar(key) && key.range) places.set(String(key.value), lines.linePos(key.range[0]).line)
  }
  return places
}

/** Line of the last thing on the path that is there; null when nothing of it below the top is. */
function lineAt(
  contents: Node | null,
  path: readonly (string | number)[],
  lines: LineCounter,
): number | null {
  let node: unknown = contents
  let at: number | null = null
  for (const [depth, name] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      if (pair === undefined) break
      if (isScalar(pair.key) && pair.key.range && (depth > 0 || path.length === 1)) at = pair.key.range[0]
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(name)]
      if (!isNode(item)) break
      if (item.range) at = item.range[0]
      node = item
    } else break
  }
  return at === null ? null : lines.linePos(at).line
}

function lineOf(places: ReadonlyMap<string, number>, stepId: string | null): number {
  if (stepId === null) return 1
  const own = places.get(stepId)
  if (own !== undefined) return own
  const includes = [...places.keys()].filter((id) => stepId.startsWith(`${id}-`))
  const longest = includes.toSorted((a, b) => b.length - a.length)[0]
  return longest === undefined ? 1 : (places.get(longest) ?? 1)
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '.') ?? message
}
