import { type Found, find, findAll } from './find.ts'
import { get } from './get.ts'

const usage = `pnpm tools [--get] [NAME…]
Shows the programs the product is held against: where they are, their versions, how to get what is missing.
--get installs what can be had by name, into a cache outside the repository. A second call does nothing.`

function how({ source, byHand }: Found['tool']): string {
  if (source.go) return 'pnpm tools --get (needs Go or the internet)'
  if (source.debian) return `pnpm tools --get (Debian package ${source.debian}, needs root)`
  return source.release ? 'pnpm tools --get (needs the internet)' : byHand
}

function show(found: Found): void {
  const { tool, path, version, trouble } = found
  const state = path ? (trouble ? `${path} ${trouble}` : `${version}  ${path}`) : `missing. ${how(tool)}`
  console.log(`${tool.name.padEnd(15)} ${tool.for.padEnd(52)} ${state}`)
}

const args = process.argv.slice(2)
const names = args.filter((arg) => !arg.startsWith('--'))
const wantsGet = args.includes('--get')
const all = await findAll()
const unknown = [
  ...names.filter((name) => !all.some(({ tool }) => tool.name === name)),
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--get' && arg !== '--help'),
]
if (unknown.length || args.includes('--help')) {
  console.log(usage)
  if (unknown.length)
    console.error(`Unknown: ${unknown.join(', ')}. Tools: ${all.map(({ tool }) => tool.name).join(', ')}`)
  process.exit(unknown.length ? 2 : 0)
}
for (const found of all) {
  if (names.length && !names.includes(found.tool.name)) continue
  const { source } = found.tool
  if (!wantsGet || (found.path && !found.trouble) || !(source.go || source.debian || source.release)) {
    show(found)
    continue
  }
  console.log(`${found.tool.name.padEnd(15)} getting it…`)
  try {
    await get(found.tool)
    show(await find(found.tool))
  } catch (error) {
    console.log(`${found.tool.name.padEnd(15)} not to be had here: ${(error as Error).message}`)
    if (found.tool.promised) process.exitCode = 1
  }
}
