import { describe, expect, it } from 'vitest'
import { lintOpenApi, makeApp, makeOpenApi } from '#build/scripts/openapi-document.ts'
import { allProblems } from '#electron/practice/council/http/problems.ts'

interface Operation {
  readonly summary?: string
  readonly operationId?: string
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

const document = makeOpenApi()
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    route: `${method.toUpperCase()} ${path}`,
    operation,
  })),
)

describe('the contract as OpenAPI', () => {
  it('is found right by the linter', async () => {
    expect(document.openapi).toBe('3.1.0')
    expect(await lintOpenApi(document)).toEqual([])
  })

  it('makes the linter speak up where something is missing', async () => {
    const broken = structuredClone(document)
    const operation = broken.paths?.['/v1/me']?.get
    delete operation?.summary
    expect(await lintOpenApi(broken)).toEqual([expect.stringContaining('operation-summary')])
  })

  it('describes every route that is answered', () => {
    const answered = makeApp()
      .routes.filter(({ method, path }) => method !== 'ALL' && path !== '/v1/openapi.json')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
    expect(operations.map(({ route }) => route).sort()).toEqual([...new Set(answered)].sort())
  })

  it.each(operations)('$route says what it does and what may go wrong', ({ route, operation }) => {
    expect(operation.summary).toMatch(/^[A-Z][^.]*$/)
    const failures = Object.keys(operation.responses).filter((status) => !/^[23]/.test(status))
    const expected = route.includes('/oauth/') ? ['400'] : ['401', '422', '429', 'default']
    expect(failures).toEqual(expect.arrayContaining(expected))
  })

  it('lists every code of a failure', () => {
    for (const { code, title } of allProblems()) {
      expect(document.info.description).toContain(`\`${code}\``)
      expect(document.info.description).toContain(title)
    }
  })
})
