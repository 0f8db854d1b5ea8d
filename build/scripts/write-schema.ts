import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { libraryFolder } from './library-files.ts'
import { schemaText } from './schema.ts'

/** `npm run scripts:schema`: the format as JSON Schema, beside the scripts, where editors find it. */
const file = join(libraryFolder, 'script.schema.json')
writeFileSync(file, schemaText())
console.log(relative(process.cwd(), file))
