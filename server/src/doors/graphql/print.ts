import { readFileSync, writeFileSync } from 'node:fs'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './schema.ts'

// `pnpm schema` writes schema.graphql; `pnpm schema --check` fails when it differs from the code.
const file = new URL('../../../../schema.graphql', import.meta.url)
const text = `${printSchema(lexicographicSortSchema(schema))}\n`

if (process.argv.includes('--check')) {
  const current = (() => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  })()
  if (current !== text) {
    console.error('schema.graphql differs from the code. Run: pnpm schema')
    process.exit(1)
  }
  console.log('schema.graphql is up to date')
} else {
  writeFileSync(file, text)
}
