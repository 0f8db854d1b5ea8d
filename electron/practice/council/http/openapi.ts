import { versions } from '#shared/contract/versions.ts'
import type { CouncilApp } from './environment.ts'
import { allProblems } from './problems.ts'

/* The contract as OpenAPI 3.1, made from the same schemas that requests are checked with. */

const description = `What a desk and a council's backend say to each other. Times are ISO 8601, telephone numbers E.164.

Failures are RFC 9457 problems, except where RFC 6749 has its own. \`code\` says which:

| code | status | meaning |
|---|---|---|
${allProblems()
  .map(({ code, status, title }) => `| \`${code}\` | ${status} | ${title} |`)
  .join('\n')}
`

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Council backend of Adviser Desktop',
    version: String(versions.rest),
    description,
  },
  servers: [{ url: '/', description: 'Where the council says that it is' }],
}

interface Operation {
  operationId?: string
}

export type OpenApiDocument = ReturnType<CouncilApp['getOpenAPI31Document']>

/** Every route that was described to the app. */
export function openApiDocument(app: CouncilApp): OpenApiDocument {
  const document = app.getOpenAPI31Document(about)
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      operation.operationId = [method, ...path.split(/\W+/)].filter((word) => word !== '').join('-')
    }
  }
  return document
}
