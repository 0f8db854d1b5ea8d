/* Reading the parse tree of a condition. */

/** A node of the parse tree, as lezer-feel names it. */
export interface FeelNode {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly type: { readonly isError: boolean }
  readonly firstChild: FeelNode | null
  readonly nextSibling: FeelNode | null
  readonly parent: FeelNode | null
}

/** A name of an answer compared with a value written in the expression. */
export interface FeelComparison {
  readonly name: string
  readonly operator: string
  readonly literal: string | number | boolean
}

/** Roots of names with a dot: `council.binOutBy` is a fact, `tables.charge` a decision table. */
export const factsName = 'council'
export const tablesName = 'tables'
export const isRoot = (name: string) => name === factsName || name === tablesName

/** A step id where it stands in an expression. */
export const nameToken = /[a-z][a-z0-9]*(?:-[a-z0-9]+)*/g

/** Of a node, in order. */
export function children(node: FeelNode): readonly FeelNode[] {
  const found: FeelNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child)
  return found
}

export function pathName(path: FeelNode): FeelNode | null {
  return children(path).find((child) => child.name === 'PathName') ?? null
}

export function isRootPath(text: string, name: FeelNode): boolean {
  const owner = name.parent?.firstChild
  return owner !== null && owner !== undefined && isRoot(text.slice(owner.from, owner.to))
}

/** The hyphenated word around a position: `which-bnn` where the parser sees `which - bnn`. */
export function wholeName(text: string, at: number): string {
  for (const match of text.matchAll(nameToken)) {
    if (match.index <= at && at < match.index + match[0].length) return match[0]
  }
  return text.slice(at).split(/\s/)[0] ?? text
}

function literalOf(text: string, node: FeelNode): string | number | boolean | undefined {
  const words = text.slice(node.from, node.to)
  if (node.name === 'StringLiteral') return words.slice(1, -1)
  if (node.name === 'NumericLiteral') return Number(words)
  if (node.name === 'BooleanLiteral') return words === 'true'
  return undefined
}

/** Literals that a name is compared with at this node, for the checks to hold against the options. */
export function compared(text: string, node: FeelNode, inScope: Record<string, unknown>): FeelComparison[] {
  const call = node.name === 'FunctionInvocation' ? children(node) : null
  if (call === null && node.name !== 'Comparison') return []
  const parts =
    call === null
      ? children(node)
      : children(call.find((part) => part.name === 'PositionalParameters') ?? node)
  const name = parts.find((part) => part.name === 'VariableName')
  const owner = name === undefined ? '' : text.slice(name.from, name.to)
  if (!Object.hasOwn(inScope, owner) || isRoot(owner)) return []
  const operatorNode = parts.find((part) => ['CompareOp', 'in', 'between'].includes(part.name))
  const named = operatorNode ?? call?.[0]
  const operator = named === undefined ? '' : text.slice(named.from, named.to)
  const literals: (string | number | boolean)[] = []
  const collect = (part: FeelNode) => {
    const literal = literalOf(text, part)
    if (literal !== undefined) literals.push(literal)
    else if (/Unary|Parenthesized/.test(part.name)) for (const child of children(part)) collect(child)
  }
  for (const part of parts) collect(part)
  return literals.map((literal) => ({ name: owner, operator, literal }))
}
