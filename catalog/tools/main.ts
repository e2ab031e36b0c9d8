import { manifestFile } from './entries.ts'
import { judge, readWorld, rules } from './lint.ts'
import { type Problem, problemText } from './problem.ts'
import { scenarios } from './scenarios.ts'
import type { World } from './world.ts'

const usage = `Usage: pnpm catalog lint [ENTRY…]   check the catalog, or only these entries
       pnpm catalog rules           list what is checked
`

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`

/** What was looked at, for the line that says all is well. */
function summary({ sources, builds }: World, names: string[]): string {
  const looked = sources.filter(({ name }) => names.length === 0 || names.includes(name))
  const folders = new Set(looked.map(({ folder }) => `${folder}/manifest.yaml`))
  const built = builds.filter(({ entry }) => folders.has(manifestFile(entry.source)))
  return [
    count(looked.filter(({ kind }) => kind === 'service').length, 'service'),
    count(looked.filter(({ kind }) => kind === 'app').length, 'app'),
    `${count(built.flatMap(({ objects }) => objects).length, 'object')} in ${count(scenarios.length, 'instance')}`,
  ].join(', ')
}

async function check(names: string[]): Promise<number> {
  const world = await readWorld()
  const unknown = names.filter((name) => !world.sources.some((source) => source.name === name))
  if (unknown.length > 0) {
    console.error(`The catalog has no entry ${unknown.join(', ')}.`)
    return 2
  }
  const folders = world.sources.filter(({ name }) => names.includes(name)).map(({ folder }) => `${folder}/`)
  const isAskedFor = ({ file }: Problem) => names.length === 0 || folders.some((folder) => file.startsWith(folder))
  const problems = judge(world).filter(isAskedFor)
  for (const problem of problems) console.error(problemText(problem))
  if (problems.length > 0) return 1
  console.log(`The catalog keeps all ${rules.length} rules: ${summary(world, names)}.`)
  return 0
}

async function main([command, ...names]: string[]): Promise<number> {
  if (command === 'lint') return check(names)
  if (command === 'rules' && names.length === 0) {
    for (const { name, about } of rules) console.log(`${name.padEnd(28)} ${about}`)
    return 0
  }
  process.stderr.write(usage)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
