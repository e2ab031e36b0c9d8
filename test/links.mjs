// Every relative link and image in our Markdown leads somewhere.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter(Boolean)
let broken = 0
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8').replace(/```[\s\S]*?```/g, '')
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|mailto:|#)/.test(target)) continue
    const path = join(root, dirname(file), target.split('#')[0])
    if (existsSync(path)) continue
    broken++
    console.error(`${file}: nothing at ${target}`)
  }
}
console.log(broken ? `${broken} broken links` : `links of ${files.length} documents are fine`)
process.exit(broken ? 1 : 0)
