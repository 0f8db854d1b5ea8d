import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lintOpenApi, makeOpenApi } from './openapi-document.ts'

/* `npm run openapi`: writes the council's contract as OpenAPI 3.1 and says what is wrong with it. */

const folder = join(import.meta.dirname, '../../out/openapi')
const file = join(folder, 'council.json')

const document = makeOpenApi()
mkdirSync(folder, { recursive: true })
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
const findings = await lintOpenApi(document)
for (const finding of findings) console.error(finding)
console.log(
  `out/openapi/council.json: ${Object.keys(document.paths ?? {}).length} addresses, ${findings.length} findings`,
)
process.exitCode = findings.length === 0 ? 0 : 1
