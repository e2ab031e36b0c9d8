import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { parse, stringify } from 'yaml'
import { createYamlFile } from '../../../server/src/platform/yaml-file.ts'
import { formatYamlPath, type PathSegment, valueAt } from '../../../server/src/platform/yaml-path.ts'
import { pick, seed } from '../../depth.ts'
import { temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'

const run = promisify(execFile)
const documents = pick({ quick: 40, ci: 150, full: 1_000 })

const key = fc.constantFrom('name', 'a', 'b-c', 'with.dot', '192.168.1.9', 'Ä', 'x y')
const leaf = fc.oneof(
  fc.constantFrom('plain', 'two words', 'true', '010', 'null', '', '1.50', '#no comment', 'a: b'),
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.boolean(),
)
const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.dictionary(
    key,
    fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, fc.array(leaf, { maxLength: 3 }), tie('tree')),
    { minKeys: 1, maxKeys: 4 },
  ) as never,
}))

/** A path below which something is, most of the time. */
function pathIn(root: unknown, choose: number[]): PathSegment[] {
  const path: PathSegment[] = []
  let value = root
  for (const number of choose) {
    if (typeof value !== 'object' || value === null) break
    const keys: PathSegment[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value)
    if (keys.length === 0) break
    const segment = keys[number % keys.length]!
    path.push(segment)
    value = (value as Record<PathSegment, unknown>)[segment]
  }
  return path
}

/** The same path in yq's own writing. */
function yqPath(path: PathSegment[]): string {
  return path.map((segment) => (typeof segment === 'number' ? `[${segment}]` : `[${JSON.stringify(segment)}]`)).join('')
}

/** Values read, set and deleted in random documents: ours and yq's are the same. */
export const yamlPathSuite: Suite = {
  title: 'get, set and delete in random documents',
  needs: ['yq'],
  async run(tools) {
    const result = outcome()
    const folder = temporaryFolder('contract')
    const [ours, theirs] = [join(folder.path, 'ours.yaml'), join(folder.path, 'theirs.yaml')]
    const yq = async (...args: string[]) => (await run(tools.get('yq')!, args)).stdout
    const samples = fc.sample(
      fc.record({ tree, choose: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), value: leaf }),
      { numRuns: documents, seed: seed() },
    )
    for (const sample of samples) {
      const path = pathIn(sample.tree, sample.choose)
      const what = `${formatYamlPath(path)} in ${JSON.stringify(sample.tree)}`
      const text = stringify(sample.tree, { version: '1.2' })
      for (const file of [ours, theirs]) writeFileSync(file, text)
      const read = await yq('-o=json', `.${yqPath(path)}`, theirs)
      result.same(`get ${what}`, valueAt(parse(text), path), JSON.parse(read))
      await createYamlFile(ours, 'ours.yaml').change([{ path, value: sample.value }])
      await yq('-i', `.${yqPath(path)} = ${JSON.stringify(sample.value)}`, theirs)
      result.same(`set ${what} to ${JSON.stringify(sample.value)}`, ...(await both(ours, theirs, yq)))
      await createYamlFile(ours, 'ours.yaml').change([{ path, value: undefined }])
      await yq('-i', `del(.${yqPath(path)})`, theirs)
      result.same(`delete ${what}`, ...(await both(ours, theirs, yq)))
    }
    folder.remove()
    return result
  },
}

/** Both files as yq reads them: what we wrote must mean the same to others. */
async function both(ours: string, theirs: string, yq: (...args: string[]) => Promise<string>) {
  const [one, other] = await Promise.all([ours, theirs].map((file) => yq('-o=json', '.', file)))
  const read = (text: string | undefined, file: string) =>
    text?.trim() ? JSON.parse(text) : readFileSync(file, 'utf8')
  return [read(one, ours), read(other, theirs)] as const
}
