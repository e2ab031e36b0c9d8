import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { readWorld } from '../../../catalog/tools/lint.ts'
import { temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'

const run = promisify(execFile)

/** Objects in an order and with keys in an order that do not depend on who built them. */
function canonical(objects: unknown[]): unknown {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    )
  }
  return objects
    .map((object) => JSON.stringify(sorted(object)))
    .sort()
    .map((text) => JSON.parse(text))
}

const parse = (text: string) => parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS())

function suite(title: string, needs: string, args: string[]): Suite {
  return {
    title,
    needs: [needs],
    async run(tools) {
      const result = outcome()
      const { builds } = await readWorld()
      for (const build of builds.filter(({ files }) => files.size > 0)) {
        const folder = temporaryFolder('contract')
        for (const [path, text] of build.files) {
          mkdirSync(dirname(join(folder.path, path)), { recursive: true })
          writeFileSync(join(folder.path, path), text)
        }
        const { stdout } = await run(tools.get(needs)!, [...args, folder.path], { maxBuffer: 1e8 })
        const ours = canonical(build.objects.map(({ object }) => object)) as unknown[]
        const theirs = canonical(parse(stdout)) as unknown[]
        const what = `${build.entry.manifest.name}${build.part && `/${build.part}`} for ${build.scenario.name}`
        result.same(`${what}, number of objects`, ours.length, theirs.length)
        for (const [index, object] of ours.entries()) result.same(`${what}, object ${index}`, object, theirs[index])
        folder.remove()
      }
      return result
    },
  }
}

/** Every catalog entry for every kind of instance: the lab's build and the real ones give the same objects. */
export const kustomizeSuites: Suite[] = [
  suite('catalog entries, kustomize build', 'kustomize', ['build']),
  suite('catalog entries, kubectl kustomize', 'kubectl', ['kustomize']),
]
