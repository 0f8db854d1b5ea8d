import { createConfig, lintFromString } from '@redocly/openapi-core'
import { createApp } from '#electron/practice/council/http/app.ts'
import type { Services } from '#electron/practice/council/http/environment.ts'
import { type OpenApiDocument, openApiDocument } from '#electron/practice/council/http/openapi.ts'
import { systemClock } from '#electron/practice/node-ports.ts'

/** Routes are described when they are made; none is asked here, so nothing stands behind them. */
export const makeApp = () => createApp({ clock: systemClock } as Services)

export const makeOpenApi = (): OpenApiDocument => openApiDocument(makeApp())

/** One line for each thing that is wrong. */
export async function lintOpenApi(document: OpenApiDocument): Promise<readonly string[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'info-license': 'off',
      'no-server-example.com': 'off',
      // Signing in and out answers with the failures of RFC 6749.
      'operation-4xx-response': 'error',
      'operation-summary': 'error',
      'no-ambiguous-paths': 'off',
    },
  })
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'council.json',
    config,
  })
  return problems.map(({ message, ruleId, location }) => {
    const pointers = location.map((place) => ('pointer' in place ? place.pointer : '')).join(' ')
    return `${ruleId} ${pointers}: ${message}`
  })
}
