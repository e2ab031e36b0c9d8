// Type-checks every package, and the web app's GraphQL documents against schema.graphql.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name, folder = root) => join(folder, 'node_modules', '.bin', name)
let failed = 0

function check(title, command, args, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${title}`)
  if (status !== 0) failed++
}

check('web GraphQL types', bin('gql.tada', join(root, 'web')), ['generate-output'], join(root, 'web'))
for (const name of ['server', 'cli', 'lab', 'catalog', 'web', 'test'])
  check(`types of ${name}`, bin('tsc'), ['-p', name, '--noEmit'])
check('web GraphQL documents', bin('gql.tada', join(root, 'web')), ['check'], join(root, 'web'))
process.exit(failed ? 1 : 0)
