import { lint, rules } from './lint.ts'
import { problemText } from './problem.ts'

const usage = `Usage: pnpm catalog lint [ENTRY…]   check the catalog, or only these entries
       pnpm catalog rules           list what is checked
`

async function check(names: string[]): Promise<number> {
  const all = await lint()
  const problems = all.filter(({ file }) => names.length === 0 || file.split('/').some((part) => names.includes(part)))
  for (const problem of problems) console.error(problemText(problem))
  if (problems.length > 0) console.error(`\n${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`)
  else console.log(`The catalog keeps all ${rules.length} rules.`)
  return problems.length > 0 ? 1 : 0
}

async function main([command, ...names]: string[]): Promise<number> {
  if (command === 'lint') return check(names)
  if (command === 'rules' && names.length === 0) {
    for (const { name, about } of rules) console.log(`${name.padEnd(26)} ${about}`)
    return 0
  }
  process.stderr.write(usage)
  return 2
}

process.exitCode = await main(process.argv.slice(2))
